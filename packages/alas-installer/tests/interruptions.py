"""Stops a process, or lets the operating system refuse something, before one of its operations that write."""

import os
import signal
import sys
import warnings
from pathlib import Path

_EVENTS = frozenset(
    {
        "os.rename",
        "os.mkdir",
        "os.symlink",
        "os.link",
        "os.remove",
        "os.rmdir",
        "os.chmod",
        "os.truncate",
        "os.utime",
    }
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class Operations:
    """Counts the operations of this process that write, and does something before a certain one."""

    def __init__(self, number, act):
        self.number = number
        self.act = act
        self.count = 0
        self.is_on = False
        sys.addaudithook(self._audit)
        for name in ("write", "fsync"):
            setattr(os, name, self._wrapped(getattr(os, name), name))

    def _audit(self, event, arguments):
        if not self.is_on:
            return
        if event in _EVENTS or (
            event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING
        ):
            self._step(event)

    def _wrapped(self, function, name):
        def step_and_call(*arguments):
            if self.is_on:
                self._step(name)
            return function(*arguments)

        return step_and_call

    def _step(self, what):
        self.count += 1
        if self.count == self.number:
            self.act(what)


def begin_child(work):
    """Run `work` in a child process, which exits with the number that it returns, with 1 after an exception; return its id."""
    with warnings.catch_warnings():
        # A copy of a process with threads could wait for one that it has not; this one uses none of them.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        code = 1
        try:
            code = work()
        finally:
            os._exit(code)
    return child


def in_a_child(act, number, work):
    """Run `work` in a child process, with `act` before its operation `number`; return its wait status.

    The child exits with 0 when it has done its work, with 1 after an exception, with 2 when `work` returns True; with 10
    more when it came to its end before that operation.
    """

    def observed():
        operations = Operations(number, act)
        operations.is_on = True
        code = 2 if work() is True else 0
        operations.is_on = False
        return code + (10 if operations.count < number else 0)

    return os.waitpid(begin_child(observed), 0)[1]


def kill_myself(what):
    del what
    os.kill(os.getpid(), signal.SIGKILL)


def copy_home(source: Path, target: Path):
    """Copy a home as it is, links included."""
    import shutil

    if source.exists():
        shutil.copytree(source, target, symlinks=True)
