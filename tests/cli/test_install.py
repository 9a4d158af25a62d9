"""`alas-plugin install` and `uninstall`, as their users meet them."""

from __future__ import annotations

import io
import json
import os
import pty
import tarfile
import time
import zipfile
from pathlib import Path

import pytest

from .commands import Commands, Outcome
from .plugins import add_plugin, implementation, manifest
from .programs import builtin, function, literal, module, saying

PROGRAM = module(function("main", saying(builtin("my_plugin.process", literal("in")))))


@pytest.fixture
def shelf(commands: Commands) -> Commands:
    """Plugins that are ready to be installed."""
    add_plugin(commands, "my-plugin", "made")
    add_plugin(commands, "base", "made")
    add_plugin(commands, "top", "made", dependencies=["base >=1"])
    commands.file("program.alas.json", PROGRAM)
    return commands


def version(commands: Commands, number: str, name: str = "my-plugin", **more: object) -> str:
    """Make another version of a plugin; return its folder."""
    folder = f"made/{name}-{number}"
    commands.file(f"{folder}/plugin.json", manifest(name, version=number, **more))
    commands.file(f"{folder}/{name.replace('-', '_')}.alas.json", implementation(name))
    return folder


def lines(outcome: Outcome) -> str:
    assert (outcome.code, outcome.err) == (0, "")
    return outcome.out


def test_what_is_installed_is_there_for_every_program(shelf: Commands) -> None:
    assert lines(shelf.plugin("install", "made/my-plugin")) == "installed my-plugin 1.0.0\n"
    assert lines(shelf.alas_run("program.alas.json")) == "Processed: in\n"
    assert "1.0.0" in lines(shelf.plugin("info", "my-plugin"))
    assert lines(shelf.plugin("uninstall", "my-plugin")) == "uninstalled my-plugin 1.0.0\n"
    assert shelf.alas_run("program.alas.json").code == 3
    back = "installed my-plugin 1.0.0\ninstalled now: my-plugin 1.0.0\n"
    assert lines(shelf.plugin("install", "-rollback")) == back
    assert lines(shelf.alas_run("program.alas.json")) == "Processed: in\n"


def test_a_second_installation_says_what_it_is(shelf: Commands) -> None:
    shelf.plugin("install", "made/my-plugin")
    newer, older = version(shelf, "1.1.0"), version(shelf, "0.9.0")
    other = version(shelf, "0.9.0+x", description="Other")
    assert lines(shelf.plugin("install", newer)) == "upgraded my-plugin from 1.0.0 to 1.1.0\n"
    assert lines(shelf.plugin("install", older)) == "downgraded my-plugin from 1.1.0 to 0.9.0\n"
    again = "my-plugin 0.9.0 is installed already; nothing has changed\n"
    assert lines(shelf.plugin("install", f"{older}/plugin.json")) == again
    shelf.file(f"{older}/README", b"more")
    assert lines(shelf.plugin("install", older)) == "reinstalled my-plugin 0.9.0, whose content is another\n"
    assert lines(shelf.plugin("install", other)) == "upgraded my-plugin from 0.9.0 to 0.9.0+x\n"
    back = "downgraded my-plugin from 0.9.0+x to 0.9.0\ninstalled now: my-plugin 0.9.0\n"
    assert lines(shelf.plugin("install", "--rollback")) == back


@pytest.mark.parametrize("ending", [".zip", ".tar.gz", ".tgz"])
def test_archives(shelf: Commands, ending: str) -> None:
    archive = shelf.folder / f"my-plugin{ending}"
    folder = shelf.folder / "made" / "my-plugin"
    if ending == ".zip":
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as made:
            for file in folder.iterdir():
                made.write(file, f"my-plugin/{file.name}")
    else:
        with tarfile.open(archive, "w:gz") as packed:
            packed.add(folder, "my-plugin")
    assert lines(shelf.plugin("install", archive.name)) == "installed my-plugin 1.0.0\n"
    assert lines(shelf.alas_run("program.alas.json")) == "Processed: in\n"


def test_documents(shelf: Commands) -> None:
    shelf.file("made/my-plugin/.git/config", b"")
    document = shelf.plugin("install", "made/my-plugin", "-format", "json").document
    [change] = document.pop("changes")
    assert document == {"ok": True, "generation": 2, "no_longer_needed": [], "warnings": []}
    assert len(change.pop("hash")) == 64
    assert change == {
        "name": "my-plugin",
        "action": "installed",
        "from": None,
        "to": "1.0.0",
        "source": str(shelf.folder / "made" / "my-plugin"),
        "left_out": [".git"],
        "granted": None,
        "diagnostics": [],
    }
    document = shelf.plugin("uninstall", "my-plugin", "-format=json").document
    assert [(one["action"], one["from"], one["to"]) for one in document["changes"]] == [
        ("uninstalled", "1.0.0", None)
    ]
    outcome = shelf.plugin("install", "absent", "--format", "json")
    assert (outcome.code, outcome.document["error"]["code"]) == (2, "source_not_found")


def test_dependencies(shelf: Commands) -> None:
    outcome = shelf.plugin("install", "made/top")
    assert outcome.code == 3
    assert (
        "error[dependency_missing]: plugin `top` 1.0.0 needs base >=1, which is not installed" in outcome.err
    )
    assert "install base first, or name it in the same command" in outcome.err
    assert (
        lines(shelf.plugin("install", "made/top", "made/base"))
        == "installed top 1.0.0\ninstalled base 1.0.0\n"
    )
    outcome = shelf.plugin("uninstall", "base")
    assert outcome.code == 1
    assert "`top` 1.0.0 needs base >=1" in outcome.err
    assert "alas-plugin uninstall -cascade base" in outcome.err
    outcome = shelf.plugin("install", version(shelf, "0.5.0", "base"))
    assert (outcome.code, "`top` 1.0.0 needs base >=1" in outcome.err) == (1, True)
    # Somebody has asked for base by its name, so nothing is said about it.
    assert lines(shelf.plugin("uninstall", "top")) == "uninstalled top 1.0.0\n"
    shelf.plugin("install", "-rollback")
    assert (
        lines(shelf.plugin("uninstall", "-cascade", "base"))
        == "uninstalled base 1.0.0\nuninstalled top 1.0.0\n"
    )
    assert lines(shelf.plugin("install", "-no-dependencies", "made/top")) == "installed top 1.0.0\n"


def test_dependencies_that_were_put_there_by_hand_count(shelf: Commands) -> None:
    add_plugin(shelf, "base", ".alas/plugins")
    assert lines(shelf.plugin("install", "made/top")) == "installed top 1.0.0\n"


def test_dependencies_of_the_current_folder_do_not_count(shelf: Commands) -> None:
    add_plugin(shelf, "base", "plugins")
    assert "dependency_missing" in shelf.plugin("install", "made/top").err


def test_a_plugin_whose_module_is_wrong(shelf: Commands) -> None:
    wrong = function("wrong", saying(builtin("io.prnt", literal("x"))))
    shelf.file("made/my-plugin/my_plugin.alas.json", implementation("my-plugin", wrong))
    outcome = shelf.plugin("install", "made/my-plugin")
    assert outcome.code == 3
    assert str(shelf.folder / "made/my-plugin/my_plugin.alas.json") in outcome.err
    assert "staging" not in outcome.err
    assert not (shelf.folder / ".alas" / "plugins" / "my-plugin").exists()


def test_what_another_plugin_calls_may_not_disappear(shelf: Commands) -> None:
    caller = function("go", saying(builtin("base.process", literal("x"))), returns="void")
    shelf.file("made/top/top.alas.json", implementation("top", caller))
    shelf.file(
        "made/top/plugin.json",
        manifest("top", dependencies=["base"], capabilities=["function", "io"]),
    )
    assert shelf.plugin("install", "made/top", "made/base").code == 0
    poorer = version(shelf, "1.1.0", "base", functions=[])
    shelf.file(f"{poorer}/base.alas.json", module(function("other"), name="base", exports=["other"]))
    outcome = shelf.plugin("install", poorer)
    assert outcome.code == 1
    assert "error[breaks_dependents]: the installed plugin `top` could no longer be loaded" in outcome.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["install"], 2, "expected the folder or archive of a plugin"),
        (
            ["install", "absent"],
            2,
            "there is no file or folder `absent`; plugins are installed from a folder",
        ),
        (["install", "mode/my-plugin"], 2, "there is no file or folder `mode/my-plugin`"),
        (["install", "made/my-plugn"], 2, "did you mean `made/my-plugin`?"),
        (["install", "made"], 2, "holds plugins: base, my-plugin, top; alas-plugin install made/base"),
        (["install", "https://example.org/x.zip"], 2, "is an address"),
        (["install", "program.alas.json"], 2, "name the folder with its plugin.json"),
        (["install", "x.7z"], 2, "a .7z file"),
        (["install", "x.zip"], 3, "error[archive_damaged]"),
        (["install", "--rolback"], 2, "did you mean '--rollback'?"),
        (["install", "-rollback", "x"], 2, "takes no PATH"),
        (["install", "-rollback"], 1, "nothing was installed yet"),
        (["install", "-timeout", "x", "y"], 2, "expected a duration such as"),
        (["install", "-timeout", "25h", "y"], 2, "expected a duration up to 24h, found '25h'"),
        (["install", ""], 2, "expected the folder or archive of a plugin, found an empty text"),
        (["uninstall"], 2, "expected NAMES"),
        (["uninstall", "absent"], 2, "no installed plugin is called `absent`"),
    ],
)
def test_mistakes(shelf: Commands, words: list[str], code: int, said: str) -> None:
    for name in ("x.7z", "x.zip"):
        shelf.file(name, b"x")
    outcome = shelf.plugin(*words)
    assert (outcome.code, outcome.out) == (code, "")
    said = said.replace("--rollback", "-rollback") if said not in outcome.err else said
    assert said in outcome.err


def test_in_the_folder_of_a_plugin(shelf: Commands) -> None:
    for name in ("plugin.json", "my_plugin.alas.json"):
        shelf.file(name, (shelf.folder / "made" / "my-plugin" / name).read_bytes())
    assert "this folder is one: alas-plugin install ." in shelf.plugin("install").err
    assert lines(shelf.plugin("install", ".")) == "installed my-plugin 1.0.0\n"


def test_names_that_are_not_installed(shelf: Commands) -> None:
    shelf.plugin("install", "made/my-plugin")
    add_plugin(shelf, "by-hand", ".alas/plugins")
    add_plugin(shelf, "elsewhere", "other")
    for name, advice in (
        ("my-plugn", "did you mean `my-plugin`?"),
        ("by-hand", "it was put there by hand; to be rid of it, remove the folder"),
        (
            "elsewhere",
            f"it is there without having been installed, in {shelf.folder / 'other' / 'elsewhere'}",
        ),
    ):
        outcome = shelf.plugin("uninstall", name, ALAS_PLUGIN_PATH="other")
        assert outcome.code == 2
        assert advice in outcome.err


def test_a_folder_that_is_in_the_way(shelf: Commands) -> None:
    add_plugin(shelf, "my-plugin", ".alas/plugins")
    outcome = shelf.plugin("install", "made/my-plugin")
    assert (outcome.code, "error[name_taken]" in outcome.err) == (1, True)


def test_another_plugin_that_programs_find_first(shelf: Commands) -> None:
    add_plugin(shelf, "my-plugin", "plugins")
    outcome = shelf.plugin("install", "made/my-plugin")
    assert (outcome.code, outcome.out) == (0, "installed my-plugin 1.0.0\n")
    assert (
        outcome.err
        == f"warning: programs that run here find another my-plugin first: {shelf.folder}/plugins/my-plugin\n"
    )


def test_uninstalling_forgets_that_every_run_loads_it(shelf: Commands) -> None:
    shelf.plugin("install", "made/my-plugin")
    shelf.plugin("load", "my-plugin")
    outcome = shelf.plugin("uninstall", "my-plugin")
    assert outcome.err == "warning: my-plugin is no longer loaded in every run\n"
    assert shelf.alas_run("program.alas.json").err.count("my-plugin") == 0


def test_a_changed_file_is_noticed_when_the_plugin_is_loaded(shelf: Commands) -> None:
    shelf.plugin("install", "made/my-plugin")
    file = shelf.folder / ".alas" / "plugins" / "my-plugin" / "my_plugin.alas.json"
    file.write_bytes(file.read_bytes().replace(b"Processed", b"Replaced!"))
    for outcome in (shelf.alas_run("program.alas.json"), shelf.plugin("load", "my-plugin")):
        assert outcome.code != 0
        assert "the plugin is not as it was installed: changed `my_plugin.alas.json`" in outcome.err
        assert f"alas-plugin install {shelf.folder / 'made' / 'my-plugin'}" in outcome.err
    assert lines(shelf.plugin("install", "made/my-plugin")).startswith("reinstalled my-plugin 1.0.0")
    assert lines(shelf.alas_run("program.alas.json")) == "Processed: in\n"


@pytest.mark.parametrize("attack", ["foreign folder", "other version", "hash", "no entry", "no lock file"])
def test_the_lock_file_and_the_links_have_to_agree(shelf: Commands, attack: str) -> None:
    shelf.plugin("install", version(shelf, "2.0.0"))
    root = shelf.folder / ".alas" / "plugins" / ".installed"
    newer = (root / "current" / "my-plugin").resolve()
    shelf.plugin("install", "made/my-plugin")
    link, lock = root / "current" / "my-plugin", root / "current" / "lock.json"
    if attack in ("foreign folder", "other version"):
        link.unlink()
        link.symlink_to(newer if attack == "other version" else shelf.folder / "made" / "my-plugin")
    elif attack == "no lock file":
        lock.unlink()
    else:
        document = json.loads(lock.read_bytes())
        record = document["plugins"].pop("my-plugin")
        if attack == "hash":
            document["plugins"]["my-plugin"] = record | {"hash": "0" * 64}
        lock.write_text(json.dumps(document))
    for outcome in (shelf.plugin("call", "my-plugin.process", "x"), shelf.alas_run("program.alas.json")):
        assert (outcome.code, outcome.out) == (3, "")
        assert "the plugin is not as it was installed" in outcome.err
    outcome = shelf.plugin("doctor")
    assert outcome.code == 1
    assert "the plugin is not as it was installed" in outcome.out


def test_a_broken_lock_file(shelf: Commands) -> None:
    shelf.plugin("install", "made/base")
    shelf.plugin("install", "made/my-plugin")
    lock = shelf.folder / ".alas" / "plugins" / ".installed" / "current" / "lock.json"
    lock.write_bytes(b"{")
    outcome = shelf.plugin("doctor", "-format", "json")
    problems = [one["name"] for one in outcome.document["checks"] if one["status"] == "problem"]
    assert (outcome.code, "lock.json" in problems) == (1, True)
    back = "uninstalled my-plugin 1.0.0\ninstalled now: base 1.0.0\n"
    assert lines(shelf.plugin("install", "-rollback")) == back
    document = shelf.plugin("install", "-rollback", "-format", "json").document
    assert document["installed"] == {}
    assert shelf.plugin("doctor").code == 0


def test_what_is_installed_and_not_there(shelf: Commands) -> None:
    shelf.plugin("install", "made/my-plugin")
    folder = shelf.folder / ".alas" / "plugins" / "my-plugin"
    folder.unlink()
    outcome = shelf.plugin("doctor")
    assert (outcome.code, "programs do not find the plugin here" in outcome.out) == (1, True)
    shelf.plugin("install", "made/my-plugin")
    lock = folder.resolve() / "plugin.json"
    lock.unlink()
    outcome = shelf.plugin("doctor")
    assert (outcome.code, "removed `plugin.json`" in outcome.out) == (1, True)


@pytest.mark.parametrize("place", [".alas/plugins", ".alas/plugins/.installed"])
def test_a_file_where_a_folder_has_to_be(shelf: Commands, place: str) -> None:
    shelf.file(place, b"")
    for words in (["install", "made/my-plugin"], ["uninstall", "my-plugin"], ["install", "-rollback"]):
        outcome = shelf.plugin(*words)
        assert (outcome.code, outcome.out) == (1, "")
        assert f"{place}: it is no folder, and has to be one; move" in outcome.err


def test_warnings_about_a_manifest(shelf: Commands) -> None:
    outcome = shelf.plugin("install", version(shelf, "1.0.0", licence="MIT"))
    assert (outcome.code, outcome.out) == (0, "installed my-plugin 1.0.0\n")
    assert "warning[unknown_field]" in outcome.err
    assert "did you mean `license`?" in outcome.err


def test_tests_that_cannot_be_read_are_a_warning(shelf: Commands) -> None:
    folder = version(shelf, "1.0.0")
    (shelf.folder / folder / "tests").mkdir()
    (shelf.folder / folder / "tests" / "bad.json").write_text("{")
    outcome = shelf.plugin("install", folder)
    assert (outcome.code, outcome.out) == (0, "installed my-plugin 1.0.0\n")
    assert f"{folder}/tests/bad.json:1:2: warning[json_syntax]" in outcome.err


def test_nothing_of_a_manifest_drives_the_terminal(shelf: Commands) -> None:
    shelf.file("made/evil/plugin.json", manifest("e\x1b[31m"))
    outcome = shelf.plugin("install", "made/evil")
    assert outcome.code == 3
    assert "\x1b" not in outcome.err


def test_a_hostile_archive(shelf: Commands) -> None:
    with zipfile.ZipFile(shelf.folder / "slip.zip", "w") as archive:
        archive.writestr("plugin.json", "{}")
        archive.writestr("../../evil", "x")
    before = sorted(map(str, shelf.folder.rglob("*")))
    outcome = shelf.plugin("install", "slip.zip")
    assert outcome.code == 3
    assert "error[entry_name]: the plugin in `slip.zip`: the path `../../evil` leads out" in outcome.err
    after = [path for path in map(str, shelf.folder.rglob("*")) if "/.alas" not in path]
    assert sorted(after) == before


def test_waiting_for_another_one(shelf: Commands) -> None:
    from filelock import FileLock

    shelf.plugin("install", "made/my-plugin")
    lock = FileLock(str(shelf.folder / ".alas" / "plugins" / ".installed" / "lock"))
    with lock:
        outcome = shelf.plugin("install", "-timeout", "0", "made/base")
    assert outcome.code == 1
    assert "waiting until it has finished" in outcome.err
    assert "error[busy]" in outcome.err


def test_a_home_that_cannot_be_written(shelf: Commands) -> None:
    shelf.file(".alas", b"no folder")
    outcome = shelf.plugin("install", "made/my-plugin")
    assert outcome.code in (1, 2)
    assert ".alas" in outcome.err


def test_a_home_whose_name_is_no_utf8(shelf: Commands) -> None:
    home = shelf.folder / os.fsdecode(b"caf\xe9")
    try:
        home.mkdir()
    except (OSError, UnicodeEncodeError):
        pytest.skip("this system has no such names")
    for words in (
        ["install", "made/base", "made/top", "made/my-plugin"],
        ["call", "my-plugin.process", "in"],
        ["doctor"],
    ):
        outcome = shelf.plugin(*words, ALAS_HOME=str(home))
        assert (outcome.code, outcome.err) == (0, "")
    outcome = shelf.alas_run("program.alas.json", ALAS_HOME=str(home))
    assert (outcome.code, outcome.out) == (0, "Processed: in\n")


def test_progress_shows_on_a_terminal_only(shelf: Commands) -> None:
    large = shelf.folder / "made" / "my-plugin" / "large"
    large.write_bytes(os.urandom(6 << 20))
    assert lines(shelf.plugin("install", "made/my-plugin")) == "installed my-plugin 1.0.0\n"
    shelf.plugin("uninstall", "my-plugin")
    inside, outside = pty.openpty()
    try:
        process = shelf.start("alas-plugin", "install", "made/my-plugin", stderr=outside)
        assert process.wait(60) == 0
        os.set_blocking(inside, False)
        time.sleep(0.05)
        shown = io.BytesIO(os.read(inside, 1 << 16)).read()
    finally:
        os.close(inside)
        os.close(outside)
    assert b"copying" in shown


@pytest.mark.parametrize("name", ["install", "uninstall"])
def test_help_has_examples(commands: Commands, name: str) -> None:
    for option in ("-h", "-help", "--help"):
        outcome = commands.plugin(name, option)
        assert outcome.code == 0
        assert f"alas-plugin {name} my-plugin" in outcome.out
    assert not Path(commands.folder / ".alas").exists()


def test_uninstalling_by_any_name(commands: Commands) -> None:
    for name in ("base-tool", "two-words"):
        add_plugin(commands, name, parent="work")
    assert commands.plugin("install", "work/base-tool", "work/two-words").code == 0
    assert commands.plugin("uninstall", "Two_Words").code == 2
    outcome = commands.plugin("uninstall", "BASE-TOOL", "two_words", "two-words")
    assert (outcome.code, outcome.out) == (0, "uninstalled base-tool 1.0.0\nuninstalled two-words 1.0.0\n")
