import logging
import os
import re
import stat
import subprocess
import sys
import threading

import pytest

from alas_registry._log_file import LogFile

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \d+ (DEBUG|INFO|WARNING|ERROR) [^\x00-\x1f]*\n")


@pytest.fixture
def log(tmp_path):
    """Makes log files, and closes them."""
    made = []

    def make(name="logs/plugins.log", *, max_size=1_000_000, max_files=5):
        complaints = []
        path = tmp_path / name
        handler = LogFile(path, max_size=max_size, max_files=max_files, on_failure=complaints.append)
        made.append(handler)
        handler.path, handler.complaints = path, complaints
        return handler

    yield make
    for handler in made:
        handler.close()


def record(message, *arguments, level=logging.INFO, **more):
    return logging.getLogger("alas.registry").makeRecord(
        "alas.registry", level, "file", 1, message, arguments, more.get("exc_info")
    )


def lines(path):
    return path.read_text().splitlines(keepends=True)


def sizes(folder):
    return {
        path.name: path.stat().st_size
        for path in sorted(folder.glob("plugins.log*"))
        if path.suffix != ".lock"
    }


def test_nothing_is_made_before_the_first_record(log, tmp_path):
    log().close()
    assert list(tmp_path.iterdir()) == []


def test_a_record_is_a_line(log):
    handler = log()
    handler.handle(record("loaded %s in %.1f ms", "a", 1.25))
    handler.handle(record("careful", level=logging.WARNING))
    first, second = lines(handler.path)
    assert LINE.fullmatch(first)
    assert first.split(" ", 1)[1] == f"{os.getpid()} INFO loaded a in 1.2 ms\n"
    assert second.endswith(" WARNING careful\n")
    assert stat.S_IMODE(handler.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(handler.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines",
        "a\r\n2026-01-01T00:00:00.000Z 1 INFO forged",
        "\x1b[31m",
        "\u2028",
        "\u202e",
        "\ud800",
        "a\0",
    ],
)
def test_what_could_forge_a_line_is_escaped(log, text):
    handler = log()
    handler.handle(record("found %s", text))
    error = ValueError(text)
    handler.handle(record("failed", exc_info=(ValueError, error, None)))
    written = handler.path.read_bytes().decode()
    assert written.count("\n") == 2
    assert all(LINE.fullmatch(line) for line in lines(handler.path))
    assert not set(text) & set("\r\x1b\u2028\u202e\0") & set(written)


def test_rotating(log):
    handler = log(max_size=1000, max_files=3)
    for number in range(100):
        handler.handle(record(f"{number:03} " + "x" * 80))
    found = sizes(handler.path.parent)
    assert list(found) == ["plugins.log", "plugins.log.1", "plugins.log.2"]
    assert max(found.values()) <= 1000
    kept = [
        re.search(r"INFO (\d+)", line)[1]
        for name in reversed(found)
        for line in lines(handler.path.with_name(name))
    ]
    # The newest, without a gap.
    assert kept == [f"{number:03}" for number in range(100 - len(kept), 100)]
    assert handler.complaints == []


def test_one_file_only(log):
    handler = log(max_size=1000, max_files=1)
    for _ in range(30):
        handler.handle(record("x" * 80))
    assert list(sizes(handler.path.parent)) == ["plugins.log"]
    assert handler.path.stat().st_size <= 1000


def test_a_line_that_is_larger_than_a_file(log):
    handler = log(max_size=1000, max_files=2)
    for letter in "ab":
        handler.handle(record(letter * 5000))
    assert [len(lines(handler.path.with_name(name))) for name in sizes(handler.path.parent)] == [1, 1]


def test_the_file_is_taken_away(log):
    handler = log()
    handler.handle(record("one"))
    handler.path.unlink()
    handler.handle(record("two"))
    assert len(lines(handler.path)) == 1
    handler.path.rename(handler.path.with_name("other"))
    handler.path.parent.joinpath("plugins.log").write_text("")
    handler.handle(record("three"))
    assert lines(handler.path)[0].endswith("three\n")


def test_who_rotates_is_waited_for_but_not_for_ever(log, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr("alas_registry._log_file._LOCK_SECONDS", 0.01)
    handler = log(max_size=1000, max_files=2)
    handler.handle(record("x" * 900))
    with FileLock(f"{handler.path}.lock"):
        handler.handle(record("y" * 900))
    assert len(lines(handler.path)) == 2
    handler.handle(record("z" * 900))
    assert len(lines(handler.path)) == 1


def test_a_link_in_place_of_the_lock_is_not_followed(log, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("precious")
    handler = log(max_size=1000)
    handler.handle(record("x" * 900))
    handler.path.with_name("plugins.log.lock").symlink_to(precious)
    handler.handle(record("y" * 900))
    assert precious.read_text() == "precious"


PROGRAM = """
import logging, sys
from pathlib import Path
from alas_registry._log_file import LogFile
handler = LogFile(Path(sys.argv[1]), max_size=20_000, max_files=100, on_failure=sys.exit)
for number in range(500):
    message = f"<{sys.argv[2]}-{number}> " + "x" * (number % 90)
    handler.handle(logging.LogRecord("a", logging.INFO, "", 0, message, (), None))
"""


def test_several_processes_write_and_rotate_at_once(log):
    path = log().path
    processes = [
        subprocess.Popen([sys.executable, "-c", PROGRAM, str(path), str(number)]) for number in range(6)
    ]
    assert [process.wait(60) for process in processes] == [0] * 6
    found = sizes(path.parent)
    assert len(found) > 5
    written = [line for name in found for line in lines(path.with_name(name))]
    assert all(LINE.fullmatch(line) for line in written)
    marks = [re.search("<(.*)>", line)[1] for line in written]
    assert sorted(marks) == sorted(f"{process}-{number}" for process in range(6) for number in range(500))


def test_several_threads(log):
    handler = log(max_size=5000, max_files=100)

    def write(name):
        for number in range(100):
            handler.handle(record(f"<{name}-{number}>"))

    threads = [threading.Thread(target=write, args=(name,)) for name in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    written = [line for name in sizes(handler.path.parent) for line in lines(handler.path.with_name(name))]
    assert len({re.search("<(.*)>", line)[1] for line in written}) == 500


def a_folder(path):
    path.mkdir(parents=True)


def a_pipe(path):
    path.parent.mkdir()
    os.mkfifo(path)


def a_file_above(path):
    path.parent.write_text("")


def a_device(path):
    path.parent.mkdir()
    path.symlink_to("/dev/full")


@pytest.mark.parametrize("obstacle", [a_folder, a_pipe, a_file_above, a_device])
def test_what_cannot_be_written_is_said_once_and_dropped(log, obstacle):
    handler = log()
    obstacle(handler.path)
    for _ in range(3):
        handler.handle(record("anything"))
    (complaint,) = handler.complaints
    assert complaint.startswith(f"the log file {handler.path} cannot be written: ")


def test_a_full_disk(log, monkeypatch):
    handler = log()
    handler.handle(record("one"))

    def full(descriptor, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    handler.handle(record("two"))
    assert handler.complaints == [f"the log file {handler.path} cannot be written: No space left on device"]
