"""Bodies of functions: every statement, and the patterns in which values are shared and updated.

A variable keeps one type through its function, or is of type `any` and is used only where anything goes. Loops count
on variables that nothing else assigns. Assignments in loops either add a little to a value, or stop once it is large:
a value that doubled in each round would not fit the machine.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from . import nodes
from .expressions import KEYS, Expressions, Scope
from .nodes import Node
from .types import CONTAINERS, SCALARS, choose, element, is_scalar

LARGE = 150
DEEPEST = 2


class Statements:
    """Makes statements for one function.

    Parameters:
        expressions: makes the expressions in them.
        returns: the type of what the function returns; None when nothing may be returned early.
    """

    def __init__(self, expressions: Expressions, returns: str | None) -> None:
        self._expressions = expressions
        self._chance = expressions.chance
        self._returns = returns
        self._names = (f"v{number}" for number in count())

    def block(self, scope: Scope, size: int, depth: int = 0) -> list[Node]:
        """So many statements, or patterns of statements; assigned variables are added to the scope."""
        ways: list[Callable[[Scope], list[Node]]] = [
            *(self._new, self._new, self._update, self._update, self._update, self._print),
            *(self._alias, self._nested, self._changing, self._call, self._leave, self._self_append),
        ]
        deep = [lambda inner: self._branch(inner, depth), lambda inner: self._loop(inner, depth)]
        if depth < DEEPEST:
            ways += [*deep, *deep]
        return [node for _ in range(size) for node in self._chance.choice(ways)(scope)]

    # --- Assignments ---

    def _fresh(self) -> str:
        return next(self._names)

    def _new(self, scope: Scope) -> list[Node]:
        name, held = self._fresh(), choose(self._chance)
        node = nodes.assign(name, self._expressions.make(held, scope))
        scope.variables[name] = held
        return [node]

    def _assignable(self, scope: Scope, *wanted: str) -> str | None:
        names = [name for name in scope.variables if name not in scope.counters]
        fitting = [name for name in names if not wanted or scope.variables[name] in wanted]
        return self._chance.choice(fitting) if fitting else None

    def _update(self, scope: Scope) -> list[Node]:
        name = self._assignable(scope)
        return [] if name is None else [self._assign_again(name, scope)]

    def _assign_again(self, name: str, scope: Scope) -> Node:
        """Another value of the same type for a variable."""
        held = scope.variables[name]
        if held in CONTAINERS and self._chance.random() < 0.7:
            return nodes.assign(name, self._grown(nodes.variable(name), held, scope))
        node = nodes.assign(name, self._expressions.make(held, scope))
        return node if is_scalar(held) or scope.rounds == 1 else self._unless_large(name, [node])

    def _grown(self, collection: Node, held: str, scope: Scope) -> Node:
        """The collection with a little more in it."""
        inner = element(held)
        make = (
            self._expressions.make
            if is_scalar(inner)
            else lambda wanted, *_: self._expressions.constant(wanted)
        )
        added = make(inner, scope, 1)
        if held.startswith("map"):
            key = self._chance.choice(
                [*map(nodes.literal, KEYS), *map(nodes.variable, sorted(scope.counters))]
            )
            return nodes.builtin("map.put", collection, key, added)
        match self._chance.randrange(4):
            case 0:
                return nodes.builtin("array.insert", collection, nodes.literal(0), added)
            case 1:
                return nodes.binary("+", collection, nodes.array(added))
            case _:
                return nodes.builtin(
                    self._chance.choice(("collections.append", "array.push")), collection, added
                )

    @staticmethod
    def _unless_large(name: str, body: list[Node]) -> Node:
        length = nodes.builtin("string.length", nodes.builtin("type.toString", nodes.variable(name)))
        return nodes.branch(nodes.binary("<", length, nodes.literal(LARGE)), body)

    # --- Patterns ---

    def _alias(self, scope: Scope) -> list[Node]:
        """Two names for one value, of which one is updated; then both are used."""
        name = self._assignable(scope, *CONTAINERS, "string")
        if name is None:
            return []
        other = self._fresh()
        scope.variables[other] = scope.variables[name]
        names = [name, other]
        self._chance.shuffle(names)
        return [
            nodes.assign(other, nodes.variable(name)),
            self._assign_again(names[0], scope),
            nodes.println(nodes.array(nodes.variable(name), nodes.variable(other))),
        ]

    def _nested(self, scope: Scope) -> list[Node]:
        """Take an inner collection out, update it, and put it back; the outer one may still be held elsewhere."""
        name = self._assignable(scope, "map<array<int>>")
        if name is None:
            return []
        key = nodes.literal(self._chance.choice(KEYS))
        taken = nodes.builtin("map.get", nodes.variable(name), key, nodes.array())
        updated = self._grown(taken, "array<int>", scope)
        put = nodes.assign(name, nodes.builtin("map.put", nodes.variable(name), key, updated))
        if self._chance.random() < 0.5:
            return [put]
        before = self._fresh()
        scope.variables[before] = scope.variables[name]
        return [nodes.assign(before, nodes.variable(name)), put, nodes.println(nodes.variable(before))]

    def _self_append(self, scope: Scope) -> list[Node]:
        """An array that holds what it was before."""
        name = self._assignable(scope, "array<any>")
        if name is None:
            return []
        appended = nodes.builtin("collections.append", nodes.variable(name), nodes.variable(name))
        return [self._unless_large(name, [nodes.assign(name, appended)])]

    def _changing(self, scope: Scope) -> list[Node]:
        """A variable that holds values of different kinds, one after the other."""
        name = self._fresh()
        kinds = self._chance.sample((*SCALARS, "array<int>", "map<int>"), 2)
        made: list[Node] = []
        for held in kinds:
            made.append(nodes.assign(name, self._expressions.make(held, scope, 2)))
            scope.variables[name] = "any"
            if self._chance.random() < 0.5:
                made.append(nodes.println(nodes.variable(name)))
        return made

    def _print(self, scope: Scope) -> list[Node]:
        return [nodes.println(self._expressions.make("any", scope))]

    def _call(self, scope: Scope) -> list[Node]:
        """A call whose result is discarded, or which is tried."""
        expressions = self._expressions
        affordable = [function for function in expressions.functions if expressions.can_pay(function, scope)]
        if not affordable:
            return self._print(scope)
        function = self._chance.choice(affordable)
        expressions.pay(function, scope)
        arguments = expressions.arguments(function, scope, 2)
        if self._chance.random() < 0.3:
            return [nodes.discard(nodes.call(function.name, *arguments))]
        return [tried(function.name, arguments)]

    def _leave(self, scope: Scope) -> list[Node]:
        """A `return` under a condition."""
        if self._returns is None or self._chance.random() < 0.5:
            return []
        condition = self._expressions.make("bool", scope, 2)
        return [nodes.branch(condition, [nodes.give_back(self._expressions.make(self._returns, scope, 2))])]

    # --- Blocks ---

    def _branch(self, scope: Scope, depth: int) -> list[Node]:
        """An `if`; what both arms assign is assigned after it."""
        chance = self._chance
        condition = self._expressions.make(choose(chance) if chance.random() < 0.3 else "bool", scope, 2)
        then, otherwise = scope.inner(), scope.inner()
        arms = [self.block(arm, chance.randint(1, 3), depth + 1) for arm in (then, otherwise)]
        if chance.random() < 0.4:
            return [nodes.branch(condition, arms[0])]
        name, held = self._fresh(), choose(chance)
        for arm, body in zip((then, otherwise), arms, strict=True):
            body.append(nodes.assign(name, self._expressions.make(held, arm)))
        scope.variables[name] = held
        return [nodes.branch(condition, *arms)]

    def _loop(self, scope: Scope, depth: int) -> list[Node]:
        """A `for` or a `while` that ends after a few rounds."""
        counter, rounds = self._fresh(), self._chance.randint(1, 4)
        body = self.block(scope.inner(rounds, counter), self._chance.randint(1, 3), depth + 1)
        scope.variables[counter] = "int"
        if self._chance.random() < 0.6:
            return [nodes.count(counter, rounds, body)]
        condition = nodes.binary("<", nodes.variable(counter), nodes.literal(rounds))
        return [
            nodes.assign(counter, nodes.literal(0)),
            nodes.repeat(condition, [*body, nodes.increment(counter)]),
        ]


def tried(name: str, arguments: list[Node]) -> Node:
    """Print what a call comes to: its value, or the code of its error. The wording of errors is nobody's promise."""
    attempt = nodes.builtin("result.try", nodes.literal(name), nodes.array(*arguments))
    return nodes.println(nodes.call("outcome", attempt))
