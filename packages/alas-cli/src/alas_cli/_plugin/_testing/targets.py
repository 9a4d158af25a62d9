"""Which plugins, and which of their files, the words of a command line mean."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._command import UsageMistake, reading
from alas_cli._plugin._sources import find_named
from alas_cli._plugin._testing.reading import FOLDER
from alas_manifest import MANIFEST_FILE

if TYPE_CHECKING:
    from alas_registry import Registry


@dataclass(frozen=True, slots=True)
class Target:
    """A plugin to be tested.

    Attributes:
        folder: its folder, as the command line names it.
        is_named_folder: whether the user named the folder itself, so that Python code in it may run.
        only: the one file of tests that is meant; None is all.
    """

    folder: Path
    is_named_folder: bool
    only: Path | None = None


def find_targets(words: Sequence[str], registry: "Callable[[], Registry]") -> list[Target]:
    """Return what the words of a command line mean.

    Args:
        words: folders of plugins, files of tests, names of plugins; none is the plugin in the current folder.
        registry: finds plugins by name; called only when there is a name.

    Raises:
        UsageMistake: a word means nothing.
        PluginNotFoundError: no plugin has the name.
    """
    if not words:
        if not Path(MANIFEST_FILE).is_file():
            raise UsageMistake(
                f"there is no plugin here: the current folder holds no {MANIFEST_FILE}; name a plugin or its folder"
                + _plugins_in(Path())
            )
        return [Target(Path(), is_named_folder=True)]
    return list(dict.fromkeys(_find(word, registry) for word in words))


def _find(word: str, registry: "Callable[[], Registry]") -> Target:
    path = Path(word)
    with reading(f"{word!r}"):
        if word and (path / MANIFEST_FILE).is_file():
            return Target(path, is_named_folder=True)
        if word and path.is_file():
            return _find_file(path)
        is_folder = bool(word) and path.is_dir()
    if is_folder and (len(path.parts) != 1 or path.is_absolute()):
        raise UsageMistake(
            f"the folder {word!r} is no plugin: it holds no {MANIFEST_FILE}{_plugins_in(path)}"
        )
    if len(path.parts) > 1 or word.endswith(".json"):
        raise UsageMistake(f"there is no folder or file {word!r}")
    known = registry()
    if is_folder and known.find(word) is None:
        raise UsageMistake(
            f"the folder {word!r} is no plugin: it holds no {MANIFEST_FILE}{_plugins_in(path)}"
        )
    return Target(find_named(known, word).folder, is_named_folder=False)


def _find_file(path: Path) -> Target:
    """Return what a file means: a manifest is its plugin, a file of tests itself."""
    if path.name == MANIFEST_FILE:
        return Target(path.parent, is_named_folder=True)
    folder = path.parent.parent if path.parent.name else path.absolute().parent.parent
    if path.absolute().parent.name == FOLDER and (folder / MANIFEST_FILE).is_file():
        return Target(folder, is_named_folder=True, only=path)
    raise UsageMistake(
        f"expected a plugin or a file of its tests, found the file {str(path)!r}; "
        f"tests are in the folder {FOLDER} beside {MANIFEST_FILE}"
    )


def _plugins_in(folder: Path) -> str:
    """Say how to test the plugins in a folder, if there are any."""
    found = sorted(path.parent for path in folder.glob(f"*/{MANIFEST_FILE}"))
    if not found:
        return ""
    return f"; to test the plugins in it: alas-plugin test {folder / '*'}"
