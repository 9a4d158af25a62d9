"""Measure how well limits are kept: how late timeouts are, how far memory goes over its limit, what share plugins get.

Each row says what was measured and what is to be reached, so that a change which makes it worse is seen. Other work on
the machine delays timeouts too: measure on one that has nothing else to do.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from alas_interp import (
    DescriptorInput,
    DescriptorOutput,
    Interpreter,
    Limits,
    Permissions,
    PluginManager,
    RunError,
)

MEBIBYTE = 1 << 20
RUNS = 1_000
TIMEOUT = 0.02
LATE = 0.020
MEMORY = 16 * MEBIBYTE
SHARE = (0.45, 0.55)
SHARE_SECONDS = 2.0

Node = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One measured figure, in its unit, and the bounds that it is to keep."""

    name: str
    unit: str
    figure: float
    least: float
    most: float
    runs: int
    median: float

    @property
    def is_kept(self) -> bool:
        """Whether the figure is within its bounds."""
        return self.least <= self.figure <= self.most

    def document(self) -> dict[str, Any]:
        """The row as JSON."""
        bounds = {"least": self.least, "most": self.most, "is_kept": self.is_kept}
        figures = {"figure": self.figure, "median": self.median, "runs": self.runs}
        return {"name": self.name, "unit": self.unit, **figures, **bounds}


def main(words: list[str]) -> int:
    """Measure all rows, and print them; returns 1 when a bound is not kept."""
    parser = argparse.ArgumentParser(
        prog="./noxw -s limits --", description=(__doc__ or "").split("\n\n", 1)[0]
    )
    parser.add_argument(
        "--runs", type=int, default=RUNS, help="how many timeouts are measured, over all kinds"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    options = parser.parse_args(words)
    rows = [*timeouts(options.runs), *memory(), share()]
    if options.format == "json":
        machine = {"system": platform.system(), "cores": os.cpu_count(), "load": os.getloadavg()[0]}
        print(json.dumps({"machine": machine, "rows": [row.document() for row in rows]}))
    else:
        show(rows)
    return 0 if all(row.is_kept for row in rows) else 1


def show(rows: Sequence[Row]) -> None:
    """Print the rows for people."""
    table = Table(title="Limits, as they are kept", title_justify="left")
    for heading in ("row", "runs", "median", "figure", "bounds", ""):
        table.add_column(heading, justify="left" if heading in ("row", "") else "right")
    for row in rows:
        bounds = (
            f"{row.least:g} to {row.most:g} {row.unit}" if row.least else f"at most {row.most:g} {row.unit}"
        )
        verdict = "[green]kept[/]" if row.is_kept else "[bold red]not kept[/]"
        figures = (f"{row.median:.3g} {row.unit}", f"{row.figure:.3g} {row.unit}")
        table.add_row(row.name, str(row.runs), *figures, bounds, verdict)
    Console(width=None if sys.stdout.isatty() else 120).print(table)


# --- Programs ---


def literal(value: object) -> Node:
    """A literal."""
    return {"type": "literal", "value": value}


def variable(name: str) -> Node:
    """A variable."""
    return {"type": "variable", "name": name}


def builtin(name: str, *arguments: Node) -> Node:
    """A call of a standard function."""
    return {"type": "builtin", "name": name, "args": list(arguments)}


def assign(name: str, value: Node) -> Node:
    """An assignment."""
    return {"type": "assign", "target": name, "value": value}


def forever(*body: Node) -> Node:
    """A loop without an end."""
    return {"type": "while", "cond": literal(value=True), "body": list(body)}


def module(*body: Node, name: str = "measured") -> str:
    """A module with a function `main`, which takes `x`."""
    main_function = {"name": "main", "params": [{"name": "x", "type": "any"}], "body": list(body)}
    document = {"type": "module", "name": name, "exports": ["main"], "functions": [main_function]}
    return json.dumps(document)


NUMBERS = builtin("array.reverse", builtin("array.range", literal(0), literal(1_000_000)))
REQUEST = {
    "type": "map_literal",
    "pairs": [
        {"key": literal("method"), "value": literal("GET")},
        {"key": literal("url"), "value": variable("x")},
    ],
}
COMMAND = builtin("process.run", literal("sleep"), {"type": "array_literal", "elements": [literal("60")]})
CALLS: dict[str, tuple[Node, ...]] = {
    "a loop": (forever(),),
    "a loop of small builtins": (forever(assign("a", builtin("math.sqrt", literal(2.0)))),),
    "sorting": (assign("a", NUMBERS), forever(assign("b", builtin("array.sort", variable("a"))))),
    "moving": (
        assign("a", NUMBERS),
        forever(assign("a", builtin("array.insert", variable("a"), literal(0), literal(1)))),
    ),
    "comparing": (
        *(assign("a", NUMBERS), assign("b", NUMBERS)),
        forever(assign("c", {"type": "binary", "op": "==", "left": variable("a"), "right": variable("b")})),
    ),
    "brief functions": (
        assign("a", builtin("string.repeat", literal("a"), literal(50_000))),
        forever(assign("b", builtin("string.toUpper", variable("a")))),
    ),
    "long texts": (forever(assign("a", builtin("string.repeat", literal("ab"), literal(10_000_000)))),),
    "a request": ({"type": "expr", "value": builtin("net.request", REQUEST)},),
    "a command": ({"type": "expr", "value": COMMAND},),
    "a line of input": ({"type": "expr", "value": builtin("io.readLine")},),
    "output that nobody reads": (forever({"type": "expr", "value": builtin("io.println", literal("x"))}),),
}
GREEDY: dict[str, tuple[Node, ...]] = {
    "a text that doubles": (
        assign("a", literal("ab")),
        forever(assign("a", {"type": "binary", "op": "+", "left": variable("a"), "right": variable("a")})),
    ),
    "an array that grows": (
        assign("a", builtin("array.range", literal(0), literal(0))),
        forever(assign("a", builtin("array.push", variable("a"), literal(1)))),
    ),
    "arrays in arrays": (
        assign("a", literal(1)),
        forever(assign("a", {"type": "array_literal", "elements": [variable("a")]})),
    ),
    "repeat": (assign("a", builtin("string.repeat", literal("abc"), literal(20_000_000))),),
}


# --- Figures ---


@contextmanager
def silent_server() -> Iterator[str]:
    """The URL of a server that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        done = threading.Event()
        held: list[socket.socket] = []

        def accept() -> None:
            server.settimeout(0.05)
            while not done.is_set():
                try:
                    held.append(server.accept()[0])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            done.set()
            thread.join()
            for connection in held:
                connection.close()


@contextmanager
def silent_input() -> Iterator[DescriptorInput]:
    """An input that never gives a line, and never ends."""
    reading, writing = os.pipe()
    try:
        yield DescriptorInput(reading)
    finally:
        os.close(reading)
        os.close(writing)


@contextmanager
def silent_output() -> Iterator[DescriptorOutput]:
    """An output that nobody reads."""
    reading, writing = os.pipe()
    try:
        with os.fdopen(writing, "w", encoding="utf-8") as stream:
            yield DescriptorOutput(stream)
    finally:
        os.close(reading)


def timeouts(runs: int) -> Iterator[Row]:
    """Yield how late the timeouts of each kind of call are, at the 99th percentile, and those of all together."""
    permissions = Permissions(commands=["sleep"], network=["127.0.0.1"])
    delays: list[float] = []
    # Rounded up, so that there are as many as were asked for.
    each = max(1, -(-runs // (len(CALLS) + 1)))
    limits = Limits(timeout=TIMEOUT)
    with silent_server() as url, silent_input() as lines, silent_output() as output:
        for name, body in CALLS.items():
            with Interpreter(
                limits=limits, permissions=permissions, input=lines, output=output
            ) as interpreter:
                interpreter.load(module(*body))
                found = [late(lambda: interpreter.call("measured.main", url)) for _ in range(each)]
            delays += found
            yield delay_row(name, found)
    with paced("1%", timeout=f"{int(TIMEOUT * 1000)}ms") as interpreter:
        found = [late(lambda: interpreter.call("measured.main", 0)) for _ in range(each)]
    delays += found
    yield delay_row("a plugin that waits for its share", found)
    yield delay_row("all of them", delays)


def delay_row(name: str, delays: Sequence[float]) -> Row:
    """The row of delays, which are given in seconds."""
    ordered = sorted(delays)
    percentile = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
    figures = {"figure": percentile * 1000, "median": statistics.median(ordered) * 1000}
    return Row(f"timeout of {name}", "ms", least=0, most=LATE * 1000, runs=len(ordered), **figures)


def late(work: Callable[[], object]) -> float:
    """How many seconds after its time a call ends."""
    begun = time.monotonic()
    try:
        work()
    except RunError as error:
        if error.code != "timeout":
            raise
    return time.monotonic() - begun - TIMEOUT


@contextmanager
def paced(cores: str, timeout: str) -> Iterator[Interpreter]:
    """An interpreter with a plugin that loops for ever, and may have a share of a core."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder, "measured")
        here.mkdir()
        manifest = {
            "name": "measured",
            "version": "1.0.0",
            "module": "measured",
            "implementation": {"language": "alas"},
            "functions": [{"name": "main", "params": [{"name": "x", "type": "any"}]}],
            "security": {"max_cpu": cores, "timeout": timeout},
        }
        (here / "plugin.json").write_text(json.dumps(manifest), encoding="utf-8")
        (here / "measured.alas.json").write_text(module(forever()), encoding="utf-8")
        with PluginManager(Interpreter()) as manager:
            manager.initialize([folder])
            yield manager.interpreter


def memory() -> Iterator[Row]:
    """Yield how far values go over the limit of memory, in a thread of its own for each, which knows its own peak only."""
    for name, body in GREEDY.items():
        peaks: list[int] = []

        def exceed(body: Sequence[Node] = body, peaks: list[int] = peaks) -> None:
            with Interpreter(limits=Limits(memory=MEMORY)) as interpreter:
                interpreter.load(module(*body))
                try:
                    interpreter.call("measured.main", 0)
                except RunError as error:
                    if error.code == "memory_limit_exceeded":
                        peaks.append(interpreter.statistics()["memory_peak"])

        thread = threading.Thread(target=exceed)
        thread.start()
        thread.join()
        over = max(0, max(peaks) - MEMORY) / MEBIBYTE
        yield Row(f"memory of {name}", "MiB", figure=over, least=0, most=1, runs=1, median=over)


def share() -> Row:
    """The share of a core that a plugin with `max_cpu: "50%"` gets in two seconds."""
    with paced("50%", timeout=f"{int(SHARE_SECONDS * 1000)}ms") as interpreter:
        wall, spent = time.monotonic(), time.thread_time()
        try:
            interpreter.call("measured.main", 0)
        except RunError as error:
            if error.code != "timeout":
                raise
        figure = (time.thread_time() - spent) / (time.monotonic() - wall) * 100
    least, most = (bound * 100 for bound in SHARE)
    return Row("processor of a plugin with 50%", "%", figure, least=least, most=most, runs=1, median=figure)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
