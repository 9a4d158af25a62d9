"""JSON text to plain values, at the speed of the standard library.

Most files are right, and of a right file nobody asks for a line and column. So the values are read by `json`, and the reader
that knows places (`_json_reader.py`) comes only when there is something to say. Both must read every text alike: whatever
`json` takes more lightly than this package is refused here, and left to the other reader to explain.
"""

import json
import re
from typing import Any, NoReturn, TypeAlias

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

MAXIMUM_DEPTH = 512
MINIMUM_INTEGER, MAXIMUM_INTEGER = -(2**63), 2**63 - 1
LONGEST_INTEGER = 20

_SURROGATE = re.compile("[\ud800-\udfff]")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def read_values(text: str) -> JsonValue:
    """Read a text that holds one JSON value.

    Args:
        text: the text.

    Returns:
        The value.

    Raises:
        ValueError: the text is not JSON, or has something that needs a closer look: the same key twice, a number out of
            range, what may be half of a surrogate pair.
        RecursionError: the values are nested very deep.
    """
    if _may_hold_surrogate(text):
        raise ValueError("there may be half of a surrogate pair")
    value: JsonValue = _DECODER.decode(text)
    if text.count("{") + text.count("[") > MAXIMUM_DEPTH and _is_too_deep(value):
        raise ValueError("the values are nested too deep")
    return value


def _may_hold_surrogate(text: str) -> bool:
    # The quick questions come first: nearly every manifest is plain ASCII without such an escape.
    if not text.isascii() and _SURROGATE.search(text):
        return True
    return "\\u" in text and _SURROGATE_ESCAPE.search(text) is not None


def _is_too_deep(value: JsonValue) -> bool:
    level: list[Any] = [value]
    for _ in range(MAXIMUM_DEPTH):
        level = [inner for outer in level for inner in _inside(outer) if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _inside(value: JsonValue) -> Any:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _members(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key came twice")
    return members


def _integer(token: str) -> int:
    if len(token) > LONGEST_INTEGER or not MINIMUM_INTEGER <= (value := int(token)) <= MAXIMUM_INTEGER:
        raise ValueError("an integer does not fit 64 bits")
    return value


def _number(token: str) -> float:
    value = float(token)
    if abs(value) == float("inf"):
        raise ValueError("a number is too large for a float")
    return value


def _no_constant(token: str) -> NoReturn:
    raise ValueError(f"JSON has no {token}")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_number, parse_constant=_no_constant
)
