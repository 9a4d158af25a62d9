"""The name that somebody probably meant."""

from collections.abc import Iterable


def nearest_name(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that is most like a word.

    Args:
        word: what somebody wrote.
        known: what they may have meant.

    Returns:
        The nearest word, or None when none is near.

    Example:
        >>> nearest_name("fucntions", ["functions", "types"])
        'functions'
    """
    import difflib

    by_lower = {candidate.lower(): candidate for candidate in known}
    matches = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return by_lower[matches[0]] if matches else None
