import io
import os
import pty
import signal
import socket
import threading
import time
from unittest.mock import MagicMock

import pytest

from alas_interp import (
    CancelledError,
    DescriptorOutput,
    DivisionByZeroError,
    Interpreter,
    Limits,
    StepLimitExceededError,
    TimeoutExceededError,
)

# More than any pipe holds.
MUCH = 1 << 21


def pipe_ends():
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb", buffering=0), os.fdopen(writing, "w", encoding="utf-8")


def terminal_ends():
    reading, writing = pty.openpty()
    return os.fdopen(reading, "rb", buffering=0), os.fdopen(writing, "w", encoding="utf-8")


def socket_ends():
    reading, writing = socket.socketpair()
    with reading, writing:
        return os.fdopen(os.dup(reading.fileno()), "rb", buffering=0), os.fdopen(
            os.dup(writing.fileno()), "w", encoding="utf-8"
        )


@pytest.fixture(params=[pipe_ends, terminal_ends, socket_ends])
def ends(request):
    """What is read from, and what is written to."""
    reader, writer = request.param()
    with writer, reader:
        yield reader, writer


@pytest.fixture
def pipe():
    reader, writer = pipe_ends()
    with writer, reader:
        yield reader, writer


@pytest.fixture
def printer(programs):
    """Makes an interpreter that prints to a stream."""

    def printing(*texts):
        return [{"type": "expr", "value": programs.builtin("io.print", text)} for text in texts]

    repeated = programs.builtin("string.repeat", programs.variable("text"), programs.variable("times"))
    loop = {"type": "while", "cond": programs.literal(True), "body": printing(programs.variable("text"))}
    divide = {"type": "binary", "op": "/", "left": programs.literal(1), "right": programs.literal(0)}
    parameters = [("text", "string"), ("times", "int")]
    arguments = {"type": "array_literal", "elements": [programs.variable("text"), programs.variable("times")]}
    spawned = [programs.builtin("async.spawn", programs.literal("endless"), arguments)] * 4
    tasks = programs.builtin("async.parallel", {"type": "array_literal", "elements": spawned})
    bodies = {
        "say": printing(repeated),
        "endless": [loop],
        "fail": [*printing(repeated), programs.returning(divide)],
        "tasks": [programs.returning(tasks)],
    }
    module = programs.module(
        *(programs.function(name, *body, params=parameters) for name, body in bodies.items()), name="m"
    )

    def make(stream, **limits):
        interpreter = Interpreter(output=stream, limits=Limits(**limits))
        interpreter.load(module)
        return interpreter

    return make


@pytest.mark.parametrize("function", ["say", "endless", "tasks"])
def test_a_timeout_ends_waiting(ends, printer, function):
    interpreter = printer(DescriptorOutput(ends[1]), timeout=0.1)
    for _ in range(3):
        begun = time.monotonic()
        with pytest.raises(TimeoutExceededError):
            interpreter.call(f"m.{function}", "é\n", MUCH)
        assert time.monotonic() - begun < 5


@pytest.mark.parametrize("function", ["say", "endless", "tasks"])
def test_an_interrupt_ends_waiting(ends, printer, function):
    interpreter = printer(DescriptorOutput(ends[1]))
    timer = threading.Timer(0.1, interpreter.interrupt)
    timer.start()
    with pytest.raises(CancelledError):
        interpreter.call(f"m.{function}", "é\n", MUCH)
    timer.join()


def test_a_slow_reader_does_not_hold_up_a_timeout(pipe, printer):
    reader, writer = pipe
    is_over = threading.Event()

    def read_slowly():
        while not is_over.wait(0.003):
            reader.read(4096)

    thread = threading.Thread(target=read_slowly)
    thread.start()
    begun = time.monotonic()
    try:
        with pytest.raises(TimeoutExceededError):
            printer(DescriptorOutput(writer), timeout=0.1).call("m.say", "x", MUCH)
        assert time.monotonic() - begun < 0.5
    finally:
        is_over.set()
        thread.join()


@pytest.mark.parametrize(
    ("function", "limits", "error"),
    [
        ("say", {}, None),
        ("fail", {}, DivisionByZeroError),
        ("endless", {"steps": 200_000}, StepLimitExceededError),
    ],
)
def test_a_late_reader_gets_everything(pipe, printer, function, limits, error):
    reader, writer = pipe
    read = []

    def read_late():
        time.sleep(0.2)
        while piece := reader.read(1 << 16):
            read.append(piece)

    thread = threading.Thread(target=read_late)
    thread.start()
    interpreter = printer(DescriptorOutput(writer), **limits)
    if error is None:
        interpreter.call(f"m.{function}", "é", 200_000)
    else:
        with pytest.raises(error):
            interpreter.call(f"m.{function}", "é", 200_000)
    writer.close()
    thread.join()
    assert b"".join(read).decode() == "é" * 200_000


def test_what_a_stopped_call_has_printed_is_not_that_of_the_next(pipe, printer):
    reader, writer = pipe
    interpreter = printer(DescriptorOutput(writer), timeout=0.1)
    with pytest.raises(TimeoutExceededError):
        interpreter.call("m.say", "A", 100_000)
    os.set_blocking(reader.fileno(), False)
    while reader.read(1 << 16):
        pass
    interpreter.call("m.say", "B", 1)
    assert reader.read(100) == b"B"


def test_lines_of_tasks_come_whole(pipe, printer):
    reader, writer = pipe
    line = "x" * 70 + "\n"
    interpreter = printer(DescriptorOutput(writer), steps=20_000)
    read = []
    thread = threading.Thread(target=lambda: read.extend(iter(lambda: reader.read(1 << 16), b"")))
    thread.start()
    interpreter.call("m.tasks", line, 0)
    writer.close()
    thread.join()
    lines = b"".join(read).decode().splitlines(keepends=True)
    assert set(lines) == {line}
    assert len(lines) >= 10_000


def test_ctrl_c_while_a_failed_program_waits(pipe, printer):
    interpreter = printer(DescriptorOutput(pipe[1]))
    timer = threading.Timer(0.2, lambda: signal.raise_signal(signal.SIGINT))
    timer.start()
    with pytest.raises(CancelledError) as caught:
        interpreter.call("m.fail", "x", MUCH)
    timer.join()
    assert isinstance(caught.value.__cause__, KeyboardInterrupt)


def test_what_others_print_keeps_its_place(pipe):
    reader, writer = pipe
    stream = DescriptorOutput(writer)
    writer.write("before ")
    stream.write("between ")
    writer.write("after")
    stream.flush()
    assert os.read(reader.fileno(), 100) == b"before between after"


def test_characters_come_whole(pipe):
    reader, writer = pipe
    stream = DescriptorOutput(writer)
    stream.write("x")
    text = "😀" * MUCH
    written = stream.write_within(text, 0.01)
    assert 0 < written < MUCH
    assert stream.write_within(text[written:], 0.01) == 0
    read = reader.read(1 << 20)
    assert read[1:].decode(errors="ignore") == "😀" * ((len(read) - 1) // 4)
    assert stream.write_within("y", 0.01) == 1
    assert reader.read(1 << 20).decode("utf-8", "ignore").lstrip("\ufffd").endswith("y")


def test_a_file_takes_everything(tmp_path, printer):
    with (tmp_path / "file").open("w", encoding="utf-8") as file:
        printer(DescriptorOutput(file)).call("m.say", "é", MUCH)
    assert (tmp_path / "file").read_text(encoding="utf-8") == "é" * MUCH


def test_a_reader_that_has_gone_is_an_error():
    reading, writing = os.pipe()
    os.close(reading)
    with pytest.raises(BrokenPipeError), os.fdopen(writing, "w", encoding="utf-8") as writer:
        DescriptorOutput(writer).write("x")


def test_what_it_cannot_write_to_is_refused(tmp_path):
    with pytest.raises(OSError, match="fileno"):
        DescriptorOutput(io.StringIO())
    with (
        (tmp_path / "file").open("w", encoding="utf-16") as file,
        pytest.raises(ValueError, match="utf-16, which is not UTF-8"),
    ):
        DescriptorOutput(file)


def test_a_mock_is_no_patient_stream(printer):
    mock = MagicMock()
    printer(mock, timeout=10).call("m.say", "é", 3)
    mock.write.assert_called_once_with("ééé")
