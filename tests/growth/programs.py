"""Short ways to write ALaS programs, and to load them."""

from __future__ import annotations

from typing import Any

from alas_interp import Interpreter

Node = dict[str, Any]


def literal(value: Any) -> Node:
    """A literal."""
    return {"type": "literal", "value": value}


def variable(name: str) -> Node:
    """A variable."""
    return {"type": "variable", "name": name}


def binary(left: Node, operator: str, right: Node) -> Node:
    """An operator between its operands."""
    return {"type": "binary", "op": operator, "left": left, "right": right}


def builtin(name: str, *arguments: Node) -> Node:
    """A call of a standard function."""
    return {"type": "builtin", "name": name, "args": list(arguments)}


def call(name: str, *arguments: Node) -> Node:
    """A call of a function of the module."""
    return {"type": "call", "name": name, "args": list(arguments)}


def array(*elements: Node) -> Node:
    """An array literal."""
    return {"type": "array_literal", "elements": list(elements)}


def mapping(**entries: Node) -> Node:
    """A map literal."""
    return {
        "type": "map_literal",
        "pairs": [{"key": literal(key), "value": value} for key, value in entries.items()],
    }


def assign(target: str, value: Node) -> Node:
    """An assignment."""
    return {"type": "assign", "target": target, "value": value}


def give(value: Node) -> Node:
    """A return statement."""
    return {"type": "return", "value": value}


def times(count: Node, *body: Node) -> Node:
    """A loop that counts `i` up from 0."""
    return {
        "type": "for",
        "init": assign("i", literal(0)),
        "cond": binary(variable("i"), "<", count),
        "update": assign("i", binary(variable("i"), "+", literal(1))),
        "body": list(body),
    }


def function(name: str, parameters: dict[str, str], *body: Node) -> Node:
    """A function; parameters are given by name and type."""
    params = [{"name": parameter, "type": kind} for parameter, kind in parameters.items()]
    return {"type": "function", "name": name, "params": params, "body": list(body)}


def module(*functions: Node) -> Node:
    """A module of the name `growth`."""
    return {"type": "module", "name": "growth", "functions": list(functions)}


def loaded(*functions: Node) -> Interpreter:
    """An interpreter with a module of these functions."""
    interpreter = Interpreter()
    interpreter.load(module(*functions))
    return interpreter


N = variable("n")
I = variable("i")  # noqa: E741 - named like the variable in the programs
A = variable("a")
M = variable("m")
S = variable("s")
EMPTY = literal("")
