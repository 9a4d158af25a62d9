"""Find, order, load and unload ALaS plugins."""

from alas_registry._errors import (
    ArgumentsError,
    CallError,
    ContentChangedError,
    DependencyCycleError,
    DependencyError,
    DependencyInvalidError,
    DependencyVersionError,
    EngineVersionError,
    FunctionNotFoundError,
    InvalidPluginError,
    LoaderBrokenError,
    LoaderNotFoundError,
    NativeRefusedError,
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
from alas_registry._grants import GrantsError, NotAskedError, NotGrantedError, PluginGrants
from alas_registry._handle import PluginHandle
from alas_registry._home import alas_home
from alas_registry._loading import LoadedPlugin, Loader
from alas_registry._logging import configure_logging
from alas_registry._native_policy import NativeMode, NativePolicy
from alas_registry._plugin import Facts, Plugin, PluginState
from alas_registry._registry import LoadReport, Registry
from alas_registry._remembered import RememberedPlugins, StateError
from alas_registry._resolution import Resolution
from alas_registry._scopes import (
    effective_grants,
    is_relative,
    joined_grants,
    missing_grants,
    requested_grants,
    scope_covers,
)
from alas_registry._search_paths import INSTALLED_FOLDER, SearchPath, default_search_paths, search_paths
from alas_registry._settings import GrantSettings, LimitSettings, LogSettings, Settings, read_settings
from alas_registry._settings_errors import SETTINGS_CODES, SettingsError
from alas_registry._settings_file import EVERY_PLUGIN
from alas_registry._settings_store import SettingsDraft, SettingsStore
from alas_registry._signatures import SignatureTable

__all__ = [
    "EVERY_PLUGIN",
    "INSTALLED_FOLDER",
    "SETTINGS_CODES",
    "ArgumentsError",
    "CallError",
    "ContentChangedError",
    "DependencyCycleError",
    "DependencyError",
    "DependencyInvalidError",
    "DependencyVersionError",
    "EngineVersionError",
    "Event",
    "EventKind",
    "Facts",
    "FunctionNotFoundError",
    "GrantSettings",
    "GrantsError",
    "InvalidPluginError",
    "LimitSettings",
    "LoadReport",
    "LoadedPlugin",
    "Loader",
    "LoaderBrokenError",
    "LoaderNotFoundError",
    "LogSettings",
    "NativeMode",
    "NativePolicy",
    "NativeRefusedError",
    "NotAskedError",
    "NotGrantedError",
    "Plugin",
    "PluginCloseError",
    "PluginGrants",
    "PluginHandle",
    "PluginInUseError",
    "PluginLoadError",
    "PluginNotFoundError",
    "PluginNotLoadedError",
    "PluginState",
    "PluginStatistics",
    "Registry",
    "RegistryError",
    "RememberedPlugins",
    "Resolution",
    "ResultError",
    "SearchPath",
    "Settings",
    "SettingsDraft",
    "SettingsError",
    "SettingsStore",
    "ShadowedPluginError",
    "SignatureTable",
    "StateError",
    "alas_home",
    "configure_logging",
    "default_search_paths",
    "effective_grants",
    "is_relative",
    "joined_grants",
    "missing_grants",
    "read_settings",
    "requested_grants",
    "scope_covers",
    "search_paths",
]
