"""Compare the time of some work with that of twice the work, on a machine that does other things too."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

# Twice the work may take this many times as long. What is quadratic takes four times as long.
MOST = 2.3
LEAST_ROUNDS = 3
MOST_ROUNDS = 200
# Where even this many seconds do not bring the answer down, it is true.
MOST_SECONDS = 10


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how many times as long twice the work takes.

    Both are run in turns, in time of this thread's processor. Two estimates are made of the rounds, and the smaller one counts:
    the median of what the rounds say, since a processor that is slow for a while, or fast, is so for both halves of nearly
    every round; and the ratio of the best times, since others that use the same caches only ever add time. Rounds are added
    while the answer is above `MOST`.

    Args:
        work: does as much work as it is told.
        size: how much; it should take some milliseconds.
    """
    work(size)
    once: list[float] = []
    twice: list[float] = []
    end = time.monotonic() + MOST_SECONDS
    gc.disable()
    try:
        while True:
            once.append(time_of(work, size))
            twice.append(time_of(work, 2 * size))
            of_rounds = statistics.median(more / less for less, more in zip(once, twice, strict=True))
            ratio = min(of_rounds, min(twice) / min(once))
            enough = ratio <= MOST or len(once) == MOST_ROUNDS or time.monotonic() > end
            if len(once) >= LEAST_ROUNDS and enough:
                return ratio
    finally:
        gc.enable()


def time_of(work: Callable[[int], object], size: int) -> float:
    """Return how many seconds of this thread's processor some work takes."""
    start = time.thread_time()
    work(size)
    return time.thread_time() - start
