import inspect
from pathlib import Path

import pytest

import alas_registry
from alas_registry import PluginLoadError, RegistryError

CLASSES = [
    one for _, one in inspect.getmembers(alas_registry, inspect.isclass) if issubclass(one, RegistryError)
]


def test_each_class_has_a_code_of_its_own():
    codes = [one.code for one in CLASSES]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    "error", [one for one in CLASSES if one is not RegistryError], ids=lambda one: one.__name__
)
def test_each_class_has_a_case(error):
    tests = [path for path in Path(__file__).parent.glob("test_*.py") if path.name != Path(__file__).name]
    assert any(error.__name__ in path.read_text("utf-8") for path in tests)


def test_messages_cannot_drive_a_terminal():
    error = PluginLoadError("evil \x1b[31m\n", plugin="a")
    assert str(error) == error.message == "evil \\x1b[31m\\x0a"
    assert error.plugin == "a"
