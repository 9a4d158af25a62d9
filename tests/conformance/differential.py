"""One random program on both sides, and in what they differ."""

from __future__ import annotations

from typing import Any

import alas_interp

from .on_engine import on_engine
from .on_reference import Call, on_reference

# A program that was cut down may have lost the statement that ended its loop.
STEPS = 1_000_000


def rejection(program: dict[str, Any]) -> list[str]:
    """The codes and places of what the static checks find wrong; programs of the generator are right."""
    try:
        alas_interp.Interpreter().load(program)
    except alas_interp.ProgramError as error:
        return [f"{finding.code} at {finding.pointer}: {finding.message}" for finding in error.diagnostics]
    return []


def difference(program: dict[str, Any]) -> str | None:
    """What each side came to, when they do not agree."""
    rejected = rejection(program)
    if rejected:
        return "the engine rejects the program\n" + "\n".join(rejected)
    reference = on_reference(program, Call())
    engine = on_engine(program, Call(limits={"steps": STEPS}))
    if reference == engine:
        return None
    return f"--- reference\n{reference}\n--- engine\n{engine}"
