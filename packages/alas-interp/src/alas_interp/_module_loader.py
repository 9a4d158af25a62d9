"""The loader of module plugins: ALaS code, run by an interpreter."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from alas_interp._engine_plugin import EnginePlugin
from alas_interp._interpreter import Interpreter
from alas_interp._module import Module
from alas_interp._program_error import ProgramError
from alas_manifest import unenforced_requests, validate_folder

if TYPE_CHECKING:
    from alas_manifest import Manifest
    from alas_registry import LoadedPlugin, Plugin

# The registry's logger: whoever asks about plugins looks there.
LOGGER = logging.getLogger("alas.registry")


class ModuleLoader:
    """Runs plugins of the type `module`."""

    def __init__(self, interpreter: Interpreter | None = None) -> None:
        """Make a loader.

        Args:
            interpreter: where the plugins run; None is one that all plugins of this loader share.
        """
        self._interpreter = interpreter
        self._told: set[str] = set()

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
        manifest = plugin.manifest
        if manifest is None:
            raise ValueError(f'the plugin "{plugin.name}" has no manifest')
        module = self._interpreter.load_plugin(plugin)
        try:
            _check_folder(plugin)
            self._warn(manifest)
            return ModulePlugin(plugin, module, self._interpreter)
        except BaseException:
            self._interpreter.unload_plugin(plugin)
            raise

    def _warn(self, manifest: "Manifest") -> None:
        """Tell what this version does not do as a manifest asks, once however often the plugin is loaded."""
        for asked in unenforced_requests(manifest).values():
            told = f"the plugin {manifest.name} {asked}"
            if told not in self._told:
                self._told.add(told)
                LOGGER.warning("%s", told)


class ModulePlugin(EnginePlugin):
    """A loaded module plugin."""

    def __init__(self, plugin: "Plugin", module: Module, interpreter: Interpreter) -> None:
        functions = _callable_functions(plugin, module)
        super().__init__(plugin.name, interpreter, functions, module=module.name)
        self._plugin = plugin

    def close(self) -> None:
        """Forget the plugin's module. Closing twice is allowed."""
        self._interpreter.unload_plugin(self._plugin)


def _check_folder(plugin: "Plugin") -> None:
    """Check that a plugin is as its manifest says, unless the registry has just done that."""
    found = () if plugin.is_checked else validate_folder(plugin.folder)
    findings = [finding for finding in found if finding.is_error]
    if findings:
        raise ProgramError(findings)


def _callable_functions(plugin: "Plugin", module: Module) -> Sequence[str]:
    stated = plugin.manifest.functions if plugin.manifest is not None else ()
    return [one.name for one in stated] if stated else module.exports
