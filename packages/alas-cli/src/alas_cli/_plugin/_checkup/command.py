"""All checks, one after the other, and their report."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence

from alas_cli import _exit_codes as exit_codes
from alas_cli._plugin._checkup import installation, plugins, surroundings
from alas_cli._plugin._checkup.finding import Finding, Status
from alas_cli._program_output import reserve_output
from alas_cli._rendering import ADVICE, PLAIN, QUIET, STRONG, STYLES, Row, plural, print_rows
from alas_cli._subcommand import CommonOptions
from alas_manifest import Diagnostic, escape_text
from alas_registry import Registry, Settings, SettingsError, read_settings

Section = tuple[str, list[Finding]]

_STATUS_STYLES: dict[Status, str] = {
    "ok": "green",
    "note": QUIET,
    "warning": STYLES["warning"],
    "problem": STYLES["error"],
}
_WIDEST_NAME = 24


def examine(options: CommonOptions) -> int:
    """Check everything, and print what was found.

    Args:
        options: what the command line says.

    Returns:
        The exit code: 1 when something is broken.

    Raises:
        UsageMistake: a folder that the command line names is not there.
    """
    if options.is_for_machines:
        reserve_output()
    sections = [(name, list(findings)) for name, findings in _sections(options)]
    everything = [finding for _, findings in sections for finding in findings]
    is_ok = not any(finding.status == "problem" for finding in everything)
    if options.is_for_machines:
        from alas_cli._documents import write_document

        checks = [finding.to_dict(name) for name, findings in sections for finding in findings]
        write_document(json.dumps({"ok": is_ok, "checks": checks}))
    else:
        print_rows([*_render(sections), *_summary(everything)], sys.stdout)
    return exit_codes.DONE if is_ok else exit_codes.FAILED


def _sections(options: CommonOptions) -> Iterator[tuple[str, Iterable[Finding]]]:
    yield "packages", installation.check_packages()
    yield "loaders", installation.check_loaders()
    yield "environment", surroundings.check_environment()
    settings, findings = _settings()
    yield "settings", surroundings.check_settings(settings, findings)
    if settings is None:
        text = "were not looked at, because the settings cannot be used"
        yield "plugins", [Finding("note", "plugins", text)]
        return
    yield "folders", surroundings.check_home(settings)
    registry = _find_plugins(options)
    counts = dict.fromkeys(registry.search_paths, 0)
    for plugin in registry.plugins:
        if plugin.search_path in counts:
            counts[plugin.search_path] += 1
    yield (
        "search paths",
        (one for path, count in counts.items() for one in surroundings.check_search_path(path, count)),
    )
    yield "plugins", plugins.check_plugins(registry, lambda: _find_plugins(options))
    yield "builtin plugins of Python packages", plugins.check_packages(registry)
    yield "installed plugins", plugins.check_installed(registry, settings.home)
    yield "loaded in every run", plugins.check_remembered(registry)


def _settings() -> tuple[Settings | None, Sequence[Diagnostic]]:
    try:
        settings = read_settings()
    except SettingsError as error:
        return None, error.diagnostics
    return settings, settings.warnings


def _find_plugins(options: CommonOptions) -> Registry:
    from alas_cli._plugin._sources import find_plugins

    return find_plugins(options)


def _render(sections: Sequence[Section]) -> Iterator[Row]:
    names = [finding.name for _, findings in sections for finding in findings]
    width = min(max(map(len, names)), _WIDEST_NAME)
    for name, findings in sections:
        if not findings:
            continue
        yield [(name, STRONG)]
        for finding in findings:
            yield [
                (f"  {finding.status:<8} ", _STATUS_STYLES[finding.status]),
                (f"{escape_text(finding.name):<{width}}  ", PLAIN),
                (escape_text(finding.text), PLAIN),
            ]
            if finding.help is not None:
                yield [(f"  {'':<8} {'':<{width}}  help: ", ADVICE), (escape_text(finding.help), PLAIN)]


def _summary(findings: Sequence[Finding]) -> Iterator[Row]:
    problems = sum(finding.status == "problem" for finding in findings)
    warnings = sum(finding.status == "warning" for finding in findings)
    yield []
    yield [(f"{plural(problems, 'problem')}, {plural(warnings, 'warning')}", STRONG)]
