from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import pytest
from native.building import compile_c

from . import sources
from .specimens import Specimens


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    """The library of the native halves, compiled once when it is first needed; where there is no compiler, that skips."""

    @functools.cache
    def compiled() -> Path:
        folder = tmp_path_factory.mktemp("library")
        source = folder / "specimen.c"
        source.write_text(sources.C, encoding="utf-8")
        return compile_c(source, folder / "specimen.so")

    return compiled


@pytest.fixture
def specimens(tmp_path: Path, library: Callable[[], Path]) -> Specimens:
    return Specimens(tmp_path, library)
