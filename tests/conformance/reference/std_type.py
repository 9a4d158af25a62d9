"""`type`."""

from __future__ import annotations

import math
import re

from .errors import type_error, value_error
from .library import function
from .std_math import to_int as float_to_int
from .text import text as text_of
from .values import INT_MAX, INT_MIN, Value, kind

_INT = re.compile(r"[+-]?[0-9]+")
_FLOAT = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_WORDS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


@function("type.typeOf", "any")
def type_of(value: Value) -> Value:
    return kind(value)


@function("type.toString", "any")
def to_string(value: Value) -> Value:
    return text_of(value)


@function("type.parseInt", "string")
def parse_int(text: str) -> Value:
    if not _INT.fullmatch(text) or not INT_MIN <= int(text) <= INT_MAX:
        raise value_error(f"{text!r} is no int")
    return int(text)


@function("type.parseFloat", "string")
def parse_float(text: str) -> Value:
    if text in _WORDS:
        return _WORDS[text]
    if not _FLOAT.fullmatch(text):
        raise value_error(f"{text!r} is no number")
    return float(text)


@function("type.toInt", "any")
def to_int(value: Value) -> Value:
    match value:
        case str():
            return parse_int(value)
        case float():
            return float_to_int(value, math.trunc)
        case int():
            return int(value)
        case _:
            raise type_error(f"there is no int of {kind(value)}")


@function("type.toFloat", "any")
def to_float(value: Value) -> Value:
    match value:
        case str():
            return parse_float(value)
        case int() | float():
            return float(value)
        case _:
            raise type_error(f"there is no float of {kind(value)}")


def _predicate(name: str, wanted: str) -> None:
    @function(name, "any")
    def apply(value: Value) -> Value:
        return kind(value) == wanted


for _wanted in ("int", "float", "string", "bool", "array", "map", "void"):
    _predicate(f"type.is{_wanted.capitalize()}", _wanted)
