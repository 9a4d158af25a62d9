"""A program as Python values, written as the JSON text that the engine reads."""

import json
import math
from collections.abc import Mapping

from alas_interp._program_error import ProgramError
from alas_manifest import Diagnostic

_DEEPEST = 512

# Python writes longer ints only when told to. Of shorter ones the engine says itself that they do not fit, and where.
_MOST_BITS = 1_000


def serialise(document: Mapping[str, object]) -> bytes:
    r"""Return the JSON text of a program.

    Args:
        document: the program.

    Raises:
        ProgramError: it holds what JSON cannot express; every such value is a finding.

    Example:
        >>> serialise({"type": "module"})
        b'{\n  "type": "module"\n}'
    """
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


def _plain(value: object, pointer: str, problems: list[Diagnostic]) -> object:
    """Copy a value as what `json` writes, noting what is no JSON. One Python frame for each level of nesting."""
    if value is None or isinstance(value, bool | str):
        return value
    copy: object = None
    if isinstance(value, int | float):
        copy = value
        _check_number(value, pointer, problems)
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


def _check_number(value: float, pointer: str, problems: list[Diagnostic]) -> None:
    if isinstance(value, int):
        if value.bit_length() > _MOST_BITS:
            message = f"an int of {value.bit_length()} bits does not fit 64 bits"
            advice = "use an int that fits, or a float"
            problems.append(Diagnostic("number_out_of_range", "error", message, None, pointer, 1, 1, advice))
    elif not math.isfinite(value):
        _note(problems, pointer, f"expected a JSON value, found the number {value}")


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _note(problems: list[Diagnostic], pointer: str, message: str) -> None:
    advice = "use None, bool, int, float, str, lists, tuples and mappings with str keys"
    problems.append(Diagnostic("wrong_kind", "error", message, None, pointer, 1, 1, advice))


def _kind(value: object) -> str:
    return f"a value of the Python type {type(value).__name__}"
