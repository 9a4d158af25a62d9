"""Run a program on the engine, to an `Outcome`, and load one for what the engine finds wrong with it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TextIO

import alas_interp

from .on_reference import Call
from .outcome import Outcome, Place


def on_engine(source: Path | Mapping[str, Any], call: Call) -> Outcome:
    """Run a program on the engine.

    Raises:
        alas_interp.ProgramError: the program does not pass the static checks.
    """
    output = io.StringIO()
    try:
        value = _call_on_engine(source, call, output)
    except alas_interp.RunError as error:
        return Outcome(output.getvalue(), error=Place(error.code, error.pointer, error.module))
    return Outcome.of(output.getvalue(), value)


def engine_error(source: Path, call: Call) -> alas_interp.RunError:
    """The run-time error in which a program ends on the engine."""
    try:
        value = _call_on_engine(source, call, io.StringIO())
    except alas_interp.RunError as error:
        return error
    raise AssertionError(f"expected a run-time error, found the result {value!r}")


def _call_on_engine(source: Path | Mapping[str, Any], call: Call, output: TextIO) -> Any:
    surroundings: dict[str, Any] = {"input": io.StringIO(call.stdin)} if call.stdin else {}
    limits = alas_interp.Limits(depth=call.limits.get("depth") or 10_000, steps=call.limits.get("steps"))
    interpreter = alas_interp.Interpreter(output=output, limits=limits, random_seed=1, **surroundings)
    module = interpreter.load(source if isinstance(source, Path) else dict(source))
    return interpreter.call(f"{module.name}.{call.function}", *call.arguments)


def load_on_engine(path: Path) -> list[Any]:
    """The findings about a module: those that stop the program, or the warnings."""
    try:
        return list(alas_interp.Interpreter().load(path).diagnostics)
    except alas_interp.ProgramError as error:
        return list(error.diagnostics)


def load_error(text: str | bytes) -> list[Any]:
    """The findings that stop the program; none when it loads."""
    try:
        alas_interp.Interpreter().load(text)
    except alas_interp.ProgramError as error:
        return list(error.diagnostics)
    return []
