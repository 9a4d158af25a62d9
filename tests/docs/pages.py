"""The pages that are tested, and the fenced blocks in them.

What a block is follows from the language after its fence:

| block | what the test does |
|---|---|
| any, right behind `<!-- file: PATH -->` | writes it to that path |
| `console` | runs each line that starts with `$ ` in a shell, and compares what it prints with the lines below it; `...` stands for anything |
| `python` | runs it as a script, and compares what it prints with the `text` block right behind it |
| `pycon` | runs it as a doctest |
| `json` | parses it |
| `rust` | looks it up in the file that `<!-- from: PATH -->` before it names |
| all others | nothing |

The steps of a page run one after the other, in one folder that is empty at first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_BLOCK = re.compile(
    r"(?:^<!-- (?P<relation>file|from): (?P<path>\S+) -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block."""

    language: str
    text: str
    line: int
    file: str | None
    source: str | None
    output: str
    """What the `text` block right behind it says; empty without one."""


def guides() -> list[Path]:
    """The pages whose steps can be followed from an empty folder."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def pages() -> list[Path]:
    """Every page that people read."""
    return [
        *guides(),
        *sorted((ROOT / "examples").glob("*.md")),
        *sorted((ROOT / "packages").glob("*/README.md")),
        ROOT / "rust" / "alas-core" / "README.md",
        ROOT / "tests" / "conformance" / "README.md",
    ]


def name(page: Path) -> str:
    """The page's path, as tests print it."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    matches = list(_BLOCK.finditer(text))
    for index, match in enumerate(matches):
        behind = matches[index + 1] if index + 1 < len(matches) else None
        output = ""
        if behind is not None and behind["language"] == "text":
            between = text[match.end() : behind.start()]
            output = behind["text"] if between.strip() == "" else ""
        yield Block(
            language=match["language"],
            text=match["text"],
            line=text.count("\n", 0, match.start("language")) + 1,
            file=match["path"] if match["relation"] == "file" else None,
            source=match["path"] if match["relation"] == "from" else None,
            output=output,
        )
