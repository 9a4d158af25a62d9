"""`alas-manifest` needs no engine, so it carries a list of what the standard library holds. It is the engine's."""

import json
import re

import pytest

import alas_core
from alas_manifest import schema, validate
from alas_manifest._names import STANDARD_LIBRARY, standard_names
from alas_manifest._type_references import BUILTIN_TYPES

FUNCTIONS = {name for name, *_ in alas_core.library()}


def test_every_function_of_the_engine_can_be_named():
    named = {
        f"{namespace}.{function}"
        for namespace, functions in STANDARD_LIBRARY.items()
        for function in functions
    }
    assert FUNCTIONS - named == set()
    assert {f"std.{name}" for name in FUNCTIONS} <= standard_names()


def test_what_the_engine_does_not_have_is_reserved_by_the_language():
    """Names that later versions bring may be named already; a program that calls one is told so."""
    pending = {
        f"{namespace}.{function}"
        for namespace, functions in STANDARD_LIBRARY.items()
        for function in functions
    } - FUNCTIONS
    call = {"type": "expr", "value": {"type": "builtin", "name": "", "args": []}}
    for name in sorted(pending):
        call["value"]["name"] = name
        module = {"type": "module", "name": "m", "functions": [{"name": "main", "body": [call]}]}
        with pytest.raises(alas_core.errors.ProgramError) as raised:
            alas_core.Engine().load(
                alas_core.Source(json.dumps(module).encode()), lambda _name, _importer: None
            )
        assert "later version" in str(raised.value.diagnostics), name


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_it_may_be_allowed(name):
    manifest = {
        "name": "a",
        "version": "1.0.0",
        "module": "a",
        "implementation": {"language": "alas"},
        "security": {"allowed_apis": [f"std.{name}"]},
        "dependencies": [f"std.{name.partition('.')[0]}"],
    }
    assert validate(json.dumps(manifest)) == []


def test_built_in_types_are_the_engines():
    pattern = schema("module")["$defs"]["parameter"]["properties"]["type"]["pattern"]
    for name in BUILTIN_TYPES:
        parameter = {"name": "x", "type": name}
        module = {
            "type": "module",
            "name": "m",
            "functions": [{"name": "f", "params": [parameter], "body": []}],
        }
        alas_core.Engine().load(alas_core.Source(json.dumps(module).encode()), lambda _name, _importer: None)
        assert re.search(pattern, name)
