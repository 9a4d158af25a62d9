"""Text from manifests on a terminal: whatever it says, it is shown and never obeyed, by any command."""

from __future__ import annotations

import os
import pty
import re
import select
import time
from typing import Any

import pytest

from .commands import Commands
from .plugins import add_plugin, manifest

# Sets the title, clears the screen, reverses what follows, rings, and does so again in the eight-bit spelling.
HOSTILE = "\x1b]0;owned\x07\x1b[2J\u202e\x9b31m\r[bold red]"
RAW = [b"\x1b]0;", b"\x07", b"\x1b[2J", "\u202e".encode(), "\x9b".encode(), b"owned\x07"]

# Where a manifest may say anything: the plugin is sound, and its text is shown.
FREE: dict[str, Any] = {
    "description": HOSTILE,
    "author": HOSTILE,
    "capabilities": ["function", "type"],
    "functions": [
        {
            "name": "process",
            "params": [{"name": "data", "type": "string"}],
            "returns": "string",
            "description": HOSTILE,
        }
    ],
    "types": [{"name": "Size", "kind": "enum", "values": ["small"], "meta": {HOSTILE: HOSTILE}}],
    "implementation": {
        "language": "alas",
        "entrypoint": "my_plugin.alas.json",
        "build_cmd": HOSTILE,
        "config": {HOSTILE: HOSTILE},
    },
    "runtime": {"environment": {"A": HOSTILE}},
    f"x-{HOSTILE}": HOSTILE,
    HOSTILE: HOSTILE,
}
# Where it may not, or has to ask: the plugin is broken, and the text is in what is said about it.
REFUSED: dict[str, Any] = {
    "version": HOSTILE,
    "license": HOSTILE,
    "type": HOSTILE,
    "module": HOSTILE,
    "alas_version": HOSTILE,
    "capabilities": ["function", "filesystem", "network", "process", HOSTILE],
    "dependencies": [HOSTILE],
    "functions": [{"name": HOSTILE, "params": [{"name": HOSTILE, "type": HOSTILE}], HOSTILE: 1}],
    "types": [
        {"name": HOSTILE, "kind": HOSTILE, "fields": [{"name": HOSTILE, "type": HOSTILE}]},
        {"name": "Size", "kind": "enum", "values": [HOSTILE]},
        {"name": "Alias", "kind": "alias", "base_type": HOSTILE},
    ],
    "implementation": {
        "language": HOSTILE,
        "entrypoint": HOSTILE,
        "sources": [HOSTILE],
        "binaries": [HOSTILE, {HOSTILE: HOSTILE}],
    },
    "security": {
        "max_memory": HOSTILE,
        "max_cpu": HOSTILE,
        "timeout": HOSTILE,
        "allowed_apis": [HOSTILE],
        "permissions": {
            "filesystem": {"read": [HOSTILE], "write": [HOSTILE]},
            "network": [HOSTILE],
            "process": [HOSTILE],
            "env": [HOSTILE],
        },
    },
}
# What is wrong first is all that a list shows.
MANIFESTS = {
    "free": FREE,
    "refused": REFUSED,
    "name": {"name": HOSTILE},
    "dependency": {"dependencies": ["absent"], "description": HOSTILE},
}
COMMANDS_BY_NAME = [
    ["list"],
    ["list", "-format", "json"],
    ["info", "{name}"],
    ["info", "plugins/my-plugin"],
    ["info", "-format", "json", "plugins/my-plugin"],
    ["validate", "plugins/my-plugin"],
    ["validate", "plugins/my-plugin/plugin.json"],
    ["load", "{name}"],
    ["unload", "{name}"],
    ["call", "{name}.process", "x"],
    ["call", "{name}.proc"],
    ["doctor"],
    ["test", "plugins/my-plugin"],
    ["install", "plugins/my-plugin"],
    ["uninstall", "{name}"],
    ["-plugin-debug", "list"],
]


def on_terminal(commands: Commands, *line: str, columns: int = 100) -> bytes:
    """What a command writes on a terminal."""
    leader, follower = pty.openpty()
    environment = commands.environment | {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": "40"}
    process = commands.start(
        "alas-plugin", *line, stdin=follower, stdout=follower, stderr=follower, env=environment
    )
    os.close(follower)
    written = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([leader], [], [], 0.1)
        if ready:
            try:
                piece = os.read(leader, 65536)
            except OSError:
                piece = b""
            if not piece:
                break
            written += piece
            if b"[y/N]" in piece or b"[y/n]" in piece:
                os.write(leader, b"n\n")
        elif process.poll() is not None:
            break
    os.close(leader)
    process.wait(timeout=60)
    assert b"Traceback" not in written
    return written


@pytest.mark.parametrize("more", MANIFESTS.values(), ids=MANIFESTS)
def test_no_command_obeys_a_manifest(commands: Commands, more: dict[str, Any]) -> None:
    add_plugin(commands, "my-plugin")
    commands.file("plugins/my-plugin/plugin.json", manifest() | more)
    for words in COMMANDS_BY_NAME:
        line = [word.format(name="my-plugin") for word in words]
        written = on_terminal(commands, *line)
        assert written, line
        assert [sign for sign in RAW if sign in written] == [], line


def test_what_is_shown_is_visible(commands: Commands) -> None:
    add_plugin(commands, "my-plugin", description=HOSTILE)
    for line in (["list"], ["info", "my-plugin"]):
        # Narrower tables are cut.
        written = on_terminal(commands, *line, columns=160)
        assert b"\\x1b]0;owned" in written
        # Nor does it mean anything to whoever draws the colours.
        assert b"[bold red]" in written


def test_no_command_obeys_the_name_of_a_folder(commands: Commands) -> None:
    commands.file("plugins/a\x1b]0;owned\x07b/plugin.json", b"{")
    for line in (
        ["list"],
        ["doctor"],
        ["info", "plugins/a\x1b]0;owned\x07b"],
        ["validate", "plugins/a\x1b]0;owned\x07b"],
    ):
        written = on_terminal(commands, *line)
        assert [sign for sign in RAW if sign in written] == [], line


def test_tables_on_terminals_have_colours_unless_nobody_wants_them(commands: Commands) -> None:
    add_plugin(commands, "my-plugin")
    assert b"\x1b[1m" in on_terminal(commands, "list")
    commands.environment["NO_COLOR"] = "1"
    assert b"\x1b[" not in on_terminal(commands, "list")


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 140])
def test_tables_stay_readable_on_narrow_terminals(commands: Commands, columns: int) -> None:
    far = "a-folder-with-a-name-of-some-length/plugins"
    add_plugin(commands, "my-plugin", parent=far, description="Does one thing. " * 9)
    add_plugin(commands, "tool", version="10.11.12")
    written = on_terminal(commands, "list", "-plugin-path", far, columns=columns).decode()
    lines = re.sub(r"\x1b\[[0-9;]*m", "", written).splitlines()
    text = "\n".join(lines)
    # Whatever happens to long cells, what a plugin is called and how it is comes in whole words.
    for words in ("my-plugin", "std.collections", "10.11.12", "builtin", "discovered", "module"):
        assert any(words in line.split() for line in lines), (words, text)
    assert "Does one" in text
    if columns >= 80:
        (head,) = (line for line in lines if line.startswith("NAME"))
        assert head.split() == ["NAME", "VERSION", "TYPE", "STATE", "FROM", "DESCRIPTION"]
        assert all(len(line) <= columns for line in lines)
