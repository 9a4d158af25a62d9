"""Native code in plugins that are to be installed: the user has to know of it, and to agree before it is built."""

import contextlib
import os
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._plugin._installation._asking import Question
from alas_cli._plugin._outdated import build_command, outdated_findings
from alas_installer import Installer, NotBuiltError
from alas_loader_native import current_platform, library_files, missing_library, native_functions
from alas_manifest import escape_text

if TYPE_CHECKING:
    from alas_installer import InstallReport
    from alas_manifest import Diagnostic, Manifest
    from alas_registry import NativePolicy

_TYPES = ("native", "hybrid")


class NativeBuild:
    """Builds plugins that come without their libraries, in a copy of their own, so that nothing else of it is installed."""

    def __init__(self, question: Question) -> None:
        """Build nothing yet.

        Args:
            question: how to ask whether to build.
        """
        self._question = question
        self._outdated: list[Diagnostic] = []

    @property
    def outdated(self) -> "Sequence[Diagnostic]":
        """A warning for each plugin that is installed with a library which is older than its sources."""
        return self._outdated

    def __call__(
        self, manifest: "Manifest", folder: Path, scratch: Path, source: Path, /
    ) -> Mapping[str, Path]:
        """Build a plugin whose library for this platform is missing, or older than its sources. See `alas_installer.Build`."""
        files = library_files(folder, manifest)
        if not native_functions(manifest):
            return {}
        command = manifest.implementation.build_cmd
        if missing_library(folder, manifest) is None:
            # Copies are all new, so only the folder itself tells.
            outdated = outdated_findings(source, manifest) if source.is_dir() else []
            if outdated and self._question.is_agreed and command is not None:
                return self._build(manifest, command, folder, scratch, source)
            self._outdated += outdated
            return {}
        if not files:
            raise NotBuiltError(
                f"`{manifest.name}` has no library for {current_platform()}: its manifest names none",
                "build it on this platform, and add what the command makes to `implementation.binaries`: "
                f'{{"{current_platform()}": "…"}}',
                was_tried=False,
            )
        if command is None:
            raise NotBuiltError(
                f"`{manifest.name}` has no library {files[0].relative_to(folder)}, and its manifest says nothing of how to "
                "build it",
                "ask its author for one that is built for this platform",
                was_tried=False,
            )
        question = f"{manifest.name} contains native code that is not built yet; build it with `{command}`?"
        if not self._question.is_answered_yes(escape_text(question)):
            # An archive is built only where it is installed.
            first = f"; or build it first: {build_command(source)}" if source.is_dir() else ""
            raise NotBuiltError(
                f"the library of `{manifest.name}`, {files[0].relative_to(folder)}, is not built",
                f"to have `{command}` build it: alas-plugin install -build {shlex.quote(str(source))}{first}",
                was_tried=False,
            )
        return self._build(manifest, command, folder, scratch, source)

    def _build(
        self, manifest: "Manifest", command: str, folder: Path, scratch: Path, source: Path
    ) -> Mapping[str, Path]:
        from alas_cli._plugin._building.checking import check_files, check_loads
        from alas_cli._plugin._building.failure import BuildError
        from alas_cli._plugin._building.running import run_build
        from alas_cli._program_output import reserve_output

        self._question.before()
        if self._question.is_for_machines:
            reserve_output()
        sys.stdout.write(f"building {escape_text(manifest.name)}: {escape_text(command)}\n")
        sys.stdout.flush()
        shutil.copytree(folder, scratch)
        _take_dates(scratch, source)
        program = scratch / shlex.split(command)[0]
        if program.is_file() and program.resolve().is_relative_to(scratch.resolve()):
            # Copies are files that nobody may run, whatever the source says.
            program.chmod(0o755)
        # What is there afterwards was built now; others that it needs may have come with the plugin.
        library_files(scratch, manifest)[0].unlink(missing_ok=True)
        try:
            run_build(manifest, scratch)
            built = check_files(scratch, manifest)
            check_loads(scratch, manifest)
        except BuildError as error:
            message = f"`{manifest.name}` could not be built: {error.message}"
            raise NotBuiltError(message, diagnostics=error.diagnostics, was_tried=True) from None
        return {file.relative_to(scratch).as_posix(): file for file in built}


def _take_dates(copy: Path, source: Path) -> None:
    """Date the files of a copy like those of the folder that it was made of, by which tools know what to build."""
    if not source.is_dir():
        return
    for file in copy.rglob("*"):
        with contextlib.suppress(OSError):
            found = (source / file.relative_to(copy)).stat()
            os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


def native_warnings(installer: Installer, report: "InstallReport", policy: "NativePolicy") -> list[str]:
    """Return a sentence for each plugin with native code that was just installed.

    Args:
        installer: has installed them.
        report: what has changed.
        policy: whether it may be loaded; going back to an earlier state may bring back what may not.
    """
    what = "this version runs without a sandbox, as a part of whatever uses the plugin"
    what = policy.reason if policy.refuses_any else what
    new = {change.name for change in report.changes if change.after and change.action != "unchanged"}
    return [
        f"{one.name} contains native code, which {what}"
        for one in (installer.installed() if new else ())
        if one.name in new and one.details.type in _TYPES
    ]
