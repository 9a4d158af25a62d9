from __future__ import annotations

import math

import pytest

from alas_cli._plugin._testing.session import Captured, to_arguments
from alas_manifest import FunctionSignature, Parameter, TypeReference


def signature(*kinds):
    params = tuple(
        Parameter(name=f"p{index}", type=TypeReference.parse(kind)) for index, kind in enumerate(kinds)
    )
    return FunctionSignature(name="f", params=params)


@pytest.mark.parametrize(
    ("kind", "value", "argument"),
    [
        ("float", "Infinity", math.inf),
        ("float", "-Infinity", -math.inf),
        ("float", "infinity", "infinity"),
        ("float", 1, 1),
        ("string", "Infinity", "Infinity"),
        ("any", "Infinity", "Infinity"),
        ("array<float>", ["Infinity", 1], [math.inf, 1]),
        ("map<array<float>>", {"a": ["Infinity"]}, {"a": [math.inf]}),
        ("array<float>", "Infinity", "Infinity"),
        ("array", ["Infinity"], ["Infinity"]),
    ],
)
def test_texts_stand_for_floats_that_json_cannot_write(kind, value, argument):
    assert to_arguments([value], signature(kind)) == [argument]


def test_nan():
    assert math.isnan(to_arguments(["NaN"], signature("float"))[0])


def test_without_a_signature_values_stay_as_they_are():
    assert to_arguments(["NaN"], None) == ["NaN"]


def test_only_the_end_of_much_output_is_kept():
    captured = Captured()
    for _ in range(100):
        captured.write("x" * 10_000)
    captured.write("the end")
    text = captured.take()
    assert len(text) < 200_000
    assert text.endswith("the end")
    assert captured.take() == ""
