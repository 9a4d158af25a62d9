"""What the commands write down, and what they show of it."""

from __future__ import annotations

import os
import re
import stat

import pytest

from .commands import Commands
from .programs import builtin, function, literal, module, returning, saying, variable

PLAIN = module(function("main", saying(literal("fine"))))
PROGRAM = module(function("main", saying(builtin("my_plugin.process", literal("in")))))
MANIFEST = {
    "name": "my-plugin",
    "version": "1.2.3",
    "module": "my_plugin",
    "functions": [{"name": "process", "params": [{"name": "data", "type": "string"}], "returns": "string"}],
    "implementation": {"language": "alas"},
}
LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (?P<pid>\d+) (?P<level>[A-Z]+) (?P<text>[ -~]*)\n")
NUMBER = re.compile(r"[0-9]+\.[0-9]+ ms")


@pytest.fixture
def plugin(commands: Commands) -> Commands:
    """The commands, with a plugin and a program that uses it."""
    process = function("process", returning(variable("data")), params=[("data", "string")], returns="string")
    commands.file("plugins/my-plugin/plugin.json", MANIFEST)
    commands.file(
        "plugins/my-plugin/my_plugin.alas.json", module(process, name="my_plugin", exports=["process"])
    )
    commands.file("program.alas.json", PROGRAM)
    return commands


def log(commands: Commands, name: str = ".alas/logs/plugins.log") -> list[tuple[str, str]]:
    """The level and text of each line."""
    found = []
    for line in (commands.folder / name).read_text().splitlines(keepends=True):
        match = LINE.fullmatch(line)
        assert match is not None, line
        found.append((match["level"], NUMBER.sub("N ms", match["text"])))
    return found


def test_what_is_loaded_is_written_down(plugin: Commands) -> None:
    for _ in range(2):
        assert plugin.alas_run("program.alas.json").err == ""
    loaded = ("INFO", f"loaded my-plugin 1.2.3 from {plugin.folder / 'plugins/my-plugin'} in N ms")
    assert [line for line in log(plugin) if line[1].startswith("loaded")] == [loaded, loaded]
    assert stat.S_IMODE((plugin.folder / ".alas/logs/plugins.log").stat().st_mode) == 0o600


def test_a_program_without_plugins_leaves_no_trace(commands: Commands) -> None:
    commands.file("plain.alas.json", PLAIN)
    assert commands.alas_run("plain.alas.json").out == "fine\n"
    assert sorted(path.name for path in commands.folder.iterdir()) == ["plain.alas.json"]


@pytest.mark.parametrize("how", ["option", "variable"])
def test_debugging_shows_and_keeps_everything(plugin: Commands, how: str) -> None:
    plugin.file(".alas/config.toml", b'[log]\nlevel = "error"\n')
    options = ["-plugin-debug"] if how == "option" else []
    variables = {"ALAS_PLUGIN_DEBUG": "1"} if how == "variable" else {}
    outcome = plugin.alas_run(*options, "program.alas.json", **variables)
    assert outcome.out == "in\n"
    shown = [NUMBER.sub("N ms", line) for line in outcome.err.splitlines()]
    assert shown == [f"alas.registry: {text}" for _, text in log(plugin)]
    folder = plugin.folder / "plugins"
    told = "\n".join(shown)
    # What was found where, chosen why, loaded in what time, called how often.
    assert f"settings: {plugin.folder / '.alas/config.toml'}" in told
    assert (
        f"found my-plugin 1.2.3 in {folder / 'my-plugin'}, search path {folder} (default): discovered" in told
    )
    assert "discovered 1 plugin in N ms" in told
    assert "loaded my-plugin 1.2.3 from" in told
    assert shown[-2] == "alas.registry: my_plugin.process was called 1 time"
    assert "unloaded my-plugin: called" in shown[-1]


@pytest.mark.parametrize("value", ["", "0", "false", "off"])
def test_debugging_is_switched_off(plugin: Commands, value: str) -> None:
    assert plugin.alas_run("program.alas.json", ALAS_PLUGIN_DEBUG=value).err == ""


@pytest.mark.parametrize(("level", "levels"), [("debug", {"DEBUG", "INFO"}), ("info", {"INFO"})])
def test_the_level_is_set(plugin: Commands, level: str, levels: set[str]) -> None:
    plugin.file("alas.toml", f'[log]\nlevel = "{level}"\n'.encode())
    assert plugin.alas_run("program.alas.json").err == ""
    assert {one for one, _ in log(plugin)} == levels


@pytest.mark.parametrize("level", ["error", "off"])
def test_no_file_without_a_record(plugin: Commands, level: str) -> None:
    plugin.file("alas.toml", f'[log]\nlevel = "{level}"\n'.encode())
    plugin.alas_run("program.alas.json")
    assert not (plugin.folder / ".alas/logs").exists()


def test_another_file(plugin: Commands) -> None:
    plugin.file(".alas/config.toml", f'[log]\nfile = "{plugin.folder}/mine.log"\n'.encode())
    plugin.alas_run("program.alas.json")
    assert log(plugin, "mine.log")
    assert not (plugin.folder / ".alas/logs").exists()


def test_rotating(plugin: Commands) -> None:
    plugin.file(".alas/config.toml", b'[log]\nlevel = "debug"\nmax_size = "1KB"\nmax_files = 2\n')
    for _ in range(4):
        plugin.alas_run("program.alas.json")
    names = sorted(path.name for path in (plugin.folder / ".alas/logs").iterdir() if path.suffix != ".lock")
    assert names == ["plugins.log", "plugins.log.1"]
    assert all((plugin.folder / ".alas/logs" / name).stat().st_size <= 1000 for name in names)


@pytest.mark.parametrize("is_debugged", [False, True])
@pytest.mark.parametrize("obstacle", ["a file above", "a folder", "a full disk"])
def test_a_log_that_cannot_be_written_stops_nothing(
    plugin: Commands, is_debugged: bool, obstacle: str
) -> None:
    if obstacle == "a file above":
        plugin.file(".alas/logs", b"")
    elif obstacle == "a folder":
        (plugin.folder / ".alas/logs/plugins.log").mkdir(parents=True)
    else:
        plugin.file(".alas/config.toml", b'[log]\nfile = "/dev/full"\n')
    options = ["-plugin-debug"] if is_debugged else []
    outcome = plugin.alas_run(*options, "program.alas.json")
    assert (outcome.out, outcome.code) == ("in\n", 0)
    assert outcome.err.count("the log file") == int(is_debugged)
    assert is_debugged or outcome.err == ""


def test_a_home_that_may_not_be_written(plugin: Commands) -> None:
    home = plugin.folder / ".alas"
    home.mkdir(mode=0o500)
    if os.access(home, os.W_OK):
        pytest.skip("the superuser may write everywhere")
    outcome = plugin.alas_run("program.alas.json")
    assert (outcome.out, outcome.err, outcome.code) == ("in\n", "", 0)


def test_manifests_cannot_forge_lines(plugin: Commands) -> None:
    plugin.file("plugins/two\nINFO loaded/plugin.json", b"{")
    plugin.file("plugins/red\x1b[31m/plugin.json", b"{")
    plugin.file("alas.toml", b'[log]\nlevel = "debug"\n')
    outcome = plugin.alas_run("program.alas.json")
    assert outcome.out == "in\n"
    text = "\n".join(text for _, text in log(plugin))
    assert r"two\x0aINFO loaded" in text
    assert r"red\x1b[31m" in text


def test_warnings_are_shown_and_written_down(plugin: Commands) -> None:
    implementation = {"language": "alas", "build_cmd": "make"}
    plugin.file("plugins/my-plugin/plugin.json", MANIFEST | {"implementation": implementation})
    outcome = plugin.alas_run("program.alas.json")
    warning = "the plugin my-plugin sets implementation.build_cmd, which this version does not run"
    assert (outcome.out, outcome.err) == ("in\n", f"warning: {warning}\n")
    assert ("WARNING", warning) in log(plugin)


def test_a_plugin_that_fails_is_told_once_and_written_down(plugin: Commands) -> None:
    plugin.file("plugins/my-plugin/my_plugin.alas.json", b"{")
    outcome = plugin.alas_run("program.alas.json")
    assert outcome.code == 3
    assert "was not loaded" not in outcome.err
    assert any("my-plugin was not loaded: " in text for _, text in log(plugin))


def test_runs_at_the_same_time_share_the_file(plugin: Commands) -> None:
    plugin.file(".alas/config.toml", b'[log]\nlevel = "debug"\nmax_size = "2KB"\nmax_files = 100\n')
    processes = [plugin.start("alas-run", "program.alas.json") for _ in range(6)]
    assert [process.wait(60) for process in processes] == [0] * 6
    names = [path.name for path in (plugin.folder / ".alas/logs").iterdir() if path.suffix != ".lock"]
    lines = [line for name in names for line in log(plugin, f".alas/logs/{name}")]
    assert sum(text.startswith("loaded my-plugin") for _, text in lines) == 6


def test_validating_writes_the_log_too(plugin: Commands) -> None:
    assert plugin.validate("program.alas.json").code == 0
    assert any(text.startswith("loaded my-plugin") for _, text in log(plugin))
