"""The text of a file, and the findings about it.

While a file is read, a finding knows the offset of its place; lines and columns are worked out once, when the findings are
asked for. A file without problems never pays for them.
"""

import bisect
import functools
import re
from dataclasses import dataclass
from typing import NamedTuple

from alas_manifest._diagnostics import Diagnostic, Severity

_LINE_BREAK = re.compile("\n")


class Problem(NamedTuple):
    """What is wrong, before it is known where.

    Attributes:
        code: the diagnostic's code.
        message: the diagnostic's message.
        help: the diagnostic's help.
        severity: the diagnostic's severity.
    """

    code: str
    message: str
    help: str | None = None
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class _Finding:
    offset: int
    pointer: str
    problem: Problem


class Source:
    """The text of one file, and what was found in it.

    Attributes:
        text: the text.
        file: what to call the file in diagnostics, or None.
    """

    def __init__(self, text: str, file: str | None) -> None:
        self.text = text
        self.file = file
        self._findings: list[_Finding] = []

    def report(self, problem: Problem, pointer: str, offset: int) -> None:
        """Add a finding.

        Args:
            problem: what is wrong.
            pointer: the JSON pointer of the value.
            offset: where the value begins in the text, in characters.
        """
        self._findings.append(_Finding(offset, pointer, problem))

    @property
    def has_errors(self) -> bool:
        """Whether a finding so far is an error."""
        return any(finding.problem.severity == "error" for finding in self._findings)

    @property
    def finding_count(self) -> int:
        """How many findings there are so far."""
        return len(self._findings)

    @functools.cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of an offset in the text."""
        line = bisect.bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def diagnostics(self, *, strict: bool = False) -> list[Diagnostic]:
        """Return all findings in the order of the text.

        Args:
            strict: warnings become errors.

        Returns:
            The findings with their lines and columns.
        """
        diagnostics = []
        for finding in sorted(self._findings, key=lambda finding: finding.offset):
            line, column = self.position(finding.offset)
            code, message, advice, severity = finding.problem
            severity = "error" if strict else severity
            diagnostics.append(
                Diagnostic(code, severity, message, self.file, finding.pointer, line, column, advice)
            )
        return diagnostics


def join_pointer(pointer: str, step: str | int) -> str:
    """Return the JSON pointer (RFC 6901) of a member or element of the value that a pointer names."""
    if isinstance(step, str):
        step = step.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{step}"
