"""The lines that a finding is about, cut out of the text of a file, with marks below."""

import json
from collections.abc import Mapping
from pathlib import Path

from alas_manifest import escape_text

_LARGEST_FILE = 64 * 1024 * 1024
_MOST_LINES = 4
_LONGEST_LINE = 100
_MOST_SCANNED = 4000
_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.")


class Texts:
    """The texts of the files that findings name, each read once."""

    def __init__(self, known: Mapping[str | None, bytes] | None = None) -> None:
        """Take texts.

        Args:
            known: texts that need not, or cannot, be read: that of standard input stands under None.
        """
        self._lines: dict[str | None, list[str]] = {
            file: _split(text) for file, text in (known or {}).items()
        }

    def lines(self, file: str | None) -> list[str]:
        """Return the lines of a file; none when it cannot be read."""
        if file not in self._lines:
            self._lines[file] = _read(file)
        return self._lines[file]

    def name_at(self, file: str | None, pointer: str) -> str | None:
        """Return the `name` of the node at a JSON pointer, or None when it has none or cannot be read."""
        try:
            node = json.loads("\n".join(self.lines(file)).removeprefix("\ufeff"))
            for step in pointer.split("/")[1:]:
                key = step.replace("~1", "/").replace("~0", "~")
                node = node[int(key)] if isinstance(node, list) else node[key]
            name = node["name"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return None
        return name if isinstance(name, str) else None


def excerpt(lines: list[str], line: int, column: int) -> list[tuple[str, str, str]]:
    """Return the lines of the value at a place.

    Args:
        lines: the lines of the file.
        line: the line where the value begins, counted from 1.
        column: the column where it begins, in characters, counted from 1.

    Returns:
        Rows of number, text, and marks below the text; all safe to print.

    Example:
        >>> excerpt(['  "op": "/",'], 1, 9)
        [('1', '  "op": "/",', '        ^^^')]
    """
    if not 1 <= line <= len(lines):
        return []
    first = lines[line - 1]
    start = min(max(column - 1, 0), len(first))
    extent = _extent(lines, line - 1, start)
    shown, before, marked = _cut(first, start, extent or 1)
    rows = [(str(line), shown, " " * text_width(before) + "^" * max(text_width(marked), 1))]
    if extent == 0:
        last = _closing_line(lines, line - 1, start)
        indent = len(first) - len(first.lstrip())
        following = range(line, min(last + 1, line + _MOST_LINES - 1))
        rows += [(str(index + 1), _shorten(lines[index]), "") for index in following]
        if last + 1 > line + _MOST_LINES - 1:
            rows.append(("", " " * indent + "…", ""))
    return rows


def _extent(lines: list[str], row: int, start: int) -> int:
    """Return how many characters of its first line a value takes; 0 when it goes on in the next line."""
    text = lines[row][start : start + _MOST_SCANNED]
    if text[:1] == '"':
        end = _string_end(text, 0)
    elif text[:1] in ("{", "["):
        if _closing_line(lines, row, start) != row:
            return 0
        end = _bracket_end(text)
    else:
        end = next((index for index, one in enumerate(text) if one not in _WORD), len(text))
    return max(end, 1)


def _string_end(text: str, start: int) -> int:
    position = start + 1
    while position < len(text):
        if text[position] == "\\":
            position += 1
        elif text[position] == '"':
            return position + 1
        position += 1
    return len(text)


def _bracket_end(text: str) -> int:
    depth, position = 0, 0
    while position < len(text):
        if text[position] == '"':
            position = _string_end(text, position)
            continue
        depth += (text[position] in "{[") - (text[position] in "}]")
        position += 1
        if depth == 0:
            return position
    return len(text)


def _closing_line(lines: list[str], row: int, start: int) -> int:
    """Return the row in which the bracket at a place is closed, or one far enough away."""
    depth, left = 0, _MOST_SCANNED
    for index in range(row, len(lines)):
        text = lines[index][start if index == row else 0 :][:left]
        left -= len(text) + 1
        position = 0
        while position < len(text):
            if text[position] == '"':
                position = _string_end(text, position)
                continue
            depth += (text[position] in "{[") - (text[position] in "}]")
            position += 1
            if depth == 0:
                return index
        if left <= 0:
            return min(index + _MOST_LINES, len(lines) - 1)
    return len(lines) - 1


def _cut(line: str, start: int, extent: int) -> tuple[str, str, str]:
    """Return what to show of a line, what of that is before the value, and what of it the value is."""
    begin, head = 0, ""
    if len(line) > _LONGEST_LINE:
        begin = max(start - _LONGEST_LINE // 3, 0)
        head = "…" if begin else ""
    end = begin + _LONGEST_LINE
    tail = "…" if end < len(line) else ""
    before = head + escape_text(line[begin:start].replace("\t", " "))
    marked = escape_text(line[start : min(start + extent, end)].replace("\t", " "))
    after = escape_text(line[min(start + extent, end) : end].replace("\t", " "))
    return before + marked + after + tail, before, marked


def _shorten(line: str) -> str:
    return _cut(line, 0, 0)[0]


def text_width(text: str) -> int:
    """Return how many columns a text takes on a terminal.

    Example:
        >>> text_width("日本")
        4
    """
    if text.isascii():
        return len(text)
    import unicodedata

    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1
        for one in text
    )


def _read(file: str | None) -> list[str]:
    try:
        if file is None or not Path(file).is_file():
            return []
        with Path(file).open("rb") as stream:
            content = stream.read(_LARGEST_FILE)
            # A finding may be about a library, of which there is nothing to show.
            return [] if b"\0" in content else _split(content)
    except OSError:
        return []


def _split(text: bytes) -> list[str]:
    # The byte order mark counts as a character, as it does in columns; only these line ends count in JSON.
    return text.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
