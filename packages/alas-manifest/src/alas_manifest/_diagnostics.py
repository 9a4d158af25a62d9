"""Findings as data: what is wrong, where, and what to do about it.

`Diagnostic` is the one class of finding in all Python packages of ALaS. Text for people is made from it in one place,
`Diagnostic.__str__`; documents for programs in another, `Diagnostic.to_dict`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from alas_manifest._text import escape_text

Severity = Literal["error", "warning"]

CODES: dict[str, str] = {
    "json_syntax": "the text is not JSON as RFC 8259 defines it",
    "json_duplicate_key": "an object has the same key twice",
    "json_too_deep": "arrays and objects are nested too deep",
    "json_too_large": "the file is too large",
    "number_out_of_range": "an integer does not fit 64 bits, or a number is too large for a float",
    "missing_field": "a required field is absent",
    "unknown_field": "a field that nothing reads",
    "wrong_kind": "a field holds the wrong kind of JSON value",
    "invalid_name": "a name or path that does not follow the rules for names",
    "invalid_version": "not a semantic version",
    "invalid_range": "not a range of versions",
    "invalid_license": "not an SPDX licence expression",
    "invalid_size": "not a size in bytes",
    "invalid_duration": "not a duration",
    "invalid_share": "not a share of a processor core",
    "invalid_permission": "not a scope that a permission can have",
    "unknown_value": "a word outside the set that the field accepts",
    "unknown_type": "a type that is neither built in nor declared",
    "type_cycle": "types that are defined only by each other",
    "duplicate_name": "the same name twice",
    "capability_missing": "the manifest uses what its capabilities do not name",
    "unenforceable": "a request that cannot be honoured",
    "path_escapes": "a path that leaves the plugin folder",
    "file_not_found": "a file that the manifest names is absent",
    "io_error": "a file that cannot be read",
    "signature_mismatch": "manifest and implementation describe a function differently",
    "not_exported": "the implementation does not export a function that the manifest promises",
}
"""Every diagnostic code of this package, with what it means."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a file.

    Attributes:
        code: what kind of finding, one word of a closed list (for manifests: `CODES`).
        severity: `"error"` or `"warning"`.
        message: what was expected and what was found, safe to print.
        file: the file, or None when the text came from elsewhere.
        pointer: the JSON pointer (RFC 6901) of the value; `""` is the whole document.
        line: line of the value, counted from 1.
        column: column of the value in characters, counted from 1.
        help: what to do about it, or None.

    Example:
        >>> finding = Diagnostic(
        ...     "missing_field", "error", "`name` is missing", "plugin.json", "", 1, 1, None
        ... )
        >>> print(finding)
        plugin.json:1:1: error[missing_field]: `name` is missing
    """

    code: str
    severity: Severity
    message: str
    file: str | None
    pointer: str
    line: int
    column: int
    help: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether the finding makes the file unusable."""
        return self.severity == "error"

    def to_dict(self) -> dict[str, str | int | None]:
        """Return the finding as the JSON object that the commands print with `-format json`.

        Returns:
            The keys `code`, `severity`, `message`, `file`, `pointer`, `line`, `column` and `help`, in this order.
        """
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "file": self.file,
            "pointer": self.pointer,
            "line": self.line,
            "column": self.column,
            "help": self.help,
        }

    def __str__(self) -> str:
        """Return the finding as lines of text for people, safe to print on a terminal."""
        file = escape_text(self.file) if self.file is not None else "<text>"
        text = f"{file}:{self.line}:{self.column}: {self.severity}[{self.code}]: {escape_text(self.message)}"
        return text if self.help is None else f"{text}\n  help: {escape_text(self.help)}"


class ManifestError(ValueError):
    """A manifest cannot be used; says everything that is wrong with it.

    Attributes:
        diagnostics: all findings, warnings included, in the order of the file.

    Example:
        >>> error = ManifestError(
        ...     [Diagnostic("wrong_kind", "error", "expected an object", None, "", 1, 1)]
        ... )
        >>> error.diagnostics[0].code
        'wrong_kind'
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))


class FormError(ValueError):
    """A string does not have the form that its field asks for.

    Attributes:
        diagnostic_code: the code of the diagnostic that reports it.
    """

    def __init__(self, message: str, diagnostic_code: str) -> None:
        super().__init__(message)
        self.diagnostic_code = diagnostic_code
