"""What can go wrong between finding a plugin and calling it. Each error is a class with a code."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from alas_manifest import escape_text

if TYPE_CHECKING:
    from alas_manifest import Diagnostic


class RegistryError(Exception):
    """Base of all errors of the registry.

    Attributes:
        code: the kind of error in one word, the same for every error of a class.
        message: what was expected, what was found, where, and what to do next; safe to print.
        plugin: the name of the plugin it is about, or None.
    """

    code: ClassVar[str] = "registry_error"

    def __init__(self, message: str, *, plugin: str | None = None) -> None:
        self.message = escape_text(message)
        self.plugin = plugin
        super().__init__(self.message)


class PluginNotFoundError(RegistryError):
    """No plugin has the name."""

    code = "plugin_not_found"


class PluginInUseError(RegistryError):
    """A plugin cannot be unloaded because loaded plugins need it.

    Attributes:
        dependents: the names of the plugins that need it.
    """

    code = "plugin_in_use"

    def __init__(self, message: str, *, plugin: str, dependents: Sequence[str]) -> None:
        super().__init__(message, plugin=plugin)
        self.dependents = tuple(dependents)


class PluginNotLoadedError(RegistryError):
    """A plugin that is not loaded was to be unloaded."""

    code = "plugin_not_loaded"


class PluginCloseError(RegistryError):
    """A plugin was unloaded, but giving back what it held failed."""

    code = "plugin_close_failed"


class PluginLoadError(RegistryError):
    """A plugin cannot be loaded. The subclasses say why; the class itself means that its loader refused it."""

    code = "plugin_load_failed"


class InvalidPluginError(PluginLoadError):
    """The manifest, or the files it names, have errors.

    Attributes:
        diagnostics: all of them.
    """

    code = "plugin_invalid"

    def __init__(self, message: str, *, plugin: str, diagnostics: "Sequence[Diagnostic]") -> None:
        super().__init__(message, plugin=plugin)
        self.diagnostics = tuple(diagnostics)


class ShadowedPluginError(PluginLoadError):
    """Another plugin was found first under the same name or module.

    Attributes:
        winner: the folder of the other plugin.
    """

    code = "plugin_shadowed"

    def __init__(self, message: str, *, plugin: str, winner: Path) -> None:
        super().__init__(message, plugin=plugin)
        self.winner = winner


class ContentChangedError(PluginLoadError):
    """An installed plugin is not what was installed any more."""

    code = "content_changed"


class LoaderNotFoundError(PluginLoadError):
    """No loader for plugins of this type is installed."""

    code = "loader_not_found"


class LoaderBrokenError(PluginLoadError):
    """A loader is installed but cannot be used."""

    code = "loader_broken"


class DependencyError(PluginLoadError):
    """What a plugin needs is not there.

    Attributes:
        chain: names from the plugin to be loaded to what is missing or unfit, each needing the next.
    """

    code = "dependency_not_found"

    def __init__(self, message: str, *, plugin: str, chain: Sequence[str]) -> None:
        super().__init__(message, plugin=plugin)
        self.chain = tuple(chain)


class DependencyInvalidError(DependencyError):
    """What a plugin needs is there but has errors."""

    code = "dependency_invalid"


class DependencyVersionError(DependencyError):
    """What a plugin needs is there in a version that will not do."""

    code = "dependency_version"


class DependencyCycleError(DependencyError):
    """Plugins need each other; `chain` begins and ends with the same name."""

    code = "dependency_cycle"


class EngineVersionError(DependencyError):
    """A plugin does not work with this version of ALaS; `chain` ends with `alas`."""

    code = "alas_version"


class NativeRefusedError(DependencyError):
    """A plugin has native code, and the host refuses that; `chain` ends with the plugin that has it.

    Attributes:
        origin: who refuses it.
    """

    code = "native_refused"

    def __init__(self, message: str, *, plugin: str, chain: Sequence[str], origin: str) -> None:
        super().__init__(message, plugin=plugin, chain=chain)
        self.origin = origin


class CallError(RegistryError):
    """A call of a plugin's function does not agree with the plugin's manifest.

    Attributes:
        function: the function's name, without the module's.
    """

    code = "call_refused"

    def __init__(self, message: str, *, plugin: str, function: str) -> None:
        super().__init__(message, plugin=plugin)
        self.function = function


class FunctionNotFoundError(CallError, LookupError):
    """The plugin has no function with the name."""

    code = "function_not_found"


class ArgumentsError(CallError, TypeError):
    """The arguments do not fit the parameters in the manifest."""

    code = "type_error"


class ResultError(CallError):
    """A function returned what the manifest does not promise."""

    code = "wrong_result"
