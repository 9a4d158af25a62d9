from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from .programs import (
    Node,
    array,
    assign,
    binary,
    builtin,
    function,
    give,
    literal,
    loaded,
    mapping,
    times,
    variable,
)

DEPTH = 1_000_000
V = variable("v")
W = variable("w")
WRAPPED = {"array": array(V), "map": mapping(inside=V), "both": array(mapping(inside=V))}


def nested(kind: str, *after: Node) -> Callable[[], object]:
    """A program that makes two values of a million levels, and then does something else."""
    nest = function(
        "nest",
        {"n": "int"},
        assign("v", literal(1)),
        times(variable("n"), assign("v", WRAPPED[kind])),
        give(V),
    )
    made = {"type": "call", "name": "nest", "args": [literal(DEPTH)]}
    interpreter = loaded(nest, function("run", {}, assign("v", made), assign("w", made), *after))
    return lambda: interpreter.call("growth.run")


def in_thread(work: Callable[[], object]) -> object:
    """Do something in a thread of its own, whose stack is smaller than that of the main one."""
    results: list[object] = []
    thread = threading.Thread(target=lambda: results.append(work()))
    thread.start()
    thread.join()
    return results[0]


@pytest.mark.parametrize("kind", WRAPPED)
def test_drop(kind: str) -> None:
    assert in_thread(nested(kind, assign("v", literal(0)), give(literal("dropped")))) == "dropped"


@pytest.mark.parametrize("kind", WRAPPED)
def test_equality(kind: str) -> None:
    assert in_thread(nested(kind, give(binary(V, "==", W)))) is True


@pytest.mark.parametrize("kind", WRAPPED)
def test_text(kind: str) -> None:
    text = builtin("type.toString", V)
    length = in_thread(nested(kind, give(builtin("string.length", text))))
    levels = {"array": len("[]"), "map": len('{"inside": }'), "both": len('[{"inside": }]')}
    assert length == DEPTH * levels[kind] + 1


@pytest.mark.parametrize("kind", WRAPPED)
def test_copy_of_the_outside(kind: str) -> None:
    assert in_thread(nested(kind, assign("v", array(V, V)), give(builtin("collections.length", V)))) == 2
