"""Buffers of numbers, in as packed arrays and out as `PackedArray`."""

import array
import ctypes
import json

import pytest

from alas_core import Engine, PackedArray, Source, errors

ECHO = {
    "type": "module",
    "name": "echo",
    "functions": [
        {
            "name": "echo",
            "params": [{"name": "value", "type": "any"}],
            "body": [{"type": "return", "value": {"type": "variable", "name": "value"}}],
        }
    ],
}


@pytest.fixture
def echo():
    engine = Engine(packed_results=True)
    engine.load(Source(json.dumps(ECHO).encode()), lambda _name, _importer: None)
    return lambda value: engine.call("echo.echo", value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (array.array("d", [1.5, 2]), [1.5, 2.0]),
        (array.array("f", [0.5]), [0.5]),
        (array.array("q", [-1, 2**62]), [-1, 2**62]),
        (array.array("Q", [7]), [7]),
        (array.array("i", [-3]), [-3]),
        (array.array("H", [65535]), [65535]),
        (array.array("b", [-128]), [-128]),
        (b"ab", [97, 98]),
        pytest.param(memoryview(bytes([1, 0])).cast("?"), [True, False], id="bools"),
        pytest.param(memoryview(array.array("q", range(6)))[::2], [0, 2, 4], id="every second"),
    ],
    ids=repr,
)
def test_in_and_out(echo, value, expected):
    result = echo(value)
    assert isinstance(result, PackedArray)
    assert result.tolist() == expected
    assert memoryview(result).tolist() == expected
    assert memoryview(result).readonly


@pytest.mark.parametrize(
    ("value", "error", "part"),
    [
        (array.array("Q", [2**63]), errors.AlasValueError, "beyond that range"),
        ((ctypes.c_int32.__ctype_be__ * 2)(1, 2), errors.AlasTypeError, "byte order"),
        ((ctypes.c_double.__ctype_be__ * 1)(1.5), errors.AlasTypeError, "byte order"),
        (memoryview(bytes(4)).cast("B", (2, 2)), errors.AlasTypeError, "one dimension"),
        ((ctypes.c_void_p * 1)(), errors.AlasTypeError, "found the format"),
    ],
    ids=["too large", "other byte order", "other byte order of floats", "two dimensions", "no numbers"],
)
def test_buffers_that_are_no_arrays(echo, value, error, part):
    with pytest.raises(error, match=part):
        echo(value)


def test_positions_and_slices(echo):
    result = echo(array.array("q", range(10)))
    assert len(result) == 10
    assert (result[0], result[-1]) == (0, 9)
    assert result[2:5].tolist() == [2, 3, 4]
    assert result[::-3].tolist() == [9, 6, 3, 0]
    for outside in (10, -11):
        with pytest.raises(IndexError, match="outside an array of 10"):
            result[outside]
