import io
import os
import threading
import time

import pytest

from alas_interp import CancelledError, DescriptorOutput, Interpreter, Limits, TimeoutExceededError

# More than any pipe holds.
MUCH = 1 << 21


@pytest.fixture
def pipe():
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as reader, os.fdopen(writing, "w", encoding="utf-8") as writer:
        yield reader, writer


@pytest.fixture
def printer(programs):
    text = programs.builtin("string.repeat", programs.literal("é"), programs.literal(MUCH // 2))
    say = programs.function("say", programs.returning(programs.builtin("io.print", text)))

    def make(stream, **limits):
        interpreter = Interpreter(output=stream, limits=Limits(**limits))
        interpreter.load(programs.module(say, name="m"))
        return interpreter

    return make


def test_a_timeout_ends_waiting(pipe, printer):
    interpreter = printer(DescriptorOutput(pipe[1]), timeout=0.05)
    begun = time.monotonic()
    with pytest.raises(TimeoutExceededError):
        interpreter.call("m.say")
    assert time.monotonic() - begun < 5


def test_an_interrupt_ends_waiting(pipe, printer):
    interpreter = printer(DescriptorOutput(pipe[1]))
    timer = threading.Timer(0.05, interpreter.interrupt)
    timer.start()
    with pytest.raises(CancelledError):
        interpreter.call("m.say")
    timer.join()


def test_a_slow_reader_gets_everything(pipe, printer):
    reader, writer = pipe
    interpreter = printer(DescriptorOutput(writer))
    read = []

    def read_slowly():
        while sum(map(len, read)) < MUCH:
            time.sleep(0.001)
            read.append(os.read(reader.fileno(), 1 << 16))

    thread = threading.Thread(target=read_slowly)
    thread.start()
    interpreter.call("m.say")
    thread.join()
    assert b"".join(read).decode() == "é" * (MUCH // 2)


def test_what_others_print_keeps_its_place(pipe):
    reader, writer = pipe
    stream = DescriptorOutput(writer)
    writer.write("before ")
    stream.write("between ")
    writer.write("after")
    stream.flush()
    assert os.read(reader.fileno(), 100) == b"before between after"


def test_room(pipe, tmp_path):
    stream = DescriptorOutput(pipe[1])
    assert not stream.isatty()
    assert stream.await_room(0) >= 512
    with (tmp_path / "file").open("w", encoding="utf-8") as file:
        assert DescriptorOutput(file).await_room(0) >= 512
    os.set_blocking(pipe[1].fileno(), False)
    while stream.await_room(0):
        os.write(pipe[1].fileno(), b"x" * 512)
    assert stream.await_room(0.001) == 0


def test_a_reader_that_has_gone_is_an_error():
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError), os.fdopen(writing, "w", encoding="utf-8") as writer:
        DescriptorOutput(writer).write("x")


def test_a_stream_without_descriptor_is_refused():
    with pytest.raises(OSError, match="fileno"):
        DescriptorOutput(io.StringIO())
