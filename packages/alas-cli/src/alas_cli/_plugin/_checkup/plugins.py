"""Plugins: what was found, what every run loads, and what was installed."""

import functools
from collections import Counter
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._plugin._checkup.finding import Finding
from alas_cli._plugin._inspection import inspect_files, inspect_module
from alas_cli._plugin._records import Listed, list_all, shadowing
from alas_cli._plugin._sources import is_standard, name_for_info, short_path
from alas_registry import NativeRefusedError

if TYPE_CHECKING:
    from alas_registry import Registry


def check_plugins(registry: "Registry", another: "Callable[[], Registry]") -> Iterator[Finding]:
    """Look at what was found, and at the files of it.

    Args:
        registry: has looked for plugins.
        another: returns one that has looked in the same places, and that will have plugins loaded.
    """
    everything = list_all(registry)
    problems = _Problems(another)
    usable = Counter(one.plugin.type or "unknown" for one in everything if not problems.of(one))
    total = ", ".join(f"{count} {kind}" for kind, count in sorted(usable.items())) or "none"
    yield Finding("ok", "usable", total)
    loadable = {point.name for point in entry_points(group="alas.loaders")}
    for one in everything:
        plugin = one.plugin
        advice = f"alas-plugin info {name_for_info(plugin)}"
        if plugin.shadowed_by is not None:
            text = f"in {short_path(plugin.folder)} is {shadowing(plugin)}"
            yield Finding("warning", plugin.name, text, "rename one of them, or change the search paths")
        elif isinstance(one.error, NativeRefusedError):
            # It is as whoever wrote the settings wanted it.
            yield Finding("note", plugin.name, one.error.message)
        elif found := problems.of(one):
            more = f" (and {len(found) - 1} more)" if len(found) > 1 else ""
            yield Finding("problem", plugin.name, f"{found[0]}{more}", advice)
        elif plugin.type not in loadable:
            text = f"in {short_path(plugin.folder)} is of type {plugin.type}, for which there is no loader"
            yield Finding("problem", plugin.name, text, advice)


class _Problems:
    """What keeps plugins from being used, each looked at once."""

    def __init__(self, registry: "Callable[[], Registry]") -> None:
        self._registry = functools.cache(registry)
        self._found: dict[Path, list[str]] = {}

    def of(self, one: Listed) -> list[str]:
        """Return what is wrong with a plugin, a line each, safe to print."""
        if not one.is_sound:
            return one.problems
        plugin = one.plugin
        if plugin.entry_point is not None or is_standard(plugin):
            return []
        if plugin.folder not in self._found:
            # Installed plugins that were changed have a section of their own.
            files = [one for one in inspect_files(self._registry(), plugin) if one.code != "content_changed"]
            is_right = not any(finding.is_error for finding in files)
            findings = inspect_module(self._registry(), plugin) if is_right else files
            errors = [finding for finding in findings if finding.is_error]
            self._found[plugin.folder] = [str(finding).partition("\n")[0] for finding in errors]
        return self._found[plugin.folder]


def check_packages(registry: "Registry") -> Iterator[Finding]:
    """Look at the builtin plugins that Python packages bring.

    Args:
        registry: has looked for plugins.
    """
    found = {(plugin.name, plugin.entry_point): plugin for plugin in registry.plugins if plugin.entry_point}
    for point in sorted(entry_points(group="alas.builtin_plugins"), key=lambda point: point.name):
        package = f"{point.dist.name} {point.dist.version}" if point.dist is not None else "a package"
        plugin = found.get((point.name, point.value))
        state = f", {plugin.state}" if plugin is not None else ""
        yield Finding("ok", point.name, f"of the Python package {package}{state}")


def check_remembered(registry: "Registry") -> Iterator[Finding]:
    """Load what every run loads.

    Args:
        registry: has looked for plugins.
    """
    from alas_registry import RegistryError, RememberedPlugins, StateError, alas_home

    try:
        names = RememberedPlugins(alas_home()).names()
    except StateError as error:
        yield Finding("problem", "state.json", error.message, f"mend it, or remove it: rm {error.file}")
        return
    if not names:
        yield Finding("ok", "loaded", "nothing; plugins are loaded when they are needed")
    for name in names:
        try:
            registry.load(name)
        except RegistryError as error:
            advice = f"mend it, or forget it: alas-plugin unload {name}"
            yield Finding(
                "problem", name, f"is to be loaded in every run, but cannot: {error.message}", advice
            )
        else:
            yield Finding("ok", name, "can be loaded")


def check_installed(registry: "Registry", home: Path) -> Iterator[Finding]:
    """Compare installed plugins with what was installed.

    Args:
        registry: has looked for plugins.
        home: the user's ALaS folder. What its lock file names and is not to be found is missed.
    """
    import alas_core
    from alas_installer import Installer, InstallError
    from alas_registry.installed import check_installed as check_content
    from alas_registry.installed import installed_details

    intact, changed = 0, set()
    for plugin in registry.plugins:
        finding = check_content(plugin.folder)
        if finding is not None:
            changed.add(plugin.folder.name)
            yield Finding("problem", plugin.name, finding.message, finding.help)
        elif installed_details(plugin.folder) is not None:
            intact += 1
    try:
        missed = [
            one
            for one in Installer(home, alas_version=alas_core.version).verify()
            if Path(one.file or "").name not in changed
        ]
    except InstallError as error:
        yield Finding("problem", "lock.json", error.message, error.help)
        return
    for one in missed:
        yield Finding("problem", Path(one.file or "").name, one.message, one.help)
    if intact or not (missed or changed):
        yield Finding("ok", "installed", f"{intact} as they were installed" if intact else "none")
