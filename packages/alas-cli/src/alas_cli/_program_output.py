"""Standard output while one document is to have it to itself.

Plugins in Python print as they like: with `print`, from libraries in C, by processes that they start. With `-format json` all of
that goes to standard error, from before the first plugin is loaded to the very end of the process.
"""

import errno
import io
import os
import sys


class ProgramOutput(io.TextIOWrapper):
    """What `sys.stdout` is meanwhile: whatever is printed comes out of standard error."""

    def __init__(self, document: int | None) -> None:
        """Take over.

        Args:
            document: the descriptor of the real standard output; None when there is none.
        """
        has_errors = sys.stderr is not None
        target = open(2 if has_errors else os.devnull, "wb", buffering=0, closefd=not has_errors)  # noqa: SIM115 - lives as long as the process
        super().__init__(
            target, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True
        )
        self._document = document

    def write_document(self, text: str) -> None:
        """Write to the real standard output.

        Args:
            text: all of the document.

        Raises:
            OSError: it cannot be written.
        """
        if self._document is None:
            raise OSError(errno.EBADF, "standard output is closed")
        rest = memoryview(text.encode("ascii"))
        while rest:
            rest = rest[os.write(self._document, rest) :]


def reserve_output() -> None:
    """Keep standard output for the document that this process will write. To be called before code of a user may run."""
    if isinstance(sys.stdout, ProgramOutput):
        return
    document = None
    # Without standard output, its number may be that of any other file by now.
    if sys.__stdout__ is not None:
        sys.stdout.flush()
        document = os.dup(1)
        if sys.stderr is not None:
            os.dup2(2, 1)
        else:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.close(nowhere)
    sys.stdout = ProgramOutput(document)
