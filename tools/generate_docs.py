"""Write the parts of `docs/` that are drawn from the code, or check that they are up to date.

A page holds regions between `<!-- generated: NAME -->` and `<!-- end of NAME -->`; everything else in it is written by hand.
What a region says comes from the engine's own tables, the exception classes, and the definitions of the commands, so that
none of it can drift.
"""

from __future__ import annotations

import argparse
import functools
import importlib
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

import alas_core
import alas_registry
from alas_cli import _exit_codes, _plugin_command, _run_command, _validate_command
from alas_core import errors
from alas_manifest import CODES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"

_REGION = re.compile(r"<!-- generated: (?P<name>[a-z-]+) -->\n.*?<!-- end of (?P=name) -->\n", re.DOTALL)


def main(arguments: list[str]) -> int:
    """Write or check the pages.

    Args:
        arguments: the command line without the program's name.

    Returns:
        0, or 1 when a page is out of date.
    """
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("--check", action="store_true", help="fail when a page is out of date")
    choice.add_argument("--write", action="store_true", help="bring the pages up to date")
    options = parser.parse_args(arguments)
    outdated = []
    seen: set[str] = set()
    for page in sorted(DOCS.glob("*.md")):
        old = page.read_text(encoding="utf-8")
        seen.update(match["name"] for match in _REGION.finditer(old))
        new = _REGION.sub(lambda match: _region(match["name"]), old)
        if new != old:
            outdated.append(page.relative_to(ROOT))
            if options.write:
                page.write_text(new, encoding="utf-8")
    absent = sorted(REGIONS.keys() - seen)
    if absent:
        print(f"no page has a place for: {', '.join(absent)}", file=sys.stderr)
        return 1
    for name in outdated:
        print(f"{name} was {'brought up to date' if options.write else 'found out of date'}", file=sys.stderr)
    if outdated and options.check:
        print("run ./noxw -s docs -- --write", file=sys.stderr)
        return 1
    return 0


def _region(name: str) -> str:
    return f"<!-- generated: {name} -->\n\n{REGIONS[name]().strip()}\n\n<!-- end of {name} -->\n"


# --- What is in them ---


def library() -> str:
    """Return a section for each namespace of the standard library."""
    namespaces: dict[str, list[tuple[str, str, list[str], str]]] = {}
    for row in alas_core.library():
        namespaces.setdefault(row[0].partition(".")[0], []).append(row)
    return "\n\n".join(_namespace(name, rows) for name, rows in namespaces.items())


def _namespace(name: str, rows: list[tuple[str, str, list[str], str]]) -> str:
    lines = [f"## {name}", ""]
    common = set.intersection(*(set(capabilities) for _, _, capabilities, _ in rows))
    if common:
        lines += [f"Plugins need the capability {', '.join(f'`{one}`' for one in sorted(common))}.", ""]
    for function, _, capabilities, _ in rows:
        if more := sorted(set(capabilities) - common):
            words = " and ".join(f"`{one}`" for one in more)
            lines += [f"For `{function}` they {'also ' if common else ''}need {words}.", ""]
    lines += _table(
        ("function", "what it does"),
        ((_code(full + signature), documentation) for full, signature, _, documentation in rows),
    )
    return "\n".join(lines)


def diagnostic_codes() -> str:
    """Return the table of the diagnostics of programs."""
    rows = ((_code(code), severity, meaning) for code, severity, meaning in alas_core.diagnostic_codes())
    return "\n".join(_table(("code", "severity", "meaning"), rows))


def manifest_codes() -> str:
    """Return the table of the diagnostics of manifests."""
    rows = ((_code(code), _sentence(meaning)) for code, meaning in CODES.items())
    return "\n".join(_table(("code", "meaning"), rows))


def error_codes() -> str:
    """Return the table of run-time errors, each with its exception class."""
    rows = (
        (_code(code), _code(errors.CLASSES[code].__name__), meaning)
        for code, meaning in alas_core.error_codes()
    )
    return "\n".join(_table(("code", "exception", "meaning"), rows))


def native_load_codes() -> str:
    """Return the table of what keeps a library of native code from being loaded."""
    rows = ((_code(code), meaning) for code, meaning in alas_core.native_load_codes())
    return "\n".join(_table(("code", "meaning"), rows))


def exception_classes() -> str:
    """Return the tree of the exceptions of programs."""
    return "\n".join(_class_tree(errors.AlasError, errors.__all__, 0))


def registry_classes() -> str:
    """Return the tree of the exceptions of the registry."""
    return "\n".join(_class_tree(alas_registry.RegistryError, alas_registry.__all__, 0, with_codes=True))


def _class_tree(
    kind: type[Exception], public: Iterable[str], level: int, *, with_codes: bool = False
) -> Iterator[str]:
    meaning = (inspect.getdoc(kind) or "").partition("\n")[0]
    code = f", `{getattr(kind, 'code')}`" if with_codes else ""  # noqa: B009 - not every exception has one
    yield f"{'  ' * level}* `{kind.__name__}`{code}: {meaning}"
    for child in kind.__subclasses__():
        if child.__name__ in public:
            yield from _class_tree(child, public, level + 1, with_codes=with_codes)


def run_options() -> str:
    """Return the options of `alas-run`."""
    return _options(_run_command.command)


def validate_options() -> str:
    """Return the options of `alas-validate`."""
    return _options(_validate_command.command)


def plugin_commands() -> str:
    """Return the commands of `alas-plugin`, under their headings."""
    rows = ((f"[{row.name}](#alas-plugin-{row.name})", row.summary) for row in _plugin_command.ROWS)
    return "\n".join(_table(("command", "what it does"), rows))


def plugin_options() -> str:
    """Return the options that all commands of `alas-plugin` have."""
    return _options(_plugin_command.command)


def _own_options(name: str) -> str:
    """Return the options that only one command of `alas-plugin` has."""
    return _options(_subcommand(name), without=_common_names())


def _subcommand(name: str) -> click.Command:
    found: click.Command = importlib.import_module(f"alas_cli._plugin.{name}").command
    return found


def _common_names() -> set[str | None]:
    return {parameter.name for parameter in _plugin_command.command.params}


def _plugin_regions() -> dict[str, Callable[[], str]]:
    """Return a region for each command of `alas-plugin` that has options of its own."""
    regions: dict[str, Callable[[], str]] = {}
    for row in _plugin_command.ROWS:
        options = (one for one in _subcommand(row.name).params if isinstance(one, click.Option))
        if any(option.name not in _common_names() for option in options):
            regions[f"plugin-{row.name}-options"] = functools.partial(_own_options, row.name)
    return regions


def _options(command: click.Command, without: Iterable[str | None] = ()) -> str:
    context = click.Context(command, info_name=command.name, **command.context_settings)
    left_out = set(without)
    rows = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        is_asked_for = parameter.name not in left_out and not (left_out and "--help" in parameter.opts)
        if isinstance(parameter, click.Option) and record is not None and is_asked_for:
            names, text = record
            rows.append((_code(names), re.sub(r"  +", " ", text)))
    return "\n".join(_table(("option", "meaning"), rows))


def exit_codes() -> str:
    """Return the exit codes of all commands."""
    rows = (line.split(maxsplit=1) for line in _exit_codes.TEXT.splitlines())
    return "\n".join(_table(("code", "meaning"), rows))


REGIONS: dict[str, Callable[[], str]] = {
    "library": library,
    "diagnostic-codes": diagnostic_codes,
    "manifest-codes": manifest_codes,
    "error-codes": error_codes,
    "native-load-codes": native_load_codes,
    "exception-classes": exception_classes,
    "registry-classes": registry_classes,
    "run-options": run_options,
    "validate-options": validate_options,
    "exit-codes": exit_codes,
    "plugin-commands": plugin_commands,
    "plugin-options": plugin_options,
    **_plugin_regions(),
}


# --- How it is written ---


def _table(head: tuple[str, ...], rows: Iterable[Iterable[str]]) -> list[str]:
    lines = [_row(head), _row("---" for _ in head)]
    lines += (_row(row) for row in rows)
    return lines


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _code(text: str) -> str:
    return f"`{text}`"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
