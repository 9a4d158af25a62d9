"""The case files: a program `NAME.alas.json` beside what it comes to, `NAME.expected.json`.

Keys of an expectation, all optional:

| key | meaning |
|---|---|
| `function`, `args`, `stdin` | what to call (`main`), with what ([]), and what the program may read ("") |
| `limits` | `depth` and `steps` of the run |
| `output`, `result` | what it prints (a text, or a list of lines) and returns (null); compared exactly, with the kinds of numbers |
| `error` | the run-time error: `code`, `pointer`, and `module` when it is not the program's own |
| `diagnostics` | all findings, in any order: `code`, `pointer`, `file` when it is not the program's; or `code`, `line` |
| `warnings` | findings of a program that runs |
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from .outcome import Outcome, Place

FOLDER = Path(__file__).parent / "cases"
_SUFFIX = ".expected.json"
_KEYS = {
    *("function", "args", "stdin", "limits", "output", "result", "error", "diagnostics", "warnings"),
}


@dataclass(frozen=True)
class Case:
    """A program and what it comes to."""

    path: Path
    expected: dict[str, Any]

    @property
    def name(self) -> str:
        """Folder and name, as tests print it."""
        return self.path.relative_to(FOLDER).as_posix().removesuffix(".alas.json")

    @property
    def module(self) -> str:
        """The name of the program's module."""
        return str(json.loads(self.path.read_bytes())["name"])

    @property
    def runs(self) -> bool:
        """Whether the program passes the static checks."""
        return "diagnostics" not in self.expected

    @property
    def function(self) -> str:
        """The function to call."""
        return str(self.expected.get("function", "main"))

    @property
    def arguments(self) -> list[Any]:
        """What to call it with."""
        return list(self.expected.get("args", []))

    @property
    def stdin(self) -> str:
        """What the program may read."""
        return str(self.expected.get("stdin", ""))

    @property
    def output(self) -> str:
        """What the program prints."""
        output: str | list[str] = self.expected.get("output", "")
        return output if isinstance(output, str) else "".join(line + "\n" for line in output)

    @property
    def limits(self) -> dict[str, int]:
        """Limits of the run that differ from the default."""
        return dict(self.expected.get("limits", {}))


def all_cases() -> list[Case]:
    """Every case, by folder and name."""
    paths = sorted(FOLDER.rglob("*" + _SUFFIX))
    return [_read(path) for path in paths]


def _read(path: Path) -> Case:
    expected = json.loads(path.read_text(encoding="utf-8"))
    unknown = expected.keys() - _KEYS
    if unknown:
        raise ValueError(f"{path}: unknown keys {sorted(unknown)}")
    return Case(path.with_name(path.name.removesuffix(_SUFFIX) + ".alas.json"), expected)


def disagreements(case: Case, outcome: Outcome) -> list[str]:
    """Each point in which a run came to something else than the file says."""
    expected = case.expected.get("error")
    wanted = Outcome.of(case.output, case.expected.get("result"))
    if expected is not None:
        wanted = Outcome(wanted.output, error=Place(**expected))
    if outcome.error and wanted.error:
        # What the file leaves open is the run's to decide.
        pointer = wanted.error.pointer and outcome.error.pointer
        module = wanted.error.module and outcome.error.module
        outcome = replace(outcome, error=Place(outcome.error.code, pointer, module))
    points = [
        *zip_longest(wanted.output.split("\n"), outcome.output.split("\n"), fillvalue="nothing"),
        (wanted.result, outcome.result),
        (wanted.error, outcome.error),
    ]
    return [f"expected {one!r}, found {other!r}" for one, other in points if one != other]
