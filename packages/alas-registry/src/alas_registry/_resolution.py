"""Which plugins a plugin needs, and in which order they load.

A dependency names a plugin or, when no plugin has that name, a module; `std.` names the standard library, whose version is
that of ALaS. There is one plugin for each name, so nothing has to be chosen; the question is whether all fits together.
"""

import dataclasses
import functools
import logging
from collections import deque
from collections.abc import Collection, Container, Iterator
from typing import TYPE_CHECKING, NamedTuple

from alas_registry._catalog import Catalog
from alas_registry._errors import (
    DependencyCycleError,
    DependencyError,
    DependencyInvalidError,
    DependencyVersionError,
    EngineVersionError,
    InvalidPluginError,
    NativeRefusedError,
    PluginNotFoundError,
)
from alas_registry._native_policy import NativePolicy
from alas_registry._plugin import Facts, Plugin
from alas_registry._trace import LOGGER, shown

if TYPE_CHECKING:
    from alas_manifest import Dependency, Version, VersionRange

_STANDARD = "std."


@dataclasses.dataclass(frozen=True, slots=True)
class Resolution:
    """What fits together of all plugins.

    Attributes:
        order: the plugins that can be loaded, each after what it needs.
        errors: for each other plugin that a name means, by its name, why it cannot be loaded: the shortest chain that
            explains it.
    """

    order: tuple[Plugin, ...]
    errors: "dict[str, DependencyError | InvalidPluginError]"


class Resolver(NamedTuple):
    """Answers what a plugin needs.

    Attributes:
        catalog: the plugins that were found.
        alas_version: the version of ALaS; None when nobody said, and then every range contains it.
        loaded: the names of the plugins that are loaded, in lower case; what they need is there.
        native: whether plugins with native code may be loaded.
    """

    catalog: Catalog
    alas_version: "Version | None"
    loaded: Collection[str] = ()
    native: NativePolicy = NativePolicy()

    def order_all(self) -> Resolution:
        """Order all plugins that names mean, each edge between them looked at once.

        Returns:
            Those that can be loaded, and why the others cannot.
        """
        broken: list[Plugin] = []
        needs: dict[str, list[Plugin]] = {}
        for plugin in self.catalog.winners:
            try:
                needs[plugin.name.casefold()] = list(self._check_edges(plugin, (plugin.name,)))
            except (DependencyError, InvalidPluginError):
                broken.append(plugin)
        ordered, way = _peel(self.catalog.winners, needs), _ways_to(broken, self.catalog.winners, needs)
        errors = {
            plugin.name: self._error_behind(plugin, way, needs, ordered)
            for plugin in self.catalog.winners
            if plugin.name.casefold() not in ordered
        }
        return Resolution(tuple(ordered.values()), errors)

    def _error_behind(
        self,
        plugin: Plugin,
        way: dict[str, Plugin | None],
        needs: dict[str, list[Plugin]],
        ordered: Container[str],
    ) -> "DependencyError | InvalidPluginError":
        """Return why a plugin cannot be loaded, following the way to what is broken, or else around a circle."""
        path: dict[str, Plugin] = {}
        last = plugin
        here: Plugin | None = plugin
        while here is not None and here.name.casefold() not in path:
            last, key = here, here.name.casefold()
            path[key] = here
            here = way[key] if key in way else _first_behind(needs[key], ordered)
        names = [one.name for one in path.values()]
        if here is not None:
            return cycle_error(here, list(path.values()))
        try:
            list(self._check_edges(last, tuple(names)))
        except (DependencyError, InvalidPluginError) as error:
            return error
        raise AssertionError("the way ends at a plugin that is broken")

    def order(self, plugin: Plugin) -> list[Plugin]:
        """Return a plugin and all that it needs and that is not loaded, each after what it needs itself.

        Args:
            plugin: the plugin to load.

        Returns:
            The plugins in the order of loading, `plugin` last; none when it is loaded.

        Raises:
            DependencyError: something is missing, broken, of the wrong version, refused, or needs itself. The chain in the
                error is the shortest that leads there.
            InvalidPluginError: the plugin itself has errors.
        """
        self._check_reachable(plugin)
        return self._sort(plugin)

    def direct(self, plugin: Plugin) -> list[Plugin]:
        """Return the plugins that a plugin names as its dependencies, without checking them."""
        return [needed for _, needed in self.dependencies(plugin) if needed is not None]

    def dependencies(self, plugin: Plugin) -> "list[tuple[Dependency, Plugin | None]]":
        """Return what a plugin needs besides the standard library, each with the plugin that is there for it."""
        needed = map(_dependency, facts_of(plugin).dependencies)
        return [(dependency, self._find(dependency)) for dependency in needed if not dependency.is_standard]

    def _find(self, dependency: "Dependency") -> Plugin | None:
        return self.catalog.by_name(dependency.name) or self.catalog.by_module(dependency.name)

    # --- Checking, breadth first, so that the first problem found is the one with the shortest chain ---

    def _check_reachable(self, start: Plugin) -> None:
        # Each plugin that was reached, and by which it was reached first.
        reached: dict[str, Plugin | None] = {start.name.casefold(): None}
        waiting = deque([start])
        while waiting:
            plugin = waiting.popleft()
            if plugin.name.casefold() in self.loaded:
                continue
            try:
                for needed in self._check_edges(plugin, (plugin.name,)):
                    if needed.name.casefold() not in reached:
                        reached[needed.name.casefold()] = plugin
                        waiting.append(needed)
            except DependencyError:
                if plugin is start:
                    raise
                list(self._check_edges(plugin, _chain_to(plugin, reached)))

    def _check_edges(self, plugin: Plugin, chain: tuple[str, ...]) -> Iterator[Plugin]:
        """Check what a plugin itself asks for; yield the plugins it needs."""
        self._check_engine(plugin, chain)
        self._check_native(plugin, chain)
        for text in facts_of(plugin).dependencies:
            dependency = _dependency(text)
            if dependency.is_standard:
                self._check_standard(plugin, dependency, chain)
            else:
                yield self._checked(plugin, dependency, chain)

    def _check_engine(self, plugin: Plugin, chain: tuple[str, ...]) -> None:
        wanted = _range(facts_of(plugin).alas_version)
        if self.alas_version is None or wanted.contains(self.alas_version):
            return
        raise EngineVersionError(
            f"plugin `{plugin.name}` in {plugin.folder} works with ALaS {wanted}, but this is ALaS {self.alas_version}"
            f"{_as_chain(chain)}; install another version of the plugin or of ALaS",
            plugin=chain[0],
            chain=(*chain, "alas"),
        )

    def _check_native(self, plugin: Plugin, chain: tuple[str, ...]) -> None:
        if not self.native.refuses(plugin):
            return
        way = f" ({' → '.join(chain)})" if len(chain) > 1 else ""
        raise NativeRefusedError(
            f"plugin `{plugin.name}` in {plugin.folder} has native code, which {self.native.reason}{way}",
            plugin=chain[0],
            chain=chain,
            origin=self.native.origin,
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
        if needed is not None and needed.facts is not None and _accepts(dependency, needed.facts.version):
            if LOGGER.isEnabledFor(logging.DEBUG):
                _trace_choice(plugin, dependency, needed)
            return needed
        raise self._unfit(plugin, dependency, (*chain, dependency.name))

    def _unfit(self, plugin: Plugin, dependency: "Dependency", chain: tuple[str, ...]) -> DependencyError:
        """Return why what is there for a dependency will not do."""
        needed = self._find(dependency)
        needs = f"plugin `{plugin.name}` in {plugin.folder} needs {dependency}"
        if needed is None:
            return DependencyError(
                f"{needs}, but no plugin and no module has this name{_as_chain(chain)}; "
                f"{advise_name(dependency.name, self.catalog)}",
                plugin=chain[0],
                chain=chain,
            )
        if needed.facts is None:
            return DependencyInvalidError(
                f"{needs}, but the plugin in {needed.folder} has errors{_as_chain(chain)}; the first is: "
                f"{first_error(needed)}",
                plugin=chain[0],
                chain=chain,
            )
        return DependencyVersionError(
            f"{needs}, but the plugin in {needed.folder} is version {needed.facts.version}{_as_chain(chain)}; "
            "install a version that fits",
            plugin=chain[0],
            chain=chain,
        )

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
                raise cycle_error(needed, [one for one, _ in path.values()])
            elif needed.name.casefold() not in done and needed.name.casefold() not in self.loaded:
                self._enter(needed, path)
        return list(done.values())

    def _enter(self, plugin: Plugin, path: dict[str, tuple[Plugin, Iterator[Plugin]]]) -> None:
        path[plugin.name.casefold()] = (plugin, iter(self.direct(plugin)))


def _peel(plugins: list[Plugin], needs: dict[str, list[Plugin]]) -> dict[str, Plugin]:
    """Order plugins by taking, again and again, those that need nothing more; what is in or behind a circle is left out.

    The algorithm of Kahn (1962), "Topological sorting of large networks".

    Args:
        plugins: all plugins.
        needs: what each needs, by name in lower case; one that is not in it is broken and never taken.
    """
    needed_by: dict[str, list[Plugin]] = {}
    missing: dict[str, int] = {}
    for plugin in plugins:
        key = plugin.name.casefold()
        if key in needs:
            missing[key] = len(needs[key])
            for needed in needs[key]:
                needed_by.setdefault(needed.name.casefold(), []).append(plugin)
    ready = deque(plugin for plugin in plugins if missing.get(plugin.name.casefold()) == 0)
    ordered: dict[str, Plugin] = {}
    while ready:
        plugin = ready.popleft()
        ordered[plugin.name.casefold()] = plugin
        for needer in needed_by.get(plugin.name.casefold(), ()):
            missing[needer.name.casefold()] -= 1
            if missing[needer.name.casefold()] == 0:
                ready.append(needer)
    return ordered


def _ways_to(
    broken: list[Plugin], plugins: list[Plugin], needs: dict[str, list[Plugin]]
) -> dict[str, Plugin | None]:
    """Return for each plugin that leads to a broken one the next on the shortest way there; None for the broken ones."""
    needed_by: dict[str, list[Plugin]] = {}
    for plugin in plugins:
        for needed in needs.get(plugin.name.casefold(), ()):
            needed_by.setdefault(needed.name.casefold(), []).append(plugin)
    way: dict[str, Plugin | None] = {plugin.name.casefold(): None for plugin in broken}
    waiting = deque(broken)
    while waiting:
        needed = waiting.popleft()
        for plugin in needed_by.get(needed.name.casefold(), ()):
            if plugin.name.casefold() not in way:
                way[plugin.name.casefold()] = needed
                waiting.append(plugin)
    return way


def _first_behind(needed: list[Plugin], ordered: Container[str]) -> Plugin:
    """Return the first of some plugins that cannot be loaded; there is one where a plugin is in or behind a circle."""
    return next(plugin for plugin in needed if plugin.name.casefold() not in ordered)


def _chain_to(plugin: Plugin, reached: dict[str, Plugin | None]) -> tuple[str, ...]:
    names = [plugin.name]
    before = reached[plugin.name.casefold()]
    while before is not None:
        names.append(before.name)
        before = reached[before.name.casefold()]
    return tuple(reversed(names))


def cycle_error(again: Plugin, path: list[Plugin]) -> DependencyCycleError:
    """Return the error that the last plugin of a path needs one that is on it."""
    names = [plugin.name for plugin in path]
    cycle = [*names[names.index(again.name) :], again.name]
    return DependencyCycleError(
        f"plugins need each other: {' → '.join(cycle)}; remove one of these dependencies, "
        f"for example from {path[-1].folder}",
        plugin=names[0],
        chain=cycle,
    )


def facts_of(plugin: Plugin) -> Facts:
    """Return the facts about a plugin.

    Args:
        plugin: the plugin.

    Returns:
        What its manifest says.

    Raises:
        InvalidPluginError: its manifest has errors.
    """
    if plugin.facts is None:
        raise InvalidPluginError(
            f"plugin `{plugin.name}` in {plugin.folder} has errors; the first is: {first_error(plugin)}",
            plugin=plugin.name,
            diagnostics=plugin.diagnostics,
        )
    return plugin.facts


@functools.lru_cache(maxsize=4096)
def _dependency(text: str) -> "Dependency":
    from alas_manifest import Dependency

    return Dependency.parse(text)


@functools.lru_cache(maxsize=4096)
def _range(text: str) -> "VersionRange":
    from alas_manifest import VersionRange

    return VersionRange.parse(text)


@functools.lru_cache(maxsize=4096)
def _accepts(dependency: "Dependency", version: str) -> bool:
    from alas_manifest import Version

    return dependency.accepts(Version.parse(version))


def _trace_choice(plugin: Plugin, dependency: "Dependency", needed: Plugin) -> None:
    LOGGER.debug(
        "%s needs %s: chose %s %s in %s",
        shown(plugin.name),
        dependency,
        shown(needed.name),
        needed.version,
        shown(needed.folder),
    )


def not_found(name: str, catalog: Catalog, where: str) -> PluginNotFoundError:
    """Return the error that no plugin has a name."""
    return PluginNotFoundError(
        f"there is no plugin `{name}` in {where}; {advise_name(name, catalog)}", plugin=name
    )


def advise_name(name: str, catalog: Catalog) -> str:
    """Say what to do about a name that nothing has."""
    if name.startswith(_STANDARD) and not any(known.startswith(_STANDARD) for known in catalog.names):
        return (
            "programs use the standard library without a plugin; to call it through a registry, "
            "`provide` what `alas_interp.loaders.standard_manifests()` returns, and discover plugins again"
        )
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
