"""Calls of functions in native code, beside the functions themselves and other ways to them."""

from __future__ import annotations

import ctypes
import json
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np

from alas_interp import Interpreter, PluginManager
from alas_loader_native import current_platform

from .peers import PROGRAMS, Contender, UnavailableError, library
from .rows import ITSELF, LOOP, SUBJECT, Row

Contenders = tuple[dict[str, Contender], dict[str, str]]

_HEADERS = PROGRAMS.parents[2] / "sdk" / "c" / "include"
_LONG, _SHORT = 1_000_000, 1
_MANIFEST = {
    "version": "1.0.0",
    "type": "native",
    "functions": [
        {
            "name": "add",
            "params": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}],
            "returns": "int",
        },
        {"name": "first", "params": [{"name": "items", "type": "array<float>"}], "returns": "int"},
    ],
    "implementation": {"language": "c", "binaries": [{current_platform(): "native_calls.so"}]},
}


@dataclass(frozen=True)
class _Built:
    """What the rows use.

    Attributes:
        interpreter: has the plugin, and the programs that call it.
        c: the same library for `ctypes`.
        cffi: the same for `cffi`; None where that is not installed.
    """

    interpreter: Interpreter
    c: ctypes.CDLL
    cffi: Any


@cache
def _built() -> _Built:
    compiler = shutil.which("cc")
    if compiler is None:
        raise UnavailableError("no C compiler (cc) was found")
    with tempfile.TemporaryDirectory(prefix="alas-bench-") as name:
        folder = Path(name)
        for module, is_parallel in (("native_calls", True), ("native_queue", False)):
            plugin = folder / module
            plugin.mkdir()
            made = plugin / "native_calls.so"
            source = PROGRAMS / "native_calls.c"
            options = ["-O2", "-shared", "-fPIC", f"-I{_HEADERS}", f'-DMODULE="{module}"']
            subprocess.run([compiler, *options, "-o", made, source], check=True)
            names = {"name": module.replace("_", "-"), "module": module}
            manifest = _MANIFEST | names | {"runtime": {"parallel": is_parallel}}
            (plugin / "plugin.json").write_text(json.dumps(manifest))
        interpreter = Interpreter()
        report = PluginManager(interpreter).initialize([folder])
        assert not report.failed, report.failed[0].error
        interpreter.load(PROGRAMS / "native_loops.alas.json")
        c = ctypes.CDLL(str(made))
        # What is mapped needs its file no longer.
        return _Built(interpreter, c, _by_cffi(made))


def _by_cffi(made: Path) -> Any:
    try:
        cffi = library("cffi")
    except UnavailableError:
        return None
    ffi = cffi.FFI()
    ffi.cdef("int64_t plain_add(int64_t a, int64_t b);")
    return ffi.dlopen(str(made))


def _call(function: str) -> Callable[[Row], Contenders]:
    def make(row: Row) -> Contenders:
        built = _built()
        built.c.run.argtypes = [ctypes.c_int64]
        built.c.run.restype = ctypes.c_int64
        call = built.interpreter.call
        return {
            SUBJECT: lambda: call(f"native_loops.{function}", row.calls),
            ITSELF: lambda: built.c.run(row.calls),
            LOOP: lambda: call("native_loops.loop", row.calls),
        }, {}

    return make


def _array(row: Row) -> Contenders:
    call = _built().interpreter.call
    # Copied in once for all calls.
    many, one = np.full(_LONG, 0.5), np.full(_SHORT, 0.5)
    return {
        SUBJECT: lambda: call("native_loops.pass", row.calls, many),
        "an array of one": lambda: call("native_loops.pass", row.calls, one),
    }, {}


def _from_python(row: Row) -> Contenders:
    built = _built()
    plain_add = built.c.plain_add
    plain_add.argtypes = [ctypes.c_int64, ctypes.c_int64]
    plain_add.restype = ctypes.c_int64

    def often(add: Callable[..., Any]) -> Contender:
        def run() -> object:
            result = None
            for _ in repeat(None, row.calls):
                result = add(3, 4)
            return result

        return run

    able = {SUBJECT: often(built.interpreter.function("native_calls.add")), "ctypes": often(plain_add)}
    if built.cffi is None:
        return able, {"cffi": "the package cffi is not installed"}
    return able | {"cffi": often(built.cffi.plain_add)}, {}


def contenders(row: Row) -> Contenders:
    """Return who takes part in a row of this group, and who cannot and why."""
    return _ROWS[row.name](row)


_ROWS: dict[str, Callable[[Row], Contenders]] = {
    "native_call": _call("run"),
    "native_queue": _call("queue"),
    "native_array": _array,
    "native_from_python": _from_python,
}
