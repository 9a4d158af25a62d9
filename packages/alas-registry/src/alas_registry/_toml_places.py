"""Where the keys of a TOML text are. The library that reads TOML does not tell.

The text is cut into statements by reading it line by line: a statement ends where what was gathered reads as TOML. Only
settings with findings pay for that.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

# A quoted part may hold any character, `=` and `.` included.
_KEY = re.compile(r"""\s*(?P<key>(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^="'])+?)\s*=\s*""")
# Reading a statement again with each of its lines takes quadratic time; this many characters are read in all.
_MOST_READ = 4_000_000

Path = tuple[str, ...]


class KeyPlace(NamedTuple):
    """Where a key is, and its value.

    Attributes:
        line: the line of both, from 1.
        key_column: where the key begins, in characters from 1.
        value_column: where the value begins; for a table where its key does.
    """

    line: int
    key_column: int
    value_column: int


def find_keys(text: str) -> dict[Path, KeyPlace]:
    r"""Return the place of each key and table.

    Args:
        text: TOML without errors.

    Returns:
        The places by the path of keys; keys inside of inline tables are where these are.

    Example:
        >>> find_keys('[log]\nlevel = "info"\n')[("log", "level")]
        KeyPlace(line=2, key_column=1, value_column=9)
    """
    places: dict[Path, KeyPlace] = {}
    table: Path = ()
    for line, statement, value in _statements(text):
        indent = len(statement) - len(statement.lstrip()) + 1
        if statement.lstrip().startswith("["):
            table = _only_path(value)
            for end in range(1, len(table) + 1):
                places.setdefault(table[:end], KeyPlace(line, indent, indent))
            continue
        match = _KEY.match(statement)
        place = KeyPlace(line, indent, match.end() + 1 if match is not None else indent)
        for path in _paths(value):
            places.setdefault((*table, *path), place)
    return places


def _statements(text: str) -> Iterator[tuple[int, str, Mapping[str, object]]]:
    """Yield each statement with its line and what it says."""
    gathered, first, left = "", 1, _MOST_READ
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not gathered:
            first = number
        gathered += f"{line}\n"
        left -= len(gathered)
        if left < 0:
            return
        try:
            value = tomllib.loads(gathered)
        except (ValueError, RecursionError):
            continue
        if value:
            yield first, gathered, value
        gathered = ""


def _only_path(table: object) -> Path:
    """Return the keys that lead to the table of a header."""
    path: list[str] = []
    while True:
        if isinstance(table, list) and table:
            table = table[0]
        if not isinstance(table, Mapping) or not table:
            return tuple(path)
        key, table = next(iter(table.items()))
        path.append(key)


def _paths(value: Mapping[str, object]) -> Iterator[Path]:
    """Yield the paths of all keys in a statement."""
    waiting: list[tuple[Path, object]] = [((), value)]
    while waiting:
        path, one = waiting.pop()
        if path:
            yield path
        if isinstance(one, Mapping):
            waiting += [((*path, key), member) for key, member in one.items()]
