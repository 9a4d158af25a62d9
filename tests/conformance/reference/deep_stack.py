"""Room for deep recursion: programs may have 10,000 open calls, and each takes many Python frames."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

# Python frames that one call of an ALaS function may need, in an expression nested as deep as tests nest them.
_FRAMES_PER_CALL = 60
_STACK_BYTES = 512 * 1024 * 1024


def with_deep_stack(work: Callable[[], T], depth: int) -> T:
    """Do the work on a thread whose stack holds so many nested calls."""
    outcome: list[T | BaseException] = []

    def body() -> None:
        try:
            outcome.append(work())
        except BaseException as problem:  # noqa: BLE001 - it is raised again on the caller's thread
            outcome.append(problem)

    old_limit, old_size = sys.getrecursionlimit(), threading.stack_size(_STACK_BYTES)
    sys.setrecursionlimit(max(old_limit, depth * _FRAMES_PER_CALL))
    try:
        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
    finally:
        threading.stack_size(old_size)
        sys.setrecursionlimit(old_limit)
    result = outcome[0]
    if isinstance(result, BaseException):
        raise result
    return result
