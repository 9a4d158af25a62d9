"""The loaders that the entry-point group `alas.loaders` announces."""

from alas_interp._builtin_loader import BuiltinLoader
from alas_interp._module_loader import ModuleLoader

__all__ = ["BuiltinLoader", "ModuleLoader"]
