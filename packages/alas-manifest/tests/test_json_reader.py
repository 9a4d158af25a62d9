"""What RFC 8259 allows is read as Python's `json` reads it; everything else is a finding, never an exception."""

import json

import pytest

from alas_manifest import validate
from alas_manifest._decoding import MAXIMUM_SIZE
from alas_manifest._json_reader import plain_value, read_json
from alas_manifest._json_values import MAXIMUM_DEPTH
from alas_manifest._source import Source

RIGHT = [
    "0", "-0", "1.5e+3", "1E5", "9223372036854775807", "-9223372036854775808", "1e308", "5e-324", "1e-999", "true", "false", "null",
    '""', '"a"', '"\\"\\\\\\/\\b\\f\\n\\r\\t"', '"\\u00e9\\ud83e\\udde9"', '"é🧩\u2028"', '"\x7f"', "[]", "{}", " [ 1 , [ ] , { } ] ",
    '{"a": {"b": [1, {"c": null}]}, "": 0, "a/b~c": 1}', "\t\n\r 1 \t\n\r", '"\\ufffe\\uffff\\u0000"',
]  # fmt: skip


def read(text: str):
    source = Source(text, None)
    return read_json(source), source.diagnostics()


@pytest.mark.parametrize("text", RIGHT)
def test_reads_what_json_reads(text):
    node, findings = read(text)
    assert findings == []
    assert node is not None
    value = plain_value(node)
    assert repr(value) == repr(json.loads(text))


WRONG = [
    # text, code, line, column, pointer
    ("", "json_syntax", 1, 1, ""),
    (" \n ", "json_syntax", 2, 2, ""),
    ("{", "json_syntax", 1, 2, ""),
    ("[", "json_syntax", 1, 2, "/0"),
    ("]", "json_syntax", 1, 1, ""),
    ("[1", "json_syntax", 1, 3, "/1"),
    ("[1,", "json_syntax", 1, 4, "/1"),
    ("[1,]", "json_syntax", 1, 4, "/1"),
    ("[,1]", "json_syntax", 1, 2, "/0"),
    ("[1 2]", "json_syntax", 1, 4, "/1"),
    ("[[1], [2,, 3]]", "json_syntax", 1, 10, "/1/1"),
    ('{"a"', "json_syntax", 1, 5, "/a"),
    ('{"a":', "json_syntax", 1, 6, "/a"),
    ('{"a":}', "json_syntax", 1, 6, "/a"),
    ('{"a" 1}', "json_syntax", 1, 6, "/a"),
    ('{"a":1,}', "json_syntax", 1, 8, ""),
    ('{"a":1 "b":2}', "json_syntax", 1, 8, "/a"),
    ("{1: 2}", "json_syntax", 1, 2, ""),
    ('{"a": [1, 2}', "json_syntax", 1, 12, "/a/2"),
    ('[{"a": {"b": x}}]', "json_syntax", 1, 14, "/0/a/b"),
    ("1 2", "json_syntax", 1, 3, ""),
    ("[] ]", "json_syntax", 1, 4, ""),
    ("nul", "json_syntax", 1, 1, ""),
    ("nulls", "json_syntax", 1, 1, ""),
    ("True", "json_syntax", 1, 1, ""),
    ("NaN", "json_syntax", 1, 1, ""),
    ("-Infinity", "json_syntax", 1, 1, ""),
    ("01", "json_syntax", 1, 1, ""),
    ("-", "json_syntax", 1, 1, ""),
    ("+1", "json_syntax", 1, 1, ""),
    (".5", "json_syntax", 1, 1, ""),
    ("1.", "json_syntax", 1, 1, ""),
    ("1e", "json_syntax", 1, 1, ""),
    ("1e+", "json_syntax", 1, 1, ""),
    ("0x1F", "json_syntax", 1, 1, ""),
    ("1_000", "json_syntax", 1, 1, ""),
    ("\uff11", "json_syntax", 1, 1, ""),
    ("'a'", "json_syntax", 1, 1, ""),
    ('"a', "json_syntax", 1, 1, ""),
    ('"a\\', "json_syntax", 1, 3, ""),
    ('"a\\"', "json_syntax", 1, 1, ""),
    ('"\\x"', "json_syntax", 1, 2, ""),
    ('"\\u12"', "json_syntax", 1, 2, ""),
    ('"\\u00e"', "json_syntax", 1, 2, ""),
    ('"a\tb"', "json_syntax", 1, 3, ""),
    ('"a\nb"', "json_syntax", 1, 3, ""),
    ('"\x00"', "json_syntax", 1, 2, ""),
    ("\x00", "json_syntax", 1, 1, ""),
    ("\xa01", "json_syntax", 1, 1, ""),
    ("\u20281", "json_syntax", 1, 1, ""),
    ("\ufeff{}", "json_syntax", 1, 1, ""),
    ('{\r\n"a": 1,\r\n"b": x}', "json_syntax", 3, 6, "/b"),
    ("// x\n{}", "json_syntax", 1, 1, ""),
    ("/* x */ {}", "json_syntax", 1, 1, ""),
    ('"\\ud83d"', "json_syntax", 1, 1, ""),
    ('"\\udde9\\ud83e"', "json_syntax", 1, 1, ""),
    ('"\ud83d"', "json_syntax", 1, 1, ""),
    ('{"\\ud83d": 1}', "json_syntax", 1, 2, ""),
    ("9223372036854775808", "number_out_of_range", 1, 1, ""),
    ("-9223372036854775809", "number_out_of_range", 1, 1, ""),
    ("9" * 10_000, "number_out_of_range", 1, 1, ""),
    ("1e309", "number_out_of_range", 1, 1, ""),
    ("-1e99999999999999999999", "number_out_of_range", 1, 1, ""),
    ('{"é": 1,\n "é": 2}', "json_duplicate_key", 2, 2, "/é"),
    ('{"a": 1, "\\u0061": 2}', "json_duplicate_key", 1, 10, "/a"),
    ('[{"a/b~": 1, "a/b~": [2]}]', "json_duplicate_key", 1, 14, "/0/a~1b~0"),
    ("[" * (MAXIMUM_DEPTH + 1), "json_too_deep", 1, MAXIMUM_DEPTH + 1, "/0" * MAXIMUM_DEPTH),
    ('{"a":' * 100_000, "json_too_deep", 1, MAXIMUM_DEPTH * 5 + 1, "/a" * MAXIMUM_DEPTH),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "line", "column", "pointer"), WRONG, ids=lambda value: ascii(value)[:30]
)
def test_wrong_text(text, code, line, column, pointer):
    _, findings = read(text)
    assert [(one.code, one.line, one.column, one.pointer) for one in findings] == [
        (code, line, column, pointer)
    ]


@pytest.mark.parametrize("text", RIGHT)
def test_every_truncation_is_explained(text):
    for end in range(len(text)):
        node, findings = read(text[:end])
        assert findings or node is not None
        try:
            json.loads(text[:end])
        except ValueError:
            assert node is None
            assert len(findings) == 1


def test_depth_at_the_limit():
    text = "[" * MAXIMUM_DEPTH + "]" * MAXIMUM_DEPTH
    assert read(text)[1] == []


def test_reading_goes_on_after_what_can_be_mended():
    _, findings = read('{"a": 1e999, "a": 2, "b": "\\ud800", "c": 99999999999999999999}')
    assert [finding.code for finding in findings] == [
        "number_out_of_range", "json_duplicate_key", "json_syntax", "number_out_of_range"
    ]  # fmt: skip


@pytest.mark.parametrize("text", [" " * (MAXIMUM_SIZE + 1), b" " * (MAXIMUM_SIZE + 1)], ids=["text", "bytes"])
def test_too_large(text):
    assert [finding.code for finding in validate(text)] == ["json_too_large"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (b"\xff\xfe{\x00}\x00", 1, 1),
        (b'{"a":\n "\xe9"}', 2, 3),
        (b'"\xc3\xa9\xc0\xaf"', 1, 3),
        (b'"\xed\xa0\x80"', 1, 2),
        (b'"\xf5\x80\x80\x80"', 1, 2),
        (b'{"a": "\xe2\x82', 1, 8),
    ],
)
def test_not_utf8(text, line, column):
    assert [(one.code, one.line, one.column) for one in validate(text)] == [("json_syntax", line, column)]


def test_columns_are_characters():
    _, findings = read('["🧩🧩é", x]')
    assert (findings[0].line, findings[0].column) == (1, 9)
