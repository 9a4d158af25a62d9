"""The plugins that were found, and which of them a name means."""

import dataclasses
from typing import TYPE_CHECKING

from alas_registry._plugin import Plugin, PluginState
from alas_registry._trace import LOGGER, shown

if TYPE_CHECKING:
    from alas_manifest import Diagnostic


class Catalog:
    """The plugins that were found, in order, and which of them a name or module means.

    Of several plugins with the same name (without regard to case) or the same module the first wins, broken or not: a broken
    plugin that gave way to another one silently would be hard to find. It is filled once and then only read.

    Attributes:
        plugins: all of them.
        problems: search paths that could not be searched.
    """

    def __init__(self) -> None:
        self.plugins: list[Plugin] = []
        self.problems: list[Diagnostic] = []
        self._by_name: dict[str, Plugin] = {}
        self._by_module: dict[str, Plugin] = {}

    def reserve(self, plugin: Plugin) -> None:
        """Let a name and a module mean a plugin before any other is added; `add` lists it in its turn."""
        self._by_name.setdefault(plugin.name.casefold(), plugin)
        if plugin.module is not None:
            self._by_module.setdefault(plugin.module, plugin)

    def add(self, plugin: Plugin) -> Plugin:
        """Add a plugin behind those that are there; return it, in the state that follows from its place."""
        name, module = plugin.name.casefold(), plugin.module
        first = self._by_name.get(name) or (self._by_module.get(module) if module is not None else None)
        if first is None or first is plugin:
            self._by_name[name] = plugin
            if module is not None:
                self._by_module[module] = plugin
        else:
            state = PluginState.SHADOWED if plugin.is_valid else plugin.state
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
    def winners(self) -> list[Plugin]:
        """The plugins that their names mean, broken ones included, in the order in which they were found."""
        return list(self._by_name.values())

    @property
    def names(self) -> list[str]:
        """Every name that means a plugin: those of plugins and of modules."""
        return [*(plugin.name for plugin in self._by_name.values()), *self._by_module]
