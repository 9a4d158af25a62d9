"""Collects the rows of a run, prints them, and after a whole run writes `docs/bench/`."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from .chart import chart
from .measured import Measured
from .rows import ROWS
from .table import show

OUTPUT = Path(__file__).parents[2] / "docs" / "bench"
PEER_PACKAGES = ("cffi", "lupa", "numpy", "quickjs", "starlark-pyo3", "wasmtime")

_MEASURED = pytest.StashKey[list[Measured]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_MEASURED] = []
    # The table below says the same beside the peers.
    config.option.benchmark_quiet = True


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Any:
    """Add a row to the results of the run."""
    return request.config.stash[_MEASURED].append


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    rows = config.stash[_MEASURED]
    if not rows:
        return
    terminalreporter.ensure_newline()
    # Wide enough for every column, also where the output goes to a file.
    console = Console(width=None if terminalreporter.isatty else 200)
    show(rows, console)
    if len(rows) == len(ROWS):
        write(rows)
        console.print(f"written: {OUTPUT.relative_to(config.rootpath)}/results.json, results.svg")
    else:
        console.print(f"{len(rows)} of {len(ROWS)} rows: the results in docs/bench/ stay as they are")


def write(rows: Sequence[Measured]) -> None:
    """Write the results of a whole run."""
    document = {
        "machine": {
            "system": platform.system(),
            "architecture": platform.machine(),
            "cores": os.cpu_count(),
        },
        "versions": {"python": platform.python_version(), **_versions()},
        "rows": [row.document() for row in rows],
    }
    OUTPUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, indent=2, default=float)
    (OUTPUT / "results.json").write_text(f"{text}\n", encoding="utf-8")
    (OUTPUT / "results.svg").write_text(chart(rows), encoding="utf-8")


def _versions() -> dict[str, str]:
    found = {}
    for package in ("alas-core", *PEER_PACKAGES):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
