"""Attacks by a program alone: on time, on the stack, on memory, and on whoever reads what it says."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from cli.programs import binary, builtin, call, function, literal, module, returning, variable

from alas_interp import Limits

from .attack import MEBIBYTE, MEMORY, Attack, run

LOOPS = "endless loops"
RECURSION = "recursion"
DOUBLING = "doubling text and arrays"
AMPLIFICATION = "amplification inside builtins"
KEYS = "hostile map keys"
DEEP = "values nested a million deep"
APIS = "undeclared and re-exported APIs"
ESCAPES = "terminal escapes in names"
TASKS = "tasks"

# What a million nested arrays take.
DEEP_MEMORY = 256 * MEBIBYTE


def assign(name: str, value: Any) -> dict[str, Any]:
    return {"type": "assign", "target": name, "value": value}


def array(*elements: Any) -> dict[str, Any]:
    return {"type": "array_literal", "elements": list(elements)}


def forever(*body: Any) -> dict[str, Any]:
    return {"type": "while", "cond": literal(True), "body": list(body)}


def times(count: int, *body: Any) -> list[dict[str, Any]]:
    step = assign("i", binary("+", variable("i"), literal(1)))
    cond = binary("<", variable("i"), literal(count))
    return [assign("i", literal(0)), {"type": "while", "cond": cond, "body": [step, *body]}]


def discarding(value: Any) -> dict[str, Any]:
    return {"type": "expr", "value": value}


def spawned(name: str, *arguments: Any) -> dict[str, Any]:
    return builtin("async.spawn", literal(name), array(*arguments))


def awaited(task: Any) -> dict[str, Any]:
    return builtin("async.await", task)


def attempt(name: str, *arguments: Any) -> dict[str, Any]:
    return builtin("result.try", literal(name), array(*arguments))


A, B, COUNTER, M, S, X = (variable(name) for name in "abimsx")
KEY = binary("+", literal("k"), COUNTER)
NEXT = assign("i", binary("+", COUNTER, literal(1)))
EMPTY_MAP = {"type": "map_literal", "pairs": []}
BIG = assign("a", builtin("array.range", literal(0), literal(500_000)))
SHARED = [assign("x", array()), *times(30, assign("x", array(X, X)))]
PARSED = binary("+", builtin("string.repeat", literal("[],"), literal(2_000_000)), literal("1]"))
SPLIT = builtin("string.repeat", literal("a,"), literal(1_000_000))
LONG = builtin("string.repeat", literal("a"), literal(10_000_000))
ENTRIES = [assign("m", EMPTY_MAP), *times(50_000, assign("m", builtin("map.put", M, COUNTER, COUNTER)))]
NESTED = [assign("a", array()), *times(1_000_000, assign("a", array(A)))]

GREEDY = {
    DOUBLING: {
        "a text that doubles": [assign("s", literal("ab")), forever(assign("s", binary("+", S, S)))],
        "a text that grows": [
            assign("s", literal("")),
            forever(assign("s", binary("+", S, literal("0123456789")))),
        ],
        "an array of ints": [
            assign("a", array()),
            forever(assign("a", builtin("array.push", A, literal(1)))),
        ],
        "an array of texts": [
            *(assign("a", array()), assign("i", literal(0))),
            forever(NEXT, assign("a", builtin("array.push", A, KEY))),
        ],
        "an array that doubles": [assign("a", array(literal(1))), forever(assign("a", binary("+", A, A)))],
        "an array that loses its form": [BIG, forever(assign("a", builtin("array.push", A, literal("x"))))],
        "arrays in arrays": [assign("a", array()), forever(assign("a", array(A)))],
        "copies of an array": [
            *(BIG, assign("x", array())),
            forever(assign("x", builtin("array.push", X, builtin("array.set", A, literal(0), literal(1))))),
        ],
        "slices of an array": [
            *(BIG, assign("x", array())),
            forever(assign("x", builtin("array.push", X, builtin("array.slice", A, literal(1))))),
        ],
        "a map of texts": [
            *(assign("m", EMPTY_MAP), assign("i", literal(0))),
            forever(NEXT, assign("m", builtin("map.put", M, KEY, COUNTER))),
        ],
        "a map of ints": [
            *(assign("m", EMPTY_MAP), assign("i", literal(0))),
            forever(NEXT, assign("m", builtin("map.put", M, COUNTER, COUNTER))),
        ],
    },
    AMPLIFICATION: {
        "entries of a map": [
            *(*ENTRIES, assign("x", array())),
            forever(assign("x", builtin("array.push", X, builtin("map.entries", M)))),
        ],
        "repeat": [assign("s", builtin("string.repeat", literal("abc"), literal(20_000_000)))],
        "repeat beyond all numbers": [
            assign("s", builtin("string.repeat", literal("abc"), literal(2**63 - 1)))
        ],
        "padStart": [assign("s", builtin("string.padStart", literal("x"), literal(50_000_000)))],
        "fill": [assign("a", builtin("array.fill", literal(5_000_000), literal("x")))],
        "range": [assign("a", builtin("array.range", literal(0), literal(50_000_000)))],
        "split": [assign("a", builtin("string.split", SPLIT, literal(",")))],
        "replace": [
            assign("s", builtin("string.replace", SPLIT, literal("a"), literal("0123456789abcdefghij")))
        ],
        "join": [
            assign(
                "a",
                builtin(
                    "array.fill", literal(100_000), builtin("string.repeat", literal("x"), literal(1000))
                ),
            ),
            assign("s", builtin("string.join", A, literal(","))),
        ],
        "parse": [assign("x", builtin("json.parse", binary("+", literal("["), PARSED)))],
        "parse numbers": [
            assign(
                "s", binary("+", literal("["), builtin("string.repeat", literal("1,"), literal(3_500_000)))
            ),
            assign("x", builtin("json.parse", S)),
        ],
        "stringify": [*SHARED, assign("s", builtin("json.stringify", X))],
        "toString": [*SHARED, assign("s", builtin("type.toString", X))],
    },
    TASKS: {
        "results that nobody fetches": [
            assign("a", array()),
            forever(
                assign("x", spawned("big")),
                discarding(awaited(X)),
                assign("a", builtin("array.push", A, X)),
            ),
        ],
        "arguments that wait": [
            assign("s", builtin("string.repeat", literal("x"), literal(100_000))),
            forever(discarding(spawned("rest", S))),
        ],
        "handles of tasks": [
            assign("a", array()),
            forever(assign("a", builtin("array.push", A, builtin("async.sleep", literal(10**9))))),
        ],
        # A task that fails tells the one that awaits it, and so on.
        "a bomb of tasks": [returning(awaited(spawned("bomb")))],
        "tasks that wait for tasks": [returning(awaited(spawned("chain")))],
    },
}

ENDLESS = {
    LOOPS: {
        "a loop": [forever()],
        "a loop without an update": [{"type": "for", "cond": literal(1), "body": []}],
        "a loop with calls": [forever(discarding(builtin("math.sqrt", literal(2.0))))],
        "a loop that reads what has ended": [forever(assign("s", builtin("io.readLine")))],
        "a loop that catches what it throws": [forever(assign("x", attempt("fail")))],
        "a loop in a callback": [discarding(builtin("array.map", array(literal(1)), literal("loop")))],
        "a loop in an attempt": [returning(attempt("loop", literal(1)))],
    },
    TASKS: {
        "a task that never ends": [returning(awaited(spawned("loop", literal(1))))],
        "a loop beside a hundred tasks": [*times(100, discarding(spawned("loop", literal(1)))), forever()],
        "a sleep": [returning(awaited(builtin("async.sleep", literal(2**63 - 1))))],
        "a race that nobody wins": [
            assign("a", array(spawned("loop", literal(1)), spawned("loop", literal(1)))),
            returning(builtin("async.race", A)),
        ],
        "tasks without end": [forever(discarding(awaited(spawned("anything", literal(1)))))],
    },
    AMPLIFICATION: {
        "sort": [
            assign("a", builtin("array.reverse", builtin("array.range", literal(0), literal(1_000_000)))),
            forever(assign("x", builtin("array.sort", A))),
        ],
        "long texts": [forever(assign("s", builtin("string.repeat", literal("ab"), literal(10_000_000))))],
        "search": [
            assign("s", builtin("string.repeat", literal("a"), literal(10_000_000))),
            forever(assign("x", builtin("string.indexOf", S, literal("b")))),
        ],
        "insertions at the front": [
            BIG,
            forever(assign("a", builtin("array.insert", A, literal(0), literal(1)))),
        ],
        "arrays that are turned around": [BIG, forever(assign("a", builtin("array.reverse", A)))],
        "copies of a map": [*ENTRIES, forever(assign("x", builtin("map.put", M, literal(0), literal(1))))],
        "a map that is cleared and filled": [
            forever(*ENTRIES, *times(50_000, assign("m", builtin("map.remove", M, COUNTER)))),
        ],
        "long texts that are equal": [
            *(assign("s", LONG), assign("x", LONG)),
            forever(assign("a", binary("==", S, X))),
        ],
        "a long key": [
            *(assign("m", builtin("map.put", EMPTY_MAP, LONG, literal(1))), assign("s", LONG)),
            forever(assign("x", builtin("map.get", M, binary("+", S, literal(""))))),
        ],
        "characters far inside a long text": [
            assign("s", builtin("string.repeat", literal("é"), literal(5_000_000))),
            forever(
                assign("x", builtin("string.charAt", S, literal(2_000_000))),
                assign("x", builtin("string.charAt", S, literal(4_000_000))),
            ),
        ],
        "a long part": [
            *(assign("s", LONG), assign("x", builtin("string.repeat", literal("b"), literal(4_000_000)))),
            forever(assign("a", builtin("string.contains", S, X))),
        ],
        "many brief functions": [
            assign("s", builtin("string.repeat", literal("a"), literal(50_000))),
            forever(assign("x", builtin("string.toUpper", S))),
        ],
    },
    RECURSION: {
        # Each call makes two, and catches that they nest too deep.
        "recursion that is caught": [discarding(attempt("both"))],
    },
}

HELPERS = [
    function("fail", returning(binary("/", literal(1), literal(0)))),
    function("loop", forever(), params=[("x", "any")]),
    function("both", discarding(attempt("both")), discarding(attempt("both"))),
    function("itself", returning(call("itself", X)), params=[("x", "any")]),
    function("one", returning(call("other", X)), params=[("x", "any")]),
    function("other", returning(call("one", X)), params=[("x", "any")]),
    function("mapped", returning(builtin("array.map", array(X), literal("mapped"))), params=[("x", "any")]),
    function("anything", returning(X), params=[("x", "any")]),
    function("big", returning(builtin("string.repeat", literal("x"), literal(100_000)))),
    function("rest", returning(awaited(builtin("async.sleep", literal(60_000)))), params=[("x", "any")]),
    function("bomb", discarding(spawned("bomb")), returning(awaited(spawned("bomb")))),
    function("chain", returning(awaited(spawned("chain")))),
]

OTHERS: list[tuple[str, str, str, Sequence[Any]]] = [
    (
        RECURSION,
        "a function that calls itself",
        "call_depth_exceeded",
        [returning(call("itself", literal(1)))],
    ),
    (
        RECURSION,
        "functions that call each other",
        "call_depth_exceeded",
        [returning(call("one", literal(1)))],
    ),
    (RECURSION, "a callback that calls back", "call_depth_exceeded", [returning(call("mapped", literal(1)))]),
    (
        KEYS,
        "keys that are alike",
        "key_not_found",
        [
            assign("m", EMPTY_MAP),
            # Multiples of a large power of two, which a plain hash puts into one place.
            *times(
                100_000,
                assign("m", builtin("map.put", M, binary("*", COUNTER, literal(1 << 40)), literal(1))),
            ),
            returning({"type": "index", "object": M, "index": literal("none")}),
        ],
    ),
    (
        KEYS,
        "a key that is not written as its number",
        "key_not_found",
        [
            assign("m", builtin("map.put", EMPTY_MAP, literal(1), literal("one"))),
            returning({"type": "index", "object": M, "index": literal("01")}),
        ],
    ),
    (
        KEYS,
        "a key that other languages inherit",
        "key_not_found",
        [assign("m", EMPTY_MAP), returning({"type": "field", "object": M, "field": "__proto__"})],
    ),
    (
        KEYS,
        "a key that is an array",
        "type_error",
        [returning({"type": "index", "object": EMPTY_MAP, "index": call("anything", array(literal(1)))})],
    ),
    (
        KEYS,
        "a key twice in a text",
        "value_error",
        [returning(builtin("json.parse", literal('{"a": 1, "\\u0061": 2}')))],
    ),
    (
        APIS,
        "a standard function by the name of a callback",
        "unknown_function",
        [returning(builtin("array.map", array(literal("/etc/passwd")), literal("fs.readFile")))],
    ),
    (
        APIS,
        "a standard function by a name that is put together",
        "function_not_found",
        [returning(builtin("result.try", binary("+", literal("fs."), literal("readFile")), array()))],
    ),
]


WIDE = module(
    function(
        "main",
        *(assign(f"v{number}", literal(number)) for number in range(2_000)),
        returning(array(call("main"), *(variable(f"v{number}") for number in range(2_000)))),
    ),
    name="attacker",
)

DEEP_ENDS: dict[str, tuple[str, Any]] = {
    "nested values that are written": ("value_error", builtin("json.stringify", A)),
    "nested values that are shown": ("ok", builtin("string.length", builtin("type.toString", A))),
    "nested values that are compared": ("ok", binary("==", A, B)),
    "nested values that are searched": ("ok", builtin("collections.indexOf", array(A), B)),
    "nested values that are returned": ("value_error", A),
}

TEXTS: list[tuple[str, str, str, bytes]] = [
    (
        DEEP,
        "a program nested a million deep",
        "json_too_deep",
        b'{"type": "module", "meta": ' + b"[" * 1_000_000,
    ),
    (
        KEYS,
        "a key twice in a program",
        "json_duplicate_key",
        b'{"type": "module", "name": "m", "functions": [], "n\\u0061me": "n"}',
    ),
    (
        ESCAPES,
        "an escape in the name of a module",
        "invalid_name",
        b'{"type": "module", "name": "\\u001b[2J\\u001b]0;x\\u0007", "functions": []}',
    ),
    (
        ESCAPES,
        "an escape in the name of a function",
        "invalid_name",
        b'{"type": "module", "name": "m", "functions": [{"name": "a\\u009b31m", "body": []}]}',
    ),
    (
        ESCAPES,
        "a change of direction in the name of a builtin",
        "invalid_name",
        b"""{"type": "module", "name": "m", "functions": [{"name": "main", "body": [{"type": "expr", "value":
        {"type": "builtin", "name": "io.\\u202e\\u001b[8m", "args": []}}]}]}""",
    ),
]


def _program(*body: Any) -> dict[str, Any]:
    return module(function("main", *body), *HELPERS, name="attacker")


def _attacks() -> list[Attack]:
    attacks = []
    for phrase, bodies in GREEDY.items():
        for name, body in bodies.items():
            launch = partial(_launch, _program(*body), Limits(memory=MEMORY))
            attacks.append(Attack(name, phrase, "memory_limit_exceeded", launch))
    for phrase, bodies in ENDLESS.items():
        for name, body in bodies.items():
            launch = partial(_launch, _program(*body), Limits(memory=4 * MEMORY, timeout=0.1))
            attacks.append(Attack(name, phrase, "timeout", launch, memory=4 * MEMORY))
    steps = partial(_launch, _program(forever()), Limits(steps=1_000_000))
    attacks.append(Attack("a loop with so many steps", LOOPS, "step_limit_exceeded", steps))
    wide = partial(_launch, WIDE, Limits(memory=MEMORY))
    attacks.append(
        Attack(
            "calls with thousands of variables", RECURSION, "call_depth_exceeded", wide, memory=320 * MEBIBYTE
        )
    )
    for phrase, name, code, body in OTHERS:
        launch = partial(_launch, _program(*body), Limits(memory=64 * MEBIBYTE, timeout=20))
        attacks.append(Attack(name, phrase, code, launch, memory=320 * MEBIBYTE))
    for name, (code, end) in DEEP_ENDS.items():
        twice = [*NESTED, assign("b", A), *NESTED] if "compared" in name or "searched" in name else NESTED
        launch = partial(_launch, _program(*twice, returning(end)), Limits(memory=DEEP_MEMORY, timeout=20))
        attacks.append(Attack(name, DEEP, code, launch, memory=2 * DEEP_MEMORY))
    parsed = builtin("json.parse", builtin("string.repeat", literal("["), literal(1_000_000)))
    launch = partial(_launch, _program(returning(parsed)), Limits(memory=MEMORY))
    attacks.append(Attack("a text nested a million deep", DEEP, "value_error", launch))
    for phrase, name, code, text in TEXTS:
        attacks.append(Attack(name, phrase, code, partial(_launch, text, Limits())))
    return attacks


def _launch(source: Any, limits: Limits, _place: object) -> str:
    return run(source, limits=limits)


PROGRAMS = _attacks()
