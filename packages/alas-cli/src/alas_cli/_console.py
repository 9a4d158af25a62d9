"""Where a program prints and from where it reads lines."""

import io
import sys
from typing import TextIO

from alas_interp import DescriptorInput, DescriptorOutput


class Console:
    """Standard output and standard input, in UTF-8.

    Attributes:
        output: where the program prints.
        input: where the program reads lines.
    """

    def __init__(self, *, is_for_machines: bool) -> None:
        """Take the streams of the process.

        Args:
            is_for_machines: a document has standard output to itself, so the program prints on standard error.
        """
        if is_for_machines:
            from alas_cli._program_output import reserve_output

            reserve_output()
        elif isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="strict", newline="\n")
        # Without standard error, what the program prints in favour of a document is lost.
        self.output = _patient(sys.stdout)
        # Whoever starts this without an input may have another file in its place.
        self.input = io.StringIO() if sys.stdin is None else DescriptorInput(sys.stdin.fileno())


def _patient(stream: TextIO) -> TextIO | DescriptorOutput:
    """Return a stream from which a program can be stopped while it waits for a reader, where there is a descriptor behind it."""
    try:
        return DescriptorOutput(stream)
    except (OSError, ValueError):
        return stream
