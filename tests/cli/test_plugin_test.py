"""`alas-plugin test`: which tests run, what is shown of them, and how the command ends."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from .commands import ROOT, Commands, Outcome
from .programs import binary, builtin, function, literal, module, returning, saying, variable

MANIFEST: dict[str, Any] = {
    "name": "my-plugin",
    "version": "1.0.0",
    "module": "my_plugin",
    "capabilities": ["function", "io"],
    "functions": [
        {"name": "process", "params": [{"name": "data", "type": "string"}], "returns": "string"},
        {
            "name": "divide",
            "params": [{"name": "a", "type": "int"}, {"name": "b", "type": "int"}],
            "returns": "int",
        },
        {"name": "halve", "params": [{"name": "x", "type": "float"}], "returns": "float"},
        {"name": "nothing", "returns": "void"},
        {"name": "loop", "returns": "void"},
        {"name": "say", "params": [{"name": "text", "type": "string"}], "returns": "any"},
        {"name": "numbers", "returns": "any"},
        {"name": "random", "returns": "int"},
    ],
    "implementation": {"language": "alas"},
}
MODULE = module(
    function(
        "process",
        returning(binary("+", literal("Processed: "), variable("data"))),
        params=[("data", "string")],
        returns="string",
    ),
    function(
        "divide",
        returning(binary("/", variable("a"), variable("b"))),
        params=[("a", "int"), ("b", "int")],
        returns="int",
    ),
    function(
        "halve", returning(binary("/", variable("x"), literal(2))), params=[("x", "float")], returns="float"
    ),
    function("nothing", returns="void"),
    function("loop", {"type": "while", "cond": literal(value=True), "body": []}, returns="void"),
    function(
        "say",
        saying(variable("text")),
        returning(variable("text")),
        params=[("text", "string")],
        returns="any",
    ),
    function(
        "numbers",
        returning({"type": "array_literal", "elements": [literal(1), literal(2.5), literal(None)]}),
        returns="any",
    ),
    function("random", returning(builtin("math.randomInt", literal(0), literal(10**15))), returns="int"),
    name="my_plugin",
    exports=["process", "divide", "halve", "nothing", "loop", "say", "numbers", "random"],
)
GOOD = {"name": "good", "function": "process", "args": ["x"], "expected": "Processed: x", "tags": ["quick"]}
BAD = {"name": "bad", "function": "process", "args": ["x"], "expected": "x", "tags": ["slow"]}


@pytest.fixture
def write(commands: Commands) -> Callable[..., None]:
    """Writes the plugin, with files of tests: those of `tests/one.json`, or files by name."""

    def write(*cases: object, folder: str = "my-plugin", **files: object) -> None:
        commands.file(f"{folder}/plugin.json", MANIFEST)
        commands.file(f"{folder}/my_plugin.alas.json", MODULE)
        for name, content in {**({"one": list(cases)} if cases else {}), **files}.items():
            commands.file(f"{folder}/tests/{name}.json", content)

    return write


def run(commands: Commands, *arguments: str, **options: Any) -> Outcome:
    return commands.run("alas-plugin", "test", *arguments, **options)


def document(commands: Commands, *arguments: str) -> Any:
    return run(commands, "-format", "json", *arguments).document


def timeless(text: str) -> str:
    text = re.sub(r"\.json:\d+:\d+\n", ".json:PLACE\n", text)
    return re.sub(r"in \d+\.\d\d s", "in TIME", text)


# --- What runs ---


def test_all_is_well(commands, write):
    write(GOOD)
    outcome = run(commands, "my-plugin")
    assert (outcome.err, outcome.code) == ("", 0)
    assert timeless(outcome.out) == (
        "my-plugin 1.0.0\n  tests/one.json\n    passed  good\n1 passed in TIME\n"
    )


def test_a_failure_is_explained(commands, write):
    write(GOOD, BAD)
    outcome = run(commands, "my-plugin")
    assert outcome.code == 1
    assert timeless(outcome.out).endswith(
        "    FAILED  bad\n"
        "      at: my-plugin/tests/one.json:PLACE\n"
        '      call: process("x")\n'
        '      expected: "x"\n'
        '      found:    "Processed: x"\n'
        "1 failed, 1 passed in TIME\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["my-plugin"],
        ["./my-plugin/"],
        ["my-plugin/plugin.json"],
        ["my-plugin/tests/one.json"],
        ["my-plugin", "my-plugin"],
    ],
    ids=str,
)
def test_ways_to_name_a_plugin(commands, write, words):
    write(GOOD)
    assert len(document(commands, *words)["tests"]) == 1


def test_the_plugin_in_the_current_folder(commands, write):
    write(GOOD, folder=".")
    assert document(commands)["tests"][0]["file"] == "tests/one.json"


def test_a_plugin_by_its_name(commands, write):
    write(GOOD, folder="plugins/my-plugin")
    assert document(commands, "my-plugin")["ok"] is True
    write(BAD, folder="my-plugin")
    # A word is a name first; a path is a folder.
    assert document(commands, "my-plugin")["ok"] is True
    assert document(commands, "./my-plugin")["ok"] is False


def test_files_run_in_the_order_of_their_names(commands, write):
    write(b=[GOOD], a=[GOOD], notes=[GOOD])
    commands.file("my-plugin/tests/README.txt", b"no tests")
    commands.file("my-plugin/tests/folder.json/one.json", [BAD])
    assert [one["file"] for one in document(commands, "my-plugin")["tests"]] == [
        f"my-plugin/tests/{name}.json" for name in ("a", "b", "notes")
    ]


def test_what_it_needs_may_lie_beside_it(commands, write):
    call = builtin("my_plugin.process", variable("data"))
    user = module(
        function("twice", returning(call), params=[("data", "string")], returns="string"),
        name="user",
        exports=["twice"],
    )
    commands.file(
        "work/user/plugin.json",
        {
            "name": "user",
            "version": "1.0.0",
            "module": "user",
            "dependencies": ["my-plugin ^1"],
            "functions": [
                {"name": "twice", "params": [{"name": "data", "type": "string"}], "returns": "string"}
            ],
            "implementation": {"language": "alas"},
        },
    )
    commands.file("work/user/user.alas.json", user)
    commands.file(
        "work/user/tests/one.json",
        [{"name": "a", "function": "twice", "args": ["x"], "expected": "Processed: x"}],
    )
    outcome = run(commands, "work/user")
    assert (outcome.code, "my-plugin" in outcome.err) == (3, True)
    write(folder="elsewhere/my-plugin")
    assert run(commands, "-plugin-path", "elsewhere", "work/user").code == 0
    write(folder="work/my-plugin")
    assert run(commands, "work/user").code == 0


def test_the_examples_pass(commands):
    folders = sorted(str(path.parent) for path in (ROOT / "examples" / "plugins").glob("*/plugin.json"))
    found = document(commands, *folders)
    assert found["ok"] is True
    assert {one["plugin"] for one in found["tests"]} == {path.rpartition("/")[2] for path in folders}


# --- What passes and what fails ---


# Tests, and the kind of their failure.
EXPECTATIONS: list[tuple[dict[str, Any], str | None]] = [
    ({"function": "halve", "args": [3], "expected": 1.5}, None),
    ({"function": "halve", "args": [2], "expected": 1}, None),
    ({"function": "halve", "args": ["Infinity"], "expected": "Infinity"}, None),
    ({"function": "halve", "args": ["NaN"], "expected": "NaN"}, None),
    ({"function": "nothing", "expected": None}, None),
    ({"function": "numbers", "expected": [1.0, 2.5, None]}, None),
    ({"function": "divide", "args": [1, 0], "expected_error": "division_by_zero"}, None),
    ({"function": "divide", "args": ["x", 1], "expected_error": "type_error"}, None),
    (
        {
            "function": "divide",
            "args": [1, 0],
            "expected_error": {"code": "division_by_zero", "message": "zero"},
        },
        None,
    ),
    (
        {
            "function": "divide",
            "args": [1, 0],
            "expected_error": {"code": "division_by_zero", "message": "x"},
        },
        "wrong_error",
    ),
    ({"function": "divide", "args": [1, 0], "expected_error": "type_error"}, "wrong_error"),
    ({"function": "divide", "args": [1, 1], "expected_error": "type_error"}, "no_error"),
    ({"function": "divide", "args": [1, 0], "expected": 1}, "error"),
    ({"function": "divide", "args": [4, 2], "expected": "2"}, "difference"),
    ({"function": "nothing", "expected": False}, "difference"),
    ({"function": "numbers", "expected": [1, 2.5]}, "difference"),
    ({"function": "loop", "expected": None, "timeout": "50ms"}, "timeout"),
    ({"function": "loop", "expected_error": "cancelled", "timeout": "50ms"}, "timeout"),
    (GOOD | {"setup": [{"function": "divide", "args": [1, 0]}]}, "setup"),
    (GOOD | {"setup": [{"function": "loop"}], "timeout": "50ms"}, "setup"),
    (GOOD | {"teardown": [{"function": "divide", "args": [1, 0]}]}, "teardown"),
    (BAD | {"teardown": [{"function": "divide", "args": [1, 0]}]}, "difference"),
]


def test_expectations(commands, write):
    write(*({**case, "name": f"{index}"} for index, (case, _) in enumerate(EXPECTATIONS)))
    found = document(commands, "my-plugin")["tests"]
    assert len(found) == len(EXPECTATIONS)
    for one, (case, kind) in zip(found, EXPECTATIONS, strict=True):
        assert ((one["failure"] or {}).get("kind"), one["outcome"] == "passed") == (kind, kind is None), case


def test_a_time_limit_for_all(commands, write):
    write({"name": "one", "function": "loop", "expected": None}, GOOD)
    started = time.monotonic()
    outcome = run(commands, "-timeout", "100ms", "my-plugin")
    assert time.monotonic() - started < 20
    assert (outcome.code, "took longer than 100ms" in outcome.out, "passed  good" in outcome.out) == (
        1,
        True,
        True,
    )


def test_random_numbers_are_the_same_in_each_run(commands, write):
    write({"name": "one", "function": "random", "expected": -1})
    numbers = {document(commands, "my-plugin")["tests"][0]["failure"]["found"] for _ in range(2)}
    assert len(numbers) == 1


def test_setup_and_teardown_of_a_file(commands, write):
    say = [{"function": "say", "args": ["begun"]}], [{"function": "divide", "args": [1, 0]}]
    write(one={"setup": say[0], "teardown": say[1], "tests": [GOOD, GOOD | {"name": "other"}]}, two=[GOOD])
    tests = document(commands, "my-plugin")["tests"]
    assert [(one["name"], one["outcome"]) for one in tests] == [
        ("good", "passed"),
        ("other", "passed"),
        ("teardown", "failed"),
        ("good", "passed"),
    ]
    # It ran once, before the first test.
    assert [one["output"] for one in tests] == ["begun\n", "", "", ""]


def test_a_setup_of_a_file_that_fails_fails_its_tests(commands, write):
    write(one={"setup": [{"function": "divide", "args": [1, 0]}], "tests": [GOOD, BAD]}, two=[GOOD])
    tests = document(commands, "my-plugin")["tests"]
    assert [(one["failure"] or {}).get("kind") for one in tests] == ["setup", "setup", None]


# --- Plugins in Python ---

PYTHON = b"""
import sys
import time

from alas_builtin import BuiltinPlugin

plugin = BuiltinPlugin("counter", version="1.0.0")
numbers: list[int] = []


@plugin.function
def count() -> int:
    \"\"\"Count the calls.\"\"\"
    numbers.append(len(numbers) + 1)
    return numbers[-1]


@plugin.function
def sleep() -> None:
    \"\"\"Sleep.\"\"\"
    time.sleep(60)


@plugin.function
def fail(kind: str) -> None:
    \"\"\"Fail.\"\"\"
    print("about to fail")
    if kind == "exit":
        sys.exit(5)
    raise {"value": ValueError, "zero": ZeroDivisionError, "own": RuntimeError}[kind]("on purpose")
"""


@pytest.fixture
def counter(commands: Commands) -> Callable[..., None]:
    """Writes a plugin in Python, with files of tests by name."""

    def write(**files: object) -> None:
        commands.file("counter/counter.py", PYTHON)
        commands.file(
            "counter/plugin.json",
            {
                "name": "counter",
                "version": "1.0.0",
                "type": "builtin",
                "module": "counter",
                "functions": [
                    {"name": "count", "returns": "int"},
                    {"name": "sleep", "returns": "void"},
                    {"name": "fail", "params": [{"name": "kind", "type": "string"}], "returns": "void"},
                ],
                "implementation": {"language": "python", "entrypoint": "counter.py"},
            },
        )
        for name, content in files.items():
            commands.file(f"counter/tests/{name}.json", content)

    return write


def test_what_a_plugin_keeps_lasts_for_a_file(commands, counter):
    def counted(name: str, number: int) -> dict[str, Any]:
        return {"name": name, "function": "count", "expected": number}

    counter(
        one=[counted("first", 1), counted("second", 2)],
        two={"setup": [{"function": "count"}], "tests": [counted("after setup", 2)]},
    )
    assert document(commands, "./counter")["ok"] is True


PYTHON_EXPECTATIONS: list[tuple[dict[str, Any], str | None]] = [
    ({"function": "sleep", "expected": None, "timeout": "50ms"}, "timeout"),
    ({"function": "fail", "args": ["value"], "expected_error": "value_error"}, None),
    ({"function": "fail", "args": ["zero"], "expected_error": "division_by_zero"}, None),
    (
        {
            "function": "fail",
            "args": ["own"],
            "expected_error": {"code": "native_error", "message": "on purpose"},
        },
        None,
    ),
    ({"function": "fail", "args": ["own"], "expected": None}, "error"),
    ({"function": "fail", "args": ["exit"], "expected": None}, "error"),
]


def test_what_python_code_does(commands, counter):
    cases = [{**case, "name": f"{index}"} for index, (case, _) in enumerate(PYTHON_EXPECTATIONS)]
    counter(one=[*cases, {"name": "after all", "function": "count", "expected": 1}])
    *found, last = document(commands, "./counter")["tests"]
    assert last["outcome"] == "passed"
    for one, (case, kind) in zip(found, PYTHON_EXPECTATIONS, strict=True):
        assert (one["failure"] or {}).get("kind") == kind, case
        assert one["output"] == ("about to fail\n" if case["function"] == "fail" else "")


def test_python_code_runs_only_from_a_folder_that_is_named(commands, counter):
    counter(one=[{"name": "one", "function": "count", "expected": 1}])
    assert run(commands, "./counter").code == 0
    outcome = run(commands, "-plugin-path", ".", "COUNTER")
    assert (outcome.code, "pip install" in outcome.err) == (3, True)


# --- What is shown ---


def test_what_was_printed_is_shown_with_a_failure_only(commands, write):
    write(
        {"name": "a", "function": "say", "args": ["one"], "expected": "one"},
        {"name": "b", "function": "say", "args": ["two"], "expected": ""},
    )
    out = run(commands, "my-plugin").out
    assert "      printed:\n        two\n" in out
    assert "        one\n" not in out


def test_text_from_tests_does_not_drive_the_terminal(commands, write):
    write({"name": "red \x1b[31m", "function": "say", "args": ["\x1b[2J\u202e"], "expected": "\x1b"})
    for output_format in ("text", "json", "junit"):
        outcome = run(commands, "-format", output_format, "my-plugin")
        assert outcome.code == 1
        assert "\x1b" not in outcome.out + outcome.err
    ET.fromstring(outcome.out)


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        ([1, 2.5, 3], "differs at /2: expected 3, found null"),
        ([1, 2.5], "differs at /2: expected nothing, found null"),
        ({"a": 1}, "expected a map, found an array"),
        ([1, 2.5000001, None], "floats are compared exactly"),
    ],
    ids=str,
)
def test_the_first_difference_is_pointed_out(commands, write, expected, shown):
    write({"name": "one", "function": "numbers", "expected": expected})
    assert shown in run(commands, "my-plugin").out


def test_an_error_is_shown_with_its_place(commands, write):
    write({"name": "one", "function": "divide", "args": [1, 0], "expected": 1})
    out = run(commands, "my-plugin").out
    assert "my-plugin/my_plugin.alas.json:" in out
    assert "error[division_by_zero]" in out
    assert "in: my_plugin.divide, line" in out


def test_json(commands, write):
    write(GOOD, BAD)
    found = document(commands, "my-plugin", "-filter", "BAD")
    assert found["ok"] is False
    assert {key: found["summary"][key] for key in ("passed", "failed", "not_chosen")} == {
        "passed": 0,
        "failed": 1,
        "not_chosen": 1,
    }
    (test,) = found["tests"]
    assert test["milliseconds"] >= 0
    assert {
        key: test[key] for key in ("plugin", "version", "file", "name", "function", "tags", "outcome")
    } == {
        "plugin": "my-plugin",
        "version": "1.0.0",
        "file": "my-plugin/tests/one.json",
        "name": "bad",
        "function": "process",
        "tags": ["slow"],
        "outcome": "failed",
    }
    failure = test["failure"]
    assert (failure["expected"], failure["found"], failure["path"]) == ("x", "Processed: x", "")


def test_junit(commands, write):
    write(one=[GOOD, BAD], two=[GOOD])
    outcome = run(commands, "-format", "junit", "-output", "report.xml", "my-plugin")
    assert (outcome.code, "1 failed, 2 passed" in outcome.out) == (1, True)
    root = ET.parse(commands.folder / "report.xml").getroot()
    assert (root.get("tests"), root.get("failures"), len(root)) == ("3", "1", 2)
    (failure,) = root.iter("failure")
    assert failure.get("type") == "difference"
    assert 'found:    "Processed: x"' in failure.text


def test_the_slowest(commands, write):
    write({"name": "slow", "function": "loop", "expected": None, "timeout": "50ms"}, GOOD)
    out = run(commands, "-durations", "1", "my-plugin").out
    assert re.search(r"slowest:\n +\d+\.\d ms  my-plugin, tests/one.json: slow\n", out)


def test_the_schema(commands):
    outcome = run(commands, "-schema")
    assert json.loads(outcome.out)["title"] == "Tests of an ALaS plugin"
    assert outcome.code == 0


# --- Which tests ---


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ([], ["good", "bad", "other"]),
        (["-tags", "quick"], ["good"]),
        (["-tags", "quick,slow"], ["good", "bad"]),
        (["-tags", "quick", "--tags", "slow"], ["good", "bad"]),
        (["-filter", "OO"], ["good"]),
        (["-k", "divide"], ["other"]),
        (["-k", "bad", "-k", "other"], ["bad", "other"]),
        (["-fail-fast"], ["good", "bad"]),
    ],
    ids=str,
)
def test_choosing(commands, write, options, names):
    write(GOOD, BAD, {"name": "other", "function": "divide", "args": [4, 2], "expected": 2})
    assert [one["name"] for one in document(commands, *options, "my-plugin")["tests"]] == names


# --- What keeps tests from running ---


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-tags", "quik", "my-plugin"], "no test has the tag 'quik'; did you mean 'quick'?"),
        (["-filter", "zzz", "my-plugin"], "none of the 1 tests is chosen by -tags and -filter"),
        (["other"], "there is no folder or file"),
        ([], "the current folder holds no plugin.json; name a plugin or its folder"),
        (["."], "to test the plugins in it: alas-plugin test ./*"),
        (["empty"], "there are no tests in 'empty': expected files tests/*.json"),
        (["my-plugin/my_plugin.alas.json"], "tests are in the folder tests beside plugin.json"),
        (["my-plugin/tests"], "holds the tests of a plugin; to run them: alas-plugin test ./my-plugin"),
        (["my-plugin/tests/"], "holds the tests of a plugin; to run them: alas-plugin test ./my-plugin"),
        (["absent/folder"], "there is no folder or file 'absent/folder'"),
        (
            ["-timeout", "5x", "my-plugin"],
            "-timeout: expected a duration such as 10s, 500ms or 1m30s, found `5x`",
        ),
        (["-output", "x.json", "my-plugin"], "add -format json or -format junit"),
        (["-format", "json", "-output", "absent/x.json", "my-plugin"], "there is no folder"),
        (["-format", "xml", "my-plugin"], "expected text, json or junit, found 'xml'"),
        (["-watch", "-format", "json", "my-plugin"], "-watch shows text"),
    ],
    ids=str,
)
def test_wrong_usage(commands, write, options, message):
    write(GOOD)
    write(folder="empty")
    if options == ["other"]:
        message = "there is no plugin `other`"
    outcome = run(commands, *options)
    assert outcome.code == 2
    assert message in outcome.err + outcome.out


def test_mistakes_in_tests_and_plugins_are_all_shown_and_nothing_runs(commands, write):
    write(GOOD | {"function": "process2"}, GOOD | {"args": []})
    write(GOOD, folder="broken")
    commands.file("broken/plugin.json", MANIFEST | {"version": "1"})
    outcome = run(commands, "my-plugin", "broken")
    assert (outcome.out, outcome.code) == ("", 3)
    for code in ("unknown_function", "argument_count", "duplicate_name", "invalid_version"):
        assert f"error[{code}]" in outcome.err
    assert "4 errors, 0 warnings" in outcome.err
    found = document(commands, "my-plugin", "broken")
    assert (found["ok"], len(found["diagnostics"])) == (False, 4)


def test_a_plugin_that_does_not_load(commands, write):
    write(GOOD)
    commands.file("my-plugin/my_plugin.alas.json", MODULE | {"imports": ["absent"]})
    outcome = run(commands, "my-plugin")
    assert (outcome.out, outcome.code) == ("", 3)
    assert "error[unknown_module]" in outcome.err


def test_plugins_without_tests_are_told_of_beside_others(commands, write):
    write(GOOD)
    write(folder="empty")
    outcome = run(commands, "my-plugin", "empty")
    assert (outcome.code, outcome.err) == (0, "empty: there are no tests\n")


def test_a_misspelt_key_is_a_warning(commands, write):
    write(GOOD | {"tagss": []})
    outcome = run(commands, "my-plugin")
    assert outcome.code == 0
    assert "warning[unknown_field]" in outcome.err
    assert "did you mean `tags`?" in outcome.err


# --- Stopping and watching ---


def test_ctrl_c(commands, write):
    write(GOOD, {"name": "endless", "function": "loop", "expected": None})
    process = commands.start("alas-plugin", "test", "my-plugin")
    for line in process.stdout:
        if line == b"    passed  good\n":
            break
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    assert process.stderr.read().strip() == b"interrupted"


def test_watching(commands, write):
    write(BAD)
    process = commands.start("alas-plugin", "test", "-watch", "my-plugin")
    output = process.stdout

    def next_summary() -> str:
        while True:
            line = output.readline().decode()
            assert line, "the watch has ended"
            if " passed in " in line:
                return timeless(line)

    assert next_summary() == "1 failed, 0 passed in TIME\n"
    commands.file("my-plugin/tests/one.json", [GOOD])
    assert next_summary() == "1 passed in TIME\n"
    commands.file("my-plugin/plugin.json", MANIFEST | {"version": "1.0.1"})
    assert next_summary() == "1 passed in TIME\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 0
    error = process.stderr.read().decode()
    assert "watching my-plugin; Ctrl-C ends" in error
    assert "changed: one.json" in error
    assert "Traceback" not in error
