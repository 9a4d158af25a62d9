"""Functions that a host offers to programs."""

from __future__ import annotations

import enum
import functools
import gc
import math
import weakref
from dataclasses import dataclass
from fractions import Fraction

import pytest

import alas_interp
from alas_builtin import DefinitionError
from alas_interp import HostModule, Interpreter, ProgramError


class Size(enum.Enum):
    SMALL = "small"
    LARGE = "large"


@dataclass
class Cup:
    size: Size
    price: float = 2.5


@pytest.fixture
def shop():
    module = HostModule("shop")

    @module.function
    def price(item: str, count: int) -> float:
        """Say what something costs."""
        return {"tea": 2.5}[item] * count

    @module.function(name="cupOf")
    def cup_of(size: Size) -> Cup:
        return Cup(size, 3)

    @module.function
    def total(prices: list[float]) -> float:
        return math.fsum(prices)

    @module.function
    def same(value):
        return value

    module.add("gcd", math.gcd, {"a": "int", "b": "int"}, "int")
    return module


@pytest.fixture
def interpreter(shop):
    with Interpreter() as interpreter:
        interpreter.define(shop)
        yield interpreter


def test_what_a_host_module_offers(shop):
    offered = Interpreter().define(shop)
    assert (offered.name, offered.file, offered.diagnostics) == ("shop", None, [])
    assert [str(function) for function in offered.functions] == [
        "price(item: string, count: int) -> float",
        "cupOf(size: Size) -> Cup",
        "total(prices: array<float>) -> float",
        "same(value: any) -> any",
        "gcd(a: int, b: int) -> int",
    ]
    assert len(offered.exports) == 5


def test_programs_call_it(programs, interpreter):
    both = {
        "type": "binary",
        "op": "+",
        "left": programs.builtin("shop.gcd", programs.literal(12), programs.literal(18)),
        "right": {
            "type": "module_call",
            "module": "shop",
            "name": "price",
            "args": [programs.literal("tea"), programs.literal(2)],
        },
    }
    program = programs.module(programs.function("main", programs.returning(both)), imports=["shop"])
    interpreter.load(programs.file("m.alas.json", program))
    assert interpreter.call("m.main") == 11.0


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        ("price", ("tea", 3), 7.5),
        ("cupOf", ("small",), {"size": "small", "price": 3.0}),
        ("total", ([1, 2.5],), 3.5),
        ("same", ({"a": [1, None]},), {"a": [1, None]}),
        ("gcd", (4, 6), 2),
    ],
)
def test_values_pass(interpreter, function, arguments, expected):
    assert interpreter.call(f"shop.{function}", *arguments) == expected
    assert interpreter.function(f"shop.{function}")(*arguments) == expected


@pytest.mark.parametrize(
    ("function", "arguments", "error", "part"),
    [
        ("price", ("tea",), alas_interp.ArgumentCountError, "takes 2 arguments"),
        ("price", (1, 1), alas_interp.AlasTypeError, "parameter `item`"),
        ("cupOf", ("huge",), alas_interp.AlasTypeError, "`small`, `large`"),
        ("price", ("cake", 1), alas_interp.KeyNotFoundError, "shop.price: there is no key 'cake'"),
        ("gcd", (1, "a"), alas_interp.AlasTypeError, "parameter `b`"),
    ],
)
def test_wrong_calls_from_python(interpreter, function, arguments, error, part):
    with pytest.raises(error, match=part):
        interpreter.call(f"shop.{function}", *arguments)


@pytest.mark.parametrize(
    ("raised", "error"),
    [
        (ValueError("no"), alas_interp.AlasValueError),
        (ZeroDivisionError("no"), alas_interp.DivisionByZeroError),
        (IndexError("no"), alas_interp.IndexOutOfBoundsError),
        (FileNotFoundError("no"), alas_interp.IoFailedError),
        (PermissionError("no"), alas_interp.PermissionDeniedError),
        (RuntimeError("no"), alas_interp.NativeError),
        (alas_interp.PermissionDeniedError("no"), alas_interp.PermissionDeniedError),
    ],
)
def test_exceptions_become_errors_of_the_language(raised, error):
    module = HostModule("host")

    @module.function
    def fail() -> int:
        raise raised

    with Interpreter() as interpreter:
        interpreter.define(module)
        with pytest.raises(error, match="no") as caught:
            interpreter.call("host.fail")
    chain = [caught.value]
    while chain[-1].__cause__ is not None:
        chain.append(chain[-1].__cause__)
    assert raised in chain


@pytest.mark.parametrize(
    ("returns", "value", "outcome"),
    [
        (int, 1, 1),
        (int, True, None),
        (int, "1", None),
        (float, 1, 1.0),
        (float, Fraction(1, 2), 0.5),
        (str, "a", "a"),
        (bool, 1, None),
        (None, None, None),
        (list[int], [1, "a"], None),
    ],
)
def test_results_are_checked(returns, value, outcome):
    module = HostModule("host")

    def give():
        return value

    give.__annotations__["return"] = returns
    module.function(give)
    with Interpreter() as interpreter:
        interpreter.define(module)
        if outcome is None and value is not None:
            with pytest.raises(alas_interp.NativeError, match=r"host\.give"):
                interpreter.call("host.give")
        else:
            assert interpreter.call("host.give") == outcome


def test_callers_are_checked_before_they_run(programs, interpreter):
    for call, code in [
        (programs.builtin("shop.price", programs.literal("tea")), "argument_count"),
        (programs.builtin("shop.price", programs.literal(1), programs.literal(1)), "type_mismatch"),
        (programs.builtin("shop.cupOf", programs.literal("huge")), "type_mismatch"),
        (programs.builtin("shop.prize", programs.literal("tea"), programs.literal(1)), "unknown_builtin"),
    ]:
        with pytest.raises(ProgramError) as caught:
            interpreter.load(programs.module(programs.function("main", programs.returning(call))))
        assert [finding.code for finding in caught.value.diagnostics] == [code]
    assert "price" in (caught.value.diagnostics[0].help or "")


def test_wrong_types_are_findings():
    module = HostModule("host")
    module.add("f", len, {"x": "integr"}, "int")
    interpreter = Interpreter()
    with pytest.raises(ProgramError) as caught:
        interpreter.define(module)
    (finding,) = caught.value.diagnostics
    assert (finding.code, finding.file, finding.pointer) == (
        "unknown_type",
        "<host module host>",
        "/functions/0/params/0/type",
    )
    assert interpreter.modules() == []


def test_two_functions_of_one_name():
    module = HostModule("host")
    module.add("f", len, {"x": "any"})
    module.add("f", len, {"x": "any"})
    with pytest.raises(ProgramError, match="duplicate_name"):
        Interpreter().define(module)


def test_what_cannot_join():
    module = HostModule("host")
    with pytest.raises(TypeError, match=r"expected what implements host\.f, found 3"):
        module.add("f", 3, {})
    with pytest.raises(DefinitionError, match="default"):
        module.function(name="f")(lambda x=1: x)
    for name in ("a b", "std.math", "std.other", "io"):
        with pytest.raises(DefinitionError):
            HostModule(name)


def test_defining_again_replaces(programs):
    with Interpreter() as interpreter:
        for number in (1, 2):
            module = HostModule("host")
            module.add("f", functools.partial(int, number), {}, "int")
            interpreter.define(module)
            call = programs.builtin("host.f")
            program = programs.module(programs.function("main", programs.returning(call)), name=f"m{number}")
            interpreter.load(program)
        assert (interpreter.call("m1.main"), interpreter.call("m2.main")) == (1, 2)
        assert interpreter.modules() == ["host", "m1", "m2"]


def test_it_comes_before_a_file_of_the_same_name(programs, interpreter):
    other = programs.function(
        "gcd", programs.returning(programs.literal(0)), params=[("a", "int"), ("b", "int")]
    )
    programs.file("shop.alas.json", programs.module(other, name="shop", exports=["gcd"]))
    call = programs.builtin("shop.gcd", programs.literal(4), programs.literal(6))
    importing = programs.module(programs.function("main", programs.returning(call)), imports=["shop"])
    interpreter.load(programs.file("m.alas.json", importing))
    assert interpreter.call("m.main") == 2


def test_a_function_may_call_the_program(programs):
    with Interpreter() as interpreter:
        host = HostModule("host")
        host.add("again", lambda n: interpreter.call("m.down", n), {"n": "int"}, "int")
        interpreter.define(host)
        n, one = programs.variable("n"), programs.literal(1)
        less = {"type": "binary", "op": "-", "left": n, "right": one}
        stop = {"type": "if", "cond": n, "then": [], "else": [programs.returning(programs.literal(0))]}
        deeper = {"type": "binary", "op": "+", "left": one, "right": programs.builtin("host.again", less)}
        interpreter.load(
            programs.module(
                programs.function("down", stop, programs.returning(deeper), params=[("n", "int")])
            )
        )
        assert interpreter.call("m.down", 20) == 20
        with pytest.raises((alas_interp.CallDepthExceededError, alas_interp.NativeError)):
            interpreter.call("m.down", 10**6)


def test_an_interpreter_that_its_functions_hold_is_collected():
    interpreter = Interpreter()
    gone = weakref.ref(interpreter)
    module = HostModule("host")
    module.add("names", interpreter.modules, {}, "array<string>")
    interpreter.define(module)
    assert interpreter.call("host.names") == ["host"]
    del interpreter, module
    gc.collect()
    assert gone() is None


def test_nothing_is_called_after_closing(shop):
    with Interpreter() as interpreter:
        interpreter.define(shop)
        call = interpreter.function("shop.gcd")
    with pytest.raises(alas_interp.FunctionNotFoundError):
        call(1, 2)
    assert interpreter.modules() == []
