"""Time contenders in turns, so that whatever else the machine does falls on all of them alike."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from .measured import Measured
from .peers import Contender
from .rows import SUBJECT, Row

# Long rounds are few. Short ones go on for a while, because a machine has phases in which everything takes longer.
FEWEST_ROUNDS = 7
MOST_ROUNDS = 100
ROW_SECONDS = 5.0
# A slow contender takes part in fewer rounds; it is far from every target anyway.
SLOW_SECONDS = 0.5
SLOW_ROUNDS = 3


def measure(row: Row, contenders: Mapping[str, Contender], benchmark: Any) -> dict[str, list[float]]:
    """Return the seconds that one call took, for each contender and round.

    pytest-benchmark times ALaS; before each of its rounds every peer is timed once. How many rounds there are depends on how
    long everybody takes in one that does not count.

    Args:
        row: what is measured.
        contenders: ALaS and its peers.
        benchmark: the fixture of pytest-benchmark.

    Raises:
        AssertionError: the contenders disagree on the result.
    """
    peers = {name: contender for name, contender in contenders.items() if name != SUBJECT}
    times: dict[str, list[float]] = {name: [] for name in peers}
    results: dict[str, object] = {}

    def time_peers() -> None:
        for name, contender in peers.items():
            taken = times[name]
            if len(taken) >= SLOW_ROUNDS and min(taken) > SLOW_SECONDS:
                continue
            start = time.perf_counter()
            results[name] = contender()
            taken.append((time.perf_counter() - start) / row.calls)

    begun = time.perf_counter()
    for contender in contenders.values():
        contender()
    fitting = int(ROW_SECONDS / (time.perf_counter() - begun))
    rounds = min(max(fitting, FEWEST_ROUNDS), MOST_ROUNDS)
    results[SUBJECT] = benchmark.pedantic(contenders[SUBJECT], setup=time_peers, rounds=rounds, iterations=1)
    assert all(result == results[SUBJECT] for result in results.values()), f"the results differ: {results}"
    times[SUBJECT] = [taken / row.calls for taken in benchmark.stats.stats.data]
    return {name: times[name] for name in contenders}


def measured(
    row: Row, contenders: Mapping[str, Contender], missing: Mapping[str, str], benchmark: Any
) -> Measured:
    """Measure a row and keep what became of it with the times that pytest-benchmark saves."""
    found = Measured(row, measure(row, contenders, benchmark), missing)
    benchmark.extra_info.update(found.document())
    return found
