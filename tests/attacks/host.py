"""What the process holds: its memory, its descriptors and its threads."""

from __future__ import annotations

import ctypes
import gc
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

PROCESS = Path("/proc/self")
SLACK = 8 << 20
"""How many bytes more the process may hold afterwards: what allocators keep for the next time."""

WORKING = 48 << 20
"""How many bytes more it may hold while an attack runs, beside the values of the attack."""


_M_ARENA_MAX = -8


@dataclass(frozen=True)
class Held:
    """What the process holds at one moment."""

    memory: int
    descriptors: Counter[str]
    threads: int

    @classmethod
    def now(cls) -> Held:
        """What it holds now, once everything has been given back that is of no use."""
        gc.collect()
        _trim()
        return cls(_memory("VmRSS"), _descriptors(), sum(1 for _ in (PROCESS / "task").iterdir()))


def require_proc() -> None:
    """Skip where nothing tells what a process holds."""
    if not (PROCESS / "task").is_dir():
        pytest.skip("/proc tells what a process holds")


def reset_peak() -> None:
    """Begin anew to note the most memory that the process holds."""
    (PROCESS / "clear_refs").write_text("5")


def peak() -> int:
    """The most bytes that the process has held since."""
    return _memory("VmHWM")


def settled(before: Held) -> Held:
    """What the process holds once its descriptors and threads are those from before; threads may take a moment to end."""
    deadline = time.monotonic() + 5
    while True:
        now = Held.now()
        if (now.descriptors, now.threads) == (before.descriptors, before.threads):
            return now
        assert time.monotonic() < deadline, f"before: {before}\nafterwards: {now}"
        time.sleep(0.005)


def _memory(name: str) -> int:
    for line in (PROCESS / "status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) * 1024
    raise LookupError(name)


def _descriptors() -> Counter[str]:
    """What is open. By what it leads to: the folder of descriptors itself is open while it is listed."""
    found: Counter[str] = Counter()
    for entry in (PROCESS / "fd").iterdir():
        try:
            found[str(entry.readlink())] += 1
        except FileNotFoundError:
            continue
    return Counter({name: count for name, count in found.items() if not name.endswith("/fd")})


def _trim() -> None:
    """Let the C library give back what it keeps, and keep nothing apart for threads; where it is GNU's."""
    library = ctypes.CDLL(None)
    if hasattr(library, "malloc_trim"):
        library.mallopt(_M_ARENA_MAX, 1)
        library.malloc_trim(0)
