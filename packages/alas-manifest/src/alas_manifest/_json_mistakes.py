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
    (re.compile(r"<{7}|>{7}|={7}"), "two versions of the file were merged here; choose one"),
    (re.compile("\0"), "save the file as UTF-8; it may be UTF-16 now"),
    (
        re.compile("[\xa0\u2000-\u200f\u2028-\u202f\u3000]"),
        "remove this character: it only looks like a space or a line end",
    ),
    (re.compile("`"), "JSON takes double quotes"),
    (re.compile(r"\.\.\.|…"), "write what stands for the dots, or remove them"),
    (re.compile(r"[0-9][0-9A-Za-z]*[.:%A-Za-z-]"), "put it in double quotes"),
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


def explain_colon(key: str, found: str) -> str:
    """Return what to do about a key without a colon after it.

    Args:
        key: the key.
        found: what stands where the colon belongs; `""` at the end of the text.

    Returns:
        Advice.
    """
    if ":" in key or "," in key:
        return "see whether the closing quotation mark of the key is missing"
    if found in ("", "}", ","):
        return "add a colon and a value"
    return "write a colon between key and value"


def explain_separator(found: str) -> str | None:
    """Return what to do about something else than a comma after a value, where it can be guessed.

    Args:
        found: what stands there.

    Returns:
        Advice, or None.
    """
    if found == ";":
        return "write a comma"
    if found in ("/", "#"):
        return "JSON has no comments; remove it"
    if found == "%" or found.isalnum():
        return "put it in double quotes, or a comma before it"
    if found == "+":
        return "JSON does not calculate; write the whole value"
    return None
