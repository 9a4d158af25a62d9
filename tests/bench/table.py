"""The table that a run prints."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from .measured import Measured
from .rows import CPYTHON, LUA, LUAJIT, QUICKJS, STARLARK, SUBJECT, WASMTIME, C, Target

PEERS = (LUA, LUAJIT, CPYTHON, WASMTIME, QUICKJS, STARLARK, C)


def show(rows: Sequence[Measured], console: Console) -> None:
    """Print how long ALaS took, as multiples of its peers' times, and which targets are met."""
    programs = Table(
        title="ALaS as a multiple of the peer's time: below 1 it is faster", title_justify="left"
    )
    others = Table(title="Boundaries and start", title_justify="left")
    programs.add_column("program")
    programs.add_column("ALaS", justify="right")
    for peer in PEERS:
        programs.add_column(f"/ {peer}", justify="right")
    programs.add_column("target")
    for heading in ("row", "ALaS", "peers", "target"):
        others.add_column(heading, justify="right" if heading == SUBJECT else "left")
    for row in rows:
        took = duration(row.seconds(SUBJECT))
        verdicts = "\n".join(_verdict(row, target) for target in row.row.targets)
        if row.row.group == "program":
            ratios = (row.ratio(peer) for peer in PEERS)
            cells = ("" if ratio is None else f"{ratio:.2f}" for ratio in ratios)
            programs.add_row(row.row.title, took, *cells, verdicts)
        else:
            peers = (f"{peer} {duration(row.seconds(peer))}" for peer in row.times if peer != SUBJECT)
            others.add_row(row.row.title, took, "\n".join(peers), verdicts)
    for table in (programs, others):
        if table.row_count:
            console.print(table)
    for reason in sorted({f"{peer}: {reason}" for row in rows for peer, reason in row.missing.items()}):
        console.print(f"missing: {reason}", markup=False)


def duration(seconds: float) -> str:
    """A time in the unit that suits it."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def _verdict(row: Measured, target: Target) -> str:
    wanted = (
        duration(target.at_most) if target.against is None else f"{target.at_most:.3g} x {target.against}"
    )
    if target.beyond:
        wanted += f" beyond {' and '.join(target.beyond)}"
    if target.or_seconds:
        wanted += f" or {duration(target.or_seconds)}"
    share = row.share(target)
    if share is None:
        return f"[dim]{wanted}: not measured[/]"
    if share <= 1:
        return f"[green]{wanted}: met[/]"
    if target.when == "later":
        return f"[dim]{wanted}: later, {share:.2f} times it now[/]"
    return f"[bold red]{wanted}: missed, {share:.2f} times it[/]"
