"""`alas-plugin doctor`: what is wrong with an installation, and what to do about it."""

from __future__ import annotations

from typing import Any

import pytest

from .commands import Commands
from .plugins import add_plugin, implementation


def checks(commands: Commands, *line: str, **environment: str) -> list[dict[str, Any]]:
    """What the document says; the text has to say it as well."""
    # The first run of any command makes the user's folder, with log and cache.
    commands.plugin("list")
    outcome = commands.plugin("doctor", "-format", "json", *line, **environment)
    # Every command warns of what nothing reads in settings.
    assert outcome.err == "" or outcome.err.startswith("warning: ")
    document = outcome.document
    found: list[dict[str, Any]] = document["checks"]
    is_ok = not any(one["status"] == "problem" for one in found)
    assert (document["ok"], outcome.code) == (is_ok, 0 if is_ok else 1)
    shown = commands.plugin("doctor", *line, **environment)
    assert shown.code == outcome.code
    for one in found:
        assert one["name"] in shown.out
        assert one["section"] in shown.out
        if one["name"] != "cache":
            assert one["text"].partition(", level")[0] in shown.out
        assert one["help"] is None or f"help: {one['help']}" in shown.out
    return found


def unsound(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """What is not right, by status and name."""
    return [(one["status"], one["name"]) for one in found if one["status"] in ("warning", "problem")]


def only(found: list[dict[str, Any]], name: str) -> dict[str, Any]:
    (one,) = (one for one in found if one["name"] == name and one["status"] != "ok")
    return one


def test_a_sound_installation(commands: Commands) -> None:
    add_plugin(commands, "tool")
    found = checks(commands)
    assert unsound(found) == []
    names = {one["name"] for one in found}
    assert {"alas-cli", "alas-core", "Python", "system", "engine", "module plugins", "log", "cache"} <= names
    assert any(one["text"].endswith("/plugins (default), 1 plugin") for one in found)
    assert any(one["text"] == "none; they would be in ./alas.toml and ./.alas/config.toml" for one in found)
    assert commands.plugin("doctor").out.endswith("\n0 problems, 0 warnings\n")


def test_a_link_that_leads_nowhere(commands: Commands) -> None:
    add_plugin(commands, "tool", "made")
    commands.plugin("install", "made/tool")
    folder = commands.folder / ".alas" / "plugins"
    (folder / "gone").symlink_to(".installed/current/gone")
    add_plugin(commands, "mine", "made")
    (folder / "mine").symlink_to(commands.folder / "made" / "mine")
    found = checks(commands)
    assert unsound(found) == [("warning", "gone")]
    one = only(found, "gone")
    assert one["text"].endswith("plugins/gone is a link to .installed/current/gone, where nothing is")
    assert one["help"] == f"rm {folder / 'gone'}"


def test_environment(commands: Commands) -> None:
    (commands.folder / "more").mkdir()
    found = checks(commands, ALAS_PLUGINS_PATH="x", ALAS_ZZZ="x", ALAS_PLUGIN_PATH="more:absent")
    assert unsound(found) == [
        ("warning", "ALAS_PLUGINS_PATH"),
        ("warning", "ALAS_ZZZ"),
        ("warning", "search path"),
    ]
    assert only(found, "ALAS_PLUGINS_PATH")["help"] == "did you mean ALAS_PLUGIN_PATH?"
    assert only(found, "search path")["text"] == "./absent is not there; it was named by: ALAS_PLUGIN_PATH"


def test_folders_that_everybody_may_write_to(commands: Commands) -> None:
    add_plugin(commands, "tool")
    (commands.folder / "plugins").chmod(0o777)
    found = checks(commands)
    assert unsound(found) == [("warning", "search path")]
    finding = only(found, "search path")
    assert "everybody may write to it" in finding["text"]
    assert finding["help"] == f"chmod o-w {commands.folder}/plugins"
    (commands.folder / "plugins").chmod(0o755)
    commands.folder.chmod(0o777)
    found = checks(commands)
    assert {name for _, name in unsound(found)} == {"home", "search path"}
    assert any("everybody may replace it" in one["text"] for one in found)


def test_links_and_files_in_the_place_of_folders(commands: Commands) -> None:
    add_plugin(commands, "tool", parent="real")
    (commands.folder / "plugins").symlink_to("real")
    found = checks(commands)
    assert unsound(found) == []
    assert any("1 plugin, a link to ./real" in one["text"] for one in found)
    (commands.folder / "plugins").unlink()
    commands.file("plugins", b"")
    assert ("warning", "search path") in unsound(checks(commands))


@pytest.mark.parametrize(
    ("text", "status", "message", "help_text"),
    [
        ("[plugins]\npaths = 1\n", "problem", "config.toml:2:", None),
        ("[plugins]\npath = []\n", "warning", "config.toml:2:1", "paths"),
        ("[plugins\n", "problem", "config.toml:1:", None),
    ],
)
def test_settings(commands: Commands, text: str, status: str, message: str, help_text: str | None) -> None:
    commands.file(".alas/config.toml", text.encode())
    found = checks(commands)
    assert unsound(found) == [(status, "settings")]
    finding = only(found, "settings")
    assert message in finding["text"]
    assert help_text is None or help_text in finding["help"]
    # What cannot be looked at is said to be so.
    assert any("settings cannot be used" in one["text"] for one in found) is (status == "problem")


def test_plugins(commands: Commands) -> None:
    add_plugin(commands, "twin", parent="more")
    add_plugin(commands, "twin")
    add_plugin(commands, "needy", dependencies=["absent"])
    commands.file("plugins/broken/plugin.json", {"name": "broken"})
    add_plugin(commands, "native", type="native", implementation={"language": "c", "binaries": ["n.so"]})
    found = checks(commands, "-plugin-path", "more")
    assert sorted(unsound(found)) == [
        ("problem", "broken"),
        ("problem", "native"),
        ("problem", "needy"),
        ("warning", "twin"),
    ]
    assert only(found, "broken")["help"] == "alas-plugin info broken"
    assert "shadowed by the plugin in ./more/twin" in only(found, "twin")["text"]
    assert "there is no file `n.so`" in only(found, "native")["text"]
    assert "absent" in only(found, "needy")["text"]


BROKEN_MODULES: dict[str, tuple[object, str]] = {
    "missing": (None, "file_not_found"),
    "no-json": (b"{", "json_syntax"),
    "no-export": ({"type": "module", "name": "no_export", "functions": []}, "not_exported"),
    "no-sense": (
        implementation("no-sense") | {"imports": ["absent_module"]},
        "unknown_module",
    ),
}


@pytest.mark.parametrize("name", BROKEN_MODULES)
def test_broken_modules(commands: Commands, name: str) -> None:
    content, code = BROKEN_MODULES[name]
    add_plugin(commands, "sound")
    add_plugin(commands, name)
    file = f"plugins/{name}/{name.replace('-', '_')}.alas.json"
    (commands.folder / file).unlink()
    if content is not None:
        commands.file(file, content)
    found = checks(commands)
    assert unsound(found) == [("problem", name)]
    assert f"error[{code}]" in only(found, name)["text"]
    assert only(found, name)["help"] == f"alas-plugin info {name}"
    if name != "no-sense":
        assert "discovered, but cannot be loaded: see the problems" in commands.plugin("info", name).out


def test_what_every_run_loads(commands: Commands) -> None:
    add_plugin(commands, "tool")
    add_plugin(commands, "gone")
    assert commands.plugin("load", "tool", "gone").code == 0
    for file in (commands.folder / "plugins/gone").iterdir():
        file.unlink()
    found = checks(commands)
    assert unsound(found) == [("problem", "gone")]
    assert only(found, "gone")["help"] == "mend it, or forget it: alas-plugin unload gone"
    assert any(one["name"] == "tool" and one["text"] == "can be loaded" for one in found)
    commands.file(".alas/state.json", b"[")
    assert unsound(checks(commands)) == [("problem", "state.json")]


def test_a_broken_cache_is_only_slow(commands: Commands) -> None:
    add_plugin(commands, "tool")
    commands.file(".alas/cache/plugins.json/x", b"")
    assert unsound(checks(commands)) == [("warning", "cache")]


def test_mistakes(commands: Commands) -> None:
    outcome = commands.plugin("doctor", "everything")
    assert (outcome.code, outcome.err.splitlines()[0]) == (2, "error: unexpected argument 'everything'")
    assert commands.plugin("doctor", "-plugin-path", "nowhere").code == 2


def test_installed_plugins_that_were_changed(commands: Commands) -> None:
    add_plugin(commands, "tool", parent="work")
    assert commands.plugin("install", "work/tool").code == 0
    assert unsound(checks(commands)) == []
    assert "content hash" in commands.plugin("info", "tool").out
    file = (commands.folder / ".alas/plugins/tool/tool.alas.json").resolve()
    file.parent.chmod(0o755)
    file.chmod(0o644)
    file.write_text(file.read_text().replace("Processed", "Possessed"))
    found = checks(commands)
    assert unsound(found) == [("problem", "tool")]
    assert "tool.alas.json" in only(found, "tool")["text"]
    assert "alas-plugin install" in only(found, "tool")["help"]
    outcome = commands.plugin("info", "tool")
    assert "error[content_changed]" in outcome.out
    outcome = commands.plugin("call", "tool.process", "x")
    assert (outcome.code, outcome.out, "as it was installed" in outcome.err) == (3, "", True)
