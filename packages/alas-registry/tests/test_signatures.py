"""Which Python values fit which types of a manifest."""

from array import array
from collections.abc import Mapping

import numpy as np
import pytest

from alas_manifest import loads, types_of_dependencies
from alas_registry import ArgumentsError, ResultError
from alas_registry._signatures import SignatureTable

TYPES = """[
    {"name": "Point", "kind": "struct", "fields": [{"name": "x", "type": "float"}, {"name": "y", "type": "float"}]},
    {"name": "Color", "kind": "enum", "values": ["red", "green"]},
    {"name": "Points", "kind": "alias", "base_type": "array<Point>"},
    {"name": "Tree", "kind": "struct", "fields": [{"name": "children", "type": "array<Tree>"}]}
]"""


def table(kind):
    manifest = loads(
        f"""{{
            "name": "a", "version": "1.0.0", "module": "a", "implementation": {{"language": "alas"}},
            "functions": [{{"name": "f", "params": [{{"name": "x", "type": "{kind}"}}], "returns": "{kind}"}}],
            "types": {TYPES}
        }}"""
    )
    return SignatureTable(manifest)


def holding_itself():
    value = []
    value.append(value)
    return value


def shared(depth):
    value = [1]
    for _ in range(depth):
        value = [value, value]
    return value


FITTING = [
    ("int", 0),
    ("int", -(2**63)),
    ("int", 2**63 - 1),
    ("int", np.int32(5)),
    ("float", 1.5),
    ("float", 3),
    ("float", float("nan")),
    ("float", np.float64(1)),
    ("string", ""),
    ("bool", True),
    ("void", None),
    ("any", object()),
    ("any", None),
    ("array", []),
    ("array", (1, "a")),
    ("array", array("d", [1.0])),
    ("array<int>", [1, 2]),
    ("array<int>", array("q", [1])),
    ("array<int>", np.arange(3)),
    ("array<float>", [1, 2.5]),
    ("array<float>", np.arange(3)),
    ("array<float>", np.ones(3)),
    ("array<bool>", np.ones(3, dtype=bool)),
    ("array<any>", [1, "a", None]),
    ("array<array<string>>", [["a"], []]),
    ("map", {"a": 1}),
    ("map<int>", {"a": 1}),
    ("map<array<int>>", {"a": [1]}),
    ("Point", {"y": 1, "x": 2.0}),
    ("array<Point>", [{"x": 1, "y": 2}]),
    ("Points", [{"x": 1, "y": 2}]),
    ("Color", "red"),
    ("Tree", {"children": [{"children": []}]}),
    ("array", holding_itself()),
    ("Tree", {"children": shared(0)[:0]}),
]


@pytest.mark.parametrize(("kind", "value"), FITTING, ids=[kind for kind, _ in FITTING])
def test_fits(kind, value):
    signature = table(kind).check_arguments("f", [value])
    table(kind).check_result(signature, value)


UNFIT = [
    ("int", 1.0, "expected int, found the float `1.0`"),
    ("int", True, "expected int, found the bool `true`"),
    ("int", 2**63, "expected int, found an int that does not fit 64 bits"),
    ("int", "1", "expected int, found the text `1`"),
    ("float", "1", "expected float, found the text `1`"),
    ("float", True, "expected float, found the bool `true`"),
    ("float", 2**63, "expected float, found an int that does not fit 64 bits"),
    ("string", None, "expected string, found void"),
    ("string", b"x", "expected string, found a value of the Python type bytes"),
    ("bool", 0, "expected bool, found the int `0`"),
    ("void", [], "expected void, found an array"),
    ("array", "ab", "expected array, found the text `ab`"),
    ("array", {"a": 1}, "expected array, found a map"),
    ("array", {1}, "expected array, found a value of the Python type set"),
    ("array<int>", [1, "a", 2.5], "[1]: expected int, found the text `a`"),
    ("array<int>", np.ones(2), "[0]: expected int, found the float `1.0`"),
    ("array<string>", np.arange(2), "[0]: expected string, found the int `0`"),
    ("array<array<int>>", [[1], [1, None]], "[1][1]: expected int, found void"),
    ("map", [1], "expected map, found an array"),
    ("map<int>", {"a": 1, "b": "c"}, "['b']: expected int, found the text `c`"),
    ("Point", {"x": 1}, "expected Point with the fields x, y, found a map with the fields x"),
    ("Point", {}, "expected Point with the fields x, y, found a map with the fields none"),
    (
        "Point",
        {"x": 1, "y": 2, "z": 3},
        "expected Point with the fields x, y, found a map with the fields x, y, z",
    ),
    ("Point", {"x": 1, "y": "2"}, ".y: expected float, found the text `2`"),
    ("Point", 1, "expected Point, found the int `1`"),
    ("Points", [{"x": 1, "y": 2}, {"x": 1, "y": None}], "[1].y: expected float, found void"),
    ("Color", "blue", "expected Color (one of 'red', 'green'), found the text `blue`"),
    ("Color", 1, "expected Color (one of 'red', 'green'), found the int `1`"),
    (
        "Tree",
        {"children": [{"children": 1}]},
        ".children[0].children: expected array<Tree>, found the int `1`",
    ),
    ("array<array<int>>", holding_itself(), "[0][0]: expected int, found an array"),
    ("array<string>", ["a", "\x1b[31m", 1], "[2]: expected string, found the int `1`"),
]


@pytest.mark.parametrize(
    ("kind", "value", "message"), UNFIT, ids=[f"{kind}-{index}" for index, (kind, *_) in enumerate(UNFIT)]
)
def test_does_not_fit(kind, value, message):
    with pytest.raises(ArgumentsError) as raised:
        table(kind).check_arguments("f", [value])
    assert (
        str(raised.value)
        == f"f(x: {kind}) -> {kind} of plugin `a`: the argument for `x` does not fit: {message}"
    )
    signature = table(kind)._functions["f"]
    with pytest.raises(ResultError) as raised:
        table(kind).check_result(signature, value)
    assert message in str(raised.value)


def test_values_cannot_drive_a_terminal():
    with pytest.raises(ArgumentsError) as raised:
        table("int").check_arguments("f", ["\x1b[31m"])
    assert "\x1b" not in str(raised.value)


def test_a_value_that_is_shared_is_looked_at_once():
    kind = "array<" * 40 + "int" + ">" * 40
    value = shared(39)
    table(kind).check_arguments("f", [value])


def test_values_that_are_made_as_they_are_read_are_all_looked_at():
    class Pages(Mapping):
        """Makes each of its pages anew; Python likes to put one where the last one was."""

        def __init__(self, pages):
            self.pages = pages

        def __getitem__(self, key):
            return Pages(self.pages[key]) if isinstance(self.pages[key], dict) else self.pages[key]

        def __iter__(self):
            return iter(self.pages)

        def __len__(self):
            return len(self.pages)

    pages = {str(number): {"leaf": {"x": 1}} for number in range(50)}
    pages["49"]["leaf"]["x"] = "one"
    with pytest.raises(ArgumentsError, match="expected int, found the text `one`"):
        table("map<map<map<int>>>").check_arguments("f", [Pages(pages)])


def test_a_value_nested_deep_needs_no_recursion():
    value = {"children": []}
    for _ in range(100_000):
        value = {"children": [value]}
    table("Tree").check_arguments("f", [value])
    # Letting go of it must not recurse either.
    while value["children"]:
        value = value["children"].pop()


def test_types_of_dependencies():
    foreign = types_of_dependencies(
        [
            loads(
                '{"name": "b", "version": "1.0.0", "module": "b", "implementation": {"language": "alas"}, "types": ['
                '{"name": "Side", "kind": "enum", "values": ["left"]}, '
                '{"name": "Sides", "kind": "struct", "fields": [{"name": "one", "type": "Side"}]}]}'
            )
        ]
    )

    def manifest(kind, types="[]"):
        return loads(
            '{"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}, '
            f'"dependencies": ["b"], "types": {types}, '
            f'"functions": [{{"name": "f", "params": [{{"name": "x", "type": "{kind}"}}]}}]}}'
        )

    for kind in ("Side", "b.Side"):
        SignatureTable(manifest(kind), foreign).check_arguments("f", ["left"])
        with pytest.raises(ArgumentsError, match="one of 'left'"):
            SignatureTable(manifest(kind), foreign).check_arguments("f", ["right"])
        # The engine knows what the registry does not.
        SignatureTable(manifest(kind)).check_arguments("f", ["right"])
    # What a type of another plugin consists of is what that plugin means by it.
    own = manifest("Sides", '[{"name": "Side", "kind": "alias", "base_type": "int"}]')
    SignatureTable(own, foreign).check_arguments("f", [{"one": "left"}])
    with pytest.raises(ArgumentsError, match="one of 'left'"):
        SignatureTable(own, foreign).check_arguments("f", [{"one": 1}])
