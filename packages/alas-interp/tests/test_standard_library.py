"""The standard library as plugins."""

from __future__ import annotations

import pytest

import alas_core
from alas_interp import (
    AlasTypeError,
    AlasValueError,
    ArgumentCountError,
    FunctionNotFoundError,
    IndexOutOfBoundsError,
    PermissionDeniedError,
)
from alas_interp._standard_library import StandardPlugin, is_standard, standard_manifests
from alas_interp.loaders import BuiltinLoader
from alas_manifest import STANDARD_LIBRARY, dumps, loads
from alas_registry import Plugin, Registry, SearchPath

MANIFESTS = {manifest.name: manifest for manifest in standard_manifests()}


def test_every_function_is_described():
    described = {
        f"{name.removeprefix('std.')}.{function.name}": function.description
        for name, manifest in MANIFESTS.items()
        for function in manifest.functions
    }
    assert described == {name: text for name, _, _, text in alas_core.library()}


def test_what_manifests_may_name_is_there():
    for name, manifest in MANIFESTS.items():
        known = [function.name for function in manifest.functions]
        assert sorted(known) == sorted(STANDARD_LIBRARY[name.removeprefix("std.")])


@pytest.mark.parametrize("name", MANIFESTS)
def test_the_manifests_are_right(name):
    manifest = MANIFESTS[name]
    assert loads(dumps(manifest)) == manifest
    assert str(manifest.version) == alas_core.version
    assert (manifest.module, manifest.type) == (name, "builtin")
    assert is_standard(name)


def test_capabilities():
    assert MANIFESTS["std.io"].capabilities == ("function", "io", "filesystem")
    assert MANIFESTS["std.math"].capabilities == ("function",)
    assert MANIFESTS["std.net"].capabilities == ("function", "network")
    assert MANIFESTS["std.async"].capabilities == ("function",)


@pytest.mark.parametrize(
    ("name", "signature", "extra"),
    [
        ("std.math.sqrt", "sqrt(value: float) -> float", {}),
        ("std.math.abs", "abs(value: any) -> any", {"x-signature": "(value: N) -> N"}),
        ("std.string.split", "split(text: string, separator: string) -> array<string>", {}),
        (
            "std.array.push",
            "push(array: array, value: any) -> array",
            {"x-signature": "(array: array<T>, value: T) -> array<T>"},
        ),
        (
            "std.array.reduce",
            "reduce(array: array, function: any, start: any) -> any",
            {"x-signature": "(array: array<T>, function: function(any, T), start: any) -> any"},
        ),
        ("std.json.stringify", "stringify(value: any, indent: int) -> string", {}),
    ],
)
def test_signatures(name, signature, extra):
    plugin, _, function = name.rpartition(".")
    found = MANIFESTS[plugin].function(function)
    assert (str(found), dict(found.extra)) == (signature, extra)


def test_parameters_that_may_be_left_out():
    function = MANIFESTS["std.json"].function("stringify")
    assert [dict(one.extra) for one in function.params] == [{}, {"x-optional": True}]


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("std.math.sqrt", [16], 4.0),
        ("std.math.PI", [], pytest.approx(3.14159, abs=1e-4)),
        ("std.string.toUpper", ["a"], "A"),
        ("std.array.range", [1, 4], [1, 2, 3]),
        ("std.array.range", [4, 0, -2], [4, 2]),
        ("std.map.get", [{"a": 1}, "b", 5], 5),
        ("std.json.stringify", [{"a": [1]}], '{"a":[1]}'),
        ("std.type.isVoid", [None], True),
        ("std.env.get", ["ABSENT", "x"], "x"),
    ],
)
def test_calls_from_python(name, arguments, result):
    plugin, _, function = name.rpartition(".")
    assert StandardPlugin(plugin).call(function, arguments) == result


def test_every_function_that_can_be_called_has_a_program():
    for name in MANIFESTS:
        plugin = StandardPlugin(name)
        if plugin.manifest.functions:
            plugin._program()
        plugin.close()
        plugin.close()


def test_output_is_that_of_the_process(capsys):
    assert StandardPlugin("std.io").call("println", ["hello"]) is None
    assert capsys.readouterr().out == "hello\n"


@pytest.mark.parametrize(
    ("name", "arguments", "kind", "message"),
    [
        ("std.math.sqrt", [-1], AlasValueError, "sqrt"),
        ("std.math.sqrt", ["x"], AlasTypeError, "value"),
        ("std.math.sqrt", [], ArgumentCountError, "sqrt"),
        ("std.math.sqrt", [1, 2], ArgumentCountError, "sqrt"),
        ("std.array.get", [[], 5], IndexOutOfBoundsError, "5"),
        ("std.array.map", [[1], "f"], FunctionNotFoundError, "takes a function, which only programs have"),
        ("std.result.try", ["f", []], FunctionNotFoundError, "takes a function"),
        ("std.plugin.name", [], FunctionNotFoundError, "is about the plugin that calls it"),
        ("std.async.spawn", ["f"], FunctionNotFoundError, "is about tasks, which only programs have"),
        ("std.async.sleep", [1], FunctionNotFoundError, "is about tasks, which only programs have"),
        ("std.fs.readFile", ["f"], PermissionDeniedError, "may not read"),
        ("std.math.sqr", [1], FunctionNotFoundError, "did you mean `sqrt`?"),
        ("std.async.sqr", [1], FunctionNotFoundError, "it has: spawn, await"),
    ],
)
def test_calls_that_fail(name, arguments, kind, message):
    plugin, _, function = name.rpartition(".")
    with pytest.raises(kind) as caught:
        StandardPlugin(plugin).call(function, arguments)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("name", "message"), [("std.maths", "did you mean `std.math`"), ("std.zzzzzz", "there are")]
)
def test_namespaces_that_are_absent(name, message):
    with pytest.raises(LookupError, match=message):
        StandardPlugin(name)


def test_the_loader_of_builtin_plugins_loads_them(tmp_path):
    manifest = MANIFESTS["std.math"]
    plugin = Plugin.of_manifest(manifest, tmp_path, SearchPath(tmp_path, "ALaS"))
    loaded = BuiltinLoader().load(plugin)
    assert loaded.call("max", [1, 2]) == 2
    loaded.close()


def test_through_the_registry():
    registry = Registry(packages=False)
    registry.provide(standard_manifests(), origin="the test")
    registry.discover()
    assert registry.call("std.array", "range", 1, 4) == [1, 2, 3]
    assert registry.call("std.array", "range", 1, 9, 4) == [1, 5]
    with pytest.raises(FunctionNotFoundError, match=r"std\.async\.spawn is about tasks"):
        registry.call("std.async", "spawn", "")
    with pytest.raises(AlasTypeError):
        registry.call("std.math", "sqrt", "x")
