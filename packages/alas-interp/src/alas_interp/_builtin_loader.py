"""The loader of builtin plugins: Python functions that programs call through a host module of the engine.

Builtin plugins are a part of the host, where nothing holds them. So a plugin runs that an installed Python package announces,
or whose folder the user has named; one that merely lies in a search path does not.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from alas_interp._engine_plugin import EnginePlugin
from alas_interp._folder_checks import FolderChecks
from alas_interp._host_module import declare_function, declare_type
from alas_interp._interpreter import Interpreter
from alas_interp._plugin_modules import plugin_context
from alas_interp._program_error import ProgramError
from alas_interp._turns import turn_of

# What follows is imported by those who load a builtin plugin; most programs load none.
if TYPE_CHECKING:
    from alas_builtin import BuiltinPlugin, ImportedPlugin
    from alas_core import HostModule
    from alas_manifest import Manifest
    from alas_registry import LoadedPlugin, Plugin

_MANIFEST_FILE = "plugin.json"


class BuiltinLoader:
    """Runs plugins of the type `builtin`."""

    def __init__(self, interpreter: Interpreter | None = None) -> None:
        """Make a loader.

        Args:
            interpreter: where programs call the plugins; None is one that all plugins of this loader share.
        """
        self._interpreter = interpreter
        self._checks = FolderChecks()

    def load(self, plugin: "Plugin") -> "LoadedPlugin":
        """Load a plugin.

        Args:
            plugin: one of the standard library, one that a Python package announces, or one whose folder is trusted.

        Returns:
            What calls its functions.

        Raises:
            PluginLoadError: its code may not run.
            PluginImportError: its code cannot be imported, or holds no plugin.
            ProgramError: its manifest does not describe its functions as they are.
            DefinitionError: it ships no manifest, and what follows from its functions is no right one.
        """
        from alas_interp._standard_library import StandardPlugin, is_standard

        if is_standard(plugin.name):
            return StandardPlugin(plugin.name)
        if self._interpreter is None:
            self._interpreter = Interpreter()
        imported = _import(plugin)
        try:
            manifest = _agreed_manifest(plugin, imported.plugin)
            self._checks.tell(manifest)
            imported.plugin.configure(manifest.implementation.config, manifest.runtime.environment)
            module = _host_module(plugin, manifest, imported.plugin)
            self._interpreter.define_plugin(module, is_persistent=manifest.runtime.persistent)
            return LoadedBuiltin(manifest, imported, self._interpreter)
        except BaseException:
            imported.forget()
            raise


class LoadedBuiltin(EnginePlugin):
    """A loaded builtin plugin.

    Attributes:
        manifest: its manifest, also when it shipped none.
    """

    def __init__(self, manifest: "Manifest", imported: "ImportedPlugin", interpreter: Interpreter) -> None:
        names = [function.name for function in manifest.functions]
        super().__init__(manifest.name, interpreter, names, module=manifest.module)
        self.manifest = manifest
        self._imported = imported

    def close(self) -> None:
        """Forget the plugin's module. Closing twice is allowed."""
        self._interpreter.undefine_plugin(self.manifest.module)
        self._imported.forget()


# --- From a plugin to its code ---


def _import(plugin: "Plugin") -> "ImportedPlugin":
    from alas_builtin import import_plugin, import_plugin_file
    from alas_registry import PluginLoadError

    if plugin.entry_point is not None:
        return import_plugin(plugin.entry_point)
    if not plugin.is_trusted:
        raise PluginLoadError(
            f"plugin `{plugin.name}` in {plugin.folder} is written in Python and would run as a part of this process, which "
            f"only installed Python packages may; install it: pip install {plugin.folder}",
            plugin=plugin.name,
        )
    entrypoint = plugin.manifest.implementation.entrypoint if plugin.manifest is not None else None
    if entrypoint is None:
        raise PluginLoadError(
            f"plugin `{plugin.name}` in {plugin.folder} does not say which Python file it is in; add to its manifest: "
            '"implementation": {"language": "python", "entrypoint": "FILE.py"}',
            plugin=plugin.name,
        )
    return import_plugin_file(plugin.folder / entrypoint)


def _agreed_manifest(plugin: "Plugin", builtin: "BuiltinPlugin") -> "Manifest":
    """Return the manifest that the plugin shipped, after comparing it, or else the one that follows from its functions."""
    stated = plugin.manifest
    if stated is None:
        derived = builtin.manifest
        if derived.name != plugin.name:
            from alas_registry import PluginLoadError

            raise PluginLoadError(
                f"{plugin.entry_point} is the plugin `{derived.name}`, but its package announces it as `{plugin.name}`; "
                "give the entry point and the plugin the same name",
                plugin=plugin.name,
            )
        return derived
    file = plugin.folder / _MANIFEST_FILE
    findings = builtin.disagreements(file if file.is_file() else stated)
    if any(finding.is_error for finding in findings):
        raise ProgramError(findings)
    return stated


# --- From its code to a module of the engine ---


def _host_module(plugin: "Plugin", manifest: "Manifest", builtin: "BuiltinPlugin") -> "HostModule":
    from alas_core import HostModule

    functions = {function.name: function for function in builtin.functions}
    declared = [declare_function(one, functions[one.name]) for one in manifest.functions]
    return HostModule(
        manifest.module,
        declared,
        types=[declare_type(definition) for definition in manifest.types],
        file=str(_code_file(plugin, builtin)),
        plugin=plugin_context(manifest),
        turn=turn_of(builtin) if not manifest.runtime.parallel else None,
    )


def _code_file(plugin: "Plugin", builtin: "BuiltinPlugin") -> Path:
    """Return the Python file that the plugin is in, as far as its functions tell."""
    for function in builtin.functions:
        code = getattr(function.implementation, "__code__", None)
        if code is not None:
            return Path(code.co_filename)
    return plugin.folder
