"""One function for each kind of syntax node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

Node = dict[str, Any]


def literal(value: str | float | bool | None) -> Node:
    return {"type": "literal", "value": value}


def variable(name: str) -> Node:
    return {"type": "variable", "name": name}


def binary(operator: str, left: Node, right: Node) -> Node:
    return {"type": "binary", "op": operator, "left": left, "right": right}


def unary(operator: str, operand: Node) -> Node:
    return {"type": "unary", "op": operator, "operand": operand}


def call(name: str, *arguments: Node) -> Node:
    return {"type": "call", "name": name, "args": [*arguments]}


def builtin(name: str, *arguments: Node) -> Node:
    return {"type": "builtin", "name": name, "args": [*arguments]}


def module_call(module: str, name: str, *arguments: Node) -> Node:
    return {"type": "module_call", "module": module, "name": name, "args": [*arguments]}


def array(*elements: Node) -> Node:
    return {"type": "array_literal", "elements": [*elements]}


def mapping(*pairs: tuple[Node, Node]) -> Node:
    return {"type": "map_literal", "pairs": [{"key": key, "value": value} for key, value in pairs]}


def index(collection: Node, position: Node) -> Node:
    return {"type": "index", "object": collection, "index": position}


def field(entries: Node, name: str) -> Node:
    return {"type": "field", "object": entries, "field": name}


def assign(target: str, value: Node) -> Node:
    return {"type": "assign", "target": target, "value": value}


def discard(value: Node) -> Node:
    return {"type": "expr", "value": value}


def give_back(value: Node | None = None) -> Node:
    return {"type": "return"} if value is None else {"type": "return", "value": value}


def branch(condition: Node, then: Sequence[Node], otherwise: Sequence[Node] = ()) -> Node:
    node = {"type": "if", "cond": condition, "then": [*then]}
    return {**node, "else": [*otherwise]} if otherwise else node


def repeat(condition: Node, body: Sequence[Node]) -> Node:
    return {"type": "while", "cond": condition, "body": [*body]}


def count(name: str, rounds: int, body: Sequence[Node]) -> Node:
    return {
        "type": "for",
        "init": assign(name, literal(0)),
        "cond": binary("<", variable(name), literal(rounds)),
        "update": increment(name),
        "body": [*body],
    }


def increment(name: str) -> Node:
    return assign(name, binary("+", variable(name), literal(1)))


def println(value: Node) -> Node:
    return discard(builtin("io.println", value))


def function(
    name: str, parameters: Sequence[tuple[str, str]], returns: str | None, body: Sequence[Node]
) -> Node:
    node: Node = {"type": "function", "name": name}
    if parameters:
        node["params"] = [{"name": parameter, "type": declared} for parameter, declared in parameters]
    if returns is not None:
        node["returns"] = returns
    return {**node, "body": [*body]}
