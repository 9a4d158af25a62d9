"""Find, order, load and unload ALaS plugins."""

from alas_registry._errors import (
    ArgumentsError,
    CallError,
    DependencyCycleError,
    DependencyError,
    DependencyInvalidError,
    DependencyVersionError,
    EngineVersionError,
    FunctionNotFoundError,
    InvalidPluginError,
    LoaderBrokenError,
    LoaderNotFoundError,
    PluginCloseError,
    PluginInUseError,
    PluginLoadError,
    PluginNotFoundError,
    PluginNotLoadedError,
    RegistryError,
    ResultError,
    ShadowedPluginError,
)
from alas_registry._events import Event, EventKind, PluginStatistics
from alas_registry._handle import PluginHandle
from alas_registry._loading import LoadedPlugin, Loader
from alas_registry._plugin import Facts, Plugin, PluginState
from alas_registry._registry import LoadReport, Registry
from alas_registry._resolution import Resolution
from alas_registry._search_paths import SearchPath, alas_home, default_search_paths

__all__ = [
    "ArgumentsError",
    "CallError",
    "DependencyCycleError",
    "DependencyError",
    "DependencyInvalidError",
    "DependencyVersionError",
    "EngineVersionError",
    "Event",
    "EventKind",
    "Facts",
    "FunctionNotFoundError",
    "InvalidPluginError",
    "LoadReport",
    "LoadedPlugin",
    "Loader",
    "LoaderBrokenError",
    "LoaderNotFoundError",
    "Plugin",
    "PluginCloseError",
    "PluginHandle",
    "PluginInUseError",
    "PluginLoadError",
    "PluginNotFoundError",
    "PluginNotLoadedError",
    "PluginState",
    "PluginStatistics",
    "Registry",
    "RegistryError",
    "Resolution",
    "ResultError",
    "SearchPath",
    "ShadowedPluginError",
    "alas_home",
    "default_search_paths",
]
