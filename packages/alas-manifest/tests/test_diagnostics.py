import json

from alas_manifest import Diagnostic, ManifestError

FINDING = Diagnostic("wrong_kind", "warning", "expected\n\x1b", "p\x1b.json", "/a", 2, 3, "do \x07")


def test_document_has_its_keys_in_order():
    document = FINDING.to_dict()
    assert list(document) == ["code", "severity", "message", "file", "pointer", "line", "column", "help"]
    assert json.loads(json.dumps(document)) == document


def test_text_for_people_is_safe():
    assert str(FINDING) == "p\\x1b.json:2:3: warning[wrong_kind]: expected\\x0a\\x1b\n  help: do \\x07"


def test_text_without_file_and_help():
    assert str(Diagnostic("io_error", "error", "no", None, "", 1, 1)) == "<text>:1:1: error[io_error]: no"


def test_errors_are_told_from_warnings():
    assert not FINDING.is_error
    assert Diagnostic("io_error", "error", "no", None, "", 1, 1).is_error


def test_exception_carries_the_findings():
    error = ManifestError([FINDING, FINDING])
    assert error.diagnostics == (FINDING, FINDING)
    assert str(error).count("wrong_kind") == 2
