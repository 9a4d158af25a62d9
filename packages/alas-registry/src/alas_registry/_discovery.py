"""Looking for plugins: reads manifests and nothing else, and runs no code of a plugin.

Every folder with a `plugin.json` is listed, whatever is wrong with it. Of several plugins with the same name (without regard
to case) or the same module the first wins, broken or not: a broken plugin that gave way to another one silently would be
hard to find. The order is that of the search paths, and within one that of the folder names.
"""

import dataclasses
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from alas_registry._plugin import Plugin, PluginState
from alas_registry._search_paths import SearchPath
from alas_registry._trace import LOGGER, Stopwatch, shown

if TYPE_CHECKING:
    from alas_manifest import Diagnostic

_MANIFEST_FILE = "plugin.json"


@dataclass(slots=True)
class Catalog:
    """The plugins that were found, in order, and which of them a name or module means.

    Attributes:
        plugins: all of them.
        problems: search paths that could not be searched.
    """

    plugins: list[Plugin] = field(default_factory=list)
    problems: "list[Diagnostic]" = field(default_factory=list)
    _by_name: dict[str, Plugin] = field(default_factory=dict)
    _by_module: dict[str, Plugin] = field(default_factory=dict)

    def add(self, plugin: Plugin) -> Plugin:
        """Add a plugin behind those that are there; return it, in the state that follows from its place."""
        name, module = plugin.name.casefold(), plugin.module
        first = self._by_name.get(name) or (self._by_module.get(module) if module is not None else None)
        if first is None:
            self._by_name[name] = plugin
            if module is not None:
                self._by_module[module] = plugin
        else:
            state = PluginState.SHADOWED if plugin.manifest is not None else plugin.state
            plugin = dataclasses.replace(plugin, state=state, shadowed_by=first.folder)
            LOGGER.debug("%s is shadowed by %s", shown(plugin.folder), shown(first.folder))
        self.plugins.append(plugin)
        return plugin

    def by_name(self, name: str) -> Plugin | None:
        """Return the plugin that a name means."""
        return self._by_name.get(name.casefold())

    def by_module(self, module: str) -> Plugin | None:
        """Return the plugin that provides a module."""
        return self._by_module.get(module)

    @property
    def names(self) -> list[str]:
        """Every name that means a plugin: those of plugins and of modules."""
        return [*(plugin.name for plugin in self._by_name.values()), *self._by_module]


def discover(search_paths: Iterable[SearchPath], loaded: Iterable[Plugin] = ()) -> Catalog:
    """Look for plugins.

    Args:
        search_paths: where to look, in this order.
        loaded: plugins that are loaded now; they keep their names and modules, and are listed as they are.

    Returns:
        What was found.
    """
    watch = Stopwatch()
    catalog = Catalog()
    found = list(_find(search_paths, catalog.problems))
    loaded_by_folder = {plugin.folder: plugin for plugin in loaded}
    for plugin in loaded_by_folder.values():
        catalog.add(plugin)
    for search_path, folder in found:
        read = _read(search_path, folder) if folder not in loaded_by_folder else None
        if read is None:
            continue
        plugin = catalog.add(read)
        version = plugin.manifest.version if plugin.manifest is not None else "(no version)"
        LOGGER.debug(
            "found %s %s in %s, search path %s: %s",
            shown(plugin.name),
            version,
            shown(folder),
            shown(search_path),
            plugin.state,
        )
    count = len(catalog.plugins)
    LOGGER.debug("discovered %d plugin%s in %.1f ms", count, "" if count == 1 else "s", watch.milliseconds)
    return catalog


def _find(
    search_paths: Iterable[SearchPath], problems: "list[Diagnostic]"
) -> Iterator[tuple[SearchPath, Path]]:
    """Yield the folders that may be plugins."""
    seen: set[Path] = set()
    for search_path in search_paths:
        real_path = _real_path(search_path.path)
        if real_path in seen:
            LOGGER.debug("%s was searched already", shown(search_path))
            continue
        seen.add(real_path)
        try:
            names = _folder_names(search_path.path)
        except FileNotFoundError:
            LOGGER.debug("%s does not exist", shown(search_path))
            if not search_path.may_be_absent:
                problems.append(
                    _path_problem(search_path, "search_path_not_found", "there is no such folder")
                )
            continue
        except OSError as error:
            LOGGER.debug("%s cannot be searched: %s", shown(search_path), error.strerror)
            message = f"the folder cannot be searched: {error.strerror}"
            problems.append(_path_problem(search_path, "search_path_unreadable", message))
            continue
        if names is None:
            yield search_path, search_path.path
            continue
        for name in names:
            yield search_path, search_path.path / name


def _real_path(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


def _folder_names(path: Path) -> list[str] | None:
    """Return the names of the folders in a folder, sorted; None when the folder is a plugin itself."""
    names = []
    with os.scandir(path) as entries:
        for entry in entries:
            if entry.name == _MANIFEST_FILE:
                return None
            # What begins with a dot is hidden, as everywhere: half-made folders, version control.
            if not entry.name.startswith(".") and _is_folder(entry):
                names.append(entry.name)
    return sorted(names)


def _is_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _path_problem(search_path: SearchPath, code: str, message: str) -> "Diagnostic":
    from alas_manifest import Diagnostic

    advice = f"it was named by: {search_path.origin}"
    return Diagnostic(code, "warning", message, str(search_path.path), "", 1, 1, advice)


def _read(search_path: SearchPath, folder: Path) -> Plugin | None:
    """Read the manifest in a folder; None when there is none."""
    # Imported here, because reading manifests takes long to import and most programs find no plugins.
    from alas_manifest import read_file

    file = f"{folder}{os.sep}{_MANIFEST_FILE}"
    reading = read_file(file)
    if (
        reading.manifest is None
        and reading.diagnostics[0].code == "file_not_found"
        and not os.path.lexists(file)
    ):
        LOGGER.debug("%s holds no %s", shown(folder), _MANIFEST_FILE)
        return None
    return Plugin(
        name=reading.name or folder.name,
        folder=folder,
        search_path=search_path,
        state=PluginState.DISCOVERED if reading.manifest is not None else PluginState.INVALID,
        manifest=reading.manifest,
        diagnostics=reading.diagnostics,
    )
