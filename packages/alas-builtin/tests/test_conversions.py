"""Values on their way across the border: tables of both directions, and properties over random types and values."""

import enum
import fractions
import zlib
from collections import OrderedDict
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, make_dataclass
from typing import Any, Literal, NamedTuple, NewType, TypedDict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from alas_builtin import BuiltinPlugin, ConversionError

Age = NewType("Age", int)


class Color(enum.StrEnum):
    RED = "red"
    BLUE = "blue"


class Plain(enum.Enum):
    YES = "y"


@dataclass(frozen=True)
class Point:
    x: float
    y: float


@dataclass
class Positive:
    number: int

    def __post_init__(self):
        if self.number < 0:
            raise ValueError("the number is negative")


class Pair(NamedTuple):
    left: int
    right: str


class Person(TypedDict):
    name: str
    age: int


@dataclass
class Tree:
    value: int
    children: "list[Tree]"


class Text(str):
    __slots__ = ()


def passing(hint, change=lambda value: value, *, returns: Any = ...):
    """A plugin with a function that keeps what it was given and returns what `change` makes of it."""
    plugin = BuiltinPlugin("p", version="1.0.0")
    seen = []

    def probe(value):
        seen.append(value)
        return change(value)

    probe.__annotations__ = {"value": hint, "return": hint if returns is ... else returns}
    plugin.function(probe)
    return plugin, seen


@pytest.mark.parametrize(
    ("hint", "value", "inside"),
    [
        (int, 5, 5),
        (float, 5, 5.0),
        (float, 0.5, 0.5),
        (str, "é", "é"),
        (bool, True, True),
        (None, None, None),
        (Any, {"a": [1, None]}, {"a": [1, None]}),
        (list[int], [1, 2], [1, 2]),
        (list[float], [1, 2.5], [1.0, 2.5]),
        (Sequence[str], ["a"], ["a"]),
        (Iterable[Color], ["red"], [Color.RED]),
        (tuple[int, ...], [1, 2], (1, 2)),
        (tuple[tuple[int, ...], ...], [[1], []], ((1,), ())),
        (dict[str, float], {"a": 1}, {"a": 1.0}),
        (Mapping[str, Point], {"o": {"x": 0, "y": 1}}, {"o": Point(0.0, 1.0)}),
        (Color, "blue", Color.BLUE),
        (Plain, "y", Plain.YES),
        (Literal["a", "b"], "a", "a"),
        (Point, {"y": 1, "x": 2}, Point(2.0, 1.0)),
        (Pair, {"left": 1, "right": "r"}, Pair(1, "r")),
        (Person, {"name": "Ada", "age": 36}, {"name": "Ada", "age": 36}),
        (Tree, {"value": 1, "children": [{"value": 2, "children": []}]}, Tree(1, [Tree(2, [])])),
        (Age, 3, 3),
        (list[Age], [3], [3]),
        (int | None, None, None),
        (int | None, 4, 4),
        (float | int, 4, 4),
        (str | Color, "red", Color.RED),
        (str | Color, "green", "green"),
        (Point | Pair, {"left": 1, "right": ""}, Pair(1, "")),
    ],
    ids=repr,
)
def test_a_value_goes_in_and_comes_back(hint, value, inside):
    plugin, seen = passing(hint)
    back = plugin.call("probe", [value])
    assert seen == [inside]
    assert type(seen[0]) is type(inside)
    assert back == value


@pytest.mark.parametrize(
    ("hint", "value", "message"),
    [
        (int, "5", "expected int, found the string `5`"),
        (int, True, "expected int, found the bool true"),
        (int, 1.0, "expected int, found the float 1.0"),
        (int, 2**63, "expected int, found an int of more than 64 bits"),
        (float, "x", "expected float, found the string `x`"),
        (float, False, "expected float, found the bool false"),
        (str, "", None),
        (str, 1, "expected string, found the int 1"),
        (bool, 1, "expected bool, found the int 1"),
        (None, "", "expected void, found an empty string"),
        (list[int], {"a": 1}, "expected array<int>, found a map"),
        (list[int], [1, "x"], "at [1]: expected int, found the string `x`"),
        (list[int], [1, 2**70], "at [1]: expected int, found an int of more than 64 bits"),
        (dict[str, list[int]], {"k": [1, None]}, "at ['k'][1]: expected int, found void"),
        (dict[str, int], [], "expected map<int>, found an array"),
        (Color, "green", 'expected Color ("red", "blue"), found the string `green`'),
        (Literal["a"], "b", 'expected Value ("a"), found the string `b`'),
        (Point, [], "expected Point, found an array"),
        (Point, {"x": 1}, "expected Point with the fields x, y; the value lacks `y`"),
        (Point, {"x": 1, "y": 2, "z": 3}, "the value has `z`, which it should not have"),
        (list[Point], [{"x": 1, "y": "b"}], "at [0].y: expected float, found the string `b`"),
        (Positive, {"number": -1}, "Positive refuses its values: the number is negative"),
        (int | str, 1.5, "expected int or string, found the float 1.5"),
        (int | None, "", "expected void or int, found an empty string"),
    ],
    ids=repr,
)
def test_an_argument_that_does_not_fit(hint, value, message):
    plugin, seen = passing(hint)
    if message is None:
        assert plugin.call("probe", [value]) == value
        return
    with pytest.raises(ConversionError) as caught:
        plugin.call("probe", [value])
    assert str(caught.value).startswith("the parameter `value` of p.probe")
    assert message in str(caught.value)
    assert caught.value.function == "p.probe"
    assert seen == []


@pytest.mark.parametrize(
    ("hint", "returned", "expected"),
    [
        (list[int], (1, 2), [1, 2]),
        (list[int], range(3), [0, 1, 2]),
        pytest.param(Iterator[int], iter([1]), [1], id="iterator"),
        pytest.param(Generator[int, None, None], (n for n in [1, 2]), [1, 2], id="generator"),
        (tuple[int, ...], [1], [1]),
        (dict[str, int], OrderedDict(a=1), {"a": 1}),
        (float, 1, 1.0),
        (float, fractions.Fraction(1, 2), 0.5),
        (float, np.float32(0.5), 0.5),
        (int, np.int8(5), 5),
        (list[float], np.array([1.0, 2.0]), [1.0, 2.0]),
        (str, Text("a"), "a"),
        (str, Color.RED, "red"),
        (Color, "red", "red"),
        (Any, Point(1, 2), {"x": 1, "y": 2}),
        (Any, [Pair(1, "r"), Color.RED, (1,)], [{"left": 1, "right": "r"}, "red", [1]]),
        (Any, np.int64(3), 3),
        (object, Text("a"), "a"),
    ],
    ids=repr,
)
def test_what_a_function_may_return(hint, returned, expected):
    plugin, _ = passing(Any, lambda _: returned, returns=hint)
    result = plugin.call("probe", [None])
    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("hint", "returned", "message"),
    [
        (int, None, "expected int, found void"),
        (int, 2**63, "an int of more than 64 bits"),
        (float, 10**400, "the number is too large for a float"),
        (list[int], "ab", "expected array<int>, found the string `ab`"),
        (list[int], {1}, "expected array<int>, found a value of the Python type set"),
        (list[int], [1, 2.5], "at [1]: expected int, found the float 2.5"),
        (dict[str, int], {1: 1}, "the keys of a map are strings, found the int 1"),
        (Any, {1: 1}, "the keys of a map are strings, found the int 1"),
        (Any, [b""], "at [0]: expected a value that ALaS has, found a value of the Python type bytes"),
        (Any, Point(b"", 1), "at .x: expected a value that ALaS has"),
        (Point, {"x": 1, "y": 2}, "expected Point, found a map"),
        (Point, Point(1, "y"), "at .y: expected float, found the string `y`"),
        (Person, {"name": "Ada"}, "the value lacks `age`"),
        (Color, "green", 'expected Color ("red", "blue")'),
        (None, 0, "expected void, found the int 0"),
    ],
    ids=repr,
)
def test_a_result_that_does_not_fit(hint, returned, message):
    plugin, _ = passing(Any, lambda _: returned, returns=hint)
    with pytest.raises(ConversionError) as caught:
        plugin.call("probe", [None])
    assert str(caught.value).startswith("the result of p.probe")
    assert message in str(caught.value)


def test_a_value_that_contains_itself():
    knot: list[Any] = []
    knot.append(knot)
    plugin, _ = passing(Any, lambda _: knot, returns=Any)
    with pytest.raises(ConversionError, match="contains itself, or is nested too deep"):
        plugin.call("probe", [None])


@pytest.mark.parametrize("hint", [Tree, Any])
def test_a_value_that_is_nested_deep(hint):
    value: dict[str, Any] = {"value": 1, "children": []}
    for _ in range(5000):
        value = {"value": 1, "children": [value]}
    plugin, seen = passing(hint)
    with pytest.raises(
        ConversionError, match=r"the parameter `value` of p\.probe: the value .*is nested too deep"
    ):
        plugin.call("probe", [value])
    assert seen == []


def test_a_list_that_fits_is_not_copied():
    numbers = list(range(1000))
    plugin, seen = passing(list[int])
    assert plugin.call("probe", [numbers]) is numbers
    assert seen[0] is numbers


# --- Properties ---

INTS = some.integers(-(2**63), 2**63 - 1)
SCALARS = [
    (int, INTS),
    (float, some.floats(allow_nan=False)),
    (str, some.text(max_size=5)),
    (bool, some.booleans()),
    (type(None), some.none()),
    (Color, some.sampled_from(["red", "blue"])),
]


def containers(inner):
    hint, values = inner
    return some.sampled_from(
        [
            (list[hint], some.lists(values, max_size=4)),
            (tuple[hint, ...], some.lists(values, max_size=4)),
            (dict[str, hint], some.dictionaries(some.text(max_size=3), values, max_size=4)),
            (hint | None, some.none() | values),
            struct_of(hint, values),
        ]
    )


def struct_of(hint, values):
    # The name tells structs of different fields apart.
    struct = make_dataclass(f"S{zlib.crc32(str(hint).encode())}", [("a", hint), ("b", list[hint])])
    return struct, some.fixed_dictionaries({"a": values, "b": some.lists(values, max_size=3)})


REPEATABLE = settings(derandomize=True, deadline=None, database=None, max_examples=300)
TYPES = some.recursive(some.sampled_from(SCALARS), lambda inner: inner.flatmap(containers), max_leaves=4)
VALUES = some.recursive(
    some.none() | some.booleans() | INTS | some.floats(allow_nan=False) | some.text(max_size=5),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@REPEATABLE
@given(some.data())
def test_every_value_of_a_type_comes_back_equal(data):
    hint, values = data.draw(TYPES)
    value = data.draw(values)
    plugin, seen = passing(hint)
    assert plugin.call("probe", [value]) == value
    assert len(seen) == 1


@REPEATABLE
@given(some.data())
def test_every_other_value_is_refused_or_comes_back_equal(data):
    hint, _ = data.draw(TYPES)
    value = data.draw(VALUES)
    plugin, _ = passing(hint)
    try:
        back = plugin.call("probe", [value])
    except ConversionError:
        return
    assert back == value


@REPEATABLE
@given(VALUES)
def test_any_lets_every_value_pass(value):
    plugin, seen = passing(Any)
    assert plugin.call("probe", [value]) == value
    assert seen == [value]
