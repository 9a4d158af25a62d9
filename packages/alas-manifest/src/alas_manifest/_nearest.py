"""The name that somebody probably meant."""

import re
from collections.abc import Iterable
from typing import Final

_PART: Final = re.compile(r"[-_ ]")


def nearest_name(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """Return the known word that is most like a word.

    Args:
        word: what somebody wrote.
        known: what they may have meant.
        likeness: how much alike the two must be, from 0 to 1, without regard to case. Words of several parts, such as `max-steps`,
            also must be as much alike without the parts that they share.

    Returns:
        The nearest word, or None when none is near.

    Example:
        >>> nearest_name("function", ["functions", "types"])
        'functions'
        >>> nearest_name("max-stepps", ["max-steps"]), nearest_name("max-cpu", ["max-steps"])
        ('max-steps', None)
    """
    import difflib

    wanted = word.lower()
    by_lower = {candidate.lower(): candidate for candidate in known}
    for match in difflib.get_close_matches(wanted, by_lower, n=len(by_lower) or 1, cutoff=likeness):
        mine, other = _unshared(wanted, match)
        # The beginning of a word stands for the word.
        if (
            mine.startswith(other)
            or other.startswith(mine)
            or difflib.get_close_matches(mine, [other], cutoff=likeness)
        ):
            return by_lower[match]
    return None


def _unshared(one: str, two: str) -> tuple[str, str]:
    """Return two words without the parts that both begin and end with, but not without their last part."""
    mine, other = _PART.split(one), _PART.split(two)
    for position in (0, -1):
        while len(mine) > 1 and len(other) > 1 and mine[position] == other[position]:
            del mine[position], other[position]
    return "-".join(mine), "-".join(other)
