"""`alas-plugin load` and `unload`: what every run loads."""

from __future__ import annotations

import json
import re

import pytest

from .commands import Commands
from .plugins import add_plugin, manifest
from .programs import function, literal, module, saying


@pytest.fixture
def shelf(commands: Commands) -> Commands:
    add_plugin(commands, "base")
    add_plugin(commands, "middle", dependencies=["base"])
    add_plugin(commands, "top", dependencies=["middle"])
    add_plugin(commands, "lost", dependencies=["absent"])
    commands.file("plugins/broken/plugin.json", {"name": "broken"})
    commands.file("plugins/odd/plugin.json", manifest("odd"))
    commands.file("plugins/odd/odd.alas.json", {"type": "module", "name": "odd", "functions": 1})
    return commands


def remembered(commands: Commands) -> list[str]:
    file = commands.folder / ".alas" / "state.json"
    names: list[str] = json.loads(file.read_text())["loaded"] if file.exists() else []
    return names


def states(commands: Commands) -> dict[str, tuple[str, bool]]:
    document = commands.plugin("list", "-format", "json").document
    return {one["name"]: (one["state"], one["remembered"]) for one in document["plugins"]}


def test_loading_is_real_and_remembered(shelf: Commands) -> None:
    outcome = shelf.plugin("load", "top")
    assert (outcome.code, outcome.err) == (0, "")
    pattern = (
        r"loaded base 1\.0\.0, which is needed, in \d+\.\d ms\n"
        r"loaded middle 1\.0\.0, which is needed, in \d+\.\d ms\n"
        r"loaded top 1\.0\.0, in \d+\.\d ms\n"
        r"top will be loaded in every run\n"
    )
    assert re.fullmatch(pattern, outcome.out)
    assert remembered(shelf) == ["top"]
    known = states(shelf)
    assert (known["top"], known["base"], known["lost"]) == (
        ("loaded", True),
        ("loaded", False),
        ("discovered", False),
    )
    assert "loaded, in every run\n" in shelf.plugin("info", "top").out
    again = shelf.plugin("load", "top")
    assert (again.code, "top was loaded in every run before, and will be" in again.out) == (0, True)


def test_later_runs_load_it(shelf: Commands) -> None:
    shelf.file("hello.alas.json", module(function("main", saying(literal("hello")))))
    assert "loaded top" not in shelf.alas_run("-plugin-debug", "hello.alas.json").err
    shelf.plugin("load", "top")
    outcome = shelf.alas_run("-plugin-debug", "hello.alas.json")
    assert (outcome.code, outcome.out) == (0, "hello\n")
    assert "loaded top" in outcome.err
    shelf.plugin("unload", "top")
    assert "loaded top" not in shelf.alas_run("-plugin-debug", "hello.alas.json").err


def test_modules_have_names_too(shelf: Commands) -> None:
    add_plugin(shelf, "two-words")
    assert shelf.plugin("load", "TWO_WORDS").code == 2
    assert shelf.plugin("load", "two_words", "Base").code == 0
    assert remembered(shelf) == ["two-words", "base"]
    assert shelf.plugin("unload", "two_words").out == "two-words will be loaded only when it is needed\n"


def test_as_a_document(shelf: Commands) -> None:
    outcome = shelf.plugin("load", "-format", "json", "middle")
    document = outcome.document
    assert (outcome.code, document["ok"], document["failed"]) == (0, True, [])
    first, second = document["loaded"]
    assert (first["name"], first["remembered"]) == ("base", False)
    assert (second["name"], second["remembered"], second["newly_remembered"]) == ("middle", True, True)
    assert second["milliseconds"] > 0
    document = shelf.plugin("unload", "-format", "json", "middle", "base").document
    assert document == {"ok": True, "unloaded": ["middle"], "were_not_loaded": ["base"]}


@pytest.mark.parametrize(
    ("word", "exit_code", "code", "message"),
    [
        ("tpo", 2, "plugin_not_found", "did you mean `top`?"),
        ("broken", 3, "plugin_invalid", "error[missing_field]"),
        ("lost", 3, "dependency_not_found", "plugin `lost`"),
        ("odd", 3, "plugin_invalid", "error[not_exported]"),
    ],
)
def test_what_cannot_be_loaded_is_not_remembered(
    shelf: Commands, word: str, exit_code: int, code: str, message: str
) -> None:
    for words in ([word, "base"], ["base", word]):
        outcome = shelf.plugin("load", *words)
        assert outcome.code == exit_code
        assert message in outcome.err
        # All or nothing, as with unload.
        assert "base will be loaded in every run" not in outcome.out
        has_loaded = code != "plugin_not_found"
        assert ("nothing is remembered, because not all" in outcome.err) == has_loaded
        assert (outcome.out.startswith("loaded base 1.0.0, in ")) == has_loaded
        assert remembered(shelf) == []
        outcome = shelf.plugin("load", "-format", "json", *words)
        assert (outcome.code, outcome.err) == (exit_code, "")
        document = outcome.document
        assert document["error"]["code"].startswith(code)
        assert [one["name"] for one in document["failed"]] == [word]
        loaded = [("base", False)] if has_loaded else []
        assert [(one["name"], one["remembered"]) for one in document["loaded"]] == loaded


def test_folders(shelf: Commands) -> None:
    assert shelf.plugin("load", "plugins/base").code == 0
    add_plugin(shelf, "far", parent="elsewhere")
    outcome = shelf.plugin("load", "elsewhere/far")
    assert (outcome.code, outcome.out) == (2, "")
    assert "alas-plugin install elsewhere/far" in outcome.err
    outcome = shelf.plugin("load", "far", "-plugin-path", "elsewhere")
    assert "note: later runs find it only with -plugin-path" in outcome.out


def test_what_is_needed_stays(shelf: Commands) -> None:
    shelf.plugin("load", "base", "middle", "top")
    outcome = shelf.plugin("unload", "base")
    assert (outcome.code, outcome.out) == (1, "")
    assert (
        "error[plugin_in_use]: plugin `base` is needed by middle, top, which every run loads" in outcome.err
    )
    assert "alas-plugin unload -cascade base" in outcome.err
    document = shelf.plugin("unload", "-format", "json", "base").document
    assert document["error"]["code"] == "plugin_in_use"
    assert remembered(shelf) == ["base", "middle", "top"]
    outcome = shelf.plugin("unload", "-cascade", "middle")
    assert (outcome.code, remembered(shelf)) == (0, ["base"])
    assert sorted(outcome.out.splitlines()) == [
        "middle will be loaded only when it is needed",
        "top will be loaded only when it is needed",
    ]
    shelf.plugin("load", "top")
    # What goes at the same time does not hold it.
    assert shelf.plugin("unload", "base", "top").code == 0
    assert remembered(shelf) == []


def test_unloading_is_idempotent_and_helps_with_what_is_gone(shelf: Commands) -> None:
    outcome = shelf.plugin("unload", "base")
    assert (outcome.code, outcome.out) == (0, "base was not loaded in every run; nothing has changed\n")
    assert shelf.plugin("unload", "bases").code == 2
    shelf.plugin("load", "base")
    for file in (shelf.folder / "plugins" / "base").iterdir():
        file.unlink()
    assert shelf.plugin("unload", "base").out == "base will be loaded only when it is needed\n"
    assert remembered(shelf) == []


def test_the_list_of_what_is_remembered_is_broken(shelf: Commands) -> None:
    shelf.file(".alas/state.json", b"{")
    for line in (["load", "base"], ["unload", "base"]):
        outcome = shelf.plugin(*line)
        assert outcome.code == 1
        assert "error[state_error]" in outcome.err
        assert "state.json" in outcome.err
    outcome = shelf.plugin("list")
    assert outcome.code == 0
    assert "other problems:" in outcome.out
    assert "state.json" in outcome.out


def test_names_are_needed(shelf: Commands) -> None:
    for name in ("load", "unload"):
        outcome = shelf.plugin(name)
        assert (outcome.code, outcome.err.splitlines()[0]) == (2, "error: expected NAMES")
