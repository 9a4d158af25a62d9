"""The loaders of module and builtin plugins.

The entry-point group `alas.loaders` announces `PluginLoader` for both types, so that a registry makes one for both: plugins of
the two types can then use each other, because they run in one interpreter.
"""

from typing import TYPE_CHECKING

from alas_interp._builtin_loader import BuiltinLoader
from alas_interp._interpreter import Interpreter
from alas_interp._module_loader import ModuleLoader

if TYPE_CHECKING:
    from alas_manifest import Manifest
    from alas_registry import LoadedPlugin, Plugin

__all__ = ["BuiltinLoader", "ModuleLoader", "PluginLoader", "standard_manifests"]


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


def standard_manifests() -> "tuple[Manifest, ...]":
    """Return the manifests of the standard library's namespaces, each as a builtin plugin that `PluginLoader` loads.

    Example:
        >>> [manifest.name for manifest in standard_manifests()][:2]
        ['std.io', 'std.math']
    """
    # They take a moment to make, and only what lists plugins needs them.
    from alas_interp import _standard_library

    return _standard_library.standard_manifests()
