from __future__ import annotations

import builtins
import pickle

import pytest

from alas_core import error_codes, errors

STACK = [("shop", "price", "/functions/1/body/0", 20, 9), ("shop", "main", "/functions/0/body/2", 8, 3)]


def make(code: str, **changes: object) -> errors.RunError:
    values = {
        "message": "what",
        "file": "shop.json",
        "pointer": "/functions/1/body/0/value",
        "line": 21,
        "column": 11,
        "module": "shop",
        "function": "price",
        "stack": STACK,
    }
    return errors.run_error(code, **(values | changes))


def test_every_code_has_a_class_and_every_class_a_code():
    codes = [code for code, _ in error_codes()]
    assert set(codes) == set(errors.CLASSES)
    for code in codes:
        error = make(code)
        assert type(error) is errors.CLASSES[code]
        assert error.code == code
        assert type(error).__doc__
        assert type(error).__name__ in errors.__all__


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        (
            errors.LimitError,
            {"call_depth_exceeded", "timeout", "memory_limit_exceeded", "step_limit_exceeded"},
        ),
        (errors.PermissionDeniedError, {"permission_denied"}),
        (errors.CancelledError, {"cancelled"}),
        (errors.PluginError, {"plugin_not_found", "plugin_load_failed", "native_error", "plugin_crashed"}),
    ],
)
def test_groups_are_told_apart_by_class(group, codes):
    assert {code for code, one in errors.CLASSES.items() if issubclass(one, group)} == codes


def test_no_class_hides_a_builtin():
    assert not set(errors.__all__) & set(dir(builtins))


def test_a_run_error_carries_its_place_and_stack():
    error = make("key_not_found")
    assert (error.file, error.pointer, error.line, error.column, error.module, error.function) == (
        *("shop.json", "/functions/1/body/0/value", 21, 11, "shop", "price"),
    )
    assert [frame.function for frame in error.stack] == ["price", "main"]
    assert isinstance(error, errors.AlasError)


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "shop.json:21:11: value_error: what (in shop.price)"),
        ({"file": None}, "<text>:21:11: value_error: what (in shop.price)"),
        ({"line": 0, "function": ""}, "value_error: what"),
        (
            {"message": "a\x1b[31m\n\u202eb", "function": ""},
            "shop.json:21:11: value_error: a\\x1b[31m\\n\\u202eb",
        ),
    ],
)
def test_a_run_error_is_one_line(changes, text):
    assert str(make("value_error", **changes)) == text


def test_an_unknown_code_is_kept():
    error = make("out_of_cheese")
    assert type(error) is errors.RunError
    assert error.code == "out_of_cheese"
    assert errors.RunError.code == "run_error"


@pytest.mark.parametrize("code", ["type_error", "out_of_cheese"])
def test_run_errors_survive_pickling(code):
    error = make(code)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.code) == (type(error), str(error), code)
    assert (copy.place, copy.stack) == (error.place, error.stack)


def test_a_program_error_lists_its_findings():
    findings = [
        ("missing_key", "error", "no name", "a.json", "", 1, 1, "add it"),
        ("unknown_key", "warning", "what is \x07?", None, "/parms", 3, 5, None),
    ]
    error = errors.program_error(findings)
    assert error.diagnostics == findings
    assert str(error).splitlines() == [
        "a.json:1:1: error[missing_key]: no name",
        "<text>:3:5: warning[unknown_key]: what is \\x07?",
    ]
    assert pickle.loads(pickle.dumps(error)).diagnostics == findings
