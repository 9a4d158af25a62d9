"""The modules of plugins, for whoever imports them.

A plugin can be asked for in two ways that must not get in each other's way: a program imports its module, so it has to be
loaded; or the registry loads it, and its loader has to run its module. Plugins that a loader has begun to load are therefore
noted in `PluginModules`, and importing their modules does not ask the registry again.

Module plugins have a text, builtin plugins a host module that their loader has made.
"""

import contextlib
import dataclasses
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alas_core import PluginContext, Source
from alas_interp._limits import PluginLimits
from alas_interp._permissions import NOTHING, Permissions, variables
from alas_interp._sources import file_name

if TYPE_CHECKING:
    from alas_core import HostModule, NativeModule, Rights
    from alas_manifest import Manifest
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
        manifest: what the plugin says about itself.
        native: the native half of a hybrid plugin.
    """

    plugin: str
    name: str
    folder: Path
    file: Path
    context: PluginContext
    manifest: "Manifest"
    native: "NativeModule | None" = None

    @classmethod
    def of(
        cls, plugin: "Plugin", terms: "PluginTerms", native: "NativeModule | None" = None
    ) -> "PluginModule | None":
        """Return the module of a plugin, or None when the plugin has no ALaS code.

        Args:
            plugin: the plugin.
            terms: what holds for the code of plugins.
            native: the native half of a hybrid plugin.
        """
        manifest = plugin.manifest
        if manifest is None or manifest.module_file is None:
            return None
        file = plugin.folder / manifest.module_file
        context = terms.context_of(plugin, manifest)
        return cls(manifest.name, manifest.module, plugin.folder, file, context, manifest, native)

    def unrestricted(self) -> "PluginModule":
        """Return the same module as if its manifest declared whatever the code does; it reaches nothing when it runs."""
        manifest = self.manifest
        context = PluginContext(manifest.name, str(manifest.version))
        return dataclasses.replace(self, context=context)

    def source(self, text: bytes, file: Path) -> Source:
        """Return a file of the plugin as the engine takes it.

        Args:
            text: the file's content.
            file: the file: that of the module itself, or of another one that it imports.
        """
        native = self.native if file == self.file else None
        return Source(text, file_name(file), self.context, native=native)


@dataclass(frozen=True, slots=True)
class PluginTerms:
    """What holds for the code of plugins.

    Attributes:
        limits: how much it may use.
        permissions: returns what a plugin may reach outside, of all that its manifest asks for.
    """

    limits: PluginLimits
    permissions: "Callable[[Plugin], Permissions] | None" = None

    def context_of(self, plugin: "Plugin", manifest: "Manifest") -> PluginContext:
        """Return what a plugin's code in ALaS may know and use, as the engine takes it.

        Args:
            plugin: the plugin.
            manifest: what it says about itself.
        """
        asked = Permissions.requested(manifest.security.permissions)
        granted = self.permissions(plugin) if asked != NOTHING and self.permissions is not None else NOTHING
        _check_answer(plugin, granted)
        # What both grant: neither the manifest nor the host gives a plugin more than the other.
        rights = (asked.for_engine(), granted.for_engine())
        return plugin_context(manifest, self.limits, rights, variables(asked, granted))


def _check_answer(plugin: "Plugin", answer: object) -> None:
    if not isinstance(answer, Permissions):
        raise TypeError(f"expected Permissions of `plugin_permissions` for {plugin.name}, found {answer!r}")


def plugin_context(
    manifest: "Manifest",
    limits: PluginLimits | None = None,
    rights: "Sequence[Rights]" = (),
    environment: Mapping[str, str] | None = None,
) -> PluginContext:
    """Return what a plugin's code may know and use, as the engine takes it.

    Args:
        manifest: what the plugin says about itself.
        limits: how much its code in ALaS may use, and how much memory the values that native code makes; None is for code that
            the engine cannot hold to anything.
        rights: what its code in ALaS may reach outside, which is what all of these grant.
        environment: the variables of the host that it may see; they win over those of its manifest.
    """
    memory, timeout, cores = limits.for_manifest(manifest) if limits is not None else (None, None, None)
    return PluginContext(
        manifest.name,
        str(manifest.version),
        config=dict(manifest.implementation.config),
        environment={**manifest.runtime.environment, **(environment or {})},
        capabilities=list(manifest.capabilities),
        allowed_apis=manifest.security.allowed_apis,
        memory=memory,
        timeout=timeout,
        cores=cores,
        one_at_a_time=limits is not None and not manifest.runtime.parallel,
        async_functions={function.name for function in manifest.functions if function.is_async},
        rights=rights,
    )


class PluginModules:
    """Finds the modules of the plugins of a registry, and has plugins loaded before their modules are used."""

    def __init__(
        self,
        plugins: "Registry | Callable[[], Registry] | None",
        terms: Callable[[], PluginTerms],
        load_here: "Callable[[Plugin], object] | None" = None,
    ) -> None:
        """Make a finder.

        Args:
            plugins: the registry, or what makes it.
            terms: returns what holds for plugins.
            load_here: loads a plugin that is not ALaS code alone where it is needed, for the case that the registry's loader has
                loaded it somewhere else; to call `define` or `loading`.
        """
        self._plugins = plugins
        self._terms = terms
        self._load_here = load_here
        # What makes the registry may ask for it, or set another one.
        self._lock = threading.RLock()
        self._begun: dict[str, PluginModule | HostModule | NativeModule] = {}

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

    def find(self, name: str) -> "PluginModule | HostModule | NativeModule | None":
        """Return the module that a plugin provides under a name, after loading the plugin.

        Args:
            name: the module's name.

        Returns:
            The module; None when no plugin provides it, or the plugin that does has nothing for programs.

        Raises:
            RegistryError: the plugin cannot be loaded.
        """
        begun = self._begun.get(name)
        if begun is not None:
            return begun
        registry = self.registry
        plugin = registry.find_module(name) if registry is not None else None
        if registry is None or plugin is None:
            return None
        loaded = registry.load(plugin.name).plugin
        if loaded.type != "module" and name not in self._begun and self._load_here is not None:
            self._load_here(loaded)
        return self._begun.get(name) or PluginModule.of(loaded, self._terms())

    def define(self, module: "HostModule | NativeModule") -> None:
        """Note the module of a plugin that is loaded, which has no text."""
        self._begun[module.name] = module

    @contextlib.contextmanager
    def loading(self, module: PluginModule) -> Iterator[None]:
        """Note that a plugin is being loaded, and forget it if that fails."""
        self._begun[module.name] = module
        try:
            yield
        except BaseException:
            self.forget(module.name)
            raise

    def forget(self, name: str) -> None:
        """Note that the plugin with a module is not loaded any more."""
        self._begun.pop(name, None)
