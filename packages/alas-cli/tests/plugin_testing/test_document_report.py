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


def passed(milliseconds, file="tests/t.json"):
    return Result(
        plugin="p",
        version="1.0.0",
        file=CaseFile(path=Path(file), shown=file),
        name="one",
        position=Position(file, 1, 1),
        function="f",
        milliseconds=milliseconds,
    )


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


def test_times_in_xml_have_no_exponent_and_add_up():
    root = ET.fromstring(junit_report([passed(0.076), passed(0.2), passed(1234.5678)], 1.3))
    assert [case.get("time") for case in root.iter("testcase")] == ["0.0001", "0.0002", "1.2346"]
    assert [suite.get("time") for suite in root] == ["1.2349"]
    assert root.get("time") == "1.3"


@pytest.mark.parametrize(
    ("file", "name"), [("tests/q.json", "p.q"), ("tests/a.b.json", "p.a_b"), ("tests/a b.json", "p.a b")]
)
def test_the_class_of_a_test_in_xml_has_one_dot(file, name):
    root = ET.fromstring(junit_report([passed(1, file)], 1))
    assert root.find(".//testcase").get("classname") == name
