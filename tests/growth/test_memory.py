from __future__ import annotations

import contextlib
import gc
import json
import platform
import resource
from pathlib import Path

import pytest

from alas_core.errors import RunError
from alas_interp import Interpreter, Limits, ProgramError

from .programs import I, N, array, assign, builtin, function, literal, mapping, module, times, variable

STATM = Path("/proc/self/statm")
LOADS = 10_000
# Freed memory is not always given back at once; a leak of 100 bytes for each load would be as much.
SLACK = 512 * 1024

# What a call may leave of hundreds of megabytes: the 32 MiB of values that are not worth asking for, and what they take beside.
LITTLE = 80 * 1024 * 1024

PROGRAM = module(
    function(
        "run",
        {"n": "int"},
        assign("a", array()),
        times(
            N, assign("a", builtin("array.push", variable("a"), mapping(number=I, text=literal("some text"))))
        ),
    ),
    function(
        "beside",
        {"n": "int"},
        assign("task", builtin("async.spawn", literal("run"), array(N))),
        {"type": "return", "value": builtin("async.await", variable("task"))},
    ),
    *(function(f"f{number}", {"n": "int"}, assign("x", literal(f"text {number}"))) for number in range(10)),
)

gives_back_when_asked = pytest.mark.skipif(
    platform.libc_ver()[0] != "glibc", reason="only GNU's C library gives memory back when it is asked to"
)
pytestmark = pytest.mark.skipif(not STATM.exists(), reason="resident memory is read from /proc")


def resident() -> int:
    """The bytes of this process that are in memory."""
    return int(STATM.read_text().split()[1]) * resource.getpagesize()


def grown(load_and_drop: object) -> int:
    """How much more memory the process holds after the second half of the loads than after the first."""
    assert callable(load_and_drop)
    for _ in range(LOADS // 2):
        load_and_drop()
    middle = resident()
    for _ in range(LOADS // 2):
        load_and_drop()
    return resident() - middle


def test_interpreters() -> None:
    def load_and_drop() -> None:
        with Interpreter() as interpreter:
            interpreter.load(PROGRAM)
            interpreter.call("growth.run", 10)

    assert grown(load_and_drop) < SLACK


def test_the_same_module_again() -> None:
    def load_and_drop() -> None:
        interpreter.load(PROGRAM)
        interpreter.call("growth.run", 10)

    interpreter = Interpreter()
    assert grown(load_and_drop) < SLACK
    assert interpreter.modules() == ["growth"]


def test_memory_account() -> None:
    interpreter = Interpreter()
    interpreter.load(PROGRAM)
    interpreter.call("growth.run", 10)
    before = interpreter.statistics()["memory_used"]
    interpreter.call("growth.run", 10_000)
    assert interpreter.statistics()["memory_used"] == before


@gives_back_when_asked
@pytest.mark.parametrize(("count", "code"), [(400_000, None), (10_000_000, "timeout")])
@pytest.mark.parametrize("call", ["run", "beside"])
def test_a_call_that_held_much_gives_it_back(call: str, count: int, code: str | None) -> None:
    with Interpreter(limits=Limits(memory=None, timeout=0.5 if code else 60)) as interpreter:
        interpreter.load(PROGRAM)
        interpreter.call(f"growth.{call}", 10)
        before = resident()
        with pytest.raises(RunError, match=code) if code else contextlib.nullcontext():
            interpreter.call(f"growth.{call}", count)
        assert resident() - before < LITTLE


@gives_back_when_asked
@pytest.mark.parametrize("is_sound", [True, False])
def test_a_large_program_is_given_back(is_sound: bool) -> None:
    value = literal(1) if is_sound else variable("nothing")
    body = [assign(f"v{number % 100}", value) for number in range(200_000)]
    text = json.dumps(module(function("main", {}, *body)))
    gc.collect()
    before = resident()
    with Interpreter() as interpreter, contextlib.nullcontext() if is_sound else pytest.raises(ProgramError):
        interpreter.load(text)
    del interpreter
    gc.collect()
    assert resident() - before < LITTLE
