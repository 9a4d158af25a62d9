"""What the generator promises: the same program for the same seed, soon at its end, with something of everything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from .generator import generate
from .on_reference import Call, on_reference
from .reference.library import FUNCTIONS
from .shrink import shrink

SEEDS = range(400)
STEPS = 50_000
# They read the clock, draw at random, ask the host, read input, or end in a digit that is the C library's to decide.
NOT_GENERATED = {
    *(
        "io.print",
        "io.readLine",
        "math.PI",
        "math.E",
        "math.exp",
        "math.log",
        "math.log2",
        "math.log10",
        "math.sin",
    ),
    *("math.cos", "math.tan", "math.asin", "math.acos", "math.atan", "math.atan2", "math.hypot", "math.pow"),
    *("math.random", "math.randomInt", "time.now", "time.monotonic", "time.format", "time.parse", "env.get"),
    *("plugin.config", "plugin.name", "plugin.version"),
    # Tasks: how far one is, and what limits come to, depends on the moment; `cases/async` has what does not.
    *(name for name in FUNCTIONS if name.startswith("async.")),
}


@pytest.mark.parametrize("seed", SEEDS)
def test_runs_to_an_end(seed: int) -> None:
    program = generate(seed)
    assert program == generate(seed)
    outcome = on_reference(program, Call(limits={"steps": STEPS}))
    assert outcome.error is None or outcome.error.code != "step_limit_exceeded"
    assert len(outcome.output) < 1_000_000


def test_uses_everything() -> None:
    found: Counter[str] = Counter()
    for seed in SEEDS:
        for node in nodes(generate(seed)):
            found[str(node.get("type"))] += 1
            found[str(node.get("op"))] += 1
            if node.get("type") in ("builtin", "module_call"):
                found[f"{node.get('module', '').removeprefix('std.')}.{node['name']}".removeprefix(".")] += 1
    kinds = "assign if while for return expr literal variable binary unary call module_call builtin"
    kinds += " array_literal map_literal index field"
    operators = "+ - * / % < <= > >= == != && || !"
    missing = {*kinds.split(), *operators.split(), *(FUNCTIONS.keys() - NOT_GENERATED)} - found.keys()
    assert missing == set()


def test_shrinking_keeps_the_property() -> None:
    program = generate(1)
    small = shrink(program, lambda smaller: "result.try" in json.dumps(smaller))
    assert len(json.dumps(small)) < 400


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for part in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(part)
