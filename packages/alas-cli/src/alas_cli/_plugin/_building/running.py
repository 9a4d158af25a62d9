"""Running a build command: without a shell, with its output shown as it comes, and with no process left behind."""

import contextlib
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from alas_cli._command import reason
from alas_cli._durations import seconds_text
from alas_cli._plugin._building.failure import BuildError
from alas_cli._plugin._building.tools import compiler_advice, missing_file
from alas_manifest import Manifest

_PATIENCE = 3.0


def run_build(manifest: Manifest, folder: Path, seconds: float | None = None) -> None:
    """Run the build command of a plugin to its end.

    It writes to the descriptors of standard output and standard error, and has no input.

    Args:
        manifest: the plugin's manifest, which has a build command.
        folder: where it runs.
        seconds: how long it may take; None is as long as it likes.

    Raises:
        BuildError: it failed, took too long, or there is no such program.
        KeyboardInterrupt: the user has stopped it; all its processes have ended.
    """
    words = shlex.split(manifest.implementation.build_cmd or "")
    try:
        # A group of its own is what all processes can be ended by that the command starts.
        process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603 - the user has asked for it
    except FileNotFoundError:
        raise BuildError("tool_missing", missing_file(words[0], folder)) from None
    except OSError as error:
        is_own = isinstance(error, PermissionError) and os.sep in words[0] and (folder / words[0]).is_file()
        advice = f"; to permit it: chmod +x {shlex.quote(str(folder / words[0]))}" if is_own else ""
        raise BuildError("build_failed", f"`{words[0]}` cannot be run: {reason(error)}{advice}") from None
    try:
        with ended_in_order(process):
            code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        message = f"the command did not end within {seconds_text(seconds or 0)}, and was stopped; -timeout gives it more"
        raise BuildError("build_timeout", message) from None
    if code:
        advice = compiler_advice(words[0], manifest.implementation.language)
        raise BuildError("build_failed", f"the command {ending(code)}{advice}")


@contextlib.contextmanager
def ended_in_order(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End a process that leads a group, and all that are in the group, whenever waiting for it fails.

    A signal that asks this process to end reaches none of them, because they are in another group; so while this lasts it is
    an exception, which ends them first.

    Args:
        process: the process.

    Raises:
        SystemExit: this process was asked to end.
    """
    former = {}
    if threading.current_thread() is threading.main_thread():
        for which in (signal.SIGTERM, signal.SIGHUP):
            former[which] = signal.signal(which, _exit)
    try:
        yield
    except BaseException:
        _end_group(process)
        raise
    finally:
        for which, handler in former.items():
            signal.signal(which, handler)


def _exit(number: int, _frame: FrameType | None) -> None:
    # What shells say of a process that a signal has ended.
    raise SystemExit(128 + number)


def _end_group(process: "subprocess.Popen[bytes]") -> None:
    """End a group of processes; they get a moment to tidy up, unless the user is in a hurry."""
    try:
        _signal_group(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_PATIENCE)
    finally:
        _signal_group(process.pid, signal.SIGKILL)
        process.wait()


def ending(code: int) -> str:
    """Return how a process has ended.

    Args:
        code: what waiting for it returned: its exit code, or the number of a signal below zero.

    Example:
        >>> [ending(code) for code in (2, -9)]
        ['ended with exit code 2', 'was ended by the signal SIGKILL']
    """
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = str(-code)
    return f"was ended by the signal {name}"


def _signal_group(number: int, which: signal.Signals) -> None:
    # Nobody may be left in it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(number, which)
