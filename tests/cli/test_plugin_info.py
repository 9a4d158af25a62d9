"""`alas-plugin info`: all about a plugin."""

from __future__ import annotations

import pytest

from .commands import Commands
from .plugins import add_plugin, manifest

RICH = {
    "author": "Ada",
    "license": "MIT",
    "capabilities": ["function", "type", "network", "filesystem"],
    "dependencies": ["base-tool >=1.0 <2", "std.math", "absent"],
    "types": [
        {"name": "Point", "kind": "struct", "fields": [{"name": "x", "type": "float"}]},
        {"name": "Size", "kind": "enum", "values": ["small", "large"]},
        {"name": "Count", "kind": "alias", "base_type": "int"},
    ],
    "security": {
        "max_memory": "100MB",
        "max_cpu": "50%",
        "timeout": "10s",
        "allowed_apis": ["std.math"],
        "permissions": {"network": ["example.org:443"], "filesystem": {"read": ["data"], "write": ["out"]}},
    },
    "runtime": {"lazy": True, "persistent": False, "parallel": True},
}


@pytest.fixture
def shelf(commands: Commands) -> Commands:
    add_plugin(commands, "base-tool", version="1.4.0")
    add_plugin(commands, "rich", **RICH)
    add_plugin(commands, "needs-rich", dependencies=["rich"])
    add_plugin(commands, "hidden", parent="more")
    add_plugin(commands, "hidden", parent="plugins", version="3.0.0")
    commands.file("plugins/broken/plugin.json", {"name": "broken", "version": "1.0", "typ": "module"})
    return commands


@pytest.mark.parametrize(
    "piece",
    [
        "rich 1.0.0, module plugin",
        "My custom plugin",
        "state           discovered, but cannot be loaded: see the problems",
        "folder          ./plugins/rich",
        "found by        ./plugins (default)",
        "module          rich",
        "author          Ada",
        "license         MIT",
        "works with      ALaS >=0.1.0",
        "written in      alas, rich.alas.json",
        "loaded at first use, released after each call, calls may overlap",
        "process(data: string) -> string\n      Process input data",
        "Point           struct {x: float}",
        "Size            enum small | large",
        "Count           alias of int",
        "capabilities    function, type, network, filesystem",
        "reads           data",
        "writes          out",
        "network         example.org:443",
        "only uses       std.math",
        "memory          at most 100MB",
        "processor       at most 50%",
        "time of a call  at most 10s",
        "sandbox         yes",
        "base-tool >=1.0 <2  found 1.4.0 in ./plugins/base-tool",
        "std.math  found 0.",
        "absent  is missing",
        "needed by\n  needs-rich      1.0.0",
        "error[dependency_not_found]: plugin `rich`",
    ],
)
def test_everything_is_said(shelf: Commands, piece: str) -> None:
    outcome = shelf.plugin("info", "rich")
    assert (outcome.code, outcome.err) == (0, "")
    assert piece in outcome.out


@pytest.mark.parametrize("security", [{}, {"max_cpu": "100%"}])
def test_a_whole_core_is_no_limit(commands: Commands, security: dict[str, str]) -> None:
    add_plugin(commands, "free", security=security)
    outcome = commands.plugin("info", "free")
    assert outcome.code == 0
    assert "processor" not in outcome.out


def test_the_same_as_a_document(shelf: Commands) -> None:
    document = shelf.plugin("info", "-format", "json", "rich").document
    plugin = document["plugin"]
    assert document["ok"] is True
    assert plugin["functions"] == [
        {"signature": "process(data: string) -> string", "description": "Process input data"}
    ]
    assert [(one["name"], one["found_version"] is not None, one["ok"]) for one in plugin["needs"]] == [
        ("base-tool", True, True),
        ("std.math", True, True),
        ("absent", False, False),
    ]
    assert plugin["needed_by"] == ["needs-rich"]
    assert plugin["error"]["code"] == "dependency_not_found"
    assert plugin["manifest"]["security"]["max_cpu"] == "50%"
    assert plugin["installed"] is None


@pytest.mark.parametrize(
    "word",
    ["needs-rich", "NEEDS-RICH", "needs_rich", "plugins/needs-rich", "./plugins/needs-rich/plugin.json"],
)
def test_a_plugin_has_several_names(shelf: Commands, word: str) -> None:
    assert shelf.plugin("info", word).out.startswith("needs-rich 1.0.0")


def test_a_folder_that_no_search_path_leads_to(shelf: Commands) -> None:
    add_plugin(shelf, "far", parent="elsewhere", dependencies=["base-tool"])
    for word in ("elsewhere/far", f"{shelf.folder}/elsewhere/far"):
        outcome = shelf.plugin("info", word)
        assert outcome.out.startswith("far 1.0.0")
        assert "base-tool  found 1.4.0" in outcome.out
    assert shelf.plugin("info", "far").code == 2


def test_shadows(shelf: Commands) -> None:
    winner = shelf.plugin("info", "hidden", "-plugin-path", "more").out
    assert "hides\n  ./plugins/hidden" in winner
    loser = shelf.plugin("info", "plugins/hidden", "-plugin-path", "more").out
    assert loser.startswith("hidden 3.0.0")
    assert "state           shadowed by the plugin in ./more/hidden" in loser


def test_a_broken_plugin_shows_all_that_is_wrong(shelf: Commands) -> None:
    outcome = shelf.plugin("info", "broken")
    assert outcome.code == 0
    for code in ("invalid_version", "missing_field", "unknown_field"):
        assert f"[{code}]" in outcome.out
    assert "did you mean `type`?" in outcome.out


def test_files_and_their_agreement_are_looked_at(shelf: Commands) -> None:
    shelf.file("plugins/empty/plugin.json", manifest("empty"))
    assert "error[file_not_found]" in shelf.plugin("info", "empty").out


@pytest.mark.parametrize(
    ("word", "code", "message"),
    [
        ("rch", "plugin_not_found", "did you mean `rich`?"),
        ("zzz", "plugin_not_found", "install it, or add its folder to the search path"),
        (
            "plugins",
            "usage",
            "the folder 'plugins' is no plugin: it holds no plugin.json; name one of the plugins in it: 'plugins/base-tool', ",
        ),
        ("./nowhere", "usage", "there is no folder './nowhere'"),
        ("plugins/rich/rich.alas.json", "usage", "expected the folder of a plugin, found the file"),
        ("", "plugin_not_found", "there is no plugin"),
    ],
)
def test_mistakes(shelf: Commands, word: str, code: str, message: str) -> None:
    outcome = shelf.plugin("info", word)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err
    error = shelf.plugin("info", "-format", "json", word).document["error"]
    assert error["code"] == code
    assert message in error["message"]


def test_no_name_at_all(shelf: Commands) -> None:
    outcome = shelf.plugin("info")
    assert (outcome.code, outcome.err.splitlines()[0]) == (
        2,
        "error: expected the name or the folder of a plugin",
    )
    shelf.file("plugin.json", manifest())
    assert "this folder is one: alas-plugin info ." in shelf.plugin("info").err
    assert "did you mean 'more/hidden'?" in shelf.plugin("info", "./more").err


def test_folders_beside_are_shown_as_people_write_them(shelf: Commands) -> None:
    (shelf.folder / "here").mkdir()
    beside = Commands(shelf.folder / "here")
    assert "folder          ../plugins/rich\n" in beside.plugin("info", "../plugins/rich").out


def test_the_standard_library_is_there_too(commands: Commands) -> None:
    outcome = commands.plugin("info", "std.math")
    assert outcome.code == 0
    assert "part of         the standard library" in outcome.out
    assert "sqrt(value: float) -> float" in outcome.out
    assert commands.plugin("call", "std.math.sqrt", "4").out == "2\n"
    for command in ("load", "unload"):
        outcome = commands.plugin(command, "std.math")
        assert (outcome.code, "belongs to the standard library" in outcome.out) == (0, True)


def test_another_plugin_of_the_name_is_loaded_in_every_run(commands: Commands) -> None:
    add_plugin(commands, "twin")
    add_plugin(commands, "twin", parent="elsewhere")
    assert commands.plugin("load", "twin").code == 0
    assert "loaded, in every run\n" in commands.plugin("info", "twin").out
    assert "state           discovered\n" in commands.plugin("info", "elsewhere/twin").out
    listed = commands.plugin("list", "-format", "json", "-plugin-path", "elsewhere", "twin").document
    assert [(one["state"], one["remembered"]) for one in listed["plugins"]] == [
        ("discovered", False),
        ("shadowed", False),
    ]
    # The same folder stays the same, whoever names it; and what was loaded with the option is known with it.
    assert "loaded, in every run\n" in commands.plugin("info", "-plugin-path", "plugins", "twin").out
    add_plugin(commands, "far", parent="elsewhere")
    assert commands.plugin("load", "-plugin-path", "elsewhere", "far").code == 0
    assert "loaded, in every run\n" in commands.plugin("info", "-plugin-path", "elsewhere", "far").out
