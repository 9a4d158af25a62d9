"""Tables for people: drawn by rich on terminals, aligned with spaces everywhere else.

On a terminal, the last two columns take what the others leave, and are folded or cut to that. Where that is too little, each row
becomes a few lines.
"""

import sys
from collections.abc import Iterator, Sequence
from typing import TextIO

from alas_cli._excerpts import text_width
from alas_cli._rendering import Row, in_colour, print_rows

Cell = tuple[str, str]
"""A text that is safe to print, and its style."""

_GAP = 2
# The last column but one is folded and the last one cut; with less space than this nothing of them could be read.
_LEAST_FOLDED, _LEAST_CUT = 10, 12


def print_table(head: Sequence[str], rows: Sequence[Sequence[Cell]], stream: TextIO | None = None) -> None:
    """Write a table.

    Args:
        head: the name of each column.
        rows: the cells of each row. The last two columns may be long: terminals fold and cut them.
        stream: where; None is standard output.
    """
    stream = stream if stream is not None else sys.stdout
    if in_colour(stream):
        _print_in_colour(head, rows, stream)
    else:
        print_rows(_aligned([[(name, "") for name in head], *rows]), stream)


def _aligned(rows: Sequence[Sequence[Cell]]) -> list[Row]:
    widths = [max(text_width(text) for text, _ in column) for column in zip(*rows, strict=True)]
    aligned: list[Row] = []
    for row in rows:
        cells = [
            (text + " " * (width - text_width(text) + 2), style)
            for (text, style), width in zip(row, widths, strict=True)
        ]
        # Spaces at the end of a line are noise to whoever reads it.
        while cells and not cells[-1][0].strip():
            cells.pop()
        if cells:
            cells[-1] = (cells[-1][0].rstrip(), cells[-1][1])
        aligned.append(cells)
    return aligned


def _print_in_colour(head: Sequence[str], rows: Sequence[Sequence[Cell]], stream: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=stream, highlight=False)
    columns = list(zip(head, *([text for text, _ in row] for row in rows), strict=True))
    *fixed, folded, cut = [max(map(text_width, column)) for column in columns]
    rest = console.width - sum(width + _GAP for width in fixed)
    if rest < min(folded, _LEAST_FOLDED) + _GAP + min(cut, _LEAST_CUT):
        print_rows(list(_stacked(rows)), stream)
        return
    # What the last column does not need, the one before may have; beyond that, each gets half.
    folded = min(folded, max(rest // 2, rest - _GAP - cut))
    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for name, width in zip(head[:-2], fixed, strict=True):
        table.add_column(name, no_wrap=True, min_width=width)
    table.add_column(head[-2], overflow="fold", width=folded)
    table.add_column(head[-1], no_wrap=True, overflow="ellipsis", width=min(cut, rest - _GAP - folded))
    for row in rows:
        table.add_row(*(Text(text, style=style) for text, style in row))
    console.print(table)


def _stacked(rows: Sequence[Sequence[Cell]]) -> Iterator[Row]:
    """Yield each row as lines: the first two cells, those up to the last, and the last."""
    for row in rows:
        yield [row[0], (" ", ""), row[1]]
        yield [piece for cell in row[2:-1] for piece in (("  ", ""), cell)]
        if row[-1][0]:
            yield [("  ", ""), row[-1]]
