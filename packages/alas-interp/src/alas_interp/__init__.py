"""Run ALaS programs and modules.

What only plugins and host modules need is imported when it is first used, so that running a program without them starts
fast.
"""

from typing import TYPE_CHECKING

from alas_core.errors import (
    AlasError,
    AlasTypeError,
    AlasValueError,
    ArgumentCountError,
    CallDepthExceededError,
    CancelledError,
    DivisionByZeroError,
    Frame,
    FunctionNotFoundError,
    IndexOutOfBoundsError,
    IoFailedError,
    KeyNotFoundError,
    LimitError,
    MemoryLimitExceededError,
    NativeError,
    NativeLoadError,
    PermissionDeniedError,
    PluginCrashedError,
    PluginError,
    PluginLoadFailedError,
    PluginNotFoundError,
    RunError,
    StepLimitExceededError,
    TimeoutExceededError,
)
from alas_interp._denials import Denial
from alas_interp._descriptor_input import DescriptorInput
from alas_interp._descriptor_output import DescriptorOutput
from alas_interp._interpreter import Interpreter
from alas_interp._limits import Limits, PluginLimits
from alas_interp._module import CodeNeeds, Function, Module, Need, Parameter
from alas_interp._permissions import Permissions
from alas_interp._program_error import ProgramError

if TYPE_CHECKING:
    from alas_interp._host_module import HostModule
    from alas_interp._plugin_manager import PluginManager

__all__ = [
    "AlasError",
    "AlasTypeError",
    "AlasValueError",
    "ArgumentCountError",
    "CallDepthExceededError",
    "CancelledError",
    "CodeNeeds",
    "Denial",
    "DescriptorInput",
    "DescriptorOutput",
    "DivisionByZeroError",
    "Frame",
    "Function",
    "FunctionNotFoundError",
    "HostModule",
    "IndexOutOfBoundsError",
    "Interpreter",
    "IoFailedError",
    "KeyNotFoundError",
    "LimitError",
    "Limits",
    "MemoryLimitExceededError",
    "Module",
    "NativeError",
    "NativeLoadError",
    "Need",
    "Parameter",
    "PermissionDeniedError",
    "Permissions",
    "PluginCrashedError",
    "PluginError",
    "PluginLimits",
    "PluginLoadFailedError",
    "PluginManager",
    "PluginNotFoundError",
    "ProgramError",
    "RunError",
    "StepLimitExceededError",
    "TimeoutExceededError",
]

# Type checkers read the import above instead; they would take this function for a promise that every name exists.
if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import `HostModule` and `PluginManager` at their first use."""
        import importlib

        owners = {"HostModule": "_host_module", "PluginManager": "_plugin_manager"}
        if name not in owners:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found: object = getattr(importlib.import_module(f"{__name__}.{owners[name]}"), name)
        globals()[name] = found
        return found
