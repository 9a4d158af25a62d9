"""Where a program prints and from where it reads lines."""

import io
import sys
from typing import TextIO


class Console:
    """Standard output and standard input, in UTF-8.

    Attributes:
        output: where the program prints.
    """

    def __init__(self, *, is_for_machines: bool) -> None:
        """Take the streams of the process.

        Args:
            is_for_machines: a document has standard output to itself, so the program prints on standard error.
        """
        if is_for_machines:
            from alas_cli._program_output import reserve_output

            reserve_output()
        for stream in (sys.stdin, None if is_for_machines else sys.stdout):
            if isinstance(stream, io.TextIOWrapper):
                # Input may hold anything; what is no UTF-8 becomes visible as such.
                errors = "replace" if stream is sys.stdin else "strict"
                stream.reconfigure(
                    encoding="utf-8", errors=errors, newline=None if stream is sys.stdin else "\n"
                )
        # Without standard error, what the program prints in favour of a document is lost.
        self.output: TextIO = sys.stdout

    def readline(self) -> str:
        """Return a line of the input with its end, or an empty text at the end."""
        return sys.stdin.readline() if sys.stdin is not None else ""
