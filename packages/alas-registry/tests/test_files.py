import os
import stat
from pathlib import Path

import pytest

from alas_registry._files import TooLargeError, read_regular_file, write_atomically


def test_reading(tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"12345")
    assert read_regular_file(file, 5) == b"12345"
    with pytest.raises(TooLargeError, match="larger than 4 bytes"):
        read_regular_file(file, 4)
    with pytest.raises(FileNotFoundError):
        read_regular_file(tmp_path / "absent", 5)


def descriptors():
    return {path.name for path in Path("/dev/fd").iterdir()}


@pytest.mark.parametrize("kind", ["folder", "pipe", "link"])
def test_reading_leaves_nothing_open(tmp_path, kind):
    path = tmp_path / kind
    {"folder": path.mkdir, "pipe": lambda: os.mkfifo(path), "link": lambda: path.symlink_to("no")}[kind]()
    before = descriptors()
    with pytest.raises(OSError, match="it is"):
        read_regular_file(path, 5)
    assert descriptors() == before


def test_writing(tmp_path):
    file = tmp_path / "file"
    for content in (b"one", b"two"):
        write_atomically(file, content)
        assert file.read_bytes() == content
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_writing_that_fails_leaves_the_old_content(tmp_path, monkeypatch):
    file = tmp_path / "file"
    file.write_bytes(b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
