"""The engine of ALaS and its errors. `alas_interp` is the comfortable way to both."""

from alas_core import errors
from alas_core._core import (
    Cancellation,
    Engine,
    Function,
    FunctionInfo,
    HostModule,
    LoadedModule,
    NativeModule,
    PackedArray,
    PluginContext,
    Rights,
    Source,
    Turn,
    diagnostic_codes,
    error_codes,
    inspect_library,
    library,
    native_load_codes,
    version,
)
from alas_core.native import NativeLibrary

__all__ = [
    "Cancellation",
    "Engine",
    "Function",
    "FunctionInfo",
    "HostModule",
    "LoadedModule",
    "NativeLibrary",
    "NativeModule",
    "PackedArray",
    "PluginContext",
    "Rights",
    "Source",
    "Turn",
    "diagnostic_codes",
    "error_codes",
    "errors",
    "inspect_library",
    "library",
    "native_load_codes",
    "version",
]
