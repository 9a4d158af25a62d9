"""Runs the real commands, as processes of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document that it has to be."""
        assert self.out.endswith("\n")
        assert self.out.count("\n") == 1
        return json.loads(self.out)


def command(name: str) -> str:
    """The installed command."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    assert found is not None, f"{name} is not installed"
    return found


def heed_interrupts() -> None:
    """Let a new process heed Ctrl-C, also where the tests run in the background, whose processes a shell makes ignore it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Commands:
    """A folder, and the commands run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._started: list[subprocess.Popen[bytes]] = []
        # Plugins, settings and colours of whoever runs the tests stay out of them.
        self.environment = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith("ALAS_") and key != "NO_COLOR"
        }
        self.environment.update(HOME=str(folder), ALAS_HOME=str(folder / ".alas"))

    def file(self, name: str, content: object) -> str:
        """Write a file: bytes as they are, all else as JSON. Returns its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content, indent=2).encode())
        return name

    def run(
        self, name: str, *arguments: str, stdin: str | bytes | None = None, **environment: str
    ) -> Outcome:
        """Run a command to its end."""
        text = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [command(name), *arguments],
            cwd=self.folder,
            env=self.environment | environment,
            input=text if text is not None else b"",
            capture_output=True,
            timeout=60,
            check=False,
        )
        outcome = Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
        # Whatever happens, the user sees a message, never the inside of the command.
        assert "Traceback" not in outcome.err
        return outcome

    def alas_run(self, *arguments: str, stdin: str | bytes | None = None, **environment: str) -> Outcome:
        """Run `alas-run`."""
        return self.run("alas-run", *arguments, stdin=stdin, **environment)

    def validate(self, *arguments: str, stdin: str | bytes | None = None, **environment: str) -> Outcome:
        """Run `alas-validate`."""
        return self.run("alas-validate", *arguments, stdin=stdin, **environment)

    def plugin(self, *arguments: str, stdin: str | bytes | None = None, **environment: str) -> Outcome:
        """Run `alas-plugin`."""
        return self.run("alas-plugin", *arguments, stdin=stdin, **environment)

    def start(self, name: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        """Start a command that the test will stop."""
        return self.start_process([command(name), *arguments], **options)

    def start_process(self, words: list[str], **options: Any) -> subprocess.Popen[bytes]:
        """Start a process that the test will stop."""
        pipe = subprocess.PIPE
        settings = {
            "stdin": pipe,
            "stdout": pipe,
            "stderr": pipe,
            "cwd": self.folder,
            "env": self.environment,
            "preexec_fn": heed_interrupts,
        }
        process = subprocess.Popen(words, **(settings | options))
        self._started.append(process)
        return process

    def close(self) -> None:
        """End what is still running."""
        for process in self._started:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()
