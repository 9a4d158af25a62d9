"""The log of the operating system, for ALaS that is installed for all its users."""

import logging
import sys
from collections.abc import Callable
from logging.handlers import SysLogHandler


class SystemLog(SysLogHandler):
    """Sends records to the system's log; what it does not take is dropped."""

    def __init__(self, address: str, complain: Callable[[str], object]) -> None:
        """Open the system's log.

        Args:
            address: the socket it listens on.
            complain: is told once why nothing can be sent.
        """
        super().__init__(address)
        self._complain = complain
        self._has_failed = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Drop a record that cannot be sent."""
        del record
        if not self._has_failed:
            self._has_failed = True
            self._complain(f"the system log cannot be written: {sys.exc_info()[1]}")
