"""The kit for C and C++: its wrapper, its examples, and plugins that are built as its guide says."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import threading
from pathlib import Path

import pytest

from alas_core.errors import (
    AlasTypeError,
    CancelledError,
    DivisionByZeroError,
    NativeError,
)
from alas_interp import Interpreter, PluginManager
from native.building import EXAMPLES, HEADERS, compile_c, copy_of, need, run

PLUGINS = Path(__file__).parent / "plugins"
KIT_EXAMPLES = HEADERS.parent / "examples"
PROGRAMS = Path(sys.executable).parent

# Functions of `every_type.cpp`, as the manifest has them, with calls of them: arguments, and the result.
CALLS = {
    "add(a: int, b: int) -> int": [([2, 3], 5)],
    "narrow(number: int) -> int": [([-(2**31)], -(2**31)), ([2**31 - 1], 2**31 - 1)],
    "byte(number: int) -> int": [([255], 255)],
    "large(is_too_large: bool) -> int": [([False], 2**63 - 1)],
    "half(number: float) -> float": [([5.0], 2.5)],
    "negate(is_true: bool) -> bool": [([True], False), ([False], True)],
    "nothing() -> void": [([], None)],
    "process(data: string) -> string": [(["wörter"], "Processed: wörter"), (["\0"], "Processed: \0")],
    "twice(data: string) -> string": [(["ab"], "abab"), ([""], "")],
    "first(data: string) -> string": [(["abc"], "a"), ([""], "")],
    "constant() -> string": [([], "constant")],
    "average(numbers: array<float>) -> float": [([[1.0, 2.0, 6.0]], 3.0)],
    "sum(numbers: array<int>) -> int": [([[1, 2, 3]], 6), ([[]], 0)],
    "count(bools: array<bool>) -> int": [([[True, False, True]], 2), ([[]], 0)],
    "same(numbers: array<float>) -> array<float>": [([[0.5, 1.5]], [0.5, 1.5])],
    "sorted(numbers: array<int>) -> array<int>": [([[3, 1, 2]], [1, 2, 3]), ([[]], [])],
    "halves(numbers: array<float>) -> array<float>": [([[1.0, 3.0]], [0.5, 1.5])],
    "inverse(bools: array<bool>) -> array<bool>": [([[True, False]], [False, True])],
    "narrow_all(numbers: array<int>) -> array<int>": [([[1, -1]], [1, -1])],
    "reversed(words: array<string>) -> array<string>": [([["a", "b", "c"]], ["c", "b", "a"])],
    "joined(words: array<string>) -> string": [([["a", "b", "c"]], "abc")],
    "nested(words: array<array<string>>) -> array<array<string>>": [
        ([[["a"], [], ["b", "c"]]], [["a"], [], ["b", "c"]])
    ],
    "squares(size: int) -> array<float>": [([4], [0.0, 1.0, 4.0, 9.0]), ([0], [])],
    "below(limit: int, numbers: array<int>) -> array<int>": [([3, [5, 1, 4, 2]], [1, 2])],
    "positive(numbers: array<float>) -> array<bool>": [([[0.5, -0.5]], [True, False])],
    "mixed() -> array": [([], [1, 0.5, "text", [1, 2], None])],
    "counted(words: array<string>) -> map<int>": [([["b", "a", "b"]], {"a": 1, "b": 2})],
    "in_order(entries: map<float>) -> map<float>": [([{"b": 1.0, "a": 2.0}], {"b": 1.0, "a": 2.0})],
    "total(counts: map<int>) -> int": [([{"ab": 1, "c": 2}], 6)],
    "grouped(groups: map<array<string>>) -> map<array<string>>": [([{"a": ["b"]}], {"a": ["b"]})],
    "point(x: float, y: float) -> Point": [([1.0, 2.0], {"x": 1.0, "y": 2.0})],
    "distance(point: Point) -> float": [([{"x": 1.0, "y": 2.0}], 3.0)],
    "position(words: array<string>, word: string) -> any": [([["a", "b"], "b"], 1), ([["a"], "b"], None)],
    "is_nothing(text: any) -> bool": [([None], True), (["text"], False)],
    "describe(value: any) -> string": [
        ([None], "void"),
        ([True], "true"),
        ([[1, "a", [0.5]]], "[1;a;[float;];]"),
        ([{"b": 1, "a": [None]}], "{b=1;a=[void;];}"),
    ],
    "element(container: array, index: int) -> any": [([["a", [1]], 1], [1])],
    "as_int(value: any) -> int": [([5], 5)],
    "settings() -> string": [([], "set")],
    "say(text: string) -> void": [(["said"], None)],
    "add_by_name(a: int, b: int) -> int": [([2, 3], 5)],
    "process_all(words: array<string>) -> string": [([["a", "b"]], "Processed: aProcessed: b")],
    "made() -> map<bool>": [([], {"is_made": True})],
    "recovers() -> bool": [([], True)],
    "fail_earlier() -> void": [],
    "fail_and_tidy_up() -> void": [],
    "average_by_name() -> float": [],
    "work() -> void": [],
    "fail() -> void": [],
    "fail_by_standard() -> void": [],
    "fail_by_number() -> void": [],
    "fail_by_memory() -> void": [],
    "fail_by_host(array: array) -> int": [([list(range(101))], 100)],
}

# Calls that fail: the plugin's own code, and a part of the message.
FAILURES = [
    ("average", [[]], "empty_input", "there is no average of nothing"),
    ("narrow", [2**31], "out_of_range", "2147483648 is too large or too small"),
    ("byte", [-1], "out_of_range", "-1 is too large or too small"),
    ("large", [True], "out_of_range", "18446744073709551615 is too large"),
    ("narrow_all", [[1, -(2**40)]], "out_of_range", "-1099511627776 is too large or too small"),
    ("is_nothing", [5], "wrong_kind", "expected a text, found an int"),
    ("as_int", ["text"], "wrong_kind", "expected an int, found a text"),
    ("element", [[1], 1], "out_of_bounds", "element 1 of an array of 1"),
    ("average_by_name", [], "empty_input", "there is no average of nothing"),
    ("fail_earlier", [], "host", "and after it another one"),
    ("fail_and_tidy_up", [], "empty_input", "there is no average of nothing"),
    ("fail", [], "own_code", "own message"),
    ("fail_by_standard", [], "exception", "beyond the end"),
    ("fail_by_number", [], "exception", "an exception of an unknown type"),
    ("fail_by_memory", [], "exception", ""),
    ("fail_by_host", [[1]], "out_of_bounds", "element 100 of an array of 1"),
]


def function(signature: str) -> dict[str, object]:
    """Return a function of a manifest."""
    name, parameters, result = re.fullmatch(r"(\w+)\((.*)\) -> (\S+)", signature).groups()
    pairs = [pair.split(": ") for pair in parameters.split(", ") if pair]
    return {"name": name, "params": [{"name": one, "type": kind} for one, kind in pairs], "returns": result}


@pytest.fixture(scope="module")
def every_type(tmp_path_factory):
    """A manager with the plugin of every type."""
    folder = tmp_path_factory.mktemp("every-type")
    manifest = {
        "name": "every-type",
        "version": "1.0.0",
        "module": "every_type",
        "type": "native",
        "types": [
            {
                "name": "Point",
                "kind": "struct",
                "fields": [{"name": "x", "type": "float"}, {"name": "y", "type": "float"}],
            }
        ],
        "functions": [function(signature) for signature in CALLS],
        "implementation": {"language": "c++", "binaries": ["plugin.so"], "config": {"prefix": "set"}},
        "security": {"sandbox": False},
    }
    (folder / "plugin.json").write_text(json.dumps(manifest), encoding="utf-8")
    compile_c(PLUGINS / "every_type.cpp", folder / "plugin.so", "-Wall", "-Wextra", "-Wpedantic", "-Werror")
    with PluginManager(Interpreter()) as manager:
        assert manager.initialize([folder]).failed == ()
        yield manager.interpreter


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        pytest.param(signature.partition("(")[0], arguments, expected, id=f"{signature} {number}")
        for signature, calls in CALLS.items()
        for number, (arguments, expected) in enumerate(calls)
    ],
)
def test_every_type(every_type, name, arguments, expected):
    result = every_type.call(f"every_type.{name}", *arguments)
    if isinstance(expected, list):
        result = list(result)
    assert result == expected
    assert type(result) is type(expected)
    if isinstance(expected, dict):
        assert list(result) == list(expected)


@pytest.mark.parametrize(("name", "arguments", "code", "message"), FAILURES)
def test_exceptions_are_errors(every_type, name, arguments, code, message):
    with pytest.raises(NativeError) as found:
        every_type.call(f"every_type.{name}", *arguments)
    assert found.value.native_code == code
    assert message in found.value.message
    assert "of the plugin `every-type`" in found.value.message
    assert every_type.call("every_type.add", 1, 2) == 3


def test_log(every_type, caplog):
    with caplog.at_level(logging.WARNING, "alas.registry"):
        every_type.call("every_type.say", "said from C++")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "every-type: said from C++")
    ]


def test_work_is_stopped(every_type):
    timer = threading.Timer(0.2, every_type.interrupt)
    timer.start()
    with pytest.raises(CancelledError):
        every_type.call("every_type.work")
    timer.join()
    assert every_type.call("every_type.add", 1, 2) == 3


# The examples, with the commands that build them outside of the repository.
MAKE = ("make", f"SDK={HEADERS}", "CFLAGS=-O2 -Werror")
CMAKE = ("cmake", f"-DALAS_SDK={HEADERS}", "-P", "build.cmake")
BUILT = {
    "vectors": (EXAMPLES / "native-c", MAKE),
    "math_utils": (EXAMPLES / "hybrid", MAKE),
    "words": (KIT_EXAMPLES / "make", MAKE),
    "polynomials": (KIT_EXAMPLES / "cmake", CMAKE),
}


@pytest.fixture(scope="module")
def examples(tmp_path_factory):
    """A folder with the examples, built."""
    need("cc", "c++", "make", "cmake")
    folder = tmp_path_factory.mktemp("examples")
    for module, (example, command) in BUILT.items():
        run(*command, cwd=copy_of(example, folder / module))
    return folder


@pytest.fixture(scope="module")
def call(examples):
    """Calls a function of the examples."""
    with PluginManager(Interpreter()) as manager:
        assert manager.initialize([examples]).failed == ()
        yield manager.interpreter.call


@pytest.mark.parametrize("module", BUILT)
def test_example_is_right(examples, module):
    for command, *options in (("alas-validate", "-strict"), ("alas-plugin", "test")):
        run(PROGRAMS / command, *options, examples / module, cwd=examples)


def test_native_c(call):
    assert call("vectors.dot", [1.0], [2.0]) == 2.0
    assert list(call("vectors.normalize", [3.0, 4.0])) == pytest.approx([0.6, 0.8])
    assert call("vectors.bounds", [2, -1.5]) == {"low": -1.5, "high": 2.0}
    with pytest.raises(NativeError, match="has no direction") as found:
        call("vectors.normalize", [0.0])
    assert found.value.native_code == "zero_vector"
    with pytest.raises(AlasTypeError, match="element 0: expected `float`, found a string"):
        call("vectors.norm", ["text"])


def test_hybrid(call):
    # From outside, both halves are one module.
    assert call("math_utils.gcd", 12, 18) == 6
    assert list(call("math_utils.primesBelow", 12)) == [2, 3, 5, 7, 11]
    # A function in ALaS calls a native one, and a native one a function in ALaS.
    assert call("math_utils.summarize", [2.0, 4.0]) == {"count": 2, "mean": 3.0, "deviation": 1.0}
    assert call("math_utils.nextPrime", 89) == 97
    assert call("math_utils.totient", 10) == 4


def test_hybrid_fails(call):
    with pytest.raises(NativeError, match="there are no statistics of nothing") as found:
        call("math_utils.summarize", [])
    assert found.value.native_code == "empty_input"
    with pytest.raises(DivisionByZeroError):
        call("math_utils.mean", [])
    with pytest.raises(NativeError, match="largest_sieve") as found:
        call("math_utils.primesBelow", 10**9)
    assert found.value.native_code == "too_large"


def test_hybrid_shows_its_functions_to_programs(examples):
    program = {
        "type": "module",
        "name": "program",
        "imports": ["math_utils"],
        "functions": [
            {
                "name": name,
                "returns": "any",
                "body": [{"type": "return", "value": value}],
            }
            for name, value in {
                "native": {
                    "type": "module_call",
                    "module": "math_utils",
                    "name": "isPrime",
                    "args": [{"type": "literal", "value": 97}],
                },
                "mixed": {
                    "type": "builtin",
                    "name": "math_utils.nextPrime",
                    "args": [{"type": "literal", "value": 97}],
                },
            }.items()
        ],
    }
    with PluginManager(Interpreter()) as manager:
        manager.initialize([examples])
        manager.interpreter.load(program)
        assert manager.interpreter.call("program.native") is True
        assert manager.interpreter.call("program.mixed") == 101


def test_changed_setting(examples, tmp_path):
    folder = copy_of(examples / "words", tmp_path / "words")
    run(*MAKE, cwd=folder)
    file = folder / "plugin.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    manifest["implementation"]["config"]["shortest"] = "many"
    file.write_text(json.dumps(manifest), encoding="utf-8")
    with PluginManager(Interpreter()) as manager:
        [failure] = manager.initialize([folder]).failed
    assert "shortest has to be a number from 1 to 9" in str(failure)


GUIDE = (HEADERS.parent / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("source", ["my_module.c", "my_module.cpp"])
def test_first_plugin_of_the_guide(tmp_path, source):
    files = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", GUIDE, re.DOTALL))
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    [command] = re.findall(rf"^c.* -o my_module\.so {re.escape(source)}$", GUIDE, re.MULTILINE)
    need(command.split()[0])
    run("sh", "-c", command, cwd=tmp_path, SDK=str(HEADERS))
    with PluginManager(Interpreter()) as manager:
        assert manager.initialize([tmp_path]).failed == ()
        assert manager.interpreter.call("my_module.add", 2, 3) == 5
        assert manager.interpreter.call("my_module.average", [1.0, 2.0]) == 1.5
        with pytest.raises(NativeError, match="there is no average of nothing"):
            manager.interpreter.call("my_module.average", [])


def test_the_makefile_of_the_guide(tmp_path):
    need("make", "cc")
    files = dict(re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", GUIDE, re.DOTALL))
    for name in ("plugin.json", "my_module.c", "Makefile"):
        (tmp_path / name).write_text(files[name], encoding="utf-8")
    [commands] = re.findall(r"```sh\n(cp .*?)```", GUIDE, re.DOTALL)
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    home = str(tmp_path / "home")
    printed = run("sh", "-ec", commands, cwd=tmp_path, PATH=path, ALAS_HOME=home)
    assert printed.splitlines()[-1] == "5"


def test_the_example_with_make_works_elsewhere(tmp_path):
    need("make", "cc")
    guide = (KIT_EXAMPLES / "make" / "README.md").read_text(encoding="utf-8")
    [commands] = re.findall(r"```sh\n(cp .*?)```", guide, re.DOTALL)
    path = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
    source = copy_of(KIT_EXAMPLES / "make", tmp_path / "make")
    printed = run(
        "sh", "-ec", commands, cwd=source, PATH=path, HOME=str(tmp_path), ALAS_HOME=str(tmp_path / "home")
    )
    assert "built words: words.so" in printed


@pytest.mark.parametrize(("language", "suffix"), [("c", ".c"), ("cpp", ".cpp")])
def test_the_code_of_the_guide_compiles(tmp_path, language, suffix):
    blocks = re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)
    parts = [block for block in blocks if "#include" not in block]
    assert parts
    head = (
        '#include "alas_plugin.h"\n'
        if language == "c"
        else '#include <algorithm>\n#include "alas_plugin.hpp"\n'
    )
    source = tmp_path / f"guide{suffix}"
    source.write_text(head + "\n".join(parts), encoding="utf-8")
    options = ("-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wno-unused-function")
    compile_c(source, tmp_path / "guide.so", *options)
