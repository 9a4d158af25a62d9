"""Setting up the log: where the records of the logger `alas.registry` go. Libraries leave that to the program they serve."""

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from alas_manifest import escape_text
from alas_registry._log_file import LineFormatter, LogFile
from alas_registry._trace import LOGGER

if TYPE_CHECKING:
    from alas_registry._settings import LogSettings

_SYSTEM_PREFIXES = ("/usr", "/usr/local")
_SYSTEM_SOCKET = "/dev/log"
_OFF = logging.CRITICAL + 1


def configure_logging(
    settings: "LogSettings", *, debug: bool = False, show: Callable[[str], object] | None = None
) -> Callable[[], None]:
    """Write down what the registry does, and show warnings to the user.

    For programs; the commands of ALaS do so, and the library never does by itself. No file is made before there is something
    to write, and none that cannot be written makes anything fail.

    Args:
        settings: what goes to which file, and whether to the system's log.
        debug: log everything and show it, too.
        show: takes a line with its end, for the user; None writes it on standard error.

    Returns:
        What takes all of it back, and closes the file.

    Example:
        >>> from alas_registry import Registry, read_settings
        >>> undo = configure_logging(read_settings().log, show=lambda line: None)
        >>> undo()
    """
    shows = show if show is not None else _write_error
    level = logging.DEBUG if debug else _level(settings.level)

    def complain(message: str) -> None:
        if debug:
            shows(f"{LOGGER.name}: {message}\n")

    handlers: list[logging.Handler] = [_Shown(shows, debug=debug)]
    if level < _OFF:
        file = LogFile(
            settings.file, max_size=settings.max_size, max_files=settings.max_files, on_failure=complain
        )
        file.setLevel(level)
        handlers.append(file)
        if settings.system or (settings.system is None and is_for_whole_system()):
            handlers += _system_log(max(level, logging.INFO), complain)
    previous = LOGGER.level
    for handler in handlers:
        LOGGER.addHandler(handler)
    LOGGER.setLevel(min(handler.level for handler in handlers))

    def undo() -> None:
        LOGGER.setLevel(previous)
        for handler in handlers:
            LOGGER.removeHandler(handler)
            handler.close()

    return undo


def is_for_whole_system() -> bool:
    """Say whether ALaS runs from an installation that all users share, not from a virtual environment.

    Example:
        >>> is_for_whole_system() and sys.prefix != sys.base_prefix
        False
    """
    return sys.prefix == sys.base_prefix and os.path.normpath(sys.prefix) in _SYSTEM_PREFIXES


def _level(name: str) -> int:
    return _OFF if name == "off" else logging.getLevelNamesMapping()[name.upper()]


class _Shown(logging.Handler):
    """Shows records to the user: each warning once, or everything."""

    def __init__(self, show: Callable[[str], object], *, debug: bool) -> None:
        super().__init__(logging.DEBUG if debug else logging.WARNING)
        self._show = show
        self._is_debugged = debug
        self._warned: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record, unless the user hears of it anyway."""
        if getattr(record, "is_reported", False) and not self._is_debugged:
            return
        name = f"{record.name}: " if self._is_debugged else ""
        kind = f"{record.levelname.lower()}: " if record.levelno >= logging.WARNING else ""
        try:
            line = f"{name}{kind}{escape_text(record.getMessage())}\n"
            # A process may make many registries, as testing plugins does, and what holds for one of them holds for all.
            if record.levelno == logging.WARNING and not self._is_debugged:
                if line in self._warned:
                    return
                self._warned.add(line)
            self._show(line)
        except (ValueError, TypeError, LookupError, OSError):
            self.handleError(record)


def _write_error(line: str) -> None:
    if sys.stderr is not None:
        encoding = sys.stderr.encoding or "utf-8"
        sys.stderr.write(line.encode(encoding, "backslashreplace").decode(encoding))


def _system_log(level: int, complain: Callable[[str], None]) -> list[logging.Handler]:
    """Return what writes to the system's log, if there is one."""
    if not Path(_SYSTEM_SOCKET).exists():
        complain(f"there is no system log: {_SYSTEM_SOCKET} does not exist")
        return []
    # Imported here, because it takes as long as all the rest of a log.
    from alas_registry._system_log import SystemLog

    handler = SystemLog(_SYSTEM_SOCKET, complain)
    handler.setLevel(level)
    handler.setFormatter(LineFormatter("alas[%(process)d]: %(levelname)s %(message)s"))
    return [handler]
