"""Reports for other programs, of results that are hard to write."""

from __future__ import annotations

import json
import math
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from alas_cli._plugin._testing.comparison import first_difference
from alas_cli._plugin._testing.document_report import json_report, junit_report
from alas_cli._plugin._testing.model import Call, CaseFile, Position
from alas_cli._plugin._testing.results import Failure, Result

DEPTH = 20_000


def failed(expected, found, *, name="one"):
    failure = Failure(
        kind="difference",
        message="the result is not what was expected",
        call=Call(function="f", args=()),
        expected=expected,
        found=found,
        difference=first_difference(expected, found),
    )
    return Result(
        plugin="p",
        version="1.0.0",
        file=CaseFile(path=Path("t.json"), shown="tests/t.json"),
        name=name,
        position=Position("t.json", 1, 1),
        function="f",
        failure=failure,
        output=name,
    )


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


def test_a_result_nested_deep():
    results = [failed([2], nested(DEPTH))]
    assert f'"found": {"[" * DEPTH}1{"]" * DEPTH}' in json_report(results, 0.1, 0)
    assert ET.fromstring(junit_report(results, 0.1)).tag == "testsuites"


@pytest.mark.parametrize(
    ("found", "written"),
    [
        (math.inf, "Infinity"),
        ([math.nan], ["NaN"]),
        ({"a": 1.5}, {"a": 1.5}),
        (b"x", "`b'x'`"),
        ([{1}], "`[{1}]`"),
    ],
)
def test_what_json_has_no_word_for(found, written):
    [test] = json.loads(json_report([failed(None, found)], 0.1, 0))["tests"]
    assert test["failure"]["found"] == written


@pytest.mark.parametrize("text", ["\x00\x1b[31m", "\ufffe\uffff", "\ud800", "<&>]]>", "é 図 🧩"])
def test_any_text_makes_a_whole_xml(text):
    report = junit_report([failed({text: 1}, {text: text}, name=text)], 0.1)
    assert ET.fromstring(report).find(".//testcase").get("name")
