"""The names that follow from the name of a plugin."""

import functools
import keyword
import re
import sys

from alas_manifest import STANDARD_LIBRARY

_NO_PART_OF_A_NAME = re.compile(r"[^A-Za-z0-9_]")


def module_name(plugin: str) -> str:
    """Return the name of the module that a new plugin provides.

    It can be written in programs and in Python, and means nothing else in either.

    Args:
        plugin: the plugin's name, which is legal.

    Example:
        >>> [module_name(name) for name in ("my-plugin", "3d.tools", "math", "class")]
        ['my_plugin', 'plugin_3d_tools', 'math_plugin', 'class_plugin']
    """
    name = _NO_PART_OF_A_NAME.sub("_", plugin)
    if name[:1].isdigit():
        name = f"plugin_{name}"
    return f"{name}_plugin" if name in _taken() else name


def python_package(plugin: str) -> str:
    """Return the name of the Python package of a new builtin plugin, which collides with that of no other project.

    Args:
        plugin: the plugin's name, which is legal.

    Example:
        >>> python_package("text-tools")
        'alas_plugin_text_tools'
    """
    return f"alas_plugin_{_NO_PART_OF_A_NAME.sub('_', plugin)}"


def distribution(plugin: str) -> str:
    """Return the name under which Python's installer knows a new builtin plugin.

    Args:
        plugin: the plugin's name, which is legal.

    Example:
        >>> distribution("text.tools-")
        'alas-plugin-text-tools'
    """
    return "alas-plugin-" + re.sub(r"[._-]+", "-", plugin).strip("-")


@functools.cache
def _taken() -> frozenset[str]:
    """Return the names that mean something already: in ALaS, and to whoever reads or writes Python."""
    return frozenset(
        {"std", *STANDARD_LIBRARY, *keyword.kwlist, *keyword.softkwlist, *sys.stdlib_module_names}
    )
