"""Calls from many threads for a long time: `python -m tests.soak --threads 64 --seconds 600`.

A tenth of the calls fail, run out of time or are cancelled; all others give results that are known. What counts is that no
call comes to anything else, and that the process does not grow.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from alas_core import Cancellation
from alas_core.errors import CancelledError, DivisionByZeroError, RunError, TimeoutExceededError
from alas_interp import Interpreter, Limits

PROGRAM = Path(__file__).with_name("calls.alas.json")
TIME_LIMIT = 0.03
# What the process may grow by once all threads have made some calls, in bytes.
MOST_GROWTH = 32 << 20
# The share of the time after which it is measured for the first time.
WARM_UP = 0.2


@dataclass
class Report:
    """What the calls have come to.

    Attributes:
        outcomes: how many calls came to what: the names of functions, and of errors.
        wrong: what no call should have come to, each once.
        growth: how many bytes the process has grown by since it was warm.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    wrong: set[str] = field(default_factory=set)
    growth: int = 0

    def is_good(self) -> bool:
        """Whether all calls came to what they should, and the process has not grown."""
        return not self.wrong and self.growth <= MOST_GROWTH


class Soak:
    """Calls from many threads, of one interpreter without and of one with a time limit."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.report = Report()
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self.patient = Interpreter()
        self.hasty = Interpreter(limits=Limits(timeout=TIME_LIMIT))
        for interpreter in (self.patient, self.hasty):
            interpreter.load(PROGRAM)

    def run(self, threads: int, seconds: float) -> Report:
        """Call from so many threads for so many seconds; return what the calls came to."""
        workers = [threading.Thread(target=self._work, args=(number,)) for number in range(threads)]
        for worker in workers:
            worker.start()
        time.sleep(seconds * WARM_UP)
        before = resident()
        time.sleep(seconds * (1 - WARM_UP))
        self.report.growth = max(0, resident() - before)
        self._is_over.set()
        for worker in workers:
            worker.join()
        self.patient.close()
        self.hasty.close()
        return self.report

    def _work(self, number: int) -> None:
        chance = random.Random(f"{self.seed} {number}")
        outcomes: Counter[str] = Counter()
        while not self._is_over.is_set():
            name, call = chance.choice(BAD if chance.random() < 0.1 else GOOD)
            try:
                problem = call(self, chance.randrange(1, 60))
            except RunError as error:
                problem = f"{type(error).__name__}: {error.message}"
            outcomes[name] += 1
            if problem is not None:
                with self._lock:
                    self.report.wrong.add(f"{name}: {problem}")
        with self._lock:
            self.report.outcomes += outcomes

    def fails(self, number: int) -> str | None:
        """A call that fails."""
        return raises(DivisionByZeroError, lambda: self.patient.call("calls.fails", number))

    def is_late(self, _number: int) -> str | None:
        """A call that runs out of its time."""
        return raises(TimeoutExceededError, lambda: self.hasty.call("calls.endless"))

    def task_is_late(self, _number: int) -> str | None:
        """A call that waits for a task, and runs out of its time."""
        return raises(TimeoutExceededError, lambda: self.hasty.call("calls.waits"))

    def is_cancelled(self, number: int) -> str | None:
        """A call that is cancelled while it runs."""
        cancellation = Cancellation(self.patient._engine)
        timer = threading.Timer(number / 10_000, cancellation.cancel)
        timer.start()
        try:
            return raises(CancelledError, lambda: cancellation.call("calls.endless"))
        finally:
            timer.join()


def raises(expected: type[RunError], call: Callable[[], object]) -> str | None:
    """Say what a call came to, unless it is the expected error."""
    try:
        result = call()
    except expected:
        return None
    return f"returned {result!r}"


def gives(function: str, expected: Callable[[int], object]) -> Callable[[Soak, int], str | None]:
    """A call whose result is known."""

    def call(soak: Soak, number: int) -> str | None:
        result = soak.patient.call(f"calls.{function}", number)
        return None if result == expected(number) else f"returned {result!r} for {number}"

    return call


Calls = list[tuple[str, Callable[[Soak, int], "str | None"]]]

GOOD: Calls = [
    ("adds", gives("adds", lambda n: n * (n - 1) // 2)),
    (
        "builds",
        gives("builds", lambda n: {"items": list(range(n)), "text": "ä" * n, "nested": [{"n": n}, None]}),
    ),
    ("tasks", gives("tasks", lambda n: [n * (n - 1) // 2, (n + 1) * n // 2, (n + 2) * (n + 1) // 2])),
]
BAD: Calls = [
    ("fails", Soak.fails),
    ("is late", Soak.is_late),
    ("a task is late", Soak.task_is_late),
    ("is cancelled", Soak.is_cancelled),
]


def resident() -> int:
    """Return how many bytes of the process are in memory; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * 4096


def main() -> int:
    """Run it, and print what it came to."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    report = Soak(options.seed).run(options.threads, options.seconds)
    calls = sum(report.outcomes.values())
    document = {
        "ok": report.is_good(),
        "threads": options.threads,
        "seconds": options.seconds,
        "seed": options.seed,
        "calls": calls,
        "outcomes": dict(report.outcomes),
        "wrong": sorted(report.wrong)[:20],
        "growth_bytes": report.growth,
    }
    print(json.dumps(document, indent=2))
    return 0 if report.is_good() else 1


if __name__ == "__main__":
    sys.exit(main())
