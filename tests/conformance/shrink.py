"""Make a program smaller while it keeps a property: delta debugging on its syntax tree."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
Path = tuple[str | int, ...]

# Lists from which parts can be left out; the others have as many parts as something else asks for.
_REMOVABLE = {"functions", "body", "then", "else", "elements", "pairs", "imports", "exports", "types"}
_SMALLEST: tuple[Any, ...] = (0, "", None)


def shrink(program: Node, keeps: Callable[[Node], bool]) -> Node:
    """The smallest program that simple steps lead to and that still has the property."""
    progress = True
    while progress:
        progress = False
        for smaller in _smaller(program):
            if keeps(smaller):
                program, progress = smaller, True
                break
    return program


def _smaller(program: Node) -> Iterator[Node]:
    """Programs that are one step smaller, those that lose most first."""
    nodes = sorted(_walk(program, ()), key=lambda place: len(place[0]))
    lists = [(path, node) for path, node in nodes if isinstance(node, list) and path[-1] in _REMOVABLE]
    for path, parts in lists:
        size = len(parts)
        while size:
            for start in range(0, len(parts), size):
                yield _with(program, path, parts[:start] + parts[start + size :])
            size //= 2
    for path, node in nodes:
        if isinstance(node, dict) and "type" in node and len(path) > 2:
            yield from (_with(program, path, part) for part in _replacements(node))


def _walk(node: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    yield path, node
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _walk(value, (*path, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _walk(value, (*path, index))


def _replacements(node: Node) -> Iterator[Node]:
    """What may stand in an expression's place: a part of it, or a plain literal."""
    if node["type"] in ("assign", "if", "while", "for", "return", "expr", "module", "function", "literal"):
        return
    yield from _parts(node)
    for value in _SMALLEST:
        yield {"type": "literal", "value": value}


def _parts(node: Node) -> Iterator[Node]:
    for value in node.values():
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, dict):
                # The pairs of a map literal are no expressions; their keys and values are.
                yield from [part] if "type" in part else _parts(part)


def _with(program: Node, path: Path, replacement: Any) -> Node:
    """A copy of the program with another node at the path."""
    changed = copy.deepcopy(program)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = replacement
    return changed
