from __future__ import annotations

from .locate import positions

TEXT = """{
  "a": [1, {"b/c": "x\\"y"}, []],

  "~d" : {}, "e": -1.5e3
}
"""


def test_positions() -> None:
    assert positions(TEXT) == {
        "": (1, 1),
        "/a": (2, 8),
        "/a/0": (2, 9),
        "/a/1": (2, 12),
        "/a/1/b~1c": (2, 20),
        "/a/2": (2, 29),
        "/~0d": (4, 10),
        "/e": (4, 19),
    }
