"""A thousand reloads: no call fails, and memory grows by what stays mapped only."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from native.building import compile_c
from native.plugins_in_c import MANIFEST, SOURCE

RELOADS = 1_000
# Beside the mapped libraries: what the system's loader keeps for each, and noise of the allocators.
MOST_BYTES_EACH = 8 << 10

PROGRAM = """
import gc, json, sys
from alas_interp import Interpreter, PluginManager

def memory():
    gc.collect()
    status = open("/proc/self/status").read()
    anonymous = int(status.split("RssAnon:")[1].split()[0]) << 10
    return anonymous

def mapped():
    # The pages of the libraries that are not those of their files: their variables and relocations.
    total, counts = 0, False
    for line in open("/proc/self/smaps"):
        if line[0] in "0123456789abcdef" and "-" in line.split()[0]:
            counts = "alas-native-" in line
        elif counts and line.startswith("Anonymous:"):
            total += int(line.split()[1]) << 10
    return total

with PluginManager(Interpreter()) as manager:
    manager.initialize([sys.argv[1]])
    count = int(sys.argv[2])
    right = 0
    for number in range(count + 50):
        if number == 50:
            before = memory() - mapped()
        manager.registry.unload("numbers")
        manager.registry.load("numbers")
        right += manager.interpreter.call("numbers.add", number, 1) == number + 1
        right += manager.interpreter.call("numbers.count") == 1
    print(json.dumps({"right": right, "grown": memory() - mapped() - before}))
"""


@pytest.mark.skipif(
    not Path("/proc/self/smaps").exists(), reason="reads /proc/self/smaps, which only Linux has"
)
def test_a_thousand_reloads(tmp_path):
    source = tmp_path / "numbers.c"
    source.write_text(SOURCE)
    compile_c(source, tmp_path / "numbers.so")
    (tmp_path / "plugin.json").write_text(json.dumps(MANIFEST))
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path, str(RELOADS)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    print(f"{RELOADS} reloads: {found['grown'] / RELOADS:.0f} bytes each beside the mapped copies")
    assert found["right"] == 2 * (RELOADS + 50)
    assert found["grown"] < RELOADS * MOST_BYTES_EACH, found
    # The copies leave nothing on the disk.
    assert not list(temporary.iterdir())
