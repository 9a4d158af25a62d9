"""What people write instead of JSON, and what to tell them."""

import re

_MISTAKES = [
    (re.compile("'"), "JSON takes double quotes"),
    (re.compile(r"//|/\*|#"), "JSON has no comments; remove it"),
    (re.compile(r"[Tt]rue|TRUE"), "write true"),
    (re.compile(r"[Ff]alse|FALSE"), "write false"),
    (re.compile(r"None|nil|undefined|[Nn]ull|NULL"), "write null"),
    (re.compile(r"[+-]?(?:NaN|nan|[Ii]nf)"), "JSON has no NaN and no infinity"),
    (re.compile(r"-?0[0-9]"), "a number does not begin with 0 and another digit"),
    (re.compile(r"0[xXoObB]"), "write the number in decimal digits"),
    (re.compile(r"\+[0-9]"), "a number does not begin with +"),
    (re.compile(r"-?\.[0-9]"), "write a digit before the point"),
    (re.compile(r"-?[0-9]+\.(?![0-9])"), "write a digit after the point"),
    (re.compile(r"-?[0-9][0-9_]*_"), "a number holds no underscores"),
    (re.compile("[“”„«»]"), "use the straight quotation mark"),
    (re.compile(r",|[}\]]"), "a value is missing here, or a comma is too many"),
    (re.compile("\ufeff"), "save the file as UTF-8 without a byte order mark"),
    (re.compile(r"[A-Za-z_$]"), "put it in double quotes"),
]


def explain_value(text: str, offset: int) -> str | None:
    """Return what to do about something that is not a JSON value, where it can be guessed.

    Args:
        text: the whole text.
        offset: where a value or key was expected.

    Returns:
        Advice, or None.
    """
    return next((advice for pattern, advice in _MISTAKES if pattern.match(text, offset)), None)
