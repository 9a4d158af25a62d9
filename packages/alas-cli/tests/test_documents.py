from __future__ import annotations

import json

import pytest

from alas_cli._documents import exact_json, failure_document, result_document


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (4.0, "4.0"),
        (1e21, "1e+21"),
        (-0.0, "-0.0"),
        (2**63 - 1, "9223372036854775807"),
        (None, "null"),
        ("\x1b\u2028é", '"\\u001b\\u2028\\u00e9"'),
        (
            [float("nan"), {"a": float("inf"), "b": -float("inf"), "c": [1.5, "x", True]}, {}, []],
            '["NaN", {"a": "Infinity", "b": "-Infinity", "c": [1.5, "x", true]}, {}, []]',
        ),
    ],
)
def test_values_are_exact(value, text):
    assert exact_json(value) == text
    json.loads(text)


def test_depth_is_no_limit():
    value: object = {}
    for _ in range(100_000):
        value = [{"k": value}]
    assert exact_json(value) == '[{"k": ' * 100_000 + "{}" + "}]" * 100_000


def test_documents():
    assert result_document(1) == '{"ok": true, "result": 1}'
    assert json.loads(failure_document("usage", "what"))["error"]["message"] == "what"
