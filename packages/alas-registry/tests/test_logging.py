import logging
import socket
import sys
from pathlib import Path

import pytest

from alas_registry import LogSettings, configure_logging
from alas_registry import _logging as module
from alas_registry._trace import LOGGER, log_reported


@pytest.fixture
def log(tmp_path):
    """Sets up logging; the returned object has what is shown to the user, and what is in the file."""

    class Log:
        def __init__(self):
            self.shown = []
            self.file = tmp_path / "logs" / "plugins.log"
            self.undo = lambda: None

        def start(self, *, debug=False, show=True, **settings):
            values = {"file": self.file, "system": False} | settings
            shows = self.shown.append if show else None
            self.undo = configure_logging(LogSettings(**values), debug=debug, show=shows)

        @property
        def written(self):
            if not self.file.exists():
                return []
            return [line.split(" ", 2)[2] for line in self.file.read_text().splitlines()]

    log = Log()
    yield log
    log.undo()


def say_everything():
    LOGGER.debug("detail")
    LOGGER.info("event")
    LOGGER.warning("two\n%s", "lines")
    LOGGER.error("failure")


EVERYTHING = ["DEBUG detail", "INFO event", r"WARNING two\x0alines", "ERROR failure"]


@pytest.mark.parametrize(
    ("level", "first"), [("debug", 0), ("info", 1), ("warning", 2), ("error", 3), ("off", 4)]
)
def test_levels(log, level, first):
    log.start(level=level)
    say_everything()
    assert log.written == EVERYTHING[first:]
    # The user sees what matters, whatever is in the file.
    assert log.shown == ["warning: two\\x0alines\n", "error: failure\n"]


@pytest.mark.parametrize("level", ["error", "off"])
def test_debugging_logs_and_shows_everything(log, level):
    log.start(level=level, debug=True)
    say_everything()
    assert log.written == EVERYTHING
    assert log.shown == [
        "alas.registry: detail\n",
        "alas.registry: event\n",
        "alas.registry: warning: two\\x0alines\n",
        "alas.registry: error: failure\n",
    ]


@pytest.mark.parametrize(("debug", "times"), [(False, 1), (True, 3)])
def test_a_warning_is_shown_once(log, debug, times):
    log.start(debug=debug)
    for _ in range(3):
        LOGGER.warning("%s is old", "a")
    LOGGER.warning("b is old")
    assert [line for line in log.shown if "a is old" in line] == [log.shown[0]] * times
    assert len(log.shown) == times + 1
    assert len(log.written) == 4


@pytest.mark.parametrize("debug", [False, True])
def test_what_is_told_as_an_exception_is_not_shown_twice(log, debug):
    log.start(debug=debug)
    log_reported("%s was not loaded", "a")
    assert log.written == ["WARNING a was not loaded"]
    assert log.shown == (["alas.registry: warning: a was not loaded\n"] if debug else [])


def test_a_library_says_nothing_that_its_caller_is_told(capfd, monkeypatch):
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    log_reported("%s was not loaded", "a")
    assert capfd.readouterr().err == ""


def test_standard_error(log, capsys):
    log.start(show=False)
    LOGGER.warning("look")
    assert capsys.readouterr().err == "warning: look\n"


def test_without_standard_error(log, monkeypatch):
    log.start(show=False)
    monkeypatch.setattr(sys, "stderr", None)
    LOGGER.warning("look")
    assert log.written == ["WARNING look"]


def test_a_record_that_makes_no_sense_breaks_nothing(log, monkeypatch):
    monkeypatch.setattr(logging, "raiseExceptions", False)
    log.start()
    LOGGER.warning("%d files", "many")
    LOGGER.warning("look")
    assert log.shown == ["warning: look\n"]
    assert log.written == ["WARNING look"]


def test_a_user_who_cannot_be_told(log, monkeypatch):
    class Full:
        encoding = "utf-8"

        def write(self, text):
            del text
            raise OSError(28, "No space left on device")

    log.start(show=False)
    monkeypatch.setattr(sys, "stderr", Full())
    LOGGER.warning("look")
    assert log.written == ["WARNING look"]


def test_no_record_no_file(log, tmp_path):
    log.start()
    LOGGER.debug("detail")
    log.undo()
    assert list(tmp_path.iterdir()) == []


def test_everything_is_taken_back(log):
    before = (LOGGER.level, list(LOGGER.handlers))
    log.start()
    log.undo()
    assert (LOGGER.level, LOGGER.handlers) == before


@pytest.mark.parametrize("debug", [False, True])
def test_a_log_that_cannot_be_written_is_told_when_debugging(log, debug):
    log.file.parent.write_text("")
    log.start(debug=debug)
    LOGGER.info("event")
    LOGGER.info("event")
    complaints = [line for line in log.shown if "cannot be written" in line]
    assert len(complaints) == int(debug)


@pytest.mark.parametrize(
    ("prefix", "base_prefix", "is_system"),
    [
        ("/usr", "/usr", True),
        ("/usr/local", "/usr/local", True),
        ("/home/ada/venv", "/usr", False),
        ("/usr/local", "/usr", False),
        ("/home/ada/python", "/home/ada/python", False),
    ],
)
def test_installed_for_the_whole_system(monkeypatch, prefix, base_prefix, is_system):
    monkeypatch.setattr(sys, "prefix", prefix)
    monkeypatch.setattr(sys, "base_prefix", base_prefix)
    assert module.is_for_whole_system() is is_system


@pytest.fixture
def system(tmp_path, monkeypatch):
    """The system's log: a socket in its place."""
    address = tmp_path / "log"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(address))
    listener.settimeout(5)
    monkeypatch.setattr(module, "_SYSTEM_SOCKET", str(address))
    monkeypatch.setattr(sys, "prefix", "/usr")
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    yield listener
    listener.close()


@pytest.mark.parametrize("setting", [None, True])
def test_the_log_of_the_system(log, system, setting):
    log.start(system=setting, level="debug")
    LOGGER.debug("detail")
    LOGGER.info("two\n%s", "lines")
    LOGGER.warning("look")
    first, second = (system.recv(1000).decode() for _ in range(2))
    assert first.split(">", 1)[1].startswith("alas[")
    assert first.rstrip("\0").endswith(r": INFO two\x0alines")
    assert second.rstrip("\0").endswith(": WARNING look")


def test_the_log_of_the_system_is_switched_off(log, system):
    log.start(system=False)
    LOGGER.warning("look")
    system.settimeout(0.05)
    with pytest.raises(TimeoutError):
        system.recv(1000)


def test_the_log_of_the_system_goes_away(log, system):
    log.start(system=True)
    system.close()
    Path(module._SYSTEM_SOCKET).unlink()
    LOGGER.warning("look")
    assert log.shown == ["warning: look\n"]
    assert log.written == ["WARNING look"]


@pytest.mark.parametrize("obstacle", ["absent", "a file"])
def test_there_is_no_log_of_the_system(log, tmp_path, monkeypatch, obstacle):
    socket_path = tmp_path / "log"
    if obstacle == "a file":
        socket_path.write_text("")
    monkeypatch.setattr(module, "_SYSTEM_SOCKET", str(socket_path))
    log.start(system=True, debug=True)
    LOGGER.info("event")
    LOGGER.info("event")
    assert len([line for line in log.shown if "system log" in line]) == 1
    assert log.written == ["INFO event"] * 2
