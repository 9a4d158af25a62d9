"""`array` and `collections`. Every function builds a new list; none touches the one that it was given."""

from __future__ import annotations

import functools
import math

from .arithmetic import binary
from .errors import out_of_bounds, type_error, value_error
from .library import Host, function, host_function
from .text import key_text
from .values import Value, compare, equal, is_number, kind, truth

Array = list[Value]


def _inside(index: int, length: int) -> int:
    if not 0 <= index < length:
        raise out_of_bounds(index, length)
    return index


@function("collections.length", "collection")
def length(collection: Array | str | dict[str, Value]) -> Value:
    return len(collection)


@function("collections.contains", "collection", "any")
def contains(collection: Array | str | dict[str, Value], value: Value) -> Value:
    if isinstance(collection, dict):
        return key_text(value) in collection
    return _find(collection, value) >= 0


@function("collections.indexOf", "sequence", "any")
def index_of(sequence: Array | str, value: Value) -> Value:
    return _find(sequence, value)


def _find(sequence: Array | str, value: Value) -> int:
    """The position of the first equal element, or of a part of a string; -1 if there is none."""
    if isinstance(sequence, str):
        if not isinstance(value, str):
            raise type_error("only a string is part of a string")
        return sequence.find(value)
    return next((index for index, element in enumerate(sequence) if equal(element, value)), -1)


@function("collections.slice", "sequence", "int", "int?")
@function("array.slice", "array", "int", "int?")
def slice_of(sequence: Array | str, start: int, end: int | None = None) -> Value:
    stop = len(sequence) if end is None else end
    if not 0 <= start <= stop <= len(sequence):
        raise out_of_bounds(start, len(sequence))
    return sequence[start:stop]


@function("collections.append", "array", "any")
@function("array.push", "array", "any")
def append(array: Array, value: Value) -> Value:
    return [*array, value]


@function("collections.remove", "array", "int")
@function("array.remove", "array", "int")
def remove(array: Array, index: int) -> Value:
    _inside(index, len(array))
    return array[:index] + array[index + 1 :]


@function("array.get", "array", "int", "any?")
def get(array: Array, index: int, *default: Value) -> Value:
    if default and not 0 <= index < len(array):
        return default[0]
    return array[_inside(index, len(array))]


@function("array.set", "array", "int", "any")
def set_element(array: Array, index: int, value: Value) -> Value:
    _inside(index, len(array))
    return [*array[:index], value, *array[index + 1 :]]


@function("array.pop", "array")
def pop(array: Array) -> Value:
    if not array:
        raise out_of_bounds(0, 0)
    return array[:-1]


@function("array.insert", "array", "int", "any")
def insert(array: Array, index: int, value: Value) -> Value:
    _inside(index, len(array) + 1)
    return [*array[:index], value, *array[index:]]


@function("array.concat", "array", "array")
def concat(a: Array, b: Array) -> Value:
    return a + b


@function("array.reverse", "array")
def reverse(array: Array) -> Value:
    return array[::-1]


@function("array.fill", "int", "any")
def fill(count: int, value: Value) -> Value:
    if count < 0:
        raise value_error("a negative count")
    return [value] * count


@function("array.range", "int", "int", "int?")
def range_of(start: int, end: int, step: int = 1) -> Value:
    if step == 0:
        raise value_error("a step of zero")
    return [*range(start, end, step)]


@function("array.sum", "array")
def sum_of(array: Array) -> Value:
    if not all(is_number(element) for element in array):
        raise type_error("only numbers have a sum")
    start: Value = 0
    return functools.reduce(functools.partial(binary, "+"), array, start)


def _sort_order(left: Value, right: Value) -> int:
    """The order of `array.sort`: as `<` has it, and NaN after every other number."""
    order = compare(left, right)
    if order is not None:
        return order
    return _is_nan(left) - _is_nan(right)


def _is_nan(value: Value) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _sorted(array: Array) -> Array:
    """The elements in ascending order, equal ones in their old order."""
    kinds = {"number" if is_number(element) else kind(element) for element in array}
    if kinds not in (set(), {"number"}, {"string"}):
        raise type_error("only numbers alone, or strings alone, have an order")
    return sorted(array, key=functools.cmp_to_key(_sort_order))


@function("array.sort", "array")
def sort(array: Array) -> Value:
    return _sorted(array)


@function("array.min", "array")
def minimum(array: Array) -> Value:
    if not array:
        raise value_error("an empty array has no smallest element")
    return _sorted(array)[0]


@function("array.max", "array")
def maximum(array: Array) -> Value:
    if not array:
        raise value_error("an empty array has no largest element")
    # The last in order is the last among equals; the first of these stands where equals begin.
    ordered = _sorted(array)
    return next(element for element in ordered if _sort_order(element, ordered[-1]) == 0)


@host_function("array.map", "array", "string")
def map_of(host: Host, array: Array, name: str) -> Value:
    return [host.call_by_name(name, [element]) for element in array]


@host_function("array.filter", "array", "string")
def filter_of(host: Host, array: Array, name: str) -> Value:
    return [element for element in array if truth(host.call_by_name(name, [element]))]


@host_function("array.reduce", "array", "string", "any")
def reduce(host: Host, array: Array, name: str, start: Value) -> Value:
    return functools.reduce(lambda so_far, element: host.call_by_name(name, [so_far, element]), array, start)
