from __future__ import annotations

import pytest

from alas_cli._excerpts import Texts, excerpt


@pytest.mark.parametrize(
    ("text", "place", "rows"),
    [
        ('"op": "/",', (1, 7), ['"op": "/",', "      ^^^"]),
        ('"a\\"b" 1', (1, 1), ['"a\\"b" 1', "^^^^^^"]),
        ("[1, -2.5e3]", (1, 5), ["[1, -2.5e3]", "    ^^^^^^"]),
        ('{"a": [1, "]"]} x', (1, 7), ['{"a": [1, "]"]} x', "      ^^^^^^^^"]),
        ("", (1, 1), ["", "^"]),
        ("{", (1, 2), ["{", " ^"]),
        ("[[[", (1, 1), ["[[[", "^^^"]),
        ('"\t\x1b[2J"', (1, 1), ['" \\x1b[2J"', "^^^^^^^^^^"]),
        ("日本 x", (1, 4), ["日本 x", "     ^"]),
        ("e\u0301 x", (1, 4), ["e\u0301 x", "  ^"]),
        ("short", (1, 99), ["short", "     ^"]),
    ],
)
def test_one_line(text, place, rows):
    ((number, line, marks),) = excerpt(text.split("\n"), *place)
    assert (number, [line, marks]) == ("1", rows)


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (2, ["1", "2"]),
        (4, ["1", "2", "3", "4"]),
        (5, ["1", "2", "3", "4", ""]),
        (3000, ["1", "2", "3", "4", ""]),
    ],
)
def test_several_lines(length, shown):
    lines = ["{", *['  "key": 1,'] * (length - 2), "}"]
    rows = excerpt(lines, 1, 1)
    assert [number for number, _, _ in rows] == shown
    assert [marks for _, _, marks in rows] == ["^", *[""] * (len(rows) - 1)]
    assert rows[-1][1] == ("…" if length > 4 else "}")


@pytest.mark.parametrize("column", [1, 50, 5_000, 99_999])
def test_a_long_line_is_cut_around_the_place(column):
    line = "0123456789" * 10_000
    ((_, shown, marks),) = excerpt([line], 1, column)
    assert len(shown) <= 102
    assert shown[marks.index("^")] == line[column - 1]


@pytest.mark.parametrize("place", [(0, 0), (3, 1), (-1, 5)])
def test_places_outside_the_text(place):
    assert excerpt(["a", "b"], *place) == []


def test_texts_are_read_once_and_only_from_files(tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(b"one\r\ntwo\rthree\n\xff")
    texts = Texts({None: b"input"})
    assert texts.lines(str(file)) == ["one", "two", "three", "\ufffd"]
    file.unlink()
    assert len(texts.lines(str(file))) == 4
    assert texts.lines(None) == ["input"]
    for absent in (str(tmp_path), str(tmp_path / "absent"), "/dev/zero"):
        assert texts.lines(absent) == []


def test_the_name_of_a_node(tmp_path):
    file = tmp_path / "a.json"
    file.write_text('\ufeff{"a/b": [1, {"name": "env.get"}], "name": 1}', encoding="utf-8")
    texts = Texts({None: b'{"name": "x"}'})
    assert texts.name_at(str(file), "/a~1b/1") == "env.get"
    assert texts.name_at(None, "") == "x"
    for pointer in ("", "/a~1b/0", "/a~1b/2", "/a~1b/x", "/missing"):
        assert texts.name_at(str(file), pointer) is None
    assert texts.name_at(str(tmp_path / "absent"), "") is None


def test_of_a_library_nothing_is_shown(tmp_path):
    library = tmp_path / "plugin.so"
    library.write_bytes(b"\x7fELF\x02\x01\0\0rest")
    assert Texts({}).lines(str(library)) == []
