"""`alas-plugin permissions`, `grant` and `revoke`: what plugins ask for, what is granted, and what comes of it."""

from __future__ import annotations

import shlex
from typing import Any

import pytest

from .commands import Commands
from .plugins import add_plugin, add_reader, manifest
from .programs import module

NOTHING: dict[str, Any] = {"read": [], "write": [], "net": [], "run": [], "env": []}
ASKED = NOTHING | {"read": ["/data"], "net": ["api.example.com"], "env": ["SHOP"]}

HOLDS = "note: what reader is granted holds for the name: a plugin called so gets it wherever it is found"


@pytest.fixture
def place(commands: Commands) -> Commands:
    """A folder with plugins, of which one asks for something."""
    add_plugin(commands)
    add_reader(commands)
    return commands


def config(place: Commands) -> str:
    return (place.folder / ".alas/config.toml").read_text()


def permissions(place: Commands, *words: str) -> list[dict[str, Any]]:
    outcome = place.plugin("permissions", "-format", "json", *words)
    assert (outcome.code, outcome.err) == (0, "")
    document = outcome.document
    assert document["ok"] is True
    found: list[dict[str, Any]] = document["plugins"]
    return found


# --- Showing ---


def test_all_that_ask_are_listed(place: Commands) -> None:
    [one] = permissions(place)
    assert one == {
        "name": "reader",
        "version": "1.0.0",
        "folder": str(place.folder / "plugins/reader"),
        "capabilities": ["function", "filesystem", "network"],
        "allowed_apis": None,
        "held": True,
        "shadows_installed": False,
        "asked": ASKED,
        "granted": NOTHING,
        "granted_to_all": NOTHING,
        "effective": NOTHING,
        "missing": ASKED,
    }
    assert place.plugin("permissions").out.splitlines() == [
        "PLUGIN  RIGHT  ASKS FOR         GRANTED  EFFECTIVE",
        "reader  read   /data            nothing  nothing",
        "reader  net    api.example.com  nothing  nothing",
        "reader  env    SHOP             nothing  nothing",
        "to grant all that reader asks for: alas-plugin grant reader -all",
    ]


def test_grants_are_compared(place: Commands) -> None:
    text = '[grants.Reader]\nread = ["/data/in", "/etc"]\nnet = ["*.example.com:443"]\nenv = true\n[grants.gone]\nrun = ["x"]\n'
    place.file(".alas/config.toml", text.encode())
    reader, gone = permissions(place)
    assert reader["effective"] == NOTHING | {
        "read": ["/data/in"],
        "net": ["api.example.com:443"],
        "env": ["SHOP"],
    }
    assert reader["granted"] == NOTHING | {
        "read": ["/data/in", "/etc"],
        "net": ["*.example.com:443"],
        "env": True,
    }
    assert reader["missing"] == NOTHING | {"read": ["/data"], "net": ["api.example.com"]}
    assert (gone["name"], gone["version"], gone["granted"]["run"]) == ("gone", None, ["x"])
    assert place.plugin("permissions").out.splitlines() == [
        "PLUGIN  RIGHT  ASKS FOR         GRANTED            EFFECTIVE",
        "reader  read   /data            /data/in           /data/in",
        "reader  read   nothing          /etc               nothing",
        "reader  net    api.example.com  *.example.com:443  api.example.com:443",
        "reader  env    SHOP             everything         SHOP",
        "gone    run    nothing          x                  nothing",
        "to grant all that reader asks for: alas-plugin grant reader -all",
        HOLDS,
        "no plugin is called gone; to revoke what it is granted: alas-plugin revoke gone -all",
    ]


def test_one_is_shown_with_its_capabilities(place: Commands) -> None:
    outcome = place.plugin("permissions", "my_plugin")
    assert outcome.out.splitlines() == [
        "my-plugin 1.0.0 in ./plugins/my-plugin",
        "  capabilities  function",
        "  asks to reach nothing outside, and is granted nothing",
    ]
    add_reader(place, "elsewhere", security={"allowed_apis": ["std.fs", "std.net"]})
    outcome = place.plugin("permissions", "./elsewhere/reader")
    assert outcome.out.splitlines()[1:3] == [
        "  capabilities  function, filesystem, network",
        "  only uses     std.fs, std.net",
    ]
    [one] = permissions(place, "./elsewhere/reader")
    assert one["allowed_apis"] == ["std.fs", "std.net"]


def test_nothing_to_show(commands: Commands) -> None:
    outcome = commands.plugin("permissions")
    told = "no plugin asks to reach anything outside, and none is granted anything\n"
    assert (outcome.code, outcome.out, outcome.err) == (0, told, "")
    assert permissions(commands) == []


def test_native_code_is_not_held(commands: Commands) -> None:
    functions = [{"name": "process", "params": [], "returns": "string", "native": True}]
    described = manifest(
        "fast",
        type="hybrid",
        capabilities=["function", "network"],
        functions=functions,
        implementation={"language": "c", "entrypoint": "fast.alas.json", "binaries": ["fast.so"]},
        security={"permissions": {"network": ["a.com"]}},
    )
    commands.file("plugins/fast/plugin.json", described)
    commands.file("plugins/fast/fast.alas.json", module(name="fast"))
    [one] = permissions(commands)
    assert one["held"] is False
    told = "note: fast has native code or Python code, which nothing holds to this"
    assert told in commands.plugin("permissions").out


def test_a_name_that_is_none_and_a_broken_plugin(place: Commands) -> None:
    outcome = place.plugin("permissions", "readr")
    assert outcome.code == 2
    assert "error[plugin_not_found]" in outcome.err
    place.file("plugins/broken/plugin.json", b"{")
    for command in (("permissions",), ("grant", "-all")):
        outcome = place.plugin(*command, "broken")
        assert outcome.code == 3
        assert "so that nobody knows what it asks for" in outcome.err
    assert [one["name"] for one in permissions(place)] == ["reader"]


def test_texts_of_manifests_do_not_drive_the_terminal(commands: Commands) -> None:
    evil = {"permissions": {"filesystem": {"read": ["/a\x1b[31m\n"]}}}
    add_reader(commands, security=evil)
    for words in (
        ("permissions",),
        ("permissions", "reader"),
        ("grant", "reader", "-all"),
        ("revoke", "reader", "-all"),
    ):
        outcome = commands.plugin(*words)
        assert outcome.code == 0
        assert "\x1b" not in outcome.out + outcome.err
        assert "/a\\x1b[31m\\x0a" in outcome.out


# --- Granting and revoking ---


def test_granting_and_revoking(place: Commands) -> None:
    place.file(".alas/config.toml", b'# mine\n[log]\nlevel = "info" # kept\n')
    outcome = place.plugin("grant", "reader", "-read", "/data/in", "--env=SHOP")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "granted to reader:\n  read  /data/in\n  env   SHOP\n"
    kept = '# mine\n[log]\nlevel = "info" # kept\n'
    assert config(place) == f'{kept}\n[grants.reader]\nread = ["/data/in"]\nenv = ["SHOP"]\n'
    outcome = place.plugin("grant", "reader", "-read", "/data/in")
    assert (outcome.code, outcome.out) == (0, "reader is granted that already; nothing has changed\n")
    outcome = place.plugin("grant", "-format", "json", "reader", "-all")
    new = NOTHING | {"read": ["/data"], "net": ["api.example.com"]}
    now = ASKED | {"read": ["/data/in", "/data"]}
    assert outcome.document == {"ok": True, "plugin": "reader", "granted": new, "now": now}
    assert permissions(place)[0]["missing"] == NOTHING

    outcome = place.plugin("revoke", "reader", "-net", "api.example.com")
    assert (outcome.code, outcome.out) == (0, "revoked from reader:\n  net   api.example.com\n")
    outcome = place.plugin("revoke", "-format", "json", "reader", "-all")
    gone = NOTHING | {"read": ["/data/in", "/data"], "env": ["SHOP"]}
    assert outcome.document == {"ok": True, "plugin": "reader", "revoked": gone, "now": NOTHING}
    assert config(place).rstrip() == kept.rstrip()
    outcome = place.plugin("revoke", "reader", "-all")
    assert (outcome.code, outcome.out) == (0, "reader is granted nothing; nothing has changed\n")


def test_what_is_granted_can_be_done(place: Commands) -> None:
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "\n"
    place.plugin("grant", "reader", "-env", "SHOP")
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "Corner\n"
    place.plugin("revoke", "reader", "-env", "SHOP")
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "\n"


def test_grants_of_a_projects_plugin_hold_for_the_name(place: Commands) -> None:
    assert HOLDS not in place.plugin("permissions", "reader").out
    place.plugin("grant", "reader", "-env", "SHOP")
    assert HOLDS in place.plugin("permissions", "reader").out.splitlines()
    assert HOLDS in place.plugin("permissions").out.splitlines()


# --- What every plugin is granted ---

TO_ALL = b'[grants."*"]\nread = ["/data/in", "/other"]\nenv = true\n\n[grants.reader]\nread = ["/data/own"]\n'


def test_what_is_granted_to_all_plugins_is_shown(place: Commands) -> None:
    place.file(".alas/config.toml", TO_ALL)
    [one] = permissions(place)
    assert one["granted_to_all"] == NOTHING | {"read": ["/data/in", "/other"], "env": True}
    assert one["granted"] == NOTHING | {"read": ["/data/own", "/data/in", "/other"], "env": True}
    # A plugin has no more than it asks for.
    assert one["effective"] == NOTHING | {"read": ["/data/own", "/data/in"], "env": ["SHOP"]}
    assert one["missing"] == NOTHING | {"read": ["/data"], "net": ["api.example.com"]}
    assert place.plugin("permissions").out.splitlines() == [
        "PLUGIN  RIGHT  ASKS FOR         GRANTED                               EFFECTIVE",
        "reader  read   /data            /data/own, /data/in (to all plugins)  /data/own, /data/in",
        "reader  net    api.example.com  nothing                               nothing",
        "reader  env    SHOP             everything (to all plugins)           SHOP",
        "to grant all that reader asks for: alas-plugin grant reader -all",
        HOLDS,
        'note: what is granted to all plugins stands in [grants."*"] of config.toml',
    ]


def test_what_is_granted_to_all_plugins_can_be_done(place: Commands) -> None:
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "\n"
    place.file(".alas/config.toml", TO_ALL)
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "Corner\n"
    # Nobody who writes a project may say so.
    place.file(".alas/config.toml", b"")
    place.file("alas.toml", TO_ALL)
    outcome = place.plugin("call", "reader.see", SHOP="Corner")
    assert (outcome.code, outcome.out) == (2, "")
    assert "would let whoever wrote this project grant itself rights" in outcome.err


def test_what_is_granted_to_all_plugins_is_not_revoked_from_one(place: Commands) -> None:
    place.file(".alas/config.toml", TO_ALL)
    file = place.folder / ".alas/config.toml"
    outcome = place.plugin("revoke", "reader", "-env", "SHOP")
    assert outcome.code == 2
    assert f'by name: [grants."*"] in {file} grants it to every plugin' in outcome.err
    outcome = place.plugin("revoke", "reader", "-all")
    assert (outcome.code, outcome.out) == (0, "revoked from reader:\n  read  /data/own\n")
    assert outcome.err == (
        "note: reader is still granted what every plugin is, of what it asks for: read /data/in; env SHOP; "
        f'that stands in [grants."*"] of {file}\n'
    )
    outcome = place.plugin("revoke", "*", "-read", "/data/in")
    assert (outcome.code, outcome.out, outcome.err) == (0, "revoked from *:\n  read  /data/in\n", "")
    assert config(place).rstrip() == '[grants."*"]\nread = ["/other"]\nenv = true'
    outcome = place.plugin("grant", "*", "-env", "SHOP")
    assert outcome.code == 2
    assert f'is written by hand, as [grants."*"], in {file}' in outcome.err


@pytest.mark.parametrize("right", ["read", "net"])
def test_what_every_plugin_is_granted_without_names_is_changed_by_hand(place: Commands, right: str) -> None:
    text = f'[grants."*"]\n{right} = true\n'
    place.file(".alas/config.toml", text.encode())
    file = place.folder / ".alas/config.toml"
    outcome = place.plugin("revoke", "*", f"-{right}", "/x" if right in ("read", "write") else "x")
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err == (
        f"error[not_granted]: every plugin is granted all that it asks to {right}, without names; to grant less: write what they may "
        f'have in place of `true` as `{right}` of [grants."*"] in {file}, by hand\n'
    )
    outcome = place.plugin("revoke", "reader", f"-{right}", "/x" if right in ("read", "write") else "x")
    assert outcome.err.endswith(
        "from which one alone cannot be left out; to grant it to none: change that by hand\n"
    )
    assert config(place) == text


def test_relative_paths(commands: Commands) -> None:
    add_reader(commands, security={"permissions": {"filesystem": {"read": ["data"]}}})
    commands.file("data/text", b"hello")
    assert commands.plugin("grant", "reader", "-read", "data/text").code == 0
    assert permissions(commands)[0]["effective"]["read"] == [str(commands.folder / "data/text")]
    assert commands.plugin("call", "reader.load", "data/text").code == 0
    # What a manifest names from wherever a program works has no name in settings.
    outcome = commands.plugin("grant", "reader", "-all")
    assert outcome.out == "granted to reader:\n  read  everything that it asks for\n"
    assert permissions(commands)[0]["effective"]["read"] == ["data"]
    outcome = commands.plugin("revoke", "reader", "-read", "data/text")
    assert outcome.code == 2
    assert "error[not_granted]: `reader` is granted all that it asks to read, without names" in outcome.err


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["grant", "reader"], "usage", "expected what to grant, such as -read PATH, or -all"),
        (["revoke", "reader"], "usage", "expected what to revoke, such as -read PATH, or -all"),
        (["grant", "-all"], "usage", "expected PLUGIN"),
        (["grant", "reader", "-read="], "usage", "-read: expected a name, found an empty text"),
        (["grant", "reader", "-net", "http://a.com"], "usage", "-net: expected a host such as example.com"),
        (["grant", "reader", "-read", "/"], "not_asked", "does not ask for read /; it asks for read /data"),
        (["grant", "reader", "-write", "/data"], "not_asked", "does not ask for write /data"),
        (
            ["grant", "my-plugin", "-all"],
            "not_asked",
            "asks to reach nothing outside, so there is nothing to grant",
        ),
        (["grant", "readr", "-all"], "plugin_not_found", "did you mean `reader`?"),
        (["grant", "std.io", "-all"], "not_asked", "nothing to grant"),
        (["revoke", "readr", "-all"], "plugin_not_found", "did you mean `reader`?"),
        (
            ["revoke", "reader", "-read", "/data"],
            "not_granted",
            "is not granted read /data; it is granted nothing",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes(place: Commands, words: list[str], code: str, told: str) -> None:
    outcome = place.plugin(*words)
    assert outcome.code == 2
    assert told in outcome.err
    outcome = place.plugin(*words, "-format", "json")
    assert (outcome.code, outcome.document["error"]["code"]) == (2, code)
    assert not (place.folder / ".alas/config.toml").exists()


def test_broken_settings_are_left_alone(place: Commands) -> None:
    place.file(".alas/config.toml", b"[grants.reader]\nread = 1\n")
    for words in (("permissions",), ("grant", "reader", "-all"), ("revoke", "reader", "-all")):
        outcome = place.plugin(*words)
        assert outcome.code == 2
        assert "config.toml:2:8: `grants.reader.read`: expected an array of texts" in outcome.err
    assert config(place) == "[grants.reader]\nread = 1\n"


def test_settings_that_cannot_be_written(place: Commands) -> None:
    place.file(".alas/config.toml", f'x-filler = "{"x" * 65_500}"\n'.encode())
    outcome = place.plugin("grant", "reader", "-all")
    assert outcome.code == 1
    assert "error[grants_error]" in outcome.err
    assert "would be larger than 65,536 bytes" in outcome.err


@pytest.mark.parametrize("name", ["-gone", "$(gone) 'x'", "-a b"])
def test_advice_can_be_pasted(commands: Commands, name: str) -> None:
    commands.file(".alas/config.toml", f'[grants."{name}"]\nenv = true\n'.encode())
    [*_, told] = commands.plugin("permissions").out.splitlines()
    words = shlex.split(told.partition("alas-plugin ")[2])
    ending = ("--", name) if name.startswith("-") else (name,)
    outcome = commands.plugin("revoke", "-env", "A", *ending)
    advised = outcome.err.partition("to grant less: alas-plugin ")[2].partition(", and then")[0]
    assert shlex.split(advised) == words
    assert commands.plugin(*words).code == 0
    assert config(commands) == ""


def test_grants_of_a_plugin_that_is_gone_can_be_revoked(commands: Commands) -> None:
    commands.file(".alas/config.toml", b'[grants.Gone]\nenv = ["A"]\n')
    outcome = commands.plugin("revoke", "gone", "-all")
    assert (outcome.code, outcome.out) == (0, "revoked from gone:\n  env   A\n")
    assert config(commands) == ""
