"""What exceptions of Python functions are to programs: the error, the place, the log."""

from __future__ import annotations

import json
import logging
import signal
import sys
from pathlib import Path

import pytest

from alas_interp import AlasValueError, CancelledError, HostModule, Interpreter, NativeError

HERE = "(test_native_failures.py, line "


@pytest.fixture
def call():
    module = HostModule("host")

    @module.function
    def parse(text: str) -> int:
        return json.loads(text)["a"]

    @module.function
    def end(how: str) -> None:
        if how == "signal":
            signal.raise_signal(signal.SIGTERM)
        elif how == "code":
            sys.exit(0)
        else:
            raise SystemExit

    with Interpreter() as interpreter:
        interpreter.define(module)
        yield interpreter.call


def test_the_place_is_the_last_line_of_the_authors_own_code(call):
    with pytest.raises(AlasValueError) as caught:
        call("host.parse", "{")
    assert caught.value.message.startswith("host.parse: Expecting property name")
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "json.loads(text)" in text)
    assert caught.value.message.endswith(f"{HERE}{line})")


@pytest.mark.parametrize(("how", "text"), [("code", "SystemExit: 0"), ("bare", "SystemExit")])
def test_a_function_ends_its_call_and_not_the_program(call, how, text):
    with pytest.raises(NativeError) as caught:
        call("host.end", how)
    assert caught.value.message.startswith(
        f"host.end: {text}, which ends the call and not the program {HERE}"
    )


def test_a_signal_that_the_host_handles_ends_the_program(call):
    def handle(number, frame):
        sys.exit(3)

    previous = signal.signal(signal.SIGTERM, handle)
    try:
        with pytest.raises(CancelledError) as caught:
            call("host.end", "signal")
    finally:
        signal.signal(signal.SIGTERM, previous)
    assert caught.value.message == "the host stopped the program: SystemExit: 3"


def test_the_log_gets_the_traceback_line_by_line(call, caplog):
    with caplog.at_level(logging.DEBUG, "alas.registry"), pytest.raises(AlasValueError):
        call("host.parse", "{")
    assert caplog.messages[:2] == ["host.parse has failed:", "  Traceback (most recent call last):"]
    assert any('return json.loads(text)["a"]' in message for message in caplog.messages)
    assert not any("\n" in message for message in caplog.messages)


def test_otherwise_the_log_gets_nothing(call, caplog):
    with caplog.at_level(logging.INFO, "alas.registry"), pytest.raises(AlasValueError):
        call("host.parse", "{")
    assert caplog.messages == []
