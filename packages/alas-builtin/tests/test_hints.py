"""What each type hint becomes, and which hints are refused with what advice."""

import collections.abc
import datetime as dt
import decimal
import enum
import pathlib
import sys
import typing
from dataclasses import InitVar, dataclass, field
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, Optional, TypedDict, TypeVar, Union

import pytest

from alas_builtin import BuiltinPlugin, DefinitionError
from alas_manifest import TypeReference

T = TypeVar("T")
UserId = NewType("UserId", int)
Weekday = Literal["monday", "tuesday"]


class Color(enum.StrEnum):
    """A colour to paint with."""

    RED = "red"
    BLUE = "blue"


class Size(enum.Enum):
    SMALL = "S"
    LARGE = "L"


@dataclass
class Point:
    """A place in the plane."""

    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class Tree:
    value: int
    children: list["Tree"] = field(default_factory=list)


class Person(TypedDict):
    name: str
    home: Point


class Entry(NamedTuple):
    key: str
    kind: Literal["file", "folder"]


class Number(enum.IntEnum):
    ONE = 1


class Loose(TypedDict, total=False):
    name: str


@dataclass
class Initial:
    text: str
    length: InitVar[int]


@dataclass
class Computed:
    text: str
    length: int = field(init=False, default=0)


@dataclass
class Box(Generic[T]):
    content: T


@dataclass
class Endless:
    next: "Endless"


@dataclass
class Chain:
    next: "Chain | None"


@dataclass
class Broken:
    what: bytes


def declare(hint, *, returns=False):
    plugin = BuiltinPlugin("p", version="1.0.0")

    def probe(value):
        return value

    probe.__annotations__ = {"return": hint} if returns else {"value": hint}
    plugin.function(probe)
    return plugin


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (int, "int"),
        (float, "float"),
        (str, "string"),
        (bool, "bool"),
        (None, "void"),
        (Any, "any"),
        (object, "any"),
        (list, "array<any>"),
        (tuple, "array<any>"),
        (dict, "map<any>"),
        (list[int], "array<int>"),
        (typing.List[int], "array<int>"),  # noqa: UP006 - the old spelling works too
        (collections.abc.Sequence[list[str]], "array<array<string>>"),
        (collections.abc.Iterable[bool], "array<bool>"),
        (tuple[float, ...], "array<float>"),
        (dict[str, int], "map<int>"),
        (collections.abc.Mapping[str, dict[str, Any]], "map<map<any>>"),
        (Optional[int], "any"),  # noqa: UP045 - the old spelling works too
        (Union[int, str], "any"),  # noqa: UP007 - the old spelling works too
        (int | None, "any"),
        (Annotated[int, "positive"], "int"),
        (UserId, "UserId"),
        (Color, "Color"),
        (Size, "Size"),
        (Weekday, "Weekday"),
        (Literal["a"], "Value"),
        (Point, "Point"),
        (list[Person], "array<Person>"),
        (dict[str, Entry], "map<Entry>"),
        ("int", "int"),
    ],
    ids=str,
)
def test_a_hint_becomes_a_type(hint, expected):
    signature = declare(hint).functions[0].signature
    assert str(signature.params[0].type) == expected
    result = declare(hint, returns=True).functions[0].signature.returns
    assert str(result) == expected.replace("Value", "ProbeResult")


@pytest.mark.parametrize("hint", [collections.abc.Iterator[int], collections.abc.Generator[int, None, None]])
def test_a_stream_is_a_result_but_no_argument(hint):
    assert str(declare(hint, returns=True).functions[0].signature.returns) == "array<int>"
    with pytest.raises(DefinitionError, match="an argument is always a whole array"):
        declare(hint)


def test_what_has_no_hint_is_anything():
    plugin = BuiltinPlugin("p", version="1.0.0")

    @plugin.function
    def probe(one, two: int):
        return one

    assert str(plugin.functions[0].signature) == "probe(one: any, two: int) -> any"


def definitions(*hints):
    plugin = BuiltinPlugin("p", version="1.0.0")
    for index, hint in enumerate(hints):

        def probe(value):
            return value

        probe.__annotations__ = {"value": hint}
        plugin.function(name=f"probe{index}")(probe)
    return {one["name"]: one for one in map(written, plugin.manifest.types)}


def written(definition):
    parts = {
        "struct": [f"{one.name}: {one.type}" for one in definition.fields],
        "enum": list(definition.values),
        "alias": str(definition.base_type),
    }
    return {"name": definition.name, "parts": parts[definition.kind], "meta": dict(definition.meta)}


def test_types_are_declared_once_with_what_they_need():
    found = definitions(list[Person], Point, Color, UserId, Tree, Entry, Weekday, Size, Person)
    assert {name: one["parts"] for name, one in found.items()} == {
        "Person": ["name: string", "home: Point"],
        "Point": ["x: float", "y: float"],
        "Color": ["red", "blue"],
        "UserId": "int",
        "Tree": ["value: int", "children: array<Tree>"],
        "Entry": ["key: string", "kind: Kind"],
        "Kind": ["file", "folder"],
        "Weekday": ["monday", "tuesday"],
        "Size": ["S", "L"],
    }
    assert found["Point"]["meta"] == {"description": "A place in the plane."}
    assert found["Color"]["meta"] == {"description": "A colour to paint with."}
    assert found["Tree"]["meta"] == {}


def test_words_are_named_by_their_variable_or_their_place():
    found = definitions(Literal["monday", "tuesday"], Literal["x"], Literal["y"])
    assert {name: one["parts"] for name, one in found.items()} == {
        "Weekday": ["monday", "tuesday"],
        "Value": ["x"],
        "Probe2Value": ["y"],
    }


def test_a_struct_may_hold_itself_where_there_may_be_nothing():
    assert definitions(Chain)["Chain"]["parts"] == ["next: any"]


def test_type_aliases_of_the_library():
    """What the statement `type` makes, for versions of Python that do not have it."""
    extensions = pytest.importorskip("typing_extensions")
    check_type_aliases(
        extensions.TypeAliasType("Celsius", float),
        extensions.TypeAliasType("Mode", Literal["r", "w"]),
        extensions.TypeAliasType("Pair", list[T], type_params=(T,)),
    )


@pytest.mark.skipif(sys.version_info < (3, 12), reason="the statement `type` came with Python 3.12")
def test_type_statements():
    names: dict[str, Any] = {"Literal": Literal}
    exec('type Celsius = float\ntype Mode = Literal["r", "w"]\ntype Pair[T] = list[T]', names)
    check_type_aliases(names["Celsius"], names["Mode"], names["Pair"])


def check_type_aliases(celsius, mode, pair):
    found = definitions(celsius, mode)
    assert {name: one["parts"] for name, one in found.items()} == {"Celsius": "float", "Mode": ["r", "w"]}
    for generic in (pair, pair[int]):
        with pytest.raises(DefinitionError, match="there are no generic types"):
            declare(generic)


@pytest.mark.parametrize(
    ("hint", "advice"),
    [
        (set[int], "a set has no order; take `list"),
        (frozenset, "a set has no order"),
        (collections.abc.Set[int], "a set has no order"),
        (bytes, "ALaS has no bytes"),
        (complex, "no complex numbers"),
        (decimal.Decimal, "no decimal numbers; take `str`"),
        (dt.datetime, "`int` with milliseconds"),
        (pathlib.Path, "no paths; take `str`"),
        (collections.abc.Callable[[int], int], "functions are no values in ALaS"),
        (collections.abc.Callable, "functions are no values in ALaS"),
        (tuple[int, str], "a NamedTuple with a field for each"),
        (dict[int, str], "the keys of a map are texts; write dict[str, …]"),
        (Literal["a", 1], "only texts can be listed"),
        (Number, "make it a `StrEnum`"),
        (enum.Enum, "make it a `StrEnum`"),
        (T, "there are no generic types"),
        (list[T], "there are no generic types"),
        (Box, "is generic"),
        (typing.NoReturn, "when it does not fail"),
        (type, "classes are no values"),
        (..., "write int, float, str"),
        (range, "range has no type in ALaS: write int, float, str, bool, None, list"),
        (Loose, "the key `name` of Loose may be absent"),
        (Initial, "the field `length` of Initial exists only while an instance is made"),
        (Computed, "the field `length` of Computed has `init=False`"),
        (Endless, "the struct `Endless` contains itself"),
        (Broken, "the field `what` of Broken, which the parameter `value` of `probe` has: bytes has no type"),
        ("Absent", "names `Absent`, which its module does not have"),
        ("int[", "cannot be evaluated"),
        (list[set[int]], "set"),
        (int | bytes, "no bytes"),
    ],
    ids=str,
)
def test_a_hint_without_a_type_says_what_to_write_instead(hint, advice):
    with pytest.raises(DefinitionError) as caught:
        declare(hint)
    assert advice in str(caught.value)
    assert "probe" in str(caught.value) or "Endless" in str(caught.value)


def test_two_types_of_one_name():
    other = dataclass(type("Point", (), {"__annotations__": {"z": int}, "__module__": __name__}))
    with pytest.raises(
        DefinitionError, match=r"two different types are called `Point`: .*rename one of them"
    ):
        definitions(Point, other)


def test_a_function_that_is_refused_leaves_nothing_behind():
    plugin = BuiltinPlugin("p", version="1.0.0")

    def probe(point: Point, data: bytes) -> None: ...

    with pytest.raises(DefinitionError):
        plugin.function(probe)
    assert plugin.types == ()
    assert plugin.functions == ()


@pytest.mark.parametrize("name", ["int", "Größe"])
def test_names_that_are_no_names_in_alas(name):
    kind = enum.StrEnum(name, {"A": "a"})
    with pytest.raises(DefinitionError, match="/types/0/name"):
        _ = declare(kind).manifest


def test_types_without_functions():
    plugin = BuiltinPlugin("p", version="1.0.0")
    assert plugin.type(Point) is Point
    assert [str(one.name) for one in plugin.manifest.types] == ["Point"]
    assert plugin.manifest.capabilities == ("type",)
    assert plugin.types[0].fields[0].type == TypeReference("float")
    with pytest.raises(DefinitionError, match="bytes"):
        plugin.type(bytes)
