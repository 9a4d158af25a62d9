"""One loader for module and builtin plugins, which can therefore use each other."""

import json

import pytest

from alas_interp.loaders import BuiltinLoader, ModuleLoader, PluginLoader, standard_manifests
from alas_registry import Loader, Registry

PYTHON = """
from alas_builtin import BuiltinPlugin

plugin = BuiltinPlugin("shouter", version="1.0.0")


@plugin.function
def shout(text: str) -> str:
    return text.upper() + "!"
"""


@pytest.mark.parametrize("loader", [PluginLoader, ModuleLoader, BuiltinLoader])
def test_each_is_a_loader(loader):
    assert isinstance(loader(), Loader)


def test_the_standard_library_comes_along():
    assert {manifest.name for manifest in standard_manifests()} >= {"std.io", "std.math"}


def test_a_module_plugin_uses_a_builtin_one(tmp_path):
    """The registry finds the loader by itself, as in the example of its description."""
    shouter = tmp_path / "shouter"
    shouter.mkdir()
    (shouter / "shouter.py").write_text(PYTHON)
    manifest = {
        "name": "shouter",
        "version": "1.0.0",
        "type": "builtin",
        "module": "shouter",
        "functions": [{"name": "shout", "params": [{"name": "text", "type": "string"}], "returns": "string"}],
        "implementation": {"language": "python", "entrypoint": "shouter.py"},
    }
    (shouter / "plugin.json").write_text(json.dumps(manifest))
    caller = tmp_path / "caller"
    caller.mkdir()
    module = {
        "type": "module",
        "name": "caller",
        "exports": ["run"],
        "imports": ["shouter"],
        "functions": [
            {
                "name": "run",
                "params": [{"name": "text", "type": "string"}],
                "returns": "string",
                "body": [
                    {
                        "type": "return",
                        "value": {
                            "type": "module_call",
                            "module": "shouter",
                            "name": "shout",
                            "args": [{"type": "variable", "name": "text"}],
                        },
                    }
                ],
            }
        ],
    }
    (caller / "caller.alas.json").write_text(json.dumps(module))
    manifest = {
        "name": "caller",
        "version": "1.0.0",
        "module": "caller",
        "dependencies": ["shouter"],
        "implementation": {"language": "alas"},
    }
    (caller / "plugin.json").write_text(json.dumps(manifest))
    with Registry(packages=False) as registry:
        registry.add_search_path(tmp_path)
        registry.trust(shouter)
        registry.discover()
        registry.load_all()
        assert registry.call("caller", "run", "hey") == "HEY!"
        registry.unload("shouter", cascade=True)
        assert registry.call("caller", "run", "ho") == "HO!"
