"""Which program a command line names, and its text."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from alas_cli._command import UsageMistake, reading

STANDARD_INPUT = "-"


def split_words(file: str | None, words: Sequence[str]) -> tuple[str | None, tuple[str, ...]]:
    """Tell the program's file from the program's arguments.

    Args:
        file: what `-file` says, if it is there; then all words are arguments.
        words: what stands on the command line besides options.

    Returns:
        The file, `-` for standard input, or None when nothing says where the program is; and the arguments.

    Raises:
        UsageMistake: the first word is no program.

    Example:
        >>> split_words(None, ["-", "1", "2"])
        ('-', ('1', '2'))
    """
    if file is not None:
        return file, tuple(words)
    if not words:
        return None, ()
    first, *rest = words
    if not first:
        raise UsageMistake("there is no file ''; `-` is standard input")
    if first != STANDARD_INPUT and not first.endswith(".json") and not _exists(first):
        raise UsageMistake(
            f"expected a program, found {first!r}, which is no file; the program comes before its arguments{near_file(first)}"
        )
    return first, tuple(rest)


def read_program(file: str) -> bytes | Path:
    """Return what to load: a file that can be read, or the text from standard input.

    Raises:
        UsageMistake: there is no such file, or it cannot be read.
    """
    if file == STANDARD_INPUT:
        return read_standard_input()
    path = Path(file)
    with reading(f"the file {file!r}"):
        if not file or not path.exists():
            raise UsageMistake(f"there is no file {file!r}{near_file(file)}")
        if path.is_dir():
            advice = "; it holds a plugin: alas-validate checks it, and a program uses it by its module"
            is_plugin = (path / "plugin.json").exists()
            raise UsageMistake(f"expected a file, found the folder {file!r}{advice if is_plugin else ''}")
        if not path.is_file():
            raise UsageMistake(
                f"expected a program, but {file!r} is no regular file; `-` reads standard input"
            )
        if not os.access(path, os.R_OK):
            raise UsageMistake(f"the file {file!r} may not be read: see its permissions")
    return path


def read_standard_input() -> bytes:
    """Return all of standard input.

    Raises:
        UsageMistake: it cannot be read.
    """
    with reading("standard input"):
        return sys.stdin.buffer.read() if sys.stdin is not None else b""


def has_standard_input() -> bool:
    """Say whether somebody may have put a program on standard input: it is no terminal."""
    return sys.stdin is not None and not sys.stdin.isatty()


def _exists(file: str) -> bool:
    with reading(f"the file {file!r}"):
        return Path(file).exists()


def near_file(file: str) -> str:
    """Ask whether a file with a near name was meant, behind a message that there is none.

    Example:
        >>> near_file("")
        ''
    """
    if not file:
        return ""
    import difflib

    path = Path(file)
    folder = path.parent
    try:
        names = [entry.name for entry in folder.iterdir() if entry.is_file()]
    except OSError:
        # The folder itself is missing; the name may be right and the folder wrong.
        folder, names = Path(), _files_here()
    programs = [name for name in names if name.endswith(".json")]
    for candidates in (programs, names):
        for wanted in (path.name, f"{path.name}.alas.json", f"{path.name}.json"):
            near = difflib.get_close_matches(wanted, candidates, 1, 0.7)
            if near:
                return f"; did you mean {str(folder / near[0])!r}?"
    return ""


def _files_here() -> list[str]:
    try:
        return [entry.name for entry in Path().iterdir() if entry.is_file()]
    except OSError:
        return []
