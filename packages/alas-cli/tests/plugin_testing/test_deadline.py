from __future__ import annotations

import contextlib
import signal
import threading
import time

import pytest

from alas_cli._plugin._testing.deadline import TimeLimitError, call_within


def sleep():
    time.sleep(60)


def spin():
    while True:
        pass


def stubborn():
    for _ in range(3):
        with contextlib.suppress(BaseException):
            time.sleep(60)
    return "done"


def failing():
    raise ValueError("own")


@pytest.mark.parametrize("call", [sleep, spin, stubborn])
def test_whatever_runs_too_long_is_stopped(call):
    started = time.monotonic()
    with pytest.raises(TimeLimitError):
        call_within(0.05, call, lambda: None)
    assert time.monotonic() - started < 5


def test_what_ends_in_time_is_left_alone():
    before = signal.getsignal(signal.SIGALRM)
    assert call_within(60, lambda: 5, lambda: None) == 5
    with pytest.raises(ValueError, match="own"):
        call_within(60, failing, lambda: None)
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_limit_beyond_all_clocks_is_none():
    assert call_within(2**63 / 1e6, lambda: 5, lambda: None) == 5


def test_in_another_thread_the_engine_is_interrupted():
    stopped = threading.Event()
    outcome = []

    def run():
        try:
            call_within(0.05, lambda: stopped.wait(20), stopped.set)
        except TimeLimitError:
            outcome.append("stopped")
        outcome.append(call_within(20, lambda: 5, stopped.set))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    assert outcome == ["stopped", 5]
