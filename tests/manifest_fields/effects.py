"""What shows that a field is honoured, measured on a plugin that runs, and beside it on one without the field.

Each effect returns whether it was seen. Times are compared where a busy machine cannot turn the comparison round, or until
what has to happen sooner or later has happened.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from cli.programs import builtin, function, literal, module, returning

from alas_core.errors import RunError
from alas_interp import Permissions, ProgramError

from .specimens import NAME, Half, Host, Kind, Loaded, Specimens

PATIENCE = 30
"""How many seconds what has to happen sooner or later may take."""

_MANY = 400_000
_LARGE_SHARE = 0.15

NOTES = "notes.txt"
VARIABLE = "SPECIMEN"
COMMAND = "true"
ADDRESS = "127.0.0.1"


@dataclass(frozen=True)
class Trial:
    """A cell of the table that is being tried: one half of a plugin of one type, whose manifest and host ask for something."""

    specimens: Specimens
    kind: Kind
    half: Half
    asks: Mapping[str, Any]
    host: Host = field(default_factory=Host)

    def specimen(self) -> AbstractContextManager[Loaded]:
        """Load the plugin."""
        return self.specimens.loaded(self.kind, self.half, self.asks, self.host)

    def plain(self) -> AbstractContextManager[Loaded]:
        """Load the same plugin without what is asked for."""
        return self.specimens.loaded(self.kind, self.half, {})

    def granted(self, grants: Permissions, asks: Mapping[str, Any]) -> AbstractContextManager[Loaded]:
        """Load a plugin that asks for something with other grants."""
        return self.specimens.loaded(self.kind, self.half, asks, Host(grants=grants))


def ending(work: Callable[[], object]) -> str:
    """The code of the error that some work ends with, or that of the failure that native code tells of; else `ok`."""
    try:
        value = work()
    except RunError as error:
        return getattr(error, "native_code", None) or error.code
    if isinstance(value, dict) and value.get("ok") is False:
        return str(value["code"])
    return "ok"


# --- Limits ---


def memory(trial: Trial) -> bool:
    """Many numbers take more than they may."""
    with trial.plain() as plain:
        assert len(plain.call("numbers", _MANY)) == _MANY
    with trial.specimen() as specimen:
        assert len(specimen.call("numbers", 1000)) == 1000
        end = ending(lambda: specimen.call("numbers", _MANY))
    assert end in ("ok", "too_large" if trial.half is Half.NATIVE else "memory_limit_exceeded")
    return end != "ok"


def timeout(trial: Trial) -> bool:
    """Resting is ended, which is work of the host, and so is what never ends by itself."""
    with trial.plain() as plain:
        assert ending(lambda: plain.call("rest", 300)) == "ok"
    with trial.specimen() as specimen:
        assert ending(lambda: specimen.call("same", 1)) == "ok"
        if trial.half is not Half.ALAS:
            # Long enough to be ended, were it held.
            return ending(lambda: specimen.call("rest", 300)) == "timeout"
        ends = {ending(lambda: specimen.call("rest", 20_000)), ending(lambda: specimen.call("endless"))}
    return ends == {"timeout"}


def share(trial: Trial) -> bool:
    """Work gets a twentieth of a processor, where it gets much more sooner or later without a limit."""
    with trial.plain() as plain:
        assert eventually(lambda: _share_of(plain) > _LARGE_SHARE)
    with trial.specimen() as specimen:
        if trial.half is Half.ALAS:
            return _share_of(specimen) < _LARGE_SHARE
        # On a busy machine others may have the processor for a while.
        return not eventually(lambda: _share_of(specimen) > _LARGE_SHARE)


def _share_of(loaded: Loaded) -> float:
    wall, spent = time.monotonic(), time.thread_time()
    loaded.call("work", 400)
    return (time.thread_time() - spent) / (time.monotonic() - wall)


# --- What may be reached ---


def contained(trial: Trial) -> bool:
    """What the process may read, the plugin may not."""
    with _surroundings(trial) as folder, trial.specimen() as specimen:
        assert (folder / NOTES).read_text() == "notes"
        return ending(lambda: specimen.call("read", NOTES)) == "permission_denied"


def inside_the_host(trial: Trial) -> bool:
    """The code runs in the process itself."""
    with trial.specimen() as specimen:
        return bool(specimen.call("process") == os.getpid())


def allowed(trial: Trial) -> bool:
    """A plugin that names other functions than those does not load."""
    with trial.specimen() as specimen:
        assert specimen.call("same", 1) == 1
    narrow = {"security": {"allowed_apis": ["std.math"]}}
    folder = trial.specimens.make(trial.kind, narrow)
    with trial.specimens.initialized(folder) as (_, report):
        [failure] = report.failed
        cause = failure.error.__cause__
        return isinstance(cause, ProgramError) and {one.code for one in cause.diagnostics} == {
            "api_not_allowed"
        }


def reached(work: str, right: str, thing: str) -> Callable[[Trial], bool]:
    """Return an effect: what a plugin reaches is what its manifest asks for and the host grants, and nothing else."""

    def effect(trial: Trial) -> bool:
        granted = Permissions(**{right: [thing]})
        cases = [
            (granted, trial.asks, "ok"),
            (Permissions(), trial.asks, "permission_denied"),
            (granted, {}, "permission_denied"),
        ]
        with _surroundings(trial) as folder, _server(folder) as address:
            target = address if thing == ADDRESS else thing
            for grants, asks, expected in cases:
                with trial.granted(grants, asks) as specimen:
                    assert ending(lambda: specimen.call(work, target)) == expected
        return True

    return effect


def seen(trial: Trial) -> bool:
    """A variable of the host is seen where it is asked for and granted."""
    granted = Permissions(variables=[VARIABLE])
    cases = [(granted, trial.asks, "host"), (Permissions(), trial.asks, ""), (granted, {}, "")]
    with mock.patch.dict(os.environ, {VARIABLE: "host"}):
        for grants, asks, expected in cases:
            with trial.granted(grants, asks) as specimen:
                assert specimen.call("see", VARIABLE) == expected
    return True


@contextlib.contextmanager
def _surroundings(trial: Trial) -> Iterator[Any]:
    folder = trial.specimens.folder
    (folder / NOTES).write_text("notes")
    with contextlib.chdir(folder):
        yield folder


@contextlib.contextmanager
def _server(folder: Any) -> Iterator[str]:
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Handler, directory=folder)
    with http.server.ThreadingHTTPServer((ADDRESS, 0), handler) as server:
        thread = threading.Thread(target=functools.partial(server.serve_forever, poll_interval=0.01))
        thread.start()
        try:
            yield f"http://{ADDRESS}:{server.server_port}/{NOTES}"
        finally:
            server.shutdown()
            thread.join()


# --- How it is kept and called ---


def lazy(trial: Trial) -> bool:
    """It is loaded when it is first called, and not before."""
    with trial.plain() as plain:
        assert plain.state == "loaded"
    with trial.specimen() as specimen:
        before, modules = specimen.state, specimen.interpreter.modules()
        assert specimen.call("same", 1) == 1
        return (before, modules, specimen.state) == ("discovered", [], "loaded")


def released(trial: Trial) -> bool:
    """After a call from outside it is gone, whichever way that was made, and with it what it kept."""
    counts = trial.half is not Half.ALAS
    with trial.plain() as plain:
        assert plain.call("same", 1) == 1
        assert (plain.state, plain.interpreter.modules()) == ("loaded", [NAME])
        if counts:
            assert [plain.call("count") for _ in range(2)] == [1, 2]
    with trial.specimen() as specimen:
        interpreter, name = specimen.interpreter, specimen.function("count" if counts else "same")
        ways = [
            functools.partial(specimen.call, "count" if counts else "same"),
            functools.partial(interpreter.call, name),
            interpreter.function(name),
        ]
        arguments = () if counts else (1,)
        for way in (way for way in ways for _ in range(2)):
            assert way(*arguments) == 1
            if (specimen.state, interpreter.modules()) != ("discovered", []):
                return False
        return True


def overlapping(trial: Trial) -> bool:
    """Two calls from two threads take less time than both together, sooner or later; otherwise never."""
    with trial.plain() as plain:
        assert _seconds_of_two_rests(plain) >= 0.2
    with trial.specimen() as specimen:
        return eventually(lambda: _seconds_of_two_rests(specimen) < 0.2)


def _seconds_of_two_rests(loaded: Loaded) -> float:
    with ThreadPoolExecutor(2) as threads:
        began = time.monotonic()
        list(threads.map(lambda _: loaded.call("rest", 100), range(2)))
        return time.monotonic() - began


def environment(trial: Trial) -> bool:
    """It sees the variable of its manifest."""
    with trial.plain() as plain:
        assert plain.call("see", VARIABLE) == ""
    with trial.specimen() as specimen:
        return bool(specimen.call("see", VARIABLE) == "manifest")


def task(trial: Trial) -> bool:
    """A program that calls a function gets the handle of a task, which gives the result; Python gets the result."""
    with trial.plain() as plain:
        assert _type_of_result(plain) == "int"
    with trial.specimen() as specimen:
        assert specimen.call("same", 1) == 1
        awaiting = builtin("async.await", builtin(specimen.function("same"), literal(2)))
        specimen.interpreter.load(module(function("main", returning(awaiting)), name="awaiting"))
        assert specimen.interpreter.call("awaiting.main")["value"] == 2
        return _type_of_result(specimen) == "task"


def _type_of_result(loaded: Loaded) -> object:
    asking = builtin("type.typeOf", builtin(loaded.function("same"), literal(1)))
    loaded.interpreter.load(module(function("main", returning(asking)), name="asking"))
    return loaded.interpreter.call("asking.main")


def eventually(happens: Callable[[], bool]) -> bool:
    """Whether something happens within some time, however busy the machine is."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if happens():
            return True
    return False
