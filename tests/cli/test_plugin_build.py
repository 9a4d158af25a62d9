"""`alas-plugin build`: the command runs as the manifest says, and what it made is what the manifest describes."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from native.building import compile_c, need

from .commands import Commands, Outcome
from .plugins import add_plugin

CRASH = """\
#include <stdlib.h>
__attribute__((constructor)) static void crash(void) {{ {}; }}
"""


@pytest.fixture(autouse=True)
def _tools() -> None:
    need("make", "cc")


@pytest.fixture
def native(commands: Commands) -> str:
    """A new plugin in C that is not built yet."""
    made = commands.plugin("create", "-type", "native", "-yes", "counter")
    assert (made.err, made.code) == ("", 0)
    return "counter"


def change(commands: Commands, folder: str, **fields: Any) -> None:
    """Change fields of the implementation in a manifest; None takes one away."""
    file = commands.folder / folder / "plugin.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    implementation = manifest["implementation"] | fields
    manifest["implementation"] = {key: value for key, value in implementation.items() if value is not None}
    file.write_text(json.dumps(manifest), encoding="utf-8")


def script(commands: Commands, folder: str, text: str) -> None:
    """Make a script of the shell what builds a plugin."""
    commands.file(f"{folder}/build.sh", text.encode())
    change(commands, folder, build_cmd="sh build.sh")


def build(commands: Commands, *arguments: str, **environment: str) -> Outcome:
    return commands.plugin("build", *arguments, **environment)


def test_what_is_built_works(commands: Commands, native: str) -> None:
    outcome = build(commands, native)
    assert (outcome.err, outcome.code) == ("", 0)
    first, *between, last = outcome.out.splitlines()
    assert first == "building counter: make"
    assert any("counter.c" in line for line in between)
    assert last.startswith("built counter: counter/counter.so (")
    assert commands.plugin("call", f"{native}.process", "data").out == "Processed: data\n"


@pytest.mark.parametrize("verb", ["compile", "make"])
def test_what_others_call_it(commands: Commands, verb: str) -> None:
    assert "did you mean 'build'?" in commands.plugin(verb).err


def test_the_current_folder_is_the_default(commands: Commands, native: str) -> None:
    assert "the current folder is none" in build(commands).err
    commands.folder /= native
    assert build(commands).out.splitlines()[-1].startswith("built counter: counter.so (")
    assert build(commands, "plugin.json").code == 0
    change(commands, ".", build_cmd="make nothing")
    assert "error[build_failed]: counter: the command ended with exit code 2" in build(commands).err


def test_a_document_has_standard_output_to_itself(commands: Commands, native: str) -> None:
    outcome = build(commands, "-format", "json", native)
    assert outcome.code == 0
    assert "counter.c" in outcome.err
    (plugin,) = outcome.document["plugins"]
    library = commands.folder / native / "counter.so"
    assert plugin == {
        "name": "counter",
        "folder": str(commands.folder / native),
        "command": "make",
        "status": "built",
        "reason": None,
        "libraries": [{"path": str(library), "bytes": library.stat().st_size}],
    }


def test_several_plugins(commands: Commands, native: str) -> None:
    add_plugin(commands, "words")
    outcome = build(commands, "plugins/words", native, native)
    assert outcome.code == 0
    assert (
        outcome.out.splitlines()[0]
        == "words: nothing to build: a module plugin is written in ALaS, and runs as it is"
    )
    assert outcome.out.count("built counter") == 1


def test_what_is_not_tried_after_a_failure_is_told(commands: Commands, native: str) -> None:
    add_plugin(commands, "words")
    add_plugin(commands, "more")
    change(commands, native, build_cmd="make nothing")
    line = ("plugins/words", native, "plugins/more")
    outcome = build(commands, *line)
    assert outcome.code == 1
    assert outcome.err.endswith("not built for that: plugins/more\n")
    found = build(commands, "-format", "json", *line).document
    assert (found["ok"], found["error"]["code"]) == (False, "build_failed")
    assert [one["name"] for one in found["plugins"]] == ["words"]
    assert found["not_built"] == [str(commands.folder / "plugins" / "more")]


def test_nothing_to_build(commands: Commands, native: str) -> None:
    change(commands, native, build_cmd=None)
    outcome = build(commands, native)
    assert (outcome.code, outcome.out) == (3, "")
    assert "add `implementation.build_cmd`" in outcome.err
    commands.file(f"{native}/counter.so", b"")
    outcome = build(commands, native)
    assert (outcome.code, outcome.err) == (0, "")
    assert "its manifest has no `implementation.build_cmd`" in outcome.out
    found = build(commands, "-format", "json", native).document
    assert found["plugins"][0]["status"] == "nothing_to_build"


# --- Libraries that are older than their sources ---


def age(commands: Commands, file: str, seconds: int = 60) -> None:
    """Make a file look as if it had been changed some time ago."""
    then = time.time() - seconds
    os.utime(commands.folder / file, (then, then))


OUTDATED = "the library counter.so of the plugin counter is older than its source counter.c"


@pytest.mark.parametrize(
    "words",
    [
        ("call", "counter.process", "data"),
        ("call", "-format", "json", "./counter.process", "data"),
        ("test", "counter"),
        ("test", "-format", "json", "./counter"),
        ("validate", "counter"),
        ("install", "counter"),
    ],
)
def test_an_outdated_library_is_told(commands: Commands, native: str, words: tuple[str, ...]) -> None:
    build(commands, native)
    assert "older" not in commands.plugin(*words).err
    age(commands, "counter/counter.so")
    outcome = commands.plugin(*words)
    assert outcome.code == 0
    assert outcome.err.count(OUTDATED) == 1
    assert "build it again: alas-plugin build ./counter\n" in outcome.err


def test_an_outdated_library_is_a_finding(commands: Commands, native: str) -> None:
    build(commands, native)
    age(commands, "counter/counter.so")
    (found,) = commands.plugin("validate", "-format", "json", native).document["diagnostics"]
    assert (found["code"], found["severity"]) == ("library_outdated", "warning")
    assert found["file"] == "counter/counter.so"
    assert commands.plugin("validate", "-strict", native).code == 3
    warnings = commands.plugin("install", "-format", "json", native).document["warnings"]
    assert sum(OUTDATED in warning for warning in warnings) == 1
    # Where it is installed, nobody builds it.
    assert "older" not in commands.plugin("call", ".alas/plugins/counter.process", "data").err


def test_what_was_built_is_not_outdated(commands: Commands, native: str) -> None:
    build(commands, native)
    age(commands, "counter/counter.so")
    # Whatever the command does not heed.
    change(commands, native, build_cmd="true")
    assert build(commands, native).code == 0
    assert "older" not in commands.plugin("validate", native).err


def test_alas_code_is_no_source_of_a_library(commands: Commands) -> None:
    commands.plugin("create", "-type", "hybrid", "-yes", "counter")
    change(commands, "counter", sources=["counter.c", "counter.alas.json"])
    build(commands, "counter")
    age(commands, "counter/counter.so", 60)
    age(commands, "counter/counter.c", 120)
    assert "older" not in commands.plugin("validate", "counter").err
    os.utime(commands.folder / "counter" / "counter.c")
    assert "older" in commands.plugin("validate", "counter").err


def test_a_library_that_is_not_there_is_no_fault_of_a_line(commands: Commands, native: str) -> None:
    outcome = commands.plugin("test", native)
    assert outcome.code == 3
    headline = next(line for line in outcome.err.splitlines() if "error[" in line)
    assert headline.startswith("counter:1:1: error[plugin_load_failed]: the library ")
    assert "  1 | {" not in outcome.err


# --- What fails ---


@pytest.mark.parametrize(
    ("command", "code", "message"),
    [
        ("exit 7", "build_failed", "counter: the command ended with exit code 7"),
        ("kill -9 $$", "build_failed", "the command was ended by the signal SIGKILL"),
        ("sleep 60", "build_timeout", "did not end within 0.5 seconds, "),
    ],
)
def test_a_command_that_fails(commands: Commands, native: str, command: str, code: str, message: str) -> None:
    script(commands, native, command)
    outcome = build(commands, "-timeout", "500ms", native)
    assert outcome.code == 1
    assert f"error[{code}]" in outcome.err
    assert message in outcome.err
    found = build(commands, "-timeout", "500ms", "-format", "json", native).document
    assert (found["ok"], found["error"]["code"]) == (False, code)


@pytest.mark.parametrize(
    ("command", "advice"),
    [
        ("cargo build", "https://rustup.rs"),
        ("go build", "https://go.dev/dl"),
        ("make", "apt install gcc make"),
        ("frobnicate", "put its folder on the PATH"),
    ],
)
def test_a_tool_that_is_not_there(commands: Commands, native: str, command: str, advice: str) -> None:
    change(commands, native, build_cmd=command)
    outcome = build(commands, native, PATH=str(commands.folder))
    assert outcome.code == 1
    assert (
        f"error[tool_missing]: counter: there is no program `{command.split(maxsplit=1)[0]}`; " in outcome.err
    )
    assert advice in outcome.err


def test_a_compiler_that_another_tool_needs_is_not_there(commands: Commands, native: str) -> None:
    tool = commands.folder / "bin" / "go"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    tool.chmod(0o755)
    change(commands, native, build_cmd="go build")
    outcome = build(commands, native, PATH=str(tool.parent))
    assert "ended with exit code 1; go makes libraries with the help of a C compiler" in outcome.err


@pytest.mark.parametrize(
    ("language", "advice"),
    [
        ("c", "ended with exit code 1; the plugin is written in C, and there is no C compiler on the PATH: "),
        ("c++", "the plugin is written in C++, and there is no C++ compiler on the PATH: "),
        ("zig", None),
    ],
)
def test_a_compiler_that_make_needs_is_not_there(
    commands: Commands, native: str, language: str, advice: str | None
) -> None:
    tool = commands.folder / "bin" / "make"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    tool.chmod(0o755)
    change(commands, native, language=language)
    outcome = build(commands, native, PATH=str(tool.parent))
    assert outcome.code == 1
    assert "exit code 1" in outcome.err
    assert ("compiler" in outcome.err) == (advice is not None)
    assert advice is None or (advice in outcome.err and "apt install g" in outcome.err)
    # One that the environment names will do, whatever it is called.
    named = {"CC": str(tool), "CXX": f"{tool} -O2"}
    assert "compiler" not in build(commands, native, PATH=str(tool.parent), **named).err


def test_a_script_that_is_not_there(commands: Commands, native: str) -> None:
    change(commands, native, build_cmd="./build.sh")
    error = build(commands, native).err
    assert "error[tool_missing]: counter: there is no file `./build.sh` in the plugin's folder; " in error
    assert "PATH" not in error
    commands.file(f"{native}/build.sh", b"#!/no/such/shell -e\n")
    (commands.folder / native / "build.sh").chmod(0o755)
    error = build(commands, native).err
    assert (
        "error[tool_missing]: counter: `./build.sh` is there, but its first line names `/no/such/shell`"
        in error
    )
    change(commands, native, build_cmd="build.sh")
    error = build(commands, native, PATH=str(commands.folder / native)).err
    assert "`build.sh` is there, but its first line names `/no/such/shell`" in error


def test_a_script_that_may_not_be_run(commands: Commands, native: str) -> None:
    commands.file(f"{native}/build.sh", b"#!/bin/sh\n")
    change(commands, native, build_cmd="./build.sh")
    error = build(commands, native).err
    assert "error[build_failed]: counter: `./build.sh` cannot be run: " in error
    assert "chmod +x counter/build.sh" in error


def test_a_library_that_is_elsewhere(commands: Commands, native: str) -> None:
    change(commands, native, binaries=["other.so"])
    outcome = build(commands, native)
    assert outcome.code == 3
    assert "error[build_mismatch]" in outcome.err
    assert "the library other.so that the manifest names" in outcome.err
    change(commands, native, binaries=[{"windows-s390x": "counter.so"}])
    assert "the manifest names no library for " in build(commands, native).err


def test_a_library_without_a_function_of_the_manifest(commands: Commands, native: str) -> None:
    file = commands.folder / native / "plugin.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    manifest["functions"].append({"name": "missing", "params": [], "returns": "int"})
    file.write_text(json.dumps(manifest), encoding="utf-8")
    outcome = build(commands, native)
    assert outcome.code == 3
    assert "error[disagreement]: counter: built, but it cannot be loaded" in outcome.err
    assert "missing" in outcome.err
    # The user may have no library at all of the kind that ALaS opens.
    commands.file(f"{native}/bare.c", b"int nothing;\n")
    compile_c(commands.folder / native / "bare.c", commands.folder / native / "counter.so")
    change(commands, native, build_cmd="true")
    assert "error[missing_symbol]" in build(commands, native).err


def test_a_library_whose_functions_the_manifest_has_lost(commands: Commands) -> None:
    commands.plugin("create", "-type", "hybrid", "-yes", "counter")
    file = commands.folder / "counter" / "plugin.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    manifest["functions"] = [one for one in manifest["functions"] if not one.get("native")]
    file.write_text(json.dumps(manifest), encoding="utf-8")
    outcome = build(commands, "counter")
    assert outcome.code == 3
    assert "error[disagreement]: counter: built, but it cannot be loaded" in outcome.err
    assert "the manifest lacks `average`" in outcome.err
    change(commands, "counter", binaries=None)
    assert build(commands, "counter").out.splitlines()[-1] == "built counter: its manifest names no library"


@pytest.mark.parametrize(
    ("ending", "message"),
    [("abort()", "was ended by the signal SIGABRT"), ("_Exit(0)", "ended with exit code 0")],
)
def test_a_library_that_ends_the_process(commands: Commands, native: str, ending: str, message: str) -> None:
    source = commands.folder / native / "counter.c"
    source.write_text(source.read_text(encoding="utf-8") + CRASH.format(ending), encoding="utf-8")
    outcome = build(commands, native)
    assert outcome.code == 3
    assert "error[plugin_crashed]: counter: the library was built" in outcome.err
    assert message in outcome.err


def test_a_library_that_does_not_let_itself_be_opened(commands: Commands, native: str) -> None:
    source = commands.folder / native / "counter.c"
    text = source.read_text(encoding="utf-8") + CRASH.format("sleep(100)").replace("stdlib", "unistd")
    source.write_text(text, encoding="utf-8")
    outcome = build(commands, "-timeout", "3s", native)
    assert outcome.code == 1
    assert "error[build_timeout]: counter: the library was built, but opening it did not end" in outcome.err
    assert "-timeout" in outcome.err


def test_a_broken_manifest(commands: Commands) -> None:
    commands.file("broken/plugin.json", {"name": "broken"})
    outcome = build(commands, "broken")
    assert outcome.code == 3
    assert "error[missing_field]" in outcome.err
    found = build(commands, "-format", "json", "broken").document
    assert found["error"]["code"] == "plugin_invalid"
    assert found["diagnostics"]


def test_what_is_no_plugin(commands: Commands) -> None:
    for word, message in (
        ("absent", "there is no folder"),
        ("", "found an empty text"),
        (".", "is no plugin"),
    ):
        outcome = build(commands, word)
        assert outcome.code == 2
        assert message in outcome.err


def test_an_installed_plugin_stays_as_it_is(commands: Commands, native: str) -> None:
    build(commands, native)
    installed = commands.plugin("install", native)
    assert installed.code == 0
    outcome = build(commands, ".alas/plugins/counter")
    assert outcome.code == 2
    assert "is an installed plugin" in outcome.err


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGHUP])
def test_whoever_ends_the_command_ends_all_that_it_started(
    commands: Commands, native: str, which: signal.Signals
) -> None:
    script(commands, native, "sleep 100 & echo $! > started.part && mv started.part started; wait")
    process = commands.start("alas-plugin", "build", native)
    started = commands.folder / native / "started"
    wait_until(started.exists)
    process.send_signal(which)
    process.communicate(timeout=20)
    assert process.returncode == 128 + which
    number = int(started.read_text(encoding="utf-8"))
    wait_until(lambda: not is_running(number))


def test_ctrl_c_ends_all_that_was_started(commands: Commands, native: str) -> None:
    script(commands, native, "sleep 100 & echo $! > started.part && mv started.part started; wait")
    process = commands.start("alas-plugin", "build", native)
    started = commands.folder / native / "started"
    wait_until(started.exists)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err.decode().strip()) == (130, "interrupted")
    number = int(started.read_text(encoding="utf-8"))
    wait_until(lambda: not is_running(number))


def wait_until(condition: Any) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    # One that has ended, and that nobody has asked for, is not running either.
    status = Path(f"/proc/{number}/stat")
    return not (status.exists() and status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z")
