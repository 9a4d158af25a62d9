"""`math`."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from .errors import value_error
from .library import function
from .values import INT_MAX, INT_MIN, Value, compare, wrap

# What random functions return is the host's to seed; programs in this suite use only what holds for every seed.
_RANDOM = random.Random(1)


@function("math.PI")
def pi() -> Value:
    return math.pi


@function("math.E")
def e() -> Value:
    return math.e


@function("math.abs", "number")
def absolute(value: float) -> Value:
    return wrap(abs(value)) if isinstance(value, int) else abs(value)


@function("math.min", "number", "number")
def minimum(a: float, b: float) -> Value:
    return _choose(a, b, -1)


@function("math.max", "number", "number")
def maximum(a: float, b: float) -> Value:
    return _choose(a, b, 1)


def _choose(a: float, b: float, wanted: int) -> Value:
    """The argument on the wanted side of the other: an int of two ints, otherwise a float."""
    order = compare(a, b)
    if order is None:
        return math.nan
    if order == 0:
        # Only zeros are equal and yet differ: -0 counts as below 0.
        a, b = sorted((a, b), key=lambda number: math.copysign(1.0, number))
        order = -1
    chosen = b if order == -wanted else a
    return chosen if isinstance(a, int) and isinstance(b, int) else float(chosen)


@function("math.pow", "float", "float")
def power(base: float, exponent: float) -> Value:
    if base == 0 and exponent < 0:
        raise value_error("zero has no negative power")
    if base < 0 and math.isfinite(exponent) and not exponent.is_integer():
        raise value_error("a negative number has no fractional power")
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf


@function("math.exp", "float")
def exponential(value: float) -> Value:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


@function("math.atan", "float")
def arc_tangent(value: float) -> Value:
    return math.atan(value)


@function("math.atan2", "float", "float")
def arc_tangent_of(y: float, x: float) -> Value:
    return math.atan2(y, x)


@function("math.hypot", "float", "float")
def hypotenuse(x: float, y: float) -> Value:
    return math.hypot(x, y)


def _partial(name: str, compute: Callable[[float], float], inside: Callable[[float], bool]) -> None:
    """Register a function that is defined where `inside` holds, and takes NaN to NaN."""

    @function(name, "float")
    def apply(value: float) -> Value:
        if math.isnan(value):
            return value
        if not inside(value):
            raise value_error(f"{name} is not defined for {value}")
        return compute(value)


_partial("math.sqrt", math.sqrt, lambda value: value >= 0)
for _name, _logarithm in (("log", math.log), ("log2", math.log2), ("log10", math.log10)):
    _partial(f"math.{_name}", _logarithm, lambda value: value > 0)
for _name, _angle in (("sin", math.sin), ("cos", math.cos), ("tan", math.tan)):
    _partial(f"math.{_name}", _angle, math.isfinite)
for _name, _inverse in (("asin", math.asin), ("acos", math.acos)):
    _partial(f"math.{_name}", _inverse, lambda value: -1 <= value <= 1)


def to_int(value: float, rounded: Callable[[float], int]) -> int:
    """A float as an int, if there is one."""
    if not math.isfinite(value):
        raise value_error(f"{value} is no int")
    result = rounded(value)
    if not INT_MIN <= result <= INT_MAX:
        raise value_error(f"{value} is outside the ints")
    return result


def half_away_from_zero(value: float) -> int:
    """The nearest int. The fraction is exact, where adding 0.5 first would round."""
    whole = math.trunc(value)
    return whole + int(math.copysign(1, value)) if abs(value - whole) >= 0.5 else whole


def _rounding(name: str, rounded: Callable[[float], int]) -> None:
    @function(name, "number")
    def apply(value: float) -> Value:
        return value if isinstance(value, int) else to_int(value, rounded)


_rounding("math.floor", math.floor)
_rounding("math.ceil", math.ceil)
_rounding("math.round", half_away_from_zero)
_rounding("math.trunc", math.trunc)


@function("math.random")
def random_float() -> Value:
    return _RANDOM.random()


@function("math.randomInt", "int", "int")
def random_int(low: int, high: int) -> Value:
    if low > high:
        raise value_error("min is above max")
    return _RANDOM.randint(low, high)
