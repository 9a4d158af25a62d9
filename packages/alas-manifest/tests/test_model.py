from decimal import Decimal

import pytest

from alas_manifest import Binary, CpuShare, Manifest, TypeReference, Version, VersionRange, loads

SMALLEST = '"name": "a", "version": "1.0.0", "module": "m"'


def manifest_with(more: str, implementation: str = '{"language": "alas"}') -> Manifest:
    return loads(f'{{{SMALLEST}, "implementation": {implementation}{more}}}')


def test_defaults():
    manifest = manifest_with("")
    assert manifest.description == manifest.author == ""
    assert manifest.license is None
    assert manifest.type == "module"
    assert manifest.capabilities == manifest.dependencies == manifest.functions == manifest.types == ()
    assert manifest.alas_version == VersionRange(">=0.1.0")
    assert manifest.implementation.entrypoint == "m.alas.json"
    assert manifest.implementation.build_cmd is None
    assert manifest.implementation.sources == manifest.implementation.binaries == ()
    assert manifest.implementation.config == {}
    assert manifest.security.sandbox is True
    assert manifest.security.allowed_apis is None
    assert manifest.security.max_memory is manifest.security.timeout is None
    assert manifest.security.max_cpu == CpuShare(Decimal(100))
    assert manifest.security.permissions.network == ()
    assert (manifest.runtime.lazy, manifest.runtime.persistent, manifest.runtime.parallel) == (
        False,
        True,
        False,
    )
    assert manifest.runtime.environment == manifest.extra == {}


def test_a_function_brings_its_capability():
    manifest = manifest_with(', "functions": [{"name": "f"}]')
    assert manifest.capabilities == ("function",)
    function = manifest.function("f")
    assert function is not None
    assert (function.params, function.returns, function.native, function.is_async) == ((), None, False, False)
    assert manifest.function("g") is None


def test_stated_capabilities_stand():
    assert manifest_with(', "capabilities": [], "types": []').capabilities == ()


@pytest.mark.parametrize(
    ("plugin_type", "implementation", "sandbox"),
    [
        ("module", '{"language": "alas"}', True),
        ("hybrid", '{"language": "c"}', True),
        ("native", '{"language": "c", "binaries": ["p.so"]}', True),
        ("builtin", '{"language": "python"}', False),
    ],
)
def test_sandbox_by_type(plugin_type, implementation, sandbox):
    manifest = manifest_with(f', "type": "{plugin_type}"', implementation)
    assert manifest.security.sandbox is sandbox


def test_configuration_is_text_as_written():
    config = '{"a": 1e3, "b": 3.0, "c": true, "d": "x", "e": -7, "f": -0, "g": 0, "h": 1.50}'
    manifest = manifest_with("", f'{{"language": "alas", "config": {config}}}')
    assert manifest.implementation.config == {
        "a": "1e3",
        "b": "3.0",
        "c": "true",
        "d": "x",
        "e": "-7",
        "f": "-0",
        "g": "0",
        "h": "1.50",
    }


@pytest.mark.parametrize(
    ("plugin_type", "implementation", "file"),
    [
        ("module", '{"language": "alas"}', "m.alas.json"),
        ("module", '{"language": "alas", "entrypoint": "main.json"}', "main.json"),
        ("hybrid", '{"language": "go", "entrypoint": "plugin.go"}', "m.alas.json"),
        ("hybrid", '{"language": "go", "entrypoint": "h.alas.json"}', "h.alas.json"),
        ("hybrid", '{"language": "go", "sources": ["a.go", "h.alas.json"]}', "h.alas.json"),
        ("native", '{"language": "c", "binaries": ["p.so"]}', None),
        ("builtin", '{"language": "python"}', None),
    ],
)
def test_module_file(plugin_type, implementation, file):
    assert manifest_with(f', "type": "{plugin_type}"', implementation).module_file == file


def test_binaries():
    everywhere, somewhere = (
        Binary(path="p.so"),
        Binary(platforms={"linux-x86_64": "l.so", "macos-aarch64": "m.so"}),
    )
    assert everywhere.for_platform("linux-x86_64") == "p.so"
    assert somewhere.for_platform("linux-x86_64") == "l.so"
    assert somewhere.for_platform("windows-x86_64") is None
    assert (everywhere.paths, somewhere.paths) == (("p.so",), ("l.so", "m.so"))


def test_signature_as_text():
    function = manifest_with(
        ', "functions": [{"name": "f", "params": [{"name": "a", "type": "array<int>"}], "returns": "int"}]'
    ).functions[0]
    assert str(function) == "f(a: array<int>) -> int"
    assert function.params[0].type == TypeReference("array", TypeReference("int"))


def test_types_are_real():
    assert manifest_with("").version == Version(1, 0, 0)
