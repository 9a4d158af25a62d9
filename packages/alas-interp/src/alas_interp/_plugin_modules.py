"""The modules of plugins, for whoever imports them.

A module plugin can be asked for in two ways that must not get in each other's way: a program imports its module, so it has
to be loaded; or the registry loads it, and its loader has to run its module. Plugins that a loader has begun to load are
therefore noted in `PluginModules`, and importing their modules does not ask the registry again.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alas_core import PluginContext, Source
from alas_interp._sources import read_file

if TYPE_CHECKING:
    from alas_registry import Plugin, Registry


@dataclass(frozen=True, slots=True)
class PluginModule:
    """The ALaS module of a plugin.

    Attributes:
        plugin: the plugin's name.
        name: the module's name.
        folder: the plugin's folder, in which all its files lie.
        file: the module's file.
        context: what the module's code may know and use.
    """

    plugin: str
    name: str
    folder: Path
    file: Path
    context: PluginContext

    @classmethod
    def of(cls, plugin: "Plugin") -> "PluginModule | None":
        """Return the module of a plugin, or None when the plugin has no ALaS code."""
        manifest = plugin.manifest
        if manifest is None or manifest.module_file is None:
            return None
        context = PluginContext(
            manifest.name,
            str(manifest.version),
            config=dict(manifest.implementation.config),
            environment=dict(manifest.runtime.environment),
            capabilities=list(manifest.capabilities),
            allowed_apis=manifest.security.allowed_apis,
        )
        file = plugin.folder / manifest.module_file
        return cls(manifest.name, manifest.module, plugin.folder, file, context)

    def source(self) -> Source:
        """Read the module.

        Raises:
            OSError: the file cannot be read.
        """
        return Source(read_file(self.file), str(self.file), self.context)


class PluginModules:
    """Finds the modules of the plugins of a registry, and has plugins loaded before their modules are used."""

    def __init__(self, plugins: "Registry | Callable[[], Registry] | None") -> None:
        self._plugins = plugins
        self._lock = threading.Lock()
        self._begun: dict[str, PluginModule] = {}

    @property
    def has_registry(self) -> bool:
        """Whether there are any plugins to be asked for."""
        return self._plugins is not None

    @property
    def registry(self) -> "Registry | None":
        """The registry, made now if nobody has asked for it before."""
        with self._lock:
            if callable(self._plugins):
                self._plugins = self._plugins()
            return self._plugins

    def attach(self, registry: "Registry") -> None:
        """Take another registry."""
        with self._lock:
            self._plugins = registry

    def find(self, name: str) -> PluginModule | None:
        """Return the module that a plugin provides under a name, after loading the plugin.

        Args:
            name: the module's name.

        Returns:
            The module; None when no plugin provides it, or the plugin that does has no ALaS code.

        Raises:
            RegistryError: the plugin cannot be loaded.
        """
        if name in self._begun:
            return self._begun[name]
        registry = self.registry
        plugin = registry.find_module(name) if registry is not None else None
        if registry is None or plugin is None:
            return None
        registry.load(plugin.name)
        return PluginModule.of(plugin)

    @contextlib.contextmanager
    def loading(self, module: PluginModule) -> Iterator[None]:
        """Note that a plugin is being loaded, and forget it if that fails."""
        self._begun[module.name] = module
        try:
            yield
        except BaseException:
            self.forget(module)
            raise

    def forget(self, module: PluginModule) -> None:
        """Note that a plugin is not loaded any more."""
        self._begun.pop(module.name, None)
