"""The types that values are made of. A type is written as a program declares it."""

from __future__ import annotations

import random

SCALARS = ("int", "float", "string", "bool")
# `Pair` is the struct type that every program defines.
PAIR_FIELDS = (("count", "int"), ("share", "float"))
PAIR = {
    "name": "Pair",
    "definition": {"kind": "struct", "fields": [{"name": name, "type": held} for name, held in PAIR_FIELDS]},
}
CONTAINERS = (
    *("array<int>", "array<float>", "array<string>", "array<bool>", "array<any>"),
    *(
        "array<array<int>>",
        "array<map<int>>",
        "array<map<any>>",
        "map<int>",
        "map<float>",
        "map<string>",
        "map<any>",
        "map<array<int>>",
    ),
)
TYPES = (*SCALARS, *CONTAINERS, "any", "Pair")


def choose(chance: random.Random) -> str:
    """A type: more often a scalar than its share of the list."""
    return chance.choice(SCALARS if chance.random() < 0.4 else TYPES)


def element(container: str) -> str:
    """The `T` of `array<T>` and `map<T>`."""
    return container[container.index("<") + 1 : -1]


def is_scalar(written: str) -> bool:
    """Whether values of the type have a fixed small size, or nearly so."""
    return written in ("int", "float", "bool")


def match(pattern: str, wanted: str) -> str | None:
    """The `T` that makes the pattern the wanted type; "" when it is that without a `T`; None when nothing does."""
    if pattern == wanted:
        return ""
    if pattern == "T":
        return wanted
    for outer in ("array<", "map<"):
        if pattern.startswith(outer) and wanted.startswith(outer):
            return match(element(pattern), element(wanted))
    return None


def fill(pattern: str, filling: str) -> str:
    """The pattern with its `T` filled in."""
    return pattern.replace("T", filling)
