"""Python ends while programs run in daemon threads, which it does not wait for."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

SCRIPT = """
import atexit, json, sys, threading, time
from alas_core import Engine, HostModule, Source

def slow():
    started.set()
    time.sleep(0.05)

def again():
    started.set()
    return engine.call("host.quick")

started = threading.Event()
engine = Engine(write=lambda text: started.set(), line_buffered=True)
functions = {"quick": started.set, "slow": slow, "again": again}
engine.define(HostModule("host", [(name, [], "any", one) for name, one in functions.items()]))
engine.load(Source(sys.argv[1].encode()), lambda name, importer: None)

def run():
    while True:
        engine.call("m." + sys.argv[2])

for _ in range(3):
    threading.Thread(target=run, daemon=True).start()
assert sys.argv[2] == "spin" or started.wait(10)
atexit.register(lambda: print(engine.call("m.one")))
"""


def builtin(name, *arguments):
    return {"type": "builtin", "name": name, "args": [{"type": "literal", "value": one} for one in arguments]}


def looping(name, *calls):
    body = [{"type": "expr", "value": call} for call in calls]
    loop = {"type": "while", "cond": {"type": "literal", "value": True}, "body": body}
    return {"name": name, "body": [loop]}


@pytest.mark.parametrize("function", ["spin", "quick", "slow", "again", "prints", "one"])
def test_programs_end_with_python(function):
    calls = {one: builtin(f"host.{one}") for one in ("quick", "slow", "again")}
    one = {
        "name": "one",
        "body": [
            {"type": "expr", "value": calls["quick"]},
            {"type": "return", "value": {"type": "literal", "value": 1}},
        ],
    }
    functions = [looping(name, call) for name, call in calls.items()]
    functions += [looping("spin"), looping("prints", builtin("io.println", "a")), one]
    program = json.dumps({"type": "module", "name": "m", "functions": functions})
    command = [sys.executable, "-c", SCRIPT, program, function]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "1\n", "")
