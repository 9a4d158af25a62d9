from __future__ import annotations

import pytest

from .cases import APPENDING, MAPS, TEXTS, Case, parameters, runner
from .programs import (
    A,
    I,
    N,
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

# Each changes `a`, which first holds the value beside it.
CHANGES: dict[str, tuple[Node, Node]] = {
    "append": (array(literal(1)), builtin("collections.append", A, I)),
    "set": (array(literal(1)), builtin("array.set", A, literal(0), I)),
    "insert": (array(literal(1)), builtin("array.insert", A, literal(0), I)),
    "put": (mapping(x=literal(1)), builtin("map.put", A, I, I)),
    "overwrite": (mapping(x=literal(1)), builtin("map.put", A, literal("x"), I)),
    "text": (builtin("string.repeat", literal("long text"), literal(20)), binary(A, "+", literal("more"))),
}


@pytest.mark.parametrize("case", parameters([*APPENDING, *MAPS, *TEXTS]))
def test_one_holder(case: Case) -> None:
    interpreter = loaded(*runner(case))
    before = interpreter.statistics()["copies"]
    interpreter.call("growth.run", 1_000)
    assert interpreter.statistics()["copies"] == before


@pytest.mark.parametrize("name", CHANGES)
def test_two_names(name: str) -> None:
    value, change = CHANGES[name]
    body = (
        assign("a", value),
        assign("b", A),
        times(N, assign("a", change)),
        # Both are still in use, so that neither could be given up before.
        give(array(A, variable("b"))),
    )
    interpreter = loaded(function("run", {"n": "int"}, *body))
    before = interpreter.statistics()["copies"]
    result = interpreter.call("growth.run", 100)
    assert interpreter.statistics()["copies"] == before + 1
    assert isinstance(result, list)
    assert result[0] != result[1]
