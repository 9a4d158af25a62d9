"""JSON text to values that know their places.

Reads what RFC 8259 allows and nothing more. The reader holds its own stack, so no nesting makes it recurse. A syntax error
ends the reading, because what follows it is guesswork; duplicate keys, numbers out of range and lone surrogates do not.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from alas_manifest._json_mistakes import explain_colon, explain_separator, explain_value
from alas_manifest._json_values import (
    LONGEST_INTEGER,
    MAXIMUM_DEPTH,
    MAXIMUM_INTEGER,
    MINIMUM_INTEGER,
    JsonValue,
)
from alas_manifest._source import Problem, Source, join_pointer
from alas_manifest._text import quote_text

_SPACE = re.compile(r"[ \t\n\r]*+")
_PLAIN_STRING = re.compile(r'"([^"\\\x00-\x1f]*+)"')
_STRING = re.compile(r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+("?)')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?+([eE][+-]?[0-9]++)?+(?![0-9A-Za-z.+_-])")
_WORD = re.compile(r"(?:true|false|null)(?![0-9A-Za-z_])")
_WORD_VALUES = {"true": True, "false": False, "null": None}
# What a message shows of something unexpected: a word, or else one character.
_SHOWN = re.compile(r"[\w.+$-]{1,60}|.", re.DOTALL)
_VALUE_START = re.compile(r'["{\[\w-]')
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class Node:
    """A JSON value and its place.

    Attributes:
        value: the value; the elements of arrays and the members of objects are nodes.
        start: where it begins in the text, in characters.
        end: where the text after it begins.
        key_starts: for an object, where each of its keys begins.
    """

    value: "bool | int | float | str | list[Node] | dict[str, Node] | None"
    start: int
    end: int = 0
    key_starts: dict[str, int] = field(default_factory=dict)

    def inside(self, step: str | int) -> "Node":
        """Return the member or element that a key or index leads to."""
        if isinstance(self.value, dict):
            return self.value[str(step)]
        assert isinstance(self.value, list), "only objects and arrays have something inside"
        return self.value[int(step)]


class _UnreadableError(Exception):
    """Reading cannot go on; the finding is already in the source."""


def read_json(source: Source) -> Node | None:
    """Read a text that holds one JSON value.

    Args:
        source: the text; takes the findings.

    Returns:
        The value, or None when the text is not JSON. It may hold placeholders where the findings say that a key came
        twice, a number was out of range, or a string held a lone surrogate.
    """
    try:
        return _Reader(source).read()
    except _UnreadableError:
        return None


@dataclass(slots=True)
class _Frame:
    """An array or object that is not closed yet, and the key that its next value belongs to."""

    node: Node
    members: dict[str, Node] | None
    elements: list[Node] | None
    key: str | None = None
    is_duplicate: bool = False


class _Reader:
    def __init__(self, source: Source) -> None:
        self._source = source
        self._text = source.text
        self._at = 0
        self._stack: list[_Frame] = []
        self._root: Node | None = None

    def read(self) -> Node:
        self._skip_space()
        while True:
            self._read_value()
            if not self._to_next_value():
                break
        if self._at < len(self._text):
            self._fail("the text goes on after the JSON value has ended", "remove what follows the value")
        assert self._root is not None, "reading ends without a value only by an error"
        return self._root

    # --- Where the reader is ---

    def _skip_space(self) -> None:
        match = _SPACE.match(self._text, self._at)
        assert match is not None, "the pattern matches nothing as well"
        self._at = match.end()

    def _here(self) -> str:
        return self._text[self._at : self._at + 1]

    def _pointer(self) -> str:
        """Return the pointer of the value that is being read."""
        pointer = ""
        for depth, frame in enumerate(self._stack, 1):
            if frame.elements is None and frame.key is not None:
                pointer = join_pointer(pointer, frame.key)
            elif frame.elements is not None:
                # An open array or object is already among the elements of the one around it.
                pointer = join_pointer(pointer, len(frame.elements) - (depth < len(self._stack)))
        return pointer

    def _fail(self, message: str, advice: str | None = None, *, code: str = "json_syntax") -> NoReturn:
        self._source.report(Problem(code, message, advice), self._pointer(), self._at)
        raise _UnreadableError

    # --- Values ---

    def _attach(self, node: Node) -> None:
        if not self._stack:
            self._root = node
            return
        frame = self._stack[-1]
        if frame.elements is not None:
            frame.elements.append(node)
        elif frame.members is not None and frame.key is not None and not frame.is_duplicate:
            frame.members[frame.key] = node

    def _read_value(self) -> None:
        """Read one value; of an array or object that is not empty, up to its first scalar value."""
        while True:
            first = self._here()
            if first == '"':
                start = self._at
                text = self._read_string()
                self._attach(Node(text, start, self._at))
                return
            if first not in ("{", "["):
                self._read_scalar()
                return
            if self._open(first):
                return

    def _open(self, bracket: str) -> bool:
        """Open an array or object, up to its first value; return whether it is empty, and so already closed."""
        if len(self._stack) >= MAXIMUM_DEPTH:
            self._fail(
                f"the values are nested more than {MAXIMUM_DEPTH} deep", "flatten them", code="json_too_deep"
            )
        if bracket == "{":
            members: dict[str, Node] = {}
            node = Node(members, self._at)
            frame = _Frame(node, members, None)
        else:
            elements: list[Node] = []
            node = Node(elements, self._at)
            frame = _Frame(node, None, elements)
        self._attach(node)
        self._at += 1
        self._skip_space()
        closing = "}" if bracket == "{" else "]"
        if self._here() == closing:
            self._at += 1
            node.end = self._at
            return True
        self._stack.append(frame)
        if bracket == "{":
            self._read_key(frame)
        return False

    def _to_next_value(self) -> bool:
        """Go on to where the next value begins, closing what ends before it; return whether there is one."""
        while True:
            self._skip_space()
            if not self._stack:
                return False
            frame = self._stack[-1]
            closing = "]" if frame.members is None else "}"
            here = self._here()
            if here == closing:
                self._at += 1
                frame.node.end = self._at
                self._stack.pop()
                continue
            if here != ",":
                self._fail_between(frame, closing)
            self._at += 1
            self._skip_space()
            if self._here() == closing:
                frame.key = None
                self._fail(f"expected a value after `,`, found `{closing}`", "remove the comma before it")
            if frame.members is not None:
                self._read_key(frame)
            return True

    def _fail_between(self, frame: _Frame, closing: str) -> NoReturn:
        container = "array" if frame.members is None else "object"
        if self._at >= len(self._text):
            line, column = self._source.position(frame.node.start)
            self._fail(
                f"the text ends inside the {container} that begins in line {line}, column {column}",
                f"add `{closing}`, or see whether the file is complete",
            )
        advice = explain_separator(self._here())
        if _VALUE_START.match(self._text, self._at):
            advice = "put a comma before it"
        elif self._here() in ("]", "}"):
            line, column = self._source.position(frame.node.start)
            advice = f"close the {container} that begins in line {line}, column {column} first"
        self._fail(
            f"expected `,` or `{closing}` after a value of the {container}, found {self._found()}", advice
        )

    # --- Keys and scalars ---

    def _read_key(self, frame: _Frame) -> None:
        """Read a key and its colon, up to where its value begins."""
        frame.key, frame.is_duplicate = None, False
        if self._here() != '"':
            found = self._found()
            self._fail(f"expected a key in double quotes, found {found}", explain_value(self._text, self._at))
        start = self._at
        frame.key = key = self._read_string()
        key_starts = frame.node.key_starts
        frame.is_duplicate = key in key_starts
        if frame.is_duplicate:
            line, column = self._source.position(key_starts[key])
            problem = Problem(
                "json_duplicate_key",
                f"the key {quote_text(key)} is already in line {line}, column {column}",
                "remove or rename one of the two",
            )
            self._source.report(problem, self._pointer(), start)
        else:
            key_starts[key] = start
        self._skip_space()
        if self._here() != ":":
            message = f"expected `:` after the key {quote_text(key)}, found {self._found()}"
            self._fail(message, explain_colon(key, self._here()))
        self._at += 1
        self._skip_space()

    def _read_string(self) -> str:
        start = self._at
        if plain := _PLAIN_STRING.match(self._text, start):
            self._at = plain.end()
            return plain[1] if plain[1].isascii() else self._without_surrogates(plain[1], start)
        match = _STRING.match(self._text, start)
        assert match is not None, "the reader stands at a quotation mark"
        self._at = match.end()
        if not match[1]:
            self._fail_in_string(start)
        import json

        return self._without_surrogates(json.loads(match.group()), start)

    def _without_surrogates(self, text: str, start: int) -> str:
        if not _SURROGATE.search(text):
            return text
        problem = Problem(
            "json_syntax",
            f"the string {quote_text(text)} holds half of a surrogate pair, which is not a character",
            "write the character itself, or both halves",
        )
        self._source.report(problem, self._pointer(), start)
        return _SURROGATE.sub("\ufffd", text)

    def _fail_in_string(self, start: int) -> NoReturn:
        if self._at >= len(self._text):
            self._at = start
            self._fail("the text ends inside this string", "add the closing quotation mark")
        if self._here() == "\\":
            found = quote_text(
                self._text[self._at : self._at + (6 if self._text[self._at + 1 :][:1] == "u" else 2)]
            )
            advice = r"write \\ for a backslash; the escapes are \" \\ \/ \b \f \n \r \t and \u with four hexadecimal digits"
            self._fail(f"expected an escape that JSON knows, found {found}", advice)
        line_break = self._here() in "\n\r"
        advice = (
            "close the string before the line ends, or write `\\n` for a line break"
            if line_break
            else "write it as an escape"
        )
        self._fail(
            f"expected the rest of a string, found the control character {quote_text(self._here())}", advice
        )

    def _read_scalar(self) -> None:
        start = self._at
        if match := _NUMBER.match(self._text, start):
            self._at = match.end()
            value = self._number(match)
            self._attach(Node(value, start, self._at))
        elif match := _WORD.match(self._text, start):
            self._at = match.end()
            self._attach(Node(_WORD_VALUES[match.group()], start, self._at))
        elif start >= len(self._text):
            is_empty = not self._text.strip()
            advice = "see whether the file was saved" if is_empty else "see whether the file is complete"
            self._fail("expected a value, found the end of the text", advice)
        else:
            self._fail(f"expected a value, found {self._found()}", explain_value(self._text, start))

    def _number(self, match: re.Match[str]) -> int | float:
        token = match.group()
        if match[1] is None and match[2] is None:
            if len(token) <= LONGEST_INTEGER and MINIMUM_INTEGER <= (value := int(token)) <= MAXIMUM_INTEGER:
                return value
            message = f"the integer {quote_text(token)} does not fit 64 bits"
            advice = "write it with a fraction (1.0) if a float is meant"
        else:
            number = float(token)
            if abs(number) != float("inf"):
                return number
            message, advice = f"the number {quote_text(token)} is too large for a float", None
        pointer = self._pointer()
        self._source.report(Problem("number_out_of_range", message, advice), pointer, match.start())
        return 0

    def _found(self) -> str:
        match = _SHOWN.match(self._text, self._at)
        if match is None:
            return "the end of the text"
        return "a string" if match.group() == '"' else quote_text(match.group())


def plain_value(node: Node) -> JsonValue:
    """Return a value without its places, as Python's `json` would."""
    root: list[JsonValue] = []
    pending: list[tuple[Node, Callable[[JsonValue], None]]] = [(node, root.append)]
    while pending:
        here, put = pending.pop()
        if isinstance(here.value, dict):
            members: dict[str, JsonValue] = dict.fromkeys(here.value)
            put(members)
            for key, member in here.value.items():
                pending.append((member, _setter(members, key)))
        elif isinstance(here.value, list):
            elements: list[JsonValue] = [None] * len(here.value)
            put(elements)
            for index, element in enumerate(here.value):
                pending.append((element, _setter(elements, index)))
        else:
            put(here.value)
    return root[0]


def _setter(container: Any, step: str | int) -> Callable[[JsonValue], None]:
    return lambda value: container.__setitem__(step, value)
