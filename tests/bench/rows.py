"""What is measured: each row with its program, its size and its targets.

This is the one place that describes rows. A program `NAME` is `programs/NAME.alas.json`, and each peer that can express
it has the same program beside it: `NAME.lua`, `NAME.py`, `NAME.js`, `NAME.star`, `NAME.wat`, `NAME.c`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SUBJECT = "ALaS"

LUA = "Lua 5.4"
LUAJIT = "LuaJIT"
CPYTHON = "CPython"
WASMTIME = "wasmtime"
QUICKJS = "QuickJS"
STARLARK = "Starlark"
C = "C"
ITSELF = "the function itself"
LOOP = "the loop itself"


@dataclass(frozen=True)
class Target:
    """How long ALaS may take.

    Attributes:
        at_most: as a multiple of the peer's time; without a peer in seconds.
        against: the peer, or None for an absolute time.
        when: "now" for what has to hold, "later" for what a compiled tier is to reach.
        or_seconds: with a peer, a time that is good enough whatever the peer takes.
        beyond: peers whose time does not count: ALaS may take so many seconds more than they take together.
    """

    at_most: float
    against: str | None = None
    when: Literal["now", "later"] = "now"
    or_seconds: float = 0.0
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One thing that is measured.

    Attributes:
        name: what selects it, as in `-k NAME`.
        title: what readers see.
        group: "program" for a program that every peer runs, "boundary" for calls, "native" for calls of native code, "start" for what comes before them,
            "plugins" for managing plugins.
        targets: what it should reach.
        program: the name of its files in `programs/`.
        argument: what the program's function `run` is called with.
        calls: how many calls one measurement makes; times are given for one.
    """

    name: str
    title: str
    group: Literal["program", "boundary", "native", "start", "plugins"]
    targets: tuple[Target, ...]
    program: str = ""
    argument: int = 0
    calls: int = 1


def _program(title: str, program: str, argument: int, *targets: Target, name: str = "") -> Row:
    return Row(name or program, title, "program", targets, program, argument)


def _later(at_most: float, against: str) -> Target:
    return Target(at_most, against, "later")


ROWS = (
    _program("recursive calls, fib(30)", "fib", 30, Target(1.0, LUA), _later(1.1, WASMTIME)),
    _program(
        "integer loop with division, 10 M",
        "integer_loop",
        10_000_000,
        Target(1.0, LUA),
        _later(1.1, WASMTIME),
    ),
    _program("float loop, Mandelbrot set", "mandelbrot", 300, Target(1.0, LUA)),
    _program("n-queens with bit masks", "queens", 10, Target(1.0, LUA), _later(1.0, LUAJIT)),
    _program("float matrix product, 120 x 120", "matrix", 120, Target(1.0, LUA), _later(1.0, LUAJIT)),
    _program(
        "search in a sorted array, 300 k times", "search", 300_000, Target(1.0, LUA), _later(1.0, LUAJIT)
    ),
    _program("merge sort of 20 k records", "merge_sort", 20_000, Target(1.5, LUA), _later(0.5, LUA)),
    _program("append 10 M ints", "append", 10_000_000, Target(1.0, LUA), _later(0.2, CPYTHON)),
    _program("append 20 k ints", "append", 20_000, Target(1.0, LUA), Target(0.010), name="append_20k"),
    _program("count 1 M texts in a map", "count_texts", 1_000_000, Target(1.0, LUA)),
    _program("count 1 M ints in a map", "count_ints", 1_000_000, Target(1.0, LUA)),
    _program(
        "fill and read a map, 1 M int keys", "map_ints", 1_000_000, Target(1.5, LUA), _later(1.0, CPYTHON)
    ),
    _program(
        "fill and read a map, 1 M text keys", "map_texts", 1_000_000, Target(1.5, LUA), _later(1.0, CPYTHON)
    ),
    _program("split text", "text_split", 2_000, Target(1.5, LUA), _later(1.0, CPYTHON)),
    _program("join 1,000 parts", "text_join", 5_000, Target(1.5, LUA), _later(1.0, CPYTHON)),
    _program("replace in text", "text_replace", 2_000, Target(1.5, LUA), _later(1.0, CPYTHON)),
    _program(
        "build text from 500 k pieces", "text_concatenate", 500_000, Target(1.5, LUA), _later(1.0, CPYTHON)
    ),
    Row(
        "add",
        "Python calls add(int, int)",
        "boundary",
        (Target(300e-9), Target(150e-9, when="later")),
        program="add",
        calls=20_000,
    ),
    Row(
        "numpy_sum",
        "sum of a NumPy array of 1 M floats, array.sum",
        "boundary",
        (Target(1.5, "C after a copy"),),
        program="numpy_sum",
    ),
    Row(
        "numpy_loop",
        "sum of a NumPy array of 1 M floats, a loop",
        "boundary",
        (Target(1.5, "C after a copy", "later"),),
        program="numpy_sum",
    ),
    Row(
        "other_module",
        "1 M calls of another module's function",
        "boundary",
        (Target(1.5, "within the module"),),
        program="calls",
        argument=1_000_000,
    ),
    Row(
        "host_function",
        "a program calls a Python function of two ints",
        "boundary",
        (Target(350e-9),),
        program="host_calls",
        calls=20_000,
    ),
    Row(
        "native_call",
        "a program calls a native function of two ints",
        "native",
        (Target(20e-9, beyond=(ITSELF, LOOP)),),
        calls=200_000,
    ),
    Row(
        "native_queue",
        "the same, one call at a time",
        "native",
        (Target(20e-9, beyond=(ITSELF, LOOP)),),
        calls=200_000,
    ),
    Row(
        "native_array",
        "a program passes an array of 1 M floats to a native function",
        "native",
        (Target(1.2, "an array of one"),),
        calls=200_000,
    ),
    Row(
        "native_from_python",
        "Python calls a native function of two ints",
        "native",
        (Target(300e-9),),
        calls=20_000,
    ),
    Row(
        "limits",
        "fib(27) with limits of steps, memory and time",
        "boundary",
        (Target(1.1, "without"),),
        "fib",
        27,
    ),
    Row(
        "limits_memory",
        "count 1 M texts in a map with the same limits",
        "boundary",
        (Target(1.1, "without"),),
        "count_texts",
        1_000_000,
    ),
    # Twice the work in the time of 2 / 1.9 is 1.9 times the throughput.
    Row("threads", "fib(30) in two threads at once", "boundary", (Target(2 / 1.9, "once"),), "fib", 30),
    Row(
        "hello",
        "alas-run hello.alas.json, whole process",
        "start",
        (Target(2.5, "python -c pass", or_seconds=0.060),),
    ),
    Row("load", "read, check and lower a module of 1 MB", "start", (Target(2.0, "json.loads"),)),
    Row("discover_warm", "find 1,000 plugins, 100 broken, known from before", "plugins", (Target(0.050),)),
    Row("discover_cold", "find 1,000 plugins, 100 broken, for the first time", "plugins", (Target(1.0),)),
    Row("resolve", "order 1,000 plugins by their ranges", "plugins", (Target(0.100),)),
    Row(
        "plugin_call",
        "Python calls a plugin's function through the registry",
        "plugins",
        (Target(5e-6),),
        calls=20_000,
    ),
    Row("manifest_import", "import alas_manifest, whole process", "plugins", (Target(0.100),)),
)
