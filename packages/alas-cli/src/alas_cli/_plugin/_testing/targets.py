"""Which plugins, and which of their files, the words of a command line mean.

As in all commands, a word without a separator is the name of a plugin first, and then a folder or file; Python code runs only
where a path is written.
"""

import os
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._command import UsageMistake, reading, write_error
from alas_cli._plugin._sources import find_named, short_path
from alas_cli._plugin._targets import expanded, is_path
from alas_cli._plugin._testing.reading import FOLDER
from alas_manifest import MANIFEST_FILE, escape_text, read_file

if TYPE_CHECKING:
    from alas_registry import Registry


@dataclass(frozen=True, slots=True)
class Target:
    """A plugin to be tested.

    Attributes:
        folder: its folder, as the command line names it.
        is_named_folder: whether the user named the folder itself, rather than the plugin.
        is_trusted: whether Python code in the folder may run, because its path was written.
        only: the one file of tests that is meant; None is all.
    """

    folder: Path
    is_named_folder: bool
    is_trusted: bool = False
    only: Path | None = None


def find_targets(
    words: Sequence[str], registry: "Callable[[], Registry]", *, is_for_machines: bool = False
) -> list[Target]:
    """Return what the words of a command line mean.

    Args:
        words: names of plugins, folders of plugins, files of tests; none is the plugin in the current folder.
        registry: finds plugins by name; called only when there is a name.
        is_for_machines: whether nobody reads that a name means another plugin than the one here.

    Raises:
        UsageMistake: a word means nothing, or Python code whose path was not written.
        PluginNotFoundError: no plugin has the name.
    """
    if not words:
        if not Path(MANIFEST_FILE).is_file():
            raise UsageMistake(
                f"there is no plugin here: the current folder holds no {MANIFEST_FILE}; name a plugin or its folder"
                + _plugins_in(Path())
            )
        return [Target(Path(), is_named_folder=True, is_trusted=True)]
    found = (_find_path(word) if is_path(word) else _find(word, registry, is_for_machines) for word in words)
    return list(dict.fromkeys(found))


def _find(word: str, registry: "Callable[[], Registry]", is_for_machines: bool) -> Target:  # noqa: FBT001 - as in `find_targets`
    """Return what a word without a separator means."""
    known = registry()
    found = known.find(word) or known.find_module(word)
    with reading(repr(word)):
        is_here = word != "" and Path(word).exists()
    if found is not None:
        if is_here and Path(word, MANIFEST_FILE).is_file():
            if found.folder.resolve() == Path(word).resolve():
                return Target(Path(word), is_named_folder=False)
            # Whoever works on a plugin beside the installed one may well have meant the other.
            if not is_for_machines:
                place, here = short_path(found.folder), escape_text(_written(Path(word)))
                write_error(f"note: {escape_text(word)} is the plugin in {place}; the one here is {here}\n")
        return Target(found.folder, is_named_folder=False)
    if is_here or word.endswith(".json"):
        return _find_path(word)
    return Target(find_named(known, word).folder, is_named_folder=False)


def _find_path(word: str) -> Target:
    """Return what is at a path."""
    path = expanded(word)
    with reading(repr(word)):
        if (path / MANIFEST_FILE).is_file():
            return _named(word, path, None)
        if path.is_file():
            return _find_file(word, path)
        if not path.is_dir():
            raise UsageMistake(f"there is no folder or file {word!r}")
        plugin = _plugin_of_tests(path)
        if plugin is not None:
            raise UsageMistake(
                f"the folder {word!r} holds the tests of a plugin; to run them: alas-plugin test {_written(plugin)}"
            )
        raise UsageMistake(
            f"the folder {word!r} is no plugin: it holds no {MANIFEST_FILE}{_plugins_in(path)}"
        )


def _find_file(word: str, path: Path) -> Target:
    """Return what a file means: a manifest is its plugin, a file of tests itself."""
    if path.name == MANIFEST_FILE:
        return _named(word, path.parent, None)
    plugin = _plugin_of_tests(path.parent)
    if plugin is not None:
        return _named(word, plugin, path)
    raise UsageMistake(
        f"expected a plugin or a file of its tests, found the file {word!r}; "
        f"tests are in the folder {FOLDER} beside {MANIFEST_FILE}"
    )


def _plugin_of_tests(folder: Path) -> Path | None:
    """Return the plugin whose tests are in a folder; None when it is no such folder."""
    plugin = folder.parent if folder.name else folder.absolute().parent
    is_of_plugin = folder.absolute().name == FOLDER and (plugin / MANIFEST_FILE).is_file()
    return plugin if is_of_plugin else None


def _named(word: str, folder: Path, only: Path | None) -> Target:
    """Return a plugin whose folder was named, unless its code may not run for that."""
    if is_path(word):
        return Target(folder, is_named_folder=True, is_trusted=True, only=only)
    manifest = read_file(folder).manifest
    if manifest is not None and manifest.type == "builtin":
        raise UsageMistake(
            f"the plugin in the folder {str(folder)!r} is written in Python, whose code runs only where its path is written: "
            f"alas-plugin test {_written(Path(word))}"
        )
    return Target(folder, is_named_folder=True, only=only)


def _written(path: Path) -> str:
    """Return a path as a command line has it that takes it for one."""
    text = str(path)
    return shlex.quote(text if is_path(text) else f".{os.sep}{text}")


def _plugins_in(folder: Path) -> str:
    """Say how to test the plugins in a folder, if there are any."""
    found = sorted(path.parent for path in folder.glob(f"*/{MANIFEST_FILE}"))
    if not found:
        return ""
    # The shell replaces the star only where it is not quoted.
    return f"; to test the plugins in it: alas-plugin test {_written(folder) if folder.name else '.'}/*"
