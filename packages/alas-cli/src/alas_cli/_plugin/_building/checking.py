"""Whether what was built is what the manifest describes."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from alas_cli._durations import seconds_text
from alas_cli._plugin._building.failure import BuildError
from alas_cli._plugin._building.running import ended_in_order, ending
from alas_loader_native import current_platform, library_files, native_functions
from alas_manifest import Diagnostic, Manifest

_OPENING = "alas_cli._plugin._building.opening"
_LONGEST_OPENING = 60.0


def check_files(folder: Path, manifest: Manifest) -> list[Path]:
    """Return the libraries of a plugin for this platform, all of which are there.

    Args:
        folder: the plugin's folder.
        manifest: its manifest.

    Raises:
        BuildError: the manifest names none, or one is not there.
    """
    files = library_files(folder, manifest)
    if not files and native_functions(manifest):
        raise BuildError(
            "build_mismatch",
            f"the manifest names no library for {current_platform()}; add what the command makes to "
            f'`implementation.binaries`: {{"{current_platform()}": "…"}}',
        )
    for file in files:
        if not file.is_file():
            path = file.relative_to(folder)
            raise BuildError(
                "build_mismatch",
                f"the command has ended well, but the library {path} that the manifest names for {current_platform()} is "
                "not there; correct `implementation.binaries`, or what the command makes",
            )
    return files


def check_loads(folder: Path, manifest: Manifest, seconds: float | None = None) -> None:
    """Load the native half of a plugin, in a process of its own; without a library there is none.

    Args:
        folder: the plugin's folder.
        manifest: its manifest.
        seconds: what is left of the time that the user has given; None is a minute.

    Raises:
        BuildError: it cannot be loaded, takes too long, or crashes.
    """
    # A library without functions in the manifest is compared all the same: they may have been forgotten there.
    if not library_files(folder, manifest):
        return
    # No module of the folder that the command runs in may take the place of one of ours.
    words = [sys.executable, "-P", "-m", _OPENING, str(folder)]
    try:
        code, printed = _run(words, seconds if seconds is not None else _LONGEST_OPENING)
    except subprocess.TimeoutExpired:
        limit = (
            seconds_text(_LONGEST_OPENING) if seconds is None else "the time that -timeout gives to the whole"
        )
        raise BuildError(
            "build_timeout",
            f"the library was built, but opening it did not end within {limit}; see its `init`, and what the language runs "
            "before; -timeout gives it more",
        ) from None
    # A library may also end the process without a word.
    if code or not printed:
        raise BuildError(
            "plugin_crashed",
            f"the library was built, but the process that opened it {ending(code)}; see the code that runs when it is opened: "
            "`init`, and what the language runs before",
        )
    answer = json.loads(printed)
    if answer["code"] is not None:
        found = [Diagnostic(**one) for one in answer["diagnostics"]]
        raise BuildError(answer["code"], f"built, but it cannot be loaded: {answer['message']}", found)


def _run(words: Sequence[str], seconds: float) -> tuple[int, bytes]:
    """Run a process that opens a library; return its exit code and what it printed. Nothing of it is left behind."""
    with tempfile.TemporaryDirectory(prefix="alas-build-") as temporary:
        process = subprocess.Popen(  # noqa: S603 - this very Python, with a module of this package
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            # The copy of a library that crashes when it is opened would stay there.
            env={**os.environ, "TMPDIR": temporary},
            process_group=0,
        )
        with ended_in_order(process):
            printed, _ = process.communicate(timeout=seconds)
        return process.returncode, printed
