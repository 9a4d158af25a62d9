from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from alas_cli._plugin import _creation, _testing

MODULES = [
    module.name
    for package in (_creation, _testing)
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
