import os
import threading
import time

import pytest

from alas_interp import DescriptorInput, Interpreter, Limits, RunError

PATIENCE = 0.001


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    ends = [writing]
    yield DescriptorInput(reading), Writer(ends)
    for descriptor in (reading, *ends):
        os.close(descriptor)


class Writer:
    """The other end of the pipe."""

    def __init__(self, ends):
        self._ends = ends

    def write(self, data):
        os.write(self._ends[0], data)

    def close(self):
        os.close(self._ends.pop())


def lines_of(stream):
    lines = []
    while stream.await_line(PATIENCE, 100) and (line := stream.readline()):
        lines.append(line)
    return lines


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        ([b"one\ntwo\n"], ["one\n", "two\n"]),
        ([b"one\r\n\nlast"], ["one\r\n", "\n", "last"]),
        ([b"o", b"n", b"e\nt", b"wo"], ["one\n", "two"]),
        (["naïve ☕\n".encode()], ["naïve ☕\n"]),
        ([b"\xff\n"], ["\ufffd\n"]),
        ([], []),
    ],
)
def test_lines_come_whole(pipe, pieces, lines):
    stream, end = pipe
    for piece in pieces:
        end.write(piece)
        stream.await_line(0, 100)
    end.close()
    assert lines_of(stream) == lines
    assert stream.await_line(0, 100)
    assert stream.readline() == ""


def test_what_is_no_line_yet_is_waited_for(pipe):
    stream, end = pipe
    end.write(b"no line")
    assert not stream.await_line(PATIENCE, 100)
    end.write(b" yet\n")
    assert stream.await_line(PATIENCE, 100)
    assert stream.readline() == "no line yet\n"


def test_a_line_may_be_too_long(pipe):
    stream, end = pipe
    end.write(b"x" * 101)
    with pytest.raises(MemoryError, match="more than 100 bytes"):
        stream.await_line(PATIENCE, 100)
    end.write(b"short\n")
    assert stream.await_line(PATIENCE, 100)
    assert stream.readline() == "short\n"


def test_a_closed_descriptor_is_an_error():
    reading, writing = os.pipe()
    os.close(reading)
    os.close(writing)
    with pytest.raises(OSError, match="Bad file descriptor"):
        DescriptorInput(reading).await_line(PATIENCE, 100)


@pytest.fixture
def asker(programs):
    def make(stream, **limits):
        interpreter = Interpreter(input=stream, limits=Limits(**limits))
        interpreter.load(
            programs.module(
                programs.function("ask", programs.returning(programs.builtin("io.readLine"))), name="m"
            )
        )
        return interpreter

    return make


def test_a_timeout_ends_waiting(pipe, asker):
    interpreter = asker(pipe[0], timeout=0.05)
    begun = time.monotonic()
    with pytest.raises(RunError) as caught:
        interpreter.call("m.ask")
    assert caught.value.code == "timeout"
    assert time.monotonic() - begun < 5
    # What comes later is not lost.
    pipe[1].write(b"late\n")
    assert interpreter.call("m.ask") == "late"


def test_an_interrupt_ends_waiting(pipe, asker):
    interpreter = asker(pipe[0])
    timer = threading.Timer(0.05, interpreter.interrupt)
    timer.start()
    with pytest.raises(RunError) as caught:
        interpreter.call("m.ask")
    timer.join()
    assert caught.value.code == "cancelled"


def test_a_line_without_end_is_held_to_the_limit(pipe, asker):
    interpreter = asker(pipe[0], memory=64 << 10)
    pipe[1].write(b"x" * (40 << 10))
    with pytest.raises(RunError) as caught:
        interpreter.call("m.ask")
    assert caught.value.code == "memory_limit_exceeded"


def test_threads_share_the_lines(pipe, asker):
    interpreter = asker(pipe[0])
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(interpreter.call("m.ask"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    pipe[1].write(b"a\nb\nc\nd\n")
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["a", "b", "c", "d"]
