"""Looking for plugins: reads manifests and nothing else, and runs no code of a plugin.

Every folder with a `plugin.json` is listed, whatever is wrong with it. The order is that of the search paths, and within one
that of the folder names.
"""

import itertools
import logging
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alas_registry._catalog import Catalog
from alas_registry._manifest_cache import ManifestCache
from alas_registry._plugin import Plugin, PluginState
from alas_registry._search_paths import SearchPath
from alas_registry._trace import LOGGER, Stopwatch, shown

if TYPE_CHECKING:
    from alas_manifest import Diagnostic

_MANIFEST_FILE = "plugin.json"


def discover(
    search_paths: Iterable[SearchPath],
    *,
    cache: ManifestCache,
    loaded: Iterable[Plugin] = (),
    packaged: Iterable[Plugin] = (),
    provided: Sequence[Plugin] = (),
) -> Catalog:
    """Look for plugins.

    Args:
        search_paths: where to look, in this order.
        cache: reads the manifests.
        loaded: plugins that are loaded now; they keep their names and modules, and are listed as they are.
        packaged: plugins that installed packages announce; they come after those of the search paths.
        provided: plugins that the host brings along; they are listed last, but nobody takes their names.

    Returns:
        What was found.
    """
    watch = Stopwatch()
    catalog = Catalog()
    found = list(_find(search_paths, catalog.problems))
    # Several plugins may come from one Python package, so the folder alone does not tell which of them is loaded.
    listed: set[tuple[Path, str | None]] = set()
    for plugin in loaded:
        catalog.add(plugin)
        listed.add((plugin.folder, plugin.entry_point))
    for plugin in provided:
        catalog.reserve(plugin)
    is_traced = LOGGER.isEnabledFor(logging.DEBUG)
    for search_path, folder in found:
        read = _read(search_path, folder, cache) if (folder, None) not in listed else None
        if read is not None:
            plugin = catalog.add(read)
            if is_traced:
                _trace(plugin)
    for other in itertools.chain(packaged, provided):
        if (other.folder, other.entry_point) not in listed:
            catalog.add(other)
    cache.finish()
    count = len(catalog.plugins)
    LOGGER.debug("discovered %d plugin%s in %.1f ms", count, "" if count == 1 else "s", watch.milliseconds)
    return catalog


def _trace(plugin: Plugin) -> None:
    LOGGER.debug(
        "found %s %s in %s, search path %s: %s",
        shown(plugin.name),
        plugin.version or "(no version)",
        shown(plugin.folder),
        shown(plugin.search_path),
        plugin.state,
    )


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


def _read(search_path: SearchPath, folder: Path, cache: ManifestCache) -> Plugin | None:
    """Read the manifest in a folder; None when there is none."""
    found = cache.read(f"{folder}{os.sep}{_MANIFEST_FILE}")
    if found is None:
        LOGGER.debug("%s holds no %s", shown(folder), _MANIFEST_FILE)
        return None
    return Plugin(
        name=found.name or folder.name,
        folder=folder,
        search_path=search_path,
        state=PluginState.DISCOVERED if found.facts is not None else PluginState.INVALID,
        facts=found.facts,
        diagnostics=found.diagnostics,
        lazy_manifest=found.manifest,
    )
