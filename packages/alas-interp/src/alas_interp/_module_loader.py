"""The loader of module plugins: ALaS code, run by an interpreter."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alas_interp._engine_plugin import EnginePlugin
from alas_interp._folder_checks import FolderChecks
from alas_interp._interpreter import Interpreter
from alas_interp._module import Module

if TYPE_CHECKING:
    from alas_registry import LoadedPlugin, Plugin


class ModuleLoader:
    """Runs plugins of the type `module`."""

    def __init__(self, interpreter: Interpreter | None = None) -> None:
        """Make a loader.

        Args:
            interpreter: where the plugins run; None is one that all plugins of this loader share.
        """
        self._interpreter = interpreter
        self._checks = FolderChecks()

    def load(self, plugin: "Plugin") -> "LoadedPlugin":
        """Load a plugin.

        Args:
            plugin: a plugin with a manifest; the plugins it depends on are loaded.

        Returns:
            What calls its functions.

        Raises:
            ProgramError: its module does not pass the static checks, or the manifest describes it wrongly.
            OSError: its module cannot be read.
            ValueError: the plugin has no manifest, or no ALaS code.
        """
        if self._interpreter is None:
            self._interpreter = Interpreter()
        if plugin.manifest is None:
            raise ValueError(f'the plugin "{plugin.name}" has no manifest')
        module = self._interpreter.load_plugin(plugin)
        try:
            self._checks.check(plugin)
            return ModulePlugin(plugin, module, self._interpreter)
        except BaseException:
            self._interpreter.unload_plugin(plugin)
            raise


class ModulePlugin(EnginePlugin):
    """A loaded module plugin."""

    def __init__(self, plugin: "Plugin", module: Module, interpreter: Interpreter) -> None:
        functions = _callable_functions(plugin, module)
        super().__init__(plugin.name, interpreter, functions, module=module.name)
        self._plugin = plugin

    def close(self) -> None:
        """Forget the plugin's module. Closing twice is allowed."""
        self._interpreter.unload_plugin(self._plugin)


def _callable_functions(plugin: "Plugin", module: Module) -> Sequence[str]:
    stated = plugin.manifest.functions if plugin.manifest is not None else ()
    return [one.name for one in stated] if stated else module.exports
