"""The peers that run whole programs: from the source of a program to a function that runs it once.

Each maker takes the file and the argument of `run`, and raises `UnavailableError` where the peer is not installed.
"""

from __future__ import annotations

import ctypes
import importlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alas_interp import Interpreter

from .rows import CPYTHON, LUA, LUAJIT, QUICKJS, STARLARK, SUBJECT, WASMTIME, C, Row

PROGRAMS = Path(__file__).parent / "programs"

Contender = Callable[[], object]


class UnavailableError(Exception):
    """A peer cannot take part; the message says why."""


def contenders(row: Row) -> tuple[dict[str, Contender], dict[str, str]]:
    """Return who runs the program of a row, ALaS first, and for each peer that cannot although it should, why."""
    able: dict[str, Contender] = {}
    unable: dict[str, str] = {}
    for name, (suffixes, make) in _PEERS.items():
        files = [PROGRAMS / f"{row.program}{suffix}" for suffix in suffixes]
        file = next((file for file in files if file.exists()), None)
        if file is None:
            continue
        try:
            able[name] = make(file, row.argument)
        except UnavailableError as reason:
            unable[name] = str(reason)
    return able, unable


def library(name: str) -> Any:
    """Import the Python package of a peer."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise UnavailableError(f"the package {name} is not installed") from error


def compiled_c(file: Path) -> ctypes.CDLL:
    """Compile a C file with the machine's compiler and load it."""
    compiler = shutil.which("cc")
    if compiler is None:
        raise UnavailableError("no C compiler (cc) was found")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, f"{file.stem}.so")
        subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", made, file], check=True)
        return ctypes.CDLL(str(made))


def _alas(file: Path, argument: int) -> Contender:
    interpreter = Interpreter()
    name = interpreter.load(file).name
    return lambda: interpreter.call(f"{name}.run", argument)


def _lua(package: str) -> Callable[[Path, int], Contender]:
    def make(file: Path, argument: int) -> Contender:
        runtime = library(package).LuaRuntime()
        runtime.execute(file.read_text())
        run = runtime.globals().run
        return lambda: run(argument)

    return make


def _cpython(file: Path, argument: int) -> Contender:
    namespace: dict[str, Any] = {}
    exec(compile(file.read_text(), file.name, "exec"), namespace)
    run = namespace["run"]
    return lambda: run(argument)


def _wasmtime(file: Path, argument: int) -> Contender:
    wasmtime = library("wasmtime")
    config = wasmtime.Config()
    # What ALaS promises too: a host can stop the program.
    config.epoch_interruption = True
    engine = wasmtime.Engine(config)
    store = wasmtime.Store(engine)
    store.set_epoch_deadline(1)
    module = wasmtime.Module(engine, file.read_text())
    run = wasmtime.Instance(store, module, []).exports(store)["run"]
    return lambda: run(store, argument)


def _quickjs(file: Path, argument: int) -> Contender:
    context = library("quickjs").Context()
    context.eval(file.read_text())
    run = context.get("run")
    return lambda: run(argument)


def _starlark(file: Path, argument: int) -> Contender:
    starlark = library("starlark")
    module = starlark.Module()
    program = starlark.parse(file.name, file.read_text())
    starlark.eval(module, program, starlark.Globals.standard())
    frozen = module.freeze()
    return lambda: frozen.call("run", argument)


def _c(file: Path, argument: int) -> Contender:
    run = compiled_c(file).run
    run.argtypes = [ctypes.c_int64]
    run.restype = ctypes.c_int64
    return lambda: run(argument)


# In the order of the table's columns; the first file that exists is the peer's program.
_PEERS: dict[str, tuple[tuple[str, ...], Callable[[Path, int], Contender]]] = {
    SUBJECT: ((".alas.json",), _alas),
    LUA: ((".lua",), _lua("lupa.lua54")),
    LUAJIT: ((".luajit.lua", ".lua"), _lua("lupa.luajit21")),
    CPYTHON: ((".py",), _cpython),
    WASMTIME: ((".wat",), _wasmtime),
    QUICKJS: ((".js",), _quickjs),
    STARLARK: ((".star",), _starlark),
    C: ((".c",), _c),
}
