"""What an attack is."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alas_core.errors import RunError
from alas_interp import Interpreter, Limits, Permissions, PluginLimits, PluginManager, ProgramError

MEBIBYTE = 1 << 20
MEMORY = 16 * MEBIBYTE
"""What the values of an attack may take, unless it says otherwise."""

PHRASES = (
    "endless loops",
    "recursion",
    "doubling text and arrays",
    "amplification inside builtins",
    "hostile map keys",
    "values nested a million deep",
    "undeclared and re-exported APIs",
    "a manifest that asks too much",
    "a privileged dependency used by an unprivileged plugin",
    "paths with .., absolute and with NUL",
    "links swapped after the check",
    "/proc/self",
    "FIFOs and devices",
    "decimal and mapped IP addresses",
    "redirects to loopback",
    "rebinding",
    "argument and environment injection",
    "terminal escapes in names",
    "tasks",
)


@dataclass(frozen=True)
class Attack:
    """One attack.

    `launch` gets an empty folder and returns the code that the attack ended with: that of an error, of a finding or of a
    Result, or `ok` where the documented end is a value.
    """

    name: str
    phrase: str
    code: str
    launch: Callable[[Path], str]
    memory: int = MEMORY
    """The bytes that values may take at once."""


def ended(work: Callable[[], object]) -> str:
    """Do what an attack does, and return the code that it ends with. What is told is safe to be shown.

    A Result tells of what it holds.
    """
    try:
        value = work()
    except RunError as error:
        assert_safe(str(error))
        return error.code
    except ProgramError as error:
        assert_safe(str(error))
        (code,) = {finding.code for finding in error.diagnostics}
        return code
    while isinstance(value, dict) and value.get("ok") is True:
        value = value["value"]
    if isinstance(value, dict) and value.get("ok") is False:
        assert_safe(str(value["error"]))
        return str(value["code"])
    return "ok"


def assert_safe(text: str) -> None:
    """Assert that a text cannot drive a terminal."""
    assert all(character.isprintable() or character == "\n" for character in text), repr(text)


def run(
    source: Mapping[str, Any] | str | bytes,
    *arguments: object,
    limits: Limits | None = None,
    permissions: Permissions | None = None,
) -> str:
    """Load a program, call its `main`, and return the code that this ends with."""

    def work() -> object:
        bounds = limits if limits is not None else Limits(memory=MEMORY, timeout=20)
        with Interpreter(limits=bounds, permissions=permissions, input=io.StringIO()) as interpreter:
            module = interpreter.load(source)
            try:
                return interpreter.call(f"{module.name}.main", *arguments)
            finally:
                statistics = interpreter.statistics()
                assert statistics["memory_used"] == 0
                assert bounds.memory is None or statistics["memory_peak"] <= bounds.memory + MEBIBYTE

    # In a thread of its own, which nobody has used memory in.
    with ThreadPoolExecutor(max_workers=1) as executor:
        return executor.submit(ended, work).result()


def run_plugins(folder: Path, document: Mapping[str, Any]) -> str:
    """Load the plugins of an attack, make the call that it names, and return the code that this ends with."""
    granted = {name: Permissions(**grants) for name, grants in document.get("grants", {}).items()}
    interpreter = Interpreter(
        plugin_limits=PluginLimits(**document.get("limits", {})),
        plugin_permissions=lambda plugin: granted.get(plugin.name, Permissions()),
    )
    with PluginManager(interpreter) as manager:
        report = manager.initialize([folder])
        for failure in report.failed:
            assert_safe(str(failure.error))
        codes = {_code(failure.error) for failure in report.failed}
        if codes:
            (code,) = codes
            return code
        return ended(lambda: interpreter.call(document["call"]))


def _code(error: BaseException) -> str:
    """The code of the findings that an error tells of, else its own."""
    told: BaseException | None = error
    while told is not None:
        found = {finding.code for finding in getattr(told, "diagnostics", ())}
        if found:
            (code,) = found
            return str(code)
        told = told.__cause__
    return str(getattr(error, "code", type(error).__name__))
