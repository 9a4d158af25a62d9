"""The options of an engine, and arguments that no engine takes."""

from __future__ import annotations

import json
import threading

import pytest

from alas_core import Engine, HostModule, PluginContext, Source


def literal(value):
    return {"type": "literal", "value": value}


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"random_seed": -1}, ValueError, r"`random_seed` is an int from 0 to 2\*\*64 - 1, found -1"),
        (
            {"random_seed": 2**64},
            ValueError,
            r"`random_seed` is an int from 0 to .*, found 18446744073709551616",
        ),
        ({"random_seed": "1"}, TypeError, r"`random_seed` is an int from 0 to .*, found str"),
        ({"random_seed": 1.5}, TypeError, "found float"),
        ({"depth": -1}, ValueError, "`depth` is an int from 0 to .*, found -1"),
        ({"depth": None}, TypeError, "`depth` is an int from 0 to .*, found NoneType"),
        ({"steps": -5}, ValueError, "`steps` is an int from 0 to .*, found -5"),
        ({"steps": 10**30}, ValueError, "`steps` is an int from 0 to"),
    ],
)
def test_numbers_that_no_engine_takes(options, error, message):
    with pytest.raises(error, match=message):
        Engine(**options)


@pytest.mark.parametrize("options", [{"random_seed": 2**64 - 1}, {"depth": 0}, {"steps": 0}, {"steps": None}])
def test_the_largest_and_smallest(options):
    text = {
        "type": "module",
        "name": "m",
        "functions": [{"name": "main", "body": [{"type": "return", "value": literal(1)}]}],
    }
    engine = Engine(**options)
    engine.load(Source(json.dumps(text).encode()), lambda _name, _importer: None)
    assert engine.call("m.main") == 1


def plugin_module(name, *functions):
    """A module of a plugin; each of its functions calls what it is given and returns 1."""
    calls = {
        function: [
            {"type": "expr", "value": {"type": "builtin", "name": callee, "args": []}} for callee in callees
        ]
        for function, callees in functions
    }
    document = {
        "type": "module",
        "name": name,
        "exports": list(calls),
        "functions": [
            {"name": function, "body": [*body, {"type": "return", "value": literal(1)}]}
            for function, body in calls.items()
        ],
    }
    return Source(json.dumps(document).encode(), None, PluginContext(name, "1.0.0"))


def test_calls_are_counted_when_asked_for():
    host = HostModule("host", [("f", [], "int", lambda: 7)], plugin=PluginContext("host", "1.0.0"))
    for options, expected in [({}, {}), ({"count_calls": True}, {"host.f": 4, "p.g": 2, "p.unused": 0})]:
        engine = Engine(**options)
        engine.define(host)
        engine.load(
            plugin_module("p", ("g", ["host.f", "host.f"]), ("unused", [])), lambda _name, _importer: None
        )
        assert [engine.call("p.g"), engine.call("p.g")] == [1, 1]
        engine.unload("p")
        assert engine.call_counts() == expected


def test_threads_count_together():
    engine = Engine(count_calls=True)
    engine.load(plugin_module("p", ("f", [])), lambda _name, _importer: None)
    engine.load(plugin_module("q", ("g", ["p.f"] * 3)), lambda _name, _importer: None)
    threads = [threading.Thread(target=lambda: [engine.call("q.g") for _ in range(500)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.call_counts() == {"p.f": 6000, "q.g": 2000}
