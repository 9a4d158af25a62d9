"""Random programs, on the engine and on the reference evaluator.

`ALAS_DIFFERENTIAL_SEEDS` says how many (300), `ALAS_DIFFERENTIAL_START` with which seed to begin (0).
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .differential import difference
from .generator import generate
from .on_reference import as_text

SEEDS = int(os.environ.get("ALAS_DIFFERENTIAL_SEEDS", "300"))
START = int(os.environ.get("ALAS_DIFFERENTIAL_START", "0"))


@pytest.mark.parametrize("seed", range(START, START + SEEDS))
def test_engine_agrees_with_reference(seed: int, tmp_path: Path) -> None:
    program = generate(seed)
    found = difference(program)
    if found is not None:
        path = tmp_path / "random_program.alas.json"
        path.write_text(as_text(program), encoding="utf-8")
        pytest.fail(
            f"seed {seed}: {path}\n{found}\n"
            f"To make the program small: python -m tests.conformance.minimise {seed}",
            pytrace=False,
        )
