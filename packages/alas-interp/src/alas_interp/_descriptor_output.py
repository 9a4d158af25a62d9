"""Output to a file descriptor, written so that waiting for its reader can be stopped."""

import os
import select
import stat
from typing import TextIO

_MUCH = 1 << 20


class DescriptorOutput:
    """A text stream of a file descriptor, from which programs can be stopped while nobody reads what they print.

    `sys.stdout` waits until a pipe that is full is read, whatever happens meanwhile. This lets timeouts,
    `Interpreter.interrupt` and cancellation through. What is written comes out at once, behind what others have written to
    the stream. On Windows it waits as the stream does.

    Example:
        >>> import sys
        >>> from alas_interp import DescriptorOutput, Interpreter
        >>> interpreter = Interpreter(output=DescriptorOutput(sys.__stdout__))
    """

    def __init__(self, stream: TextIO) -> None:
        """Write nothing yet.

        Args:
            stream: what is written to. It stays open.

        Raises:
            OSError: it has no file descriptor.
        """
        self._stream = stream
        self._descriptor = stream.fileno()
        # A reader may keep only a pipe, a terminal or a socket waiting.
        self._has_reader = os.name != "nt" and not stat.S_ISREG(os.fstat(self._descriptor).st_mode)

    def await_room(self, seconds: float, /) -> int:
        """Wait until something can be written without waiting, and say how many bytes of it; 0 when the time is over.

        Args:
            seconds: how long to wait at most.
        """
        if not self._has_reader:
            return _MUCH
        poll = select.poll()
        poll.register(self._descriptor, select.POLLOUT)
        return select.PIPE_BUF if poll.poll(seconds * 1000) else 0

    def write(self, text: str, /) -> int:
        """Write text, waiting for as long as it takes.

        Raises:
            OSError: it cannot be written.
        """
        self._stream.write(text)
        self._stream.flush()
        return len(text)

    def flush(self) -> None:
        """Make visible what others have written to the stream."""
        self._stream.flush()

    def isatty(self) -> bool:
        """Tell whether people watch."""
        return self._stream.isatty()
