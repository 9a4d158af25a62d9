"""The plugin: what programs can call."""

from alas_builtin import BuiltinPlugin

from . import _documents
from ._documents import CodeBlock, Flavor, Heading, Link

plugin = BuiltinPlugin(
    "markdown-tools",
    version="1.0.0",
    description="Markdown: HTML, headings, links, code blocks",
    author="ALaS authors",
    license="MIT",
    entrypoint="__init__.py",
    config={"bullet": "-"},
)

_DEEPEST = 6


@plugin.function(name="toHtml")
def to_html(text: str, flavor: Flavor) -> str:
    """Turn Markdown into HTML.

    HTML inside of the Markdown is shown as text.

    Args:
        text: the Markdown.
        flavor: whether there are tables and struck-out text in it.

    Returns:
        The HTML, without the head and body of a page.
    """
    return str(_documents.parser(flavor).render(text))


@plugin.function
def headings(text: str) -> list[Heading]:
    """List the headings of a Markdown text."""
    return list(_documents.headings(text))


@plugin.function
def links(text: str) -> list[Link]:
    """List the links of a Markdown text, with what they lead to."""
    return list(_documents.links(text))


@plugin.function(name="codeBlocks")
def code_blocks(text: str, language: str) -> list[CodeBlock]:
    """List the blocks of code in a Markdown text.

    Args:
        text: the Markdown.
        language: only blocks in this language; an empty string means all.
    """
    return [block for block in _documents.code_blocks(text) if language in ("", block.language)]


@plugin.function(name="tableOfContents")
def table_of_contents(text: str, depth: int) -> str:
    """Make a list of links to the headings of a Markdown text.

    The setting `bullet` is the mark before each.

    Args:
        text: the Markdown.
        depth: the deepest level of headings in the list, from 1 to 6.

    Returns:
        The list, in Markdown.
    """
    if not 1 <= depth <= _DEEPEST:
        raise ValueError(f"the depth is a level from 1 to {_DEEPEST}, found {depth}")
    bullet = plugin.config["bullet"]
    return "".join(
        f"{'  ' * (heading.level - 1)}{bullet} [{heading.title}](#{heading.anchor})\n"
        for heading in _documents.headings(text)
        if heading.level <= depth
    )
