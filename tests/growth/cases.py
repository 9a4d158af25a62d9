"""What a program may do often, each as a function `run(n)`, and helpers that some of them call."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from _pytest.mark import ParameterSet

from .programs import (
    EMPTY,
    A,
    I,
    M,
    N,
    Node,
    S,
    array,
    assign,
    binary,
    builtin,
    function,
    give,
    literal,
    mapping,
    times,
    variable,
)
from .programs import call as call_function


@dataclass(frozen=True)
class Case:
    """Work that has to grow in proportion to `n`.

    Attributes:
        name: what the work is.
        size: an `n`, for eight times which it takes some milliseconds.
        body: the body of `run(n)`.
        functions: what else the module holds.
    """

    name: str
    size: int
    body: tuple[Node, ...]
    functions: tuple[Node, ...] = ()


def _put(key: Node, value: Node = I) -> Node:
    return assign("m", builtin("map.put", M, key, value))


def _remove(key: Node) -> Node:
    return assign("m", builtin("map.remove", M, key))


def _entries(key: Node) -> tuple[Node, ...]:
    return (assign("m", mapping()), times(N, _put(key)))


def _text(*parts: Node) -> Node:
    text = parts[0]
    for part in parts[1:]:
        text = binary(text, "+", part)
    return text


_APPEND = function("add", {"a": "array", "x": "any"}, give(builtin("collections.append", A, variable("x"))))
_PUT = function(
    "store",
    {"m": "map", "key": "any", "value": "any"},
    give(builtin("map.put", M, variable("key"), variable("value"))),
)

KEYS = {
    "ints in order": I,
    "ints backwards": binary(N, "-", I),
    # The low bits, or the high ones, of all these keys are the same.
    "multiples of 65,536": binary(I, "*", literal(65_536)),
    "multiples of 2^32": binary(I, "*", literal(2**32)),
    "scattered ints": binary(binary(I, "*", literal(2_654_435_761)), "%", literal(4_294_967_291)),
    "floats": binary(I, "+", literal(0.5)),
    "texts": _text(literal("key"), I),
    "texts with a long common start": _text(literal("common " * 5), I),
    "texts with a long common end": _text(I, literal(" common" * 5)),
    "texts that look like ints": _text(literal("0"), I),
    "negative ints as texts": _text(literal("-"), I),
}


APPENDING = [
    Case("local", 50_000, (assign("a", array()), times(N, assign("a", builtin("collections.append", A, I))))),
    Case(
        "texts",
        12_500,
        (assign("a", array()), times(N, assign("a", builtin("array.push", A, _text(literal("t"), I))))),
    ),
    Case(
        "through a function",
        25_000,
        (assign("a", array()), times(N, assign("a", call_function("add", A, I)))),
        (_APPEND,),
    ),
    Case(
        "inside a map",
        2_500,
        (
            assign("m", mapping(list=array())),
            times(
                N,
                _put(
                    literal("list"),
                    builtin("collections.append", builtin("map.get", M, literal("list")), I),
                ),
            ),
        ),
    ),
    Case(
        "inside a map, by field",
        2_500,
        (
            assign("m", mapping(list=array())),
            times(
                N,
                _put(
                    literal("list"),
                    builtin("collections.append", {"type": "field", "object": M, "field": "list"}, I),
                ),
            ),
        ),
    ),
    Case(
        "inside an array",
        2_500,
        (
            assign("a", array(array())),
            times(
                N,
                assign(
                    "a",
                    builtin(
                        "array.set",
                        A,
                        literal(0),
                        builtin("collections.append", {"type": "index", "object": A, "index": literal(0)}, I),
                    ),
                ),
            ),
        ),
    ),
    Case(
        "and taking off again",
        25_000,
        (
            assign("a", array()),
            times(N, assign("a", builtin("array.push", A, I))),
            times(N, assign("a", builtin("array.pop", A))),
        ),
    ),
    Case(
        "a piece of an array",
        25_000,
        (assign("a", array()), times(N, assign("a", binary(A, "+", array(I))))),
    ),
]

MAPS = [
    *(Case(f"insert {name}", 5_000, _entries(key)) for name, key in KEYS.items()),
    *(Case(f"overwrite {name}", 5_000, (*_entries(key), times(N, _put(key)))) for name, key in KEYS.items()),
    *(Case(f"remove {name}", 5_000, (*_entries(key), times(N, _remove(key)))) for name, key in KEYS.items()),
    Case(
        "remove from the end",
        5_000,
        (*_entries(I), times(N, _remove(binary(binary(N, "-", literal(1)), "-", I)))),
    ),
    # What is oldest goes, as in a queue: vacancies must not pile up at the front.
    Case(
        "insert and remove in turns",
        5_000,
        (*_entries(I), times(N, _put(binary(N, "+", I)), _remove(I))),
    ),
    Case(
        "insert through a function",
        5_000,
        (assign("m", mapping()), times(N, assign("m", call_function("store", M, I, I)))),
        (_PUT,),
    ),
    Case(
        "insert inside a map",
        500,
        (
            assign("m", mapping(inner=mapping())),
            times(
                N,
                _put(literal("inner"), builtin("map.put", builtin("map.get", M, literal("inner")), I, I)),
            ),
        ),
    ),
]

TEXTS = [
    Case(
        "piece by piece",
        12_500,
        (assign("s", EMPTY), times(N, assign("s", binary(S, "+", literal("piece"))))),
    ),
    Case(
        "two pieces at a time",
        12_500,
        (assign("s", EMPTY), times(N, assign("s", _text(S, literal("piece "), I)))),
    ),
    Case(
        "piece by piece, not ASCII",
        12_500,
        (assign("s", EMPTY), times(N, assign("s", builtin("string.concat", S, literal("Stück ✓"))))),
    ),
    Case(
        "join",
        12_500,
        (
            assign("a", array()),
            times(N, assign("a", builtin("array.push", A, literal("part")))),
            assign("s", builtin("string.join", A, literal(", "))),
        ),
    ),
    Case(
        "split",
        12_500,
        (
            assign("s", builtin("string.repeat", literal("part, "), N)),
            assign("a", builtin("string.split", S, literal(", "))),
        ),
    ),
    Case(
        "replace",
        25_000,
        (
            assign("s", builtin("string.repeat", literal("part, "), N)),
            assign("s", builtin("string.replace", S, literal("part"), literal("whole"))),
        ),
    ),
    Case(
        "walk through",
        12_500,
        (
            assign("s", builtin("string.repeat", literal("é"), N)),
            assign("m", literal(0)),
            times(N, assign("m", binary(M, "+", builtin("string.codeAt", S, I)))),
        ),
    ),
]


def runner(case: Case) -> tuple[Node, ...]:
    """The functions of a module that does the work of a case."""
    return (function("run", {"n": "int"}, *case.body), *case.functions)


def parameters(cases: list[Case]) -> list[ParameterSet]:
    """The cases for `pytest.mark.parametrize`."""
    return [pytest.param(case, id=case.name) for case in cases]
