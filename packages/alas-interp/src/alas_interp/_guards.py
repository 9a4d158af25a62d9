"""Calls of plugins' functions from Python, checked against the plugins' manifests.

The engine checks what a module declares. A manifest may say more: a type where the module leaves one out. Programs meet the
module's own checks only; a call from outside meets both. The module of a builtin plugin declares what its manifest says, so
there is nothing more to check.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from alas_core.errors import AlasTypeError

if TYPE_CHECKING:
    from alas_manifest import Manifest
    from alas_registry import SignatureTable


class Guards:
    """What manifests say about the functions of the plugins that an interpreter has loaded."""

    def __init__(self) -> None:
        self._by_module: dict[str, tuple[Manifest, SignatureTable]] = {}

    def add(self, manifest: "Manifest") -> None:
        """Check calls of a plugin's functions from now on."""
        from alas_registry import SignatureTable

        known = self._by_module.get(manifest.module)
        if manifest.functions and (known is None or known[0] is not manifest):
            self._by_module[manifest.module] = (manifest, SignatureTable(manifest))

    def remove(self, module: str) -> None:
        """Check calls of a module's functions no longer."""
        self._by_module.pop(module, None)

    def has(self, function: str) -> bool:
        """Return whether calls of a function are checked.

        Args:
            function: the names of the module and the function, with a dot between.
        """
        return function.rpartition(".")[0] in self._by_module

    def call(
        self, engine_call: Callable[..., object], function: str, arguments: tuple[object, ...]
    ) -> object:
        """Call a function.

        Args:
            engine_call: calls it without these checks.
            function: the names of the module and the function, with a dot between.
            arguments: its arguments.

        Raises:
            AlasTypeError: an argument or the result does not fit the manifest.
            RunError: as the engine raises it.
        """
        module, _, name = function.rpartition(".")
        found = self._by_module.get(module)
        signature = found[0].function(name) if found is not None else None
        # Too few or too many are for the engine to refuse, as everywhere.
        if found is None or signature is None or len(arguments) != len(signature.params):
            return engine_call(function, *arguments)
        from alas_registry import ArgumentsError, ResultError

        _, signatures = found
        try:
            signatures.check_arguments(name, arguments)
        except ArgumentsError as error:
            raise AlasTypeError(error.message) from error
        result = engine_call(function, *arguments)
        try:
            signatures.check_result(signature, result)
        except ResultError as error:
            raise AlasTypeError(error.message) from error
        return result
