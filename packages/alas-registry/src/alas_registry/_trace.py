"""The trace of what the registry does: the standard logger `alas.registry`, level DEBUG."""

import logging
import time

from alas_manifest import escape_text

LOGGER = logging.getLogger("alas.registry")


def shown(value: object) -> str:
    """Return a value as text that no terminal minds."""
    return escape_text(str(value))


class Stopwatch:
    """Measures from its making.

    Example:
        >>> Stopwatch().milliseconds >= 0
        True
    """

    def __init__(self) -> None:
        self._start = time.perf_counter()

    @property
    def milliseconds(self) -> float:
        """The time since the making, in milliseconds."""
        return (time.perf_counter() - self._start) * 1000
