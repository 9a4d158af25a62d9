"""Output to a file descriptor, written so that waiting for its reader can be stopped."""

import codecs
import os
import select
import socket
import stat
import threading
import time
from collections.abc import Callable
from typing import TextIO

_PATIENCE = 0.1
_SOON = 0.001


class DescriptorOutput:
    """A text stream of a file descriptor, from which programs can be stopped while nobody reads what they print.

    `sys.stdout` waits until a pipe that is full is read, whatever happens meanwhile. This lets timeouts,
    `Interpreter.interrupt` and cancellation through. What is written comes out at once, behind what others have written to
    the stream. Several interpreters and threads may share one. Not everywhere can be told beforehand how much a reader takes:
    on Windows it waits as the stream does.

    Example:
        >>> import sys
        >>> from alas_interp import DescriptorOutput, Interpreter
        >>> interpreter = Interpreter(output=DescriptorOutput(sys.__stdout__))
    """

    def __init__(self, stream: TextIO) -> None:
        """Write nothing yet.

        Args:
            stream: what is written to, in UTF-8. It stays open.

        Raises:
            OSError: it has no file descriptor.
            ValueError: it is not in UTF-8.
        """
        self._stream = stream
        self._descriptor = stream.fileno()
        if codecs.lookup(stream.encoding).name != "utf-8":
            raise ValueError(f"the stream is in {stream.encoding}, which is not UTF-8")
        self._errors = stream.errors or "strict"
        self._write_some = _writer(self._descriptor)
        self._lock = threading.Lock()
        # The end of a character whose beginning was taken.
        self._begun = b""

    def write_within(self, text: str, seconds: float, /) -> int:
        """Write as much of a text as its reader takes, and say how many characters that is; 0 when the time is over.

        Args:
            text: some text.
            seconds: how long to wait at most.

        Raises:
            OSError: it cannot be written.
        """
        until = time.monotonic() + seconds
        if not self._lock.acquire(timeout=seconds):
            return 0
        try:
            self._stream.flush()
            if self._begun:
                self._begun = self._begun[self._write(self._begun, until) :]
                if self._begun:
                    return 0
            data = text.encode("utf-8", self._errors)
            end = taken = self._write(data, until)
            while end < len(data) and data[end] & 0xC0 == 0x80:
                end += 1
            self._begun = data[taken:end]
            return len(text) if end == len(data) else len(data[:end].decode("utf-8", self._errors))
        finally:
            self._lock.release()

    def write(self, text: str, /) -> int:
        """Write text, waiting for as long as it takes.

        Raises:
            OSError: it cannot be written.
        """
        rest = text
        while rest:
            rest = rest[self.write_within(rest, _PATIENCE) :]
        return len(text)

    def flush(self) -> None:
        """Make visible what others have written to the stream."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Tell whether people watch."""
        return self._stream.isatty()

    def _write(self, data: bytes, until: float) -> int:
        """Write as much as is taken, and return how many bytes; none when the time is over."""
        while data:
            try:
                return self._write_some(data)
            except BlockingIOError:
                left = until - time.monotonic()
                if left <= 0:
                    return 0
                # It may be ready, and yet take nothing.
                if _is_writable(self._descriptor, left):
                    time.sleep(min(left, _SOON))
        return 0


def _writer(descriptor: int) -> Callable[[bytes], int]:
    """Return what writes as much to a descriptor as is taken at once, and raises `BlockingIOError` when that is nothing.

    Whether waiting is allowed belongs to what is open, which other processes may use as well. So it stays as it is.
    """
    mode = os.fstat(descriptor).st_mode
    if os.name == "nt" or stat.S_ISREG(mode):
        return lambda data: os.write(descriptor, data)
    if stat.S_ISSOCK(mode):
        return lambda data: _send(descriptor, data)
    return lambda data: _write_anew(descriptor, data)


def _send(descriptor: int, data: bytes) -> int:
    with socket.socket(fileno=os.dup(descriptor)) as connection:
        return connection.send(data, socket.MSG_DONTWAIT)


def _write_anew(descriptor: int, data: bytes) -> int:
    """Open it another time, where waiting is not allowed."""
    try:
        anew = os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        # Not all systems show what is open; it may be somebody else's; nobody may read it any more.
        return _write_little(descriptor, data)
    try:
        return os.write(anew, data)
    finally:
        os.close(anew)


def _write_little(descriptor: int, data: bytes) -> int:
    """Write what a pipe takes that is ready."""
    if not _is_writable(descriptor, 0):
        raise BlockingIOError
    return os.write(descriptor, data[: select.PIPE_BUF])


def _is_writable(descriptor: int, seconds: float) -> bool:
    """Wait until something can be written."""
    poll = select.poll()
    poll.register(descriptor, select.POLLOUT)
    return bool(poll.poll(seconds * 1000))
