"""Why a plugin was not built, or what was built is not what its manifest describes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from alas_cli import _exit_codes as exit_codes

if TYPE_CHECKING:
    from alas_manifest import Diagnostic

# All others say that the plugin itself has errors.
_FAILURES = frozenset({"build_failed", "build_timeout", "native_refused", "tool_missing"})


class BuildError(Exception):
    """A plugin was not built, or not as its manifest says.

    Attributes:
        code: `build_failed`, `build_timeout`, `tool_missing`, `native_refused`, `build_mismatch`, `plugin_invalid`,
            `plugin_crashed`, or what the loader says against a library.
        message: what was expected, what was found, and what to do.
        diagnostics: what is wrong with the plugin's files, if that is the reason.
    """

    def __init__(self, code: str, message: str, diagnostics: "Iterable[Diagnostic]" = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.diagnostics = tuple(diagnostics)

    @property
    def exit_code(self) -> int:
        """The exit code that says best what it means."""
        return exit_codes.FAILED if self.code in _FAILURES else exit_codes.INVALID
