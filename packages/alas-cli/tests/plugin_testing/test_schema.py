from __future__ import annotations

import json

import jsonschema
import pytest

from alas_cli._plugin._testing.reading import Offer, read_test_file
from alas_cli._plugin._testing.schema import schema_of_tests

CASE = {"name": "one", "function": "process", "args": ["x"], "expected": None}
FAILING = {"name": "two", "function": "process", "expected_error": "type_error"}


@pytest.mark.parametrize(
    ("content", "is_right"),
    [
        ([], True),
        ([CASE, FAILING], True),
        ({"tests": [CASE], "setup": [{"function": "f"}], "$schema": "x", "x-tool": 1}, True),
        ([CASE | {"timeout": "1s", "tags": ["a"], "teardown": [{"function": "f", "args": [1]}]}], True),
        ([FAILING | {"expected_error": {"code": "type_error", "message": "x"}}], True),
        ({}, False),
        (5, False),
        ([5], False),
        ([CASE | {"expected_error": "type_error"}], False),
        ([{"name": "one", "function": "process"}], False),
        ([CASE | {"tag": []}], False),
        ([CASE | {"args": "x"}], False),
        ([FAILING | {"expected_error": 5}], False),
        ([FAILING | {"expected_error": {"message": "x"}}], False),
        ([CASE | {"setup": [{}]}], False),
        ({"test": [CASE]}, False),
    ],
    ids=str,
)
def test_the_schema_says_what_the_reader_says(tmp_path, content, is_right):
    path = tmp_path / "one.json"
    path.write_text(json.dumps(content))
    assert (read_test_file(path, "one.json", Offer("m", None)).diagnostics == ()) == is_right
    jsonschema.Draft202012Validator.check_schema(schema_of_tests())
    assert jsonschema.Draft202012Validator(schema_of_tests()).is_valid(content) == is_right
