"""Why something was not installed or uninstalled."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from alas_manifest import escape_text

if TYPE_CHECKING:
    from alas_manifest import Diagnostic

CODES: dict[str, str] = {
    "source_not_found": "there is no such folder or archive",
    "source_unsupported": "plugins cannot be installed from what was named",
    "not_a_plugin": "the folder or archive holds no `plugin.json` where it has to be",
    "archive_damaged": "the archive is cut off, fails its checksums, or contradicts itself",
    "archive_encrypted": "the archive is encrypted",
    "entry_kind": "a link, device or other thing that is neither a file nor a folder",
    "entry_name": "the path of a file leaves the plugin, or some systems cannot have it",
    "entry_duplicate": "two files with the same path, or with paths that some systems take for the same",
    "too_large": "more, larger or deeper nested files than a plugin may have",
    "plugin_invalid": "the manifest or the code of the plugin has errors",
    "builtin_plugin": "a builtin plugin, which is installed as the Python package that it is part of",
    "not_built": "the library of the plugin's native code is not there, and nobody has agreed to build it",
    "build_failed": "the library of the plugin's native code could not be built, or is not what the manifest describes",
    "native_refused": "the plugin has native code, which the settings refuse",
    "not_agreed": "the plugin asks to reach something outside, and nobody has agreed to that",
    "not_granted": "the settings cannot be changed, so that nothing can be granted",
    "alas_version": "the plugin does not work with this version of ALaS",
    "dependency_missing": "what the plugin needs is not there",
    "dependency_version": "what the plugin needs is there in a version that will not do",
    "dependency_cycle": "plugins that need each other",
    "breaks_dependents": "installed plugins would no longer work",
    "name_taken": "something else has the name already",
    "module_taken": "another installed plugin provides the same module",
    "plugin_in_use": "installed plugins need the plugin that was to be uninstalled",
    "plugin_not_installed": "no installed plugin has the name",
    "nothing_to_roll_back": "there is no earlier state",
    "content_changed": "installed files have been changed",
    "lock_broken": "the lock file cannot be read",
    "busy": "another installation did not end in time",
    "io_error": "the operating system refused to read or write something",
}
"""Every code of an `InstallError`, with what it means."""


class InstallError(Exception):
    """Something was not installed, uninstalled or rolled back; everything is as it was before.

    Attributes:
        code: what kind of error, one word of `CODES`.
        message: what was expected, what was found and where; safe to print.
        help: what to do about it, or None; safe to print.
        diagnostics: what is wrong with the plugin, if that is the reason.
    """

    def __init__(
        self,
        code: str,
        message: str,
        help: str | None = None,  # noqa: A002 - as in `Diagnostic`
        diagnostics: "Iterable[Diagnostic]" = (),
    ) -> None:
        self.code = code
        self.message = escape_text(message)
        self.help = escape_text(help) if help is not None else None
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.message if self.help is None else f"{self.message}; {self.help}")


class NotBuiltError(InstallError):
    """The native code of a plugin was not built: what builds plugins for an installation says why."""

    def __init__(
        self,
        message: str,
        help: str | None = None,  # noqa: A002 - as in `Diagnostic`
        diagnostics: "Iterable[Diagnostic]" = (),
        *,
        was_tried: bool,
    ) -> None:
        """Make the error.

        Args:
            message: what was expected, and what was found.
            help: what to do about it.
            diagnostics: what is wrong with the plugin, if that is the reason.
            was_tried: whether building has failed; otherwise nobody has agreed to it, or it is not known how.
        """
        super().__init__("build_failed" if was_tried else "not_built", message, help, diagnostics)


class NotAgreedError(InstallError):
    """Nobody has agreed to what plugins ask to reach: who asks whoever installs says so."""

    def __init__(self, message: str, help: str | None = None) -> None:  # noqa: A002 - as in `Diagnostic`
        super().__init__("not_agreed", message, help)
