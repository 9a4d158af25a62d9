"""What is taken from docstrings; and the examples in this package's own."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import alas_builtin
from alas_builtin import BuiltinPlugin

GOOGLE = """Wrap a text
at a width.

Longer words are kept.

Args:
    text: what to wrap,
        on as many lines as it needs.
    width: the longest line.

Returns:
    The lines.
"""
NUMPY = """Wrap a text at a width.

Parameters
----------
text : str
    what to wrap, on as many lines as it needs.
width : int
    the longest line.

Returns
-------
list of str
    The lines.
"""
SPHINX = """Wrap a text at a width.

:param text: what to wrap, on as many lines
    as it needs.
:param int width: the longest line.
:returns: The lines.
"""


def described(docstring, **options):
    plugin = BuiltinPlugin("p", version="1.0.0")

    def wrap(text: str, width: int) -> list[str]:
        return [text[:width]]

    wrap.__doc__ = docstring
    plugin.function(**options)(wrap)
    return plugin.manifest.functions[0]


@pytest.mark.parametrize("docstring", [GOOGLE, NUMPY, SPHINX], ids=["Google", "NumPy", "Sphinx"])
def test_every_style_says_the_same(docstring):
    function = described(inspect.cleandoc(docstring))
    assert function.description == "Wrap a text at a width."
    assert [one.extra for one in function.params] == [
        {"x-description": "what to wrap, on as many lines as it needs."},
        {"x-description": "the longest line."},
    ]
    assert function.extra == {"x-returns": "The lines."}


@pytest.mark.parametrize(
    ("docstring", "description"),
    [(None, ""), ("", ""), ("Wrap.", "Wrap."), ("\n    Wrap\n    it.\n\n    More.\n", "Wrap it.")],
)
def test_plain_docstrings(docstring, description):
    function = described(docstring)
    assert function.description == description
    assert [one.extra for one in function.params] == [{}, {}]


def test_a_description_that_is_given_comes_first():
    assert described(GOOGLE, description="Break lines.").description == "Break lines."


@pytest.mark.parametrize("name", [one.name for one in pkgutil.iter_modules(alas_builtin.__path__)])
def test_examples_are_right(name):
    if name != "__main__":
        module = importlib.import_module(f"alas_builtin.{name}")
        flags = doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL
        assert doctest.testmod(module, optionflags=flags).failed == 0
