"""What installing and uninstalling print: text for people, a document for programs, progress on a terminal."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TextIO

from alas_cli import _exit_codes as exit_codes
from alas_cli._platforms import of_this_platform
from alas_cli._plugin._policy.model import grants_record, grants_text
from alas_manifest import escape_text

if TYPE_CHECKING:
    from rich.progress import Progress

    from alas_installer import Change, InstallError, InstallReport
    from alas_manifest import Diagnostic
    from alas_registry import GrantSettings

_LARGE = 4 << 20
_MISTAKES_OF_THE_USER = frozenset(
    {"source_not_found", "source_unsupported", "not_a_plugin", "plugin_not_installed"}
)
_FAILURES = frozenset(
    {
        "breaks_dependents",
        "build_failed",
        "busy",
        "content_changed",
        "io_error",
        "lock_broken",
        "module_taken",
        "name_taken",
        "native_refused",
        "not_built",
        "not_agreed",
        "not_granted",
        "nothing_to_roll_back",
        "plugin_in_use",
    }
)


def exit_code(error: "InstallError") -> int:
    """Return the exit code that says best what an error means: that of invalid input, for most."""
    if error.code in _MISTAKES_OF_THE_USER:
        return exit_codes.USAGE
    return exit_codes.FAILED if error.code in _FAILURES else exit_codes.INVALID


def print_error(error: "InstallError", more: Mapping[str, object], *, is_for_machines: bool) -> None:
    """Print why nothing has changed.

    Args:
        error: the reason.
        more: further keys of the document.
        is_for_machines: whether to print one JSON document.
    """
    if is_for_machines:
        from alas_cli._documents import failure_document, write_document

        write_document(failure_document(error.code, str(error), error.diagnostics or None, more))
        return
    from alas_cli._rendering import print_rows, render_failure

    _print_findings(error.diagnostics)
    print_rows(render_failure(error.code, str(error)))


def print_report(
    report: "InstallReport",
    warnings: Sequence[str],
    granted: "Mapping[str, GrantSettings]",
    *,
    is_for_machines: bool,
) -> None:
    """Print what has changed.

    Args:
        report: the installer's report.
        warnings: more sentences that the user should know.
        granted: what was granted to plugins.
        is_for_machines: whether to print one JSON document.
    """
    warnings = [*report.warnings, *warnings]
    if is_for_machines:
        from alas_cli._documents import write_document

        write_document(_document(report, warnings, granted))
        return
    for change in report.changes:
        _print_findings(of_this_platform(change.warnings))
    for change in report.changes:
        sys.stdout.write(f"{_sentence(change, is_granted=change.name in granted)}\n")
        if change.left_out:
            sys.stdout.write(f"  left out: {escape_text(', '.join(change.left_out))}\n")
        if change.name in granted:
            sys.stdout.write(f"  granted: {grants_text(granted[change.name])}\n")
    if report.installed is not None:
        there = [f"{name} {version}" for name, version in report.installed.items()]
        sys.stdout.write(f"installed now: {', '.join(there) or 'nothing'}\n")
    for name in report.no_longer_needed:
        sys.stdout.write(f"nothing needs {name} any more; to remove it: alas-plugin uninstall {name}\n")
    if warnings:
        from alas_cli._rendering import STYLES, print_rows

        sys.stdout.flush()
        print_rows([[("warning", STYLES["warning"]), (f": {escape_text(one)}", "")] for one in warnings])


def _print_findings(findings: "Sequence[Diagnostic]") -> None:
    if findings:
        from alas_cli._excerpts import Texts
        from alas_cli._rendering import print_rows, render_diagnostics

        print_rows(render_diagnostics(findings, Texts()))


def _sentence(change: "Change", *, is_granted: bool) -> str:
    if change.action == "unchanged":
        what = "nothing else" if is_granted else "nothing"
        return f"{change.name} {change.after} is installed already; {what} has changed"
    if change.action in ("upgraded", "downgraded"):
        return f"{change.action} {change.name} from {change.before} to {change.after}"
    if change.action == "reinstalled":
        return f"reinstalled {change.name} {change.after}, whose content is another"
    return f"{change.action} {change.name} {change.after or change.before}"


def _document(
    report: "InstallReport", warnings: Sequence[str], granted: "Mapping[str, GrantSettings]"
) -> str:
    changes = [
        {
            "name": change.name,
            "action": change.action,
            "from": change.before,
            "to": change.after,
            "hash": change.hash,
            "source": change.source,
            "left_out": list(change.left_out),
            "granted": grants_record(granted[change.name]) if change.name in granted else None,
            "diagnostics": [finding.to_dict() for finding in of_this_platform(change.warnings)],
        }
        for change in report.changes
    ]
    document = {
        "ok": True,
        "generation": report.generation,
        "changes": changes,
        "no_longer_needed": list(report.no_longer_needed),
        "warnings": warnings,
    }
    if report.installed is not None:
        document["installed"] = dict(report.installed)
    return json.dumps(document)


class CopyProgress:
    """Shows on a terminal how far the copy of something large has come."""

    def __init__(self, stream: TextIO | None) -> None:
        """Show nothing yet.

        Args:
            stream: standard error; None when there is none.
        """
        self._stream = stream if stream is not None and stream.isatty() else None
        self._progress: Progress | None = None

    def __call__(self, source: str, copied_bytes: int, /) -> None:
        """Take note of how far a copy has come."""
        if self._stream is None or copied_bytes < _LARGE:
            return
        if self._progress is None:
            from rich.console import Console
            from rich.progress import DownloadColumn, Progress, SpinnerColumn, TextColumn

            columns = (SpinnerColumn(), TextColumn("{task.description}"), DownloadColumn(binary_units=True))
            self._progress = Progress(*columns, console=Console(file=self._stream), transient=True)
            self._progress.add_task("", total=None)
            self._progress.start()
        from rich.markup import escape

        [task] = self._progress.task_ids
        shown = f"copying {escape(escape_text(source))}"
        self._progress.update(task, description=shown, completed=copied_bytes)

    def stop(self) -> None:
        """Take the display away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
