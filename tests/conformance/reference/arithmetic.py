"""What the operators do, all but `&&` and `||`, which decide themselves what they evaluate."""

from __future__ import annotations

import math

from .errors import Failure, type_error
from .text import text
from .values import Value, compare, equal, is_number, kind, truth, wrap


def binary(operator: str, left: Value, right: Value) -> Value:
    """Apply an operator to two values."""
    match operator:
        case "==" | "!=":
            return equal(left, right) == (operator == "==")
        case "<" | "<=" | ">" | ">=":
            return _ordered(operator, compare(left, right))
        case "+" if isinstance(left, str) or isinstance(right, str):
            return text(left) + text(right)
        case "+" if isinstance(left, list) and isinstance(right, list):
            return left + right
    if not (is_number(left) and is_number(right)):
        raise type_error(f"`{operator}` does not take {kind(left)} and {kind(right)}")
    assert isinstance(left, int | float)
    assert isinstance(right, int | float)
    if operator in "/%" and right == 0:
        raise Failure("division_by_zero", "division by zero")
    if isinstance(left, int) and isinstance(right, int):
        return wrap(_of_ints(operator, left, right))
    return _of_floats(operator, float(left), float(right))


def unary(operator: str, operand: Value) -> Value:
    """Apply an operator to one value."""
    if operator == "!":
        return not truth(operand)
    if not is_number(operand):
        raise type_error(f"`-` does not take {kind(operand)}")
    assert isinstance(operand, int | float)
    return -operand if isinstance(operand, float) else wrap(-operand)


def _ordered(operator: str, order: int | None) -> bool:
    """Whether the comparison holds; none does when a NaN leaves the sides without an order."""
    holds = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1)}
    return order in holds[operator]


def _of_ints(operator: str, left: int, right: int) -> int:
    """The exact result; the caller wraps it. Python's `//` rounds down, so division goes by magnitudes."""
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            quotient = abs(left) // abs(right)
            return quotient if (left < 0) == (right < 0) else -quotient
        case _:
            remainder = abs(left) % abs(right)
            return -remainder if left < 0 else remainder


def _of_floats(operator: str, left: float, right: float) -> float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return left / right
        case _:
            # C gives NaN where Python raises.
            return math.nan if math.isinf(left) else math.fmod(left, right)
