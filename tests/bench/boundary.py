"""What crosses a boundary: calls from Python, calls between modules, limits and threads."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import numpy as np

from alas_interp import HostModule, Interpreter, Limits

from .peers import PROGRAMS, Contender, UnavailableError, compiled_c, library
from .rows import SUBJECT, Row

Contenders = tuple[dict[str, Contender], dict[str, str]]


def contenders(row: Row) -> Contenders:
    """Return who takes part in a row of this group, and who cannot and why."""
    return _ROWS[row.name](row)


def _loaded(program: str, limits: Limits | None = None) -> Interpreter:
    interpreter = Interpreter(limits=limits, module_path=[PROGRAMS])
    interpreter.load(PROGRAMS / f"{program}.alas.json")
    return interpreter


def _available(makers: dict[str, Callable[[], Contender]]) -> Contenders:
    able: dict[str, Contender] = {}
    unable: dict[str, str] = {}
    for name, make in makers.items():
        try:
            able[name] = make()
        except UnavailableError as reason:
            unable[name] = str(reason)
    return able, unable


def _add(row: Row) -> Contenders:
    def often(add: Callable[..., Any], *leading: object) -> Contender:
        def run() -> object:
            result = None
            for _ in repeat(None, row.calls):
                result = add(*leading, 3, 4) if leading else add(3, 4)
            return result

        return run

    def alas() -> Contender:
        return often(_loaded(row.program).function("add.run"))

    def cpython() -> Contender:
        return often(lambda a, b: a + b)

    def lua() -> Contender:
        return often(library("lupa.lua54").LuaRuntime().eval("function(a, b) return a + b end"))

    def c() -> Contender:
        add = compiled_c(PROGRAMS / "add.c").run
        add.argtypes = [ctypes.c_int64, ctypes.c_int64]
        add.restype = ctypes.c_int64
        return often(add)

    def wasmtime() -> Contender:
        package = library("wasmtime")
        store = package.Store()
        module = package.Module(store.engine, (PROGRAMS / "add.wat").read_text())
        return often(package.Instance(store, module, []).exports(store)["run"], store)

    return _available(
        {SUBJECT: alas, "a Python function": cpython, "lupa": lua, "ctypes": c, "wasmtime": wasmtime}
    )


def _host_function(row: Row) -> Contenders:
    def add(a: int, b: int) -> int:
        return a + b

    def alas() -> Contender:
        host = HostModule("host")
        host.add("add", add, {"a": "int", "b": "int"}, "int")
        interpreter = Interpreter()
        interpreter.define(host)
        interpreter.load(PROGRAMS / f"{row.program}.alas.json")
        run = interpreter.function(f"{row.program}.run")
        return lambda: run(row.calls)

    def cpython() -> Contender:
        def run() -> object:
            total = 0
            for number in range(row.calls):
                total = add(total, number)
            return total

        return run

    def lua() -> Contender:
        text = "function(add, n) local s = 0 for i = 0, n - 1 do s = add(s, i) end return s end"
        run = library("lupa.lua54").LuaRuntime().eval(text)
        return lambda: run(add, row.calls)

    return _available({SUBJECT: alas, "a Python loop": cpython, "lupa": lua})


def _sum(function: str) -> Callable[[Row], Contenders]:
    # Halves, whose sums are exact in any order.
    values = np.arange(1_000_000) * 0.5

    def make(row: Row) -> Contenders:
        def alas() -> Contender:
            interpreter = _loaded(row.program)
            return lambda: interpreter.call(f"numpy_sum.{function}", values)

        def c() -> Contender:
            run = compiled_c(PROGRAMS / "numpy_sum.c").run
            run.argtypes = [ctypes.c_void_p, ctypes.c_int64]
            run.restype = ctypes.c_double

            def copy_and_sum() -> object:
                copied = values.copy()
                return run(copied.ctypes.data, len(copied))

            return copy_and_sum

        return _available(
            {SUBJECT: alas, "C after a copy": c, "numpy.sum": lambda: lambda: float(values.sum())}
        )

    return make


def _other_module(row: Row) -> Contenders:
    interpreter = _loaded(row.program)
    return {
        SUBJECT: lambda: interpreter.call("calls.across", row.argument),
        "within the module": lambda: interpreter.call("calls.within", row.argument),
    }, {}


def _limits(row: Row) -> Contenders:
    limited = _loaded(row.program, Limits(steps=10**12, memory=1 << 30, timeout=3600))
    free = _loaded(row.program, Limits(memory=None))
    return {
        SUBJECT: lambda: limited.call(f"{row.program}.run", row.argument),
        "without": lambda: free.call(f"{row.program}.run", row.argument),
    }, {}


def _threads(row: Row) -> Contenders:
    interpreter = _loaded(row.program)
    threads = ThreadPoolExecutor(2)

    def once() -> object:
        return interpreter.call("fib.run", row.argument)

    def twice() -> object:
        first, second = threads.submit(once), threads.submit(once)
        assert first.result() == second.result()
        return first.result()

    return {SUBJECT: twice, "once": once}, {}


_ROWS: dict[str, Callable[[Row], Contenders]] = {
    "add": _add,
    "numpy_sum": _sum("run"),
    "numpy_loop": _sum("loop"),
    "other_module": _other_module,
    "host_function": _host_function,
    "limits": _limits,
    "limits_memory": _limits,
    "threads": _threads,
}
