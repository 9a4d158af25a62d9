"""Attacks on what is around a program: files, hosts, commands, the environment."""

from __future__ import annotations

import http.server
import ipaddress
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cli.programs import builtin, function, module, returning, variable

from alas_interp import DescriptorInput, DescriptorOutput, Interpreter, Limits, Permissions

from .attack import MEMORY, Attack, ended

LIMITS = Limits(memory=MEMORY, timeout=10)
ROUNDS = 3_000


def _caller(name: str, *parameters: str) -> dict[str, Any]:
    """A program whose `main` passes its arguments to a standard function."""
    call = builtin(name, *map(variable, parameters))
    declared = [(parameter, "any") for parameter in parameters]
    return module(function("main", returning(call), params=declared, returns="any"), name="attacker")


def _call(name: str, permissions: Permissions, *arguments: Any) -> str:
    parameters = "abc"[: len(arguments)]

    def work() -> object:
        with Interpreter(limits=LIMITS, permissions=permissions) as interpreter:
            interpreter.load(_caller(name, *parameters))
            return interpreter.call("attacker.main", *arguments)

    return ended(work)


def _prepare(place: Path) -> None:
    """Make a folder that is granted, and a secret beside it."""
    (place / "data").mkdir()
    (place / "data" / "text").write_text("open")
    (place / "secret").write_text("secret")


# --- Files ---


def _reading(path: str, *granted: str) -> Callable[[Path], str]:
    def launch(place: Path) -> str:
        _prepare(place)
        path_here = path.replace("PLACE", str(place))
        return _call("fs.readFile", Permissions(read=granted or ("data",)), path_here)

    return launch


def _writing(path: str) -> Callable[[Path], str]:
    def launch(place: Path) -> str:
        _prepare(place)
        code = _call("fs.writeFile", Permissions(read=["data"], write=["data"]), path, "x")
        assert (place / "secret").read_text() == "secret"
        return code

    return launch


def _pipe(place: Path) -> str:
    _prepare(place)
    os.mkfifo(place / "data" / "pipe")
    return _call("fs.readFile", Permissions(read=["data"]), "data/pipe")


def _endless_file(place: Path) -> str:
    _prepare(place)
    with (place / "data" / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    return _call("fs.readFile", Permissions(read=["data"]), "data/sparse")


def _swapped(what: str) -> Callable[[Path], str]:
    """Swap a part of a path for a link to the outside while it is read again and again."""

    def launch(place: Path) -> str:
        _prepare(place)
        (place / "data" / "folder").mkdir()
        (place / "data" / "folder" / "text").write_text("open")
        (place / "out").mkdir()
        (place / "out" / "text").write_text("secret")
        inside, link, spare = (place / "data" / name for name in ("folder", "link", "spare"))
        target, path = (inside, "data/link/text") if what == "folder" else (inside / "text", "data/link")
        outside = place / "out" if what == "folder" else place / "out" / "text"
        done = threading.Event()

        def swap() -> None:
            while not done.is_set():
                for to in (target, outside):
                    spare.symlink_to(to)
                    spare.rename(link)

        link.symlink_to(target)
        swapper = threading.Thread(target=swap)
        swapper.start()
        codes = set()
        try:
            with Interpreter(
                limits=LIMITS, permissions=Permissions(read=["data"]), on_denial=_hear
            ) as interpreter:
                interpreter.load(_caller("fs.readFile", "a"))
                for _ in range(ROUNDS):
                    codes.add(ended(lambda: _open_text(interpreter, path)))
        finally:
            done.set()
            swapper.join()
        codes.discard("ok")
        (code,) = codes
        return code

    return launch


def _open_text(interpreter: Interpreter, path: str) -> Any:
    result = interpreter.call("attacker.main", path)
    assert isinstance(result, dict)
    assert result["value"] == "open", result
    return result


def _hear(_denial: object) -> None:
    """Thousands of denials are no news here."""


# --- Hosts ---


class _Elsewhere(http.server.BaseHTTPRequestHandler):
    """Sends everybody to the address that the path says."""

    def do_GET(self) -> None:
        self.send_response(302)
        self.send_header("Location", self.path[1:])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def _server() -> Iterator[int]:
    """The port of a server."""
    with http.server.HTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        thread = threading.Thread(target=lambda: server.serve_forever(0.01))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def _asking(url: str, *granted: str, **more: Any) -> Callable[[Path], str]:
    def launch(_place: Path) -> str:
        with _server() as port:
            request = {"method": "GET", "url": url.replace("PORT", str(port)), **more}
            return _call("net.request", Permissions(network=granted or ("public.example",)), request)

    return launch


def _rebound(_place: Path) -> str:
    """Use a name that was granted and leads to the machine itself, as one does that changed its meaning."""
    name = socket.gethostname().rstrip(".").lower()
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(name, None)}
    except OSError:
        pytest.skip("the name of this machine leads nowhere")
    if name == "localhost" or any(
        ipaddress.ip_address(str(one).partition("%")[0]).is_global for one in found
    ):
        pytest.skip("the name of this machine is that of a public address")
    with _server() as port:
        request = {"method": "GET", "url": f"http://{name}:{port}/"}
        return _call("net.request", Permissions(network=[name]), request)


# --- Commands and the environment ---


def _running(command: str, *arguments: str, **options: Any) -> Callable[[Path], str]:
    def launch(place: Path) -> str:
        _prepare(place)
        permissions = Permissions(commands=["printf", "pwd"], read=["data"])
        code = _call("process.run", permissions, command, list(arguments), options)
        assert not (place / "injected").exists()
        return code

    return launch


def _exchanged_command(place: Path) -> str:
    """A command of the same name that comes first where commands are looked for when it is run."""
    (place / "printf").write_text(f"#!/bin/sh\ntouch {place}/injected\n")
    (place / "printf").chmod(0o755)
    before = os.environ["PATH"]
    permissions = Permissions(commands=["printf"])
    with Interpreter(limits=LIMITS, permissions=permissions) as interpreter:
        interpreter.load(_caller("process.run", "a", "b"))
        os.environ["PATH"] = f"{place}:{before}"
        try:
            code = ended(lambda: interpreter.call("attacker.main", "printf", ["x"]))
        finally:
            os.environ["PATH"] = before
    assert not (place / "injected").exists()
    return code


def _inherited(_place: Path) -> str:
    """What the host has in its environment is not what its commands see."""
    os.environ["ALAS_SECRET"] = "secret"
    try:
        with Interpreter(limits=LIMITS, permissions=Permissions(commands=["env"])) as interpreter:
            interpreter.load(_caller("process.run", "a", "b"))
            result: Any = interpreter.call("attacker.main", "env", [])
            assert "ALAS_SECRET" not in result["value"]["stdout"]
        return _call("env.get", Permissions.everything(), "ALAS_SECRET")
    finally:
        del os.environ["ALAS_SECRET"]


def _left_running(place: Path) -> str:
    """A command leaves one behind that would go on for long."""
    permissions = Permissions(commands=["sh"])
    code = _call("process.run", permissions, "sh", ["-c", f"sleep 60 & echo $! > {place}/child"])
    number = (place / "child").read_text().strip()
    state = Path("/proc") / number / "stat"
    for _ in range(500):
        if not state.exists() or ") Z " in state.read_text():
            return code
        threading.Event().wait(0.01)
    return "it runs on"


def _silent_input(place: Path) -> str:
    """An input that never gives a line."""
    os.mkfifo(place / "input")
    descriptor = os.open(place / "input", os.O_RDWR)
    try:
        return _asking_lines(DescriptorInput(descriptor), Limits(timeout=0.2))
    finally:
        os.close(descriptor)


def _endless_line(_place: Path) -> str:
    """An input whose first line never ends."""
    with Path("/dev/zero").open("rb") as zeros:
        return _asking_lines(DescriptorInput(zeros.fileno()), LIMITS)


def _silent_reader(place: Path) -> str:
    """An output that nobody reads."""
    os.mkfifo(place / "output")
    descriptor = os.open(place / "output", os.O_RDWR)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        output = DescriptorOutput(stream)
        with Interpreter(limits=Limits(timeout=0.2), output=output) as interpreter:
            interpreter.load(_caller("io.println", "text"))
            return ended(lambda: interpreter.call("attacker.main", "x" * 1_000_000))


def _asking_lines(lines: DescriptorInput, limits: Limits) -> str:
    with Interpreter(limits=limits, input=lines) as interpreter:
        interpreter.load(_caller("io.readLine"))
        return ended(lambda: interpreter.call("attacker.main"))


PATHS = "paths with .., absolute and with NUL"
SWAPPED = "links swapped after the check"
PROC = "/proc/self"
DEVICES = "FIFOs and devices"
ADDRESSES = "decimal and mapped IP addresses"
REDIRECTS = "redirects to loopback"
REBINDING = "rebinding"
INJECTION = "argument and environment injection"
ESCAPES = "terminal escapes in names"
DENIED = "permission_denied"
LOCAL = "127.0.0.1"

SURROUNDINGS = [
    Attack("a path with ..", PATHS, DENIED, _reading("data/../secret")),
    Attack("a path with .. behind what is not there", PATHS, DENIED, _reading("data/none/../../secret")),
    Attack("an absolute path", PATHS, DENIED, _reading("PLACE/secret")),
    Attack("a path with NUL", PATHS, "value_error", _reading("data/text\0/../../secret")),
    Attack("a path to be written with ..", PATHS, DENIED, _writing("data/../secret")),
    Attack("a folder swapped for a link", SWAPPED, DENIED, _swapped("folder")),
    Attack("a file swapped for a link", SWAPPED, DENIED, _swapped("file")),
    Attack("the environment of the process", PROC, DENIED, _reading("/proc/self/environ", "/")),
    Attack("the memory of the process", PROC, DENIED, _reading("/proc/self/../self/mem", "/")),
    Attack("a descriptor of the process", PROC, "io_error", _reading("/proc/self/fd/0", "/proc")),
    Attack("a pipe that nobody writes to", DEVICES, "io_error", _pipe),
    Attack("an endless device", DEVICES, "io_error", _reading("/dev/zero", "/dev")),
    Attack("a file of a tebibyte", DEVICES, "memory_limit_exceeded", _endless_file),
    Attack("an input that says nothing", DEVICES, "timeout", _silent_input),
    Attack("an output that nobody reads", DEVICES, "timeout", _silent_reader),
    Attack("a line without an end", DEVICES, "memory_limit_exceeded", _endless_line),
    Attack("a decimal address", ADDRESSES, "value_error", _asking("http://2130706433:PORT/")),
    Attack("a hexadecimal address", ADDRESSES, "value_error", _asking("http://0x7f.1:PORT/", LOCAL)),
    Attack("a mapped address", ADDRESSES, DENIED, _asking("http://[::ffff:127.0.0.1]:PORT/")),
    Attack("the address of all", ADDRESSES, DENIED, _asking("http://0.0.0.0:PORT/", "localhost")),
    Attack(
        "a user that looks like a host",
        ADDRESSES,
        "value_error",
        _asking("http://public.example@127.0.0.1:PORT/"),
    ),
    Attack(
        "a redirect to loopback",
        REDIRECTS,
        DENIED,
        _asking("http://127.0.0.1:PORT/http://localhost:PORT/", LOCAL),
    ),
    Attack(
        "a redirect to what tells of the machine",
        REDIRECTS,
        DENIED,
        _asking("http://127.0.0.1:PORT/http://169.254.169.254/latest", LOCAL),
    ),
    Attack(
        "a redirect to a file",
        REDIRECTS,
        "io_error",
        _asking("http://127.0.0.1:PORT/file:///etc/passwd", LOCAL),
    ),
    Attack("a name that leads to the machine itself", REBINDING, DENIED, _rebound),
    Attack(
        "an argument for a shell",
        INJECTION,
        "ok",
        _running("printf", "%s", "; touch injected; $(touch injected)"),
    ),
    Attack("a command with arguments", INJECTION, DENIED, _running("printf x; touch injected")),
    Attack("an argument with NUL", INJECTION, "value_error", _running("printf", "a\0b")),
    Attack("a folder that was not granted", INJECTION, DENIED, _running("pwd", cwd="..")),
    Attack("a command that was exchanged", INJECTION, "ok", _exchanged_command),
    Attack("a variable of the host", INJECTION, "key_not_found", _inherited),
    Attack("a command left running", INJECTION, "ok", _left_running),
    Attack(
        "a header with a line end",
        INJECTION,
        "value_error",
        _asking("http://127.0.0.1:PORT/", LOCAL, headers={"X": "a\r\nHost: other.example"}),
    ),
    Attack("an escape in a path", ESCAPES, DENIED, _reading("\x1b[2J\x1b]0;x\x07")),
    Attack("an escape in a command", ESCAPES, DENIED, _running("\x1b[31mprintf")),
]
