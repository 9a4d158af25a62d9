"""The case files, run on the engine."""

from __future__ import annotations

from typing import Any

import pytest

from .cases import Case, all_cases, disagreements
from .locate import positions
from .on_engine import engine_error, load_on_engine, on_engine
from .on_reference import Call

CASES = all_cases()
RUNNABLE = [case for case in CASES if case.runs]
BROKEN = [case for case in CASES if not case.runs]
FAILING = [case for case in RUNNABLE if "pointer" in case.expected.get("error", {})]

# The codes of the language reference. Manifests decide on the last two of the diagnostics, and 64 MiB of text are no
# case file; both are tested elsewhere.
DIAGNOSTIC_CODES = {
    *(
        "json_syntax",
        "json_duplicate_key",
        "json_too_deep",
        "number_out_of_range",
        "missing_key",
        "wrong_kind",
    ),
    *(
        "unknown_key",
        "unknown_node",
        "unknown_operator",
        "invalid_name",
        "duplicate_name",
        "unknown_variable",
    ),
    *("unassigned_variable", "unknown_function", "unknown_builtin", "unknown_module", "not_exported"),
    *("unknown_export", "unknown_type", "unknown_field", "argument_count", "type_mismatch", "missing_return"),
    *("import_cycle",),
}
ERROR_CODES = {
    *("type_error", "division_by_zero", "index_out_of_bounds", "key_not_found", "value_error"),
    *("call_depth_exceeded", "step_limit_exceeded"),
}


@pytest.mark.parametrize("case", RUNNABLE, ids=lambda case: case.name)
def test_run(case: Case) -> None:
    assert disagreements(case, on_engine(case.path, call_of(case))) == []


@pytest.mark.parametrize("case", FAILING, ids=lambda case: case.name)
def test_place_of_a_run_time_error(case: Case) -> None:
    error = engine_error(case.path, call_of(case))
    own = error.module == case.module
    path = case.path if own else case.path.with_name(f"{error.module}.alas.json")
    places = positions(path.read_text(encoding="utf-8"))
    assert (error.line, error.column) == places[error.pointer]
    assert error.message
    assert error.stack


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case.name)
def test_diagnostics(case: Case) -> None:
    check_findings(case, case.expected["diagnostics"])


@pytest.mark.parametrize("case", RUNNABLE, ids=lambda case: case.name)
def test_warnings(case: Case) -> None:
    check_findings(case, case.expected.get("warnings", []))


def test_every_code_has_a_case() -> None:
    findings = [
        finding
        for case in CASES
        for key in ("diagnostics", "warnings")
        for finding in case.expected.get(key, [])
    ]
    assert {finding["code"] for finding in findings} == DIAGNOSTIC_CODES
    assert {case.expected["error"]["code"] for case in CASES if "error" in case.expected} == ERROR_CODES


def call_of(case: Case) -> Call:
    return Call(case.function, case.arguments, case.stdin, case.limits)


def check_findings(case: Case, expected: list[dict[str, Any]]) -> None:
    """Compare findings by what the file says of them, and their lines with where their nodes stand in the text."""
    keys = [key for key in ("code", "pointer", "line") if any(key in finding for finding in expected)]
    findings = load_on_engine(case.path)
    found = sorted(tuple(str(getattr(finding, key)) for key in keys) for finding in findings)
    assert found == sorted(tuple(str(finding.get(key)) for key in keys) for finding in expected)
    assert len(findings) == len(expected), [finding.code for finding in findings]
    files = {finding.get("file", case.path.name) for finding in expected}
    if "pointer" in keys and len(files) == 1:
        places = positions(case.path.with_name(files.pop()).read_text(encoding="utf-8"))
        for finding in findings:
            assert finding.line == places[finding.pointer][0], finding
