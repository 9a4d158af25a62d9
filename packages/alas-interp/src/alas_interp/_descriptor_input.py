"""Input from a file descriptor, read so that waiting for it can be stopped."""

import os
import sys
import threading
import time

_PIECE = 1 << 16
_PATIENCE = 0.1


class DescriptorInput:
    """Lines of a file descriptor, from which programs can be stopped while they wait.

    `sys.stdin` waits until there is a line, whatever happens meanwhile. This lets timeouts, `Interpreter.interrupt` and
    cancellation through. It reads ahead, and does not see what others, such as `sys.stdin`, have read ahead: the descriptor
    should be its own. Several interpreters and threads may share one. On Windows it waits as `sys.stdin` does.

    Example:
        >>> from alas_interp import DescriptorInput, Interpreter
        >>> interpreter = Interpreter(input=DescriptorInput(0))
    """

    def __init__(self, descriptor: int) -> None:
        """Read nothing yet.

        Args:
            descriptor: what is read, as long as this is used; 0 is the standard input of the process. It stays open.
        """
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._pending = bytearray()
        self._searched = 0
        # The line that a thread has waited for, so that no other thread reads it.
        self._awaited = threading.local()

    def await_line(self, seconds: float, most: int, /) -> bool:
        """Wait for a line, and say whether `readline` has one now in this thread, or has come to the end.

        Args:
            seconds: how long to wait at most.
            most: the bytes that the line may have.

        Raises:
            MemoryError: it has more; what was read of it is lost.
            OSError: the input cannot be read.
        """
        if self._has_awaited():
            return True
        until = time.monotonic() + seconds
        if not self._lock.acquire(timeout=seconds):
            return False
        try:
            while (end := self._find_end()) is None:
                if len(self._pending) > most:
                    self._take(len(self._pending))
                    raise MemoryError(f"a line of the input has more than {most} bytes")
                if not _is_readable(self._descriptor, max(0.0, until - time.monotonic())):
                    return False
                piece = os.read(self._descriptor, _PIECE)
                if not piece:
                    end = len(self._pending)
                    break
                self._pending += piece
            self._awaited.line = self._take(end)
        finally:
            self._lock.release()
        return True

    def readline(self) -> str:
        """Return the next line with its end, or an empty text at the end of the input. What is no UTF-8 is replaced.

        Raises:
            OSError: the input cannot be read.
        """
        while not self.await_line(_PATIENCE, sys.maxsize):
            pass
        line: bytes = self._awaited.line
        del self._awaited.line
        return line.decode("utf-8", "replace")

    def _has_awaited(self) -> bool:
        return hasattr(self._awaited, "line")

    def _find_end(self) -> int | None:
        """Return where the first line ends, if it is there as a whole."""
        found = self._pending.find(b"\n", self._searched)
        self._searched = len(self._pending)
        return None if found < 0 else found + 1

    def _take(self, end: int) -> bytes:
        line = bytes(self._pending[:end])
        del self._pending[:end]
        self._searched = 0
        return line


def _is_readable(descriptor: int, seconds: float) -> bool:
    """Wait until there is something to read."""
    if os.name == "nt":
        # Only sockets can be waited for there.
        return True
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
