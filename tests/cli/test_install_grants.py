"""Installing plugins that ask to reach something outside: nobody gets it without the user's agreement."""

from __future__ import annotations

import json
import shlex
import shutil
import time
from typing import Any

import pytest

from .commands import Commands
from .plugins import add_plugin, add_reader, manifest
from .programs import builtin, function, literal, module, returning
from .terminals import Terminal

ASKED = {"read": ["/data"], "write": [], "net": ["api.example.com"], "run": [], "env": ["SHOP"]}
NOTHING: dict[str, Any] = {"read": [], "write": [], "net": [], "run": [], "env": []}
SHOWN = """\
reader 1.0.0 asks to reach:
  read   /data            reader.load → reader.open → fs.readFile (what it computes)
  net    api.example.com  reader.fetch → net.request
  env    SHOP             reader.see → env.get
"""
GRANTS = '[grants.reader]\nread = ["/data"]\nnet = ["api.example.com"]\nenv = ["SHOP"]\n'


UNCHANGEABLE = (
    b"[x-a]\na = 1\n[x-a.b.c]\na = 1\n[x-a.b]\na = 1\n"
    b'[grants.reader]\nread = ["/data"]\nnet = ["api.example.com"]\nenv = ["SHOP"]\n[x-a.b.d]\na = 1\n'
)


@pytest.fixture
def place(commands: Commands) -> Commands:
    """A folder with the plugin `reader`, which asks for something."""
    add_reader(commands, "made")
    return commands


def widen(place: Commands, version: str, **permissions: Any) -> None:
    """Make another version that asks for more."""
    asked = {"filesystem": {"read": ["/data"]}, "network": ["api.example.com"], "env": ["SHOP"]}
    add_reader(place, "made", version=version, security={"permissions": asked | permissions})


def config(place: Commands) -> str | None:
    file = place.folder / ".alas/config.toml"
    return file.read_text() if file.exists() else None


def agreed(place: Commands) -> dict[str, Any]:
    file = place.folder / ".alas/plugins/.installed/current/lock.json"
    record = json.loads(file.read_text())["plugins"]["reader"]
    assert len(record["hash"]) == 64
    return {"version": record["version"], "agreed": record.get("agreed")}


def is_installed(place: Commands) -> bool:
    return (place.folder / ".alas/plugins/reader").exists()


# --- Without a terminal ---


def test_without_a_terminal_nothing_is_installed(place: Commands) -> None:
    outcome = place.plugin("install", "made/reader")
    assert (outcome.code, outcome.out) == (1, "")
    source = place.folder / "made/reader"
    assert outcome.err == (
        f"{SHOWN}error[not_agreed]: nobody has agreed to what plugins ask to reach: `reader` 1.0.0 asks for read /data; "
        f"net api.example.com; env SHOP; to agree to all of it: alas-plugin install -grant {source}\n"
    )
    assert not (place.folder / ".alas").exists()


def test_documents_say_what_is_asked(place: Commands) -> None:
    outcome = place.plugin("install", "-format", "json", "made/reader")
    assert (outcome.code, outcome.err) == (1, "")
    document = outcome.document
    assert (document["ok"], document["error"]["code"]) == (False, "not_agreed")
    [asks] = document["asks"]
    assert (asks["name"], asks["version"], asks["asked"]) == ("reader", "1.0.0", ASKED)
    assert asks["needed"][1] == {
        "right": "net",
        "scope": "api.example.com",
        "why": "reader.fetch → net.request",
    }
    outcome = place.plugin("install", "-format", "json", "--grant", "made/reader")
    [change] = outcome.document["changes"]
    assert (outcome.code, change["granted"]) == (0, ASKED)


@pytest.mark.parametrize("option", ["-grant", "--grant"])
def test_an_option_agrees(place: Commands, option: str) -> None:
    place.file(".alas/config.toml", b"# mine\n")
    outcome = place.plugin("install", option, "made/reader")
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "installed reader 1.0.0\n  granted: read /data; net api.example.com; env SHOP\n"
    assert config(place) == f"# mine\n\n{GRANTS}"
    expected = {right: names for right, names in ASKED.items() if names}
    assert agreed(place) == {"version": "1.0.0", "agreed": expected}
    assert (
        "  agreed to       read /data; net api.example.com; env SHOP\n" in place.plugin("info", "reader").out
    )
    document = place.plugin("info", "-format", "json", "reader").document
    assert document["plugin"]["installed"]["agreed"] == ASKED
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "Corner\n"


def test_a_plugin_that_asks_for_nothing_is_installed_as_before(commands: Commands) -> None:
    add_plugin(commands, parent="made")
    outcome = commands.plugin("install", "-format", "json", "made/my-plugin")
    assert (outcome.code, outcome.document["changes"][0]["granted"]) == (0, None)
    assert config(commands) is None


def test_what_the_settings_grant_by_name_is_not_asked(place: Commands) -> None:
    place.file(".alas/config.toml", b'[grants.reader]\nread = ["/data"]\nnet = ["*.example.com"]\n')
    outcome = place.plugin("install", "made/reader")
    assert outcome.code == 1
    assert "`reader` 1.0.0 asks for env SHOP;" in outcome.err
    place.file(".alas/config.toml", GRANTS.encode())
    outcome = place.plugin("install", "made/reader")
    assert (outcome.code, outcome.out, outcome.err) == (0, "installed reader 1.0.0\n", "")
    # What is granted without names was not agreed to by them.
    place.plugin("uninstall", "reader")
    place.file(".alas/config.toml", b"[grants.reader]\nread = true\nnet = true\nenv = true\n")
    assert place.plugin("install", "made/reader").code == 1


# --- Other versions ---


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (b'[grants."*"]\nread = true\nnet = ["*.example.com"]\nenv = ["SHOP"]\n', None),
        (b'[grants."*"]\nread = ["/"]\n', "asks for net api.example.com; env SHOP"),
        (
            b'[grants."*"]\nread = ["/data/in"]\nnet = true\n[grants.reader]\nenv = ["SHOP"]\n',
            "asks for read /data",
        ),
    ],
)
def test_what_the_settings_grant_to_all_plugins_is_not_asked(
    place: Commands, text: bytes, asked: str | None
) -> None:
    place.file(".alas/config.toml", text)
    outcome = place.plugin("install", "made/reader")
    if asked is None:
        # It is granted as long as the settings say so, and not written down for the plugin.
        assert (outcome.code, outcome.out, outcome.err) == (0, "installed reader 1.0.0\n", "")
        assert config(place) == text.decode()
    else:
        assert (outcome.code, outcome.out) == (1, "")
        assert f"`reader` 1.0.0 {asked}; to agree" in outcome.err


def test_another_version_asks_only_for_what_is_new(place: Commands) -> None:
    place.plugin("install", "-grant", "made/reader")
    widen(place, "1.1.0", env=["SHOP", "LANG"])
    outcome = place.plugin("install", "made/reader")
    assert outcome.code == 1
    assert outcome.err.startswith(
        "reader 1.1.0 asks for more than was agreed to before:\n  env    LANG  nothing in its code needs it\n"
    )
    assert agreed(place)["version"] == "1.0.0"
    assert config(place) == GRANTS
    outcome = place.plugin("install", "-grant", "made/reader")
    assert outcome.out == "upgraded reader from 1.0.0 to 1.1.0\n  granted: env LANG\n"
    assert config(place) == GRANTS.replace('["SHOP"]', '["SHOP", "LANG"]')
    assert agreed(place)["agreed"]["env"] == ["SHOP", "LANG"]


NOT_ASKED = "warning: reader is no longer granted what 1.1.0 does not ask for: "


@pytest.mark.parametrize(
    ("permissions", "told", "then"),
    [
        ({}, "", GRANTS),
        ({"env": []}, f"{NOT_ASKED}env SHOP\n", GRANTS.replace('env = ["SHOP"]\n', "")),
        (
            {"filesystem": {"read": ["/data/in"]}},
            f"{NOT_ASKED}read /data; it keeps of that: read /data/in\n",
            GRANTS.replace('["/data"]', '["/data/in"]'),
        ),
    ],
)
def test_a_version_that_asks_for_the_same_or_less_asks_nobody(
    place: Commands, permissions: Any, told: str, then: str
) -> None:
    place.plugin("install", "-grant", "made/reader")
    widen(place, "1.1.0", **permissions)
    outcome = place.plugin("install", "made/reader")
    assert (outcome.code, outcome.err) == (0, told)
    assert outcome.out == "upgraded reader from 1.0.0 to 1.1.0\n"
    # In whichever order.
    assert sorted((config(place) or "").splitlines()) == sorted(then.splitlines())


LESS = NOTHING | {"read": ["/data"], "net": ["api.example.com"], "env": ["SHOP"]}
MORE: dict[str, Any] = {
    "filesystem": {"read": ["/data"], "write": ["/out"]},
    "network": ["api.example.com", "b.example"],
    "env": ["SHOP", "LANG"],
}


@pytest.mark.parametrize("words", [("-rollback",), ("made/reader",), ("-grant", "made/reader")], ids=str)
@pytest.mark.parametrize(
    ("more", "by_hand", "expected"),
    [
        (MORE, "", ("write /out; net b.example; env LANG", LESS)),
        # What is written by hand and no version asks for is left alone.
        (MORE, 'run = ["make"]\n', ("write /out; net b.example; env LANG", LESS | {"run": ["make"]})),
        ({"filesystem": {"read": ["/data"], "write": ["logs"]}}, "", ("write everything", LESS)),
        ({"filesystem": {"read": ["/data", "logs"]}}, "", (None, LESS | {"read": True})),
    ],
)
def test_what_only_the_version_before_asked_for_is_taken_back(
    place: Commands,
    words: tuple[str, ...],
    more: dict[str, Any],
    by_hand: str,
    expected: tuple[str | None, dict[str, Any]],
) -> None:
    told, granted = expected
    place.plugin("install", "-grant", "made/reader")
    place.file(".alas/config.toml", f"{config(place)}{by_hand}".encode())
    widen(place, "2.0.0", **more)
    assert place.plugin("install", "-grant", "made/reader").code == 0
    add_reader(place, "made")
    outcome = place.plugin("install", *words)
    taken = f"warning: reader is no longer granted what 1.0.0 does not ask for: {told}\n" if told else ""
    assert (outcome.code, outcome.err) == (0, taken)
    [policy] = place.plugin("permissions", "-format", "json").document["plugins"]
    assert policy["granted"] == granted
    widen(place, "2.0.0", **more)
    outcome = place.plugin("install", "made/reader")
    assert (outcome.code, "error[not_agreed]" in outcome.err) == (1, True)


def test_what_cannot_be_taken_back_is_told(place: Commands) -> None:
    widen(place, "2.0.0", env=["SHOP", "LANG"])
    text = UNCHANGEABLE.replace(b'env = ["SHOP"]', b'env = ["SHOP", "LANG"]')
    place.file(".alas/config.toml", text)
    assert place.plugin("install", "made/reader").code == 0
    add_reader(place, "made")
    outcome = place.plugin("install", "made/reader")
    assert (outcome.code, outcome.out) == (0, "downgraded reader from 2.0.0 to 1.0.0\n")
    told = "warning: reader is still granted what 1.0.0 does not ask for, env LANG: the file of settings"
    assert told in outcome.err
    assert config(place) == text.decode()


def test_what_was_revoked_is_neither_asked_nor_granted_again(place: Commands) -> None:
    place.plugin("install", "-grant", "made/reader")
    place.plugin("revoke", "reader", "-env", "SHOP")
    place.file("made/reader/README.md", b"other content")
    outcome = place.plugin("install", "made/reader")
    assert outcome.code == 0
    assert outcome.err == (
        "warning: reader is not granted all that it asks for: env SHOP; to grant it: alas-plugin grant reader -all\n"
    )
    assert "SHOP" not in (config(place) or "")


def test_what_is_advised_after_an_installation_is_not_refused(place: Commands) -> None:
    place.plugin("install", "-grant", "made/reader")
    place.plugin("revoke", "reader", "-env", "SHOP")
    place.file("made/reader/README.md", b"other content")
    # Here the name means another one.
    add_reader(place)
    outcome = place.plugin("install", "made/reader")
    advised = outcome.err.partition("; to grant it: alas-plugin ")[2].splitlines()[0]
    outcome = place.plugin(*shlex.split(advised))
    assert (outcome.code, outcome.out) == (0, "granted to reader:\n  env   SHOP\n")


def test_relative_paths_are_granted_wherever_a_program_works(commands: Commands) -> None:
    add_reader(commands, "made", security={"permissions": {"filesystem": {"read": ["data"]}}})
    commands.file("data/text", b"hello")
    told = "\n  read   everything that it asks for will be granted, since it works wherever data may be\n"
    assert told in commands.plugin("install", "made/reader").err
    [asks] = commands.plugin("install", "-format", "json", "made/reader").document["asks"]
    assert (asks["asked"]["read"], asks["grants"]["read"]) == (["data"], True)
    outcome = commands.plugin("install", "-grant", "made/reader")
    assert outcome.out == "installed reader 1.0.0\n  granted: read everything\n"
    assert commands.plugin("call", "reader.load", "data/text").code == 0
    # Another version has to ask all the same.
    more = {"permissions": {"filesystem": {"read": ["data", "/etc"]}}}
    add_reader(commands, "made", version="1.1.0", security=more)
    outcome = commands.plugin("install", "made/reader")
    assert outcome.code == 1
    assert "`reader` 1.1.0 asks for read /etc;" in outcome.err
    # It was granted with the first.
    outcome = commands.plugin("install", "-grant", "made/reader")
    assert (outcome.code, outcome.out) == (0, "upgraded reader from 1.0.0 to 1.1.0\n")


# --- Several, and what is gone ---


def test_several_are_asked_for_at_once(place: Commands) -> None:
    add_plugin(place, parent="made")
    document = manifest("other", capabilities=["function"], security={"permissions": {"env": ["LANG"]}})
    place.file("made/other/plugin.json", document)
    process = function("process", returning(literal("x")), params=[("data", "string")], returns="string")
    place.file("made/other/other.alas.json", module(process, name="other", exports=["process"]))
    paths = ("made/reader", "made/my-plugin", "made/other")
    outcome = place.plugin("install", *paths)
    assert outcome.code == 1
    assert SHOWN in outcome.err
    assert "other 1.0.0 asks to reach:\n  env    LANG  nothing in its code needs it\n" in outcome.err
    assert not (place.folder / ".alas").exists()
    assert place.plugin("install", "-grant", *paths).code == 0
    assert config(place) == f'{GRANTS}\n[grants.other]\nenv = ["LANG"]\n'


def test_what_is_uninstalled_is_granted_nothing(place: Commands) -> None:
    place.file(".alas/config.toml", b"# mine\n")
    place.plugin("install", "-grant", "made/reader")
    outcome = place.plugin("uninstall", "reader")
    told = "reader is no longer granted what it was: read /data; net api.example.com; env SHOP"
    assert (outcome.code, outcome.err) == (0, f"warning: {told}\n")
    assert (config(place) or "").rstrip() == "# mine"
    outcome = place.plugin("install", "-rollback")
    assert outcome.code == 0
    assert "warning: reader is not granted all that it asks for" in outcome.err
    assert place.plugin("install", "made/reader").code == 0


def test_without_what_it_needs_nobody_says_why(place: Commands) -> None:
    add_reader(place, "made", dependencies=["missing"])
    outcome = place.plugin("install", "-no-dependencies", "made/reader")
    assert outcome.code == 1
    assert "  net    api.example.com  reader.fetch → net.request\n" in outcome.err
    file = place.folder / "made/reader/reader.alas.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {"imports": ["missing"]}))
    outcome = place.plugin("install", "-no-dependencies", "made/reader")
    assert outcome.code == 1
    assert "  net    api.example.com  its code cannot be looked at\n" in outcome.err


def test_settings_that_cannot_be_used_stop_everything(place: Commands) -> None:
    place.file(".alas/config.toml", b"[grants\n")
    outcome = place.plugin("install", "-grant", "made/reader")
    assert outcome.code == 2
    assert "config.toml:1:8" in outcome.err
    assert not is_installed(place)


def test_where_settings_cannot_be_changed_nothing_is_installed(place: Commands) -> None:
    place.file(".alas/config.toml", f'x-filler = "{"x" * 65_500}"\n'.encode())
    outcome = place.plugin("install", "-grant", "made/reader")
    assert (outcome.code, outcome.out) == (1, "")
    assert "error[not_granted]: the file of settings" in outcome.err
    assert "would be larger than 65,536 bytes" in outcome.err
    assert not is_installed(place)


def test_what_is_not_granted_is_told_of_each(place: Commands) -> None:
    place.plugin("install", "-grant", "made/reader")
    place.plugin("revoke", "reader", "-env", "SHOP")
    place.file("made/reader/README.md", b"other content")
    add_plugin(place, parent="made")
    outcome = place.plugin("install", "made/reader", "made/my-plugin")
    assert outcome.code == 0
    assert "warning: reader is not granted all that it asks for: env SHOP" in outcome.err
    assert "my-plugin is not granted" not in outcome.err


@pytest.mark.parametrize(
    ("version", "content", "first"),
    [
        ("1.0.0", b"the same", "reader 1.0.0 is installed already; nothing else has changed"),
        ("1.0.0", b"another", "reinstalled reader 1.0.0, whose content is another"),
        ("1.1.0", b"the same", "upgraded reader from 1.0.0 to 1.1.0"),
    ],
    ids=str,
)
@pytest.mark.parametrize("revoked", [("-env", "SHOP"), ("-all",)], ids=str)
def test_whoever_grants_all_gets_back_what_was_revoked(
    place: Commands, version: str, content: bytes, first: str, revoked: tuple[str, ...]
) -> None:
    place.file("made/reader/README.md", b"the same")
    place.plugin("install", "-grant", "made/reader")
    place.plugin("revoke", "reader", *revoked)
    place.file("made/reader/README.md", content)
    add_reader(place, "made", version=version)
    outcome = place.plugin("install", "-grant", "made/reader")
    told = "env SHOP" if len(revoked) > 1 else "read /data; net api.example.com; env SHOP"
    assert (outcome.code, outcome.err, outcome.out) == (0, "", f"{first}\n  granted: {told}\n")
    assert (config(place) or "").lstrip() == GRANTS
    outcome = place.plugin("install", "-grant", "made/reader")
    assert outcome.out == f"reader {version} is installed already; nothing has changed\n"


def test_where_settings_cannot_be_changed_nothing_revoked_is_granted(place: Commands) -> None:
    place.plugin("install", "-grant", "made/reader")
    place.plugin("revoke", "reader", "-all")
    text = f'x-filler = "{"x" * 65_500}"\n'
    place.file(".alas/config.toml", text.encode())
    outcome = place.plugin("install", "-grant", "made/reader")
    assert (outcome.code, outcome.out, config(place)) == (1, "", text)
    assert "error[not_granted]: the file of settings" in outcome.err


def test_what_settings_that_cannot_be_changed_grant_stays_and_is_told(place: Commands) -> None:
    # A form that nobody can change without changing something else with it.
    place.file(".alas/config.toml", UNCHANGEABLE)
    assert place.plugin("install", "made/reader").code == 0
    outcome = place.plugin("uninstall", "reader")
    assert (outcome.code, is_installed(place)) == (0, False)
    assert "warning: reader is still granted what it was: the file of settings" in outcome.err
    assert config(place) == UNCHANGEABLE.decode()


def test_texts_of_manifests_do_not_drive_the_terminal(commands: Commands) -> None:
    add_reader(commands, "made", security={"permissions": {"filesystem": {"read": ["/a\x1b[31m\n"]}}})
    for words in (("install",), ("install", "-grant"), ("uninstall", "reader")):
        paths = () if words[0] == "uninstall" else ("made/reader",)
        outcome = commands.plugin(*words, *paths)
        assert "\x1b" not in outcome.out + outcome.err
        assert "/a\\x1b[31m\\x0a" in outcome.out + outcome.err


def test_a_project_does_not_get_what_an_installed_plugin_is_granted(place: Commands) -> None:
    place.plugin("install", "-grant", "made/reader")
    add_reader(place)
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "\n"
    [policy] = place.plugin("permissions", "-format", "json").document["plugins"]
    assert (policy["folder"], policy["granted"]) == (str(place.folder / "plugins/reader"), NOTHING)
    assert policy["shadows_installed"] is True
    assert "is not granted what that one is" in place.plugin("permissions", "reader").out
    outcome = place.plugin("grant", "reader", "-all")
    assert outcome.code == 2
    assert (
        f"your own 'reader' is in '{place.folder / '.alas/plugins/reader'}', and what is granted to the name is granted to "
        "that one" in outcome.err
    )


NOT_YOUR_OWN = "note: reader in ./{place}/reader is not your own plugin of the name, which is in {own}, and is not granted what that one is"


@pytest.mark.parametrize(
    ("own", "options", "word", "environment"),
    [
        ("~/.alas/plugins/reader", (), "./other/reader", {}),
        ("~/.alas/plugins/reader", (), "other/reader", {}),
        ("~/.alas/plugins/reader", ("-plugin-path", "other"), "reader", {}),
        ("~/.alas/plugins/reader", ("-plugin-path", "other/reader"), "reader", {}),
        ("~/.alas/plugins/reader", (), "reader", {"ALAS_PLUGIN_PATH": "other"}),
        ("~/.alas/plugins/reader-1.0.0", (), "./other/reader", {}),
        ("~/.alas/plugins/Reader", (), "./other/reader", {}),
        ("./mine/r", (), "./other/reader", {}),
    ],
    ids=str,
)
def test_no_way_to_find_another_plugin_grants_it_what_your_own_is_granted(
    place: Commands, own: str, options: tuple[str, ...], word: str, environment: dict[str, str]
) -> None:
    add_reader(place, "other")
    folder = place.folder / own.removeprefix("~/").removeprefix("./")
    shutil.copytree(place.folder / "made/reader", folder)
    text = f'[plugins]\npaths = ["{place.folder / "mine"}"]\n{GRANTS}'
    place.file(".alas/config.toml", text.encode() if own.startswith(".") else GRANTS.encode())
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "Corner\n"
    assert place.plugin(*options, "call", f"{word}.see", SHOP="Corner", **environment).out == "\n"
    outcome = place.plugin(*options, "permissions", "-format", "json", word, **environment)
    [policy] = outcome.document["plugins"]
    assert policy["folder"].endswith("/other/reader")
    assert (policy["granted"], policy["effective"]) == (NOTHING, NOTHING)
    assert policy["shadows_installed"] is True
    lines = place.plugin(*options, "permissions", word, **environment).out.splitlines()
    shown = own.replace("~/", "./")
    assert NOT_YOUR_OWN.format(place="other", own=shown) in lines
    assert not any("alas-plugin grant" in line for line in lines)
    assert place.plugin(*options, "grant", word, "-env", "SHOP", **environment).code == 2
    # The very plugin is the user's, whatever leads there.
    (place.folder / "link").symlink_to(folder)
    assert place.plugin("call", "./link.see", SHOP="Corner").out == "Corner\n"


def test_programs_do_not_give_another_plugin_what_your_own_is_granted(place: Commands) -> None:
    place.plugin("install", "-grant", "made/reader")
    add_reader(place, "other")
    place.file("use.alas.json", module(function("main", returning(builtin("reader.see")), returns="any")))
    for options, environment, seen in (
        ((), {}, "Corner\n"),
        (("-plugin-path", "other"), {}, "\n"),
        ((), {"ALAS_PLUGIN_PATH": "other"}, "\n"),
        # What the command line allows is for this run.
        (("-plugin-path", "other", "-allow-env=SHOP"), {}, "Corner\n"),
    ):
        outcome = place.alas_run(*options, "use.alas.json", SHOP="Corner", **environment)
        assert (outcome.code, outcome.out) == (0, seen), outcome.err


def test_without_an_own_plugin_grants_are_those_of_the_name(place: Commands) -> None:
    add_reader(place, "other")
    assert place.plugin("grant", "./other/reader", "-env", "SHOP").code == 0
    assert place.plugin("call", "./other/reader.see", SHOP="Corner").out == "Corner\n"
    assert place.plugin("call", "./made/reader.see", SHOP="Corner").out == "Corner\n"
    told = "note: what reader is granted holds for the name"
    assert told in place.plugin("permissions", "./made/reader").out


@pytest.mark.parametrize("folder", ["reader", "reader-1.0.0"])
def test_a_project_does_not_get_what_a_copied_plugin_is_granted(place: Commands, folder: str) -> None:
    shutil.copytree(place.folder / "made/reader", place.folder / ".alas/plugins" / folder)
    place.file(".alas/config.toml", GRANTS.encode())
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "Corner\n"
    add_reader(place)
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "\n"
    assert place.plugin("grant", "reader", "-all").code == 2
    (place.folder / "plugins").rename(place.folder / "vendored")
    place.file("alas.toml", b'[plugins]\npaths = ["vendored"]\n')
    [policy] = place.plugin("permissions", "-format", "json").document["plugins"]
    assert (policy["granted"], policy["shadows_installed"]) == (NOTHING, True)
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "\n"


@pytest.mark.parametrize("path", ["extras", "extras/reader-1.0.0"])
def test_a_project_does_not_get_what_a_plugin_in_a_folder_of_the_user_is_granted(
    place: Commands, path: str
) -> None:
    extras = place.folder / "extras"
    shutil.copytree(place.folder / "made/reader", extras / "reader-1.0.0")
    text = f'[plugins]\npaths = ["{place.folder / path}"]\n{GRANTS}'
    place.file(".alas/config.toml", text.encode())
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "Corner\n"
    add_reader(place, "vendored")
    place.file("alas.toml", b'[plugins]\npaths = ["vendored"]\n')
    [policy] = place.plugin("permissions", "-format", "json").document["plugins"]
    assert policy["folder"] == str(place.folder / "vendored/reader")
    assert (policy["granted"], policy["shadows_installed"]) == (NOTHING, True)
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "\n"
    outcome = place.plugin("grant", "reader", "-all")
    assert (outcome.code, f"your own 'reader' is in '{extras / 'reader-1.0.0'}'" in outcome.err) == (2, True)
    # The same folder, named by both, is the user's.
    place.file("alas.toml", f'[plugins]\npaths = ["{place.folder / path}"]\n'.encode())
    assert place.plugin("call", "reader.see", SHOP="Corner").out == "Corner\n"


def test_the_users_own_folder_is_no_project(place: Commands) -> None:
    place.plugin("install", "-grant", "made/reader")
    inside = Commands(place.folder / ".alas")
    inside.environment = place.environment
    assert inside.plugin("call", "reader.see", SHOP="Corner").out == "Corner\n"
    assert "holds for the name" not in inside.plugin("permissions", "reader").out


def test_a_folder_is_not_granted_what_an_installed_plugin_would_get(place: Commands) -> None:
    place.plugin("install", "-grant", "made/reader")
    widen(place, "1.1.0", env=["SHOP", "LANG"])
    for words in (("made/reader",), ("-plugin-path", "made", "reader")):
        outcome = place.plugin("grant", *words, "-all")
        assert outcome.code == 2
        assert "your own 'reader' is in " in outcome.err
    assert config(place) == GRANTS
    assert "asks for env LANG" in place.plugin("install", "made/reader").err
    assert place.plugin("grant", ".alas/plugins/reader", "-all").code == 0


# --- On a terminal ---


@pytest.mark.parametrize(("answer", "code"), [("y", 0), ("n", 1), ("", 1)])
def test_on_a_terminal_it_is_asked_once(place: Commands, answer: str, code: int) -> None:
    terminal = Terminal(place, "install", "made/reader")
    terminal.expect("asks to reach")
    terminal.expect("install it, and grant that? [y/N]")
    terminal.answer(answer)
    assert terminal.finish() == code
    assert is_installed(place) is (code == 0)
    assert config(place) == (GRANTS if code == 0 else None)


def test_ctrl_d_at_the_question_is_a_no(place: Commands) -> None:
    terminal = Terminal(place, "install", "made/reader")
    terminal.expect("install it, and grant that? [y/N]")
    # As below.
    time.sleep(0.5)
    terminal.end_input()
    terminal.expect("not_agreed")
    terminal.expect("alas-plugin install -grant")
    assert terminal.finish() == 1
    assert not is_installed(place)


def test_ctrl_c_at_the_question_changes_nothing(place: Commands) -> None:
    terminal = Terminal(place, "install", "made/reader")
    terminal.expect("install it, and grant that? [y/N]")
    # Python does not see what comes between its prompt and its reading before the next line.
    time.sleep(0.5)
    terminal.interrupt()
    assert terminal.finish() in (130, -2)
    assert not is_installed(place)
    assert config(place) is None
