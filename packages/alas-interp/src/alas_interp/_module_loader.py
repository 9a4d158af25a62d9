"""The loader of module plugins: ALaS code, run by an interpreter."""

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

from alas_core.errors import FunctionNotFoundError
from alas_interp._interpreter import Interpreter
from alas_interp._module import Module
from alas_interp._program_error import ProgramError
from alas_manifest import Security, quote_text, validate_folder

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
        found = () if plugin.is_checked else validate_folder(plugin.folder)
        findings = [finding for finding in found if finding.is_error]
        if findings:
            self._interpreter.unload_plugin(plugin)
            raise ProgramError(findings)
        for field in _not_enforced(manifest):
            LOGGER.warning("the plugin %s sets %s, which this version does not enforce", plugin.name, field)
        return ModulePlugin(plugin, module, self._interpreter)


class ModulePlugin:
    """A loaded module plugin."""

    def __init__(self, plugin: "Plugin", module: Module, interpreter: Interpreter) -> None:
        self._plugin = plugin
        self._interpreter = interpreter
        self._calls = {
            name: interpreter.plugin_function(f"{module.name}.{name}")
            for name in _callable_functions(plugin, module)
        }

    def call(self, function: str, arguments: Sequence[object]) -> object:
        """Call a function that the manifest describes, or, when it describes none, that the module exports.

        Args:
            function: the function's name, without the module's.
            arguments: its arguments in order.

        Returns:
            Its result.

        Raises:
            RunError: the plugin stopped, or the arguments do not fit; the class says why.
            FunctionNotFoundError: there is no such function.
        """
        if function not in self._calls:
            known = ", ".join(sorted(self._calls)) or "none"
            raise FunctionNotFoundError(
                f"plugin `{self._plugin.name}` has no function {quote_text(function)}; it has: {known}"
            )
        return self._calls[function](*arguments)

    def close(self) -> None:
        """Forget the plugin's module. Closing twice is allowed."""
        self._interpreter.unload_plugin(self._plugin)


def _callable_functions(plugin: "Plugin", module: Module) -> Sequence[str]:
    stated = plugin.manifest.functions if plugin.manifest is not None else ()
    return [one.name for one in stated] if stated else module.exports


def _not_enforced(manifest: "Manifest") -> list[str]:
    """Return the fields by which the manifest asks for limits that this version does not enforce."""
    security = manifest.security
    asked = {
        "security.max_memory": security.max_memory is not None,
        "security.max_cpu": security.max_cpu != Security().max_cpu,
        "security.timeout": security.timeout is not None,
        "security.permissions": security.permissions != Security().permissions,
        "runtime.parallel": manifest.runtime.parallel,
    }
    return [field for field, is_asked in asked.items() if is_asked]
