"""The quick reader and the one that knows places read every text alike."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alas_manifest._json_document import JsonDocument
from alas_manifest._json_reader import plain_value, read_json
from alas_manifest._json_values import MAXIMUM_DEPTH, read_values
from alas_manifest._source import Source

REPEATABLE = settings(derandomize=True, deadline=None, database=None)
SCALARS = st.none() | st.booleans() | st.integers(-(2**65), 2**65) | st.floats(width=32) | st.text(max_size=5)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
# Texts that are nearly JSON, put together from what matters to a reader.
PIECES = st.sampled_from(
    ['"a"', '"a":', "1", "-", "0", ".5", "1e999", "9" * 20, "true", "NaN", "null", "{", "}", "[", "]", ",", ":", " ", "\n", "\x00",
     '"\\ud83e\\udde9"', '"\\ud83e"', '"\\u00e9"', '"\ud83e"', "é", '"é"', "\ufeff", "'", "\\", '"\t"', "//", "\u2028", "-0", "1.", "01"]
)  # fmt: skip


def precise(text):
    source = Source(text, None)
    root = read_json(source)
    return None if root is None or source.diagnostics() else repr(plain_value(root))


def quick(text):
    try:
        return repr(read_values(text))
    except (ValueError, RecursionError):
        return None


@REPEATABLE
@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_values_are_read_alike(value, indent, ascii_only):
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    if quick(text) is not None:
        assert quick(text) == precise(text)
    # The quick reader may leave a text to the other for no more reason than an escape.
    elif "\\u" not in text:
        assert precise(text) is None


@REPEATABLE
@given(st.lists(PIECES, max_size=8).map("".join))
def test_texts_are_read_alike(text):
    if quick(text) is not None:
        assert quick(text) == precise(text)
    elif "\\u" not in text:
        assert precise(text) is None


@pytest.mark.parametrize("depth", [MAXIMUM_DEPTH - 1, MAXIMUM_DEPTH, MAXIMUM_DEPTH + 1, 100_000])
@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":[', "]}")])
def test_depth_is_limited_alike(depth, opening, closing):
    count = depth // len(closing)
    for text in (opening * count + closing * count, "[" + opening * count + "1" + closing * count + "]"):
        assert quick(text) == precise(text)


def test_width_is_not_depth():
    text = json.dumps([{} for _ in range(10 * MAXIMUM_DEPTH)])
    assert quick(text) == precise(text) is not None


def test_places_are_read_when_they_are_asked_for():
    document = JsonDocument.read(Source('{"a":\n  [1, 2e1]}', None))
    assert document.value == {"a": [1, 20.0]}
    assert document._root is None
    assert document.position_of(("a", 1)) == (2, 7)
    assert document.text_of(("a", 1)) == "2e1"
