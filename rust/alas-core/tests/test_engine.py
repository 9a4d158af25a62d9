"""The options of an engine, and arguments that no engine takes."""

from __future__ import annotations

import json

import pytest

from alas_core import Engine, Source


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
