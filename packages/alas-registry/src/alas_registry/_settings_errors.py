"""What is wrong with settings, as data."""

from collections.abc import Iterable
from typing import ClassVar

from alas_manifest import Diagnostic
from alas_registry._errors import RegistryError

SETTINGS_CODES: dict[str, str] = {
    "toml_syntax": "the text is not TOML 1.0",
    "unknown_field": "a table or key that nothing reads (a warning)",
    "wrong_kind": "a key holds the wrong kind of value",
    "unknown_value": "a word outside the set that the key accepts",
    "invalid_path": "a text that cannot be a path",
    "invalid_size": "not a size in bytes, or out of range",
    "invalid_duration": "not a span of time",
    "invalid_share": "not a share of a core",
    "invalid_permission": "not a host, command or variable that can be granted",
    "unenforceable": "grants in `alas.toml`, which may come from somebody else, or a way to run code that this version lacks",
    "path_escapes": "a log file that `alas.toml` puts outside its own folder",
    "file_too_large": "the file is larger than any settings are",
    "io_error": "a file that cannot be read",
    "home_not_found": "neither `ALAS_HOME`, nor `HOME`, nor the system's list of users says where settings are",
}
"""Every diagnostic code of settings, with what it means."""

_ABOUT_WHOLE_FILES = frozenset({"file_too_large", "io_error", "home_not_found"})


class SettingsError(RegistryError, ValueError):
    """The settings cannot be used; says everything that is wrong with them.

    Attributes:
        diagnostics: all findings in both files, warnings included.
    """

    code: ClassVar[str] = "settings_error"

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(brief(one) for one in self.diagnostics if one.is_error))


def brief(diagnostic: Diagnostic) -> str:
    """Return a finding on one line, with its place and its help.

    Args:
        diagnostic: the finding.
    """
    place = diagnostic.file
    if diagnostic.code not in _ABOUT_WHOLE_FILES:
        place = f"{place}:{diagnostic.line}:{diagnostic.column}"
    advice = f"; {diagnostic.help}" if diagnostic.help is not None else ""
    return f"{place}: {diagnostic.message}{advice}"


def problem(code: str, message: str, file: str, *, help: str | None = None) -> Diagnostic:  # noqa: A002 - the field's name
    """Return a finding about a file as a whole.

    Args:
        code: one of `SETTINGS_CODES`.
        message: what was expected and found.
        file: the file, or the variable, that it is about.
        help: what to do.
    """
    return Diagnostic(code, "error", message, file, "", 1, 1, help)
