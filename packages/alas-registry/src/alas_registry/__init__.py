"""Find, order, load and unload ALaS plugins."""

from alas_registry._errors import (
    DependencyCycleError,
    DependencyError,
    DependencyVersionError,
    EngineVersionError,
    InvalidPluginError,
    LoaderBrokenError,
    LoaderNotFoundError,
    PluginInUseError,
    PluginLoadError,
    PluginNotFoundError,
    PluginNotLoadedError,
    RegistryError,
    ShadowedPluginError,
)
from alas_registry._loading import LoadedPlugin, Loader
from alas_registry._plugin import Plugin, PluginState
from alas_registry._search_paths import SearchPath, alas_home, default_search_paths

__all__ = [
    "DependencyCycleError",
    "DependencyError",
    "DependencyVersionError",
    "EngineVersionError",
    "InvalidPluginError",
    "LoadedPlugin",
    "Loader",
    "LoaderBrokenError",
    "LoaderNotFoundError",
    "Plugin",
    "PluginInUseError",
    "PluginLoadError",
    "PluginNotFoundError",
    "PluginNotLoadedError",
    "PluginState",
    "RegistryError",
    "SearchPath",
    "ShadowedPluginError",
    "alas_home",
    "default_search_paths",
]
