"""The loader of native and hybrid plugins.

```
plugin ─▶ its library for this platform ─▶ the host opens it ─▶ native: a module of its functions
                                                            └─▶ hybrid: the native half of the plugin's ALaS module
```
"""

from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Self

from alas_interp import Interpreter
from alas_interp.loaders import EnginePlugin, FolderChecks, plugin_context, shared_interpreter
from alas_loader_native._hosts import InProcess, NativeHost
from alas_loader_native._libraries import library_of, missing_library, native_functions

if TYPE_CHECKING:
    from alas_core import NativeModule
    from alas_interp import CodeNeeds, Module
    from alas_manifest import Manifest
    from alas_registry import LoadedPlugin, Plugin


class NativeLoader:
    """Runs plugins of the types `native` and `hybrid`.

    Whether it is asked to is up to the registry: `Registry(native=NativePolicy("refused"))` hands it no plugin with native code.

    Example:
        >>> from alas_registry import Registry
        >>> loader = NativeLoader()
        >>> registry = Registry({"native": loader, "hybrid": loader})
    """

    def __init__(self, interpreter: Interpreter | None = None, host: NativeHost | None = None) -> None:
        """Make a loader.

        Args:
            interpreter: where programs call the plugins; None is one that all plugins of this loader share.
            host: where their libraries run; None is this process.
        """
        self._interpreter = interpreter
        self._host: NativeHost = host if host is not None else InProcess()
        self._checks = FolderChecks()

    @classmethod
    def for_interpreter(cls, interpreter: Interpreter) -> Self:
        """Make a loader that runs plugins in an interpreter.

        Args:
            interpreter: where programs call the plugins.
        """
        return cls(interpreter)

    @classmethod
    def for_registry(cls, shared: MutableMapping[str, object]) -> Self:
        """Make a loader that runs plugins in the interpreter that the loaders of a registry share.

        Args:
            shared: where they leave what they share.
        """
        return cls(shared_interpreter(shared))

    def load(self, plugin: "Plugin") -> "LoadedPlugin":
        """Load a plugin.

        Args:
            plugin: a plugin with a manifest; the plugins it depends on are loaded.

        Returns:
            What calls its functions.

        Raises:
            PluginLoadError: it has no library for this platform.
            NativeLoadError: its library cannot be used.
            ProgramError: its module does not pass the static checks, or the manifest describes it wrongly.
            OSError: its module cannot be read.
            ValueError: the plugin has no manifest.
        """
        manifest = plugin.manifest
        if manifest is None:
            raise ValueError(f'the plugin "{plugin.name}" has no manifest')
        if self._interpreter is None:
            self._interpreter = Interpreter()
        # Before any code of the plugin runs.
        self._checks.check(plugin)
        native = self._open(plugin, manifest, self._interpreter)
        if manifest.type == "native" and native is not None:
            self._interpreter.define_plugin(native, is_persistent=manifest.runtime.persistent)
        else:
            self._interpreter.load_plugin(plugin, native)
        try:
            return NativePlugin(plugin, manifest, self._interpreter)
        except BaseException:
            self._interpreter.undefine_plugin(manifest.module)
            raise

    def _open(
        self, plugin: "Plugin", manifest: "Manifest", interpreter: Interpreter
    ) -> "NativeModule | None":
        """Open a plugin's library, if it has native functions."""
        if manifest.type == "hybrid" and not native_functions(manifest):
            return None
        missing = missing_library(plugin.folder, manifest)
        if missing is not None:
            from alas_registry import PluginLoadError

            raise PluginLoadError(missing, plugin=plugin.name)
        context = plugin_context(manifest, interpreter.plugin_limits)
        return self._host.open(interpreter, library_of(plugin, manifest), context)


def check_module(plugin: "Plugin", interpreter: Interpreter) -> "Module | None":
    """Check the ALaS half of a hybrid plugin, without opening its library.

    Args:
        plugin: the plugin, whose folder has been checked.
        interpreter: where it is checked, against the plugins that it names; it is to be thrown away then.

    Returns:
        What the module offers, with findings that do not stop it; None for a plugin without ALaS code.

    Raises:
        ProgramError: the module does not pass the static checks.
        OSError: it cannot be read.
    """
    if not _has_module(plugin):
        return None
    return interpreter.load_plugin(plugin, _declared_half(plugin))


def module_needs(plugin: "Plugin", interpreter: Interpreter) -> "CodeNeeds | None":
    """Return what the ALaS half of a plugin does to the world outside, whatever its manifest says, without opening its library.

    Args:
        plugin: the plugin, whose folder has been checked.
        interpreter: where it is looked at, with the plugins that it names; it is to be thrown away then.

    Returns:
        What it needs; None for a plugin without ALaS code.

    Raises:
        ProgramError: the module does not pass the other static checks.
        OSError: it cannot be read.
    """
    return interpreter.plugin_needs(plugin, _declared_half(plugin)) if _has_module(plugin) else None


def _has_module(plugin: "Plugin") -> bool:
    return plugin.manifest is not None and plugin.manifest.module_file is not None


def _declared_half(plugin: "Plugin") -> "NativeModule | None":
    """Return the native half of a hybrid plugin as its manifest describes it."""
    manifest = plugin.manifest
    if manifest is None or not native_functions(manifest):
        return None
    from alas_core import NativeModule

    return NativeModule.declared(library_of(plugin, manifest))


class NativePlugin(EnginePlugin):
    """A loaded native or hybrid plugin."""

    def __init__(self, plugin: "Plugin", manifest: "Manifest", interpreter: Interpreter) -> None:
        """Take a plugin whose module is loaded."""
        names = [function.name for function in manifest.functions]
        super().__init__(plugin.name, interpreter, names, module=manifest.module)
        self._module = manifest.module

    def close(self) -> None:
        """Forget the plugin's module; its library stays in the process. Closing twice is allowed."""
        self._interpreter.undefine_plugin(self._module)
