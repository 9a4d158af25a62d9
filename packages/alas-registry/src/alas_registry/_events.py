"""What the registry tells those who listen."""

from dataclasses import dataclass
from enum import StrEnum

from alas_registry._plugin import Plugin


class EventKind(StrEnum):
    """What has happened."""

    DISCOVERED = "discovered"
    """Plugins were looked for; `Registry.plugins` lists them."""
    LOADED = "loaded"
    """A plugin was loaded."""
    LOAD_FAILED = "load_failed"
    """A plugin could not be loaded."""
    UNLOADED = "unloaded"
    """A plugin was unloaded."""
    CALLED = "called"
    """A function of a plugin was called from outside, and has returned or failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that has happened.

    Attributes:
        kind: what.
        plugin: to which plugin, in the state it has after it; None for `discovered`.
        function: the function that was called; None for all other kinds.
        milliseconds: how long it took; None for `unloaded`.
        error: why it failed; None when it did not.
    """

    kind: EventKind
    plugin: Plugin | None = None
    function: str | None = None
    milliseconds: float | None = None
    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class PluginStatistics:
    """How a plugin has been used since it was loaded.

    Attributes:
        load_milliseconds: how long loading took, without what it depends on.
        calls: how often its functions were called from outside; calls between ALaS modules stay in the engine and are not
            counted.
        failed_calls: how many of these failed.
        call_milliseconds: how long they took together.
    """

    load_milliseconds: float
    calls: int = 0
    failed_calls: int = 0
    call_milliseconds: float = 0.0
