"""Statements, expressions and calls, as the language reference words them.

Every node is named by its JSON pointer, which grows on the way down. An operation that fails does not know where it
stands: the innermost expression that sees the failure fills the place in.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from . import (  # noqa: F401 - they register
    std_array,
    std_async,
    std_host,
    std_map,
    std_math,
    std_result,
    std_string,
    std_type,
)
from .arithmetic import binary, unary
from .declared import Declared
from .deep_stack import with_deep_stack
from .errors import Failure, out_of_bounds, type_error
from .library import FUNCTIONS
from .program import Function, Module, Node, Program
from .text import key_text
from .values import Value, kind, truth


@dataclass(frozen=True)
class Limits:
    """How often a function that the entry function calls may recurse, and how many statements may run."""

    depth: int = 10_000
    steps: int | None = None


@dataclass
class Run:
    """What all calls of one run share."""

    limits: Limits = Limits()
    stdin: TextIO = field(default_factory=io.StringIO)
    output: list[str] = field(default_factory=list)
    depth: int = 0
    steps: int = 0

    def step(self) -> None:
        """Count a statement or a round of a loop."""
        self.steps += 1
        if self.limits.steps is not None and self.steps > self.limits.steps:
            raise Failure("step_limit_exceeded", "too many steps")


@dataclass(frozen=True)
class Returned:
    """That a `return` was reached, and with which value."""

    value: Value


class Evaluator:
    """Runs one call of one function; it is also the host that standard functions see."""

    def __init__(self, run: Run, module: Module) -> None:
        self._run = run
        self._module = module
        self._variables: dict[str, Value] = {}

    # --- Calls ---

    def invoke(self, function: Function, arguments: Sequence[Value]) -> Value:
        """Call a function; the arguments have the declared types already."""
        # The entry function and the first call of the recursive one are not recursion yet.
        if self._run.depth >= self._run.limits.depth + 2:
            raise Failure("call_depth_exceeded", "too many open calls")
        self._run.depth += 1
        try:
            return Evaluator(self._run, function.module).run_body(function, arguments)
        finally:
            self._run.depth -= 1

    def run_body(self, function: Function, arguments: Sequence[Value]) -> Value:
        """Bind the parameters and run the statements."""
        names = [parameter["name"] for parameter in function.parameters]
        self._variables = dict(zip(names, arguments, strict=True))
        self._returns: str = function.node.get("returns", "any")
        returned = self._statements(function.node["body"], f"{function.pointer}/body")
        return returned.value if returned else None

    def call_by_name(self, name: str, arguments: list[Value]) -> Value:
        """Call a function of this module for a standard function, converting the arguments first."""
        function = self._module.function(name)
        if function is None:
            raise Failure("function_not_found", f"no function {name}")
        if len(function.parameters) != len(arguments):
            raise Failure("argument_count", f"{name} does not take {len(arguments)} arguments")
        return self.invoke(function, convert_arguments(function, arguments))

    def write(self, text: str) -> None:
        """Write to the output."""
        self._run.output.append(text)

    def read_line(self) -> str:
        """The next line of the input, without its line end."""
        return self._run.stdin.readline().removesuffix("\n").removesuffix("\r")

    def module_name(self) -> str:
        """The name of the calling module."""
        return self._module.name

    # --- Statements ---

    def _statements(self, nodes: Sequence[Node], pointer: str) -> Returned | None:
        for index, node in enumerate(nodes):
            returned = self._statement(node, f"{pointer}/{index}")
            if returned:
                return returned
        return None

    def _statement(self, node: Node, pointer: str) -> Returned | None:
        self._run.step()
        match node["type"]:
            case "assign":
                self._variables[node["target"]] = self._value(node["value"], f"{pointer}/value")
            case "expr":
                self._value(node["value"], f"{pointer}/value")
            case "if":
                arm = "then" if self._condition(node, pointer) else "else"
                return self._statements(node.get(arm, []), f"{pointer}/{arm}")
            case "while":
                return self._loop(node, pointer)
            case "for":
                if "init" in node:
                    self._statement(node["init"], f"{pointer}/init")
                return self._loop(node, pointer)
            case "return":
                return Returned(self._returned(node, pointer))
        return None

    def _condition(self, node: Node, pointer: str) -> bool:
        return truth(self._value(node["cond"], f"{pointer}/cond"))

    def _loop(self, node: Node, pointer: str) -> Returned | None:
        while self._condition(node, pointer):
            self._run.step()
            returned = self._statements(node["body"], f"{pointer}/body")
            if returned:
                return returned
            if "update" in node:
                self._statement(node["update"], f"{pointer}/update")
        return None

    def _returned(self, node: Node, pointer: str) -> Value:
        if "value" not in node:
            return None
        return self._converted(node["value"], f"{pointer}/value", self._module.declared, self._returns)

    # --- Expressions ---

    def _value(self, node: Node, pointer: str) -> Value:
        """Evaluate an expression; a failure without a place happened here."""
        try:
            return self._expression(node, pointer)
        except Failure as failure:
            raise failure.at(self._module.name, pointer) from None

    def _values(self, nodes: Sequence[Node], pointer: str) -> list[Value]:
        return [self._value(node, f"{pointer}/{index}") for index, node in enumerate(nodes)]

    def _converted(self, node: Node, pointer: str, declared: Declared, written: str) -> Value:
        """Evaluate where a type is declared; the place of a value that does not fit is its own expression.

        The parts of an array or map that is written out stand where the type of the parts is declared.
        """
        inner, fields, home = declared.parts(written)
        try:
            value: Value
            if node["type"] == "array_literal" and inner != "any":
                elements = enumerate(node["elements"])
                value = [
                    self._converted(part, f"{pointer}/elements/{i}", home, inner) for i, part in elements
                ]
            elif node["type"] == "map_literal" and (inner != "any" or _names(node) == fields.keys()):
                value = self._entries(node, pointer, lambda key: (home, fields.get(key, inner)))
            else:
                value = self._value(node, pointer)
            return declared.convert(value, written)
        except Failure as failure:
            raise failure.at(self._module.name, pointer) from None

    def _expression(self, node: Node, pointer: str) -> Value:
        """Apply the method that bears the name of the node's type."""
        evaluate_node: Callable[[Node, str], Value] = getattr(self, f"_{node['type']}")
        return evaluate_node(node, pointer)

    def _literal(self, node: Node, _: str) -> Value:
        literal: Value = node["value"]
        return literal

    def _variable(self, node: Node, _: str) -> Value:
        return self._variables[node["name"]]

    def _binary(self, node: Node, pointer: str) -> Value:
        if node["op"] in ("&&", "||"):
            return self._logical(node, pointer)
        left = self._value(node["left"], f"{pointer}/left")
        right = self._value(node["right"], f"{pointer}/right")
        return binary(node["op"], left, right)

    def _logical(self, node: Node, pointer: str) -> bool:
        left = truth(self._value(node["left"], f"{pointer}/left"))
        # `&&` is decided by a false left side, `||` by a true one.
        if left == (node["op"] == "||"):
            return left
        return truth(self._value(node["right"], f"{pointer}/right"))

    def _unary(self, node: Node, pointer: str) -> Value:
        key = "operand" if "operand" in node else "right"
        return unary(node["op"], self._value(node[key], f"{pointer}/{key}"))

    def _array_literal(self, node: Node, pointer: str) -> Value:
        return self._values(node["elements"], f"{pointer}/elements")

    def _map_literal(self, node: Node, pointer: str) -> Value:
        return self._entries(node, pointer, lambda _: (self._module.declared, "any"))

    def _entries(self, node: Node, pointer: str, declared: Callable[[str], tuple[Declared, str]]) -> Value:
        """The entries of a map that is written out; `declared` gives the type of a key's value."""
        entries: dict[str, Value] = {}
        for index, pair in enumerate(node["pairs"]):
            place = f"{pointer}/pairs/{index}"
            key = self._value(pair["key"], f"{place}/key")
            types, written = declared(key) if isinstance(key, str) else (self._module.declared, "any")
            value = self._converted(pair["value"], f"{place}/value", types, written)
            entries = {**entries, key_text(key): value}
        return entries

    def _index(self, node: Node, pointer: str) -> Value:
        collection = self._value(node["object"], f"{pointer}/object")
        return element(collection, self._value(node["index"], f"{pointer}/index"))

    def _field(self, node: Node, pointer: str) -> Value:
        entries = self._value(node["object"], f"{pointer}/object")
        if not isinstance(entries, dict):
            raise type_error(f"{kind(entries)} has no fields")
        return element(entries, node["field"])

    def _builtin(self, node: Node, pointer: str) -> Value:
        return FUNCTIONS[node["name"]](self, self._values(node["args"], f"{pointer}/args"))

    def _module_call(self, node: Node, pointer: str) -> Value:
        imported = self._module.imports.get(node["module"])
        if imported:
            return self._call(node, pointer, imported)
        # Standard modules have no ALaS functions; calling one of theirs is calling the builtin.
        namespace = node["module"].removeprefix("std.")
        return self._builtin({**node, "name": f"{namespace}.{node['name']}"}, pointer)

    def _call(self, node: Node, pointer: str, module: Module | None = None) -> Value:
        module = module or self._module
        function = module.function(node["name"])
        assert function is not None, f"the checker let the unknown function {node['name']} through"
        arguments = [
            self._converted(argument, f"{pointer}/args/{index}", module.declared, parameter["type"])
            for index, (argument, parameter) in enumerate(zip(node["args"], function.parameters, strict=True))
        ]
        return self.invoke(function, arguments)


def _names(node: Node) -> set[str]:
    """The keys of a map that is written out, if all are literal strings and differ; else nothing."""
    keys = [pair["key"].get("value") for pair in node["pairs"]]
    distinct = {key for key in keys if isinstance(key, str)}
    return distinct if len(distinct) == len(keys) else set()


def element(collection: Value, index: Value) -> Value:
    """What `index` and `field` take out of a value."""
    if isinstance(collection, dict):
        key = key_text(index)
        if key not in collection:
            raise Failure("key_not_found", f"no key {key}")
        return collection[key]
    if not isinstance(collection, list | str):
        raise type_error(f"{kind(collection)} has no elements")
    if not isinstance(index, int) or kind(index) != "int":
        raise type_error(f"a position is an int, not {kind(index)}")
    if not 0 <= index < len(collection):
        raise out_of_bounds(index, len(collection))
    return collection[index]


def convert_arguments(function: Function, arguments: Sequence[Value]) -> list[Value]:
    """The arguments as the parameters declare them."""
    pairs = zip(arguments, function.parameters, strict=True)
    return [function.module.declared.convert(argument, parameter["type"]) for argument, parameter in pairs]


def evaluate(program: Program, name: str, arguments: Sequence[Value], run: Run) -> Value:
    """Call a function of the program's main module, as a host does.

    Raises:
        Failure: the program ended in an error.
    """
    function = program.main.function(name)
    assert function is not None, f"the module has no function {name}"
    converted = convert_arguments(function, arguments)
    return with_deep_stack(lambda: Evaluator(run, program.main).invoke(function, converted), run.limits.depth)
