"""A plugin as a whole: its manifest, derived or written by hand, and its settings."""

import json

import pytest

import alas_builtin
from alas_builtin import BuiltinPlugin, DefinitionError
from alas_manifest import ManifestError, dumps, loads

EVERY_FIELD = {
    "description": "Tools for text",
    "author": "Ada",
    "license": "MIT OR Apache-2.0",
    "module": "text.tools",
    "capabilities": ["function", "io"],
    "alas_version": ">=0.1.0 <2",
    "dependencies": ["std.string", "math-utils ^1.2"],
    "entrypoint": "tools.py",
    "config": {"greeting": "Hi", "times": 3, "loud": True, "ratio": 0.5},
    "environment": {"LANG": "C"},
    "lazy": True,
    "persistent": False,
    "parallel": True,
}


def plugin_with_function(**fields):
    plugin = BuiltinPlugin("text-tools", version="1.0.0", **fields)

    @plugin.function
    def shout(text: str, times: int) -> list[str]:
        """Say it loudly."""
        return [text.upper()] * times

    return plugin


def test_the_smallest_plugin():
    manifest = BuiltinPlugin("text-tools", version="1.0.0").manifest
    assert (manifest.name, str(manifest.version), manifest.module) == ("text-tools", "1.0.0", "text_tools")
    assert (manifest.type, manifest.implementation.language) == ("builtin", "python")
    assert (manifest.capabilities, manifest.functions, manifest.security.sandbox) == ((), (), False)


def test_every_field_reaches_the_manifest():
    manifest = plugin_with_function(**EVERY_FIELD).manifest
    document = json.loads(dumps(manifest))
    assert {key: document[key] for key in EVERY_FIELD if key in document} == {
        key: EVERY_FIELD[key] for key in EVERY_FIELD if key in document
    }
    assert document["implementation"] == {
        "language": "python",
        "entrypoint": "tools.py",
        "config": {"greeting": "Hi", "times": "3", "loud": "true", "ratio": "0.5"},
    }
    assert document["runtime"] == {
        "lazy": True,
        "persistent": False,
        "parallel": True,
        "environment": {"LANG": "C"},
    }
    assert loads(dumps(manifest)) == manifest


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"name": "Text Tools"}, "/name: expected a plugin name"),
        ({"version": "1.0"}, "/version: "),
        ({"license": "MTI"}, "/license: "),
        ({"capabilities": ["functions"]}, "did you mean `function`"),
        ({"alas_version": "newest"}, "/alas_version: "),
        ({"dependencies": ["a b c"]}, "/dependencies/0: "),
        ({"entrypoint": "../x.py"}, "/implementation/entrypoint: "),
        ({"environment": {"a b": "c"}}, "/runtime/environment"),
        ({"lazy": "yes"}, "/runtime/lazy: "),
        ({"licence": "MIT"}, "there is no field `licence`; did you mean `license`?"),
        ({"config": {"a": object}}, "a field cannot be written"),
    ],
    ids=str,
)
def test_a_wrong_field_is_told_when_the_plugin_is_made(fields, expected):
    with pytest.raises(DefinitionError) as caught:
        BuiltinPlugin(**{"name": "text-tools", "version": "1.0.0", **fields})
    assert expected in str(caught.value)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(DefinitionError) as caught:
        BuiltinPlugin("A", version="1", license="?")
    assert [finding.pointer for finding in caught.value.diagnostics] == ["/name", "/version", "/license"]


def test_settings():
    plugin = plugin_with_function(**EVERY_FIELD)
    assert plugin.config == {"greeting": "Hi", "times": "3", "loud": "true", "ratio": "0.5"}
    assert plugin.config == plugin.manifest.implementation.config
    assert plugin.environment == {"LANG": "C"}
    plugin.configure({"greeting": "Hello"}, {})
    assert (plugin.config, plugin.environment) == ({"greeting": "Hello"}, {})
    with pytest.raises(TypeError):
        plugin.config["greeting"] = "Hey"


@pytest.mark.parametrize("kind", ["manifest", "file", "folder"])
def test_a_manifest_that_is_written_by_hand(tmp_path, kind):
    written = plugin_with_function(license="MIT", config={"a": "b"}).manifest
    (tmp_path / "plugin.json").write_text(dumps(written))
    source = {"manifest": written, "file": tmp_path / "plugin.json", "folder": str(tmp_path)}[kind]
    plugin = BuiltinPlugin.from_manifest(source)
    assert (plugin.name, plugin.version, plugin.module) == ("text-tools", "1.0.0", "text_tools")
    assert plugin.config == {"a": "b"}
    with pytest.raises(ManifestError, match="the Python code has no function `shout`"):
        _ = plugin.manifest

    @plugin.function
    def shout(text, times):
        return [text] * times

    assert plugin.manifest == written
    assert plugin.disagreements() == []


def test_manifests_of_other_plugins():
    module = loads('{"name": "a", "version": "1.0.0", "module": "a", "implementation": {"language": "alas"}}')
    with pytest.raises(DefinitionError, match="that of a module plugin in alas"):
        BuiltinPlugin.from_manifest(module)
    with pytest.raises(ManifestError, match="there is no such file"):
        BuiltinPlugin.from_manifest("nowhere")


@pytest.mark.parametrize(
    ("name", "module", "taken"),
    [
        ("math", "math", "math"),
        ("std.math", "mine", "std.math"),
        ("mine", "std.mine", "std.mine"),
        ("std", "m", "std"),
    ],
)
def test_names_of_the_standard_library(name, module, taken):
    with pytest.raises(DefinitionError, match=f"`{taken}` is a name of the standard library"):
        BuiltinPlugin(name, version="1.0.0", module=module)
    document = {"name": name, "version": "1.0.0", "type": "builtin", "module": module}
    written = loads(json.dumps(document | {"implementation": {"language": "python"}}))
    with pytest.raises(DefinitionError, match=f"`{taken}` is a name of the standard library"):
        BuiltinPlugin.from_manifest(written)
    assert BuiltinPlugin("math", version="1.0.0", module="my_math").module == "my_math"


def test_what_is_shown():
    assert repr(BuiltinPlugin("a", version="1.0.0")) == "<BuiltinPlugin a 1.0.0>"
    assert set(alas_builtin.__all__) <= set(dir(alas_builtin))
