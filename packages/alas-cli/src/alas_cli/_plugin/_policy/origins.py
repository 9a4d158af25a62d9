"""Where the values in a module come from: the literals that variables, parameters and functions lead to.

Values never change, and variables belong to functions, so the assignments to a variable are all that it can be; what a parameter
can be is what callers pass. Others may call what a module exports, and what is called by a name that is computed: there nothing
is known. Neither is the order in which things happen looked at, nor whether they do, so that what is found is all that can be, and
perhaps more.
"""

import functools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import alas_core

Beginnings = frozenset[tuple[str, bool]]
"""The texts that a value may begin with, each with whether it is the whole value."""

_UNKNOWN: Beginnings = frozenset({("", False)})
# A value that may be more texts than this is as good as unknown.
_MOST_TEXTS = 64
_DEEPEST = 100


class Expression(NamedTuple):
    """An expression of a module.

    Attributes:
        function: the function that it stands in.
        node: its JSON.
    """

    function: str
    node: Any


class Origins:
    """The values that the expressions of a module may have, as far as they are written there.

    Example:
        >>> name = {"type": "variable", "name": "name"}
        >>> body = [
        ...     {
        ...         "type": "assign",
        ...         "target": "name",
        ...         "value": {"type": "literal", "value": "/etc/hosts"},
        ...     }
        ... ]
        >>> module = {"type": "module", "name": "m", "functions": [{"name": "f", "body": body}]}
        >>> list(Origins(module).texts(Expression("f", name)))
        ['/etc/hosts']
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Look through a module.

        Args:
            document: its JSON, which has passed the checks.
        """
        functions = document["functions"]
        self._parameters = {
            one["name"]: [parameter["name"] for parameter in one.get("params", ())] for one in functions
        }
        # Who may be called by whoever knows nothing of this module, or by a name that is no name of a function here.
        self._open = set(document.get("exports", ()))
        self._sources: dict[tuple[str, str | None], list[Expression]] = {}
        for one in functions:
            for node in _nodes(one["body"]):
                self._note(one["name"], node)
        self._known: dict[tuple[str, str | None], Beginnings] = {}
        self._depth = 0

    def texts(self, expression: Expression) -> Iterator[str | None]:
        """Yield the texts that an expression may be, and None if it may be others.

        Args:
            expression: the expression.
        """
        found = self.beginnings(expression)
        yield from sorted(text for text, is_whole in found if is_whole and text)
        if any(not (is_whole and text) for text, is_whole in found):
            yield None

    def beginnings(self, expression: Expression) -> Beginnings:
        """Return what the texts may begin with that an expression may be.

        Args:
            expression: the expression.
        """
        function, node = expression
        kind = _kind(node)
        if kind == "literal":
            value = node.get("value")
            return frozenset({(value, True)}) if isinstance(value, str) else _UNKNOWN
        if kind == "binary" and node.get("op") == "+":
            return self._joined(Expression(function, node["left"]), Expression(function, node["right"]))
        source = _source(expression)
        return _UNKNOWN if source is None else self._beginnings_of(source)

    def entries(self, expression: Expression, key: str) -> Iterator[Expression | None]:
        """Yield what a map may hold under a key, and None if it may be something else; nothing where it cannot have the key.

        Args:
            expression: the map.
            key: the key.
        """
        for origin in self._origins(expression):
            if _kind(origin.node) == "literal":
                continue
            if _kind(origin.node) != "map_literal":
                yield None
                continue
            pairs = origin.node.get("pairs", ())
            keys = [list(self.texts(Expression(origin.function, pair["key"]))) for pair in pairs]
            if any(len(texts) != 1 or texts[0] is None for texts in keys):
                # A key that is computed may be this one.
                yield None
                continue
            values = [pair["value"] for pair, texts in zip(pairs, keys, strict=True) if texts == [key]]
            if values:
                yield Expression(origin.function, values[-1])

    def _note(self, function: str, node: Mapping[str, Any]) -> None:
        """Note what a node says about what variables, parameters and functions can be."""
        kind = node.get("type")
        if kind == "assign":
            self._add((function, node["target"]), Expression(function, node["value"]))
        elif kind == "return" and "value" in node:
            self._add((function, None), Expression(function, node["value"]))
        elif kind == "call" and node.get("name") in self._parameters:
            passed = zip(self._parameters[node["name"]], node.get("args", ()), strict=False)
            for parameter, argument in passed:
                self._add((node["name"], parameter), Expression(function, argument))
        elif kind in {"builtin", "module_call"}:
            named = _named_function(node)
            if named is not None:
                # A name that is computed may be any.
                self._open |= {named["value"]} if _kind(named) == "literal" else set(self._parameters)

    def _add(self, source: tuple[str, str | None], expression: Expression) -> None:
        self._sources.setdefault(source, []).append(expression)

    def _is_open(self, source: tuple[str, str | None]) -> bool:
        function, variable = source
        return function in self._open and variable in self._parameters[function]

    def _beginnings_of(self, source: tuple[str, str | None]) -> Beginnings:
        """Return what a variable, or the result of a function, may begin with."""
        known = self._known.get(source)
        if known is not None:
            return known
        if self._depth >= _DEEPEST or source not in self._sources:
            return _UNKNOWN
        # What leads back to itself may be anything.
        self._known[source] = _UNKNOWN
        self._depth += 1
        found = frozenset().union(*(self.beginnings(one) for one in self._sources[source]))
        self._depth -= 1
        if self._is_open(source):
            found |= _UNKNOWN
        self._known[source] = found if len(found) <= _MOST_TEXTS else _UNKNOWN
        return self._known[source]

    def _joined(self, left: Expression, right: Expression) -> Beginnings:
        begun = self.beginnings(left)
        ended = self.beginnings(right) if any(is_whole for _, is_whole in begun) else _UNKNOWN
        found = {(text, False) for text, is_whole in begun if not is_whole}
        found |= {(text + more, is_whole) for text, done in begun if done for more, is_whole in ended}
        return frozenset(found) if len(found) <= _MOST_TEXTS else _UNKNOWN

    def _origins(self, expression: Expression) -> list[Expression]:
        """Return the expressions that are no names which a value may come from, each once."""
        found: list[Expression] = []
        waiting, seen = [expression], set()
        while waiting:
            one = waiting.pop()
            source = _source(one)
            if source is None or source not in self._sources:
                found.append(one)
            elif source not in seen:
                seen.add(source)
                waiting += reversed(self._sources[source])
                if self._is_open(source):
                    found.append(Expression(one.function, None))
        return found


def _kind(node: Any) -> str | None:
    return node.get("type") if isinstance(node, dict) else None


def _source(expression: Expression) -> tuple[str, str | None] | None:
    """Return the variable, as its function and its name, or the function whose result an expression is."""
    function, node = expression
    if _kind(node) == "variable":
        return function, node["name"]
    return (node["name"], None) if _kind(node) == "call" else None


def _nodes(body: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the statements and expressions in a body."""
    waiting = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            yield node
            if node.get("type") != "literal":
                waiting += reversed(node.values())


def _named_function(node: Mapping[str, Any]) -> Any:
    """Return the expression of the function that a standard function calls; None when it calls none."""
    name = node.get("name")
    if node["type"] == "module_call":
        name = f"{str(node.get('module')).removeprefix('std.')}.{name}"
    position = _calling().get(str(name))
    return node["args"][position] if position is not None else None


@functools.cache
def _calling() -> Mapping[str, int]:
    """The standard functions that call functions of a module, each with the position of the argument that names it."""
    found = {}
    for name, signature, *_ in alas_core.library():
        before, is_calling, _ = signature.partition("->")[0].partition(": function")
        if is_calling:
            found[name] = before.count(",")
    return found
