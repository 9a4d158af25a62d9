"""Whether a result is what a test expects, and where the two part.

Equality is that of the language: an int equals the float of the same amount, maps are compared without regard to order, and
other kinds never equal each other. JSON has no NaN and no infinities; where a float is found, the texts `"NaN"`, `"Infinity"`
and `"-Infinity"` stand for them, as in all that the commands print.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from alas_manifest.typed_json import join_pointer

# From where on counting characters helps.
_WORTH_COUNTING = 20
_NEARLY = 1e-6
_KINDS = {bool: "a bool", int: "a number", float: "a number", str: "a string", type(None): "void"}


@dataclass(frozen=True, slots=True)
class Difference:
    """The first place at which a result is not what was expected.

    Attributes:
        path: the JSON pointer of the place.
        expected: what was expected there.
        found: what is there.
        reason: what differs, when showing both does not say it.
    """

    path: str
    expected: object
    found: object
    reason: str | None = None


class Nothing:
    """Where there is no value on one side."""

    def __repr__(self) -> str:
        """Return what is shown in place of a value."""
        return "nothing"


NOTHING = Nothing()


def first_difference(expected: object, found: object) -> Difference | None:
    """Compare a result with what was expected.

    Args:
        expected: a value from a file.
        found: a result of the engine.

    Returns:
        Where they part first, in the order of what was expected; None when they are equal.

    Example:
        >>> first_difference({"a": [1, 2]}, {"a": [1.0, 2]}) is None
        True
        >>> first_difference({"a": [1, 2]}, {"a": [1, 3]}).path
        '/a/1'
    """
    waiting: list[Iterator[_Pair]] = [iter([_Pair(None, "", expected, found)])]
    while waiting:
        pair = next(waiting[-1], None)
        if pair is None:
            waiting.pop()
            continue
        one, other = pair.expected, pair.found
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            waiting.append(_members(pair, one, other))
        elif isinstance(one, list) and isinstance(other, list):
            waiting.append(_elements(pair, one, other))
        elif not _equal(one, other):
            return Difference(pair.path, one, other, _reason(one, other))
    return None


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two values at the same place: the step that leads to it, and the pair that they are in."""

    parent: "_Pair | None"
    step: str | int
    expected: object
    found: object

    @property
    def path(self) -> str:
        steps = []
        pair = self
        while pair.parent is not None:
            steps.append(pair.step)
            pair = pair.parent
        return "".join(join_pointer("", step) for step in reversed(steps))


def _members(parent: _Pair, one: Mapping[str, object], other: Mapping[str, object]) -> Iterator[_Pair]:
    for key in [*one, *(key for key in other if key not in one)]:
        yield _Pair(parent, key, one.get(key, NOTHING), other.get(key, NOTHING))


def _elements(parent: _Pair, one: list[object], other: list[object]) -> Iterator[_Pair]:
    for index in range(max(len(one), len(other))):
        expected = one[index] if index < len(one) else NOTHING
        found = other[index] if index < len(other) else NOTHING
        yield _Pair(parent, index, expected, found)


def _equal(one: object, other: object) -> bool:
    if isinstance(one, str) and isinstance(other, float):
        return one == _unwritable(other)
    if _kind(one) != _kind(other):
        return False
    return one == other


def _unwritable(number: float) -> str | None:
    """Return how a float is written that JSON cannot write."""
    if math.isfinite(number):
        return None
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _reason(one: object, other: object) -> str | None:
    if isinstance(one, Nothing | type(None)) or isinstance(other, Nothing | type(None)):
        return None
    if _kind(one) != _kind(other):
        return f"expected {_kind(one)}, found {_kind(other)}"
    if isinstance(one, float) and isinstance(other, float) and math.isclose(one, other, rel_tol=_NEARLY):
        return f"the two differ by {abs(one - other):.2g}; floats are compared exactly"
    if isinstance(one, str) and isinstance(other, str):
        at = next(
            (index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
            min(len(one), len(other)),
        )
        return f"the texts are the same up to character {at}" if at >= _WORTH_COUNTING else None
    return None


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "a map"
    if isinstance(value, list):
        return "an array"
    return _KINDS.get(type(value), type(value).__name__)
