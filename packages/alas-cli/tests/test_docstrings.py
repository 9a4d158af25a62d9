from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import alas_cli

MODULES = [module.name for module in pkgutil.walk_packages(alas_cli.__path__, "alas_cli.")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
