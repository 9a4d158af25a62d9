"""Every broken manifest in `broken/` gives the findings that stand beside it.

A case is `NAME.json` and `NAME.expected`: for each finding a line `LINE:COLUMN SEVERITY CODE POINTER` (`-` is the whole
document), then its message and its help, indented.
"""

from pathlib import Path

import pytest

from alas_manifest import CODES, Diagnostic, validate

HERE = Path(__file__).parent
CASES = sorted(HERE.glob("broken/*.json"))

# What a manifest's text alone cannot cause, and the test that causes it.
CAUSED_ELSEWHERE = {
    "json_too_large": "test_json_reader.py",
    "invalid_share": "test_fields.py",
    "io_error": "test_reading.py",
    "file_not_found": "test_folders.py",
    "not_exported": "test_agreement.py",
    "signature_mismatch": "test_agreement.py",
}


def written(finding: Diagnostic) -> str:
    place = f"{finding.line}:{finding.column} {finding.severity} {finding.code} {finding.pointer or '-'}"
    advice = f"  help: {finding.help}\n" if finding.help is not None else ""
    return f"{place}\n  {finding.message}\n{advice}"


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_findings(path):
    findings = validate(path.read_bytes())
    assert "".join(map(written, findings)) == path.with_suffix(".expected").read_text("utf-8")


def test_every_case_has_expectations():
    assert {path.stem for path in HERE.glob("broken/*.expected")} == {path.stem for path in CASES}


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_case(code):
    expected = "".join(path.read_text("utf-8") for path in HERE.glob("broken/*.expected"))
    if code in CAUSED_ELSEWHERE:
        assert f'"{code}"' in (HERE / CAUSED_ELSEWHERE[code]).read_text("utf-8")
    else:
        assert f" {code} " in expected


def test_cases_cause_only_documented_codes():
    codes = {finding.code for path in CASES for finding in validate(path.read_bytes())}
    assert codes <= set(CODES)


def test_warnings_are_errors_when_strict():
    text = '{"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}, "b": 1}'
    assert [finding.severity for finding in validate(text)] == ["warning"]
    assert [finding.severity for finding in validate(text, strict=True)] == ["error"]


def test_findings_name_the_file():
    assert [finding.file for finding in validate("[]", file="here.json")] == ["here.json"]
