"""Plugins in Go: the kit, its guide, and the example.

A process holds one runtime of Go, and what was loaded stays; so each test loads plugins in a process of its own.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from native.building import EXAMPLES, HEADERS, ROOT, build, copy_of, need, run

KIT = ROOT / "sdk" / "go"
PROBE = KIT / "testdata" / "probe"
EXAMPLE = EXAMPLES / "native-go"

# What each process begins with. `tried` is a result, or what came instead of it.
PRELUDE = """
import json, logging, sys, threading
from alas_core.errors import AlasError, NativeLoadError
from alas_interp import Interpreter, PluginManager
from alas_registry import PluginLoadError

def load(*folders):
    manager = PluginManager(Interpreter())
    manager.initialize(list(folders))
    return manager

def tried(manager, function, *arguments):
    try:
        return manager.interpreter.call(function, *arguments)
    except AlasError as error:
        return {"error": error.code, "native": getattr(error, "native_code", None), "message": error.message}

def refused(manager, name):
    try:
        manager.registry.load(name)
    except PluginLoadError as error:
        cause = error.__cause__
        assert isinstance(cause, NativeLoadError), repr(cause)
        return {"error": cause.code, "message": cause.message}

"""


def in_process(script: str, *folders: Path) -> Any:
    """Run a script that prints one JSON document, in a process of its own."""
    return json.loads(run(sys.executable, "-c", PRELUDE + script, *folders, cwd=folders[0]))


def built(source: Path, to: Path) -> Path:
    """Return a copy of a plugin, built with the kit of this checkout."""
    need("go", "cc")
    folder = copy_of(source, to)
    run("go", "mod", "edit", f"-replace=github.com/dshills/alas/sdk/go={KIT}", cwd=folder)
    build(folder)
    return folder


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return built(EXAMPLE, tmp_path_factory.mktemp("example") / "native-go")


@pytest.fixture(scope="module")
def probe(tmp_path_factory):
    return built(PROBE, tmp_path_factory.mktemp("probe") / "probe")


def test_the_kit_has_the_header_that_the_host_is_of():
    assert (KIT / "alas_plugin.h").read_bytes() == (HEADERS / "alas_plugin.h").read_bytes()


@pytest.mark.parametrize("folder", [KIT, EXAMPLE, PROBE], ids=["kit", "example", "probe"])
def test_code_in_go_is_in_order(folder):
    need("go", "gofmt", "cc")
    assert run("gofmt", "-l", ".", cwd=folder) == ""
    run("go", "vet", "./...", cwd=folder)
    run("go", "test", "./...", cwd=folder)


@pytest.mark.skipif(
    sys.platform != "linux", reason="lists symbols by the nm of Linux, which reads ELF libraries"
)
def test_a_library_exports_little(example):
    need("nm")
    symbols = run("nm", "-D", "--defined-only", "statistics.so", cwd=example)
    exported = re.findall(r" T (alas\w*)$", symbols, re.MULTILINE)
    assert sorted(exported) == ["alasGoCall", "alasGoInit", "alasGoShutdown", "alas_plugin_entry"]


def test_the_example_does_what_it_says(example):
    script = """
statistics = load(sys.argv[1])
call = statistics.interpreter.call
print(json.dumps([
    call("statistics.mean", [1.0, 2.0]),
    call("statistics.median", [3.0, 1.0, 2.0]),
    call("statistics.quantiles", [float(i) for i in range(100_001)], [0.0, 0.25, 1.0]),
    call("statistics.histogram", [1.0, 1.5, 3.0], 2),
    tried(statistics, "statistics.mean", []),
]))
"""
    assert in_process(script, example) == [
        1.5,
        2.0,
        [0.0, 25_000.0, 100_000.0],
        [{"from": 1.0, "to": 2.0, "count": 2}, {"from": 2.0, "to": 3.0, "count": 1}],
        {
            "error": "native_error",
            "native": "no_numbers",
            "message": "`statistics.mean` of the plugin `native-go` failed: expected at least one number, found none "
            "(no_numbers)",
        },
    ]


def test_the_example_passes_its_tests(example):
    command = Path(sys.executable).with_name("alas-plugin")
    assert "8 passed" in run(command, "test", ".", cwd=example)


def test_a_plugin_is_loaded_and_unloaded_again_and_again(probe):
    script = """
probe = load(sys.argv[1])
found = []
for _ in range(50):
    found.append(probe.interpreter.call("probe.echo", [1, "a"]))
    lives = probe.interpreter.call("probe.lives")
    probe.registry.unload("probe")
    probe.registry.load("probe")
print(json.dumps([all(one == [1, "a"] for one in found), lives, probe.interpreter.call("probe.lives")]))
"""
    assert in_process(script, probe) == [True, [50, 49], [51, 50]]


def test_a_second_plugin_in_go_is_refused(example, probe):
    script = """
manager = load(sys.argv[1])
manager.interpreter.call("statistics.mean", [1.0])
other = load(sys.argv[2])
print(json.dumps([refused(other, "probe"), manager.interpreter.call("statistics.mean", [1.0])]))
"""
    refused, still = in_process(script, example, probe)
    assert refused["error"] == "second_go_runtime"
    assert "a process can hold one runtime of Go" in refused["message"]
    assert still == 1.0


def test_a_program_that_uses_two_plugins_in_go_is_told_why_it_cannot(example, probe):
    script = """
from alas_interp import ProgramError
manager = load(sys.argv[1], sys.argv[2])
program = {"type": "module", "name": "program", "imports": ["statistics", "probe"], "functions": []}
try:
    manager.interpreter.load(program)
except ProgramError as error:
    print(json.dumps([one.to_dict() for one in error.diagnostics]))
"""
    [found] = in_process(script, example, probe)
    assert found["code"] == "unknown_module"
    assert found["message"].endswith("so use the two in different processes (second_go_runtime)")
    assert found["help"] is None


@pytest.mark.parametrize(
    ("mistake", "code", "message"),
    [
        ('alas.Register("echo", 1, nil)', "init_failed", "the function `echo` is nil"),
        (
            'for n := range 1025 {\n alas.Register(fmt.Sprintf("f%d", n), 0, lives)\n}',
            "init_failed",
            "more than 1024 functions",
        ),
        (
            'alas.Register("echo", 1, echo)\nalas.Register("echo", 1, echo)',
            "disagreement",
            "lists twice `echo`",
        ),
        ('alas.Register("echo", 2, echo)', "disagreement", "`echo` takes 1 parameter in the manifest, and 2"),
    ],
    ids=["nil", "too many", "twice", "parameters"],
)
def test_a_wrong_registration_is_said_at_load(mistake, code, message, tmp_path):
    need("go", "cc")
    folder = copy_of(PROBE, tmp_path / "probe")
    source = folder / "probe.go"
    text = source.read_text(encoding="utf-8")
    registered = re.compile(r"\talas\.Register\w*\(.*\n(?:\talas\..*\n)*")
    source.write_text(registered.sub(lambda _: mistake + "\n", text, count=1), encoding="utf-8")
    manifest = json.loads((folder / "plugin.json").read_text(encoding="utf-8"))
    names = [f"f{number}" for number in range(1025)] if "1025" in mistake else ["echo"]
    parameters = [] if "1025" in mistake else [{"name": "value", "type": "any"}]
    manifest["functions"] = [{"name": name, "params": parameters} for name in names]
    (folder / "plugin.json").write_text(json.dumps(manifest), encoding="utf-8")
    run("go", "mod", "edit", f"-replace=github.com/dshills/alas/sdk/go={KIT}", cwd=folder)
    build(folder)
    found = in_process('print(json.dumps(refused(load(sys.argv[1]), "probe")))', folder)
    assert found["error"] == code
    assert message in found["message"]


@pytest.mark.parametrize(
    ("reason", "message"), [("no licence", "no licence"), ("panic", "on purpose (probe.go:")]
)
def test_a_plugin_can_refuse_to_begin(probe, reason, message, tmp_path):
    folder = tmp_path / "probe"
    shutil.copytree(probe, folder)
    manifest = json.loads((folder / "plugin.json").read_text(encoding="utf-8"))
    manifest["implementation"]["config"] = {"refuse": reason}
    (folder / "plugin.json").write_text(json.dumps(manifest), encoding="utf-8")
    found = in_process('print(json.dumps(refused(load(sys.argv[1]), "probe")))', folder)
    assert found["error"] == "init_failed"
    assert message in found["message"]


VALUES: list[object] = [None, True, 5, -(2**63), -1.5, "", "ü", [], {}, [1, 2], [1.5], [True], ["a", ""]]
VALUES += [[1, "a", [2.0, None]], {"a": 1, "b": [1, {"c": None}]}, [{"n": i} for i in range(600)]]
MANY = [f"text {number}" for number in range(1000)]
CALLS: list[tuple[str, list[object], object]] = [
    *((function, [value], value) for function in ("echo", "rebuild") for value in VALUES),
    (
        "join",
        [1, 2.5, "a", None, True, [1], {"a": 1}, 8, 9, 10],
        "1 2.5 a void true an array of 1 a map of 1 8 9 10",
    ),
    ("upper", [MANY], [text.upper() for text in MANY]),
    ("upper", [[]], []),
    ("look", [[1, 2], 1], 2),
    ("look", [{"a": 1}, "a"], 1),
    ("look", [{"a": 1}, "b"], "nothing"),
    ("sums", [[1, 2], [0.5, 1.5], [True, False, True]], [3, 2.0, 2]),
    ("sums", [[], [], []], [0, 0.0, 0]),
    ("together", [[float(number) for number in range(1000)]], 499_500.0),
    ("squares", [4], [0, 1, 4, 9]),
    ("squares", [0], []),
    ("grow", [1000], [{"name": str(number)} for number in range(1000)]),
    ("setting", ["greeting"], '"hello" true'),
    ("setting", ["none"], '"" false'),
    ("invoke", ["echo", [[1]]], [1]),
    ("collect", [], None),
    (
        "packed",
        [],
        {
            "ints": [1, 2],
            "floats": [0.5],
            "bools": [True, False],
            "texts": ["", "a", "ü"],
            "made": [False, True],
            "empty": [],
            "none": {},
        },
    ),
]


def test_values_cross_in_both_directions(probe, tmp_path):
    calls = tmp_path / "calls.json"
    calls.write_text(json.dumps([[name, arguments] for name, arguments, _ in CALLS]), encoding="utf-8")
    script = """
probe = load(sys.argv[1])
with open(sys.argv[2]) as calls:
    print(json.dumps([tried(probe, f"probe.{name}", *arguments) for name, arguments in json.load(calls)]))
"""
    found = in_process(script, probe, calls)
    for (name, arguments, expected), result in zip(CALLS, found, strict=True):
        # JSON tells an int from a float, and a bool from an int.
        assert json.dumps(result) == json.dumps(expected), (name, arguments)


def test_maps_keep_their_order(probe):
    script = """
entries = {f"key {number}": [number] for number in range(1000)}
reversed_entries = load(sys.argv[1]).interpreter.call("probe.reverse", entries)
print(json.dumps(list(reversed_entries.items()) == list(reversed(entries.items()))))
"""
    assert in_process(script, probe) is True


FAILURES = {
    "plainly": ("error", "it is plain"),
    "with a code": ("no_luck", "the number is 13"),
    "with a code inside": ("no_luck", "outside: inside"),
    "without a text": ("silent", "failed: silent"),
    "by a panic": ("panic", "on purpose (failures.go:"),
    "by an index": ("panic", "index out of range [11] with length 2 (failures.go:"),
    "by nil": ("panic", "nil pointer dereference (failures.go:"),
    "by no text": ("invalid_utf8", "a text that is no UTF-8"),
    "by no key": ("invalid_utf8", "a key that is no UTF-8"),
    "by no end": ("too_deep", "nested deeper than 10000"),
    "by an argument": ("read_only", "an argument cannot be changed"),
    "by elements": ("wrong_kind", "the value is an array of floats"),
    "by elements, and says so": ("own_code", "no ints: "),
    "later than the host": ("error", "the last word"),
    "by a scope": ("expired_handle", "whose call or scope has ended"),
    "in a goroutine": ("wrong_goroutine", "only in the goroutine in which the function was called"),
}


def test_every_failure_says_why(probe):
    script = """
probe = load(sys.argv[1])
print(json.dumps({way: tried(probe, "probe.fail", way, [1.5]) for way in sys.argv[2:]}))
"""
    found = in_process(script, probe, *map(Path, FAILURES))
    for way, (code, message) in FAILURES.items():
        assert found[way]["error"] == "native_error", way
        assert (found[way]["native"], message in found[way]["message"]) == (code, True), found[way]


def test_what_is_used_too_late_is_found(probe):
    script = """
probe = load(sys.argv[1])
tried(probe, "probe.keep", [1])
print(json.dumps([tried(probe, "probe.use_kept", way) for way in ["read", "make", "put", "return"]]))
"""
    found = in_process(script, probe)
    assert [one["native"] for one in found] == ["expired_handle"] * 4


def test_an_error_of_a_function_that_was_called_stays_what_it_was(probe):
    script = """
probe = load(sys.argv[1])
print(json.dumps([
    tried(probe, "probe.invoke", "fail", ["with a code", 1]),
    tried(probe, "probe.invoke", "nothing", []),
    tried(probe, "probe.invoke", "std.math.sqrt", [4.0]),
]))
"""
    found = in_process(script, probe)
    assert [(one["error"], one["native"]) for one in found] == [
        ("native_error", "no_luck"),
        ("function_not_found", None),
        ("permission_denied", None),
    ]


def test_lines_reach_the_log(probe):
    script = """
logging.basicConfig(level=logging.DEBUG, filename="lines.log", format="%(levelname)s %(message)s")
probe = load(sys.argv[1])
for level in range(4):
    tried(probe, "probe.say", level, "hello")
tried(probe, "probe.fail", "by a panic", None)
print(json.dumps(open("lines.log").read().splitlines()))
"""
    lines = in_process(script, probe)
    assert "INFO probe: the probe begins" in lines
    for level in ("DEBUG", "INFO", "WARNING", "ERROR"):
        assert f"{level} probe: the probe says hello" in lines
    assert any(line.startswith("DEBUG probe: main.fail(") for line in lines)


def test_a_function_stops_when_it_is_asked_to(probe):
    script = """
probe = load(sys.argv[1])
threading.Timer(0.2, probe.interpreter.interrupt).start()
print(json.dumps([tried(probe, "probe.wait"), tried(probe, "probe.echo", 1)]))
"""
    stopped, after = in_process(script, probe)
    assert stopped["error"] == "cancelled"
    assert after == 1


def test_calls_come_from_many_threads(probe):
    script = """
probe = load(sys.argv[1])
found = []
def work(number):
    for _ in range(200):
        found.append(probe.interpreter.call("probe.rebuild", [number, str(number)]) == [number, str(number)])
for _ in range(3):
    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(json.dumps([len(found), all(found)]))
"""
    assert in_process(script, probe) == [4800, True]


def test_the_guide_is_right(tmp_path):
    need("go", "cc")
    guide = (KIT / "README.md").read_text(encoding="utf-8")
    files = re.findall(r"<!-- file: (\S+) -->\n```\w+\n(.*?)```", guide, re.DOTALL)
    folder = tmp_path / "word-counts"
    folder.mkdir()
    for name, text in files:
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copytree(KIT, folder / "sdk")
    commands = re.findall(r"^\$ (.*)$", guide, re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["go", "alas-plugin"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    printed = [run("sh", "-c", command, cwd=folder, PATH=path) for command in commands]
    assert json.loads(printed[-1]) == {"to": 2, "be": 2, "or": 1, "not": 1}
    assert run("gofmt", "-l", "word_counts.go", cwd=folder) == ""
