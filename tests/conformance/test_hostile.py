"""Text that nobody means well with: a typed error each, never a crash, a hang or an exception of another kind."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from .on_engine import load_error
from .on_reference import as_text

PROGRAM = as_text(
    {
        "type": "module",
        "name": "victim",
        "functions": [
            {
                "name": "main",
                "params": [{"name": "n", "type": "int"}],
                "returns": "float",
                "body": [
                    {
                        "type": "return",
                        "value": {
                            "type": "binary",
                            "op": "*",
                            "left": {"type": "literal", "value": -1.5e3},
                            "right": {"type": "variable", "name": "n"},
                        },
                    }
                ],
            }
        ],
        "meta": {"text": 'é 😀 "quoted" \\', "others": [None, True, False, 0, []]},
    }
).encode()
MEBIBYTE = 1024 * 1024


def with_meta(meta: str) -> str:
    return '{"type": "module", "name": "victim", "functions": [], "meta": ' + meta + "}"


TEXTS: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "nothing": (lambda: "", "json_syntax"),
    "only_white_space": (lambda: " \n\t" * 100, "json_syntax"),
    "only_nul": (lambda: b"\0", "json_syntax"),
    "byte_order_mark_of_utf16": (lambda: "{}".encode("utf-16"), "json_syntax"),
    "not_utf8": (lambda: b'{"\xff": 1}', "json_syntax"),
    "surrogate_as_utf8": (lambda: with_meta('"').encode() + b'\xed\xa0\x80"}', "json_syntax"),
    "beyond_unicode": (lambda: b'"\xf4\x90\x80\x80"', "json_syntax"),
    "arrays_all_the_way": (lambda: with_meta("[" * 1_000_000), "json_too_deep"),
    "objects_all_the_way": (lambda: with_meta('{"a":' * 200_000), "json_too_deep"),
    "deep_and_closed": (lambda: with_meta("[" * 600 + "]" * 600), "json_too_deep"),
    "a_million_digits": (lambda: with_meta("1" * 1_000_000), "number_out_of_range"),
    "a_huge_exponent": (lambda: with_meta("1e" + "9" * 1_000), "number_out_of_range"),
    "too_large": (lambda: with_meta('"' + "x" * 64 * MEBIBYTE + '"'), "json_too_large"),
    "duplicate_among_many_keys": (
        lambda: with_meta("{" + ",".join(f'"k{index % 49_999}": 0' for index in range(50_000)) + "}"),
        "json_duplicate_key",
    ),
    "unfinished_string": (lambda: with_meta('"' + "x" * MEBIBYTE)[:-1], "json_syntax"),
    "unfinished_escape": (lambda: with_meta('"\\u12'), "json_syntax"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_text(name: str) -> None:
    make, code = TEXTS[name]
    codes = {finding.code for finding in load_error(make())}
    assert codes == {code}


@pytest.mark.parametrize("length", range(len(PROGRAM.rstrip())))
def test_truncated(length: int) -> None:
    assert [finding.code for finding in load_error(PROGRAM[:length])] == ["json_syntax"]


@pytest.mark.parametrize("seed", range(300))
def test_damaged(seed: int) -> None:
    chance = random.Random(seed)
    text = bytearray(PROGRAM)
    for _ in range(chance.randint(1, 5)):
        position = chance.randrange(len(text))
        match chance.randrange(3):
            case 0:
                text[position] = chance.randrange(256)
            case 1:
                del text[position : position + chance.randint(1, 10)]
            case _:
                text[position:position] = chance.choice(
                    [b'"', b"{", b"]", b",", b"\\", b"\xc3", b"-", b"null"]
                )
    # Whatever the text has become, it is either a program or has findings with a code and a line.
    for finding in load_error(bytes(text)):
        assert finding.code
        assert finding.line >= 1
