"""The engine of ALaS and its errors. `alas_interp` is the comfortable way to both."""

from alas_core import errors
from alas_core._core import (
    Engine,
    FunctionInfo,
    HostModule,
    LoadedModule,
    PackedArray,
    PluginContext,
    Source,
    diagnostic_codes,
    error_codes,
    library,
    version,
)

__all__ = [
    "Engine",
    "FunctionInfo",
    "HostModule",
    "LoadedModule",
    "PackedArray",
    "PluginContext",
    "Source",
    "diagnostic_codes",
    "error_codes",
    "errors",
    "library",
    "version",
]
