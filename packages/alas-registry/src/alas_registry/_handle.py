"""A loaded plugin as the registry hands it out: every call from outside goes through here."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from alas_registry._errors import PluginCloseError, PluginNotLoadedError
from alas_registry._events import Event, EventKind, PluginStatistics
from alas_registry._loading import LoadedPlugin
from alas_registry._plugin import Plugin
from alas_registry._signatures import SignatureTable
from alas_registry._trace import LOGGER, shown

_LONGEST_SHOWN = 40


class PluginHandle:
    """A loaded plugin whose functions can be called, from any thread.

    Arguments and results are checked against the plugin's manifest. A plugin that is unloaded while calls run is given back
    when the last of them has ended.

    Attributes:
        plugin: what was loaded.
    """

    def __init__(
        self,
        plugin: Plugin,
        loaded: LoadedPlugin,
        signatures: SignatureTable | None,
        load_milliseconds: float,
        watch: "Watch",
    ) -> None:
        """Take a plugin from its loader; the registry does this.

        Args:
            plugin: what was loaded.
            loaded: what calls its functions.
            signatures: what its manifest says about them.
            load_milliseconds: how long loading took.
            watch: who wants to know what happens.
        """
        self.plugin = plugin
        self._loaded = loaded
        self._signatures = signatures
        self._watch = watch
        self._lock = threading.Lock()
        self._running = 0
        self._is_retired = False
        self._is_kept = is_persistent(plugin)
        self._load_milliseconds = load_milliseconds
        self._calls = 0
        self._failed_calls = 0
        self._call_milliseconds = 0.0

    def call(self, function: str, arguments: Sequence[object] = ()) -> object:
        """Call a function of the plugin.

        Args:
            function: the function's name, without the module's.
            arguments: its arguments in order: int, float, bool, str, None, lists, tuples, mappings, buffers of numbers.

        Returns:
            Its result, as a Python value.

        Raises:
            FunctionNotFoundError: the plugin has no such function.
            ArgumentsError: the arguments do not fit the manifest's signature.
            ResultError: the result does not fit it.
            PluginNotLoadedError: the plugin was unloaded.
            TypeError: the arguments are a text instead of a list with it.
            Exception: whatever the loader raises for an error of the plugin.
        """
        if isinstance(arguments, str | bytes | bytearray):
            # A text is a sequence too, of its letters, which nobody means.
            shown = repr(arguments) if len(arguments) <= _LONGEST_SHOWN else "…"
            raise TypeError(
                f"expected the arguments of {function} as a list, found one {type(arguments).__name__}; "
                f"write call({function!r}, [{shown}])"
            )
        if not self.enter():
            return self._watch.retired(self.plugin).call(function, arguments)
        return self.run(function, arguments)

    @property
    def statistics(self) -> PluginStatistics:
        """How the plugin has been used since it was loaded."""
        with self._lock:
            return PluginStatistics(
                self._load_milliseconds, self._calls, self._failed_calls, self._call_milliseconds
            )

    @contextlib.contextmanager
    def in_use(self) -> Iterator[bool]:
        """Keep the plugin from being closed, for who calls its functions without the registry.

        A plugin that does not want to be kept between calls is unloaded at the end, as after a call.

        Yields:
            Whether it is loaded; one that was unloaded before stays so.
        """
        is_entered = self.enter()
        try:
            yield is_entered
        finally:
            if is_entered:
                self._leave()

    # --- For the registry ---

    def enter(self) -> bool:
        """Begin a call, unless the plugin was unloaded; say whether it has begun. `run` has to follow."""
        with self._lock:
            if self._is_retired:
                return False
            self._running += 1
            return True

    def run(self, function: str, arguments: Sequence[object]) -> object:
        """Make the call that has begun, and end it. See `call`."""
        begin = time.perf_counter()
        failure: BaseException | None = None
        try:
            signature = None
            if self._signatures is not None:
                signature = self._signatures.check_arguments(function, arguments)
            result = self._loaded.call(function, arguments)
            if signature is not None and self._signatures is not None:
                self._signatures.check_result(signature, result)
        except BaseException as error:
            failure = error
            raise
        finally:
            milliseconds = (time.perf_counter() - begin) * 1000
            self._count(milliseconds, is_failed=failure is not None)
            try:
                if self._watch.has_listeners():
                    self._watch.called(self.plugin, function, milliseconds, failure)
            finally:
                self._leave()
        return result

    def _count(self, milliseconds: float, *, is_failed: bool) -> None:
        with self._lock:
            self._calls += 1
            self._failed_calls += is_failed
            self._call_milliseconds += milliseconds

    def _leave(self) -> None:
        """End a call."""
        with self._lock:
            self._running -= 1
            is_idle = self._running == 0
            is_last = is_idle and self._is_retired
        if is_last:
            # Nobody waits for this any more, so there is nobody to raise an error to.
            close_quietly(self._close)
        elif is_idle and not self._is_kept:
            self._watch.release(self)

    @property
    def is_running(self) -> bool:
        """Whether calls are running."""
        with self._lock:
            return self._running > 0

    def retire(self) -> None:
        """Take no more calls, and give back what the plugin holds once no call is running.

        Raises:
            PluginCloseError: giving it back failed.
        """
        with self._lock:
            is_first, self._is_retired = not self._is_retired, True
            is_idle = self._running == 0
        if is_first and is_idle:
            self._close()

    def _close(self) -> None:
        close(self.plugin, self._loaded)
        used = self.statistics
        LOGGER.info(
            "unloaded %s: called %d times from outside, %d failed, %.1f ms",
            shown(self.plugin.name),
            used.calls,
            used.failed_calls,
            used.call_milliseconds,
        )


class Watch:
    """Tells the registry what happens to handles."""

    def __init__(
        self,
        publish: Callable[[Event], None],
        has_listeners: Callable[[], bool],
        release: Callable[[PluginHandle], None],
        reload: Callable[[str], PluginHandle],
    ) -> None:
        """Take what the registry does.

        Args:
            publish: tells the listeners of an event.
            has_listeners: says whether there are any.
            release: unloads a plugin that does not want to be kept loaded.
            reload: loads a plugin again.
        """
        self.has_listeners = has_listeners
        self.release = release
        self._publish = publish
        self._reload = reload

    def called(self, plugin: Plugin, function: str, milliseconds: float, error: BaseException | None) -> None:
        """Tell of the end of a call."""
        self._publish(
            Event(
                kind=EventKind.CALLED,
                plugin=plugin,
                function=function,
                milliseconds=milliseconds,
                error=error,
            )
        )

    def retired(self, plugin: Plugin) -> PluginHandle:
        """Return what to call instead of a plugin that is not loaded any more.

        Raises:
            PluginNotLoadedError: it was unloaded because somebody wanted so.
            PluginNotFoundError: it is not there any more.
            PluginLoadError: it cannot be loaded again.
        """
        if not is_persistent(plugin):
            return self._reload(plugin.name)
        raise PluginNotLoadedError(
            f"plugin `{plugin.name}` in {plugin.folder} was unloaded; load it again to call it",
            plugin=plugin.name,
        )


def is_persistent(plugin: Plugin) -> bool:
    """Return whether a plugin wants to be kept loaded between calls."""
    manifest = plugin.manifest
    return manifest is None or manifest.runtime.persistent


def close(plugin: Plugin, loaded: LoadedPlugin) -> None:
    """Give back what a plugin holds.

    Raises:
        PluginCloseError: it failed.
    """
    try:
        loaded.close()
    except Exception as error:
        raise PluginCloseError(
            f"plugin `{plugin.name}` in {plugin.folder} is unloaded, but closing it failed: {error}; what it held may be "
            "held until the process ends",
            plugin=plugin.name,
        ) from error


def close_quietly(close: Callable[[], None]) -> None:
    """Close a plugin where nobody could do anything about a failure but read of it."""
    try:
        close()
    except PluginCloseError as error:
        LOGGER.warning("%s", error.message)
