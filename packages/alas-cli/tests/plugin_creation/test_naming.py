from __future__ import annotations

import keyword
import string
import sys

import pytest
from packaging.utils import canonicalize_name

from alas_cli._plugin._creation.naming import distribution, module_name, python_package
from alas_manifest._names import MODULE_NAME, STANDARD_LIBRARY

NAMES = [
    *string.ascii_lowercase,
    *string.digits,
    *STANDARD_LIBRARY,
    *keyword.kwlist,
    "std",
    "std.math",
    "my-plugin",
    "a.b.c",
    "a--b",
    "a..b",
    "a-",
    "a.",
    "a_",
    "0-0",
    "3d.tools",
    "json",
    "x" * 64,
    "9" * 64,
    "alas_builtin",
]


@pytest.mark.parametrize("name", [name for name in NAMES if name.lower() == name])
def test_every_name_becomes_names_that_nothing_else_has(name):
    module = module_name(name)
    assert MODULE_NAME.fullmatch(module)
    assert module.isidentifier()
    assert not keyword.iskeyword(module)
    assert module not in STANDARD_LIBRARY
    assert module not in sys.stdlib_module_names
    assert python_package(name).isidentifier()
    assert canonicalize_name(distribution(name), validate=True) == distribution(name).replace("_", "-")
