"""What the package promises as a whole."""

import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import alas_installer

ROOT = Path(__file__).parents[3]
MODULES = [f"alas_installer.{module.name}" for module in pkgutil.iter_modules(alas_installer.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_every_code_is_raised_somewhere_and_tested():
    sources = "".join(path.read_text("utf-8") for path in Path(alas_installer.__path__[0]).glob("*.py"))
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for code in alas_installer.CODES:
        assert sources.count(f'"{code}"') >= 2, code
        assert f'"{code}"' in tests, code


def test_every_code_is_documented():
    page = (ROOT / "docs" / "installing.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE))
    assert rows == alas_installer.CODES
