"""What can be loaded, as the bytes that the engine reads."""

import json
import math
import os
from collections.abc import Mapping
from pathlib import Path

from alas_interp._program_error import ProgramError
from alas_manifest import Diagnostic

# The engine refuses longer texts. One byte more tells it that a file is too long, without reading all of it.
LARGEST = 64 * 1024 * 1024
_DEEPEST = 512


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
            return read_file(source), str(source)
        case Mapping():
            return _serialise(source), None
    raise TypeError(f"expected JSON text, a pathlib.Path or a mapping, found {type(source).__name__}")


def _serialise(document: Mapping[str, object]) -> bytes:
    problems: list[Diagnostic] = []
    try:
        copy = _plain(document, "", problems)
        if not problems:
            # With line ends, because findings name lines.
            return json.dumps(copy, indent=2).encode()
    except RecursionError:
        message = f"mappings and lists nest more than {_DEEPEST} deep, or hold themselves"
        problems.append(Diagnostic("json_too_deep", "error", message, None, "", 1, 1, "nest them less deep"))
    raise ProgramError(problems)


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


def _plain(value: object, pointer: str, problems: list[Diagnostic]) -> object:
    """Copy a value as what `json` writes, noting what is no JSON. One Python frame for each level of nesting."""
    if value is None or isinstance(value, bool | int | str):
        return value
    copy: object = None
    if isinstance(value, float):
        copy = value
        if not math.isfinite(value):
            _note(problems, pointer, f"expected a JSON value, found the number {value}")
    elif not isinstance(value, Mapping | list | tuple):
        _note(problems, pointer, f"expected a JSON value, found {_kind(value)}")
    elif pointer.count("/") >= _DEEPEST:
        raise RecursionError
    elif isinstance(value, Mapping):
        members: dict[str, object] = {}
        for key, one in value.items():
            if isinstance(key, str):
                members[key] = _plain(one, f"{pointer}/{_escape(key)}", problems)
            else:
                _note(problems, pointer, f"expected keys that are strings, found {_kind(key)}")
        copy = members
    else:
        elements: list[object] = []
        for one in value:
            elements.append(_plain(one, f"{pointer}/{len(elements)}", problems))
        copy = elements
    return copy


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _note(problems: list[Diagnostic], pointer: str, message: str) -> None:
    advice = "use None, bool, int, float, str, lists, tuples and mappings with str keys"
    problems.append(Diagnostic("wrong_kind", "error", message, None, pointer, 1, 1, advice))


def _kind(value: object) -> str:
    return f"a value of the Python type {type(value).__name__}"
