from __future__ import annotations

import json

import pytest

from alas_cli._plugin._testing.model import Call, ExpectedError, Given
from alas_cli._plugin._testing.reading import Offer, read_test_file

OFFER = Offer("my_plugin", {"process": 1, "add": 2, "now": 0})
CASE = {"name": "one", "function": "process", "args": ["x"], "expected": "y"}


def read(tmp_path, content, offer=OFFER):
    path = tmp_path / "one.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return read_test_file(path, "tests/one.json", offer)


def without(*keys):
    return {key: value for key, value in CASE.items() if key not in keys}


def test_an_array_of_tests(tmp_path):
    file = read(tmp_path, [CASE, {"name": "two", "function": "now", "expected": None}]).file
    assert [case.name for case in file.cases] == ["one", "two"]
    assert file.cases[0].call == Call(function="process", args=("x",))
    assert file.cases[0].expected == Given("y")
    assert file.cases[1].expected == Given(None)
    assert (file.cases[1].position.line, file.cases[1].position.column) == (1, 74)


def test_an_object_with_every_field(tmp_path):
    step = {"function": "add", "args": [1, 2]}
    error = {"code": "division_by_zero", "message": "zero"}
    full = without("expected") | {
        "expected_error": error,
        "timeout": "1s",
        "tags": ["a"],
        "setup": [step],
        "teardown": [step, step],
        "x-of-a-tool": 1,
    }
    reading = read(tmp_path, {"$schema": "…", "setup": [step], "teardown": [step], "tests": [full]})
    assert reading.diagnostics == ()
    file = reading.file
    (case,) = file.cases
    assert case.expected == ExpectedError(code="division_by_zero", message="zero")
    assert (case.timeout.seconds, case.tags) == (1.0, ("a",))
    assert [len(calls) for calls in (file.setup, file.teardown, case.setup, case.teardown)] == [1, 1, 1, 2]
    assert case.setup[0] == Call(function="add", args=(1, 2))


@pytest.mark.parametrize("code", ["division_by_zero", "native_error", "plugin_not_found"])
def test_an_error_may_be_a_code_alone(tmp_path, code):
    (case,) = read(tmp_path, [without("expected") | {"expected_error": code}]).file.cases
    assert case.expected == ExpectedError(code=code)


@pytest.mark.parametrize(
    ("content", "findings"),
    [
        ("", [("json_syntax", "")]),
        ("[1,]", [("json_syntax", "/1")]),
        (3, [("wrong_kind", "")]),
        ({}, [("missing_field", "")]),
        ([3], [("wrong_kind", "/0")]),
        ([{}], [("missing_field", "/0")] * 3),
        ([without("name")], [("missing_field", "/0")]),
        ([CASE, CASE], [("duplicate_name", "/1/name")]),
        ([CASE | {"name": 5}], [("wrong_kind", "/0/name")]),
        ([CASE | {"args": "x"}], [("wrong_kind", "/0/args")]),
        ([CASE | {"args": []}], [("argument_count", "/0/args")]),
        ([CASE | {"args": [1, 2]}], [("argument_count", "/0/args")]),
        ([without("args")], [("argument_count", "/0")]),
        ([CASE | {"function": "process2"}], [("unknown_function", "/0/function")]),
        ([without("expected")], [("missing_field", "/0")]),
        ([CASE | {"expected_error": "type_error"}], [("unenforceable", "/0/expected_error")]),
        ([without("expected") | {"expected_error": "typ_error"}], [("unknown_value", "/0/expected_error")]),
        (
            [without("expected") | {"expected_error": {"code": "typ_error"}}],
            [("unknown_value", "/0/expected_error/code")],
        ),
        ([without("expected") | {"expected_error": {}}], [("missing_field", "/0/expected_error")]),
        ([without("expected") | {"expected_error": 1}], [("wrong_kind", "/0/expected_error")]),
        ([CASE | {"timeout": "1 second"}], [("invalid_duration", "/0/timeout")]),
        ([CASE | {"timeout": 1}], [("wrong_kind", "/0/timeout")]),
        ([CASE | {"tags": ["a", "a"]}], [("duplicate_name", "/0/tags/1")]),
        ([CASE | {"setup": [{"function": "add"}]}], [("argument_count", "/0/setup/0")]),
        ([CASE | {"teardown": [{"function": "x"}]}], [("unknown_function", "/0/teardown/0/function")]),
        (
            {"tests": [], "setup": [{"function": "ad", "args": [1, 2]}]},
            [("unknown_function", "/setup/0/function")],
        ),
        (
            {"tests": [CASE | {"args": []}, CASE | {"function": "no"}]},
            [
                ("argument_count", "/tests/0/args"),
                ("duplicate_name", "/tests/1/name"),
                ("unknown_function", "/tests/1/function"),
            ],
        ),
    ],
    ids=str,
)
def test_mistakes(tmp_path, content, findings):
    reading = read(tmp_path, content)
    assert reading.file is None
    assert sorted((one.code, one.pointer) for one in reading.diagnostics if one.is_error) == sorted(findings)


@pytest.mark.parametrize(
    ("change", "advice"),
    [
        ({"function": "process2"}, "did you mean `process`?"),
        ({"function": "my_plugin.process"}, "leave the module out: `process`"),
        ({"function": "zzz"}, "it has: add, now, process"),
        ({"expected2": 1}, "did you mean `expected`?"),
        ({"timeout": "5 sec"}, "did you mean `5s`?"),
    ],
    ids=str,
)
def test_advice(tmp_path, change, advice):
    assert advice in [one.help for one in read(tmp_path, [CASE | change]).diagnostics]


def test_a_misspelt_key_is_a_warning(tmp_path):
    reading = read(tmp_path, [CASE | {"tag": ["a"]}])
    assert [one.severity for one in reading.diagnostics] == ["warning"]
    assert reading.file is not None


def test_of_functions_that_nobody_knows_nothing_is_asked(tmp_path):
    assert read(tmp_path, [CASE | {"function": "x", "args": [1] * 9}], Offer("m", None)).file is not None


def test_a_file_that_cannot_be_read(tmp_path):
    reading = read_test_file(tmp_path / "absent.json", "tests/absent.json", OFFER)
    assert [one.code for one in reading.diagnostics] == ["file_not_found"]
