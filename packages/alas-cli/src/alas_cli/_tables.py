"""Tables for people: drawn by rich on terminals, aligned with spaces everywhere else."""

import sys
from collections.abc import Sequence
from typing import TextIO

from alas_cli._excerpts import text_width
from alas_cli._rendering import Row, in_colour, print_rows

Cell = tuple[str, str]
"""A text that is safe to print, and its style."""


def print_table(head: Sequence[str], rows: Sequence[Sequence[Cell]], stream: TextIO | None = None) -> None:
    """Write a table.

    Args:
        head: the name of each column.
        rows: the cells of each row. The last column may be long: terminals cut it.
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

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in head[:-1]:
        table.add_column(name, overflow="fold")
    table.add_column(head[-1], no_wrap=True, overflow="ellipsis", ratio=1)
    for row in rows:
        table.add_row(*(Text(text, style=style) for text, style in row))
    Console(file=stream, highlight=False).print(table)
