"""Run a program on the reference evaluator, to an `Outcome`. This side needs no engine."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .outcome import Outcome, Place
from .reference import Failure, Limits, Program, Run, evaluate


@dataclass(frozen=True)
class Call:
    """What a host asks for: a function, its arguments, and what surrounds the run."""

    function: str = "main"
    arguments: Sequence[Any] = ()
    stdin: str = ""
    limits: Mapping[str, int] = field(default_factory=dict)


def on_reference(source: Path | Mapping[str, Any], call: Call) -> Outcome:
    """Run a program that passes the static checks on the reference evaluator."""
    program = Program.from_file(source) if isinstance(source, Path) else Program(source)
    run = Run(Limits(**call.limits), io.StringIO(call.stdin))
    try:
        value = evaluate(program, call.function, call.arguments, run)
    except Failure as failure:
        return Outcome("".join(run.output), error=Place(failure.code, failure.pointer, failure.module))
    return Outcome.of("".join(run.output), value)


def as_text(program: Mapping[str, Any]) -> str:
    """A program as a person reads it."""
    return json.dumps(program, indent=2, ensure_ascii=False) + "\n"
