from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from .pages import ROOT, Block, blocks, guides, name, pages

_COMMAND = "$ "
_MARK = "\x1e"
_LINK = re.compile(r"\]\((?!https?://)([^)#\s]+)(?:#[^)\s]*)?\)")
# Of this repository, that is: pages also name files that readers make.
_FILE = re.compile(r"`((?:rust|packages|tests|tools|docs|alas[-_][a-z]+)/[\w./-]+)`")
_FLAGS = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL


@dataclass(frozen=True)
class Step:
    """A command line and what it should print."""

    line: int
    command: str
    expected: str


def steps(block: Block, staged: Path) -> list[Step]:
    """What a block asks to be done. Blocks with the text of a file are staged outside the folder and copied there."""
    if block.file is not None:
        staged.write_text(block.text, encoding="utf-8")
        target = shlex.quote(block.file)
        return [Step(block.line, f'mkdir -p "$(dirname {target})" && cp {staged} {target}', "")]
    if block.language == "python":
        staged.write_text(block.text, encoding="utf-8")
        return [Step(block.line, f"{shlex.quote(sys.executable)} {staged}", block.output)]
    if block.language != "console":
        return []
    found: list[Step] = []
    for offset, line in enumerate(block.text.splitlines(keepends=True), start=1):
        if line.startswith(_COMMAND):
            found.append(Step(block.line + offset, line.removeprefix(_COMMAND).rstrip("\n"), ""))
        else:
            last = found.pop()
            found.append(Step(last.line, last.command, last.expected + line))
    return found


def run(todo: list[Step], folder: Path) -> list[str]:
    """Run command lines in one shell; return what each printed, on whichever stream."""
    script = "".join(
        f"printf '{_MARK}'; (exit $status)\n{{\n{step.command}\n}} 2>&1\nstatus=$?\n" for step in todo
    )
    # Plugins, settings and colours of whoever runs the tests stay out of them.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("ALAS_")}
    commands = str(Path(sys.executable).parent)
    environment |= {
        "HOME": str(folder),
        "NO_COLOR": "1",
        "PATH": commands + os.pathsep + environment.get("PATH", ""),
    }
    done = subprocess.run(
        ["/bin/sh", "-c", f"status=0\n{script}"],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=100,
        check=False,
    )
    return done.stdout.decode().split(_MARK)[1:]


@pytest.mark.parametrize("page", guides(), ids=name)
def test_what_a_page_tells_to_do_works(page, tmp_path):
    folder, stage = tmp_path / "folder", tmp_path / "stage"
    folder.mkdir()
    stage.mkdir()
    found = enumerate(blocks(page))
    todo = [step for index, block in found for step in steps(block, stage / f"{index}")]
    checker = doctest.OutputChecker()
    wrong = [
        f"{name(page)}:{step.line}: $ {step.command}\nexpected:\n{step.expected}\nfound:\n{output}"
        for step, output in zip(todo, run(todo, folder), strict=True)
        if not checker.check_output(step.expected, output, doctest.ELLIPSIS)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("page", guides(), ids=name)
def test_examples_in_python_are_right(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    examples = []
    for block in blocks(page):
        if block.file is not None:
            target = tmp_path / block.file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(block.text, encoding="utf-8")
        if block.language == "pycon":
            for example in doctest.DocTestParser().get_examples(block.text):
                example.lineno += block.line
                examples.append(example)
    test = doctest.DocTest(examples, {"__name__": "page"}, name(page), str(page), 0, None)
    report: list[str] = []
    failed, _ = doctest.DocTestRunner(optionflags=_FLAGS).run(test, out=report.append)
    assert failed == 0, "".join(report)


@pytest.mark.parametrize("page", pages(), ids=name)
def test_json_is_json(page):
    for block in blocks(page):
        if block.language == "json" or (block.file or "").endswith(".json"):
            json.loads(block.text)


def unformatted(text: str) -> str:
    """Code without what a formatter decides."""
    return re.sub(r",(?=[)}\]])", "", re.sub(r"\s+", "", text))


@pytest.mark.parametrize("page", pages(), ids=name)
def test_quoted_code_stands_in_its_file(page):
    for block in blocks(page):
        if block.language == "rust":
            assert block.source is not None, f"{name(page)}:{block.line} names no file that it is from"
        if block.source is not None:
            whole = (ROOT / block.source).read_text(encoding="utf-8")
            assert unformatted(block.text) in unformatted(whole), block.source


@pytest.mark.parametrize("page", pages(), ids=name)
def test_links_lead_somewhere(page):
    targets = _LINK.findall(page.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing, missing


@pytest.mark.parametrize("page", pages(), ids=name)
def test_files_that_are_named_exist(page):
    roots = [
        ROOT,
        page.parent,
        ROOT / "rust",
        ROOT / "rust" / "alas-core" / "python",
        *(ROOT / "packages").glob("*/src"),
    ]
    named = _FILE.findall(page.read_text(encoding="utf-8"))
    missing = [file for file in named if not any((root / file).exists() for root in roots)]
    assert not missing, missing


def test_generated_parts_are_up_to_date():
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "generate_docs.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
