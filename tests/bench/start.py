"""What comes before a program runs: the command's process, and loading."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alas_interp import Interpreter

from .peers import PROGRAMS, Contender
from .rows import SUBJECT, Row

LARGE = 1_000_000
HELLO = Path(__file__).parents[2] / "examples" / "programs" / "hello.alas.json"


def contenders(row: Row) -> tuple[dict[str, Contender], dict[str, str]]:
    """Return who takes part in a row of this group; nobody is ever missing."""
    return _ROWS[row.name](), {}


def large_module() -> bytes:
    """A module of 1 MB: the functions of another benchmark, again and again under other names."""
    module = json.loads((PROGRAMS / "merge_sort.alas.json").read_text())
    text = json.dumps(module["functions"])
    functions: list[Any] = []
    for copy in range(LARGE // len(text) + 1):
        renamed = text.replace('"name": "run"', f'"name": "run_{copy}"')
        functions += json.loads(renamed.replace('"name": "sort"', f'"name": "sort_{copy}"'))
    return json.dumps({**module, "exports": [], "functions": functions}).encode()


def _hello() -> dict[str, Contender]:
    command = Path(sys.executable).with_name("alas-run")

    def process(*arguments: str | Path) -> Contender:
        def run() -> None:
            subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

        return run

    return {
        SUBJECT: process(command, HELLO),
        "python -c pass": process(sys.executable, "-c", "pass"),
    }


def _load() -> dict[str, Contender]:
    text = large_module()
    interpreter = Interpreter()

    def load() -> None:
        interpreter.load(text)

    def parse() -> None:
        json.loads(text)

    return {SUBJECT: load, "json.loads": parse}


_ROWS: dict[str, Callable[[], dict[str, Contender]]] = {"hello": _hello, "load": _load}
