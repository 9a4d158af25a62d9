"""An expression of a wanted type, from the variables and functions at hand.

What makes a program pass the static checks: a value is used where its type is known to fit, or it goes through the
function `dynamic` first, after which nobody knows its type before the program runs.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from . import nodes
from .nodes import Node
from .signatures import PARTIAL, TOTAL, Signature, parse
from .types import PAIR_FIELDS, TYPES, choose, element, fill, match

_TOTAL, _PARTIAL = parse(TOTAL), parse(PARTIAL)

LITERALS: dict[str, tuple[str | float | bool | None, ...]] = {
    "int": (0, 1, 2, 3, -1, 7, 0, 1, 2, 3, -1, 7, 10, 255, -8, 2**31, 2**53 + 1, 2**63 - 1, -(2**63)),
    "float": (0.0, -0.0, 0.5, 1.0, -1.5, 2.75, 0.1, 100.0, 1e21, 1e-7, 1e308, 2.0**53, -(2.0**63)),
    "string": ("", "a", "b", "ab", "é😀", " x ", "12", "-3.5", 'q"\\', "long enough to matter", "\n"),
    "bool": (True, False),
    "void": (None,),
}
KEYS = ("a", "b", "c", "1", "key")

# The type of the first parameter of a recursive function: how deep it still goes.
ROUNDS = "rounds"

# Parameters that take a literal out of a few.
ODD: dict[str, tuple[int | str, ...]] = {
    "zero": (0,),
    "positive": (0, 1, 2, 3),
    ROUNDS: (0, 1, 2, 3),
    "Json": ('{"b": [1, 2.0], "a": null}', "[true, 1e2, -0]", '"\\u00e9"', "17", "{}"),
}


@dataclass(frozen=True)
class Available:
    """A function that expressions may call."""

    name: str
    parameters: tuple[str, ...]
    returns: str
    cost: int


@dataclass
class Scope:
    """What a place in a body can use."""

    # Definitely assigned variables and their types.
    variables: dict[str, str] = field(default_factory=dict)
    # Counters of loops: they are read, never assigned, so that every loop ends.
    counters: frozenset[str] = frozenset()
    # How often the place runs at most in one call of its function.
    rounds: int = 1

    def inner(self, rounds: int = 1, counter: str | None = None) -> Scope:
        """The scope of a block inside."""
        variables = {**self.variables, counter: "int"} if counter else dict(self.variables)
        counters = self.counters | {counter} if counter else self.counters
        return Scope(variables, counters, self.rounds * rounds)


class Expressions:
    """Makes expressions for one function.

    Parameters:
        chance: decides everything.
        functions: what may be called.
        risk: how often an operation is chosen that may fail, from 0 to 1.
        budget: how many function bodies one call of this function may run.
    """

    def __init__(
        self, chance: random.Random, functions: Sequence[Available], risk: float, budget: int
    ) -> None:
        self.chance = chance
        self.functions = functions
        self.risk = risk
        self.budget = budget
        self.cost = 1
        self.modules: set[str] = set()

    def make(self, wanted: str, scope: Scope, depth: int = 3) -> Node:
        """An expression whose value is of the wanted type, known or found out when it runs."""
        chance = self.chance
        if chance.random() < self.risk * 0.03:
            return self.dynamic(choose(chance), scope, depth)
        known = [name for name, held in scope.variables.items() if wanted in (held, "any")]
        if known and chance.random() < (0.45 if depth > 0 else 0.8):
            return nodes.variable(chance.choice(known))
        if depth <= 0:
            return self.constant(wanted)
        ways: list[Callable[[str, Scope, int], Node | None]] = [
            *(self._operator, self._operator, self._standard, self._standard, self._called, self._access),
            *(self._literal, self._literal, self._mapped, self._reduced),
        ]
        made = chance.choice(ways)(wanted, scope, depth - 1)
        return self.constant(wanted) if made is None else made

    def dynamic(self, held: str, scope: Scope, depth: int) -> Node:
        """A value whose type is forgotten."""
        return nodes.call("dynamic", self.make(held, scope, depth - 1))

    # --- Constants ---

    def constant(self, wanted: str) -> Node:
        """A literal, or a container of literals."""
        chance = self.chance
        if wanted in LITERALS:
            return nodes.literal(chance.choice(LITERALS[wanted]))
        if wanted == "any":
            return self.constant(chance.choice((*LITERALS, "array<int>", "map<int>")))
        if wanted == "Pair":
            return nodes.mapping(*((nodes.literal(name), self.constant(held)) for name, held in PAIR_FIELDS))
        parts = [self.constant(element(wanted)) for _ in range(chance.randint(0, 3))]
        if wanted.startswith("array"):
            return nodes.array(*parts)
        return nodes.mapping(*((nodes.literal(chance.choice(KEYS)), part) for part in parts))

    def _literal(self, wanted: str, scope: Scope, depth: int) -> Node:
        """A container of expressions, or a constant."""
        if wanted == "Pair":
            return nodes.mapping(
                *((nodes.literal(name), self.make(held, scope, depth)) for name, held in PAIR_FIELDS)
            )
        if "<" not in wanted:
            return self.constant(wanted)
        parts = [self.make(element(wanted), scope, depth) for _ in range(self.chance.randint(0, 3))]
        if wanted.startswith("array"):
            return nodes.array(*parts)
        return nodes.mapping(*((self._argument("key", scope, depth), part) for part in parts))

    # --- Operators ---

    def _operator(self, wanted: str, scope: Scope, depth: int) -> Node | None:
        match wanted:
            case "int" | "float":
                return self._arithmetic(wanted, scope, depth)
            case "bool":
                return self._comparison(scope, depth)
            case "string":
                pair = [self.make("string", scope, depth), self.make(choose(self.chance), scope, depth)]
                self.chance.shuffle(pair)
                return nodes.binary("+", *pair)
        if wanted.startswith("array"):
            return nodes.binary("+", self.make(wanted, scope, depth), self.make(wanted, scope, depth))
        return None

    def _arithmetic(self, wanted: str, scope: Scope, depth: int) -> Node:
        operator = self.chance.choice("++--**/%n")
        if operator == "n":
            return nodes.unary("-", self.make(wanted, scope, depth))
        left = self.make(wanted, scope, depth)
        if operator in "/%" and self.chance.random() > self.risk:
            divisor = self.chance.choice((1, 2, 3, 10, -1, -7))
            return nodes.binary(operator, left, nodes.literal(divisor if wanted == "int" else divisor * 0.5))
        # An int beside a float makes a float.
        other = "int" if wanted == "float" and self.chance.random() < 0.3 else wanted
        pair = [left, self.make(other, scope, depth)]
        self.chance.shuffle(pair)
        return nodes.binary(operator, *pair)

    def _comparison(self, scope: Scope, depth: int) -> Node:
        chance = self.chance
        match chance.randrange(4):
            case 0:
                held = chance.choice(
                    (("int", "int"), ("int", "float"), ("float", "float"), ("string", "string"))
                )
                sides = [self.make(side, scope, depth) for side in held]
                return nodes.binary(chance.choice(("<", "<=", ">", ">=")), *sides)
            case 1:
                held_by_left = choose(chance)
                held_by_right = held_by_left if chance.random() < 0.7 else choose(chance)
                sides = [self.make(held_by_left, scope, depth), self.make(held_by_right, scope, depth)]
                return nodes.binary(chance.choice(("==", "!=")), *sides)
            case 2:
                sides = [self.make(choose(chance), scope, depth) for _ in range(2)]
                return nodes.binary(chance.choice(("&&", "||")), *sides)
            case _:
                return nodes.unary("!", self.make(choose(chance), scope, depth))

    # --- Calls ---

    def _standard(self, wanted: str, scope: Scope, depth: int) -> Node | None:
        """A call of a standard function, as a builtin or through its module."""
        table: list[Signature] = _PARTIAL if self.chance.random() < self.risk else _TOTAL
        fitting = [(row, match(row[2], wanted)) for row in table]
        rows = [(row, filling) for row, filling in fitting if filling is not None]
        if not rows:
            return None
        (name, parameters, _), filling = self.chance.choice(rows)
        filling = filling or choose(self.chance)
        arguments = [self._argument(fill(parameter, filling), scope, depth) for parameter in parameters]
        if self.chance.random() < 0.1:
            namespace, _, short = name.partition(".")
            self.modules.add(f"std.{namespace}")
            module = self.chance.choice((namespace, f"std.{namespace}"))
            return nodes.module_call(module, short, *arguments)
        return nodes.builtin(name, *arguments)

    def _argument(self, parameter: str, scope: Scope, depth: int) -> Node:
        """An argument of a standard function; some parameters ask for more than a type."""
        chance = self.chance
        if parameter in ODD:
            return nodes.literal(chance.choice(ODD[parameter]))
        if parameter == "small":
            position = nodes.literal(chance.choice((0, 0, 1, 1, 2, 3, -1)))
            counters = [*map(nodes.variable, sorted(scope.counters))]
            return chance.choice([position, position, *counters])
        if parameter == "key":
            return self.make(chance.choice(("string", "string", "int", "bool")), scope, 0)
        if parameter == "Success" or (parameter == "Result" and chance.random() < 0.5):
            return nodes.builtin("result.ok", self.make("any", scope, depth))
        if parameter in ("Result", "Error"):
            return nodes.builtin("result.error", self.make("string", scope, depth))
        return self.make(parameter, scope, depth)

    def _called(self, wanted: str, scope: Scope, depth: int) -> Node | None:
        """A call of a function of the program."""
        fitting = [function for function in self._affordable(scope) if function.returns == wanted]
        if not fitting:
            return None
        function = self.chance.choice(fitting)
        self.pay(function, scope)
        return nodes.call(function.name, *self.arguments(function, scope, depth))

    def arguments(self, function: Available, scope: Scope, depth: int) -> list[Node]:
        """Arguments for a function of the program."""
        return [self._argument(held, scope, depth) for held in function.parameters]

    def _mapped(self, wanted: str, scope: Scope, depth: int) -> Node | None:
        """`array.map`, `array.filter` or `array.reduce` with a function of the program, over a short array."""
        inner = scope.inner(4)
        candidates = self._affordable(inner)
        self.chance.shuffle(candidates)
        for function in candidates:
            single = function.parameters[0] if len(function.parameters) == 1 else ROUNDS
            names = {f"array<{single}>": "array.filter", f"array<{function.returns}>": "array.map"}
            if single == ROUNDS or wanted not in names:
                continue
            self.pay(function, inner)
            elements = [self.make(single, scope, depth) for _ in range(self.chance.randint(0, 4))]
            return nodes.builtin(names[wanted], nodes.array(*elements), nodes.literal(function.name))
        return None

    def _reduced(self, wanted: str, scope: Scope, depth: int) -> Node | None:
        """`array.reduce` with the function `join`, which every program has."""
        if wanted != "any":
            return None
        elements = self.make(self.chance.choice(("array<int>", "array<string>", "array<any>")), scope, depth)
        return nodes.builtin("array.reduce", elements, nodes.literal("join"), self.make("string", scope, 0))

    def _affordable(self, scope: Scope) -> list[Available]:
        return [function for function in self.functions if self.can_pay(function, scope)]

    def can_pay(self, function: Available, scope: Scope) -> bool:
        """Whether the budget is enough for a call."""
        return self.cost + function.cost * scope.rounds <= self.budget

    def pay(self, function: Available, scope: Scope) -> None:
        """Count the bodies that a call runs."""
        self.cost += function.cost * scope.rounds

    # --- Parts ---

    def _access(self, wanted: str, scope: Scope, depth: int) -> Node | None:
        """A field of a struct, or, at a risk, an element of a container or a character of a string."""
        for name, held in PAIR_FIELDS:
            if held == wanted and self.chance.random() < 0.3:
                return nodes.field(self.make("Pair", scope, depth), name)
        if self.chance.random() > self.risk:
            return None
        if wanted == "string" and self.chance.random() < 0.5:
            return nodes.index(self.make("string", scope, depth), self._argument("small", scope, depth))
        outer = self.chance.choice(
            [held for held in TYPES if "<" in held and element(held) == wanted] or [""]
        )
        if not outer:
            return None
        position = "small" if outer.startswith("array") else "key"
        return nodes.index(self.make(outer, scope, depth), self._argument(position, scope, depth))
