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

from alas_cli._plugin._creation.languages import Language
from alas_cli._plugin._creation.naming import distribution, module_name, python_package

NewType = Literal["module", "builtin", "native", "hybrid"]

# Template to file, in the order in which a reader wants to see them; a name may hold placeholders as well. Between the two
# tables stand the files of the language.
_FIRST: dict[NewType, dict[str, str]] = {
    "module": {
        "module/plugin.json.in": "plugin.json",
        "module/module.alas.json.in": "$module.alas.json",
    },
    "builtin": {
        "builtin/plugin.json.in": "plugin.json",
        "builtin/module.py.in": "$module.py",
    },
    "native": {
        "native/plugin.json.in": "plugin.json",
    },
    "hybrid": {
        "hybrid/plugin.json.in": "plugin.json",
        "hybrid/module.alas.json.in": "$module.alas.json",
    },
}
_LAST: dict[NewType, dict[str, str]] = {
    "module": {
        "module/tests.json.in": "tests/$module.json",
        "module/README.md.in": "README.md",
    },
    "builtin": {
        "builtin/tests.json.in": "tests/$module.json",
        "builtin/pyproject.toml.in": "pyproject.toml",
        "builtin/README.md.in": "README.md",
    },
    "native": {
        "native/tests.json.in": "tests/$module.json",
        "native/README.md.in": "README.md",
    },
    "hybrid": {
        "hybrid/tests.json.in": "tests/$module.json",
        "hybrid/README.md.in": "README.md",
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
        language: what its native code is written in; None of a plugin without any.
    """

    name: str
    type: NewType
    description: str
    author: str
    license: str
    language: Language | None = None

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
        "type": plugin.type,
    }
    if plugin.language is not None:
        values |= _language_values(plugin.language, values)
    folder = resources.files("alas_cli._plugin._creation") / "templates"
    return {
        _named(path, values): _filled((folder / _named(template, values)).read_text(encoding="utf-8"), values)
        for template, path in _templates(plugin)
    }


def _templates(plugin: NewPlugin) -> Iterator[tuple[str, str]]:
    """Yield the templates that a plugin is made from, each with its file."""
    yield from _FIRST[plugin.type].items()
    language = plugin.language
    if language is not None:
        for template, path in (language.source, *language.build_files.items()):
            yield f"{language.folder}/{template}", path
    yield from _LAST[plugin.type].items()
    if language is not None:
        yield f"{language.folder}/gitignore.in", ".gitignore"


def _language_values(language: Language, values: Mapping[str, str]) -> dict[str, str]:
    """Return the placeholders that a language fills."""
    binaries = language.binaries
    if isinstance(binaries, str):
        libraries = json.dumps([_named(binaries, values)])
    else:
        rows = (f'        "{platform}": "{_named(path, values)}"' for platform, path in binaries.items())
        libraries = "[\n      {\n" + ",\n".join(rows) + "\n      }\n    ]"
    functions = "the functions" if values["type"] == "native" else "the native function"
    about = {language.source[1]: f"{functions}, in {language.title}"}
    about |= dict.fromkeys(language.build_files.values(), "how the library is built")
    return {
        "language": language.word,
        "command": _named(language.command, values),
        "needs": language.needs,
        "sources": json.dumps([_named(path, values) for path in language.sources]),
        "binaries": libraries,
        "table": "\n".join(f"| `{_named(path, values)}` | {text} |" for path, text in about.items()),
    }


def _named(text: str, values: Mapping[str, str]) -> str:
    return Template(text).substitute(values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    quoted = {f"json_{name}": _quoted(value) for name, value in values.items()}
    return Template("".join(_lines(text, values))).substitute(**values, **quoted)


def _lines(text: str, values: Mapping[str, str]) -> Iterator[str]:
    for line in text.splitlines(keepends=True):
        if all(values.get(name, name) for name in _PLACEHOLDER.findall(line)):
            yield line


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace(_DELETE, "\\u007f")
