"""Loading and unloading: the one place where the state of the registry changes.

The state is a value that never changes and is replaced as a whole, so that whoever reads it sees one moment and waits for
nobody. Changes are made one after the other under a lock, which is held while loaders work. Everything is checked before
anything changes, so an operation that fails leaves the state as it was.

A loader, or code that it runs, may load further plugins in the same thread. They become loaded together with the plugin whose
loading began first, or not at all; until then nothing is unloaded.
"""

import contextlib
import dataclasses
import functools
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from alas_registry._catalog import Catalog
from alas_registry._errors import (
    ContentChangedError,
    InvalidPluginError,
    PluginCloseError,
    PluginInUseError,
    PluginLoadError,
    PluginNotLoadedError,
    ShadowedPluginError,
)
from alas_registry._events import Event, EventKind
from alas_registry._handle import PluginHandle, Watch, close, close_quietly, is_persistent
from alas_registry._installed_place import installed_place
from alas_registry._loader_table import LoaderTable
from alas_registry._loading import LoadedPlugin, Loader
from alas_registry._native_policy import NativePolicy
from alas_registry._plugin import Facts, LazyManifest, Plugin, PluginState
from alas_registry._resolution import Resolver, cycle_error, facts_of, first_error, not_found
from alas_registry._signatures import SignatureTable
from alas_registry._trace import LOGGER, Stopwatch, shown

if TYPE_CHECKING:
    from alas_manifest import Diagnostic, Manifest, TypeDefinition, Version


class Loaded(NamedTuple):
    """A loaded plugin, and the names of those it needs, in lower case."""

    handle: PluginHandle
    needs: frozenset[str]


class State(NamedTuple):
    """All that the registry knows at one moment. The mappings are by name in lower case.

    Attributes:
        catalog: the plugins that were found.
        loaded: the plugins that are loaded, in the order of loading, so that each comes after what it needs.
        errors: why plugins could not be loaded.
        trusted: the folders whose code may run as a part of the host.
    """

    catalog: Catalog
    loaded: Mapping[str, Loaded]
    errors: Mapping[str, PluginLoadError]
    trusted: frozenset[Path]

    def current(self, plugin: Plugin) -> Plugin:
        """Return the record of a plugin with the state that it has now."""
        key = plugin.name.casefold()
        if self.catalog.by_name(key) is not plugin:
            return plugin
        if key in self.loaded:
            return dataclasses.replace(self.loaded[key].handle.plugin, state=PluginState.LOADED)
        if key in self.errors:
            state = PluginState.FAILED if plugin.state is PluginState.DISCOVERED else plugin.state
            return dataclasses.replace(plugin, state=state, error=self.errors[key])
        return plugin


class Lifecycle:
    """Changes the state of a registry."""

    def __init__(self, loaders: LoaderTable, alas_version: "Version | None", native: NativePolicy) -> None:
        """Begin with nothing.

        Args:
            loaders: the loaders.
            alas_version: the version of ALaS; None checks no ranges.
            native: whether plugins with native code may be loaded.
        """
        self.state = State(Catalog(), {}, {}, frozenset())
        self._loaders = loaders
        self._alas_version = alas_version
        self._native = native
        self._lock = threading.RLock()
        self._depth = 0
        # Used under the lock only: the plugins whose loaders are at work, each within the one before it, and what was loaded
        # since the first of these began.
        self._begun: dict[str, Plugin] = {}
        self._started: dict[str, Loaded] = {}
        self._events: list[Event] = []
        self._listeners: tuple[Callable[[Event], None], ...] = ()
        self._watch = Watch(self._publish, lambda: bool(self._listeners), self._release, self.load)

    def resolver(self, state: State) -> Resolver:
        """Return what answers what a plugin needs at one moment."""
        return Resolver(state.catalog, self._alas_version, state.loaded.keys(), self._native)

    # --- Listeners ---

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Add a listener; return what removes it."""
        # Two subscriptions of one listener are two.
        entry: Callable[[Event], None] = lambda event: listener(event)  # noqa: E731, PLW0108
        with self._lock:
            self._listeners = (*self._listeners, entry)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(one for one in self._listeners if one is not entry)

        return unsubscribe

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Hold the lock; tell the listeners what has happened once it is free again."""
        events: list[Event] = []
        try:
            with self._lock:
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1
                    if self._depth == 0:
                        events, self._events = self._events, []
        finally:
            for event in events:
                self._publish(event)

    def note(self, event: Event) -> None:
        """Note what has happened, for the listeners."""
        if self._listeners:
            self._events.append(event)

    def _publish(self, event: Event) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception:  # whatever a listener raises is not the caller's  # noqa: BLE001
                LOGGER.warning("a listener failed at the event %s", event.kind, exc_info=True)

    # --- Loading ---

    def load(self, name: str) -> PluginHandle:
        """Load a plugin, and before it the plugins it needs. See `Registry.load`."""
        key = name.casefold()
        loaded = self.state.loaded.get(key)
        if loaded is not None:
            return loaded.handle
        with self.changing():
            loaded = self.state.loaded.get(key) or self._started.get(key)
            if loaded is not None:
                return loaded.handle
            plugin = self.state.catalog.by_name(key)
            if plugin is None:
                raise not_found(name, self.state.catalog, "the registry")
            watch = Stopwatch()
            try:
                handle = self._load(plugin)
            except PluginLoadError as error:
                self._note_failure(plugin, error, watch.milliseconds)
                raise
            if not self._begun:
                self._keep_started()
            return handle

    def _load(self, plugin: Plugin) -> PluginHandle:
        """Load a plugin and what it needs; when something fails, close what was loaded for it."""
        before = set(self._started)
        try:
            for step, loader in self._prepare(plugin):
                # The loader of an earlier step may have loaded it.
                if step.name.casefold() not in self._started:
                    self._start(step, loader)
        except BaseException:
            for key in [key for key in reversed(self._started) if key not in before]:
                close_quietly(self._started.pop(key).handle.retire)
            raise
        return self._started[plugin.name.casefold()].handle

    def _note_failure(self, plugin: Plugin, error: PluginLoadError, milliseconds: float) -> None:
        self.state = self.state._replace(errors={**self.state.errors, plugin.name.casefold(): error})
        LOGGER.info("%s was not loaded: %s", shown(plugin.name), error.message)
        failed = dataclasses.replace(plugin, state=PluginState.FAILED, error=error)
        self.note(Event(kind=EventKind.LOAD_FAILED, plugin=failed, milliseconds=milliseconds, error=error))

    def _keep_started(self) -> None:
        """Let everybody see what was loaded."""
        started, self._started = self._started, {}
        state = self.state
        errors = {other: error for other, error in state.errors.items() if other not in started}
        self.state = state._replace(loaded={**state.loaded, **started}, errors=errors)
        for one in started.values():
            record = dataclasses.replace(one.handle.plugin, state=PluginState.LOADED)
            milliseconds = one.handle.statistics.load_milliseconds
            self.note(Event(kind=EventKind.LOADED, plugin=record, milliseconds=milliseconds))

    def _prepare(self, plugin: Plugin) -> list[tuple[Plugin, Loader]]:
        """Check all that can be checked; return what to load with what, in order."""
        state = self.state
        resolver = self.resolver(state)._replace(loaded={*state.loaded, *self._started})
        order = resolver.order(plugin)
        for step in order:
            if step.name.casefold() in self._begun:
                raise cycle_error(step, list({**self._begun, plugin.name.casefold(): plugin}.values()))
        checked = [_checked(self._with_trust(step), self.dependency_types(step)) for step in order]
        return [(step, self._loaders.find(step, facts_of(step).type)) for step in checked]

    def dependency_types(self, plugin: Plugin) -> "dict[str, TypeDefinition] | None":
        """Return the types that the dependencies of a plugin declare. See `Registry.dependency_types`."""
        state = self.state
        manifests: list[Manifest] = []
        for _, needed in self.resolver(state).dependencies(plugin):
            manifest = state.current(needed).manifest if needed is not None else None
            if manifest is None:
                return None
            manifests.append(manifest)
        return _types_of(manifests)

    def _with_trust(self, plugin: Plugin) -> Plugin:
        trusted = self.state.trusted
        if not trusted or plugin.folder.resolve() not in trusted:
            return plugin
        return dataclasses.replace(plugin, is_trusted=True)

    def _start(self, plugin: Plugin, loader: Loader) -> None:
        """Have a plugin loaded, after all that it needs."""
        key = plugin.name.casefold()
        needs = self.resolver(self.state).direct(plugin)
        watch = Stopwatch()
        self._begun[key] = plugin
        try:
            loaded = _load_with(loader, plugin)
        finally:
            del self._begun[key]
        with contextlib.ExitStack() as undo:
            undo.callback(close_quietly, functools.partial(close, plugin, loaded))
            # What was checked is true of this moment only.
            known = dataclasses.replace(_with_manifest(plugin, loaded), is_checked=False)
            signatures = None if getattr(loaded, "checks_calls", False) else _signatures(known, needs)
            handle = PluginHandle(known, loaded, signatures, watch.milliseconds, self._watch)
            self._started[key] = Loaded(handle, frozenset(needed.name.casefold() for needed in needs))
            undo.pop_all()
        LOGGER.info(
            "loaded %s %s from %s in %.1f ms",
            shown(plugin.name),
            known.version,
            shown(plugin.folder),
            watch.milliseconds,
        )

    # --- Unloading ---

    def unload(self, plugin: Plugin, *, cascade: bool) -> tuple[str, ...]:
        """Unload a plugin. See `Registry.unload`."""
        key = plugin.name.casefold()
        with self.changing():
            state = self.state
            if key not in state.loaded:
                raise PluginNotLoadedError(
                    f"plugin `{plugin.name}` in {plugin.folder} is not loaded, so there is nothing to unload",
                    plugin=plugin.name,
                )
            self._check_idle(plugin)
            leaving = {key}
            # In the order of loading, so whoever needs a plugin comes after it.
            for other, loaded in state.loaded.items():
                if not leaving.isdisjoint(loaded.needs):
                    leaving.add(other)
            if len(leaving) > 1 and not cascade:
                dependents = [
                    loaded.handle.plugin.name for loaded in state.loaded.values() if key in loaded.needs
                ]
                raise PluginInUseError(
                    f"plugin `{plugin.name}` is needed by {', '.join(dependents)}; unload what needs it first, "
                    "or all at once by cascading",
                    plugin=plugin.name,
                    dependents=dependents,
                )
            return self._retire(leaving)

    def _check_idle(self, plugin: Plugin) -> None:
        """Check that no loader is at work, because what it loads may need any plugin."""
        if self._begun:
            loading = [one.name for one in self._begun.values()]
            raise PluginInUseError(
                f"plugin `{plugin.name}` cannot be unloaded while `{loading[0]}` is being loaded; unload it afterwards",
                plugin=plugin.name,
                dependents=loading,
            )

    def unload_all(self) -> None:
        """Unload everything, each plugin before those it needs. See `Registry.close`."""
        with self.changing():
            self._retire(set(self.state.loaded))

    def _retire(self, leaving: set[str]) -> tuple[str, ...]:
        """Unload plugins, in the opposite order of loading; raise the first failure when all are unloaded."""
        state = self.state
        handles = [loaded.handle for key, loaded in state.loaded.items() if key in leaving]
        staying = {key: loaded for key, loaded in state.loaded.items() if key not in leaving}
        self.state = state._replace(loaded=staying)
        failures: list[PluginCloseError] = []
        # Whatever closing one of them raises, the others are closed, too.
        with contextlib.ExitStack() as closing:
            for handle in handles:
                closing.callback(self._close, handle, failures)
        if failures:
            raise failures[0]
        return tuple(handle.plugin.name for handle in reversed(handles))

    def _close(self, handle: PluginHandle, failures: list[PluginCloseError]) -> None:
        failure = None
        try:
            handle.retire()
        except PluginCloseError as error:
            failure = error
            failures.append(error)
        self.note(Event(kind=EventKind.UNLOADED, plugin=handle.plugin, error=failure))

    def _release(self, handle: PluginHandle) -> None:
        """Unload a plugin that does not want to be kept, unless it is used again or needed."""
        key = handle.plugin.name.casefold()
        with self.changing():
            loaded = self.state.loaded.get(key)
            # What is being loaded may need it.
            if loaded is None or loaded.handle is not handle or handle.is_running or self._begun:
                return
            if any(key in other.needs for other in self.state.loaded.values()):
                return
            with contextlib.suppress(PluginCloseError):
                self._retire({key})
            # What was loaded only for its sake goes with it, if that is not kept either.
            for needed in loaded.needs:
                other = self.state.loaded.get(needed)
                if other is not None and not is_persistent(other.handle.plugin):
                    self._release(other.handle)


def _types_of(manifests: "list[Manifest]") -> "dict[str, TypeDefinition]":
    if not manifests:
        return {}
    from alas_manifest import types_of_dependencies

    return types_of_dependencies(manifests)


def _checked(plugin: Plugin, dependency_types: "Mapping[str, TypeDefinition] | None") -> Plugin:
    """Check that a plugin may be loaded, and that its folder is as its manifest says; return it marked so."""
    if plugin.state is PluginState.SHADOWED and plugin.shadowed_by is not None:
        raise ShadowedPluginError(
            f"plugin `{plugin.name}` in {plugin.folder} is shadowed by the plugin in {plugin.shadowed_by}, which has the "
            "same name or module and was found first; rename one of them or change the search paths",
            plugin=plugin.name,
            winner=plugin.shadowed_by,
        )
    if plugin.entry_point is not None:
        # What a Python package holds is the business of who installed it; its loader compares it with its manifest.
        return plugin
    changed = _difference_to_installed(plugin.folder)
    if changed is not None:
        raise ContentChangedError(
            f"plugin `{plugin.name}` in {plugin.folder} cannot be loaded: {changed.message}; {changed.help}",
            plugin=plugin.name,
        )
    from alas_manifest import read_folder

    reading = read_folder(plugin.folder, dependency_types=dependency_types)
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
    return dataclasses.replace(plugin, is_checked=True)


def _difference_to_installed(folder: Path) -> "Diagnostic | None":
    """Return how an installed plugin differs from what was installed; None for all other plugins."""
    if installed_place(folder) is None:
        return None
    # Imported here, because hashing takes long to import and most plugins are not installed.
    from alas_registry._installed import check_installed

    return check_installed(folder)


def _load_with(loader: Loader, plugin: Plugin) -> LoadedPlugin:
    """Load a plugin; whatever its loader raises becomes the cause of a `PluginLoadError`."""
    try:
        return loader.load(plugin)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # code of a plugin may raise what it likes
        if isinstance(error, PluginLoadError) and error.plugin == plugin.name:
            raise
        raise PluginLoadError(
            f"plugin `{plugin.name}` in {plugin.folder} cannot be loaded: {_reason(error)}",
            plugin=plugin.name,
        ) from error


def _reason(error: BaseException) -> str:
    """Return why a loader refused a plugin, on one line. What is wrong with files is said of the first place only."""
    found: object = getattr(error, "diagnostics", None)
    if isinstance(found, Sequence):
        from alas_manifest import Diagnostic

        errors = [one for one in found if isinstance(one, Diagnostic) and one.is_error]
        if errors:
            first = errors[0]
            place = f"{first.file}:{first.line}:{first.column}: " if first.file is not None else ""
            more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
            return f"{place}{first.message}{more}"
    text = "; ".join(line.strip() for line in str(error).splitlines()) or type(error).__name__
    code: object = getattr(error, "code", None) if isinstance(error, Exception) else None
    # What kind of problem it is gets lost otherwise where the whole is a finding about something else.
    return f"{text} ({code})" if isinstance(code, str) and code.isidentifier() else text


def _with_manifest(plugin: Plugin, loaded: LoadedPlugin) -> Plugin:
    """Return the record of a plugin with the manifest that its loader has found, where it had none."""
    found: Manifest | None = getattr(loaded, "manifest", None)
    if plugin.manifest is not None or found is None:
        return plugin
    manifest = found
    return dataclasses.replace(plugin, facts=Facts.of(manifest), lazy_manifest=LazyManifest(lambda: manifest))


def _signatures(plugin: Plugin, needs: list[Plugin]) -> SignatureTable | None:
    """Return what the manifest says about a plugin's functions."""
    manifest = plugin.manifest
    if manifest is None:
        return None
    return SignatureTable(manifest, _types_of([one.manifest for one in needs if one.manifest is not None]))
