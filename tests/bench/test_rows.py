"""Every row of `rows.py`, measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from . import boundary, native, peers, plugins, start
from .measured import Measured
from .rows import ROWS, Row
from .timing import measured

MAKERS = {
    "program": peers.contenders,
    "boundary": boundary.contenders,
    "native": native.contenders,
    "start": start.contenders,
    "plugins": plugins.contenders,
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(row: Row, benchmark: Any, record: Callable[[Measured], None]) -> None:
    contenders, missing = MAKERS[row.group](row)
    for peer, reason in missing.items():
        print(f"without {peer}: {reason}")
    benchmark.group = row.group
    record(measured(row, contenders, missing, benchmark))
