"""Native and hybrid plugins in every language: what `create` makes is built, checked, tested, called and installed."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from native.building import need, run

from .commands import Commands
from .plugins import manifest
from .programs import function, module, returning

TOOLS = {"c": ("make", "cc"), "c++": ("make", "g++"), "rust": ("cargo",), "go": ("go", "cc")}
SOURCES = {"c": "counter.c", "c++": "counter.cpp", "rust": "src/lib.rs", "go": "plugin.go"}


def seen_by_git(folder: Path) -> set[str]:
    """Return the files of a folder that are not ignored."""
    run("git", "init", "--quiet", cwd=folder)
    return set(run("git", "ls-files", "--others", "--exclude-standard", cwd=folder).splitlines())


@pytest.mark.parametrize("language", TOOLS)
@pytest.mark.parametrize("plugin_type", ["native", "hybrid"])
def test_the_whole_way(commands: Commands, plugin_type: str, language: str) -> None:
    need("git", *TOOLS[language])
    # Compilers keep what they have compiled, and find it by their own home.
    home = {"HOME": str(Path.home())}
    made = commands.plugin("create", "-type", plugin_type, "-lang", language, "-yes", "counter")
    assert (made.err, made.code) == ("", 0)
    folder = commands.folder / "counter"
    created = seen_by_git(folder)
    assert f"counter/{SOURCES[language]} " in made.out
    assert "  counter/sdk/ " in made.out
    assert "counter/sdk/a" not in made.out
    lines = [shlex.split(line) for line in made.out.partition("next:\n")[2].splitlines()]
    assert [line[1] for line in lines] == ["build", "validate", "test", "call", "install"]
    for _, *arguments in lines:
        outcome = commands.plugin(*arguments, **home)
        assert outcome.code == 0, outcome.err
        if arguments[0] in ("validate", "test"):
            assert outcome.err == ""
        if arguments[0] == "call":
            assert outcome.out == "Processed: data\n"
    failed = commands.plugin("call", "-format", "json", "counter.average", "[]")
    assert failed.document["error"]["code"] == "native_error"
    assert "(no_numbers)" in failed.document["error"]["message"]
    if plugin_type == "hybrid":
        assert commands.plugin("call", "counter.summary", "[1, 2]").out == "The average is 1.5\n"
    for verb in (["info", "counter"], ["list"], ["load", "counter"], ["doctor"], ["unload", "counter"]):
        outcome = commands.plugin(*verb)
        assert outcome.code == 0, outcome.err
    assert "native code runs as a part of the host" in commands.plugin("info", "counter").out
    assert seen_by_git(folder) - created <= {"Cargo.lock"}


@pytest.mark.parametrize("name", ["my-plugin", "3d.tools", "math", "class", "fn", "x" * 64])
def test_any_name_will_do(commands: Commands, name: str) -> None:
    need("make", "cc")
    assert commands.plugin("create", "-type", "hybrid", "-lang", "c", "-yes", name).code == 0
    for verb in ("build", "validate", "test"):
        outcome = commands.plugin(verb, f"./{name}")
        assert (outcome.code, outcome.err) == (0, ""), (verb, outcome.err)


def test_a_hybrid_plugin_is_checked_without_its_library(commands: Commands) -> None:
    commands.plugin("create", "-type", "hybrid", "-yes", "counter")
    outcome = commands.plugin("validate", "counter")
    assert outcome.code == 0
    assert "`counter.so` is not built yet" in outcome.err
    assert "1 warning" in outcome.err
    module = commands.folder / "counter" / "counter.alas.json"
    module.write_text(module.read_text(encoding="utf-8").replace('"average"', '"averag"'))
    outcome = commands.plugin("validate", "counter")
    assert outcome.code == 3
    assert "did you mean `average`?" in outcome.err
    doctor = commands.plugin("doctor", "-plugin-path", "counter")
    assert doctor.code == 1
    assert "no function `averag`" in doctor.out


def test_a_plugin_that_is_not_built_says_what_to_do(commands: Commands) -> None:
    commands.plugin("create", "-type", "native", "-yes", "counter")
    for verb in (["call", "counter.process", "x"], ["test", "counter"]):
        outcome = commands.plugin(*verb)
        assert outcome.code == 3
        assert "build it: alas-plugin build " in outcome.err


@pytest.mark.parametrize("language", TOOLS)
def test_where_the_kits_are(commands: Commands, language: str) -> None:
    folder = commands.plugin("sdk", language)
    assert (folder.code, folder.err) == (0, "")
    assert Path(folder.out.rstrip("\n")).is_dir()
    everything = commands.plugin("sdk")
    assert any(line.split() == [language, folder.out.strip()] for line in everything.out.splitlines())
    found = commands.plugin("sdk", "-format", "json", language).document
    assert found == {"ok": True, "folders": {language: folder.out.strip()}}


def test_a_kit_of_another_language(commands: Commands) -> None:
    outcome = commands.plugin("sdk", "zig")
    assert outcome.code == 2
    assert "expected c, c++, rust or go, found 'zig'" in outcome.err


@pytest.fixture
def traced(commands: Commands) -> Commands:
    """A native plugin `traced` that leaves a letter in the file `begun` whenever it begins, and a plugin that needs it."""
    need("make", "cc")
    assert commands.plugin("create", "-type", "native", "-yes", "plugins/traced").code == 0
    folder = commands.folder / "plugins" / "traced"
    source = folder / "traced.c"
    text = source.read_text(encoding="utf-8")
    end = text.rindex("ALAS_PLUGIN(")
    begin = f"""
#include <stdio.h>
static alas_status begin(alas_call *call) {{
    (void)call;
    FILE *file = fopen("{commands.folder}/begun", "a");
    fputc('x', file);
    fclose(file);
    return ALAS_OK;
}}
"""
    # The third part of the last line is what runs when the plugin begins.
    name, functions, _, shutdown = text[end:].removeprefix("ALAS_PLUGIN(").rstrip().rstrip(")").split(", ")
    source.write_text(
        f"{text[:end]}{begin}\nALAS_PLUGIN({name}, {functions}, begin, {shutdown})\n", encoding="utf-8"
    )
    assert commands.plugin("build", "plugins/traced").code == 0
    (commands.folder / "begun").unlink(missing_ok=True)
    call = {"type": "builtin", "name": "traced.process", "args": [{"type": "literal", "value": "data"}]}
    run_it = function("run", returning(call), returns="string")
    commands.file(
        "plugins/needs/needs.alas.json", module(run_it, name="needs", exports=["run"], imports=["traced"])
    )
    described = [{"name": "run", "params": [], "returns": "string"}]
    fields = {"dependencies": ["traced"], "functions": described}
    commands.file("plugins/needs/plugin.json", manifest("needs", **fields))
    commands.file("program.alas.json", module(function("main", returning(call))))
    return commands


@pytest.mark.parametrize(
    ("words", "times"),
    [
        ("alas-validate program.alas.json", 0),
        ("alas-validate plugins/needs", 0),
        ("alas-plugin validate plugins/traced plugins/needs", 0),
        ("alas-plugin install plugins/traced", 0),
        ("alas-plugin doctor", 0),
        ("alas-plugin list", 0),
        ("alas-plugin info needs", 0),
        ("alas-run program.alas.json", 1),
        ("alas-plugin call needs.run", 1),
        # Once to see whether it can be loaded, and once for its one file of tests.
        ("alas-plugin test ./plugins/traced", 2),
        ("alas-plugin load needs", 1),
    ],
)
def test_native_code_runs_where_plugins_are_used_and_nowhere_else(
    traced: Commands, words: str, times: int
) -> None:
    name, *arguments = words.split()
    outcome = traced.run(name, *arguments)
    assert outcome.code == 0, outcome.err
    begun = traced.folder / "begun"
    assert (begun.read_text() if begun.exists() else "") == "x" * times
