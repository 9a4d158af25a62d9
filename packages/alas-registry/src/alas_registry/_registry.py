"""The registry: what was found, what is loaded, and the way from one to the other.

Everything is checked before anything changes, so an operation that fails leaves the registry as it was. One lock guards the
state; it is held while loaders work, so that no plugin is loaded twice and none is unloaded under another's feet.
"""

import contextlib
import dataclasses
import os
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from alas_registry._discovery import Catalog, discover
from alas_registry._errors import (
    InvalidPluginError,
    PluginCloseError,
    PluginInUseError,
    PluginLoadError,
    PluginNotLoadedError,
    RegistryError,
    ShadowedPluginError,
)
from alas_registry._loader_table import LoaderTable
from alas_registry._loading import LoadedPlugin, Loader
from alas_registry._plugin import Plugin, PluginState
from alas_registry._resolution import Resolver, first_error, manifest_of, not_found
from alas_registry._search_paths import SearchPath
from alas_registry._trace import LOGGER, Stopwatch, shown

if TYPE_CHECKING:
    from alas_manifest import Diagnostic, Version


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What `Registry.load_all` did.

    Attributes:
        loaded: the plugins that are loaded now.
        failed: the plugins that could not be loaded, those with a broken manifest among them; `error` of each says why.
        deferred: the plugins that ask to be loaded at first use, and were not.
    """

    loaded: tuple[Plugin, ...]
    failed: tuple[Plugin, ...]
    deferred: tuple[Plugin, ...]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A loaded plugin, and the names of those it needs, in lower case."""

    plugin: Plugin
    handle: LoadedPlugin
    needs: frozenset[str]


class Registry:
    """Finds plugins, and loads and unloads them.

    May be used from several threads at once.

    Example:
        >>> with Registry() as registry:
        ...     registry.add_search_path("no-such-folder")
        ...     registry.discover()
        ()
    """

    def __init__(
        self, loaders: Mapping[str, Loader] | None = None, *, alas_version: "str | Version | None" = None
    ) -> None:
        """Make a registry that knows no plugins yet.

        Args:
            loaders: plugin type to loader. A type that is not among them gets the loader that an installed package
                announces in the entry-point group `alas.loaders`, made without arguments.
            alas_version: the version of ALaS, to be in the range that each plugin asks for; None checks nothing.

        Raises:
            ValueError: `alas_version` is not a version.
        """
        self._lock = threading.RLock()
        self._loader_table = LoaderTable(loaders)
        self._alas_version = _version(alas_version)
        self._search_paths: list[SearchPath] = []
        self._catalog = Catalog()
        # Both by name in lower case.
        self._loaded: dict[str, _Loaded] = {}
        self._errors: dict[str, PluginLoadError] = {}

    # --- Where to look ---

    @property
    def search_paths(self) -> tuple[SearchPath, ...]:
        """Where plugins are looked for, first the path that wins."""
        with self._lock:
            return tuple(self._search_paths)

    def add_search_path(
        self, path: "str | os.PathLike[str] | SearchPath", *, origin: str = "program"
    ) -> None:
        """Add a folder to look for plugins in, behind those that were added before.

        Args:
            path: the folder. Its folders are plugins, or it is a plugin itself; it may be absent.
            origin: who named it, to be shown; a `SearchPath` knows that itself.

        Example:
            >>> registry = Registry()
            >>> registry.add_search_path("/opt/plugins", origin="command line")
            >>> print(registry.search_paths[0])
            /opt/plugins (command line)
        """
        if not isinstance(path, SearchPath):
            path = SearchPath(Path(path).absolute(), origin)
        with self._lock:
            self._search_paths.append(path)

    def add_search_paths(self, paths: Iterable[SearchPath]) -> None:
        """Add folders to look for plugins in, in their order.

        Args:
            paths: the folders, for example `default_search_paths()`.
        """
        with self._lock:
            self._search_paths.extend(paths)

    def discover(self) -> tuple[Plugin, ...]:
        """Look for plugins, running no code of theirs. What was found before is forgotten, except what is loaded.

        A plugin with errors is listed with them; a search path that cannot be searched is in `problems`.

        Returns:
            All plugins that were found, as `plugins` lists them.

        Example:
            >>> Registry().discover()
            ()
        """
        with self._lock:
            self._catalog = discover(self._search_paths, [loaded.plugin for loaded in self._loaded.values()])
            self._errors.clear()
            return self.plugins

    # --- What is there ---

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """All plugins that were found, broken and shadowed ones included, in the order in which they win."""
        with self._lock:
            return tuple(self._current(plugin) for plugin in self._catalog.plugins)

    @property
    def problems(self) -> "tuple[Diagnostic, ...]":
        """The search paths that could not be searched."""
        with self._lock:
            return tuple(self._catalog.problems)

    def find(self, name: str) -> Plugin | None:
        """Return the plugin with a name.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            The plugin, which may be broken, or None.

        Example:
            >>> Registry().find("my-plugin") is None
            True
        """
        with self._lock:
            plugin = self._catalog.by_name(name)
            return self._current(plugin) if plugin is not None else None

    def find_module(self, module: str) -> Plugin | None:
        """Return the plugin that provides a module.

        Args:
            module: the module's name.

        Returns:
            The plugin, or None.

        Example:
            >>> Registry().find_module("my_plugin") is None
            True
        """
        with self._lock:
            plugin = self._catalog.by_module(module)
            return self._current(plugin) if plugin is not None else None

    def get(self, name: str) -> Plugin:
        """Return the plugin with a name, or explain that there is none.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            The plugin, which may be broken.

        Raises:
            PluginNotFoundError: no plugin has the name.
        """
        with self._lock:
            plugin = self.find(name)
            if plugin is None:
                raise not_found(name, self._catalog, self._searched())
            return plugin

    def loaded(self, name: str) -> LoadedPlugin | None:
        """Return what calls the functions of a plugin.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            The loaded plugin, or None when it is not loaded.
        """
        with self._lock:
            loaded = self._loaded.get(name.casefold())
            return loaded.handle if loaded is not None else None

    def _current(self, plugin: Plugin) -> Plugin:
        """Return the record of a plugin with the state that it has now."""
        key = plugin.name.casefold()
        if self._catalog.by_name(key) is not plugin:
            return plugin
        if key in self._loaded:
            return dataclasses.replace(plugin, state=PluginState.LOADED)
        if key in self._errors:
            is_valid = plugin.state is PluginState.DISCOVERED
            state = PluginState.FAILED if is_valid else plugin.state
            return dataclasses.replace(plugin, state=state, error=self._errors[key])
        return plugin

    def _searched(self) -> str:
        paths = ", ".join(str(path) for path in self._search_paths)
        return f"the search paths {paths}" if paths else "the registry, which has no search paths"

    # --- Loading ---

    def load(self, name: str) -> LoadedPlugin:
        """Load a plugin, and before it the plugins it needs. Loading what is loaded changes nothing.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            What calls the plugin's functions.

        Raises:
            PluginNotFoundError: no plugin has the name.
            PluginLoadError: it cannot be loaded; the subclass says why. Nothing has changed then.

        Example:
            >>> Registry().load("my-plugin")
            Traceback (most recent call last):
            ...
            alas_registry...PluginNotFoundError: there is no plugin `my-plugin` in the registry, ...
        """
        with self._lock:
            key = name.casefold()
            if key in self._loaded:
                return self._loaded[key].handle
            plugin = self.get(name)
            try:
                steps = self._prepare(plugin)
                self._loaded.update(self._start(steps))
            except PluginLoadError as error:
                self._errors[key] = error
                LOGGER.debug("%s was not loaded: %s", shown(plugin.name), error.message)
                raise
            for step, _ in steps:
                self._errors.pop(step.name.casefold(), None)
            return self._loaded[key].handle

    def load_all(self) -> LoadReport:
        """Load every plugin that can be loaded and does not ask to be loaded at first use.

        One that fails does not keep the others from loading.

        Returns:
            What was loaded, what failed, and what was left for later.

        Example:
            >>> Registry().load_all()
            LoadReport(loaded=(), failed=(), deferred=())
        """
        sorted_by_state: dict[PluginState, list[Plugin]] = {state: [] for state in PluginState}
        with self._lock:
            # Of several plugins with one name only the first counts, and it counts also when it is broken.
            available = [
                plugin
                for plugin in self._catalog.plugins
                if plugin.shadowed_by is None and plugin.state is not PluginState.SHADOWED
            ]
            for plugin in available:
                if plugin.manifest is None or not plugin.manifest.runtime.lazy:
                    with contextlib.suppress(PluginLoadError):
                        self.load(plugin.name)
            for plugin in map(self._current, available):
                sorted_by_state[plugin.state].append(plugin)
        return LoadReport(
            loaded=tuple(sorted_by_state[PluginState.LOADED]),
            failed=tuple(plugin for plugin in map(self._current, available) if plugin.error is not None),
            deferred=tuple(sorted_by_state[PluginState.DISCOVERED]),
        )

    def _resolver(self) -> Resolver:
        return Resolver(self._catalog, self._alas_version, self._loaded.keys())

    def _prepare(self, plugin: Plugin) -> list[tuple[Plugin, Loader]]:
        """Check all that can be checked; return what to load with what, in order."""
        order = self._resolver().order(plugin)
        for step in order:
            _check_folder(step)
        return [(step, self._loader_table.find(step, manifest_of(step).type)) for step in order]

    def _start(self, steps: list[tuple[Plugin, Loader]]) -> dict[str, _Loaded]:
        """Load plugins; when one fails, close those that were loaded for it."""
        resolver = self._resolver()
        started: dict[str, _Loaded] = {}
        with contextlib.ExitStack() as undo:
            for plugin, loader in steps:
                watch = Stopwatch()
                handle = _load_with(loader, plugin)
                undo.callback(_close_quietly, plugin, handle)
                needs = frozenset(needed.name.casefold() for needed in resolver.direct(plugin))
                started[plugin.name.casefold()] = _Loaded(plugin, handle, needs)
                LOGGER.debug("loaded %s in %.1f ms", shown(plugin.name), watch.milliseconds)
            undo.pop_all()
        return started

    # --- Unloading ---

    def unload(self, name: str) -> None:
        """Unload a plugin that no loaded plugin needs.

        Args:
            name: the plugin's name, in upper or lower case.

        Raises:
            PluginNotFoundError: no plugin has the name.
            PluginNotLoadedError: the plugin is not loaded.
            PluginInUseError: loaded plugins need it; nothing has changed.
            PluginCloseError: it is unloaded, but giving back what it held failed.

        Example:
            >>> Registry().unload("my-plugin")
            Traceback (most recent call last):
            ...
            alas_registry...PluginNotFoundError: there is no plugin `my-plugin` in the registry, ...
        """
        with self._lock:
            plugin = self.get(name)
            key = plugin.name.casefold()
            if key not in self._loaded:
                raise PluginNotLoadedError(
                    f"plugin `{plugin.name}` in {plugin.folder} is not loaded, so there is nothing to unload",
                    plugin=plugin.name,
                )
            dependents = [other.plugin.name for other in self._loaded.values() if key in other.needs]
            if dependents:
                raise PluginInUseError(
                    f"plugin `{plugin.name}` is needed by {', '.join(dependents)}; unload what needs it first",
                    plugin=plugin.name,
                    dependents=dependents,
                )
            _close(plugin, self._loaded.pop(key).handle)

    def close(self) -> None:
        """Unload everything, each plugin before those it needs.

        Raises:
            PluginCloseError: giving back what a plugin held failed; the others are unloaded all the same.

        Example:
            >>> Registry().close()
        """
        failure: RegistryError | None = None
        with self._lock:
            # Loaded in the order of their dependencies, so unloaded in the opposite one.
            while self._loaded:
                _, loaded = self._loaded.popitem()
                try:
                    _close(loaded.plugin, loaded.handle)
                except PluginCloseError as error:
                    failure = failure or error
        if failure is not None:
            raise failure

    def __enter__(self) -> Self:
        """Return the registry; leaving the `with` statement closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the registry."""
        self.close()


def _version(stated: "str | Version | None") -> "Version | None":
    if not isinstance(stated, str):
        return stated
    from alas_manifest import Version

    return Version.parse(stated)


def _check_folder(plugin: Plugin) -> None:
    """Check that a plugin may be loaded, and that its folder is as its manifest says."""
    if plugin.state is PluginState.SHADOWED and plugin.shadowed_by is not None:
        raise ShadowedPluginError(
            f"plugin `{plugin.name}` in {plugin.folder} is shadowed by the plugin in {plugin.shadowed_by}, which has the "
            "same name or module and was found first; rename one of them or change the search paths",
            plugin=plugin.name,
            winner=plugin.shadowed_by,
        )
    from alas_manifest import read_folder

    reading = read_folder(plugin.folder)
    if reading.manifest is None:
        broken = dataclasses.replace(plugin, diagnostics=reading.diagnostics)
        raise InvalidPluginError(
            f"plugin `{plugin.name}` in {plugin.folder} has errors; the first is: {first_error(broken)}",
            plugin=plugin.name,
            diagnostics=reading.diagnostics,
        )
    if reading.manifest != plugin.manifest:
        raise PluginLoadError(
            f"the manifest of plugin `{plugin.name}` in {plugin.folder} has changed since it was discovered; "
            "discover plugins again",
            plugin=plugin.name,
        )


def _load_with(loader: Loader, plugin: Plugin) -> LoadedPlugin:
    """Load a plugin; whatever its loader raises becomes the cause of a `PluginLoadError`."""
    try:
        return loader.load(plugin)
    except Exception as error:
        reason = str(error).replace("\n", "; ") or type(error).__name__
        raise PluginLoadError(
            f"plugin `{plugin.name}` in {plugin.folder} cannot be loaded: {reason}", plugin=plugin.name
        ) from error


def _close(plugin: Plugin, handle: LoadedPlugin) -> None:
    try:
        handle.close()
    except Exception as error:
        raise PluginCloseError(
            f"plugin `{plugin.name}` in {plugin.folder} is unloaded, but closing it failed: {error}; what it held may be "
            "held until the process ends",
            plugin=plugin.name,
        ) from error
    LOGGER.debug("unloaded %s", shown(plugin.name))


def _close_quietly(plugin: Plugin, handle: LoadedPlugin) -> None:
    """Close a plugin because another failed to load, which is what the caller should hear of."""
    try:
        _close(plugin, handle)
    except PluginCloseError as error:
        LOGGER.warning("%s", error.message)
