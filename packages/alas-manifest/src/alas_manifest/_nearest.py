"""The name that somebody probably meant."""

from collections.abc import Iterable


def nearest_name(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """Return the known word that is most like a word.

    Args:
        word: what somebody wrote.
        known: what they may have meant.
        likeness: how much alike the two must be, from 0 to 1, without regard to case.

    Returns:
        The nearest word, or None when none is near.

    Example:
        >>> nearest_name("function", ["functions", "types"])
        'functions'
    """
    import difflib

    by_lower = {candidate.lower(): candidate for candidate in known}
    matches = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=likeness)
    return by_lower[matches[0]] if matches else None
