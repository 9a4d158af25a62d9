from __future__ import annotations

import pytest

from alas_cli._plugin._testing.comparison import NOTHING, first_difference

NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (1, 1.0),
        (1.0, 1),
        (2**53 + 1, 2**53 + 1),
        (None, None),
        ("", ""),
        ("NaN", NAN),
        ("Infinity", INFINITY),
        ("-Infinity", -INFINITY),
        ("NaN", "NaN"),
        ([[], {}], [[], {}]),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}),
    ],
)
def test_what_is_equal(expected, found):
    assert first_difference(expected, found) is None


@pytest.mark.parametrize(
    ("expected", "found", "path"),
    [
        (1, True, ""),
        (False, 0, ""),
        (1, "1", ""),
        (None, False, ""),
        (0, None, ""),
        (2**53 + 1, float(2**53), ""),
        ("NaN", INFINITY, ""),
        (NAN, NAN, ""),
        ([], {}, ""),
        ([1, 2], [1, 3], "/1"),
        ([1], [1, None], "/1"),
        ([1, None], [1], "/1"),
        ({"a": None}, {}, "/a"),
        ({}, {"a": None}, "/a"),
        ({"a/b": {"~": [0, {"x": 1}]}}, {"a/b": {"~": [0, {"x": 2}]}}, "/a~1b/~0/1/x"),
    ],
)
def test_what_differs(expected, found, path):
    difference = first_difference(expected, found)
    assert difference is not None
    assert difference.path == path


def test_what_is_missing_is_told_from_what_is_void():
    assert first_difference([None], []).found is NOTHING
    assert first_difference([], [None]).expected is NOTHING


@pytest.mark.parametrize(
    ("expected", "found", "reason"),
    [
        ("1", 1, "expected a string, found a number"),
        (True, [], "expected a bool, found an array"),
        (0.3, 0.1 + 0.2, "the two differ by 5.6e-17"),
        ("x" * 50 + "a", "x" * 50 + "b", "the same up to character 50"),
        ("a", "b", None),
        (1, 2, None),
    ],
)
def test_the_reason_says_what_showing_both_does_not(expected, found, reason):
    given = first_difference(expected, found).reason
    assert given is None if reason is None else reason in given


def test_deep_values_are_compared_without_recursion():
    expected, found = [], [1]
    for _ in range(100_000):
        expected, found = [expected], [found]
    assert first_difference(expected, expected) is None
    assert first_difference(expected, found).path.count("/") == 100_001
