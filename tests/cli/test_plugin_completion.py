"""`alas-plugin completion`: what a shell offers, asked by a real shell."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .commands import Commands
from .plugins import add_plugin

BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None, reason="there is no bash")


@pytest.fixture
def shelf(commands: Commands) -> Commands:
    add_plugin(commands, "my-plugin")
    add_plugin(commands, "math-tool")
    add_plugin(commands, "far", parent="elsewhere")
    commands.file("plugins/bro ken\x1b[31m/plugin.json", b"{")
    commands.file("plugins/broken/plugin.json", b"{")
    return commands


def offered(commands: Commands, line: str) -> list[str]:
    """What bash offers for the last word of a line."""
    assert BASH is not None
    words = line.split(" ")
    script = "\n".join(
        [
            'eval "$(alas-plugin completion bash)"',
            # There is no line to complete, so there is nothing to set options of.
            "compopt() { printf 'option %s\\n' \"$*\"; }",
            f"COMP_WORDS=({' '.join(repr(word) for word in words)})",
            f"COMP_CWORD={len(words) - 1}",
            f"_{words[0].replace('-', '_')}_completion {words[0]}",
            'printf "%s\\n" "${COMPREPLY[@]}"',
        ]
    )
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        [BASH, "--norc", "-c", script],
        cwd=commands.folder,
        env=commands.environment | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("alas-plugin l", ["list", "load"]),
        ("alas-plugin -pl", ["-plugin-path", "-plugin-debug"]),
        ("alas-plugin --pl", ["--plugin-path", "--plugin-debug"]),
        ("alas-plugin list -f", ["-format"]),
        ("alas-plugin list --f", ["--format"]),
        ("alas-plugin list -format j", ["json"]),
        ("alas-plugin list -type n", ["native"]),
        ("alas-plugin info m", ["my-plugin", "math-tool"]),
        ("alas-plugin info bro", ["broken"]),
        ("alas-plugin info -plugin-path elsewhere fa", ["far"]),
        ("alas-plugin -plugin-path elsewhere info fa", ["far"]),
        ("alas-plugin load my-plugin mat", ["math-tool"]),
        ("alas-plugin call my", ["my-plugin.process"]),
        ("alas-plugin call math-tool.p", ["math-tool.process"]),
        ("alas-plugin help un", ["unload", "uninstall"]),
        ("alas-plugin completion f", ["fish"]),
        ("alas-plugin list -plugin-path el", ["option", "-o", "dirnames"]),
        ("alas-plugin info ./el", ["option", "-o", "dirnames"]),
        ("alas-plugin validate el", ["option", "-o", "default"]),
        ("alas-plugin test m", ["my-plugin", "math-tool"]),
        ("alas-plugin test st", []),
        ("alas-plugin test ./el", ["option", "-o", "default"]),
        ("alas-plugin nonsense x", []),
        ("alas-run -fo", ["-format"]),
        ("alas-run pro", ["option", "-o", "default"]),
        ("alas-run -module-path el", ["option", "-o", "dirnames"]),
        ("alas-validate --st", ["--strict"]),
        ("alas-validate pro", ["option", "-o", "default"]),
    ],
)
def test_what_bash_offers(shelf: Commands, line: str, words: list[str]) -> None:
    assert sorted(offered(shelf, line)) == sorted(words)


def test_what_every_run_loads_is_offered_for_unloading(shelf: Commands) -> None:
    assert offered(shelf, "alas-plugin unload m") == []
    shelf.plugin("load", "my-plugin")
    assert offered(shelf, "alas-plugin unload m") == ["my-plugin"]


def test_what_was_installed_is_offered_for_uninstalling(shelf: Commands) -> None:
    assert offered(shelf, "alas-plugin uninstall f") == []
    assert shelf.plugin("install", "elsewhere/far").code == 0
    assert offered(shelf, "alas-plugin uninstall ") == ["far"]


def test_broken_settings_offer_nothing_and_say_nothing(shelf: Commands) -> None:
    shelf.file(".alas/config.toml", b"[")
    assert offered(shelf, "alas-plugin info m") == []


@pytest.mark.parametrize(
    ("shell", "piece"),
    [
        ("bash", "complete -o nosort -F"),
        ("zsh", "#compdef alas-plugin"),
        ("fish", "complete --no-files --command"),
    ],
)
def test_scripts(commands: Commands, shell: str, piece: str) -> None:
    outcome = commands.plugin("completion", shell)
    assert (outcome.code, outcome.err, piece in outcome.out) == (0, "", True)
    assert commands.plugin("completion", SHELL=f"/usr/bin/{shell}").out == outcome.out
    found = shutil.which(shell)
    if found is not None:
        subprocess.run([found, "-n"], input=outcome.out.encode(), check=True, timeout=60)


@pytest.mark.parametrize(
    ("words", "shell", "message"),
    [
        (["bsh"], "", "shell: expected bash, zsh or fish, found 'bsh'; did you mean 'bash'?"),
        ([], "/bin/tcsh", "expected bash, zsh or fish, found 'tcsh'"),
        ([], "", "expected bash, zsh or fish"),
    ],
)
def test_mistakes(commands: Commands, words: list[str], shell: str, message: str) -> None:
    outcome = commands.plugin("completion", *words, SHELL=shell)
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.splitlines()[0].lower() == f"error: {message}".lower()
