from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import alas_interp

MODULES = [f"alas_interp.{module.name}" for module in pkgutil.iter_modules(alas_interp.__path__)]


@pytest.mark.parametrize("name", [*MODULES, "alas_core.errors"])
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
