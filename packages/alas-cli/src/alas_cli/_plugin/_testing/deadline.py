"""Calls that may take only so long.

In the main thread the operating system's alarm ends a call, as Ctrl-C would: it reaches the engine and Python functions alike,
also one that sleeps. Elsewhere a second thread interrupts the engine, and a Python function ends only in its own time.
"""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

_Result = TypeVar("_Result")

# More than any clock of the operating system counts would be an error; this is three years.
_LONGEST = 1e8
# Code that swallows the first alarm gets another.
_SECONDS_TO_THE_NEXT = 0.1


class TimeLimitError(Exception):
    """A call took longer than it may."""


class _AlarmError(BaseException):
    """Raised in the middle of whatever runs when the time is up; no `except Exception` in a plugin catches it."""


def call_within(seconds: float, call: Callable[[], _Result], interrupt: Callable[[], object]) -> _Result:
    """Call something, and stop it when the time is up.

    Args:
        seconds: how long it may take.
        call: what is called.
        interrupt: stops the engine, from another thread.

    Returns:
        What it returned.

    Raises:
        TimeLimitError: the time was up before it ended.
        Exception: what it raised.
    """
    seconds = min(seconds, _LONGEST)
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _call_with_alarm(seconds, call)
    return _call_with_timer(seconds, call, interrupt)


def _call_with_alarm(seconds: float, call: Callable[[], _Result]) -> _Result:
    is_armed, is_up = True, False

    def ring(_signal: int, _frame: FrameType | None) -> None:
        nonlocal is_up
        if is_armed:
            is_up = True
            raise _AlarmError

    previous = signal.signal(signal.SIGALRM, ring)
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, _SECONDS_TO_THE_NEXT)
            result = call()
        finally:
            is_armed = False
    except (Exception, _AlarmError):
        if not is_up:
            raise
    else:
        if not is_up:
            return result
    finally:
        is_armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    raise TimeLimitError


def _call_with_timer(seconds: float, call: Callable[[], _Result], interrupt: Callable[[], object]) -> _Result:
    is_up = threading.Event()

    def ring() -> None:
        is_up.set()
        interrupt()

    timer = threading.Timer(seconds, ring)
    timer.start()
    try:
        result = call()
    except Exception:
        if not is_up.is_set():
            raise
    else:
        if not is_up.is_set():
            return result
    finally:
        timer.cancel()
    raise TimeLimitError
