"""The package as a whole: its examples run, its names are there, and importing it is cheap."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import alas_registry
import alas_registry.installed

MODULES = [module.name for module in pkgutil.iter_modules(alas_registry.__path__, "alas_registry.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0


@pytest.mark.parametrize("module", [alas_registry, alas_registry.installed])
def test_every_name_is_there(module):
    assert [name for name in module.__all__ if getattr(module, name, None) is None] == []


def test_looking_for_plugins_where_there_are_none_imports_no_more_than_needed(tmp_path):
    absent = [
        "alas_manifest._model",
        "alas_manifest._fields",
        "importlib.metadata",
        "semantic_version",
        "alas_interp",
    ]
    program = f"""
import sys
from alas_registry import Registry, default_search_paths
registry = Registry()
registry.add_search_paths(default_search_paths({{"HOME": {str(tmp_path)!r}}}))
registry.discover()
print([name for name in {absent!r} if name in sys.modules])
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, cwd=tmp_path)
    assert done.stdout == "[]\n"
