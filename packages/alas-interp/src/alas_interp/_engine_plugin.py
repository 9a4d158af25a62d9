"""What loaded plugins of all types have in common: their functions are those of a module in the engine."""

from collections.abc import Iterable, Sequence

from alas_core.errors import FunctionNotFoundError
from alas_interp._interpreter import Interpreter


class EnginePlugin:
    """A loaded plugin whose functions the engine calls."""

    def __init__(self, name: str, interpreter: Interpreter, functions: Iterable[str], *, module: str) -> None:
        """Take a plugin whose module is loaded.

        Args:
            name: the plugin's name.
            interpreter: where its module is.
            functions: the names of the functions that may be called from outside.
            module: the module's name.
        """
        self._name = name
        self._interpreter = interpreter
        self._calls = {
            function: interpreter.plugin_function(f"{module}.{function}") for function in functions
        }

    def call(self, function: str, arguments: Sequence[object]) -> object:
        """Call a function that the manifest describes, or, when it describes none, that the module exports.

        Args:
            function: the function's name, without the module's.
            arguments: its arguments in order.

        Returns:
            Its result.

        Raises:
            FunctionNotFoundError: there is no such function.
            RunError: the plugin stopped, or the arguments or its result do not fit; the class says why.
        """
        call = self._calls.get(function)
        if call is None:
            # Imported here, because a plugin can be loaded and called without it.
            from alas_manifest import quote_text

            known = ", ".join(sorted(self._calls)) or "none"
            raise FunctionNotFoundError(
                f"plugin `{self._name}` has no function {quote_text(function)}; it has: {known}"
            )
        return call(*arguments)
