"""What a Markdown text consists of, as values that ALaS has types for."""

import enum
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token


class Flavor(enum.StrEnum):
    """A kind of Markdown."""

    COMMONMARK = "commonmark"
    TABLES = "tables"


class LinkKind(enum.StrEnum):
    """Where a link leads."""

    ANCHOR = "anchor"
    FILE = "file"
    WEB = "web"
    MAIL = "mail"


@dataclass(frozen=True)
class Heading:
    """A heading: its level from 1 to 6, its text, an anchor made of that, and its line, counted from 1."""

    level: int
    title: str
    anchor: str
    line: int


@dataclass(frozen=True)
class Link:
    """A link: its text and target, and where that leads."""

    text: str
    target: str
    kind: LinkKind


@dataclass(frozen=True)
class CodeBlock:
    """A block of code: the language behind its fence, which may be empty, its text, and its line, counted from 1."""

    language: str
    code: str
    line: int


def parser(flavor: Flavor) -> MarkdownIt:
    """Return what reads a kind of Markdown. HTML inside of Markdown stays text, because programs print what others wrote."""
    made = MarkdownIt("commonmark", {"html": False})
    return made.enable(["table", "strikethrough"]) if flavor is Flavor.TABLES else made


def headings(text: str) -> Iterator[Heading]:
    """Yield the headings of a text."""
    used: dict[str, int] = {}
    tokens = parser(Flavor.COMMONMARK).parse(text)
    for opening, content in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            title = plain(content)
            yield Heading(int(opening.tag[1:]), title, _anchor(title, used), _line(opening))


def links(text: str) -> Iterator[Link]:
    """Yield the links of a text."""
    for token in parser(Flavor.COMMONMARK).parse(text):
        children = token.children or []
        for position, opening in enumerate(children):
            if opening.type == "link_open":
                target = str(opening.attrGet("href") or "")
                yield Link(_text_of_link(children[position + 1 :]), target, _kind(target))


def code_blocks(text: str) -> Iterator[CodeBlock]:
    """Yield the blocks of code in a text."""
    for token in parser(Flavor.COMMONMARK).parse(text):
        if token.type in ("fence", "code_block"):
            language, _, _ = token.info.strip().partition(" ")
            yield CodeBlock(language, token.content, _line(token))


def plain(token: Token) -> str:
    """Return the text inside of a token, without marks."""
    return _plain_text(token.children or [])


def _plain_text(tokens: list[Token]) -> str:
    breaks = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(breaks.get(token.type, token.content) for token in tokens)


def _text_of_link(tokens: list[Token]) -> str:
    end = next(position for position, token in enumerate(tokens) if token.type == "link_close")
    return _plain_text(tokens[:end])


def _kind(target: str) -> LinkKind:
    if target.startswith("#"):
        return LinkKind.ANCHOR
    if target.startswith("mailto:"):
        return LinkKind.MAIL
    return LinkKind.WEB if re.match(r"[a-z][a-z0-9+.-]*:|//", target, re.IGNORECASE) else LinkKind.FILE


def _anchor(title: str, used: dict[str, int]) -> str:
    """Return a title as the end of an address; the second of the same title gets a number."""
    anchor = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
    count = used.get(anchor, 0)
    used[anchor] = count + 1
    return f"{anchor}-{count}" if count else anchor


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map is not None else 0
