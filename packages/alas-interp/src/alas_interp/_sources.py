"""What can be loaded, as the bytes that the engine reads."""

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

# The engine refuses longer texts. One byte more tells it that a file is too long, without reading all of it.
LARGEST = 64 * 1024 * 1024
# A byte of a path that is no UTF-8, as Python shows the surrogate that stands for it.
_BYTE = re.compile(r"\\udc([89a-f][0-9a-f])")


def read_source(source: str | bytes | Path | Mapping[str, object]) -> tuple[bytes, str | None]:
    """Return the text of a module and the file it is from.

    Args:
        source: JSON text, the path of a file, or a JSON document as Python values.

    Returns:
        The text in UTF-8, and the file's name or None.

    Raises:
        OSError: the file cannot be read.
        ProgramError: a mapping holds what JSON cannot express.
        TypeError: the source is something else.
    """
    match source:
        case str():
            # A surrogate cannot be encoded; the engine reports the bytes that stand for it.
            return source.encode("utf-8", "surrogatepass"), None
        case bytes():
            return source, None
        case Path():
            return read_file(source), file_name(source)
        case Mapping():
            from alas_interp._documents import serialise

            return serialise(source), None
    raise TypeError(f"expected JSON text, a pathlib.Path or a mapping, found {type(source).__name__}")


def file_name(path: Path) -> str:
    r"""Return a path as a text for the engine, whose texts hold no bytes that are no UTF-8.

    Args:
        path: the path.

    Example:
        >>> print(file_name(Path("caf\udce9.alas.json")))
        caf\udce9.alas.json
    """
    return str(path).encode(errors="backslashreplace").decode()


def path_of(name: str) -> Path:
    """Return the path that `file_name` has made a text of."""
    path = Path(name)
    if _BYTE.search(name) is None or os.path.lexists(path):
        return path
    return Path(_BYTE.sub(lambda match: chr(0xDC00 + int(match[1], 16)), name))


def read_file(path: Path) -> bytes:
    """Return the bytes of a module's file, at most one more than the engine accepts.

    Raises:
        OSError: the file cannot be read, or is no regular file: a device may have no end and a pipe may block.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as stream:
        if path.exists() and not path.is_file():
            raise OSError(0, "it is not a regular file", str(path))
        return stream.read(LARGEST + 1)


def list_of_paths(name: str, paths: Iterable[str | Path]) -> list[str | Path]:
    """Return the paths of an argument that takes several.

    Args:
        name: the argument's name, for the message.
        paths: the paths.

    Raises:
        TypeError: it is one path, which Python would take letter by letter.

    Example:
        >>> list_of_paths("module_path", "lib")
        Traceback (most recent call last):
        ...
        TypeError: expected a list of folders for `module_path`, found 'lib'; write ['lib']
    """
    if isinstance(paths, str | bytes | os.PathLike):
        raise TypeError(f"expected a list of folders for `{name}`, found {paths!r}; write [{paths!r}]")
    return list(paths)
