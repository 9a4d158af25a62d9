"""Find, order, load and unload ALaS plugins."""

from alas_registry._errors import (
    DependencyCycleError,
    DependencyError,
    DependencyInvalidError,
    DependencyVersionError,
    EngineVersionError,
    InvalidPluginError,
    LoaderBrokenError,
    LoaderNotFoundError,
    PluginCloseError,
    PluginInUseError,
    PluginLoadError,
    PluginNotFoundError,
    PluginNotLoadedError,
    RegistryError,
    ShadowedPluginError,
)
from alas_registry._loading import LoadedPlugin, Loader
from alas_registry._plugin import Plugin, PluginState
from alas_registry._registry import LoadReport, Registry
from alas_registry._search_paths import SearchPath, alas_home, default_search_paths

__all__ = [
    "DependencyCycleError",
    "DependencyError",
    "DependencyInvalidError",
    "DependencyVersionError",
    "EngineVersionError",
    "InvalidPluginError",
    "LoadReport",
    "LoadedPlugin",
    "Loader",
    "LoaderBrokenError",
    "LoaderNotFoundError",
    "Plugin",
    "PluginCloseError",
    "PluginInUseError",
    "PluginLoadError",
    "PluginNotFoundError",
    "PluginNotLoadedError",
    "PluginState",
    "Registry",
    "RegistryError",
    "SearchPath",
    "ShadowedPluginError",
    "alas_home",
    "default_search_paths",
]
