"""`string`: positions and lengths count characters, that is, code points."""

from __future__ import annotations

from .errors import out_of_bounds, value_error
from .library import function
from .values import Value

# Unicode's White_Space; Python's own idea of it has four control characters more.
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)


@function("string.length", "string")
def length(text: str) -> Value:
    return len(text)


@function("string.split", "string", "string")
def split(text: str, separator: str) -> Value:
    return [*(text.split(separator) if separator else text)]


@function("string.join", "strings", "string")
def join(parts: list[str], separator: str) -> Value:
    return separator.join(parts)


@function("string.toUpper", "string")
def to_upper(text: str) -> Value:
    return text.upper()


@function("string.toLower", "string")
def to_lower(text: str) -> Value:
    return text.lower()


@function("string.trim", "string")
def trim(text: str) -> Value:
    return text.strip(WHITE_SPACE)


@function("string.trimStart", "string")
def trim_start(text: str) -> Value:
    return text.lstrip(WHITE_SPACE)


@function("string.trimEnd", "string")
def trim_end(text: str) -> Value:
    return text.rstrip(WHITE_SPACE)


@function("string.replace", "string", "string", "string")
def replace(text: str, old: str, new: str) -> Value:
    return text.replace(old, new)


@function("string.concat", "string", "string")
def concat(a: str, b: str) -> Value:
    return a + b


@function("string.substring", "string", "int", "int")
def substring(text: str, start: int, count: int) -> Value:
    if count < 0:
        raise value_error("a negative length")
    if not 0 <= start <= start + count <= len(text):
        raise out_of_bounds(start + count if start >= 0 else start, len(text))
    return text[start : start + count]


@function("string.contains", "string", "string")
def contains(text: str, part: str) -> Value:
    return part in text


@function("string.startsWith", "string", "string")
def starts_with(text: str, part: str) -> Value:
    return text.startswith(part)


@function("string.endsWith", "string", "string")
def ends_with(text: str, part: str) -> Value:
    return text.endswith(part)


@function("string.indexOf", "string", "string")
def index_of(text: str, part: str) -> Value:
    return text.find(part)


@function("string.repeat", "string", "int")
def repeat(text: str, count: int) -> Value:
    if count < 0:
        raise value_error("a negative count")
    return text * count


@function("string.padStart", "string", "int", "string?")
def pad_start(text: str, width: int, fill: str = " ") -> Value:
    return _padding(text, width, fill) + text


@function("string.padEnd", "string", "int", "string?")
def pad_end(text: str, width: int, fill: str = " ") -> Value:
    return text + _padding(text, width, fill)


def _padding(text: str, width: int, fill: str) -> str:
    """What is missing to the length: the fill again and again, its last copy cut off."""
    if not fill:
        raise value_error("nothing to fill with")
    missing = max(0, width - len(text))
    return (fill * missing)[:missing]


@function("string.charAt", "string", "int")
def char_at(text: str, index: int) -> Value:
    if not 0 <= index < len(text):
        raise out_of_bounds(index, len(text))
    return text[index]


@function("string.codeAt", "string", "int")
def code_at(text: str, index: int) -> Value:
    if not 0 <= index < len(text):
        raise out_of_bounds(index, len(text))
    return ord(text[index])


@function("string.fromCode", "int")
def from_code(code: int) -> Value:
    if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise value_error(f"no character has the code {code}")
    return chr(code)


@function("string.reverse", "string")
def reverse(text: str) -> Value:
    return text[::-1]
