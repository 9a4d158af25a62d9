"""Every example program prints what stands beside it, and every example checks."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from .commands import ROOT, Commands

EXAMPLES = ROOT / "examples"
PROGRAMS = sorted(
    path
    for path in (EXAMPLES / "programs").glob("*.alas.json")
    if path.with_suffix("").with_suffix(".expected").exists()
)
PLUGINS = sorted(path.parent for path in (EXAMPLES / "plugins").glob("*/plugin.json"))


def name_of(path: Path) -> str:
    return path.name.removesuffix(".alas.json")


@pytest.mark.parametrize("path", PROGRAMS, ids=name_of)
def test_a_program_prints_what_stands_beside_it(commands: Commands, path: Path) -> None:
    beside = path.parent / name_of(path)
    lines = beside.with_suffix(".input")
    stdin = lines.read_bytes() if lines.exists() else b""
    options = beside.with_suffix(".options")
    allowed = shlex.split(options.read_text(encoding="utf-8")) if options.exists() else []
    outcome = commands.alas_run(*allowed, "-plugin-path", str(EXAMPLES / "plugins"), str(path), stdin=stdin)
    assert (outcome.err, outcome.code) == ("", 0)
    assert outcome.out == beside.with_suffix(".expected").read_text(encoding="utf-8")


def test_every_example_checks(commands: Commands) -> None:
    files = [*(EXAMPLES / "programs").glob("*.json"), *PLUGINS]
    outcome = commands.validate("-strict", "-plugin-path", str(EXAMPLES / "plugins"), *map(str, files))
    assert (outcome.err, outcome.code) == ("", 0)
    assert outcome.out.count(": ok\n") == len(files)


def test_every_program_is_run() -> None:
    programs = {name_of(path) for path in (EXAMPLES / "programs").glob("*.alas.json")}
    # Others import this one.
    assert programs - {name_of(path) for path in PROGRAMS} == {"geometry"}


def test_the_examples_use_the_whole_language() -> None:
    from alas_core import library

    text = "".join(path.read_text(encoding="utf-8") for path in EXAMPLES.rglob("*.alas.json"))
    used = set(re.findall(r'"name": "([a-z]+\.\w+)"', text))
    assert {name for name, *_ in library()} - used == set()
    kinds = {
        "assign",
        "if",
        "while",
        "for",
        "return",
        "expr",
        "literal",
        "variable",
        "binary",
        "unary",
        "call",
    }
    kinds |= {"module_call", "builtin", "array_literal", "map_literal", "index", "field"}
    assert {kind for kind in kinds if f'"type": "{kind}"' not in text} == set()
    operators = set(re.findall(r'"op": "([^"]+)"', text))
    assert operators == {"+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||", "!"}


def test_the_plugin_of_the_readme_is_the_one_of_the_examples() -> None:
    blocks = re.findall(r"```json\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    folder = EXAMPLES / "plugins" / "my-plugin"
    for block, name in zip(blocks, ("plugin.json", "my_plugin.alas.json"), strict=False):
        assert json.loads(block) == json.loads((folder / name).read_text(encoding="utf-8"))


def test_the_readme_works_as_written(commands: Commands) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```json\n(.*?)```", readme, re.DOTALL)
    names = ("plugins/my-plugin/plugin.json", "plugins/my-plugin/my_plugin.alas.json", "my_program.alas.json")
    for block, name in zip(blocks, names, strict=True):
        commands.file(name, block.encode())
    outcome = commands.alas_run("my_program.alas.json")
    assert (outcome.out, outcome.err, outcome.code) == ("Processed: input data\nProcessed: data\n", "", 0)
    assert commands.validate("my_program.alas.json").code == 0
