"""The programs that fuzzing the engine has kept, on the engine and on the reference evaluator.

They go where no generator goes. `ALAS_FUZZED` names another folder of them, such as `.cache/fuzz/engine/found` after
`./noxw -s fuzz`.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from .differential import rejection
from .on_engine import on_engine
from .on_reference import Call, on_reference
from .outcome import Outcome

ROOT = Path(__file__).parents[2]
KEPT = Path(os.environ.get("ALAS_FUZZED", ROOT / "rust" / "alas-fuzz" / "corpus" / "engine"))
LIMITS = {"depth": 100, "steps": 2_000}
# What they give depends on when, and where.
SURROUNDINGS = ("time.", "std.time", "fs.", "net.", "process.", "File", "plugin.", "env.", "random")


def programs() -> list[Path]:
    return sorted(
        file for file in KEPT.iterdir() if is_comparable(file.read_text(encoding="utf-8", errors="replace"))
    )


def is_comparable(text: str) -> bool:
    try:
        document = json.loads(text)
    except ValueError:
        return False
    # The names of what is around a program may also be written with escapes.
    reaches_out = "\\u" in text or any(name in text for name in SURROUNDINGS)
    return not reaches_out and not document.get("imports") and not rejection(document)


def has_steps_left(outcome: Outcome) -> bool:
    """The evaluator counts other steps than the engine."""
    return outcome.error is None or outcome.error.code != "step_limit_exceeded"


@pytest.mark.parametrize("file", programs(), ids=lambda file: file.name)
def test_engine_agrees_with_reference(file: Path) -> None:
    document: dict[str, Any] = json.loads(file.read_bytes())
    for function in document["functions"]:
        if function.get("params"):
            continue
        call = Call(function["name"], stdin="12\n\nlast", limits=LIMITS)
        reference, engine = on_reference(document, call), on_engine(document, call)
        if has_steps_left(reference) and has_steps_left(engine):
            assert engine == reference


def test_there_are_programs() -> None:
    assert len(programs()) > 20
