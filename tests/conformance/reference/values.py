"""What values are: kinds, truth, equality, order.

A value is a Python object that is never changed: int within 64 bits, float, str, bool, list, dict with str keys, and
None for `void`. Python takes a bool for an int, so nothing here asks `isinstance(value, int)` without `kind`.
"""

from __future__ import annotations

import math
from typing import TypeAlias

from .errors import type_error


class Task:
    """A handle of a task, which this evaluator runs when it is started."""

    def __init__(self, result: dict[str, Value]) -> None:
        self.result = result


Value: TypeAlias = "int | float | str | bool | list[Value] | dict[str, Value] | Task | None"

INT_MIN, INT_MAX = -(2**63), 2**63 - 1

# By exact class: `type(True)` is bool, so a bool never passes for an int.
_KINDS: dict[type, str] = {
    type(None): "void",
    bool: "bool",
    int: "int",
    float: "float",
    str: "string",
    list: "array",
    dict: "map",
    Task: "task",
}


def kind(value: Value) -> str:
    """The name of the value's kind, as `type.typeOf` gives it."""
    return _KINDS[type(value)]


def is_number(value: Value) -> bool:
    """Whether the value is an int or a float."""
    return kind(value) in ("int", "float")


def wrap(number: int) -> int:
    """The number in two's complement of 64 bits."""
    return (number - INT_MIN) % 2**64 + INT_MIN


def truth(value: Value) -> bool:
    """Whether a condition takes the value for true: all but false, 0, 0.0, "", [], {} and void. NaN is true."""
    return bool(value)


def equal(left: Value, right: Value) -> bool:
    """Whether `==` holds.

    Containers are walked by hand: Python's own `==` takes an object for equal to itself, and a NaN is not.
    """
    if is_number(left) and is_number(right):
        return left == right
    if kind(left) != kind(right):
        return False
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(equal(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return left == right


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1 as left is below, equal to or above right; None when a NaN leaves them without an order.

    Python compares an int with a float exactly, and strings by code point.
    """
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if not (is_number(left) and is_number(right)):
        raise type_error(f"cannot order {kind(left)} and {kind(right)}")
    assert isinstance(left, int | float)
    assert isinstance(right, int | float)
    if math.isnan(left) or math.isnan(right):
        return None
    return (left > right) - (left < right)
