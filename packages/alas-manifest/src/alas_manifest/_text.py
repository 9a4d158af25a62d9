"""Text from files, made safe to show.

A manifest may come from a stranger. Nothing of it reaches a terminal before it went through here: control characters,
characters that reorder text, and lone surrogates become visible escapes.
"""

import re

# Control characters (C0, DEL, C1), line and paragraph separators, marks that reorder or hide text, lone surrogates, the tag
# characters, and two that are no characters, which XML cannot hold.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
)
_LONGEST_QUOTE = 60


def _escape_character(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code <= 0xFF:
        return f"\\x{code:02x}"
    if code <= 0xFFFF:
        return f"\\u{code:04x}"
    return f"\\U{code:08x}"


def escape_text(text: str) -> str:
    r"""Replace every character that could drive a terminal by a visible escape.

    Args:
        text: any text, for example a plugin's description.

    Returns:
        The text, printable on one line. Ordinary letters of every script stay as they are.

    Example:
        >>> escape_text("red: \x1b[31m")
        'red: \\x1b[31m'
    """
    return _UNSAFE.sub(_escape_character, text)


def quote_text(text: str, longest: int = _LONGEST_QUOTE) -> str:
    r"""Quote a piece of a file inside a message: escaped, in backquotes, shortened when it is long.

    Args:
        text: the piece to quote.
        longest: how many characters of it to show at most.

    Returns:
        The quoted text.

    Example:
        >>> quote_text("a\nb")
        '`a\\x0ab`'
    """
    if len(text) > longest:
        text = text[: longest - 1] + "…"
    return f"`{escape_text(text)}`" if text else "an empty text"
