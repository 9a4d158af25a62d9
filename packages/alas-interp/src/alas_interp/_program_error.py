"""The findings of the static checks, from the engine's tuples to `Diagnostic` objects."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from alas_core.errors import AlasError, Finding

if TYPE_CHECKING:
    from alas_manifest import Diagnostic


class ProgramError(AlasError):
    """A program cannot run; says everything that is wrong with it.

    Attributes:
        diagnostics: all findings of all its modules, warnings included.

    Example:
        >>> from alas_manifest import Diagnostic
        >>> error = ProgramError([Diagnostic("missing_key", "error", "no name", None, "", 1, 1)])
        >>> print(error)
        <text>:1:1: error[missing_key]: no name
    """

    def __init__(self, diagnostics: "Iterable[Diagnostic]") -> None:
        self.diagnostics = list(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        """Return the findings as lines of text, safe to print on a terminal."""
        return "\n".join(map(str, self.diagnostics))


def to_diagnostics(findings: Sequence[Finding]) -> "list[Diagnostic]":
    """Make diagnostics of the engine's findings."""
    # Most programs have none, and need not wait for this import.
    if not findings:
        return []
    from alas_manifest import Diagnostic

    return [
        Diagnostic(
            code,
            "warning" if severity == "warning" else "error",
            message,
            file,
            pointer,
            line,
            column,
            advice,
        )
        for code, severity, message, file, pointer, line, column, advice in findings
    ]
