"""Installing plugins with native code: nothing is built unless the user agrees, and what is installed can be loaded."""

from __future__ import annotations

import signal
import tarfile
import time
from pathlib import Path

import pytest
from native.building import need

from .commands import Commands
from .terminals import Terminal
from .test_plugin_build import age, change, is_running, script, wait_until

WARNING = (
    "warning: counter contains native code, which this version runs without a sandbox, as a part of whatever "
    "uses the plugin\n"
)


@pytest.fixture
def native(commands: Commands) -> str:
    """A new plugin in C that is not built yet."""
    need("make", "cc")
    assert commands.plugin("create", "-type", "native", "-yes", "counter").code == 0
    return "counter"


def installed(commands: Commands) -> list[str]:
    """Return the files of the installed plugin."""
    folder = commands.folder / ".alas" / "plugins" / "counter"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def assert_nothing_is_left(commands: Commands) -> None:
    assert not (commands.folder / ".alas" / "plugins" / "counter").exists()
    staging = commands.folder / ".alas" / "plugins" / ".installed" / "staging"
    assert not staging.exists() or list(staging.iterdir()) == []


def test_what_is_built_already_is_installed_as_it_is(commands: Commands, native: str) -> None:
    commands.plugin("build", native)
    outcome = commands.plugin("install", native)
    assert (outcome.out, outcome.err, outcome.code) == ("installed counter 0.1.0\n", WARNING, 0)
    assert commands.plugin("call", "counter.process", "data").out == "Processed: data\n"
    # It is said once, and not again for what stays as it is.
    assert commands.plugin("install", native).err == ""


@pytest.mark.parametrize("plugin_type", ["native", "hybrid"])
def test_what_is_not_built_is_built_when_the_user_agrees(commands: Commands, plugin_type: str) -> None:
    need("make", "cc")
    commands.plugin("create", "-type", plugin_type, "-yes", "counter")
    # A build needs more than what is installed of it.
    change(commands, "counter", build_cmd="make all leftover")
    makefile = commands.folder / "counter" / "Makefile"
    makefile.write_text(makefile.read_text(encoding="utf-8") + "\nleftover:\n\ttouch leftover\n")
    outcome = commands.plugin("install", "-build", "counter")
    assert (outcome.code, outcome.err) == (0, WARNING)
    assert outcome.out.startswith("building counter: make all leftover\n")
    assert outcome.out.endswith("installed counter 0.1.0\n")
    assert "counter.so" in installed(commands)
    assert "leftover" not in installed(commands)
    assert not (commands.folder / "counter" / "counter.so").exists()
    assert commands.plugin("call", "counter.average", "[1, 2]").out == "1.5\n"
    assert commands.plugin("doctor").code == 0


def test_what_was_changed_is_built_again_when_the_user_agrees(commands: Commands, native: str) -> None:
    commands.plugin("build", native)
    source = commands.folder / native / "counter.c"
    source.write_text(source.read_text(encoding="utf-8").replace("Processed", "Changed"), encoding="utf-8")
    age(commands, "counter/counter.so")
    library = (commands.folder / native / "counter.so").read_bytes()
    outcome = commands.plugin("install", "-build", native)
    assert (outcome.code, outcome.err) == (0, WARNING)
    assert outcome.out.startswith("building counter: make\n")
    assert commands.plugin("call", ".alas/plugins/counter.process", "data").out == "Changed: data\n"
    assert (commands.folder / native / "counter.so").read_bytes() == library
    # An older library is never taken for what was built.
    change(commands, native, build_cmd="true")
    outcome = commands.plugin("install", "-build", native)
    assert (outcome.code, "error[build_failed]" in outcome.err) == (1, True)


def test_a_script_of_the_plugin_builds_it(commands: Commands, native: str) -> None:
    commands.file(f"{native}/build.sh", b"#!/bin/sh\nexec make\n")
    (commands.folder / native / "build.sh").chmod(0o755)
    change(commands, native, build_cmd="./build.sh")
    outcome = commands.plugin("install", "-build", native)
    assert (outcome.code, outcome.err) == (0, WARNING)
    script_there = commands.folder / ".alas" / "plugins" / "counter" / "build.sh"
    assert script_there.stat().st_mode & 0o777 == 0o644


def test_a_program_elsewhere_stays_as_it_is(commands: Commands, native: str) -> None:
    tool = commands.folder / "tool"
    tool.write_text("#!/bin/sh\nexec make\n", encoding="utf-8")
    tool.chmod(0o700)
    change(commands, native, build_cmd=str(tool))
    assert commands.plugin("install", "-build", native).code == 0
    assert tool.stat().st_mode & 0o777 == 0o700


def test_what_a_library_needs_may_come_with_the_plugin(commands: Commands, native: str) -> None:
    commands.plugin("build", native)
    folder = commands.folder / native
    (folder / "needed.so").write_bytes((folder / "counter.so").read_bytes())
    change(commands, native, binaries=["counter.so", "needed.so"])
    age(commands, "counter/counter.so")
    outcome = commands.plugin("install", "-build", native)
    assert (outcome.code, outcome.err) == (0, WARNING)
    assert "needed.so" in installed(commands)


def test_an_archive_is_built_as_well(commands: Commands, native: str) -> None:
    with tarfile.open(commands.folder / "counter.tar.gz", "w:gz") as archive:
        archive.add(commands.folder / native, arcname="counter")
    outcome = commands.plugin("install", "-build", "-format", "json", "counter.tar.gz")
    assert outcome.code == 0
    assert outcome.document["changes"][0]["action"] == "installed"
    assert "without a sandbox" in outcome.document["warnings"][0]
    assert "counter.c" in outcome.err
    assert commands.plugin("call", "counter.process", "data").out == "Processed: data\n"


@pytest.mark.parametrize("output_format", ["text", "json"])
def test_nobody_is_asked_without_a_terminal(commands: Commands, native: str, output_format: str) -> None:
    outcome = commands.plugin("install", "-format", output_format, native)
    assert outcome.code == 1
    if output_format == "json":
        error = outcome.document["error"]
        assert error["code"] == "not_built"
        message = error["message"]
    else:
        assert outcome.err.startswith("error[not_built]: ")
        message = outcome.err
    advice = "to have `make` build it: alas-plugin install -build counter; or build it first: alas-plugin build ./counter"
    assert f"the library of `counter`, counter.so, is not built; {advice}" in message
    assert_nothing_is_left(commands)


def test_what_is_advised_of_an_archive_is_possible(commands: Commands, native: str) -> None:
    with tarfile.open(commands.folder / "my counter.tar.gz", "w:gz") as archive:
        archive.add(commands.folder / native, arcname="counter")
    error = commands.plugin("install", "my counter.tar.gz").err
    assert error.endswith("alas-plugin install -build 'my counter.tar.gz'\n")


def test_the_question(commands: Commands, native: str) -> None:
    question = "counter contains native code that is not built yet; build it with `make`? [y/N]: "
    for answer in ("", "n"):
        terminal = Terminal(commands, "install", native)
        terminal.expect(question)
        terminal.answer(answer)
        terminal.expect("not_built")
        assert terminal.finish() == 1
    terminal = Terminal(commands, "install", native)
    terminal.expect(question)
    # Python does not see what comes between its prompt and its reading before the next line.
    time.sleep(0.5)
    terminal.interrupt()
    assert terminal.finish() in (130, -2)
    assert_nothing_is_left(commands)
    terminal = Terminal(commands, "install", native)
    terminal.expect(question)
    terminal.answer("y")
    terminal.expect("installed counter 0.1.0")
    assert terminal.finish() == 0


def test_a_build_that_fails_changes_nothing(commands: Commands, native: str) -> None:
    change(commands, native, build_cmd="make no-such-target")
    outcome = commands.plugin("install", "-build", native)
    assert outcome.code == 1
    assert (
        "error[build_failed]: `counter` could not be built: the command ended with exit code 2" in outcome.err
    )
    assert_nothing_is_left(commands)
    change(commands, native, build_cmd="true")
    outcome = commands.plugin("install", "-build", native)
    assert "the library counter.so that the manifest names" in outcome.err
    assert_nothing_is_left(commands)


def test_what_cannot_be_built(commands: Commands, native: str) -> None:
    change(commands, native, build_cmd=None, binaries=[{"windows-s390x": "counter.so"}])
    commands.file(f"{native}/counter.so", b"")
    outcome = commands.plugin("install", "-build", native)
    assert outcome.code == 1
    assert "error[not_built]: `counter` has no library for " in outcome.err


def test_an_interrupted_build_changes_nothing(commands: Commands, native: str) -> None:
    mark = commands.folder / "started"
    script(commands, native, f"sleep 100 & echo $! > {mark}.part && mv {mark}.part {mark}; wait")
    process = commands.start("alas-plugin", "install", "-build", native)
    wait_until(mark.exists)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err.decode().strip()) == (130, "interrupted")
    number = int(mark.read_text(encoding="utf-8"))
    wait_until(lambda: not is_running(number))
    assert_nothing_is_left(commands)


def test_what_building_has_left_is_not_installed(commands: Commands, native: str) -> None:
    folder = commands.folder / native
    commands.plugin("build", native)
    (folder / "target").mkdir()
    (folder / "counter.so").rename(folder / "target" / "counter.so")
    commands.file(f"{native}/target/CACHEDIR.TAG", b"Signature: 8a477f597d28d172789f06886806bc55")
    commands.file(f"{native}/target/counter.o", b"")
    change(commands, native, binaries=["target/counter.so"])
    outcome = commands.plugin("install", native)
    assert outcome.out == "installed counter 0.1.0\n  left out: target\n"
    assert [path for path in installed(commands) if path.startswith("target")] == ["target/counter.so"]
    assert commands.plugin("call", "counter.process", "data").out == "Processed: data\n"


def test_libraries_for_other_platforms_are_nobodys_concern(commands: Commands, native: str) -> None:
    from alas_loader_native import current_platform

    platforms = {current_platform(): "counter.so", "windows-s390x": "counter.dll"}
    change(commands, native, binaries=[platforms])
    for line in (["build"], ["validate", "-strict"], ["test"], ["install"]):
        outcome = commands.plugin(*line, f"./{native}")
        assert outcome.code == 0, outcome.err
        assert "not built" not in outcome.err
    assert Path(commands.folder, ".alas", "plugins", "counter", "counter.so").exists()


def test_a_file_that_is_no_library_is_not_installed(commands: Commands, native: str) -> None:
    library = commands.folder / native / "counter.so"
    library.write_text("hello\n", encoding="utf-8")
    for command in ("validate", "install"):
        outcome = commands.plugin(command, native)
        assert outcome.code == 3
        assert "error[wrong_format]" in outcome.err
        assert "counter.so" in outcome.err
        assert "build the plugin again" in outcome.err
    assert_nothing_is_left(commands)
