"""Settings that refuse native code, as the commands take them."""

from __future__ import annotations

from typing import Any

import pytest
from native.building import need

from .commands import Commands
from .plugins import add_plugin
from .programs import builtin, function, literal, module, returning

REFUSED = b'[plugins]\nnative = "refused"\n'
PROGRAM = module(function("main", returning(builtin("counter.process", literal("data")))))


@pytest.fixture
def place(commands: Commands) -> Commands:
    """A folder with a native plugin that is built, one that is not, one that needs the first, and a program that uses it."""
    need("make", "cc")
    for path in ("plugins/counter", "made/clock"):
        assert commands.plugin("create", "-type", "native", "-yes", path).code == 0
    assert commands.plugin("build", "plugins/counter").code == 0
    add_plugin(commands, dependencies=["counter"])
    commands.file("program.alas.json", PROGRAM)
    return commands


def reason(place: Commands, file: str) -> str:
    return f"has native code, which `plugins.native` in {place.folder / file} refuses"


@pytest.mark.parametrize(
    "words",
    [
        ("alas-run", "program.alas.json"),
        ("alas-validate", "program.alas.json"),
        ("alas-plugin", "call", "counter.process", "x"),
        ("alas-plugin", "call", "my-plugin.process", "x"),
        ("alas-plugin", "load", "counter"),
        ("alas-plugin", "test", "counter"),
    ],
    ids=" ".join,
)
def test_what_would_run_it_fails(place: Commands, words: tuple[str, ...]) -> None:
    assert place.run(*words).code == 0
    for file in ("alas.toml", ".alas/config.toml"):
        place.file(file, REFUSED)
        outcome = place.run(*words)
        assert outcome.code == 3
        assert reason(place, file) in outcome.err + outcome.out


def test_the_code_of_the_error(place: Commands) -> None:
    place.file(".alas/config.toml", REFUSED)
    outcome = place.plugin("load", "-format", "json", "my-plugin")
    assert outcome.document["error"]["code"] == "native_refused"
    assert "(my-plugin → counter)" in outcome.document["error"]["message"]


def test_a_project_cannot_trust_what_the_user_refuses(place: Commands) -> None:
    place.file(".alas/config.toml", REFUSED)
    place.file("alas.toml", b'[plugins]\nnative = "trusted"\n')
    assert reason(place, ".alas/config.toml") in place.alas_run("program.alas.json").err


def test_what_the_settings_cannot_say(place: Commands) -> None:
    place.file(".alas/config.toml", b'[plugins]\nnative = "isolated"\n')
    outcome = place.alas_run("program.alas.json")
    assert (outcome.code, outcome.out) == (2, "")
    assert "native code cannot be isolated yet" in outcome.err


def test_what_commands_show(place: Commands) -> None:
    def doctor() -> dict[str, Any]:
        return {one["name"]: one for one in place.plugin("doctor", "-format", "json").document["checks"]}

    assert doctor()["native code"]["text"].startswith("is trusted: it runs as a part of the process")
    place.file(".alas/config.toml", REFUSED)
    told = reason(place, ".alas/config.toml")
    listed = {one["name"]: one for one in place.plugin("list", "-format", "json").document["plugins"]}
    for name in ("counter", "my-plugin"):
        assert listed[name]["error"]["code"] == "native_refused"
        assert told in listed[name]["error"]["message"]
    assert told in place.plugin("list").out
    shown = place.plugin("info", "counter").out
    assert "error[native_refused]: plugin `counter` in " in shown
    assert told in shown
    # That it is so is as the user wanted it.
    checked = doctor()
    assert checked["native code"]["text"].startswith("is refused by `plugins.native` in ")
    for name in ("counter", "my-plugin"):
        assert checked[name]["status"] == "note"
        assert told in checked[name]["text"]


def test_validating_warns_of_it(place: Commands) -> None:
    place.file(".alas/config.toml", REFUSED)
    outcome = place.plugin("validate", "-format", "json", "counter")
    [finding] = outcome.document["diagnostics"]
    assert (outcome.code, finding["severity"], finding["pointer"]) == (0, "warning", "/type")
    assert (finding["code"], reason(place, ".alas/config.toml") in finding["message"]) == (
        "native_refused",
        True,
    )


@pytest.mark.parametrize("path", ["plugins/counter", "made/clock"])
def test_it_is_not_installed(place: Commands, path: str) -> None:
    place.file(".alas/config.toml", REFUSED)
    outcome = place.plugin("install", "-build", path)
    assert (outcome.code, outcome.out) == (1, "")
    name = path.rpartition("/")[2]
    assert f"error[native_refused]: `{name}` {reason(place, '.alas/config.toml')}" in outcome.err
    assert not (place.folder / ".alas/plugins").exists()
    assert not (place.folder / "made/clock/clock.so").exists()


def test_going_back_to_what_is_refused_now_says_so(place: Commands) -> None:
    place.plugin("install", "plugins/counter")
    place.plugin("uninstall", "counter")
    place.file(".alas/config.toml", REFUSED)
    outcome = place.plugin("install", "-rollback")
    assert outcome.code == 0
    assert "warning: counter contains native code, which `plugins.native` in" in outcome.err


def test_it_is_not_built(place: Commands) -> None:
    place.file(".alas/config.toml", REFUSED)
    outcome = place.plugin("build", "made/clock")
    assert outcome.code == 1
    assert f"error[native_refused]: clock: it {reason(place, '.alas/config.toml')}" in outcome.err
    assert not (place.folder / "made/clock/clock.so").exists()
