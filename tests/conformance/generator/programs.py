"""Functions, and a `main` that calls them and prints what they come to."""

from __future__ import annotations

import random

from . import nodes
from .expressions import ROUNDS, Available, Expressions, Scope
from .nodes import Node
from .statements import Statements, tried
from .types import PAIR, choose

# How many bodies a call may run: of `main`, and of any other function.
MAIN_BUDGET, FUNCTION_BUDGET = 250, 30
DEEPEST_RECURSION = 3

DYNAMIC = nodes.function("dynamic", [("value", "any")], None, [nodes.give_back(nodes.variable("value"))])
OUTCOME = nodes.function(
    "outcome",
    [("result", "any")],
    None,
    [
        nodes.branch(
            nodes.field(nodes.variable("result"), "ok"),
            [nodes.give_back(nodes.field(nodes.variable("result"), "value"))],
        ),
        nodes.give_back(nodes.field(nodes.variable("result"), "code")),
    ],
)
_JOINED = nodes.binary("+", nodes.variable("so_far"), nodes.literal(","))
JOIN = nodes.function(
    "join",
    [("so_far", "any"), ("element", "any")],
    None,
    [nodes.give_back(nodes.binary("+", _JOINED, nodes.variable("element")))],
)


def generate(seed: int) -> Node:
    """The program of the seed: a module whose `main` takes no arguments."""
    chance = random.Random(seed)
    made: list[Node] = [DYNAMIC, OUTCOME, JOIN]
    available: list[Available] = []
    modules: set[str] = set()
    for number in range(chance.randint(2, 5)):
        risk = chance.choice((0.0, 0.1, 0.3))
        expressions = Expressions(chance, available, risk, FUNCTION_BUDGET)
        node, function = _function(f"f{number}", expressions)
        made.append(node)
        available = [*available, function]
        modules |= expressions.modules
    expressions = Expressions(chance, available, chance.choice((0.0, 0.0, 0.1)), MAIN_BUDGET)
    made.append(_main(expressions))
    modules |= expressions.modules
    return {
        "type": "module",
        "name": "random_program",
        "exports": ["main"],
        "imports": sorted(modules),
        "types": [PAIR],
        "functions": made,
    }


def _function(name: str, expressions: Expressions) -> tuple[Node, Available]:
    """A function of any signature that calls only functions made before it, or itself a few times."""
    chance = expressions.chance
    recursive = chance.random() < 0.3
    parameters = [(f"p{number}", choose(chance)) for number in range(chance.randint(0, 3))]
    returns = choose(chance)
    scope = Scope(dict(parameters))
    body: list[Node] = []
    if recursive:
        body = _recursion(name, expressions, scope, returns)
        parameters.insert(0, ("rounds", "int"))
    statements = Statements(expressions, returns)
    body += statements.block(scope, chance.randint(1, 6))
    # Without a declared type a body may end without a value.
    declared = None if returns == "any" and chance.random() < 0.7 else returns
    if declared is not None or chance.random() < 0.8:
        body.append(nodes.give_back(expressions.make(returns, scope)))
    kinds = [ROUNDS if recursive and parameter == "rounds" else held for parameter, held in parameters]
    cost = expressions.cost * (DEEPEST_RECURSION + 1 if recursive else 1)
    return nodes.function(name, parameters, declared, body), Available(name, tuple(kinds), returns, cost)


def _recursion(name: str, expressions: Expressions, scope: Scope, returns: str) -> list[Node]:
    """The start of a recursive function: where it ends, and the call of itself."""
    held_by_parameters = list(scope.variables.values())
    rounds = nodes.variable("rounds")
    at_end = nodes.branch(
        nodes.binary("<=", rounds, nodes.literal(0)), [nodes.give_back(expressions.make(returns, scope, 1))]
    )
    arguments = [expressions.make(held, scope, 1) for held in held_by_parameters]
    again = nodes.call(name, nodes.binary("-", rounds, nodes.literal(1)), *arguments)
    scope.variables |= {"deeper": returns, "rounds": "int"}
    scope.counters |= {"rounds"}
    return [at_end, nodes.assign("deeper", again)]


def _main(expressions: Expressions) -> Node:
    """Try every function, do something of everything, and return all variables."""
    chance, scope = expressions.chance, Scope()
    statements = Statements(expressions, None)
    body = statements.block(scope, 3)
    for function in expressions.functions:
        expressions.pay(function, scope)
        arguments = expressions.arguments(function, scope, 2)
        if arguments and chance.random() < 0.2:
            arguments[chance.randrange(len(arguments))] = expressions.dynamic(choose(chance), scope, 2)
        body.append(tried(function.name, arguments))
    body += statements.block(scope, chance.randint(4, 10))
    held = [nodes.variable(name) for name in scope.variables]
    return nodes.function("main", [], None, [*body, nodes.give_back(nodes.array(*held))])
