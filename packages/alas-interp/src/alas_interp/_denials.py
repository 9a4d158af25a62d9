"""What code tried that was not granted."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple


class Denial(NamedTuple):
    """An attempt at what was not granted.

    Attributes:
        plugin: the name of the plugin whose code it was; None for a program.
        module: the module.
        function: the function in there.
        access: the right that was missing, `read`, `write`, `run` or `net`.
        target: what it would have reached: an absolute path, a command, or a host or address with its port.
    """

    plugin: str | None
    module: str
    function: str
    access: str
    target: str

    def __str__(self) -> str:
        """Say it in a sentence that cannot drive a terminal.

        Example:
            >>> str(Denial("reader", "reader", "load", "read", "/etc/shadow"))
            "the plugin 'reader' was denied to read '/etc/shadow' (in reader.load)"
        """
        who = "a program" if self.plugin is None else f"the plugin {self.plugin!r}"
        what = _VERBS.get(self.access, self.access)
        return f"{who} was denied to {what} {self.target!r} (in {self.module}.{self.function})"


# What is done by a right whose word is no verb.
_VERBS = {"net": "connect to"}


class Denials:
    """Counts denials, and tells of them."""

    def __init__(self, tell: Callable[[Denial], object] | None) -> None:
        """Take who is told; None is the log."""
        self._tell = tell if tell is not None else _log
        self._lock = threading.Lock()
        self._counts: Counter[str | None] = Counter()

    def note(self, plugin: str | None, module: str, function: str, access: str, target: str) -> None:
        """Note a denial, as the engine tells of it."""
        with self._lock:
            self._counts[plugin] += 1
        self._tell(Denial(plugin, module, function, access, target))

    def counts(self) -> Mapping[str | None, int]:
        """Return how many there were, by the plugin."""
        with self._lock:
            return dict(self._counts)


def _log(denial: Denial) -> None:
    # Imported here, because most programs are denied nothing.
    import logging

    logger = logging.getLogger("alas.permissions")
    if not logger.handlers:
        # Where nobody wants the log, nothing is written.
        logger.addHandler(logging.NullHandler())
    logger.warning("%s", denial)
