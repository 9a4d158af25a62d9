"""Running a build command: without a shell, with its output shown as it comes, and with no process left behind."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from alas_cli._command import reason
from alas_cli._plugin._building.failure import BuildError
from alas_cli._plugin._building.tools import missing_tool

_PATIENCE = 3.0


def run_build(words: Sequence[str], folder: Path, seconds: float | None = None) -> None:
    """Run a build command to its end.

    It writes to the descriptors of standard output and standard error, and has no input.

    Args:
        words: the program and its arguments.
        folder: where it runs.
        seconds: how long it may take; None is as long as it likes.

    Raises:
        BuildError: it failed, took too long, or there is no such program.
        KeyboardInterrupt: the user has stopped it; all its processes have ended.
    """
    try:
        # A group of its own is what all processes can be ended by that the command starts.
        process = subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603 - the user has asked for it
    except FileNotFoundError:
        raise BuildError("tool_missing", missing_tool(words[0])) from None
    except OSError as error:
        raise BuildError("build_failed", f"`{words[0]}` cannot be run: {reason(error)}") from None
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        end_group(process)
        message = (
            f"the command did not end within {seconds:g} seconds, and was stopped; -timeout gives it more"
        )
        raise BuildError("build_timeout", message) from None
    except BaseException:
        end_group(process)
        raise
    if code:
        raise BuildError("build_failed", f"the command {ending(code)}")


def end_group(process: "subprocess.Popen[bytes]") -> None:
    """End a process that leads a group, and all that are in the group; they get a moment to tidy up.

    Args:
        process: the process.
    """
    _signal_group(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_PATIENCE)
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
