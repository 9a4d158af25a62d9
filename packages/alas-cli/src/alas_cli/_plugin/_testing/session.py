"""A plugin, loaded into an interpreter of its own, and calls of its functions."""

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alas_cli._denials import Denials, advice_on_plugins
from alas_cli._plugin._testing.deadline import call_within
from alas_cli._plugin._testing.model import Call
from alas_cli._plugin._testing.targets import Target
from alas_cli._registry import registry_maker
from alas_interp import Interpreter, RunError

if TYPE_CHECKING:
    from alas_manifest import FunctionSignature, JsonValue, Manifest, TypeReference

# Tests are to be the same in each run.
_SEED = 0
_MOST_OUTPUT = 64 * 1024
_FLOATS = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a session needs besides the plugin.

    Attributes:
        plugin_paths: the folders of `-plugin-path`.
    """

    plugin_paths: tuple[str, ...]


class Session:
    """A loaded plugin.

    Other plugins are looked for in the folders of the command line, beside the plugin if it was named by its folder, and then
    where programs find them.
    """

    def __init__(self, target: Target, manifest: "Manifest", surroundings: Surroundings) -> None:
        """Load a plugin.

        Args:
            target: the plugin.
            manifest: its manifest.
            surroundings: where it runs.

        Raises:
            RegistryError: the plugin cannot be loaded.
        """
        self._manifest = manifest
        self._output = Captured()
        folder = target.folder.absolute()
        # A plugin that was found by its name is found again; one whose folder is named may lie anywhere.
        own, beside = ((str(folder),), (str(folder.parent),)) if target.is_named_folder else ((), ())
        make = registry_maker(lambda: self._interpreter, (*own, *surroundings.plugin_paths, *beside))
        self._denials = Denials()
        self._interpreter = Interpreter(
            plugins=make,
            output=self._output,
            input=io.StringIO(),
            random_seed=_SEED,
            on_denial=self._denials,
        )
        registry = self._interpreter.plugins
        assert registry is not None, "the interpreter was given what makes one"
        if target.is_trusted:
            # Writing its path is what lets Python code in a folder run.
            registry.trust(folder)
        self._registry = registry
        with contextlib.redirect_stdout(self._output):
            self._plugin = registry.load(manifest.name)

    def call(self, call: Call, seconds: float) -> object:
        """Call a function of the plugin.

        Args:
            call: the function and its arguments.
            seconds: how long it may take.

        Returns:
            Its result.

        Raises:
            TimeLimitError: it took longer.
            Exception: it failed.
        """
        arguments = to_arguments(call.args, self._manifest.function(call.function))
        with contextlib.redirect_stdout(self._output):
            return call_within(
                seconds, lambda: self._plugin.call(call.function, arguments), self._interpreter.interrupt
            )

    def interrupt(self) -> None:
        """Stop a running call."""
        self._interpreter.interrupt()

    def advice_on(self, error: BaseException | None) -> str | None:
        """Return what to do about what a call failed with, where that is known."""
        if not isinstance(error, RunError):
            return None
        return advice_on_plugins(self._denials, self._registry, error)

    def take_output(self) -> str:
        """Return what was printed since this was last asked."""
        return self._output.take()

    def close(self) -> None:
        """Unload the plugin and what it needs."""
        with contextlib.redirect_stdout(self._output):
            self._registry.close()
            self._interpreter.close()


def to_arguments(
    values: "Sequence[JsonValue]", signature: "FunctionSignature | None"
) -> "Sequence[JsonValue]":
    """Make arguments of the values of a file: where a float is declared, some texts stand for what JSON cannot write.

    Args:
        values: an argument each.
        signature: of the function; None leaves the values as they are.

    Example:
        >>> from alas_manifest import FunctionSignature, Parameter, TypeReference
        >>> of = Parameter(name="of", type=TypeReference.parse("array<float>"))
        >>> to_arguments([["Infinity", 1]], FunctionSignature(name="mean", params=(of,)))
        [[inf, 1]]
    """
    if signature is None:
        return values
    return [
        _converted(value, parameter.type) for value, parameter in zip(values, signature.params, strict=False)
    ]


def _converted(value: "JsonValue", kind: "TypeReference") -> "JsonValue":
    if kind.name == "float" and isinstance(value, str):
        return _FLOATS.get(value, value)
    if kind.element is None:
        return value
    if isinstance(value, list):
        return [_converted(one, kind.element) for one in value]
    if isinstance(value, dict):
        return {key: _converted(one, kind.element) for key, one in value.items()}
    return value


class Captured(io.TextIOBase):
    """Keeps the end of what is printed."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def writable(self) -> bool:
        """Say that it takes text."""
        return True

    def write(self, text: str, /) -> int:
        """Take text."""
        self._text += text
        if len(self._text) > 2 * _MOST_OUTPUT:
            self._text = self._text[-_MOST_OUTPUT:]
        return len(text)

    def take(self) -> str:
        """Return what is kept, and forget it."""
        text, self._text = self._text, ""
        return text
