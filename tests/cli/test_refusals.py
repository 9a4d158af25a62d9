"""What the operating system refuses: a sentence, the right exit code, and a document where one was asked for."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess

import pytest

from .commands import Commands, Outcome, command
from .programs import builtin, function, literal, module, saying

HELLO = module(function("main", saying(literal("hello"))))
LONG = "x" * 300 + ".alas.json"
COMMANDS = ["alas-run", "alas-validate"]


def unprivileged(commands: Commands, name: str, *arguments: str) -> Outcome:
    """Run a command without the right of the superuser to read everything."""
    setpriv = shutil.which("setpriv")
    prefix = [] if os.getuid() != 0 else [setpriv, "--bounding-set=-all"]
    if None in prefix:
        pytest.skip("the superuser may read everything, and there is no setpriv")
    done = subprocess.run(
        [*prefix, command(name), *arguments],
        cwd=commands.folder,
        env=commands.environment,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["privd/hello.alas.json"], "'privd/hello.alas.json' cannot be read: Permission denied"),
        ([LONG], "cannot be read: File name too long"),
        (["-plugin-path", LONG, "hello.alas.json"], "-plugin-path: the folder"),
        (["-module-path", LONG, "hello.alas.json"], "-module-path: the folder"),
        (["-plugin-path", "privd", "hello.alas.json"], "-plugin-path: the folder 'privd' may not be read"),
        (["-plugin-path", "hello.alas.json", "hello.alas.json"], "it is a file: name its folder, '.'"),
        (["/proc/self/mem"], "'/proc/self/mem' cannot be read: Input/output error"),
        ([""], "there is no file ''"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_input_that_cannot_be_read_is_wrong_usage(
    commands: Commands, name: str, line: list[str], message: str
) -> None:
    commands.file("hello.alas.json", HELLO)
    commands.file("privd/hello.alas.json", HELLO)
    (commands.folder / "privd").chmod(0)
    try:
        outcome = unprivileged(commands, name, *line)
        document = unprivileged(commands, name, "-format", "json", *line)
    finally:
        (commands.folder / "privd").chmod(0o700)
    assert (outcome.out, outcome.code) == ("", 2)
    assert message in outcome.err
    assert "Errno" not in outcome.err
    assert document.code == 2
    assert document.document["error"]["code"] == "usage"
    assert message in document.document["error"]["message"]


@pytest.mark.parametrize("name", COMMANDS)
def test_standard_input_that_cannot_be_read_is_wrong_usage(commands: Commands, name: str) -> None:
    line = f"{command(name)} -format json - 0>/dev/null"
    done = subprocess.run(line, shell=True, cwd=commands.folder, capture_output=True, timeout=60, check=False)
    outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert outcome.code == 2
    assert outcome.document["error"]["message"] == "standard input cannot be read: Bad file descriptor"


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("output_format", ["text", "json"])
@pytest.mark.parametrize(
    ("redirection", "reason"), [(">&-", "standard output is closed"), (">/dev/full", "No space left")]
)
def test_output_that_cannot_be_written_is_an_error(
    commands: Commands, name: str, output_format: str, redirection: str, reason: str
) -> None:
    commands.file("hello.alas.json", HELLO)
    line = f"{command(name)} -format {output_format} hello.alas.json {redirection}"
    done = subprocess.run(
        line,
        shell=True,
        cwd=commands.folder,
        env=commands.environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    message = done.stderr.decode()
    assert done.returncode == 1
    assert f"the output could not be written: {reason}" in message
    assert "Traceback" not in message
    assert "Errno" not in message


@pytest.mark.parametrize("name", COMMANDS)
def test_a_document_was_asked_for_but_no_input_named(commands: Commands, name: str) -> None:
    leader, follower = pty.openpty()
    process = commands.start(name, "-format", "json", stdin=follower)
    out, err = process.communicate(timeout=60)
    os.close(leader)
    os.close(follower)
    outcome = Outcome(process.returncode, out.decode(), err.decode())
    assert (outcome.code, outcome.err) == (2, "")
    assert outcome.document["error"]["code"] == "usage"


@pytest.mark.parametrize("barred", ["plugins/tool", "plugins/tool/plugin.json"])
def test_a_plugin_that_may_not_be_read(commands: Commands, barred: str) -> None:
    commands.file("plugins/tool/plugin.json", {})
    commands.file("program.alas.json", module(function("main", saying(builtin("tool.run")))))
    (commands.folder / barred).chmod(0)
    try:
        outcome = unprivileged(commands, "alas-run", "program.alas.json")
        document = unprivileged(commands, "alas-run", "-format", "json", "program.alas.json")
    finally:
        (commands.folder / barred).chmod(0o700)
    assert (outcome.code, document.code) == (3, 3)
    assert "error[unknown_builtin]" in outcome.err
    assert "error[io_error]" in outcome.err
    assert "permissions" in outcome.err
    assert len(document.document["diagnostics"]) == outcome.err.count("error[")


def test_folders_in_the_place_of_files_are_explained(commands: Commands) -> None:
    commands.file("plugins/tool/plugin.json", {})
    outcome = commands.alas_run("plugins/tool")
    assert (outcome.code, "it holds a plugin" in outcome.err) == (2, True)
    outcome = commands.validate("plugins")
    assert (outcome.code, "alas-validate plugins/*" in outcome.err) == (2, True)
