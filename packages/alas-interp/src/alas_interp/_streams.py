"""Where programs print and from where they read lines, as the functions that the engine calls."""

import sys
from collections.abc import Callable
from typing import Protocol, runtime_checkable


class Output(Protocol):
    """What an interpreter asks of the stream that programs print to; every text stream has it."""

    def write(self, text: str, /) -> object:
        """Write text."""
        ...

    def flush(self) -> object:
        """Make visible what was written."""
        ...


@runtime_checkable
class PatientOutput(Output, Protocol):
    """A stream that can wait for its reader for a while, so that a program which prints can be stopped meanwhile."""

    def write_within(self, text: str, seconds: float, /) -> int:
        """Write as much of a text as its reader takes, and say how many characters that is; 0 when the time is over.

        Args:
            text: some text.
            seconds: how long to wait at most.
        """
        ...


class Input(Protocol):
    """What an interpreter asks of the stream that programs read lines from; every text stream has it."""

    def readline(self) -> str:
        """Return the next line with its end, or an empty text when there is none."""
        ...


@runtime_checkable
class PatientInput(Input, Protocol):
    """A stream that can wait for a line for a while, so that a program which reads can be stopped meanwhile."""

    def await_line(self, seconds: float, most: int, /) -> bool:
        """Wait for a line, and say whether `readline` has one now, or has come to the end.

        Args:
            seconds: how long to wait at most.
            most: the bytes that the line may have.

        Raises:
            MemoryError: it has more.
        """
        ...


def writer(output: Output | None) -> Callable[[str], object] | None:
    """Return what writes to a stream, or None when the engine may write to the process's output by itself.

    Args:
        output: the stream; None is `sys.stdout` of the moment, which notebooks and tests replace.
    """
    if output is None:
        return lambda text: sys.stdout.write(text)  # noqa: PLW0108 - looked up at each call
    # The engine hands over large pieces, but on a terminal it shows each line at once.
    return None if _is_terminal_of_process(output) else output.write


def patient_writer(output: Output | None) -> Callable[[str, float], int] | None:
    """Return what writes to a stream within a time, or None when the stream cannot wait for a while.

    Args:
        output: the stream.
    """
    # Objects that make up whatever they are asked for, as mocks, cannot.
    if isinstance(output, PatientOutput) and hasattr(type(output), "write_within"):
        return output.write_within
    return None


def shows_lines(output: Output | None) -> bool:
    """Tell whether people watch a stream, so that each line belongs there at once.

    Args:
        output: the stream; None is `sys.stdout` of the moment.
    """
    isatty = getattr(output if output is not None else sys.stdout, "isatty", None)
    return isatty is not None and bool(isatty())


def _is_terminal_of_process(output: Output) -> bool:
    return output is sys.stdout is sys.__stdout__ and sys.stdout.isatty() and sys.stdout.fileno() == 1


def reader(stream: Input | None, output: Output | None) -> Callable[[], str | None]:
    """Return what reads a line without its end, or None when there is none.

    Args:
        stream: where lines come from; None is `sys.stdin` of the moment.
        output: where questions go; a question without a line end has to be seen before the answer is typed.
    """

    def read_line() -> str | None:
        (output or sys.stdout).flush()
        line = (stream or sys.stdin).readline()
        return line.removesuffix("\n").removesuffix("\r") if line else None

    return read_line


def waiter(stream: Input | None, output: Output | None) -> Callable[[float, int], bool] | None:
    """Return what waits for a line, or None when the stream cannot wait for a while.

    Args:
        stream: where lines come from.
        output: where questions go.
    """
    if not isinstance(stream, PatientInput):
        return None

    def await_line(seconds: float, most: int) -> bool:
        (output or sys.stdout).flush()
        return stream.await_line(seconds, most)

    return await_line
