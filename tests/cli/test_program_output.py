"""What Python plugins print never mixes with the one document of `-format json`."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from .commands import Commands, command
from .plugins import manifest
from .programs import builtin, function, literal, module, returning

CODE = """\
import atexit
import os
import subprocess
import sys

from alas_builtin import BuiltinPlugin

print("at import")
os.write(1, b"past Python\\n")
atexit.register(print, "at exit")
plugin = BuiltinPlugin("noisy", version="1.0.0", entrypoint="noisy.py")


@plugin.function
def process(data: str) -> str:
    print("in the function")
    sys.stdout.buffer.write(b"as bytes\\n")
    subprocess.run(["echo", "in a process"], check=True)
    return data
"""
NOISE = {"at import", "past Python", "at exit", "in the function", "as bytes", "in a process"}


@pytest.fixture
def noisy(commands: Commands) -> Commands:
    """A plugin that prints in all ways, as its folder and as a Python package."""
    described = manifest("noisy", type="builtin") | {
        "implementation": {"language": "python", "entrypoint": "noisy.py"}
    }
    for folder in ("plugins/noisy", "site/noisy"):
        commands.file(f"{folder}/plugin.json", described)
        commands.file(f"{folder}/noisy.py", CODE.encode())
    commands.file("site/noisy/__init__.py", CODE.encode())
    commands.file(
        "site/noisy-1.0.0.dist-info/METADATA", b"Metadata-Version: 2.1\nName: noisy\nVersion: 1.0.0\n"
    )
    commands.file(
        "site/noisy-1.0.0.dist-info/entry_points.txt", b"[alas.builtin_plugins]\nnoisy = noisy:plugin\n"
    )
    main = function("main", returning(builtin("noisy.process", literal("x"))), returns="string")
    commands.file("program.alas.json", module(main, imports=["noisy"]))
    return commands


def test_a_call(noisy: Commands) -> None:
    outcome = noisy.plugin("call", "-format", "json", "./plugins/noisy.process", "x")
    assert (outcome.code, outcome.document) == (0, {"ok": True, "result": "x"})
    assert set(outcome.err.splitlines()) == NOISE
    plain = noisy.plugin("call", "./plugins/noisy.process", "x")
    assert set(plain.out.splitlines()) == {*NOISE, "x"}


def test_a_run(noisy: Commands) -> None:
    (noisy.folder / "plugins").rename(noisy.folder / "away")
    outcome = noisy.alas_run("-format", "json", "program.alas.json", PYTHONPATH="site")
    assert (outcome.code, outcome.document) == (0, {"ok": True, "result": "x"})
    assert set(outcome.err.splitlines()) == NOISE


def test_loading_and_looking(noisy: Commands) -> None:
    (noisy.folder / "plugins").rename(noisy.folder / "away")
    outcome = noisy.plugin("load", "-format", "json", "noisy", PYTHONPATH="site")
    assert (outcome.code, outcome.document["ok"]) == (0, True)
    assert "at import" in outcome.err.splitlines()
    outcome = noisy.plugin("doctor", "-format", "json", PYTHONPATH="site")
    assert any(one["name"] == "noisy" for one in outcome.document["checks"])
    assert "at import" in outcome.err.splitlines()


def test_failures_are_documents_as_well(noisy: Commands) -> None:
    outcome = noisy.plugin("call", "-format", "json", "./plugins/noisy.proces", "x")
    assert (outcome.code, outcome.document["error"]["code"]) == (2, "function_not_found")
    outcome = noisy.plugin("call", "-format", "json", "./plugins/noisy.process")
    assert (outcome.code, outcome.document["error"]["code"]) == (2, "usage")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_a_document_that_cannot_be_written(noisy: Commands) -> None:
    with Path("/dev/full").open("wb") as full:
        process = noisy.start(
            "alas-plugin", "call", "-format", "json", "./plugins/noisy.process", "x", stdout=full
        )
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "the output could not be written: No space left on device" in err.decode()
    assert "Traceback" not in err.decode()


def test_large_documents_come_whole(noisy: Commands) -> None:
    text = "x" * 3_000_000
    outcome = noisy.plugin(
        "call", "-format", "json", "./plugins/noisy.process", "-", stdin=json.dumps([text])
    )
    assert outcome.document == {"ok": True, "result": text}


@pytest.mark.skipif(os.name == "nt", reason="needs a shell of Unix")
def test_without_standard_output(noisy: Commands) -> None:
    line = 'exec "$0" call -format json ./plugins/noisy.process x >&-'
    process = noisy.start_process(["sh", "-c", line, command("alas-plugin")])
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "the output could not be written: standard output is closed" in err.decode()
