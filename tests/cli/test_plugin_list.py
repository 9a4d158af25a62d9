"""`alas-plugin list`: everything that is there, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .commands import Commands
from .plugins import add_plugin, manifest

NATIVE = {
    "type": "native",
    "implementation": {"language": "c", "binaries": ["shared.so"]},
}


@pytest.fixture
def shelf(commands: Commands) -> Commands:
    """Plugins of all kinds: sound, broken, shadowed, and one that lacks what it needs."""
    add_plugin(commands, "my-plugin")
    add_plugin(commands, "net-tool", capabilities=["function", "network"])
    add_plugin(commands, "needy", dependencies=["my-plgin >=2"])
    add_plugin(commands, "my-plugin", parent="more", version="2.0.0")
    commands.file("plugins/broken/plugin.json", {"name": "broken", "version": "1.0", "typ": "module"})
    commands.file("plugins/odd/plugin.json", b"{")
    commands.file("plugins/shared/plugin.json", manifest("shared", **NATIVE))
    return commands


def own(document: Any) -> list[dict[str, Any]]:
    """The plugins that are not part of the standard library."""
    return [one for one in document["plugins"] if not one["name"].startswith("std.")]


def rows(text: str) -> Iterator[list[str]]:
    """The cells of the user's own plugins in a table."""
    for line in text.partition("\n\n")[0].splitlines()[1:]:
        if not line.startswith("std."):
            yield line.split(maxsplit=5)


def test_a_table(shelf: Commands) -> None:
    outcome = shelf.plugin("list", "-plugin-path", "more")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.splitlines()[0].split() == ["NAME", "VERSION", "TYPE", "STATE", "FROM", "DESCRIPTION"]
    assert list(rows(outcome.out)) == [
        ["my-plugin", "2.0.0", "module", "discovered", "./more", "My custom plugin"],
        ["broken", "-", "-", "invalid", "./plugins"],
        ["my-plugin", "1.0.0", "module", "shadowed", "./plugins", "My custom plugin"],
        ["needy", "1.0.0", "module", "discovered", "./plugins", "My custom plugin"],
        ["net-tool", "1.0.0", "module", "discovered", "./plugins", "My custom plugin"],
        ["odd", "-", "-", "invalid", "./plugins"],
        ["shared", "1.0.0", "native", "discovered", "./plugins", "My custom plugin"],
    ]
    assert not any(line != line.rstrip() for line in outcome.out.splitlines())
    for line in (["list", "-format", "table"], ["list", "--format=text"], ["-plugin-path=more", "list"]):
        assert shelf.plugin(*line, "-plugin-path", "more").out == outcome.out


def test_what_is_wrong_and_where_all_of_it_is_said(shelf: Commands) -> None:
    text = shelf.plugin("list", "-plugin-path", "more").out
    assert "4 plugins cannot be used:" in text
    assert "broken: " in text
    assert "error[missing_field]: the field `module` is missing (and 3 more)" in text
    assert "alas-plugin info broken" in text
    assert "my-plugin: shadowed by the plugin in ./more/my-plugin" in text
    assert "alas-plugin info ./plugins/my-plugin" in text
    assert "needs my-plgin >=2, but no plugin and no module has this name; did you mean `my-plugin`?" in text
    assert "error[json_syntax]" in text


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("-type module", ["broken", "my-plugin", "needy", "net-tool", "odd"]),
        ("-type native", ["broken", "odd", "shared"]),
        (
            "-type native -type module",
            ["broken", "my-plugin", "needy", "net-tool", "odd", "shared"],
        ),
        ("-state invalid", ["broken", "odd"]),
        ("-capability network", ["broken", "net-tool", "odd"]),
        ("-capability network -state discovered", ["net-tool"]),
        ("my", ["my-plugin"]),
        ("MY_PLUG", ["my-plugin"]),
        ("my* *net*", ["my-plugin", "net-tool"]),
        ("tool", ["net-tool"]),
        ("?dd", ["odd"]),
        ("zzz", []),
    ],
)
def test_filters(shelf: Commands, line: str, names: list[str]) -> None:
    outcome = shelf.plugin("list", "-format", "json", *line.split())
    assert outcome.code == 0
    assert [one["name"] for one in own(outcome.document)] == names
    shown = shelf.plugin("list", *line.split())
    if names:
        assert [row[0] for row in rows(shown.out)] == names
    else:
        assert "no plugin is like that" in shown.out


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["-type", "modulee"], "-type: expected module, native, hybrid or builtin, found 'modulee'; did you mean 'module'?"),
        (["-stat", "x"], "there is no option '-stat'; did you mean '-state'?"),
        (["-state", "broken"], "-state: expected discovered, loaded, failed, invalid or shadowed"),
        (["-plugin-path", "nowhere"], "-plugin-path: there is no folder 'nowhere'"),
        (["-format", "xml"], "-format: expected table, text or json, found 'xml'"),
    ],
)  # fmt: skip
def test_mistakes(shelf: Commands, line: list[str], message: str) -> None:
    outcome = shelf.plugin("list", *line)
    assert (outcome.code, outcome.out) == (2, "")
    assert message in outcome.err


def test_a_near_name_is_suggested(shelf: Commands) -> None:
    assert "did you mean `my-plugin`?" in shelf.plugin("list", "my-plugn").out


def test_nothing_of_ones_own(commands: Commands) -> None:
    outcome = commands.plugin("list")
    assert outcome.code == 0
    assert "no other plugins were found" in outcome.out
    for place in (
        "./plugins  (default, absent)",
        "./.alas/plugins  (default, absent)",
        "/usr/local/lib/alas",
    ):
        assert place in outcome.out
    assert "alas-plugin create NAME" in outcome.out
    assert own(commands.plugin("list", "-format", "json").document) == []


def test_inside_a_plugin(commands: Commands) -> None:
    commands.file("plugin.json", manifest())
    assert "alas-plugin list -plugin-path ." in commands.plugin("list").out


def test_search_paths_that_are_not_there(shelf: Commands) -> None:
    outcome = shelf.plugin("list", ALAS_PLUGIN_PATH="nowhere:more")
    assert outcome.code == 0
    assert "other problems:" in outcome.out
    assert (
        f"{shelf.folder}/nowhere: there is no such folder; it was named by: ALAS_PLUGIN_PATH" in outcome.out
    )
    document = shelf.plugin("list", "-format", "json", ALAS_PLUGIN_PATH="nowhere:more").document
    assert [problem["code"] for problem in document["problems"]] == ["search_path_not_found"]
    assert document["search_paths"][0] == {
        "path": f"{shelf.folder}/nowhere",
        "origin": "ALAS_PLUGIN_PATH",
        "exists": False,
    }


def test_hints_can_be_typed(commands: Commands) -> None:
    commands.file("bad/one/plugin.json", {"name": "one"})
    outcome = commands.plugin("list", "-plugin-path", "bad")
    assert "all about it: alas-plugin info ./bad/one\n" in outcome.out
    assert "help: alas-plugin info ./bad/one\n" in commands.plugin("doctor", "-plugin-path", "bad").out
    assert commands.plugin("info", "./bad/one").code == 0


def test_records_in_documents(shelf: Commands) -> None:
    document = shelf.plugin("list", "-format", "json", "-plugin-path", "more").document
    assert list(document) == ["ok", "plugins", "problems", "search_paths"]
    assert document["ok"] is True
    by_folder = {one["folder"].rpartition(f"{shelf.folder}/")[2]: one for one in own(document)}
    sound = by_folder["more/my-plugin"]
    assert sound == {
        "name": "my-plugin",
        "version": "2.0.0",
        "type": "module",
        "module": "my_plugin",
        "description": "My custom plugin",
        "capabilities": ["function"],
        "state": "discovered",
        "remembered": False,
        "folder": f"{shelf.folder}/more/my-plugin",
        "search_path": f"{shelf.folder}/more",
        "origin": "command line",
        "shadowed_by": None,
        "error": None,
        "diagnostics": [],
    }
    assert by_folder["plugins/my-plugin"]["shadowed_by"] == sound["folder"]
    assert by_folder["plugins/needy"]["error"]["code"] == "dependency_not_found"
    codes = {finding["code"] for finding in by_folder["plugins/broken"]["diagnostics"]}
    assert codes == {"invalid_version", "missing_field", "unknown_field"}
