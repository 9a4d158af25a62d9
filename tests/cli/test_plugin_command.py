"""`alas-plugin` itself: which word is a command, whose option is whose, and what the help says."""

from __future__ import annotations

import importlib
import os
import pkgutil
import pty
import re
import select
import subprocess
import sys

import click
import pytest

from alas_cli import _plugin
from alas_cli._plugin_command import ROWS

from .commands import Commands, command
from .plugins import add_plugin

WRITTEN = sorted(module.name for module in pkgutil.iter_modules(_plugin.__path__) if module.name[0] != "_")
SUMMARIES = {row.name: row.summary for row in ROWS}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("lst", "there is no command 'lst'; did you mean 'list'?"),
        ("ls", "there is no command 'ls'; did you mean 'list'?"),
        ("remove x", "there is no command 'remove'; did you mean 'uninstall'?"),
        ("zzz", "there is no command 'zzz'; there are: list, info, "),
        ("help lst", "there is no command 'lst'; did you mean 'list'?"),
        ("help list info", "unexpected argument 'info'"),
        ("-formats json list", "there is no option '-formats'; did you mean '-format'?"),
        ("--formats=json list", "there is no option '--formats'; did you mean '-format'?"),
        ("-x", "there is no option '-x'"),
        ("-format", "the option '-format' needs a value: -format [text|json]"),
        ("-format jsn", "-format: expected text or json, found 'jsn'; did you mean 'json'?"),
        ("-format=jsn help", "there is no option '-format'"),
        ("-plugin-debug=1", "the option '-plugin-debug' takes no value"),
    ],
)
def test_a_wrong_command_line_leads_to_the_right_one(commands: Commands, line: str, message: str) -> None:
    outcome = commands.plugin(*line.split())
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"error: {message}")
    assert re.search(r"^alas-plugin( help)? --help explains every option$", outcome.err, re.MULTILINE)


def test_a_wrong_command_as_a_document(commands: Commands) -> None:
    for line in (["-format", "json", "lst"], ["lst", "--format=json"]):
        outcome = commands.plugin(*line)
        assert (outcome.code, outcome.err) == (2, "")
        assert outcome.document["ok"] is False
        assert outcome.document["error"]["code"] == "usage"
        assert outcome.document["error"]["message"].endswith("did you mean 'list'?")


def test_nothing_at_all_shows_the_help(commands: Commands) -> None:
    alone = commands.plugin()
    asked = [commands.plugin(*line) for line in (["help"], ["-h"], ["-help"], ["--help"])]
    assert (alone.code, alone.out) == (2, "")
    assert [(one.code, one.err, one.out) for one in asked] == [(0, "", alone.err)] * 4
    for row in ROWS:
        assert re.search(rf"^  {row.name} +{re.escape(row.summary)}$", alone.err, re.MULTILINE)


def test_each_command_is_in_the_table() -> None:
    assert sorted(SUMMARIES) == WRITTEN


@pytest.mark.parametrize("name", WRITTEN)
def test_each_command_has_help_with_examples(commands: Commands, name: str) -> None:
    shown = [commands.plugin(*line) for line in ([name, "-h"], [name, "--help"], [name, "-help"])]
    shown.append(commands.plugin("help", name))
    assert {(one.code, one.err) for one in shown} == {(0, "")}
    assert len({one.out for one in shown}) == 1
    found = importlib.import_module(f"alas_cli._plugin.{name}").command
    assert isinstance(found, click.Command)
    # What the list of commands says of it is what it says of itself.
    assert found.get_short_help_str(100) == SUMMARIES[name]
    assert shown[0].out.startswith(f"Usage: alas-plugin {name} ")
    assert "Examples:" in shown[0].out
    assert f"alas-plugin {name}" in shown[0].out.partition("Examples:")[2]


def test_versions(commands: Commands) -> None:
    shown = {commands.plugin(*line).out for line in (["-version"], ["--version"])}
    assert len(shown) == 1
    assert re.fullmatch(r"alas-plugin \d+\.\d+\.\d+\n", shown.pop())


def test_help_imports_nothing_that_it_does_not_need() -> None:
    script = (
        "import sys\n"
        "from alas_cli._plugin_command import command\n"
        "command.main(['--help'], standalone_mode=False)\n"
        "heavy = ('alas_cli._plugin.', 'alas_core', 'alas_interp', 'alas_manifest', 'alas_registry', 'rich')\n"
        "sys.exit(', '.join(name for name in sys.modules if name.startswith(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "line",
    ["list", "info my-plugin", "validate plugins/my-plugin", "doctor", "load my-plugin -plugin-path ü"],
)
def test_texts_that_the_encoding_does_not_have(commands: Commands, line: str) -> None:
    add_plugin(commands, "my-plugin", description="Grüße 日本")
    add_plugin(commands, "my-plugin", parent="ü")
    outcome = commands.plugin(*line.split(), PYTHONIOENCODING="ascii")
    assert outcome.code == 0
    assert outcome.out.isascii()


@pytest.mark.parametrize("line", ["list", "doctor", "info std.math"])
def test_a_current_folder_that_is_gone(commands: Commands, line: str) -> None:
    script = f'mkdir gone && cd gone && rmdir ../gone && "{command("alas-plugin")}" {line}'
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=commands.folder,
        env=commands.environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    "line", ["list", "info std.math", "doctor", "help", "call std.math.sqrt 4", "completion bash"]
)
@pytest.mark.parametrize(("redirection", "reason"), [(">&-", "closed"), (">/dev/full", "No space left")])
def test_output_that_cannot_be_written(commands: Commands, line: str, redirection: str, reason: str) -> None:
    done = subprocess.run(
        f"{command('alas-plugin')} {line} {redirection}",
        shell=True,
        cwd=commands.folder,
        env=commands.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("error: the output could not be written: ")
    assert reason in done.stderr


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("-v", "there is no option '-v'; did you mean '-version', or '-plugin-debug' to be told more?"),
        ("-V", "there is no option '-V'; did you mean '-version'?"),
        ("list -f json", "there is no option '-f'; did you mean '-format'?"),
        ("list --json", "there is no option '--json'; did you mean '-format json'?"),
        ("install --upgrade x", "there is no option '--upgrade'; another version of an installed plugin is"),
        ("install -force x", "there is no option '-force'; what is installed is replaced without it"),
        ("unload -all", "there is no option '-all'; name the plugins; alas-plugin list -state loaded shows"),
        ("help -format text", "there is no option '-format'; help is text"),
        ("test -durations q", "-durations: expected a whole number from 0 to 1000000, found 'q'"),
        ("test -durations -1", "-durations: expected a whole number from 0 to 1000000, found '-1'"),
        ("list -plugin-path=", "-plugin-path: expected a folder, found an empty text; the current folder is `.`"),
        ("list -plugin-path=~/nowhere", "/nowhere'"),
    ],
)  # fmt: skip
def test_habits_from_other_tools(commands: Commands, line: str, message: str) -> None:
    outcome = commands.plugin(*line.split())
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err.splitlines()[0]


def test_a_tilde_behind_an_equals_sign(commands: Commands) -> None:
    add_plugin(commands, "far", parent="more")
    outcome = commands.plugin("call", "-plugin-path=~/more", "far.process", "x")
    assert outcome.out == "Processed: x\n"


def test_questions_that_nobody_answers(commands: Commands) -> None:
    leader, follower = pty.openpty()
    process = commands.start("alas-plugin", "create", "new", stdin=follower, stderr=follower)
    os.close(follower)
    # The end of the input, as a terminal sends it.
    os.write(leader, b"\x04")
    written = b""
    while process.poll() is None or select.select([leader], [], [], 0)[0]:
        try:
            written += os.read(leader, 4096)
        except OSError:
            break
    os.close(leader)
    assert process.wait(timeout=60) == 2
    assert b"the input ended at a question; options answer it as well" in written
    assert not (commands.folder / "new").exists()
