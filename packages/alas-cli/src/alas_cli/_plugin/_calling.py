"""One call of one function of a plugin: from the words of a command line to the exit code."""

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._command import UsageMistake, write_error
from alas_cli._console import Console
from alas_cli._denials import Denials, advice_on_plugins, log_denial
from alas_cli._interrupts import handled_interrupts
from alas_cli._outcomes import Outcomes
from alas_cli._plugin._failures import reporting
from alas_cli._plugin._outdated import outdated_findings
from alas_cli._plugin._targets import expanded, find_target, is_path
from alas_cli._programs import STANDARD_INPUT, read_standard_input
from alas_cli._registry import close
from alas_cli._subcommand import CommonOptions
from alas_interp import Function, Interpreter, Parameter, ProgramError, RunError

if TYPE_CHECKING:
    from alas_cli._words import Types
    from alas_manifest import Manifest, TypeReference
    from alas_registry import Plugin, PluginHandle, Registry


class CallFunction:
    """Calls a function as a command line asks."""

    def __init__(self, options: CommonOptions, *, is_timed: bool) -> None:
        """Take the command line."""
        self._options = options
        self._is_timed = is_timed
        self._console = Console(is_for_machines=options.is_for_machines)
        self._denials = Denials(log_denial)
        self._interpreter = Interpreter(
            output=self._console.output, input=self._console.input, on_denial=self._denials
        )
        self._milliseconds: dict[str, float] = {}
        self._is_stopped = False

    def run(self, target: str, words: Sequence[str]) -> int:
        """Call the function, and print what it returns or why it does not.

        Args:
            target: plugin and function, with a dot between.
            words: the arguments, or `-` alone for those on standard input.

        Returns:
            The exit code.

        Raises:
            UsageMistake: the target is none, or the arguments do not fit the function's parameters.
            KeyboardInterrupt: the user has stopped it before it ran.
            OSError: the output cannot be written.
        """
        with handled_interrupts(self._stop):
            return reporting(self._options, lambda: self._run(target, words))

    def _stop(self) -> None:
        self._is_stopped = True
        self._interpreter.interrupt()

    def _run(self, target: str, words: Sequence[str]) -> int:
        name, dot, function = target.rpartition(".")
        # The dot of ./tools or of tools/plugin.json is none before a function.
        is_plugin = is_path(target) and os.path.exists(expanded(target))  # noqa: PTH110 - never raises
        if not dot or not name or not function or is_path(function) or is_plugin:
            raise UsageMistake(self._no_function(target if is_plugin else target.rstrip(".")))
        registry, plugin = find_target(self._options, name, lambda: self._interpreter)
        _refuse_unnamed_code(name, function, plugin)
        outcomes = Outcomes(
            self._console,
            is_for_machines=self._options.is_for_machines,
            advise=lambda error: advice_on_plugins(self._denials, registry, error),
        )
        if plugin.manifest is not None and plugin.is_valid:
            outcomes.show_findings(outdated_findings(plugin.folder, plugin.manifest))
        try:
            result = self._call(registry, plugin, function, words)
            code = outcomes.show_result(self._interpreter, result, self._times())
            self._print_times()
        except ProgramError as error:
            return outcomes.report_program(error)
        except RunError as error:
            return outcomes.report_failure(error)
        finally:
            close(registry)
        return code

    def _call(self, registry: "Registry", plugin: "Plugin", function: str, words: Sequence[str]) -> object:
        started = time.perf_counter()
        if plugin.shadowed_by is not None:
            # The name alone would mean the other plugin.
            from alas_registry import ShadowedPluginError

            raise ShadowedPluginError(
                f"plugin `{plugin.name}` in {plugin.folder} is shadowed by the plugin in {plugin.shadowed_by}, which has "
                f"the same name or module and was found first; to call this one: -plugin-path {plugin.folder}",
                plugin=plugin.name,
                winner=plugin.shadowed_by,
            )
        handle = registry.load(plugin.name)
        self._milliseconds["load"] = (time.perf_counter() - started) * 1000
        arguments = self._read_arguments(handle, function, words)
        if self._is_stopped:
            # The engine forgets interrupts from before a call.
            raise KeyboardInterrupt
        started = time.perf_counter()
        try:
            return handle.call(function, arguments)
        finally:
            self._milliseconds["call"] = (time.perf_counter() - started) * 1000

    # --- What it says ---

    def _read_arguments(
        self, handle: "PluginHandle", function: str, words: Sequence[str]
    ) -> Sequence[object]:
        functions, types = _signatures(handle.plugin)
        if function not in functions:
            raise _unknown_function(handle.plugin, function, functions)
        if tuple(words) == (STANDARD_INPUT,):
            return _read_array(read_standard_input())
        from alas_cli._words import read_words

        return read_words(functions[function], words, types)

    def _no_function(self, name: str) -> str:
        """Return what is wrong with a target that names no function."""
        from alas_registry import PluginNotFoundError

        expected = "expected PLUGIN.FUNCTION, such as my-plugin.process"
        try:
            _, plugin = find_target(self._options, name) if name else (None, None)
        except (PluginNotFoundError, UsageMistake):
            plugin = None
        if plugin is None or plugin.manifest is None:
            return f"{expected}, found {name!r}"
        names = ", ".join(function.name for function in plugin.manifest.functions) or "none"
        return f"{expected}; the plugin `{plugin.name}` has the functions: {names}"

    # --- Times ---

    def _times(self) -> Mapping[str, object] | None:
        if not self._is_timed:
            return None
        return {"milliseconds": {name: round(value, 3) for name, value in self._milliseconds.items()}}

    def _print_times(self) -> None:
        if self._is_timed and not self._options.is_for_machines:
            self._console.output.flush()
            load, call = self._milliseconds["load"], self._milliseconds["call"]
            write_error(f"loaded in {load:.1f} ms, called in {call:.3f} ms\n")


class _ManifestTypes:
    """The types of a plugin as its manifest declares them."""

    def __init__(self, manifest: "Manifest") -> None:
        self._definitions = {one.name: one for one in manifest.types}

    def written_as(self, name: str) -> str:
        """Return the built-in type that values of a type are written as."""
        definition = self._definitions.get(name)
        kind = definition.kind if definition is not None else None
        return "map" if kind == "struct" else "string" if kind == "enum" else "any"

    def resolved(self, reference: "TypeReference | None") -> str:
        """Return a type without aliases."""
        seen: set[str] = set()
        while reference is not None and reference.element is None and reference.name not in seen:
            definition = self._definitions.get(reference.name)
            if definition is None or definition.base_type is None:
                break
            seen.add(reference.name)
            reference = definition.base_type
        return str(reference) if reference is not None else "any"


def _signatures(plugin: "Plugin") -> "tuple[dict[str, Function], Types]":
    """Return the functions of a loaded plugin by name: those of its manifest, or what its module exports."""
    manifest = plugin.manifest
    assert manifest is not None, "a plugin that is loaded has said what it is"
    types = _ManifestTypes(manifest)
    if not manifest.functions and manifest.module_file is not None:
        return _exported(plugin, manifest.module_file)
    functions = {}
    for one in manifest.functions:
        parameters = tuple(
            Parameter(parameter.name, types.resolved(parameter.type)) for parameter in one.params
        )
        functions[one.name] = Function(one.name, parameters, types.resolved(one.returns), exported=True)
    return functions, types


def _exported(plugin: "Plugin", module_file: str) -> "tuple[dict[str, Function], Types]":
    from alas_cli._words import ModuleTypes

    file = plugin.folder / module_file
    # Its own interpreter, so that describing the module does not disturb the one that runs it.
    with Interpreter() as interpreter:
        module = interpreter.load_plugin(plugin)
    functions = {one.name: one for one in module.functions if one.exported}
    return functions, ModuleTypes(file.read_bytes)


def _unknown_function(plugin: "Plugin", function: str, known: Mapping[str, Function]) -> Exception:
    from alas_manifest import nearest_name, quote_text
    from alas_registry import FunctionNotFoundError

    near = nearest_name(function[:64], known)
    advice = f"did you mean `{near}`?" if near is not None else f"it has: {', '.join(known) or 'none'}"
    return FunctionNotFoundError(
        f"plugin `{plugin.name}` has no function {quote_text(function)}; {advice}",
        plugin=plugin.name,
        function=function,
    )


def _refuse_unnamed_code(name: str, function: str, plugin: "Plugin") -> None:
    """Refuse Python code in a folder that was named like a plugin, before it is told how to be installed.

    Raises:
        UsageMistake: the name is that of a folder.
    """
    if plugin.type == "builtin" and not is_path(name) and plugin.search_path.path == Path(name).absolute():
        raise UsageMistake(
            f"the plugin in the folder {name!r} is written in Python, whose code runs only where its path is written: "
            f"alas-plugin call ./{name}.{function}"
        )


def _read_array(text: bytes) -> list[object]:
    """Return the arguments on standard input."""
    from alas_cli._language_json import JsonReader

    try:
        value = JsonReader()(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise UsageMistake("standard input: expected a JSON array in UTF-8") from None
    except ValueError as error:
        raise UsageMistake(f"standard input: {error}") from None
    if not isinstance(value, list):
        shown = json.dumps(value)
        raise UsageMistake(
            f"standard input: expected the arguments as a JSON array, such as [1, 2], found {shown[:60]}"
        )
    return value
