"""Builds libraries of native code for tests, with the tools of this machine."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEADERS = ROOT / "sdk" / "c" / "include"
EXAMPLES = ROOT / "examples" / "native"


# The session `sanitizers` has everything compiled with its own options, by this variable as by make and cmake.
_FLAGS = shlex.split(os.environ.get("CFLAGS", ""))


def need(*tools: str) -> None:
    """Skip the test where a compiler is missing, which only people without it see."""
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)} on the PATH")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Run a command that has to succeed; return what it printed."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{shlex.join(str(word) for word in command)}\n{done.stdout}"
    return done.stdout


def copy_of(folder: Path, to: Path) -> Path:
    """Return a copy of a plugin's folder without what was built in it; its kit is copied as files."""
    ignored = shutil.ignore_patterns("*.so", "*.dylib", "target", "build", "*.o")
    return Path(shutil.copytree(folder, to, ignore=ignored))


def build(folder: Path) -> None:
    """Run the build command of a plugin."""
    manifest = json.loads((folder / "plugin.json").read_text(encoding="utf-8"))
    run(*shlex.split(manifest["implementation"]["build_cmd"]), cwd=folder)


def compile_c(source: Path, library: Path, *options: str) -> Path:
    """Compile a file in C or C++ to a shared library."""
    compiler = "c++" if source.suffix == ".cpp" else "cc"
    standard = "c++17" if source.suffix == ".cpp" else "c11"
    need(compiler)
    run(
        *(compiler, f"-std={standard}", "-O1", "-shared", "-fPIC", f"-I{HEADERS}", *_FLAGS, *options),
        *(source, "-o", library),
        cwd=source.parent,
    )
    return library
