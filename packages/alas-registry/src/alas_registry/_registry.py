"""The registry: what was found, what is loaded, and the way from one to the other.

This is the face of it. Looking for plugins is in `_discovery.py`, ordering them in `_resolution.py`, loading and unloading in
`_lifecycle.py`, calling in `_handle.py`.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from alas_registry._discovery import discover
from alas_registry._errors import PluginLoadError
from alas_registry._events import Event, EventKind, PluginStatistics
from alas_registry._handle import PluginHandle
from alas_registry._lifecycle import Lifecycle, State
from alas_registry._loader_table import LoaderTable
from alas_registry._loading import Loader
from alas_registry._manifest_cache import ManifestCache
from alas_registry._native_policy import NativePolicy
from alas_registry._plugin import Plugin, PluginState
from alas_registry._resolution import Resolution, not_found
from alas_registry._search_paths import SearchPath
from alas_registry._trace import Stopwatch

if TYPE_CHECKING:
    from alas_manifest import Dependency, Diagnostic, Manifest, TypeDefinition, Version


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


class Registry:
    """Finds plugins, and loads and unloads them.

    May be used from several threads at once.

    Example:
        >>> with Registry() as registry:
        ...     registry.add_search_path("no-such-folder")
        ...     registry.discover()
        ()
    """

    def __init__(  # noqa: PLR0913 - all are named at the call, and each is an option of its own
        self,
        loaders: Mapping[str, Loader] | None = None,
        *,
        alas_version: "str | Version | None" = None,
        cache: str | os.PathLike[str] | None = None,
        packages: bool = True,
        make_loader: Callable[[Callable[..., Loader]], Loader] | None = None,
        native: NativePolicy | None = None,
    ) -> None:
        """Make a registry that knows no plugins yet.

        Args:
            loaders: plugin type to loader. A type that is not among them gets the loader that an installed package
                announces in the entry-point group `alas.loaders`.
            alas_version: the version of ALaS, to be in the range that each plugin asks for; None checks nothing.
            cache: the file that keeps what was read of manifests for other processes; None keeps it in memory only.
            packages: whether to find the builtin plugins that installed Python packages announce in the entry-point group
                `alas.builtin_plugins`.
            make_loader: makes a loader of the class that a package announces; None makes it by the class method
                `for_registry`, which takes a mapping where the loaders of this registry leave what they share, or without
                arguments where there is none.
            native: whether plugins with native code may be loaded; None trusts them.

        Raises:
            ValueError: `alas_version` is not a version.
        """
        table = LoaderTable(loaders, make_loader)
        policy = native if native is not None else NativePolicy()
        self._lifecycle = Lifecycle(table, _version(alas_version), policy)
        self._cache = ManifestCache(Path(cache) if cache is not None else None)
        self._search_paths: tuple[SearchPath, ...] = ()
        self._finds_packages = packages
        self._provided: tuple[Plugin, ...] = ()

    # --- Where to look ---

    @property
    def search_paths(self) -> tuple[SearchPath, ...]:
        """Where plugins are looked for, first the path that wins."""
        return self._search_paths

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
        self.add_search_paths([path])

    def add_search_paths(self, paths: Iterable[SearchPath]) -> None:
        """Add folders to look for plugins in, in their order.

        Args:
            paths: the folders, for example `default_search_paths()`.
        """
        with self._lifecycle.changing():
            self._search_paths = (*self._search_paths, *paths)

    def trust(self, folder: str | os.PathLike[str]) -> None:
        """Let the code of a builtin plugin in a folder run as a part of this process.

        A builtin plugin is Python code, which nothing holds. One in a search path therefore runs only if the user has named
        its very folder; what installed Python packages announce needs no such word.

        Args:
            folder: the plugin's folder.

        Example:
            >>> Registry().trust("./plugins/greeter")
        """
        with self._lifecycle.changing():
            state = self._lifecycle.state
            trusted = state.trusted | {Path(folder).resolve()}
            self._lifecycle.state = state._replace(trusted=trusted)

    def provide(self, manifests: "Iterable[Manifest]", *, origin: str) -> None:
        """Add plugins that the host itself brings along, whose names nobody takes from them.

        `discover` finds them from then on. A registry does not know the standard library by itself, which is a part of the
        engine; `alas_interp.loaders.standard_manifests` returns what lets it list and call that, too.

        Args:
            manifests: what they say about themselves; the loader of their type loads them by their names.
            origin: who brings them, to be shown.

        Example:
            >>> Registry().provide([], origin="standard library")
        """
        folder = Path(sys.prefix)
        plugins = [
            Plugin.of_manifest(one, folder, SearchPath(folder, origin), entry_point=one.module)
            for one in manifests
        ]
        with self._lifecycle.changing():
            self._provided = (*self._provided, *plugins)

    def discover(self) -> tuple[Plugin, ...]:
        """Look for plugins, running no code of theirs. What was found before is forgotten, except what is loaded.

        A plugin with errors is listed with them; a search path that cannot be searched is in `problems`.

        Returns:
            All plugins that were found, as `plugins` lists them.

        Example:
            >>> Registry().discover()
            ()
        """
        watch = Stopwatch()
        with self._lifecycle.changing():
            state = self._lifecycle.state
            loaded = [one.handle.plugin for one in state.loaded.values()]
            catalog = discover(
                self._search_paths,
                cache=self._cache,
                loaded=loaded,
                packaged=self._find_packaged(),
                provided=self._provided,
            )
            self._lifecycle.state = state._replace(catalog=catalog, errors={})
            self._lifecycle.note(Event(kind=EventKind.DISCOVERED, milliseconds=watch.milliseconds))
            return self.plugins

    def _find_packaged(self) -> Iterable[Plugin]:
        if not self._finds_packages:
            return ()
        from alas_registry._packages import package_plugins

        return package_plugins(self._cache)

    # --- What is there ---

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """All plugins that were found, broken and shadowed ones included, in the order in which they win."""
        state = self._lifecycle.state
        return tuple(map(state.current, state.catalog.plugins))

    @property
    def problems(self) -> "tuple[Diagnostic, ...]":
        """The search paths that could not be searched."""
        return tuple(self._lifecycle.state.catalog.problems)

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
        state = self._lifecycle.state
        plugin = state.catalog.by_name(name)
        return state.current(plugin) if plugin is not None else None

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
        state = self._lifecycle.state
        plugin = state.catalog.by_module(module)
        return state.current(plugin) if plugin is not None else None

    def get(self, name: str) -> Plugin:
        """Return the plugin with a name, or explain that there is none.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            The plugin, which may be broken.

        Raises:
            PluginNotFoundError: no plugin has the name.
        """
        state = self._lifecycle.state
        return state.current(self._named(name, state))

    def _named(self, name: str, state: State) -> Plugin:
        """Return the record of a plugin as it was found."""
        plugin = state.catalog.by_name(name)
        if plugin is None:
            raise not_found(name, state.catalog, self._searched())
        return plugin

    def _searched(self) -> str:
        paths = ", ".join(str(path) for path in self._search_paths)
        return f"the search paths {paths}" if paths else "the registry, which has no search paths"

    def loaded(self, name: str) -> PluginHandle | None:
        """Return what calls the functions of a plugin.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            The loaded plugin, or None when it is not loaded.

        Example:
            >>> Registry().loaded("my-plugin") is None
            True
        """
        loaded = self._lifecycle.state.loaded.get(name.casefold())
        return loaded.handle if loaded is not None else None

    def statistics(self, name: str) -> PluginStatistics | None:
        """Return how a plugin has been used since it was loaded.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            How often its functions were called from outside and how long that took; None when it is not loaded.

        Example:
            >>> Registry().statistics("my-plugin") is None
            True
        """
        handle = self.loaded(name)
        return handle.statistics if handle is not None else None

    # --- Who needs whom ---

    def resolve(self, name: str) -> tuple[Plugin, ...]:
        """Return what loading a plugin would load, in this order, without loading anything.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            What it needs and what is not loaded, each after what it needs itself; the plugin last.

        Raises:
            PluginNotFoundError: no plugin has the name.
            DependencyError: something that it needs is missing, broken, of the wrong version, or needs itself.
            InvalidPluginError: the plugin's manifest has errors.

        Example:
            >>> Registry().resolve("my-plugin")
            Traceback (most recent call last):
            ...
            alas_registry...PluginNotFoundError: there is no plugin `my-plugin` in the registry, ...
        """
        state = self._lifecycle.state
        return tuple(self._lifecycle.resolver(state).order(self._named(name, state)))

    def resolve_all(self) -> Resolution:
        """Return which plugins fit together, without loading anything.

        Returns:
            Those that can be loaded, in an order in which they can, and why the others cannot.

        Example:
            >>> Registry().resolve_all()
            Resolution(order=(), errors={})
        """
        return self._lifecycle.resolver(self._lifecycle.state).order_all()

    def dependencies(self, name: str) -> "tuple[tuple[Dependency, Plugin | None], ...]":
        """Return what a plugin needs besides the standard library, and what is there for it.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            Each dependency with the plugin that has its name, whatever its version; None when there is none.

        Raises:
            PluginNotFoundError: no plugin has the name.
            InvalidPluginError: the plugin's manifest has errors.
        """
        state = self._lifecycle.state
        found = self._lifecycle.resolver(state).dependencies(self._named(name, state))
        return tuple(
            (dependency, state.current(needed) if needed is not None else None)
            for dependency, needed in found
        )

    def dependency_types(self, name: str) -> "dict[str, TypeDefinition] | None":
        """Return the types that the dependencies of a plugin declare, for `alas_manifest.read_folder`.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            The definitions by module and name; None when a dependency is not there, has errors, or is in a Python package
            that ships no manifest and is not loaded.

        Raises:
            PluginNotFoundError: no plugin has the name.
            InvalidPluginError: the plugin's manifest has errors.
        """
        return self._lifecycle.dependency_types(self._named(name, self._lifecycle.state))

    def dependents(self, name: str) -> tuple[Plugin, ...]:
        """Return the plugins that need a plugin themselves.

        Args:
            name: the plugin's name, in upper or lower case.

        Returns:
            Those that name it, or its module, as a dependency.

        Raises:
            PluginNotFoundError: no plugin has the name.
        """
        state = self._lifecycle.state
        resolver = self._lifecycle.resolver(state)
        key = self._named(name, state).name.casefold()
        return tuple(
            state.current(plugin)
            for plugin in state.catalog.winners
            if plugin.is_valid and any(needed.name.casefold() == key for needed in resolver.direct(plugin))
        )

    # --- Loading and calling ---

    def load(self, name: str) -> PluginHandle:
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
        handle = self.loaded(name)
        if handle is not None:
            return handle
        with self._lifecycle.changing():
            return self._lifecycle.load(self.get(name).name)

    def load_all(self) -> LoadReport:
        """Load every plugin that can be loaded and does not ask to be loaded at first use.

        One that fails does not keep the others from loading.

        Returns:
            What was loaded, what failed, and what was left for later.

        Example:
            >>> Registry().load_all()
            LoadReport(loaded=(), failed=(), deferred=())
        """
        with self._lifecycle.changing():
            # Of several plugins with one name only the first counts, and it counts also when it is broken.
            for plugin in self._lifecycle.state.catalog.winners:
                if plugin.facts is None or not plugin.facts.lazy:
                    with contextlib.suppress(PluginLoadError):
                        self._lifecycle.load(plugin.name)
            state = self._lifecycle.state
            plugins = [state.current(plugin) for plugin in state.catalog.winners]
        return LoadReport(
            loaded=tuple(plugin for plugin in plugins if plugin.state is PluginState.LOADED),
            failed=tuple(plugin for plugin in plugins if plugin.error is not None),
            deferred=tuple(plugin for plugin in plugins if plugin.state is PluginState.DISCOVERED),
        )

    def call(self, name: str, function: str, /, *arguments: object) -> object:
        """Call a function of a plugin, loading the plugin if it is not loaded.

        Args:
            name: the plugin's name, in upper or lower case.
            function: the function's name, without the module's.
            arguments: int, float, bool, str, None, lists, tuples, mappings, and buffers of numbers.

        Returns:
            Its result, as a Python value.

        Raises:
            PluginNotFoundError: no plugin has the name.
            PluginLoadError: the plugin cannot be loaded.
            CallError: the plugin has no such function, or arguments or result do not fit its signature.
            Exception: whatever the plugin's loader raises for an error of the plugin.

        Example:
            >>> Registry().call("my-plugin", "process", "data")
            Traceback (most recent call last):
            ...
            alas_registry...PluginNotFoundError: there is no plugin `my-plugin` in the registry, ...
        """
        handle = self.load(name)
        while not handle.enter():
            # Another thread has unloaded it in between.
            handle = self.load(name)
        return handle.run(function, arguments)

    # --- Unloading ---

    def unload(self, name: str, *, cascade: bool = False) -> tuple[str, ...]:
        """Unload a plugin. Calls that are running end first, in their own time.

        Args:
            name: the plugin's name, in upper or lower case.
            cascade: unload the plugins that need it as well, instead of refusing.

        Returns:
            The names of the plugins that were unloaded, in this order.

        Raises:
            PluginNotFoundError: no plugin has the name.
            PluginNotLoadedError: the plugin is not loaded.
            PluginInUseError: loaded plugins need it; nothing has changed.
            PluginCloseError: all is unloaded, but giving back what a plugin held failed.

        Example:
            >>> Registry().unload("my-plugin")
            Traceback (most recent call last):
            ...
            alas_registry...PluginNotFoundError: there is no plugin `my-plugin` in the registry, ...
        """
        with self._lifecycle.changing():
            return self._lifecycle.unload(self.get(name), cascade=cascade)

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Have a function called whenever something happens to a plugin.

        It is called in the thread in which it happens, after the fact, and may use the registry. What it raises is logged.

        Args:
            listener: gets the event.

        Returns:
            A function that ends the subscription.

        Example:
            >>> registry = Registry()
            >>> unsubscribe = registry.subscribe(lambda event: print(event.kind))
            >>> registry.discover()
            discovered
            ()
            >>> unsubscribe()
        """
        return self._lifecycle.subscribe(listener)

    def close(self) -> None:
        """Unload everything, each plugin before those it needs.

        Raises:
            PluginCloseError: giving back what a plugin held failed; the others are unloaded all the same.

        Example:
            >>> Registry().close()
        """
        self._lifecycle.unload_all()

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
