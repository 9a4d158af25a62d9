"""Which plugins a plugin needs, and in which order they load.

A dependency names a plugin or, when no plugin has that name, a module; `std.` names the standard library, whose version is
that of ALaS. There is one plugin for each name, so nothing has to be chosen; the question is whether all fits together.
"""

import dataclasses
from collections import deque
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from alas_registry._discovery import Catalog
from alas_registry._errors import (
    DependencyCycleError,
    DependencyError,
    DependencyInvalidError,
    DependencyVersionError,
    EngineVersionError,
    InvalidPluginError,
    PluginNotFoundError,
)
from alas_registry._plugin import Plugin
from alas_registry._trace import LOGGER, shown

if TYPE_CHECKING:
    from alas_manifest import Dependency, Manifest, Version


@dataclasses.dataclass(frozen=True, slots=True)
class Resolver:
    """Answers what a plugin needs.

    Attributes:
        catalog: the plugins that were found.
        alas_version: the version of ALaS; None when nobody said, and then every range contains it.
        loaded: the names of the plugins that are loaded, in lower case; what they need is there.
    """

    catalog: Catalog
    alas_version: "Version | None"
    loaded: Collection[str] = ()

    def order(self, plugin: Plugin) -> list[Plugin]:
        """Return a plugin and all that it needs and that is not loaded, each after what it needs itself.

        Args:
            plugin: the plugin to load.

        Returns:
            The plugins in the order of loading, `plugin` last; none when it is loaded.

        Raises:
            DependencyError: something is missing, broken, of the wrong version, or needs itself. The chain in the error
                is the shortest that leads there.
            InvalidPluginError: the plugin itself has errors.
        """
        self._check_reachable(plugin)
        return self._sort(plugin)

    def direct(self, plugin: Plugin) -> list[Plugin]:
        """Return the plugins that a plugin names as its dependencies, without checking them."""
        found = [
            self._find(dependency)
            for dependency in manifest_of(plugin).dependencies
            if not dependency.is_standard
        ]
        return [one for one in found if one is not None]

    def _find(self, dependency: "Dependency") -> Plugin | None:
        return self.catalog.by_name(dependency.name) or self.catalog.by_module(dependency.name)

    # --- Checking, breadth first, so that the first problem found is the one with the shortest chain ---

    def _check_reachable(self, start: Plugin) -> None:
        chains: dict[str, tuple[str, ...]] = {start.name.casefold(): (start.name,)}
        waiting = deque([start])
        while waiting:
            plugin = waiting.popleft()
            chain = chains[plugin.name.casefold()]
            if plugin.name.casefold() in self.loaded:
                continue
            self._check_engine(plugin, chain)
            for dependency in manifest_of(plugin).dependencies:
                if dependency.is_standard:
                    self._check_standard(plugin, dependency, chain)
                    continue
                needed = self._checked(plugin, dependency, chain)
                if needed.name.casefold() not in chains:
                    chains[needed.name.casefold()] = (*chain, needed.name)
                    waiting.append(needed)

    def _check_engine(self, plugin: Plugin, chain: tuple[str, ...]) -> None:
        wanted = manifest_of(plugin).alas_version
        if self.alas_version is None or wanted.contains(self.alas_version):
            return
        raise EngineVersionError(
            f"plugin `{plugin.name}` in {plugin.folder} works with ALaS {wanted}, but this is ALaS {self.alas_version}"
            f"{_as_chain(chain)}; install another version of the plugin or of ALaS",
            plugin=chain[0],
            chain=(*chain, "alas"),
        )

    def _check_standard(self, plugin: Plugin, dependency: "Dependency", chain: tuple[str, ...]) -> None:
        if self.alas_version is None or dependency.accepts(self.alas_version):
            return
        raise DependencyVersionError(
            f"plugin `{plugin.name}` in {plugin.folder} needs {dependency}, but the standard library is that of ALaS "
            f"{self.alas_version}{_as_chain(chain)}; install another version of the plugin or of ALaS",
            plugin=chain[0],
            chain=(*chain, dependency.name),
        )

    def _checked(self, plugin: Plugin, dependency: "Dependency", chain: tuple[str, ...]) -> Plugin:
        needed = self._find(dependency)
        needs = f"plugin `{plugin.name}` in {plugin.folder} needs {dependency}"
        longer = (*chain, dependency.name)
        if needed is None:
            raise DependencyError(
                f"{needs}, but no plugin and no module has this name{_as_chain(longer)}; "
                f"{advise_name(dependency.name, self.catalog)}",
                plugin=chain[0],
                chain=longer,
            )
        if needed.manifest is None:
            raise DependencyInvalidError(
                f"{needs}, but the plugin in {needed.folder} has errors{_as_chain(longer)}; the first is: "
                f"{first_error(needed)}",
                plugin=chain[0],
                chain=longer,
            )
        if not dependency.accepts(needed.manifest.version):
            raise DependencyVersionError(
                f"{needs}, but the plugin in {needed.folder} is version {needed.manifest.version}{_as_chain(longer)}; "
                "install a version that fits",
                plugin=chain[0],
                chain=longer,
            )
        LOGGER.debug(
            "%s needs %s: chose %s %s in %s",
            shown(plugin.name),
            dependency,
            shown(needed.name),
            needed.manifest.version,
            shown(needed.folder),
        )
        return needed

    # --- Sorting, depth first ---

    def _sort(self, start: Plugin) -> list[Plugin]:
        done: dict[str, Plugin] = {}
        # The way from the start to the plugin that is looked at, each with the dependencies that are still to be seen.
        path: dict[str, tuple[Plugin, Iterator[Plugin]]] = {}
        self._enter(start, path)
        while path:
            name, (plugin, remaining) = next(reversed(path.items()))
            needed = next(remaining, None)
            if needed is None:
                del path[name]
                if name not in self.loaded:
                    done[name] = plugin
            elif needed.name.casefold() in path:
                self._fail_cycle(needed, [one for one, _ in path.values()])
            elif needed.name.casefold() not in done and needed.name.casefold() not in self.loaded:
                self._enter(needed, path)
        return list(done.values())

    def _enter(self, plugin: Plugin, path: dict[str, tuple[Plugin, Iterator[Plugin]]]) -> None:
        path[plugin.name.casefold()] = (plugin, iter(self.direct(plugin)))

    def _fail_cycle(self, again: Plugin, path: list[Plugin]) -> None:
        names = [plugin.name for plugin in path]
        cycle = [*names[names.index(again.name) :], again.name]
        raise DependencyCycleError(
            f"plugins need each other: {' → '.join(cycle)}; remove one of these dependencies, "
            f"for example from {path[-1].folder}",
            plugin=names[0],
            chain=cycle,
        )


def manifest_of(plugin: Plugin) -> "Manifest":
    """Return the manifest of a plugin.

    Args:
        plugin: the plugin.

    Returns:
        Its manifest.

    Raises:
        InvalidPluginError: its manifest has errors.
    """
    if plugin.manifest is None:
        raise InvalidPluginError(
            f"plugin `{plugin.name}` in {plugin.folder} has errors; the first is: {first_error(plugin)}",
            plugin=plugin.name,
            diagnostics=plugin.diagnostics,
        )
    return plugin.manifest


def not_found(name: str, catalog: Catalog, where: str) -> PluginNotFoundError:
    """Return the error that no plugin has a name."""
    return PluginNotFoundError(
        f"there is no plugin `{name}` in {where}; {advise_name(name, catalog)}", plugin=name
    )


def advise_name(name: str, catalog: Catalog) -> str:
    """Say what to do about a name that nothing has."""
    from alas_manifest import nearest_name

    near = nearest_name(name[:64], catalog.names)
    return (
        f"did you mean `{near}`?" if near is not None else "install it, or add its folder to the search path"
    )


def first_error(plugin: Plugin) -> str:
    """Return the first error in the manifest of a plugin, on one line."""
    error = next(diagnostic for diagnostic in plugin.diagnostics if diagnostic.is_error)
    return str(dataclasses.replace(error, help=None))


def _as_chain(chain: tuple[str, ...]) -> str:
    return f" ({' → '.join(chain)})" if len(chain) > 2 else ""
