"""`map`. Python's dicts keep insertion order, and a key that is put again keeps its place."""

from __future__ import annotations

from .errors import Failure
from .library import function
from .values import Value

Map = dict[str, Value]


@function("map.get", "map", "key", "any?")
def get(entries: Map, key: str, *default: Value) -> Value:
    if key in entries:
        return entries[key]
    if default:
        return default[0]
    raise Failure("key_not_found", f"no key {key}")


@function("map.put", "map", "key", "any")
def put(entries: Map, key: str, value: Value) -> Value:
    return {**entries, key: value}


@function("map.remove", "map", "key")
def remove(entries: Map, key: str) -> Value:
    return {other: value for other, value in entries.items() if other != key}


@function("map.contains", "map", "key")
def contains(entries: Map, key: str) -> Value:
    return key in entries


@function("map.keys", "map")
def keys(entries: Map) -> Value:
    return [*entries]


@function("map.values", "map")
def values(entries: Map) -> Value:
    return [*entries.values()]


@function("map.entries", "map")
def entries_of(entries: Map) -> Value:
    return [{"key": key, "value": value} for key, value in entries.items()]


@function("map.merge", "map", "map")
def merge(a: Map, b: Map) -> Value:
    return {**a, **b}


@function("map.size", "map")
def size(entries: Map) -> Value:
    return len(entries)
