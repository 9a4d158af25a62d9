"""Where native code runs: the one thing that a loader leaves to others.

A host opens a plugin's library and returns the module that the engine calls. In this version there is one host, the process
itself. One that runs libraries in processes of their own has to return a module of the same kind, and nothing else changes.
"""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from alas_core import NativeLibrary, NativeModule, PluginContext
    from alas_interp import Interpreter


class NativeHost(Protocol):
    """Opens libraries."""

    def open(
        self, interpreter: "Interpreter", library: "NativeLibrary", context: "PluginContext"
    ) -> "NativeModule":
        """Open a library.

        Args:
            interpreter: where programs will call its functions.
            library: the library, and what it has to be like.
            context: what its code may know.

        Returns:
            The module of its functions.

        Raises:
            NativeLoadError: it cannot be used.
        """
        ...


class InProcess:
    """Runs libraries in this process, where nothing holds them."""

    def open(
        self, interpreter: "Interpreter", library: "NativeLibrary", context: "PluginContext"
    ) -> "NativeModule":
        """Open a library in this process. See `NativeHost.open`."""
        return interpreter.open_library(library, context)
