"""Which plugin a word of the command line means: a plugin's name, a module's, or a folder."""

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


def find_target(
    options: CommonOptions, word: str, interpreter: "Callable[[], Interpreter] | None" = None
) -> "tuple[Registry, Plugin]":
    """Return the plugin that a word means, and the registry that knows it.

    Args:
        options: what the command line says.
        word: a name of a plugin or module; a folder; or a `plugin.json`.
        interpreter: returns where module plugins will run; None leaves it to their loader.

    Raises:
        PluginNotFoundError: no plugin and no module has the name.
        UsageMistake: the folder is not there, or is no plugin.
    """
    if not _looks_like_path(word):
        registry = find_plugins(options, interpreter)
        found = registry.find(word) or registry.find_module(word)
        if found is not None:
            return registry, found
        if not _is_folder(word):
            return registry, registry.get(word)
    return _find_folder(options, plugin_folder(word), interpreter)


def plugin_folder(word: str) -> Path:
    """Return the folder of the plugin that a path names.

    Raises:
        UsageMistake: there is no such folder, or it holds no plugin.
    """
    path = Path(word).expanduser()
    with reading(f"the folder {word!r}"):
        if path.name == _MANIFEST_FILE and path.is_file():
            path = path.parent
        if not path.exists():
            raise UsageMistake(f"there is no folder {word!r}")
        if not path.is_dir():
            raise UsageMistake(f"expected the folder of a plugin, found the file {word!r}")
        if not (path / _MANIFEST_FILE).is_file():
            inside = sorted(path.glob(f"*/{_MANIFEST_FILE}"))
            advice = f"; did you mean {str(inside[0].parent)!r}?" if inside else ""
            raise UsageMistake(f"the folder {word!r} is no plugin: it holds no {_MANIFEST_FILE}{advice}")
    return path


def _is_folder(word: str) -> bool:
    with reading(f"the folder {word!r}"):
        return word != "" and Path(word).is_dir()


def _looks_like_path(word: str) -> bool:
    return os.sep in word or word in (".", "..", _MANIFEST_FILE) or word.startswith("~")


def _find_folder(
    options: CommonOptions, folder: Path, interpreter: "Callable[[], Interpreter] | None"
) -> "tuple[Registry, Plugin]":
    registry = find_plugins(options, interpreter)
    found = _find_by_folder(registry, folder)
    if found is None:
        # A plugin that no search path leads to is looked at as if one did.
        more = dataclasses.replace(options, plugin_paths=(*options.plugin_paths, str(folder)))
        registry = find_plugins(more, interpreter)
        found = _find_by_folder(registry, folder)
    if found is None:
        raise UsageMistake(f"the folder {str(folder)!r} cannot be searched")
    # Whoever names the very folder of a plugin wants its code to run, if it comes to that.
    registry.trust(folder)
    return registry, found


def _find_by_folder(registry: "Registry", folder: Path) -> "Plugin | None":
    real = folder.resolve()
    return next((one for one in registry.plugins if one.folder.resolve() == real), None)
