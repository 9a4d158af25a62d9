"""Modules whose functions are Python callables: what they declare, what is passed, and what comes back."""

from __future__ import annotations

import array
import enum
import json
import math
from collections import OrderedDict
from decimal import Decimal

import pytest

from alas_core import Engine, HostModule, PackedArray, PluginContext, Source, errors

TYPES = [
    {"name": "Point", "definition": {"kind": "struct", "fields": [{"name": "x", "type": "float"}]}},
    {"name": "Color", "definition": {"kind": "enum", "values": ["red", "green"]}},
]


def literal(value):
    return {"type": "literal", "value": value}


def variable(name):
    return {"type": "variable", "name": name}


def calling(function, *arguments):
    return {"type": "builtin", "name": function, "args": list(arguments)}


def program(value, *params, name="m"):
    """A module whose `main` returns the value of an expression."""
    main = {"name": "main", "body": [{"type": "return", "value": value}]}
    main["params"] = [{"name": one, "type": "any"} for one in params]
    return Source(json.dumps({"type": "module", "name": name, "functions": [main]}).encode())


def nothing(_name, _importer):
    return None


def engine_with(function, parameters, returns, **options):
    """An engine with `host.f`, and `m.main` that calls it with what it is called with."""
    engine = Engine()
    names = [name for name, _ in parameters]
    engine.define(HostModule("host", [("f", parameters, returns, function)], types=TYPES, **options))
    engine.load(program(calling("host.f", *map(variable, names)), *names), nothing)
    return engine


class Number(enum.IntEnum):
    ONE = 1


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        ("int", -(2**63), -(2**63)),
        ("int", Number.ONE, 1),
        ("float", 0.5, 0.5),
        ("float", 3, 3.0),
        ("float", math.inf, math.inf),
        ("bool", True, True),
        ("string", "grüße \N{SNOWMAN}", "grüße \N{SNOWMAN}"),
        ("string", "", ""),
        ("void", None, None),
        ("any", [1, "a", None], [1, "a", None]),
        ("array", (1, 2.5), [1, 2.5]),
        ("array<int>", [], []),
        ("array<int>", array.array("q", [1, 2]), [1, 2]),
        ("array<float>", [1, 2.5], [1.0, 2.5]),
        ("array<array<string>>", [["a"], []], [["a"], []]),
        ("map", {"a": 1, "b": [True]}, {"a": 1, "b": [True]}),
        ("map<int>", OrderedDict(a=1), {"a": 1}),
        ("map<int>", {7: 1}, {"7": 1}),
        ("Point", {"x": 1}, {"x": 1.0}),
        ("Color", "red", "red"),
        ("array<Point>", [{"x": 0.5}], [{"x": 0.5}]),
    ],
    ids=repr,
)
def test_values_pass_both_ways(kind, value, seen):
    arguments = []

    def function(argument):
        arguments.append(argument)
        return value

    engine = engine_with(function, [("x", kind)], kind)
    for call in ("host.f", "m.main"):
        result = engine.call(call, value)
        assert result == seen
        assert type(result) is type(seen)
    assert arguments == [seen, seen]
    assert [type(argument) for argument in arguments] == [type(seen)] * 2


@pytest.mark.parametrize(
    ("returns", "value", "part"),
    [
        ("int", "1", "declares to return `int`: expected `int`, found a string"),
        ("int", 1.0, "expected `int`, found a float"),
        ("int", None, "expected `int`, found void"),
        ("int", True, "expected `int`, found a bool"),
        ("int", 2**63, "64 bits"),
        ("float", "x", "expected `float`"),
        ("string", b"x", "expected `string`, found an array"),
        ("string", "\ud800", "surrogates"),
        ("void", 0, "declares to return nothing: expected `void`"),
        ("array<int>", [1, "a"], "element 1: expected `int`, found a string"),
        ("map<string>", {"k": 1}, "entry `k`: expected `string`"),
        ("map", {None: 1}, "a key is"),
        ("Point", {"x": 1, "y": 2}, "undeclared field `y`"),
        ("Point", {}, "without the field `x`"),
        ("Color", "blue", "`red`, `green`"),
        (
            "any",
            Decimal(1),
            "an ALaS value is an int, float, bool, str, None, list, dict or buffer, found Decimal",
        ),
        ("any", {1, 2}, "found set"),
        ("any", object, "found type"),
    ],
    ids=repr,
)
def test_results_are_checked(returns, value, part):
    engine = engine_with(lambda: value, [], returns)
    for call in ("host.f", "m.main"):
        with pytest.raises(errors.NativeError) as caught:
            engine.call(call)
        assert part in caught.value.message
        assert "`host.f`" in caught.value.message
    assert caught.value.pointer == "/functions/0/body/0/value"


def test_a_result_that_holds_itself():
    endless = []
    endless.append(endless)
    with pytest.raises(errors.NativeError, match="nested more than"):
        engine_with(lambda: endless, [], "any").call("m.main")


@pytest.mark.parametrize(
    ("arguments", "error", "part"),
    [
        ((), errors.ArgumentCountError, "takes 1 argument"),
        ((1, 2), errors.ArgumentCountError, "found 2"),
        (("a",), errors.AlasTypeError, "parameter `x` of `f`"),
    ],
)
def test_arguments_from_python_are_checked(arguments, error, part):
    engine = engine_with(lambda x: x, [("x", "int")], "int")
    with pytest.raises(error, match=part):
        engine.call("host.f", *arguments)


def test_packed_arguments():
    seen = []
    engine = engine_with(seen.append, [("x", "any")], "void", packed_arguments=True)
    engine.call("m.main", [1, 2])
    engine.call("m.main", ["a"])
    assert isinstance(seen[0], PackedArray)
    assert memoryview(seen[0]).tolist() == [1, 2]
    assert seen[1] == ["a"]


@pytest.mark.parametrize(
    ("functions", "part"),
    [
        ([("f", [], "int", 3)], "m.f needs a callable, found int"),
        ([("f", [], "int", None)], "found NoneType"),
        ([("f", [], "int")], "tuple"),
        ([("f", ["x"], "int", len)], "tuple"),
        ([(1, [], "int", len)], "str"),
        (3, "iterable"),
    ],
)
def test_what_no_module_can_be_made_of(functions, part):
    with pytest.raises((TypeError, ValueError), match=part):
        HostModule("m", functions)


@pytest.mark.parametrize(
    ("functions", "types", "expected"),
    [
        ([("f", [], "integr", len)], [], ("unknown_type", "/functions/0/returns")),
        ([("f", [("x", "Point")], None, len)], [], ("unknown_type", "/functions/0/params/0/type")),
        (
            [("f", [("x", "int"), ("x", "int")], None, len)],
            [],
            ("duplicate_name", "/functions/0/params/1/name"),
        ),
        ([("f", [], None, len), ("f", [], None, len)], [], ("duplicate_name", "/functions/1/name")),
        ([("a b", [], None, len)], [], ("invalid_name", "/functions/0/name")),
        ([], [{"name": "T"}], ("missing_key", "/types/0")),
        ([], [TYPES[0], TYPES[0]], ("duplicate_name", "/types/1/name")),
        ([], [3], ("wrong_kind", "/types/0")),
    ],
)
def test_wrong_declarations_are_findings(functions, types, expected):
    engine = Engine()
    with pytest.raises(errors.ProgramError) as caught:
        engine.define(HostModule("m", functions, types=types))
    (finding,) = caught.value.diagnostics
    assert (finding[0], finding[4]) == expected
    assert finding[3] == "<host module m>"
    assert engine.modules() == []


def test_types_that_are_no_json():
    with pytest.raises(TypeError):
        HostModule("m", [], types=[{1, 2}])


def test_what_a_module_tells_about_itself():
    module = HostModule("m", [("f", [("x", "int")], None, len)], file="m.py")
    loaded = Engine().define(module)
    for one in (module, loaded):
        (function,) = one.functions
        assert (one.name, one.file, function.name) == ("m", "m.py", "f")
        assert (function.parameters, function.returns, function.exported) == ([("x", "int")], "any", True)
    assert repr(module) == "<HostModule m>"


def test_callers_are_checked_before_they_run():
    engine = Engine()
    engine.define(HostModule("host", [("shout", [("text", "string")], "string", str.upper)]))
    for expression, code in [
        (calling("host.shout", literal("a"), literal("b")), "argument_count"),
        (calling("host.shout", literal(1)), "type_mismatch"),
        (calling("host.shuot", literal("a")), "unknown_builtin"),
    ]:
        with pytest.raises(errors.ProgramError) as caught:
            engine.load(program(expression), nothing)
        assert [finding[0] for finding in caught.value.diagnostics] == [code]
    assert "shout" in caught.value.diagnostics[0][7]


def test_permissions_of_the_caller():
    engine = Engine()
    engine.define(HostModule("host", [("f", [], "int", lambda: 1)]))
    text = json.dumps(
        {
            "type": "module",
            "name": "p",
            "exports": ["run"],
            "functions": [{"name": "run", "body": [{"type": "return", "value": calling("host.f")}]}],
        }
    ).encode()
    engine.load(Source(text, None, PluginContext("p", "1.0.0", allowed_apis=["host.f"])), nothing)
    assert engine.call("p.run") == 1
    with pytest.raises(errors.ProgramError) as caught:
        engine.load(Source(text, None, PluginContext("p", "1.0.0", allowed_apis=["std.math"])), nothing)
    assert caught.value.diagnostics[0][0] == "api_not_allowed"


def test_a_resolver_may_find_host_modules():
    asked = []
    module = HostModule("host", [("f", [], "int", lambda: len(asked))])

    def resolve(name, importer):
        asked.append((name, importer))
        return module if name == "host" else None

    engine = Engine()
    for count in (1, 2):
        engine.load(program(calling("host.f"), name=f"m{count}"), resolve)
    assert asked == [("host", None)] * 2
    assert engine.modules() == ["host", "m1", "m2"]
    assert engine.call("m1.main") == engine.call("host.f") == 2


def test_replacing_and_unloading():
    engine = engine_with(lambda: 1, [], "int")
    engine.define(HostModule("host", [("f", [], "int", lambda: 2)]))
    assert (engine.call("host.f"), engine.call("m.main")) == (2, 1)
    assert engine.unload("host")
    assert engine.call("m.main") == 1
    with pytest.raises(errors.FunctionNotFoundError):
        engine.call("host.f")
    with pytest.raises(errors.ProgramError):
        engine.load(program(calling("host.f"), name="other"), nothing)


def test_one_module_in_two_engines():
    module = HostModule("host", [("f", [("x", "int")], "int", lambda x: x + 1)])
    engines = [Engine(), Engine()]
    for engine in engines:
        engine.define(module)
        engine.define(module)
    assert [engine.call("host.f", 1) for engine in engines] == [2, 2]


def test_types_of_a_host_module_in_programs():
    document = {
        "type": "module",
        "name": "m",
        "imports": ["host"],
        "functions": [
            {
                "name": "main",
                "params": [{"name": "p", "type": "Point"}],
                "returns": "float",
                "body": [
                    {
                        "type": "return",
                        "value": {
                            "type": "field",
                            "field": "x",
                            "object": {
                                "type": "module_call",
                                "module": "host",
                                "name": "f",
                                "args": [variable("p")],
                            },
                        },
                    }
                ],
            }
        ],
    }
    engine = Engine()
    double = lambda point: {"x": point["x"] * 2}  # noqa: E731 - one line in the table of the module
    engine.define(HostModule("host", [("f", [("p", "Point")], "Point", double)], types=TYPES))
    engine.load(Source(json.dumps(document).encode()), nothing)
    assert engine.call("m.main", {"x": 4}) == 8.0
