"""The trace of what the registry does: the standard logger `alas.registry`.

DEBUG says what was found, where, and chosen why; INFO what was loaded and unloaded; WARNING what somebody should look at.
"""

import logging
import time

from alas_manifest import escape_text

LOGGER = logging.getLogger("alas.registry")
# The mark of a record that somebody gets as an exception too, so that it need not be shown twice.
REPORTED = {"is_reported": True}


def shown(value: object) -> str:
    """Return a value as text that no terminal minds."""
    return escape_text(str(value))


def log_reported(message: str, *arguments: object) -> None:
    """Log as a warning what the caller is told by an exception, too.

    Where logging is not set up, nothing is logged: Python would write it on standard error, beside the exception.

    Args:
        message: the message, with the places for the arguments.
        arguments: what stands in them.
    """
    if LOGGER.hasHandlers():
        LOGGER.warning(message, *arguments, extra=REPORTED)


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
