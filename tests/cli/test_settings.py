"""Settings, and remembered plugins, as the commands take them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from .commands import Commands, command
from .programs import builtin, function, literal, module, returning, saying, variable

PLAIN = module(function("main", saying(literal("fine"))))
PROGRAM = module(function("main", saying(builtin("my_plugin.process", literal("in")))))
IMPORTED = module(function("main", saying(literal("fine"))), imports=["other"])


def write_plugin(
    commands: Commands, folder: str, says: object = None, name: str = "my-plugin", **fields
) -> None:
    """Write a plugin whose function returns what it is given, or a fixed text."""
    said = variable("data") if says is None else literal(says)
    module_name = name.replace("-", "_")
    body = function("process", returning(said), params=[("data", "string")], returns="string")
    manifest = {
        "name": name,
        "version": "1.0.0",
        "module": module_name,
        "functions": [
            {"name": "process", "params": [{"name": "data", "type": "string"}], "returns": "string"}
        ],
        "implementation": {"language": "alas"},
    }
    commands.file(f"{folder}/plugin.json", manifest | fields)
    commands.file(f"{folder}/{module_name}.alas.json", module(body, name=module_name, exports=["process"]))


def remember(commands: Commands, *names: str) -> None:
    commands.file(".alas/state.json", {"format": 1, "loaded": list(names)})


def test_the_order_of_all_places(commands: Commands) -> None:
    """Each place wins over the next; what wins is taken away until nothing is left."""
    places = {
        "command line": "by-option",
        "ALAS_PLUGIN_PATH": "by-variable",
        "alas.toml": "by-project",
        "config.toml": ".alas/by-user",
        "./plugins": "plugins",
        "home": ".alas/plugins",
    }
    for origin, folder in places.items():
        write_plugin(commands, f"{folder}/my-plugin", origin)
    commands.file("alas.toml", b'[plugins]\npaths = ["by-project"]\n')
    commands.file(".alas/config.toml", b'[plugins]\npaths = ["by-user"]\n')
    commands.file("program.alas.json", PROGRAM)
    for origin, folder in places.items():
        outcome = commands.alas_run(
            "-plugin-path", "by-option", "program.alas.json", ALAS_PLUGIN_PATH="by-variable"
        )
        assert (outcome.out, outcome.err, outcome.code) == (f"{origin}\n", "", 0)
        (commands.folder / folder / "my-plugin/plugin.json").unlink()
    assert commands.alas_run("program.alas.json").code == 3


def test_where_a_plugin_came_from_is_shown(commands: Commands) -> None:
    write_plugin(commands, "extras/my-plugin")
    commands.file("alas.toml", b'[plugins]\npaths = ["extras"]\n')
    commands.file("program.alas.json", PROGRAM)
    outcome = commands.alas_run("-plugin-debug", "program.alas.json")
    assert f"search path {commands.folder / 'extras'} ({commands.folder / 'alas.toml'})" in outcome.err


def test_alas_home_moves_everything(commands: Commands, tmp_path: Path) -> None:
    write_plugin(commands, "elsewhere/plugins/my-plugin")
    commands.file("elsewhere/config.toml", b'[log]\nlevel = "debug"\n')
    commands.file("elsewhere/state.json", {"format": 1, "loaded": ["my-plugin"]})
    commands.file("program.alas.json", PROGRAM)
    outcome = commands.alas_run("program.alas.json", ALAS_HOME="elsewhere")
    assert (outcome.out, outcome.err) == ("in\n", "")
    assert (commands.folder / "elsewhere/logs/plugins.log").exists()
    assert not (commands.folder / ".alas").exists()


def test_the_home_of_the_user(commands: Commands) -> None:
    commands.environment.pop("ALAS_HOME")
    write_plugin(commands, ".alas/plugins/my-plugin")
    commands.file("program.alas.json", PROGRAM)
    remember(commands, "absent")
    outcome = commands.alas_run("program.alas.json")
    assert outcome.out == "in\n"
    assert "`absent`" in outcome.err


@pytest.mark.parametrize("which", ["alas.toml", ".alas/config.toml"])
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            b'[log]\nlevel = "loud"\n',
            ":2:9: `log.level`: expected one of debug, info, warning, error, off, found",
        ),
        (
            b"[plugins]\npaths = extras\n",
            ":2:9: the text is not TOML: invalid value; texts stand in quotation marks",
        ),
        (b"\xff", ":1:1: the text is not UTF-8; save the file as UTF-8"),
        (b"#" * 100_000, ": expected settings, but it is larger than 65,536 bytes"),
    ],
    ids=["kind", "syntax", "encoding", "size"],
)
def test_settings_that_are_wrong_are_refused(
    commands: Commands, which: str, text: bytes, message: str
) -> None:
    write_plugin(commands, "plugins/my-plugin")
    commands.file("program.alas.json", PROGRAM)
    commands.file("plain.alas.json", PLAIN)
    commands.file(which, text)
    expected = f"the settings cannot be used: {commands.folder / which}{message}"
    outcome = commands.alas_run("program.alas.json")
    assert (outcome.out, outcome.code) == ("", 2)
    assert f"error: {expected}" in outcome.err
    # No option would change it.
    assert "--help" not in outcome.err
    outcome = commands.alas_run("-plugin-debug", "program.alas.json")
    assert (outcome.code, expected in outcome.err) == (2, True)
    outcome = commands.alas_run("-format", "json", "program.alas.json")
    assert outcome.code == 2
    error = outcome.document["error"]
    assert error["message"].startswith(expected)
    assert (error["code"], error["file"]) == ("settings_error", str(commands.folder / which))
    # What is said of a file as a whole has the place of its beginning.
    place = re.match(r":(\d+):(\d+):", message)
    assert (error["line"], error["column"]) == (tuple(map(int, place.groups())) if place else (1, 1))
    assert outcome.document["diagnostics"][0]["file"] == error["file"]
    outcome = commands.validate("program.alas.json")
    assert (outcome.code, expected in outcome.err) == (2, True)
    # What needs no plugins reads no settings.
    assert commands.alas_run("plain.alas.json").out == "fine\n"


def test_settings_that_are_a_folder(commands: Commands) -> None:
    commands.file("program.alas.json", PROGRAM)
    (commands.folder / ".alas/config.toml").mkdir(parents=True)
    outcome = commands.alas_run("program.alas.json")
    assert outcome.code == 2
    assert "config.toml: the settings cannot be read: it is a folder; mend, move or delete it" in outcome.err


def test_what_nothing_reads_is_told_once(commands: Commands) -> None:
    write_plugin(commands, "plugins/my-plugin")
    commands.file("program.alas.json", PROGRAM)
    commands.file("alas.toml", b"[log]\nlevels = 3\n")
    remember(commands, "my-plugin")
    outcome = commands.alas_run("program.alas.json")
    assert (outcome.out, outcome.code) == ("in\n", 0)
    assert (
        outcome.err
        == f"warning: {commands.folder / 'alas.toml'}:2:1: `log` has no key `levels`; did you mean `level`?\n"
    )


def test_the_current_folder_is_gone(commands: Commands) -> None:
    write_plugin(commands, "extras/my-plugin")
    program = commands.folder / commands.file("program.alas.json", PROGRAM)
    gone = commands.folder / "gone"
    gone.mkdir()
    script = 'rmdir "$PWD" && exec "$0" "$@"'
    done = subprocess.run(
        [
            "/bin/sh",
            "-c",
            script,
            command("alas-run"),
            "-plugin-path",
            str(program.parent / "extras"),
            str(program),
        ],
        cwd=gone,
        env=commands.environment,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == (b"in\n", b"")


# --- Remembered plugins ---


def test_a_remembered_plugin_is_loaded_first_with_what_it_needs(commands: Commands) -> None:
    write_plugin(commands, "plugins/my-plugin", dependencies=["other"])
    write_plugin(commands, "plugins/other", name="other")
    commands.file("plain.alas.json", PLAIN)
    remember(commands, "My-Plugin")
    outcome = commands.alas_run("-plugin-debug", "plain.alas.json")
    assert outcome.out == "fine\n"
    loaded = [line for line in outcome.err.splitlines() if " loaded " in line]
    assert [line.split()[2] for line in loaded] == ["other", "my-plugin"]


def test_a_remembered_plugin_serves_the_program(commands: Commands) -> None:
    write_plugin(commands, "plugins/my-plugin")
    commands.file("program.alas.json", PROGRAM)
    remember(commands, "my-plugin")
    outcome = commands.alas_run("program.alas.json")
    assert (outcome.out, outcome.err) == ("in\n", "")


def test_a_remembered_plugin_that_cannot_be_loaded_stops_nothing(commands: Commands) -> None:
    write_plugin(commands, "plugins/my-plugin", dependencies=["absent-plugin"])
    write_plugin(commands, "plugins/other", name="other")
    commands.file("plain.alas.json", PLAIN)
    remember(commands, "gone", "my-plugin", "other")
    outcome = commands.alas_run("-format", "json", "plain.alas.json")
    assert outcome.document == {"ok": True, "result": None}
    first, second, said = outcome.err.splitlines()
    assert first.startswith("warning: the remembered plugin `gone` is not loaded: there is no plugin `gone`")
    assert first.endswith("; to forget it: alas-plugin unload gone")
    assert "`my-plugin` is not loaded" in second
    assert "absent-plugin" in second
    assert said == "fine"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is no JSON: line 1, column 2"),
        (b'{"format": 7}', "is of format 7"),
        (b"[]", 'has no "format"'),
    ],
)
def test_a_broken_list_of_remembered_plugins_is_told_and_kept(
    commands: Commands, content: bytes, message: str
) -> None:
    commands.file("plain.alas.json", PLAIN)
    commands.file(".alas/state.json", content)
    outcome = commands.alas_run("plain.alas.json")
    assert (outcome.out, outcome.code) == ("fine\n", 0)
    assert (
        f"warning: the list of remembered plugins, {commands.folder / '.alas/state.json'}, {message}"
        in outcome.err
    )
    assert "delete" in outcome.err
    assert (commands.folder / ".alas/state.json").read_bytes() == content


def test_an_empty_list_looks_for_no_plugins(commands: Commands) -> None:
    commands.file("plain.alas.json", PLAIN)
    remember(commands)
    outcome = commands.alas_run("plain.alas.json")
    assert (outcome.out, outcome.err) == ("fine\n", "")
    assert [path.name for path in (commands.folder / ".alas").iterdir()] == ["state.json"]


def test_names_in_the_list_cannot_drive_a_terminal(commands: Commands) -> None:
    commands.file("plain.alas.json", PLAIN)
    commands.file(".alas/state.json", json.dumps({"format": 1, "loaded": ["\x1b[31m"]}).encode())
    outcome = commands.alas_run("plain.alas.json")
    assert "\x1b" not in outcome.err
    assert r"\x1b[31m" in outcome.err
