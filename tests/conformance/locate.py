"""Where the nodes of a JSON text stand.

The cases name nodes by their pointers. Lines and columns follow from the text, so they are computed here, without
the engine, and no case has to count them.
"""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # not in the stubs; stable since Python 3.0

_SPACE = re.compile(r"[ \t\r\n]*")


def positions(text: str) -> dict[str, tuple[int, int]]:
    """Line and column of each node's first character, counted from one, by JSON pointer."""
    offsets: dict[str, int] = {}
    _scan(text, 0, "", offsets)
    places = {}
    for pointer, offset in offsets.items():
        line_start = text.rfind("\n", 0, offset) + 1
        places[pointer] = (text.count("\n", 0, offset) + 1, offset - line_start + 1)
    return places


def _skip(text: str, offset: int) -> int:
    match = _SPACE.match(text, offset)
    return match.end() if match else offset


def _scan(text: str, offset: int, pointer: str, offsets: dict[str, int]) -> int:
    """Note the node at the offset and all nodes inside it; return where it ends."""
    start = offsets[pointer] = _skip(text, offset)
    opening = text[start]
    if opening not in "[{":
        return json.JSONDecoder().raw_decode(text, start)[1]
    closing = "]" if opening == "[" else "}"
    offset, index = _skip(text, start + 1), 0
    while text[offset] != closing:
        key = str(index)
        if opening == "{":
            key, offset = scanstring(text, offset + 1)
            offset = _skip(text, offset) + 1
        escaped = key.replace("~", "~0").replace("/", "~1")
        offset = _skip(text, _scan(text, offset, f"{pointer}/{escaped}", offsets))
        if text[offset] == ",":
            offset = _skip(text, offset + 1)
        index += 1
    return offset + 1
