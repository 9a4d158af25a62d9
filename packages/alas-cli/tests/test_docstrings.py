from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import alas_cli

MODULES = [f"alas_cli.{module.name}" for module in pkgutil.iter_modules(alas_cli.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
