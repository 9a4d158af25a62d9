"""The text of a value, JSON text, and JSON text read back."""

from __future__ import annotations

import json
import math
from typing import NoReturn

from .errors import type_error, value_error
from .values import INT_MAX, INT_MIN, Task, Value, kind

MAXIMUM_NESTING = 512


def float_text(number: float) -> str:
    """The shortest decimal that reads back the same, laid out as ECMAScript's Number::toString, with -0 as `-0`."""
    if math.isnan(number):
        return "NaN"
    sign = "-" if math.copysign(1.0, number) < 0 else ""
    return sign + ("Infinity" if math.isinf(number) else _decimal(abs(number)))


def _decimal(number: float) -> str:
    """Lay out a finite number that is not negative. `repr` finds the same shortest digits in another layout."""
    if number == 0:
        return "0"
    mantissa, _, exponent = repr(number).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # The number is 0.digits times ten to the power of point.
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    scientific = digits[0] + ("." + digits[1:] if len(digits) > 1 else "")
    return f"{scientific}e{point - 1:+d}"


def text(value: Value) -> str:
    """What `io.print` writes and `+` joins."""
    match value:
        case str():
            return value
        case None:
            return "void"
        case _:
            return nested_text(value)


def nested_text(value: Value) -> str:
    """The text of a value inside an array or a map: JSON, except that floats print as they do outside."""
    match value:
        case float():
            return float_text(value)
        case list():
            return "[" + ", ".join(nested_text(element) for element in value) + "]"
        case dict():
            entries = (f"{nested_text(key)}: {nested_text(entry)}" for key, entry in value.items())
            return "{" + ", ".join(entries) + "}"
        case Task():
            return "task"
        case _:
            return json.dumps(value, ensure_ascii=False)


def key_text(key: Value) -> str:
    """The key that a value stands for in a map."""
    if kind(key) not in ("string", "int", "float", "bool"):
        raise type_error(f"a key is a string, int, float or bool, not {kind(key)}")
    return text(key)


def stringify(value: Value, indent: int | None = None, level: int = 0) -> str:
    """Exact JSON: floats keep a fraction or an exponent."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise value_error(f"JSON has no {float_text(value)}")
        plain = float_text(value)
        return plain if "." in plain or "e" in plain else plain + ".0"
    if isinstance(value, list):
        return _enclose("[]", [stringify(element, indent, level + 1) for element in value], indent, level)
    if isinstance(value, dict):
        colon = ":" if indent is None else ": "
        entries = [nested_text(key) + colon + stringify(value[key], indent, level + 1) for key in value]
        return _enclose("{}", entries, indent, level)
    if isinstance(value, Task):
        raise type_error("JSON has no tasks")
    return nested_text(value)


def _enclose(brackets: str, parts: list[str], indent: int | None, level: int) -> str:
    """Put the parts between the brackets, on lines of their own when there is an indent."""
    opening, closing = brackets[0], brackets[1]
    if indent is None or not parts:
        return opening + ",".join(parts) + closing
    inner, outer = "\n" + " " * indent * (level + 1), "\n" + " " * indent * level
    return opening + inner + ("," + inner).join(parts) + outer + closing


def parse_json(source: str) -> Value:
    """Read a JSON text by the rules for the text of a module.

    Raises:
        ValueError: the text is not JSON, a number does not fit, a key is there twice, or the nesting is too deep.
    """
    parsed: Value = json.loads(
        source,
        parse_int=_parse_int,
        parse_float=_parse_float,
        parse_constant=_refuse_constant,
        object_pairs_hook=unique_pairs,
    )
    _check(parsed, 1)
    return parsed


def _parse_int(digits: str) -> int:
    number = int(digits)
    if not INT_MIN <= number <= INT_MAX:
        raise ValueError(f"{digits} does not fit 64 bits")
    return number


def _parse_float(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"{digits} is too large")
    return number


def _refuse_constant(name: str) -> NoReturn:
    """Python's reader knows NaN and Infinity; JSON does not."""
    raise ValueError(f"{name} is not JSON")


def unique_pairs(pairs: list[tuple[str, Value]]) -> Value:
    """The map of the pairs, in their order."""
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("an object names a key twice")
    return entries


def _check(value: Value, level: int) -> None:
    """Refuse lone surrogates, which Python's reader lets through, and deep nesting."""
    if isinstance(value, str):
        value.encode()
    elif isinstance(value, list | dict):
        if level > MAXIMUM_NESTING:
            raise ValueError("nested too deep")
        for element in [*value, *(value.values() if isinstance(value, dict) else ())]:
            _check(element, level + 1)
