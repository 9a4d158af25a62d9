from __future__ import annotations

import json

import pytest

from alas_interp import Interpreter

from .cases import APPENDING, MAPS, TEXTS, Case, parameters, runner
from .programs import (
    I,
    N,
    array,
    assign,
    binary,
    builtin,
    call,
    function,
    give,
    literal,
    loaded,
    module,
    times,
    variable,
)
from .timing import MOST, TIMES, growth

X = variable("x")


@pytest.mark.parametrize("case", parameters(APPENDING))
def test_appending(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", parameters(MAPS))
def test_maps(case: Case) -> None:
    check(case)


@pytest.mark.parametrize("case", parameters(TEXTS))
def test_texts(case: Case) -> None:
    check(case)


def test_loading_functions() -> None:
    def load(count: int) -> None:
        interpreter.load(texts[count])

    interpreter = Interpreter()
    size = 125
    texts = {count: many_functions(count) for count in (size, TIMES * size)}
    assert growth(load, size) <= MOST


def test_loading_one_long_function() -> None:
    def load(count: int) -> None:
        interpreter.load(texts[count])

    interpreter = Interpreter()
    size = 500
    texts = {count: long_function(count) for count in (size, TIMES * size)}
    assert growth(load, size) <= MOST


def test_loading_variables_that_live_across_blocks() -> None:
    def load(count: int) -> None:
        interpreter.load(texts[count])

    interpreter = Interpreter()
    size = 750
    texts = {count: variables_across_blocks(count) for count in (size, TIMES * size)}
    assert growth(load, size) <= MOST


def test_loading_reads_of_many_fields() -> None:
    def load(count: int) -> None:
        interpreter.load(texts[count])

    interpreter = Interpreter()
    size = 1_000
    texts = {count: reads_of_fields(count) for count in (size, TIMES * size)}
    assert growth(load, size) <= MOST


def check(case: Case) -> None:
    interpreter = loaded(*runner(case))
    assert growth(lambda size: interpreter.call("growth.run", size), case.size) <= MOST


def many_functions(count: int) -> bytes:
    """A module of so many functions, each of which calls the one before."""
    functions = [function("f0", {"n": "int"}, give(N))]
    for number in range(1, count):
        previous = call(f"f{number - 1}", binary(N, "+", literal(number)))
        body = (
            assign("x", literal(0)),
            times(N, assign("x", binary(X, "+", I))),
            give(binary(X, "+", previous)),
        )
        functions.append(function(f"f{number}", {"n": "int"}, *body))
    return json.dumps(module(*functions)).encode()


def long_function(count: int) -> bytes:
    """A module of one function of so many statements."""
    body = [assign(f"x{number}", binary(N, "*", literal(number))) for number in range(count)]
    return json.dumps(module(function("f", {"n": "int"}, *body, give(variable(f"x{count - 1}"))))).encode()


def variables_across_blocks(count: int) -> bytes:
    """A module of one function with so many variables, all of which live across as many loops."""
    variables = [variable(f"v{number}") for number in range(count)]
    make = [assign(one["name"], array()) for one in variables]
    loops = [{"type": "while", "cond": N, "body": []} for _ in variables]
    use = [{"type": "expr", "value": builtin("type.typeOf", one)} for one in variables]
    return json.dumps(module(function("f", {"n": "bool"}, *make, *loops, *use))).encode()


def reads_of_fields(count: int) -> bytes:
    """A module of one function that reads so many fields of one map, one after the other."""
    reads = [
        {"type": "expr", "value": {"type": "field", "object": N, "field": f"f{i}"}} for i in range(count)
    ]
    return json.dumps(module(function("f", {"n": "map"}, *reads))).encode()
