"""How a standard function is registered, and what it may ask of the run that calls it.

A function names the kinds of its arguments; those are checked, left to right, before the function runs. So a function
begins where every argument has the right kind, and raises only what its values make impossible.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from .errors import type_error
from .text import key_text
from .values import Value, is_number, kind


class Host(Protocol):
    """The run and the module that call a function."""

    def write(self, text: str) -> None:
        """Write to the output."""

    def read_line(self) -> str:
        """The next line of the input."""

    def module_name(self) -> str:
        """The name of the calling module."""

    def call_by_name(self, name: str, arguments: list[Value]) -> Value:
        """Call a function of the calling module."""


# By full name: takes the host and the arguments.
FUNCTIONS: dict[str, Callable[[Host, list[Value]], Value]] = {}

Body = TypeVar("Body", bound=Callable[..., Value])

_SETS = {
    "sequence": ("array", "string"),
    "collection": ("array", "map", "string"),
}


def function(name: str, *parameters: str) -> Callable[[Body], Body]:
    """Register a function that only computes. A parameter with `?` may be left out."""

    def register(body: Body) -> Body:
        FUNCTIONS[name] = lambda _host, arguments: body(*checked(parameters, arguments))
        return body

    return register


def host_function(name: str, *parameters: str) -> Callable[[Body], Body]:
    """Register a function that takes the host before its arguments."""

    def register(body: Body) -> Body:
        FUNCTIONS[name] = lambda host, arguments: body(host, *checked(parameters, arguments))
        return body

    return register


def checked(parameters: tuple[str, ...], arguments: list[Value]) -> list[Value]:
    """The arguments as the parameters want them: ints widened for `float`, keys as their text."""
    required = [parameter for parameter in parameters if not parameter.endswith("?")]
    assert len(required) <= len(arguments) <= len(parameters), (
        "the checker let a wrong argument count through"
    )
    pairs = zip(parameters, arguments, strict=False)
    return [_check(argument, parameter.rstrip("?")) for parameter, argument in pairs]


def _check(argument: Value, wanted: str) -> Value:
    if wanted == "any":
        return argument
    if wanted == "key":
        return key_text(argument)
    if wanted == "number" and is_number(argument):
        return argument
    if wanted == "float" and isinstance(argument, int) and kind(argument) == "int":
        return float(argument)
    if wanted == "strings":
        if not (isinstance(argument, list) and all(isinstance(element, str) for element in argument)):
            raise type_error("expected an array of strings")
        return argument
    if kind(argument) not in _SETS.get(wanted, (wanted,)):
        raise type_error(f"expected {wanted}, found {kind(argument)}")
    return argument
