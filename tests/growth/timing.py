"""Compare the time of some work with that of much more work, on a machine that does other things too."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

# So much more work is compared that a machine that is a quarter slower for one of both does not matter.
TIMES = 8
# It may take this many times as long: caches have their share. What is quadratic takes 64 times as long.
MOST = 12
LEAST_ROUNDS = 5
MOST_ROUNDS = 50
# Where even this many seconds do not bring the answer down, it is true.
MOST_SECONDS = 10


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how many times as long `TIMES` times the work takes.

    Both are run in turns, in time of this thread's processor, and the median of what the rounds say is the answer: a processor
    that is slow for a while, or fast, is so for both halves of nearly every round. Rounds are added while the answer is above
    `MOST`.

    Args:
        work: does as much work as it is told.
        size: how much; `TIMES` times as much should take some milliseconds.
    """
    work(TIMES * size)
    ratios: list[float] = []
    end = time.monotonic() + MOST_SECONDS
    gc.disable()
    try:
        while True:
            less = time_of(work, size)
            ratios.append(time_of(work, TIMES * size) / less)
            ratio = statistics.median(ratios)
            enough = ratio <= MOST or len(ratios) == MOST_ROUNDS or time.monotonic() > end
            if len(ratios) >= LEAST_ROUNDS and enough:
                return ratio
    finally:
        gc.enable()


def time_of(work: Callable[[int], object], size: int) -> float:
    """Return how many seconds of this thread's processor some work takes."""
    start = time.thread_time()
    work(size)
    return time.thread_time() - start
