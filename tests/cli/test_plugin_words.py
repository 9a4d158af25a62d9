"""What a word means in all commands: a plugin by its name first, and a folder where a path is written."""

from __future__ import annotations

import pytest

from .commands import Commands
from .plugins import add_plugin, manifest

CODE = b"""\
from alas_builtin import BuiltinPlugin

print("the code ran")
plugin = BuiltinPlugin("twin", version="3.0.0", entrypoint="twin.py")


@plugin.function
def process(data: str) -> str:
    return f"Python: {data}"
"""
NOTE = "note: twin is the plugin in ./plugins/twin; the one here is ./twin\n"


def add_python(commands: Commands, name: str, folder: str) -> None:
    """Write a plugin in Python."""
    described = manifest(name, type="builtin", version="3.0.0") | {
        "implementation": {"language": "python", "entrypoint": f"{name}.py"}
    }
    commands.file(f"{folder}/plugin.json", described)
    commands.file(f"{folder}/{name}.py", CODE.replace(b"twin", name.encode()))


@pytest.fixture
def shelf(commands: Commands) -> Commands:
    """A plugin that programs find, and another of its name in Python in the current folder."""
    add_plugin(commands, "twin")
    add_python(commands, "twin", "twin")
    add_python(commands, "only", "only")
    return commands


def test_names_come_first(shelf: Commands) -> None:
    outcome = shelf.plugin("call", "twin.process", "x")
    assert (outcome.code, outcome.out, outcome.err) == (0, "Processed: x\n", "")
    outcome = shelf.plugin("info", "twin")
    assert (outcome.out.startswith("twin 1.0.0"), outcome.err) == (True, "")
    outcome = shelf.plugin("validate", "twin")
    assert (outcome.code, outcome.out, outcome.err) == (0, "plugins/twin: ok\n", NOTE)
    outcome = shelf.plugin("load", "twin")
    assert (outcome.code, "loaded twin 1.0.0" in outcome.out, outcome.err) == (0, True, "")
    assert shelf.plugin("validate", "-format", "json", "twin").err == ""


def test_paths_are_folders(shelf: Commands) -> None:
    assert shelf.plugin("call", "./twin.process", "x").out.splitlines() == ["the code ran", "Python: x"]
    assert shelf.plugin("call", "twin/plugin.json.process", "x").out.endswith("Python: x\n")
    assert shelf.plugin("info", "./twin").out.startswith("twin 3.0.0")
    assert shelf.plugin("info", "twin/").out.startswith("twin 3.0.0")
    assert shelf.plugin("validate", "./twin").out == "./twin: ok\n"
    for word in ("./plugins/twin", "plugins/twin/plugin.json"):
        assert "loaded twin 1.0.0" in shelf.plugin("load", word).out


def test_tests_of_names_and_of_paths(shelf: Commands) -> None:
    case = {"name": "a", "function": "process", "args": ["x"]}
    shelf.file("plugins/twin/tests/a.json", [case | {"expected": "Processed: x"}])
    for name in ("twin", "only"):
        shelf.file(f"{name}/tests/a.json", [case | {"expected": "Python: x"}])
    outcome = shelf.plugin("test", "twin")
    assert (outcome.code, outcome.out.startswith("twin 1.0.0\n"), outcome.err) == (0, True, NOTE)
    assert shelf.plugin("test", "-format", "json", "twin").err == ""
    for word in ("./twin", "./twin/tests/a.json", "twin/plugin.json"):
        outcome = shelf.plugin("test", word)
        assert (outcome.code, outcome.out.startswith("twin 3.0.0\n"), outcome.err) == (0, True, "")
    outcome = shelf.plugin("test", "only")
    assert (outcome.code, outcome.out) == (2, "")
    assert "alas-plugin test ./only" in outcome.err
    assert shelf.plugin("test", "./only").code == 0


def test_a_folder_without_a_path_runs_no_python(shelf: Commands) -> None:
    assert shelf.plugin("info", "only").out.startswith("only 3.0.0")
    assert shelf.plugin("validate", "only").out == "only: ok\n"
    outcome = shelf.plugin("call", "only.process", "x")
    assert (outcome.code, outcome.out) == (2, "")
    assert "alas-plugin call ./only.process" in outcome.err
    assert shelf.plugin("call", "./only.process", "x").code == 0


@pytest.mark.parametrize("word", ["./twin", "twin/plugin.json", "../{here}/twin", "./twin.", "./twin/"])
def test_a_plugin_without_a_function(shelf: Commands, word: str) -> None:
    outcome = shelf.plugin("call", word.format(here=shelf.folder.name), "process", "x")
    assert (outcome.code, outcome.out) == (2, "")
    assert "expected PLUGIN.FUNCTION" in outcome.err
    assert "the plugin `twin` has the functions: process" in outcome.err


@pytest.mark.parametrize("word", ["~nobody-of-this-name/x", "x" * 5000, "./" + "x" * 5000])
def test_words_that_lead_nowhere(shelf: Commands, word: str) -> None:
    for line in (["info", word], ["call", f"{word}.f"], ["validate", word], ["load", word]):
        outcome = shelf.plugin(*line)
        assert (outcome.code, outcome.out) == (2, ""), line
    assert shelf.plugin("list", "-plugin-path", word).code == 2


def test_how_to_install_what_cannot_be_loaded(shelf: Commands) -> None:
    add_plugin(shelf, "far", parent="elsewhere")
    for word, advice in (
        ("only", "to install it: pip install ./only"),
        ("./only", "to install it: pip install ./only"),
        ("elsewhere/far", "to install it: alas-plugin install elsewhere/far"),
        ("elsewhere/far/plugin.json", "to install it: alas-plugin install elsewhere/far"),
    ):
        outcome = shelf.plugin("load", word)
        assert (outcome.code, outcome.out) == (2, "")
        assert advice in outcome.err
