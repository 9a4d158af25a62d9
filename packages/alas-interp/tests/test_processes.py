"""`process.run`: what it gives, when it ends, and who may."""

import json
import threading
import time

import pytest

from alas_core.errors import (
    AlasTypeError,
    AlasValueError,
    CancelledError,
    MemoryLimitExceededError,
    PermissionDeniedError,
    TimeoutExceededError,
)
from alas_interp import Interpreter, Limits, Permissions

PARAMETERS = [("command", "string"), ("arguments", "any"), ("options", "any")]
PROGRAM = json.dumps(
    {
        "type": "module",
        "name": "runner",
        "functions": [
            {
                "name": "run",
                "params": [{"name": name, "type": kind} for name, kind in PARAMETERS],
                "returns": "any",
                "body": [
                    {
                        "type": "return",
                        "value": {
                            "type": "builtin",
                            "name": "process.run",
                            "args": [{"type": "variable", "name": name} for name, _ in PARAMETERS],
                        },
                    }
                ],
            }
        ],
    }
)


def runner(*commands, **options):
    interpreter = Interpreter(permissions=Permissions(commands=commands, read=["."]), **options)
    interpreter.load(PROGRAM)
    return interpreter


def run(interpreter, command, *arguments, **options):
    return interpreter.call("runner.run", command, list(arguments), options)


def ended(code=0, stdout="", stderr=""):
    return {"ok": True, "value": {"code": code, "stdout": stdout, "stderr": stderr}, "error": ""}


def refused(error, code):
    return {"ok": False, "value": None, "error": error, "code": code}


@pytest.mark.parametrize(
    ("script", "options", "expected"),
    [
        ("echo hé; echo no >&2; exit 3", {}, ended(3, "hé\n", "no\n")),
        ("kill -TERM $$", {}, ended(128 + 15)),
        ("cat", {"stdin": "in"}, ended(stdout="in")),
        ("cat", {}, ended()),
        ("printf '\\377'", {}, refused("the output of `sh` are not UTF-8 from byte 0 on", "value_error")),
        ("pwd", {"cwd": "/no/such"}, None),
        (
            "exec sleep 60",
            {"timeoutMs": 50},
            refused("`sh` took longer than the 50ms that it may take", "timeout"),
        ),
    ],
    ids=str,
)
def test_results(script, options, expected):
    interpreter = runner("sh")
    if expected is None:
        with pytest.raises(PermissionDeniedError, match="may not read"):
            run(interpreter, "sh", "-c", script, **options)
    else:
        assert run(interpreter, "sh", "-c", script, **options) == expected


def test_folders(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    interpreter = runner("pwd")
    assert run(interpreter, "pwd") == ended(stdout=f"{tmp_path}\n")
    assert run(interpreter, "pwd", cwd="folder") == ended(stdout=f"{tmp_path / 'folder'}\n")
    assert run(interpreter, "pwd", cwd="none")["code"] == "io_error"


@pytest.mark.parametrize(
    ("arguments", "options", "error", "told"),
    [
        ([1], {}, AlasTypeError, "takes an array of strings, found an int at position 0"),
        ([], {"stdin": 1}, AlasTypeError, "takes a string as its option `stdin`, found an int"),
        ([], {"timeoutMs": 1.5}, AlasTypeError, "takes an int as its option `timeoutMs`, found a float"),
        ([], {"timeoutMs": 0}, AlasValueError, "takes a positive `timeoutMs`, found 0"),
        ([], {"shell": True}, AlasValueError, "has no option `shell`; it has stdin, cwd and timeoutMs"),
    ],
    ids=str,
)
def test_mistakes(arguments, options, error, told):
    with pytest.raises(error) as found:
        run(runner("true"), "true", *arguments, **options)
    assert told in found.value.message


def test_what_was_not_granted_is_denied():
    interpreter = runner("true")
    with pytest.raises(PermissionDeniedError) as found:
        run(interpreter, "id")
    assert (found.value.access, found.value.target) == ("run", "id")
    assert interpreter.denial_counts() == {None: 1}


def test_the_time_of_the_call_ends_a_command():
    begun = time.monotonic()
    with pytest.raises(TimeoutExceededError):
        run(runner("sleep", limits=Limits(timeout=0.1)), "sleep", "60")
    assert 0.1 <= time.monotonic() - begun < 2


def test_an_interrupt_ends_a_command():
    interpreter = runner("sleep")
    timer = threading.Timer(0.1, interpreter.interrupt)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(CancelledError):
        run(interpreter, "sleep", "60")
    assert time.monotonic() - begun < 2
    timer.join()


def test_endless_output_ends_at_the_limit_of_memory():
    with pytest.raises(MemoryLimitExceededError):
        run(runner("yes", limits=Limits(memory=8 << 20)), "yes")
