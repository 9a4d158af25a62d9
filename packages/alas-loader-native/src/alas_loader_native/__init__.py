"""The loaders for native and hybrid plugins: functions in shared libraries, called by the engine."""

from alas_loader_native._hosts import InProcess, NativeHost
from alas_loader_native._libraries import (
    library_files,
    library_findings,
    missing_library,
    native_functions,
    newer_source,
)
from alas_loader_native._loader import NativeLoader, check_module, module_needs
from alas_loader_native._platform import current_platform

__all__ = [
    "InProcess",
    "NativeHost",
    "NativeLoader",
    "check_module",
    "current_platform",
    "library_files",
    "library_findings",
    "missing_library",
    "module_needs",
    "native_functions",
    "newer_source",
]
