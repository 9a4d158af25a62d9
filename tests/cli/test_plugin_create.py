"""`alas-plugin create`: what it makes is right at once, and a failure leaves nothing behind."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from .commands import Commands, Outcome, command
from .programs import builtin, function, literal, module, saying
from .terminals import Terminal


@pytest.fixture
def commands(commands: Commands) -> Commands:
    # Whoever runs the tests is no author of what they make.
    commands.environment |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": str(commands.folder)}
    return commands


def create(commands: Commands, *arguments: str, **options: Any) -> Outcome:
    return commands.run("alas-plugin", "create", *arguments, **options)


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def manifest(commands: Commands, folder: str) -> Any:
    return json.loads((commands.folder / folder / "plugin.json").read_text(encoding="utf-8"))


# --- What is made ---


def test_a_module_plugin(commands):
    outcome = create(commands, "my-plugin")
    assert (outcome.err, outcome.code) == ("", 0)
    assert outcome.out == (
        "made the module plugin my-plugin:\n"
        "  my-plugin/plugin.json           the manifest: what it is called, offers and needs\n"
        "  my-plugin/my_plugin.alas.json   its functions\n"
        "  my-plugin/tests/my_plugin.json  its tests\n"
        "  my-plugin/README.md             what it is, for readers\n"
        "next:\n"
        "  alas-plugin validate my-plugin\n"
        "  alas-plugin test my-plugin\n"
        "  alas-plugin call my-plugin.process data\n"
        "  alas-plugin install my-plugin\n"
    )
    made = manifest(commands, "my-plugin")
    assert made["license"] == "MIT"
    assert "author" not in made


@pytest.mark.parametrize("name", ["my-plugin", "3d.tools", "math", "class", "x" * 64])
def test_a_builtin_plugin_validates_and_passes_its_tests(commands, name):
    assert create(commands, "-type", "builtin", name).code == 0
    for verb in (["validate", "-strict"], ["test"]):
        outcome = commands.run("alas-plugin", *verb, f"./{name}")
        assert (outcome.err, outcome.code) == ("", 0)


@pytest.mark.parametrize("name", ["my-plugin", "3d.tools", "math", "class", "x" * 64])
def test_it_validates_passes_its_tests_and_runs(commands, name):
    assert create(commands, "-output", ".", f"plugins/{name}").code == 0
    checked = commands.validate("-strict", f"plugins/{name}")
    assert (checked.err, checked.code) == ("", 0)
    tested = commands.run("alas-plugin", "test", f"plugins/{name}")
    assert (tested.err, tested.code) == ("", 0)
    called = manifest(commands, f"plugins/{name}")["module"] + ".process"
    commands.file("program.alas.json", module(function("main", saying(builtin(called, literal("data"))))))
    assert commands.alas_run("program.alas.json").out == "Processed: data\n"


@pytest.mark.parametrize("path", ["a folder/my-plugin", "3d.tools", "./x"])
def test_what_it_says_comes_next_works(commands, path):
    outcome = create(commands, path)
    lines = outcome.out.partition("next:\n")[2].splitlines()
    for line in lines:
        name, *arguments = shlex.split(line)
        done = commands.run(name, *arguments)
        assert (done.err, done.code) == ("", 0), line


def test_a_builtin_plugin_becomes_a_python_package(commands):
    assert create(commands, "-type", "builtin", "text.tools").code == 0
    assert commands.validate("-strict", "text.tools").code == 0
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(commands.folder / "out")],
        cwd=commands.folder / "text.tools",
        check=True,
        capture_output=True,
    )
    (wheel,) = (commands.folder / "out").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        points = archive.read("alas_plugin_text_tools-0.1.0.dist-info/entry_points.txt").decode()
        archive.extractall(commands.folder / "site")
    assert {
        "alas_plugin_text_tools/plugin.json",
        "alas_plugin_text_tools/text_tools.py",
        "alas_plugin_text_tools/tests/text_tools.json",
    } == {name for name in names if "dist-info" not in name}
    assert points == "[alas.builtin_plugins]\ntext.tools = alas_plugin_text_tools.text_tools:plugin\n"
    site = {"PYTHONPATH": str(commands.folder / "site")}
    listed = commands.run("alas-plugin", "list", "-format", "json", **site).document["plugins"]
    assert ("text.tools", "0.1.0", "builtin") in [
        (one["name"], one["version"], one["type"]) for one in listed
    ]
    commands.file(
        "program.alas.json",
        module(function("main", saying(builtin("text_tools.process", literal("data"))))),
    )
    ran = commands.alas_run("program.alas.json", **site)
    assert (ran.out, ran.err) == ("Processed: data\n", "")
    # Without the folder the name means the installed one, which brings its tests along.
    shutil.rmtree(commands.folder / "text.tools")
    tested = commands.run("alas-plugin", "test", "text.tools", **site)
    assert (tested.err, tested.code) == ("", 0)
    assert "4 passed" in tested.out


def test_what_the_options_say(commands):
    create(
        commands,
        *("-description", 'A "thing"', "-author", "Łukasz", "-license", "mit OR apache-2.0"),
        *("--output", str(commands.folder), "my-plugin"),
    )
    made = manifest(commands, "my-plugin")
    assert (made["description"], made["author"], made["license"]) == (
        'A "thing"',
        "Łukasz",
        "MIT OR Apache-2.0",
    )


def test_the_author_is_whom_git_knows(commands):
    commands.file(".gitconfig", b"[user]\n\tname = Grace Hopper\n")
    create(commands, "my-plugin")
    assert manifest(commands, "my-plugin")["author"] == "Grace Hopper"


def test_a_document(commands):
    found = create(commands, "-format", "json", "plugins/my-plugin").document
    assert found["ok"] is True
    assert found["plugin"] == {
        "name": "my-plugin",
        "type": "module",
        "module": "my_plugin",
        "language": None,
        "folder": str(commands.folder / "plugins" / "my-plugin"),
        "files": ["plugin.json", "my_plugin.alas.json", "tests/my_plugin.json", "README.md"],
    }
    assert found["next"][1] == "alas-plugin test plugins/my-plugin"


# --- What is refused ---


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "expected NAME"),
        ([""], "expected the name of a new plugin, such as my-plugin"),
        (["."], "expected the name of a new plugin"),
        ([".."], "expected the name of a new plugin"),
        (["My Plugin"], "did you mean `my-plugin`?"),
        (["folder/Größe"], "did you mean `groe`?"),
        (["x" * 65], "at most 64"),
        (["-plugin"], "there is no option '-plugin'"),
        (["-type", "native", "-lang", "zig", "my-plugin"], "expected c, c++, rust, go"),
        (["-type", "native", "-lang", "cpp", "my-plugin"], "did you mean 'c++'?"),
        (["-type", "native", "-lang", "python", "my-plugin"], "plugins in it are of the type builtin"),
        (
            ["-lang", "rust", "my-plugin"],
            "a module plugin is written in alas; -type native is for plugins in rust",
        ),
        (["-type", "builtin", "-lang", "alas", "my-plugin"], "a builtin plugin is written in python"),
        (["-type", "modules", "my-plugin"], "did you mean 'module'?"),
        (["-license", "Apache", "my-plugin"], "-license: expected an SPDX licence expression"),
        (["-license", "Apache", "my-plugin"], "did you mean `Apache-2.0`?"),
        (["-license", "", "my-plugin"], "-license: expected an SPDX licence expression"),
        (["-author", "a\nb", "my-plugin"], "-author: expected text on one line"),
        (["-description", "\x1b[31m", "my-plugin"], "-description: expected text on one line"),
        (["-output", "absent", "my-plugin"], "-output: there is no folder 'absent'"),
        (["taken"], "'taken' exists already"),
        (["link"], "'link' exists already"),
        (["taken/file/my-plugin"], "cannot be made"),
        (["std.math"], "is a name of the standard library"),
        (["one", "two"], "unexpected argument 'two'"),
    ],
    ids=str,
)
def test_what_cannot_be_made(commands, arguments, message):
    commands.file("taken/file", b"")
    (commands.folder / "link").symlink_to("nowhere")
    before = everything(commands.folder)
    outcome = create(commands, *arguments)
    assert (outcome.out, outcome.code) == ("", 2)
    assert message in outcome.err
    assert "\x1b" not in outcome.err
    assert everything(commands.folder) == before


def test_a_refusal_as_a_document(commands):
    found = create(commands, "-format", "json", "My Plugin").document
    assert (found["ok"], found["error"]["code"]) == (False, "usage")


def test_a_failure_leaves_nothing(commands):
    commands.file("plugins/other", b"")
    (commands.folder / "plugins").chmod(0o555)
    if os.access(commands.folder / "plugins", os.W_OK):
        # Nothing keeps the superuser from writing, but a name can be too long for the file system.
        (commands.folder / "plugins").chmod(0o755)
        target = "/".join(["plugins", "new", "n" * 250, "m" * 300, "my-plugin"])
    else:
        target = "plugins/new/my-plugin"
    before = everything(commands.folder)
    outcome = create(commands, target)
    (commands.folder / "plugins").chmod(0o755)
    assert outcome.code == 2
    assert "cannot be made" in outcome.err
    assert everything(commands.folder) == before


# --- On a terminal ---


def asking(commands: Commands, *arguments: str) -> Terminal:
    return Terminal(commands, "create", *arguments)


def test_questions(commands):
    terminal = asking(commands, "my-plugin", "-author", "Ada")
    terminal.expect("description [The plugin my-plugin]: ")
    terminal.answer("Does things")
    terminal.expect("license [MIT]: ")
    terminal.answer("gpl3")
    terminal.expect("did you mean `GPL-3.0-only`?")
    terminal.expect("license [MIT]: ")
    terminal.answer("GPL-3.0-only")
    terminal.expect("next:")
    assert terminal.finish() == 0
    made = manifest(commands, "my-plugin")
    assert (made["description"], made["author"], made["license"]) == ("Does things", "Ada", "GPL-3.0-only")


def test_the_answers_have_defaults(commands):
    terminal = asking(commands, "my-plugin")
    for question in ("description", "author", "license"):
        terminal.expect(question)
        terminal.answer("")
    terminal.expect("next:")
    assert terminal.finish() == 0
    assert manifest(commands, "my-plugin")["license"] == "MIT"


def test_nothing_is_asked_when_told_so(commands):
    terminal = asking(commands, "-yes", "my-plugin")
    terminal.expect("made the module plugin")
    assert terminal.finish() == 0


def test_mistakes_come_before_questions(commands):
    terminal = asking(commands, "My Plugin")
    terminal.expect("did you mean `my-plugin`?")
    assert terminal.finish() == 2


def test_ending_the_questions_makes_nothing(commands):
    terminal = asking(commands, "my-plugin")
    terminal.expect("description")
    terminal.interrupt()
    assert terminal.finish() in (130, -2)
    assert not (commands.folder / "my-plugin").exists()


def test_the_command_is_installed():
    assert Path(command("alas-plugin")).exists()
