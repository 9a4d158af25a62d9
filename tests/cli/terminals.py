"""Runs commands on a terminal, and answers what they ask there."""

from __future__ import annotations

import fcntl
import os
import pty
import termios

from .commands import Commands


class Terminal:
    """`alas-plugin` on a terminal of its own."""

    def __init__(self, commands: Commands, *arguments: str) -> None:
        self._end, inner = pty.openpty()
        self._process = commands.start(
            "alas-plugin",
            *arguments,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
            # So that Ctrl-C on it means this process.
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(inner)
        self._read = b""

    def expect(self, text: str) -> None:
        """Wait for a text."""
        while text.encode() not in self._read:
            self._read += os.read(self._end, 4096)
        self._read = self._read.partition(text.encode())[2]

    def answer(self, text: str) -> None:
        """Type a line."""
        os.write(self._end, text.encode() + b"\n")

    def interrupt(self) -> None:
        """Type Ctrl-C."""
        os.write(self._end, b"\x03")

    def end_input(self) -> None:
        """Type Ctrl-D."""
        os.write(self._end, b"\x04")

    def finish(self) -> int:
        """Wait for the end; return the exit code."""
        code = self._process.wait(timeout=20)
        os.close(self._end)
        return code
