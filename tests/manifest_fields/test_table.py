from __future__ import annotations

import functools
import logging
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from cli.commands import Commands

from alas_interp import PluginLimits
from alas_manifest import schema
from alas_registry import InvalidPluginError, LimitSettings, read_settings

from .effects import Trial
from .specimens import Host, Kind, Specimens
from .table import FIELDS, LIMITS, Row

ROWS = (*FIELDS, *LIMITS)
CELLS = [
    pytest.param(row, kind, id=f"{row.title.replace('`', '').replace(': ', '=')}-{kind.name.lower()}")
    for row in ROWS
    for kind in Kind
]
PAGE = Path(__file__).parents[2] / "docs" / "manifest.md"

Finding = tuple[str, str, str]
"""Code, severity and pointer."""


@pytest.fixture(scope="session")
def validated(
    library: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Kind], Mapping[Row, list[Finding]]]:
    """Returns what `alas-plugin validate` finds in plugins of a type, for each row."""

    @functools.cache
    def validate(kind: Kind) -> Mapping[Row, list[Finding]]:
        commands = Commands(tmp_path_factory.mktemp("validated"))
        specimens = Specimens(commands.folder, library)
        folders = {
            specimens.make(kind, row.asks_of(kind), str(number)): row for number, row in enumerate(ROWS)
        }
        document = commands.plugin("validate", "-format", "json", *map(str, folders)).document
        found: dict[Row, list[Finding]] = {row: [] for row in ROWS}
        for one in document["diagnostics"]:
            row = folders[Path(one["file"]).parent]
            found[row].append((one["code"], one["severity"], one["pointer"]))
        return found

    return validate


@pytest.mark.parametrize(("row", "kind"), CELLS)
def test_a_cell(
    row: Row,
    kind: Kind,
    specimens: Specimens,
    validated: Callable[[Kind], Mapping[Row, list[Finding]]],
    caplog: pytest.LogCaptureFixture,
) -> None:
    outcome, asks, host = row.cell(kind), row.asks_of(kind), _host(row, specimens.folder)
    found = validated(kind)[row]
    _check_findings(row, kind, found)
    folder = specimens.make(kind, asks)
    with (
        caplog.at_level(logging.WARNING, "alas.registry"),
        specimens.initialized(folder, host) as (_, report),
    ):
        if outcome.is_refused:
            [failure] = report.failed
            assert isinstance(failure.error, InvalidPluginError)
            assert [(one.code, one.severity, one.pointer) for one in failure.error.diagnostics] == found
            return
        assert [str(failure.error) for failure in report.failed] == []
    is_told = any("which native code" in record.message for record in caplog.records)
    assert is_told is (outcome.severity == "warning")
    tried = [half for half in kind.halves if half in (*outcome.held, *outcome.free)]
    assert tried, "a cell that promises nothing"
    for half in tried:
        is_honoured = row.effect(Trial(specimens, kind, half, asks, host))
        assert is_honoured is (half in outcome.held), half


def _check_findings(row: Row, kind: Kind, found: Sequence[Finding]) -> None:
    """Check that a plugin has the findings of its cell and no others, each once."""
    outcome = row.cell(kind)
    assert len(set(found)) == len(found)
    places = {(code, severity, re.sub(r"/\d+", "/*", pointer)) for code, severity, pointer in found}
    expected = {(outcome.code, outcome.severity, row.place(kind))} if outcome.severity else set()
    assert places == expected


def _host(row: Row, home: Path) -> Host:
    """Return the host whose settings are those of a row."""
    return Host(PluginLimits(**_limits(row, home)._asdict()))


def _limits(row: Row, home: Path) -> LimitSettings:
    (home / "config.toml").write_text(f"[limits]\n{row.settings}\n", encoding="utf-8")
    return read_settings({"ALAS_HOME": str(home)}, home).limits


# --- Nothing is forgotten ---


def test_every_field_has_a_row() -> None:
    document = schema("plugin")
    parts = [f"{part}.{name}" for part in ("security", "runtime") for name in _fields(document, part)]
    flags = [f"functions[].{name}" for name in _flags(document)]
    assert len(parts) > 10
    assert {row.field for row in FIELDS} == {*parts, *flags}


def test_every_limit_of_the_host_has_a_row(tmp_path: Path) -> None:
    defaults = LimitSettings()
    changed: Counter[str] = Counter()
    for row in LIMITS:
        limits = _limits(row, tmp_path)
        changed.update(name for name in limits._fields if getattr(limits, name) != getattr(defaults, name))
        assert row.settings.startswith(row.field.removeprefix("limits."))
    assert changed == Counter(LimitSettings._fields)
    # What the settings leave open is the same as what Python leaves open.
    assert PluginLimits(**defaults._asdict()) == PluginLimits()


def test_every_type_has_a_column() -> None:
    document: Any = schema("plugin")
    assert {kind.type for kind in Kind} == set(document["properties"]["type"]["enum"])
    assert all(len(row.cells) == len(Kind) for row in ROWS)


def _fields(document: Any, *path: str) -> list[str]:
    """Return the names of all fields below a field, those of objects in objects with dots between."""
    node = document
    for key in path:
        node = _resolved(document, node)["properties"][key]
    names = []
    for key, value in _resolved(document, node)["properties"].items():
        inner = _resolved(document, value).get("properties")
        names += [f"{key}.{name}" for name in _fields(document, *path, key)] if inner else [key]
    return names


def _flags(document: Any) -> list[str]:
    """Return the names of the fields of functions that are switched on or off."""
    function = _resolved(document, document["properties"]["functions"]["items"])
    return [key for key, value in function["properties"].items() if value.get("type") == "boolean"]


def _resolved(document: Any, node: Any) -> Any:
    return document["$defs"][node["$ref"].rpartition("/")[2]] if "$ref" in node else node


# --- The documentation ---


@pytest.mark.parametrize("rows", [FIELDS, LIMITS], ids=["fields", "limits"])
def test_the_documentation_says_the_same(rows: Sequence[Row]) -> None:
    head = [
        "field" if rows is FIELDS else "setting",
        *(f"`{kind.type}`{kind.value.removeprefix(kind.type)}" for kind in Kind),
    ]
    lines = [[row.title, *(cell.words for cell in row.cells)] for row in rows]
    written = [f"| {' | '.join(line)} |" for line in (head, *lines)]
    table = "\n".join([written[0], "|---" * len(head) + "|", *written[1:]])
    assert table in PAGE.read_text(encoding="utf-8"), f"docs/manifest.md has to hold this table:\n\n{table}\n"
