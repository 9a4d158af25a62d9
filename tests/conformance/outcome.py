"""What a run comes to, in the one form in which the engine, the evaluator and the case files are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Place:
    """A finding or a run-time error: what and where."""

    code: str
    pointer: str | None = None
    module: str | None = None


@dataclass(frozen=True)
class Outcome:
    """The end of one run.

    `result` is the result's `repr`, because that tells apart what Python's `==` does not: 1, 1.0 and true, the two
    zeros, the order of a map's entries. It is None when the run ended in an error.
    """

    output: str
    result: str | None = None
    error: Place | None = None

    @classmethod
    def of(cls, output: str, value: Any) -> Outcome:
        """The outcome of a run that returned a value."""
        return cls(output, result=repr(value))

    def __str__(self) -> str:
        """Three lines to set against each other in a failing test."""
        return f"output: {self.output!r}\nresult: {self.result}\nerror:  {self.error}"
