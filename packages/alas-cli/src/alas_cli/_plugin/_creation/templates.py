"""The files of a new plugin, from the templates in the folder `templates`.

A placeholder `$name` becomes a text as it is, `$json_name` the same as a JSON string, which TOML reads alike. A line whose
placeholder is empty is left out.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from string import Template
from typing import Literal

from alas_cli._plugin._creation.naming import distribution, module_name, python_package

NewType = Literal["module", "builtin"]

# Template to file, in the order in which a reader wants to see them; a name may hold placeholders as well.
_FILES: dict[NewType, dict[str, str]] = {
    "module": {
        "plugin.json.in": "plugin.json",
        "module.alas.json.in": "$module.alas.json",
        "tests.json.in": "tests/$module.json",
        "README.md.in": "README.md",
    },
    "builtin": {
        "plugin.json.in": "plugin.json",
        "module.py.in": "$module.py",
        "tests.json.in": "tests/$module.json",
        "pyproject.toml.in": "pyproject.toml",
        "README.md.in": "README.md",
    },
}
_PLACEHOLDER = re.compile(r"\$(?:json_)?([a-z]+)")
# TOML wants this one escaped, JSON does not.
_DELETE = "\x7f"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlugin:
    """What is to be made.

    Attributes:
        name: the plugin's name, which is legal.
        type: its type.
        description: what it does, on one line.
        author: who makes it; may be empty.
        license: an SPDX expression.
    """

    name: str
    type: NewType
    description: str
    author: str
    license: str

    @property
    def module(self) -> str:
        """The name of its module."""
        return module_name(self.name)


def plugin_files(plugin: NewPlugin) -> dict[str, str]:
    """Return the files of a new plugin: path in its folder to text.

    Args:
        plugin: what is to be made.
    """
    values = {
        "name": plugin.name,
        "module": plugin.module,
        "description": plugin.description,
        "author": plugin.author,
        "license": plugin.license,
        "distribution": distribution(plugin.name),
        "package": python_package(plugin.name),
    }
    folder = resources.files("alas_cli._plugin._creation") / "templates" / plugin.type
    return {
        Template(path).substitute(values): _filled((folder / template).read_text(encoding="utf-8"), values)
        for template, path in _FILES[plugin.type].items()
    }


def _filled(text: str, values: Mapping[str, str]) -> str:
    quoted = {f"json_{name}": _quoted(value) for name, value in values.items()}
    return Template("".join(_lines(text, values))).substitute(**values, **quoted)


def _lines(text: str, values: Mapping[str, str]) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        if all(values.get(name, name) for name in _PLACEHOLDER.findall(line)):
            yield line


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
