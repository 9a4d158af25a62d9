"""Builds the programs that the tests need."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def module(*functions: Any, name: str = "program", **more: Any) -> dict[str, Any]:
    """A module."""
    return {"type": "module", "name": name, **more, "functions": list(functions)}


def function(
    name: str, *body: Any, params: Sequence[tuple[str, str]] = (), returns: str | None = None
) -> dict[str, Any]:
    """A function."""
    declared = {"params": [{"name": one, "type": kind} for one, kind in params]} if params else {}
    return {"name": name, **declared, **({"returns": returns} if returns else {}), "body": list(body)}


def literal(value: Any) -> dict[str, Any]:
    """A literal."""
    return {"type": "literal", "value": value}


def variable(name: str) -> dict[str, Any]:
    """A variable."""
    return {"type": "variable", "name": name}


def builtin(name: str, *arguments: Any) -> dict[str, Any]:
    """A call of a builtin."""
    return {"type": "builtin", "name": name, "args": list(arguments)}


def binary(op: str, left: Any, right: Any) -> dict[str, Any]:
    """An operator."""
    return {"type": "binary", "op": op, "left": left, "right": right}


def call(name: str, *arguments: Any) -> dict[str, Any]:
    """A call of a function of the module."""
    return {"type": "call", "name": name, "args": list(arguments)}


def returning(value: Any) -> dict[str, Any]:
    """A return statement."""
    return {"type": "return", "value": value}


def saying(value: Any) -> dict[str, Any]:
    """A statement that prints a line."""
    return {"type": "expr", "value": builtin("io.println", value)}
