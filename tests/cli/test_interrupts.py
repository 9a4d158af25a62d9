"""Ctrl-C and other requests to end, at any moment: quiet, never lost."""

from __future__ import annotations

import json
import os
import signal
import sys
import time

import pytest

from .commands import Commands, command
from .programs import builtin, function, literal, module, saying

ENDLESS = module(function("main", {"type": "while", "cond": literal(value=True), "body": []}))
ENDED = (-signal.SIGINT, 130)


@pytest.mark.parametrize("name", ["alas-run", "alas-validate"])
@pytest.mark.parametrize("output_format", ["text", "json"])
def test_while_standard_input_is_read(commands: Commands, name: str, output_format: str) -> None:
    process = commands.start(name, "-format", output_format, "-")
    time.sleep(0.7)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    out, err = process.stdout.read().decode(), process.stderr.read().decode()
    assert "Traceback" not in err
    if output_format == "json":
        assert json.loads(out)["error"]["code"] == "cancelled"
    else:
        assert (out, err.strip()) == ("", "interrupted")


@pytest.mark.parametrize(
    "module_name",
    ["alas_cli._interrupts", "click", "alas_cli._run_command", "alas_core.errors", "alas_cli._run_program"],
)
@pytest.mark.parametrize("delay", [0, 0.002, 0.005])
def test_while_the_command_starts(commands: Commands, module_name: str, delay: float) -> None:
    commands.file("endless.alas.json", ENDLESS)
    process = commands.start_process(
        [sys.executable, "-X", "importtime", command("alas-run"), "endless.alas.json"]
    )
    for line in process.stderr:
        if line.decode().rstrip().endswith(f" {module_name}"):
            break
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=20)
    assert process.returncode in ENDED
    assert "Traceback" not in rest.decode()


def test_an_ignored_interrupt_stays_ignored(commands: Commands) -> None:
    commands.file("endless.alas.json", ENDLESS)
    process = commands.start(
        "alas-run",
        "-max-steps",
        "300000000",
        "endless.alas.json",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 1
    assert b"step_limit_exceeded" in process.stderr.read()


@pytest.mark.parametrize(
    ("options", "number", "codes", "told"),
    [
        ([], signal.SIGINT, [130], b"cancelled"),
        ([], signal.SIGTERM, [-signal.SIGTERM], b"cancelled"),
        (["-timeout", "500ms"], None, [1], b"timeout"),
    ],
    ids=["interrupt", "terminate", "timeout"],
)
def test_while_nobody_reads_the_output(
    commands: Commands, options: list[str], number: int | None, codes: list[int], told: bytes
) -> None:
    body = {"type": "while", "cond": literal(value=True), "body": [saying(literal("text"))]}
    commands.file("prints.alas.json", module(function("main", body)))
    process = commands.start("alas-run", *options, "prints.alas.json")
    assert os.read(process.stdout.fileno(), 5) == b"text\n"
    if number is not None:
        time.sleep(0.3)
        process.send_signal(number)
    assert process.wait(timeout=20) in codes
    assert told in process.stderr.read()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_what_a_program_has_started_ends_with_it(commands: Commands, number: int) -> None:
    script = "echo $$ > started; exec sleep 600"
    words = {"type": "array_literal", "elements": [literal("-c"), literal(script)]}
    commands.file(
        "waits.alas.json",
        module(
            function("main", saying(literal("begun")), saying(builtin("process.run", literal("sh"), words)))
        ),
    )
    process = commands.start("alas-run", "-allow-run=sh", "-allow-read=.", "waits.alas.json")
    started = commands.folder / "started"
    for _ in range(2000):
        if started.exists() and started.read_text().endswith("\n"):
            break
        time.sleep(0.01)
    child = int(started.read_text())
    process.send_signal(number)
    assert process.wait(timeout=20) == -number
    assert process.stdout.read() == b"begun\n"
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
