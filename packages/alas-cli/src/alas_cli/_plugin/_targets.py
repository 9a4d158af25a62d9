"""Which plugin a word of the command line means: a plugin's name, a module's, or a folder.

A word with a separator, such as `./tools`, is a path. Any other means the plugin of that name that programs find; where there is
none, the folder of that name, but Python code in it does not run, because nobody has written its path.
"""

import dataclasses
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._command import UsageMistake, reading
from alas_cli._plugin._sources import find_plugins
from alas_cli._subcommand import CommonOptions

if TYPE_CHECKING:
    from alas_interp import Interpreter
    from alas_registry import Plugin, Registry

_MANIFEST_FILE = "plugin.json"
_MOST_NAMED = 3


def is_path(word: str) -> bool:
    """Say whether a word is a path and no name, by the way it is written.

    Example:
        >>> [is_path(word) for word in ("tools", "./tools", ".", "plugin.json")]
        [False, True, True, True]
    """
    is_long = os.sep in word or (os.altsep is not None and os.altsep in word)
    return is_long or word in (".", "..", _MANIFEST_FILE) or word.startswith("~")


def expanded(word: str) -> Path:
    """Return a path with `~` in it replaced; a name that is no user's stays as it is."""
    return Path(os.path.expanduser(word))  # noqa: PTH111 - a path object raises where there is no such user


def find_target(
    options: CommonOptions, word: str, interpreter: "Callable[[], Interpreter] | None" = None
) -> "tuple[Registry, Plugin]":
    """Return the plugin that a word means, and the registry that knows it.

    Args:
        options: what the command line says.
        word: a name of a plugin or module; a folder; or a `plugin.json`.
        interpreter: returns where module plugins will run; None leaves it to their loader.

    Returns:
        The registry, which lets Python code of a plugin run whose path was written; and the plugin.

    Raises:
        PluginNotFoundError: no plugin and no module has the name.
        UsageMistake: the folder is not there, or is no plugin.
    """
    if not is_path(word):
        registry = find_plugins(options, interpreter)
        found = registry.find(word) or registry.find_module(word)
        if found is not None:
            return registry, found
        if not is_folder(word):
            return registry, registry.get(word)
    return _find_folder(options, word, interpreter)


def plugin_folder(word: str) -> Path:
    """Return the folder of the plugin that a path names.

    Raises:
        UsageMistake: there is no such folder, or it holds no plugin.
    """
    path = expanded(word)
    with reading(f"the folder {word!r}"):
        if path.name == _MANIFEST_FILE and path.is_file():
            path = path.parent
        if not path.exists():
            raise UsageMistake(f"there is no folder {word!r}")
        if not path.is_dir():
            raise UsageMistake(f"expected the folder of a plugin, found the file {word!r}")
        if not (path / _MANIFEST_FILE).is_file():
            raise UsageMistake(
                f"the folder {word!r} is no plugin: it holds no {_MANIFEST_FILE}{_plugins_in(path)}"
            )
    return path


def _plugins_in(folder: Path) -> str:
    """Say which plugins are in a folder, behind a message that it is none."""
    inside = sorted(file.parent for file in folder.glob(f"*/{_MANIFEST_FILE}"))
    if len(inside) <= 1:
        return f"; did you mean {str(inside[0])!r}?" if inside else ""
    shown = ", ".join(repr(str(one)) for one in inside[:_MOST_NAMED])
    more = f" and {len(inside) - _MOST_NAMED} more" if len(inside) > _MOST_NAMED else ""
    return f"; name one of the plugins in it: {shown}{more}"


def is_folder(word: str) -> bool:
    """Say whether a word without a separator is a folder here.

    Raises:
        UsageMistake: it can be none.
    """
    with reading(f"the folder {word!r}"):
        return word != "" and Path(word).is_dir()


def _find_folder(
    options: CommonOptions, word: str, interpreter: "Callable[[], Interpreter] | None"
) -> "tuple[Registry, Plugin]":
    folder = plugin_folder(word)
    registry = find_plugins(options, interpreter)
    found = find_by_folder(registry, folder)
    if found is None:
        # A plugin that no search path leads to is looked at as if one did.
        more = dataclasses.replace(options, plugin_paths=(*options.plugin_paths, str(folder)))
        registry = find_plugins(more, interpreter)
        found = find_by_folder(registry, folder)
    if found is None:
        raise UsageMistake(f"the folder {str(folder)!r} cannot be searched")
    if is_path(word):
        # Whoever writes the very path of a plugin wants its code to run, if it comes to that.
        registry.trust(folder)
    return registry, found


def find_by_folder(registry: "Registry", folder: Path) -> "Plugin | None":
    """Return the plugin in a folder, whatever leads there; None when no search path does."""
    real = folder.resolve()
    return next((one for one in registry.plugins if one.folder.resolve() == real), None)
