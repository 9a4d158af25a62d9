import json
import subprocess
import sys

import pytest

from alas_registry import RememberedPlugins, StateError


@pytest.fixture
def remembered(tmp_path):
    return RememberedPlugins(tmp_path / "home")


def test_nothing_is_made_by_looking(tmp_path, remembered):
    assert remembered.names() == ()
    assert list(tmp_path.iterdir()) == []


def test_adding_and_removing(tmp_path, remembered):
    assert remembered.add(["b", "A"]) == ("b", "A")
    assert remembered.add(["a", "c", "C"]) == ("c",)
    assert remembered.names() == ("b", "A", "c")
    assert remembered.remove(["B", "absent"]) == ("b",)
    # Another process sees the same.
    assert RememberedPlugins(tmp_path / "home").names() == ("A", "c")
    document = json.loads((tmp_path / "home/state.json").read_text())
    assert document == {"format": 1, "loaded": ["A", "c"]}


def test_changing_nothing_writes_nothing(tmp_path, remembered):
    remembered.add(["a"])
    file = tmp_path / "home/state.json"
    before = file.stat()
    assert remembered.add(["A"]) == ()
    assert remembered.remove(["b"]) == ()
    assert file.stat().st_ino == before.st_ino


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no JSON: line 1, column 1"),
        (b"{\n", "is no JSON: line 2, column 1"),
        (b"\xff", "is no JSON text in UTF-8"),
        (b"[" * 100_000, "is no JSON text"),
        (b"[]", 'has no "format"'),
        (b"{}", 'has no "format"'),
        (
            b'{"format": 2, "loaded": []}',
            "is of format 2, written by another version of ALaS; this one knows 1",
        ),
        (b'{"format": 1}', 'needs an array of names as "loaded"'),
        (b'{"format": 1, "loaded": "a"}', 'needs an array of names as "loaded"'),
        (b'{"format": 1, "loaded": ["a", 3]}', 'needs an array of names as "loaded"'),
        (b" " * 1_000_001, "larger than 1,000,000 bytes"),
        (None, "it is a folder"),
    ],
)
def test_a_broken_file_is_told_and_kept(tmp_path, remembered, content, message):
    file = tmp_path / "home/state.json"
    file.parent.mkdir()
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    for use in (remembered.names, lambda: remembered.add(["b"]), lambda: remembered.remove(["a"])):
        with pytest.raises(StateError) as raised:
            use()
        assert message in raised.value.message
        assert str(file) in raised.value.message
        assert (raised.value.file, raised.value.code) == (file, "state_error")
    assert content is None or file.read_bytes() == content


def test_a_home_that_is_a_file(tmp_path):
    (tmp_path / "home").write_text("")
    remembered = RememberedPlugins(tmp_path / "home")
    for use in (remembered.names, lambda: remembered.add(["a"])):
        with pytest.raises(StateError, match="cannot be"):
            use()


def test_another_process_holds_the_list(tmp_path, remembered, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr("alas_registry._files._LOCK_SECONDS", 0.01)
    remembered.add(["a"])
    with (
        FileLock(tmp_path / "home/state.json.lock"),
        pytest.raises(StateError, match=r"held by another process, through .*state\.json\.lock; try again"),
    ):
        remembered.add(["b"])
    assert remembered.names() == ("a",)


def test_a_full_disk_changes_nothing(remembered, monkeypatch):
    remembered.add(["a"])

    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("alas_registry._remembered.write_atomically", full)
    with pytest.raises(StateError, match="cannot be written: No space left on device"):
        remembered.add(["b"])
    assert remembered.names() == ("a",)


def test_several_processes_lose_nothing(tmp_path, remembered):
    program = """
import sys
from pathlib import Path
from alas_registry import RememberedPlugins
remembered = RememberedPlugins(Path(sys.argv[1]))
for number in range(10):
    remembered.add([f"plugin-{sys.argv[2]}-{number}", "common"])
    remembered.remove(["never", "common"])
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "home"), str(number)])
        for number in range(4)
    ]
    assert [process.wait(60) for process in processes] == [0, 0, 0, 0]
    expected = {f"plugin-{process}-{number}" for process in range(4) for number in range(10)}
    assert set(remembered.names()) - {"common"} == expected
    assert len(remembered.names()) - ("common" in remembered.names()) == 40
