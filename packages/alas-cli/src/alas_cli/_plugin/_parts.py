"""What is wrong with the parts of a plugin that its loader does not look at: Python code, without running it, and tests."""

from pathlib import Path

from alas_manifest import Diagnostic, Manifest


def part_findings(folder: Path, manifest: Manifest) -> list[Diagnostic]:
    """Return what is wrong with the Python code, the library and the tests of a plugin.

    Args:
        folder: the plugin's folder.
        manifest: its manifest.
    """
    findings: list[Diagnostic] = []
    if manifest.type == "builtin":
        from alas_builtin import check_source

        findings += check_source(folder, manifest)
    if manifest.type in ("native", "hybrid"):
        from alas_cli._plugin._outdated import outdated_findings
        from alas_loader_native import library_findings

        findings += [*library_findings(folder, manifest), *outdated_findings(folder, manifest)]
    return findings + findings_of_tests(folder, manifest)


def findings_of_tests(folder: Path, manifest: Manifest) -> list[Diagnostic]:
    """Return what is wrong with the files of tests of a plugin. See `part_findings`."""
    from alas_cli._plugin._testing.reading import FOLDER

    if not (folder / FOLDER).is_dir():
        return []
    # Imported here, because most plugins that are installed bring no tests.
    from alas_cli._plugin._testing.preparing import read_tests

    return [finding for reading in read_tests(folder, manifest) for finding in reading.diagnostics]
