"""The loaders of module and builtin plugins, and how those of other types come to run in the same interpreter.

The entry-point group `alas.loaders` announces `PluginLoader` for both types, so that a registry makes one for both: plugins of
the two types can then use each other, because they run in one interpreter.
"""

from collections.abc import Callable, MutableMapping
from typing import TYPE_CHECKING

from alas_interp._builtin_loader import BuiltinLoader
from alas_interp._engine_plugin import EnginePlugin
from alas_interp._folder_checks import FolderChecks
from alas_interp._host_module import declare_type
from alas_interp._interpreter import Interpreter
from alas_interp._module_loader import ModuleLoader
from alas_interp._plugin_modules import plugin_context

if TYPE_CHECKING:
    from alas_manifest import Manifest
    from alas_registry import LoadedPlugin, Loader, Plugin

__all__ = [
    "BuiltinLoader",
    "EnginePlugin",
    "FolderChecks",
    "ModuleLoader",
    "PluginLoader",
    "declare_type",
    "loader_maker",
    "plugin_context",
    "shared_interpreter",
    "standard_manifests",
]


class PluginLoader:
    """Runs plugins of the types `module` and `builtin` in one interpreter.

    Example:
        >>> from alas_registry import Registry
        >>> loader = PluginLoader()
        >>> registry = Registry({"module": loader, "builtin": loader})
    """

    def __init__(self, interpreter: Interpreter | None = None) -> None:
        """Make a loader.

        Args:
            interpreter: where the plugins run; None is one that all plugins of this loader share.
        """
        self._interpreter = interpreter
        self._loaders: dict[str, ModuleLoader | BuiltinLoader] = {}

    @classmethod
    def for_registry(cls, shared: MutableMapping[str, object]) -> "PluginLoader":
        """Make a loader that runs plugins in the interpreter that the loaders of a registry share.

        Args:
            shared: where they leave what they share.
        """
        return cls(shared_interpreter(shared))

    def load(self, plugin: "Plugin") -> "LoadedPlugin":
        """Load a plugin. `ModuleLoader` and `BuiltinLoader` say more about each type.

        Args:
            plugin: a plugin of one of the two types; the plugins it depends on are loaded.

        Returns:
            What calls its functions.

        Raises:
            Exception: it cannot be loaded.
        """
        if self._interpreter is None:
            self._interpreter = Interpreter()
        kind = "builtin" if plugin.type == "builtin" else "module"
        loader = self._loaders.get(kind)
        if loader is None:
            made = (BuiltinLoader if kind == "builtin" else ModuleLoader)(self._interpreter)
            loader = self._loaders.setdefault(kind, made)
        return loader.load(plugin)


def shared_interpreter(shared: MutableMapping[str, object]) -> Interpreter:
    """Return the interpreter that the loaders of a registry share, made now if there is none.

    Args:
        shared: where the loaders of a registry leave what they share.

    Example:
        >>> shared = {}
        >>> shared_interpreter(shared) is shared_interpreter(shared)
        True
    """
    interpreter = shared.setdefault("alas_interp.Interpreter", Interpreter())
    assert isinstance(interpreter, Interpreter), "nobody else uses the name"
    return interpreter


def loader_maker(interpreter: "Callable[[], Interpreter]") -> "Callable[[Callable[..., Loader]], Loader]":
    """Return what makes the loaders that other packages announce, so that they run plugins in an interpreter.

    A loader that runs plugins in an interpreter has a class method `for_interpreter`, which takes it; others are made without
    arguments.

    Args:
        interpreter: returns the interpreter; called when a loader is made.

    Example:
        >>> from alas_registry import Registry
        >>> interpreter = Interpreter()
        >>> registry = Registry(make_loader=loader_maker(lambda: interpreter))
    """

    def make(announced: "Callable[..., Loader]") -> "Loader":
        for_interpreter = getattr(announced, "for_interpreter", None)
        made: Loader = announced() if for_interpreter is None else for_interpreter(interpreter())
        return made

    return make


def loader_of_type(plugin_type: str, interpreter: Interpreter) -> "Loader":
    """Return a loader that runs plugins of a type in an interpreter.

    Args:
        plugin_type: the type.
        interpreter: where the plugins run.

    Raises:
        LookupError: there is no loader for the type.
    """
    if plugin_type == "builtin":
        return BuiltinLoader(interpreter)
    if plugin_type == "module":
        return ModuleLoader(interpreter)
    from importlib.metadata import entry_points

    announced = sorted(entry_points(group="alas.loaders", name=plugin_type), key=lambda point: point.value)
    if not announced:
        raise LookupError(f"no loader for plugins of the type {plugin_type} is installed")
    return loader_maker(lambda: interpreter)(announced[0].load())


def standard_manifests() -> "tuple[Manifest, ...]":
    """Return the manifests of the standard library's namespaces, each as a builtin plugin that `PluginLoader` loads.

    Example:
        >>> [manifest.name for manifest in standard_manifests()][:2]
        ['std.io', 'std.math']
    """
    # They take a moment to make, and only what lists plugins needs them.
    from alas_interp import _standard_library

    return _standard_library.standard_manifests()
