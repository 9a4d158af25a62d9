"""The log file, which several processes write and rotate at once.

A record is one line, written by one call to the end of the file, so that lines of several processes do not mix and no lock is
needed to write. Only who finds the file full takes the lock, looks again, and renames; the others notice that the file of
that name is another one and go on there. A record that was on its way then ends in the file that was renamed, not nowhere.

A log that cannot be written is no reason for a command to fail: the records are dropped, and said so once.
"""

import logging
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

from alas_manifest import escape_text

# How long to wait for who is rotating; after that the file grows for once.
_LOCK_SECONDS = 1.0


class LineFormatter(logging.Formatter):
    r"""Makes one line of a record: time in UTC, process, level, message. What could forge a line is escaped.

    Example:
        >>> record = logging.LogRecord("a", logging.INFO, "", 0, "two\nlines", (), None)
        >>> LineFormatter().format(record).split(" ", 2)[2]
        'INFO two\\x0alines'
    """

    converter = time.gmtime  # type: ignore[assignment] # the library's own way to say UTC
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, form: str = "%(asctime)s %(process)d %(levelname)s %(message)s") -> None:
        """Take the form of a line.

        Args:
            form: what stands where.
        """
        super().__init__(form)

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        return escape_text(super().format(record))


class LogFile(logging.Handler):
    """Writes records to a file, and begins a new one when that is full.

    The file and its folder are made when the first record comes.
    """

    def __init__(
        self, path: Path, *, max_size: int, max_files: int, on_failure: Callable[[str], object]
    ) -> None:
        """Take where to write; nothing is opened yet.

        Args:
            path: the file; older ones get `.1`, `.2` and so on behind their name.
            max_size: the size in bytes that a file does not exceed.
            max_files: how many files are kept, this one included.
            on_failure: is told once why nothing can be written.
        """
        super().__init__()
        self.setFormatter(LineFormatter())
        self._path = path
        self._max_size = max_size
        self._max_files = max_files
        self._on_failure = on_failure
        self._descriptor: int | None = None
        self._has_failed = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record. Whatever goes wrong, nothing is raised."""
        if self._has_failed:
            return
        try:
            line = f"{self.format(record)}\n".encode("utf-8", "backslashreplace")
            os.write(self._ready(len(line)), line)
        except OSError as error:
            self._fail(error.strerror or str(error))
        except (ValueError, TypeError, LookupError):
            # The arguments of a record do not fit its message; that is said as of any other handler.
            self.handleError(record)

    def close(self) -> None:
        """Close the file."""
        self.acquire()
        try:
            self._close()
        finally:
            self.release()
        super().close()

    def _ready(self, size: int) -> int:
        """Return the descriptor of a file that has room for a line."""
        descriptor = self._current()
        status = os.fstat(descriptor)
        if status.st_size == 0 or status.st_size + size <= self._max_size:
            return descriptor
        self._rotate(size)
        return self._current()

    def _current(self) -> int:
        """Return the descriptor of the file that has the name now."""
        if self._descriptor is not None:
            mine = os.fstat(self._descriptor)
            try:
                is_same = os.path.samestat(mine, self._path.stat())
            except FileNotFoundError:
                is_same = False
            if not is_same:
                self._close()
        if self._descriptor is None:
            self._descriptor = self._open()
        return self._descriptor

    def _open(self) -> int:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Without O_NONBLOCK opening a pipe would wait for its reader.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
        flags |= getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(self._path, flags, 0o600)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise OSError(0, "it is no regular file")
        return descriptor

    def _rotate(self, size: int) -> None:
        """Give the full file another name, unless another process has done so or keeps doing so."""
        # Imported here, because most runs do not fill a file.
        from filelock import FileLock, Timeout

        lock = FileLock(f"{self._path}.lock", timeout=_LOCK_SECONDS, mode=0o600)
        try:
            with lock:
                if os.fstat(self._current()).st_size + size > self._max_size:
                    self._close()
                    self._rename()
        except Timeout:
            return

    def _rename(self) -> None:
        names = [self._path, *(Path(f"{self._path}.{number}") for number in range(1, self._max_files))]
        if len(names) == 1:
            self._path.unlink(missing_ok=True)
        for older, newer in zip(reversed(names[1:]), reversed(names[:-1]), strict=True):
            if newer.exists():
                newer.replace(older)

    def _close(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _fail(self, reason: str) -> None:
        self._has_failed = True
        self._close()
        self._on_failure(f"the log file {escape_text(str(self._path))} cannot be written: {reason}")
