"""The case files, run on the reference evaluator: it and the files have to agree before either judges the engine."""

from __future__ import annotations

import pytest

from .cases import Case, all_cases, disagreements
from .on_reference import Call, on_reference

RUNNABLE = [case for case in all_cases() if case.runs]


@pytest.mark.parametrize("case", RUNNABLE, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    call = Call(case.function, case.arguments, case.stdin, case.limits)
    assert disagreements(case, on_reference(case.path, call)) == []
