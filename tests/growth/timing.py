"""Compare the time of some work with that of twice the work, on a machine that does other things too."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

# Twice the work may take this many times as long. What is quadratic takes four times as long.
MOST = 2.3
LEAST_ROUNDS = 3
MOST_ROUNDS = 25
# Where even this many seconds do not bring the answer down, it is true.
MOST_SECONDS = 10


def growth(work: Callable[[int], object], size: int) -> float:
    """Return how many times as long twice the work takes.

    Both are run in turns and the best time of each counts, in time of this thread's processor. Rounds are added while
    the answer is above `MOST`, because other processes only ever add time.

    Args:
        work: does as much work as it is told.
        size: how much; it should take some milliseconds.
    """
    work(size)
    best = [float("inf"), float("inf")]
    ratio = float("inf")
    end = time.monotonic() + MOST_SECONDS
    gc.disable()
    try:
        for number in range(MOST_ROUNDS):
            for position, amount in enumerate((size, 2 * size)):
                start = time.thread_time()
                work(amount)
                best[position] = min(best[position], time.thread_time() - start)
            ratio = best[1] / best[0]
            enough = ratio <= MOST or time.monotonic() > end
            if number + 1 >= LEAST_ROUNDS and enough:
                break
    finally:
        gc.enable()
    return ratio
