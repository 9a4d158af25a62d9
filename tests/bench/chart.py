"""The chart of a run: bars on a logarithmic scale, as SVG that reads well on light and dark pages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from .measured import Measured
from .rows import CPYTHON, LUA, LUAJIT, SUBJECT, WASMTIME, C
from .table import duration

WIDTH = 960
LABELS = 330
PLOT = 520
LINE = 26
TICKS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
# Peers drawn as marks beside the bar: the class that colours the mark, and its shape.
MARKS = {LUAJIT: "diamond", CPYTHON: "circle", WASMTIME: "triangle", C: "square"}
SHAPES = {
    "diamond": "M0-6 6 0 0 6-6 0Z",
    "circle": "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1-5 0Z",
    "triangle": "M0-6 6 5-6 5Z",
    "square": "M-4.5-4.5H4.5V4.5H-4.5Z",
}
# Plain rules, which every reader of SVG understands; the colours for dark pages replace them where that is asked for.
STYLE = """
text { fill: #1c2430; font: 13px system-ui, sans-serif; } .page { fill: #ffffff; }
.title { font-size: 16px; font-weight: 600; } .faint { fill: #5b6675; font-size: 11px; }
.end { text-anchor: end; } .middle { text-anchor: middle; }
.grid { stroke: #dde2e8; } .one { stroke: #1c2430; stroke-width: 1.5; }
.met { fill: #2f6fb5; } .missed { fill: #d2691e; } .later { fill: #9db9d6; }
.mark { fill: #ffffff; stroke: #7a4fa3; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e8ee; } .page { fill: #0f1419; } .faint { fill: #98a3b3; }
  .grid { stroke: #2a323d; } .one { stroke: #e4e8ee; }
  .met { fill: #5a9be0; } .missed { fill: #f0924c; } .later { fill: #36567a; }
  .mark { fill: #0f1419; stroke: #c39be8; }
}
"""


@dataclass(frozen=True)
class Bar:
    """One line of the chart.

    Attributes:
        label: what was measured.
        value: how long the bar is, 1 being the line that should not be crossed.
        note: what stands behind the bar.
        verdict: "met", "missed" or "later", which decides the colour.
        marks: the values of peers.
    """

    label: str
    value: float
    note: str
    verdict: str
    marks: dict[str, float]


def chart(rows: Sequence[Measured]) -> str:
    """Return the chart of a run."""
    programs = [_program_bar(row) for row in rows if row.row.group == "program"]
    others = [_target_bar(row) for row in rows if row.row.group != "program"]
    height = 190 + LINE * (len(programs) + len(others))
    svg = ET.Element(
        "svg",
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {height}",
        role="img",
    )
    ET.SubElement(svg, "title").text = "ALaS beside its peers"
    ET.SubElement(svg, "style").text = STYLE
    ET.SubElement(svg, "rect", {"class": "page", "width": str(WIDTH), "height": str(height)})
    _text(svg, 16, 30, "Programs: time as a multiple of Lua 5.4's, logarithmic, shorter is faster", "title")
    _legend(svg, 52)
    below = _panel(svg, 80, programs)
    _text(svg, 16, below + 40, "Boundaries and start: time as a multiple of the target", "title")
    _panel(svg, below + 66, others)
    ET.indent(svg)
    return ET.tostring(svg, encoding="unicode") + "\n"


def _program_bar(row: Measured) -> Bar:
    ratio = row.ratio(LUA) or math.nan
    marks = {peer: row.seconds(peer) / row.seconds(LUA) for peer in MARKS if peer in row.times}
    return Bar(row.row.title, ratio, f"{ratio:.2f}", _verdict(row), marks)


def _target_bar(row: Measured) -> Bar:
    share = row.share(row.row.targets[0]) or math.nan
    note = f"{share:.2f} ({duration(row.seconds(SUBJECT))})"
    return Bar(row.row.title, share, note, _verdict(row), {})


def _verdict(row: Measured) -> str:
    now = [target for target in row.row.targets if target.when == "now"]
    if not now:
        return "later"
    return "met" if all((row.share(target) or 0) <= 1 for target in now) else "missed"


def _position(value: float) -> float:
    """Where a value is on the scale; what lies outside it is drawn at its end."""
    low, high = math.log(TICKS[0]), math.log(TICKS[-1])
    return LABELS + PLOT * min(1.0, max(0.0, (math.log(value) - low) / (high - low)))


def _panel(svg: ET.Element, top: int, bars: Sequence[Bar]) -> int:
    """Draw bars below each other over a grid, and return where they end."""
    bottom = top + LINE * len(bars)
    for tick in TICKS:
        x = _position(tick)
        kind = "one" if tick == 1.0 else "grid"
        ends = {"x1": f"{x:.1f}", "x2": f"{x:.1f}", "y1": str(top), "y2": str(bottom)}
        ET.SubElement(svg, "line", {"class": kind, **ends})
        _text(svg, x, bottom + 15, f"{tick:g}", "faint middle")
    for number, bar in enumerate(bars):
        middle = top + LINE * number + LINE // 2
        _text(svg, LABELS - 10, middle + 4, bar.label, "end")
        if math.isnan(bar.value):
            continue
        end = _position(bar.value)
        box = {
            "x": str(LABELS),
            "y": str(middle - 7),
            "width": f"{end - LABELS:.1f}",
            "height": "14",
            "rx": "2",
        }
        ET.SubElement(svg, "rect", {"class": bar.verdict, **box})
        for peer, value in bar.marks.items():
            _mark(svg, _position(value), middle, MARKS[peer])
        _text(svg, WIDTH - 16, middle + 4, bar.note, "faint end")
    return bottom + 20


def _legend(svg: ET.Element, y: int) -> None:
    x = LABELS
    for label, kind in (("target met", "met"), ("missed", "missed"), ("later", "later")):
        box = {"x": str(x), "y": str(y - 10), "width": "12", "height": "12", "rx": "2"}
        ET.SubElement(svg, "rect", {"class": kind, **box})
        _text(svg, x + 18, y, label, "faint")
        x += 28 + 7 * len(label)
    for peer, shape in MARKS.items():
        _mark(svg, x + 6, y - 4, shape)
        _text(svg, x + 18, y, peer, "faint")
        x += 32 + 7 * len(peer)


def _mark(svg: ET.Element, x: float, y: float, shape: str) -> None:
    place = f"translate({x:.1f} {y})"
    ET.SubElement(svg, "path", {"class": "mark", "transform": place, "d": SHAPES[shape]})


def _text(svg: ET.Element, x: float, y: float, text: str, kind: str) -> None:
    ET.SubElement(svg, "text", {"class": kind, "x": f"{x:.1f}", "y": str(y)}).text = text
