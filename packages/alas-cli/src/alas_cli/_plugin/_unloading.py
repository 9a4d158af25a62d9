"""Forgetting plugins that were to be loaded in every run."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from alas_cli import _exit_codes as exit_codes
from alas_cli._plugin._sources import find_plugins, is_standard
from alas_cli._subcommand import CommonOptions
from alas_manifest import escape_text
from alas_registry import (
    DependencyError,
    InvalidPluginError,
    PluginInUseError,
    PluginNotFoundError,
    RememberedPlugins,
    alas_home,
)

if TYPE_CHECKING:
    from alas_registry import Registry


class UnloadPlugins:
    """Forgets plugins as a command line asks."""

    def __init__(self, options: CommonOptions, *, is_cascading: bool) -> None:
        """Take the command line.

        Args:
            options: what all commands have.
            is_cascading: whether those that need a plugin go with it.
        """
        self._options = options
        self._is_cascading = is_cascading
        self._remembered = RememberedPlugins(alas_home())

    def run(self, words: Sequence[str]) -> int:
        """Forget plugins: all that are named, or none.

        Args:
            words: names of plugins or modules.

        Returns:
            The exit code.

        Raises:
            PluginNotFoundError: nothing has a name, nor is it remembered.
            PluginInUseError: plugins that are remembered need one of them.
            StateError: what is remembered cannot be read or written.
        """
        registry = find_plugins(self._options)
        known = self._remembered.names()
        wanted = list(dict.fromkeys(_plugin_name(registry, known, word) for word in words))
        dependents = self._dependents(registry, known, wanted)
        forgotten = self._remembered.remove([*dependents, *wanted])
        idle = [name for name in wanted if name.casefold() not in map(str.casefold, forgotten)]
        if self._options.is_for_machines:
            from alas_cli._documents import write_document

            write_document(json.dumps({"ok": True, "unloaded": list(forgotten), "were_not_loaded": idle}))
        else:
            for name in forgotten:
                sys.stdout.write(f"{escape_text(name)} will be loaded only when it is needed\n")
            for name in idle:
                sys.stdout.write(f"{escape_text(name)} {_idle_text(registry, name)}; nothing has changed\n")
        return exit_codes.DONE

    def _dependents(self, registry: "Registry", known: Iterable[str], wanted: Sequence[str]) -> list[str]:
        """Return the remembered plugins that need one of those to be forgotten, when they may go with it."""
        leaving = {name.casefold() for name in wanted}
        needing: dict[str, str] = {}
        for name in known:
            if name.casefold() not in leaving:
                needed = next((one for one in _needs(registry, name) if one.casefold() in leaving), None)
                if needed is not None:
                    needing[name] = needed
        if needing and not self._is_cascading:
            plugin = next(iter(needing.values()))
            names = [name for name, needed in needing.items() if needed == plugin]
            raise PluginInUseError(
                f"plugin `{plugin}` is needed by {', '.join(names)}, which every run loads; "
                f"unload what needs it first, or all at once: alas-plugin unload -cascade {plugin}",
                plugin=plugin,
                dependents=names,
            )
        return list(needing)


def _idle_text(registry: "Registry", name: str) -> str:
    plugin = registry.find(name)
    if plugin is not None and is_standard(plugin):
        return "belongs to the standard library, which every run has"
    return "was not loaded in every run"


def _needs(registry: "Registry", name: str) -> list[str]:
    """Return the names of the plugins that loading a plugin would load before it."""
    try:
        return [plugin.name for plugin in registry.resolve(name)[:-1]]
    except (PluginNotFoundError, DependencyError, InvalidPluginError):
        # What cannot be loaded holds nothing.
        return []


def _plugin_name(registry: "Registry", known: Iterable[str], word: str) -> str:
    """Return the name of the plugin that a word means; a plugin that is gone can still be forgotten."""
    for name in known:
        if name.casefold() == word.casefold():
            return name
    found = registry.find(word) or registry.find_module(word)
    return found.name if found is not None else registry.get(word).name
