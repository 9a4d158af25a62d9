"""The interpreter: an engine with what surrounds it."""

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from alas_core import Cancellation, Engine, LoadedModule, Source
from alas_core.errors import FunctionNotFoundError
from alas_core.errors import ProgramError as CheckError
from alas_interp._async_calls import AsyncCalls
from alas_interp._denials import Denial, Denials
from alas_interp._guards import Guards
from alas_interp._limits import Limits, PluginLimits
from alas_interp._module import CodeNeeds, Function, Module, Need, Parameter
from alas_interp._permissions import Permissions
from alas_interp._program_error import ProgramError, to_diagnostics
from alas_interp._short_lived import ShortLived
from alas_interp._sources import list_of_paths, read_file, read_source
from alas_interp._streams import Input, Output, patient_writer, reader, shows_lines, waiter, writer

if TYPE_CHECKING:
    from alas_core import HostModule as EngineHostModule
    from alas_core import NativeLibrary, NativeModule, PluginContext
    from alas_interp._host_module import HostModule
    from alas_interp._imports import ImportResolver
    from alas_interp._plugin_modules import PluginModule, PluginModules, PluginTerms
    from alas_registry import Plugin, Registry


# How often a plugin is loaded again for one call, because other threads unload it.
_MOST_LOADS = 100


def _check_kind(name: str, value: object, kind: type) -> None:
    if value is not None and not isinstance(value, kind):
        raise TypeError(f"expected {kind.__name__} for `{name}`, found {value!r}")


def _check_function(name: str, value: object) -> None:
    if value is not None and not callable(value):
        raise TypeError(f"expected a function that returns Permissions for `{name}`, found {value!r}")


class Interpreter:
    """Loads programs and calls their functions.

    May be used from several threads at once; calls from several threads run at once. While a program runs, other Python
    threads run too.

    Example:
        >>> program = '''{
        ...     "type": "module", "name": "greeter",
        ...     "functions": [{
        ...         "name": "greet",
        ...         "params": [{"name": "who", "type": "string"}],
        ...         "returns": "string",
        ...         "body": [{"type": "return", "value": {
        ...             "type": "binary", "op": "+",
        ...             "left": {"type": "literal", "value": "Hello, "},
        ...             "right": {"type": "variable", "name": "who"}
        ...         }}]
        ...     }]
        ... }'''
        >>> with Interpreter() as interpreter:
        ...     module = interpreter.load(program)
        ...     interpreter.call("greeter.greet", "Ada")
        'Hello, Ada'
    """

    def __init__(  # noqa: PLR0913 - all are named at the call, and each is an option of its own
        self,
        *,
        limits: Limits | None = None,
        plugin_limits: PluginLimits | None = None,
        module_path: Iterable[str | Path] = (),
        plugins: "Registry | Callable[[], Registry] | None" = None,
        output: Output | None = None,
        input: Input | None = None,  # noqa: A002 - the counterpart of `output`
        environment: Mapping[str, str] | None = None,
        permissions: Permissions | None = None,
        plugin_permissions: "Callable[[Plugin], Permissions] | None" = None,
        on_denial: Callable[[Denial], object] | None = None,
        random_seed: int | None = None,
        packed_results: bool = False,
        count_calls: bool = False,
        opens_libraries: bool = True,
    ) -> None:
        """Make an interpreter without any programs.

        Args:
            limits: how much each call from outside may use.
            plugin_limits: how much the code of plugins may use, for those that are loaded from now on.
            module_path: folders of modules that programs import; the folder of the importing file comes before them.
            plugins: the plugins that programs can use, loaded when a program names them; or a function that makes the
                registry when a program first names something that is not in the standard library.
            output: where programs print; None is `sys.stdout` of the moment. Nothing stops a program that waits until somebody
                reads what it prints, unless the stream has `write_within`, as `DescriptorOutput` does.
            input: where programs read lines; None is `sys.stdin` of the moment. Nothing stops a program that waits for a line,
                unless the stream has `await_line`, as `DescriptorInput` does.
            environment: the variables that `env.get` sees in programs; None is none at all.
            permissions: what programs may reach outside; None is nothing.
            plugin_permissions: returns what a plugin may reach outside, of all that its manifest asks for; None is nothing,
                whatever plugins ask for.
            on_denial: told of each attempt at what was not granted, in the thread that runs the call; None writes a warning to
                the logger `alas.permissions`.
            random_seed: makes `math.random` and `math.randomInt` give the same numbers in each run.
            packed_results: return arrays of int, float or bool as `alas_core.PackedArray`, which lends its memory to
                NumPy without a copy, instead of lists.
            count_calls: count how often functions of plugins are called, for `call_counts`; without it they cost nothing.
            opens_libraries: open the libraries of plugins in native code. Without it they are known by their manifests alone,
                which is all that checking programs needs, and calling their functions fails.

        Raises:
            TypeError: `module_path` is one path; or limits or permissions are something else.
        """
        _check_kind("limits", limits, Limits)
        _check_kind("plugin_limits", plugin_limits, PluginLimits)
        _check_kind("permissions", permissions, Permissions)
        _check_function("plugin_permissions", plugin_permissions)
        limits = limits if limits is not None else Limits()
        self._denials = Denials(on_denial)
        self.plugin_limits = plugin_limits if plugin_limits is not None else PluginLimits()
        self.plugin_permissions = plugin_permissions
        self._opens_libraries = opens_libraries
        self._given_plugins = plugins
        self._module_path = tuple(Path(folder) for folder in list_of_paths("module_path", module_path))
        self._engine = Engine(
            depth=limits.depth,
            steps=limits.steps,
            memory=limits.memory,
            timeout=limits.timeout_microseconds,
            random_seed=random_seed,
            environment=environment,
            rights=() if permissions is None else (permissions.for_engine(),),
            denied=self._denials.note,
            write=writer(output),
            write_within=patient_writer(output),
            read_line=reader(input, output),
            await_line=waiter(input, output),
            line_buffered=shows_lines(output),
            packed_results=packed_results,
            count_calls=count_calls,
        )
        self._guards = Guards()
        self._short_lived = ShortLived()
        self._async_calls = AsyncCalls()
        self._bind_call()

    def _bind_call(self) -> None:
        # Without plugins there is nothing to do between the caller and the engine.
        call = self._engine.call if self._given_plugins is None else self._call_or_load
        self.call = call  # type: ignore[method-assign] # saves a Python function in each call

    # --- Programs ---

    def load(self, source: str | bytes | Path | Mapping[str, object]) -> Module:
        """Load a program, and every module that it reaches.

        Args:
            source: JSON text, the `pathlib.Path` of a file, or a JSON document as Python values.

        Returns:
            What the program offers.

        Raises:
            ProgramError: it does not pass the static checks; nothing is loaded then.
            OSError: the file cannot be read.
            TypeError: the source is of another type.
        """
        text, file = read_source(source)
        return self._load(Source(text, file), text)

    def define(self, module: "HostModule") -> Module:
        """Let programs call functions of the host, by a module that they import or name like any other.

        It comes before plugins and files of the same name.

        Args:
            module: the functions. Those that join it later are not seen; define it again then, which replaces it for programs
                that are loaded afterwards.

        Returns:
            What the module offers.

        Raises:
            ProgramError: what it declares is wrong, such as a type that does not exist.

        Example:
            >>> from alas_interp import HostModule
            >>> texts = HostModule("texts")
            >>> @texts.function
            ... def shout(text: str) -> str:
            ...     return text.upper() + "!"
            >>> program = '''{
            ...     "type": "module", "name": "greeter",
            ...     "functions": [{"name": "main", "body": [{"type": "return", "value": {
            ...         "type": "builtin", "name": "texts.shout", "args": [{"type": "literal", "value": "hello"}]
            ...     }}]}]
            ... }'''
            >>> with Interpreter() as interpreter:
            ...     module = interpreter.define(texts)
            ...     module = interpreter.load(program)
            ...     interpreter.call("greeter.main")
            'HELLO!'
        """
        return self._define(module.for_engine())

    def open_library(self, library: "NativeLibrary", context: "PluginContext") -> "NativeModule":
        """Open the library of a plugin in native code, which then runs in this process.

        This is what the loader of native plugins does; the registry's `load` does more, and is the usual way.

        Args:
            library: the library, and what it has to be like.
            context: what its code may know.

        Returns:
            Its functions, for `define_plugin` or `load_plugin`.

        Raises:
            NativeLoadError: it cannot be used.
        """
        if not self._opens_libraries:
            from alas_core import NativeModule

            return NativeModule.declared(library)
        return self._engine.open_library(library, context)

    def load_plugin(self, plugin: "Plugin", native: "NativeModule | None" = None) -> Module:
        """Load the ALaS module of a plugin, to run under the plugin's name and with its capabilities.

        This is what the loader of module plugins does; the registry's `load` does more, and is the usual way.

        Args:
            plugin: a plugin whose dependencies can be found.
            native: what implements the functions that its module lacks, of a hybrid plugin.

        Returns:
            What the module offers.

        Raises:
            ProgramError: the module does not pass the static checks.
            OSError: its file cannot be read.
            ValueError: the plugin has no ALaS code.
        """
        from alas_interp._plugin_modules import PluginModule

        module = PluginModule.of(plugin, self._plugin_terms(), native)
        if module is None:
            raise ValueError(f'the plugin "{plugin.name}" has no ALaS module')
        with self._plugin_modules.loading(module):
            return self._load_plugin_module(module)

    def plugin_needs(self, plugin: "Plugin", native: "NativeModule | None" = None) -> CodeNeeds:
        """Return what the ALaS code of a plugin does to the world outside, whatever its manifest says about that.

        Its module is loaded for it, to be looked at and not to be run: it may reach nothing.

        Args:
            plugin: a plugin whose dependencies can be found.
            native: what implements the functions that its module lacks, of a hybrid plugin.

        Raises:
            ProgramError: the module does not pass the other static checks.
            OSError: its file cannot be read.
            ValueError: the plugin has no ALaS code.
        """
        from alas_interp._imports import ENDING
        from alas_interp._plugin_modules import PluginModule

        found = PluginModule.of(plugin, self._plugin_terms(), native)
        if found is None:
            raise ValueError(f'the plugin "{plugin.name}" has no ALaS module')
        owner = found.unrestricted()
        with self._plugin_modules.loading(owner):
            text = read_file(owner.file)
            loaded, resolver = self._load_or_explain(owner.source(text, owner.file), text, owner)
        others = resolver.files_of(owner) if resolver is not None else []
        files = {loaded.name: owner.file}
        files |= {file.name.removesuffix(ENDING): file for file in others if file != owner.file}
        needs = (
            Need(name, function, builtin, tuple(capabilities), tuple(way))
            for name in files
            for function, builtin, capabilities, way in self._engine.needs(name)
        )
        return CodeNeeds(_describe(loaded), files, tuple(needs))

    def plugin_function(self, name: str) -> Callable[..., object]:
        """Return a function of a plugin for the plugin's loader.

        `function` compares arguments and results with the manifest besides; who calls through the registry has done that.

        Args:
            name: the names of the module and the function, with a dot between.

        Returns:
            What calls it, until the interpreter is closed.
        """
        return functools.partial(self._engine.call, name)

    def unload_plugin(self, plugin: "Plugin") -> None:
        """Forget the module of a plugin. Programs that import it keep what they hold.

        Args:
            plugin: the plugin; one that was never loaded changes nothing.
        """
        from alas_interp._plugin_modules import PluginModule

        module = PluginModule.of(plugin, self._plugin_terms())
        if module is not None:
            self._forget_module(module.name)

    def define_plugin(
        self, module: "EngineHostModule | NativeModule", *, is_persistent: bool = True
    ) -> Module:
        """Define the module of a builtin or native plugin, whose functions the host or native code implements.

        This is what the loaders of such plugins do; the registry's `load` does more, and is the usual way.

        Args:
            module: the module.
            is_persistent: whether the plugin wants to be kept between calls from outside.

        Returns:
            What the module offers.

        Raises:
            ProgramError: what the module declares is wrong.
        """
        defined = self._define(module)
        self._short_lived.note(module.name, is_persistent=is_persistent)
        return defined

    def undefine_plugin(self, name: str) -> None:
        """Forget the module of a builtin or native plugin. Programs that import it keep what they hold.

        Args:
            name: the module's name; one that was never defined changes nothing.
        """
        self._forget_module(name)

    def _plugin_terms(self) -> "PluginTerms":
        from alas_interp._plugin_modules import PluginTerms

        return PluginTerms(self.plugin_limits, self.plugin_permissions)

    def _define(self, module: "EngineHostModule | NativeModule") -> Module:
        try:
            defined = _describe(self._engine.define(module))
        except CheckError as error:
            raise ProgramError(to_diagnostics(error.diagnostics)) from None
        self._plugin_modules.define(module)
        return defined

    def _forget_module(self, name: str) -> None:
        self._guards.remove(name)
        self._short_lived.note(name, is_persistent=True)
        self._plugin_modules.forget(name)
        self._engine.unload(name)

    def _load_plugin_module(self, module: "PluginModule") -> Module:
        text = read_file(module.file)
        return self._load(module.source(text, module.file), text, module)

    def _load(self, source: Source, text: bytes, owner: "PluginModule | None" = None) -> Module:
        loaded, resolver = self._load_or_explain(source, text, owner)
        reached = resolver.plugins if resolver is not None else [owner] if owner is not None else []
        for plugin in reached:
            self._guards.add(plugin.manifest)
            self._short_lived.note(plugin.name, is_persistent=plugin.manifest.runtime.persistent)
        return _describe(loaded)

    def _load_or_explain(
        self, source: Source, text: bytes, owner: "PluginModule | None"
    ) -> "tuple[LoadedModule, ImportResolver | None]":
        """Load a module; return with it what has found its imports, if it has any."""
        resolver: ImportResolver | None = None

        def resolve(name: str, importer: str | None) -> "Source | EngineHostModule | NativeModule | None":
            nonlocal resolver
            if resolver is None:
                from alas_interp._imports import ImportResolver

                module_path = self._module_path if owner is None else ()
                resolver = ImportResolver(module_path, self._plugin_modules, owner)
            return resolver(name, importer)

        try:
            return self._engine.load(source, resolve), resolver
        except CheckError as error:
            problems = resolver.problems if resolver is not None else {}
            cause = next((one.cause for one in problems.values() if one.cause is not None), None)
            diagnostics = to_diagnostics(error.diagnostics)
            if problems:
                from alas_interp._explanations import explain

                diagnostics = explain(diagnostics, problems, text)
            elif text.rstrip().endswith(b".json"):
                from alas_interp._explanations import explain_file_name

                diagnostics = explain_file_name(diagnostics, text)
            raise ProgramError(diagnostics) from cause

    # --- Calls ---

    def call(self, function: str, /, *arguments: object) -> object:  # noqa: ARG002 - see the comment inside
        """Call a function.

        Args:
            function: the names of the module and the function, with a dot between: `my_plugin.process`.
            arguments: int, float, bool, str, None, lists, tuples, dicts, and buffers of numbers such as NumPy arrays,
                which are copied as a whole.

        Returns:
            Its result as a Python value.

        Raises:
            RunError: the program stopped; the class says why.
            RegistryError: the plugin of this module cannot be loaded.
        """
        # Each interpreter has the engine's method in place of this one, until it is closed.
        raise RuntimeError(f"the interpreter is closed; {function} cannot be called")

    async def call_async(self, function: str, /, *arguments: object) -> object:
        """Call a function in a thread of its own, while the event loop goes on.

        When the awaiting task is cancelled, the call is stopped, and the task ends when the call has: within a few
        milliseconds, unless a function of the host does not return.

        Args:
            function: as for `call`.
            arguments: as for `call`.

        Returns:
            Its result as a Python value.

        Raises:
            RunError: as for `call`.
            RegistryError: as for `call`.

        Example:
            >>> import asyncio
            >>> program = {
            ...     "type": "module",
            ...     "name": "m",
            ...     "functions": [
            ...         {
            ...             "name": "f",
            ...             "params": [{"name": "x", "type": "int"}],
            ...             "returns": "int",
            ...             "body": [{"type": "return", "value": {"type": "variable", "name": "x"}}],
            ...         }
            ...     ],
            ... }
            >>> async def main(interpreter):
            ...     return await asyncio.gather(
            ...         *(interpreter.call_async("m.f", number) for number in range(3))
            ...     )
            >>> with Interpreter() as interpreter:
            ...     module = interpreter.load(program)
            ...     asyncio.run(main(interpreter))
            [0, 1, 2]
        """
        if "call" not in self.__dict__:
            raise RuntimeError(f"the interpreter is closed; {function} cannot be called")
        cancellation = Cancellation(self._engine)
        if self._given_plugins is None:
            work = functools.partial(cancellation.call, function, *arguments)
        else:
            work = functools.partial(self._call_by, cancellation.call, function, arguments)
        return await self._async_calls.run(cancellation, work)

    def _call_or_load(self, function: str, /, *arguments: object) -> object:
        return self._call_by(self._engine.call, function, arguments)

    def _call_by(
        self, engine_call: Callable[..., object], function: str, arguments: tuple[object, ...]
    ) -> object:
        # Another thread may unload the plugin between loading it and calling it.
        for _ in range(_MOST_LOADS):
            try:
                return self._call_guarded(engine_call, function, arguments)
            except FunctionNotFoundError as error:
                # A function that a program has looked for in vain is not this one.
                if error.stack or not self._load_owner(function):
                    raise
        return self._call_guarded(engine_call, function, arguments)

    def _call_guarded(
        self, engine_call: Callable[..., object], function: str, arguments: tuple[object, ...]
    ) -> object:
        if not self._short_lived.has(function):
            return self._guards.call(engine_call, function, arguments)
        module = function.rpartition(".")[0]
        with self._short_lived.in_use(module, self.plugins, self._forget_module):
            return self._guards.call(engine_call, function, arguments)

    def _load_owner(self, function: str) -> bool:
        """Load the plugin whose function was called before any program has named it; say whether there is one."""
        name = function.rpartition(".")[0]
        if name in self._engine.modules():
            return False
        module = self._plugin_modules.find(name)
        if module is None:
            return False
        if name not in self._engine.modules():
            # The registry's loader runs the plugin in an engine of its own.
            from alas_interp._plugin_modules import PluginModule

            if isinstance(module, PluginModule):
                self._load_plugin_module(module)
            else:
                self._engine.define(module)
        return True

    def function(self, name: str) -> Callable[..., object]:
        """Return a function as a Python callable, the fastest way to call it often.

        Args:
            name: the names of the module and the function, with a dot between.

        Returns:
            What calls it, as `call` does, until the interpreter is closed.

        Raises:
            RegistryError: the plugin of this module cannot be loaded.
        """
        if self._given_plugins is None:
            return self._engine.function(name, self._engine.call, self._is_called_directly)
        self._load_owner(name)
        return self._engine.function(name, self._call_or_load, self._is_called_directly)

    def _is_called_directly(self, name: str) -> bool:
        """Return whether the engine does all that there is to a call of a function."""
        return not self._guards.has(name) and not self._short_lived.has(name)

    def interrupt(self) -> None:
        """Stop every running call with `CancelledError`. May be called from any thread and from signal handlers."""
        self._engine.interrupt()

    # --- What belongs to it ---

    @property
    def _plugin_modules(self) -> "PluginModules":
        from alas_interp._plugin_modules import PluginModules

        made: PluginModules | None = self.__dict__.get("plugin_modules")
        if made is None:
            # Of two threads that come here at once, both get what the first one made.
            modules = PluginModules(self._given_plugins, self._plugin_terms, self._load_here)
            made = self.__dict__.setdefault("plugin_modules", modules)
        return made

    def _load_here(self, plugin: "Plugin") -> None:
        """Load a plugin here that the registry's loader runs in another interpreter."""
        from alas_interp.loaders import loader_of_type

        if plugin.type is not None:
            loader_of_type(plugin.type, self).load(plugin)

    @property
    def plugins(self) -> "Registry | None":
        """The plugins that programs can use."""
        return self._plugin_modules.registry

    def use_plugins(self, registry: "Registry") -> None:
        """Let programs use the plugins of a registry, instead of those of any other.

        Args:
            registry: the registry; it stays the caller's to close.
        """
        self._given_plugins = registry
        self._plugin_modules.attach(registry)
        self._bind_call()

    def modules(self) -> list[str]:
        """Return the names of all modules that are loaded."""
        return self._engine.modules()

    def statistics(self) -> dict[str, int]:
        """Return counters of the calling thread: `copies`, `memory_used`, `memory_peak`."""
        return self._engine.statistics()

    def denial_counts(self) -> Mapping[str | None, int]:
        """Return how often code tried what was not granted, by the name of its plugin; None is for programs.

        Example:
            >>> Interpreter().denial_counts()
            {}
        """
        return self._denials.counts()

    def call_counts(self) -> dict[str, int]:
        """Return how often each function of a plugin was called.

        Counted are all calls that entered the function: from outside, from programs and from other plugins, also those that
        failed. A plugin that was unloaded or replaced keeps its counts.

        Returns:
            The names of modules and functions, such as `my_plugin.process`, with the number of calls; functions that were
            never called are among them. It is empty unless the interpreter was made with `count_calls`.

        Example:
            >>> from alas_core import HostModule, PluginContext
            >>> functions = [("double", [("x", "int")], "int", lambda x: x + x)]
            >>> plugin = HostModule("numbers", functions, plugin=PluginContext("numbers", "1.0.0"))
            >>> with Interpreter(count_calls=True) as interpreter:
            ...     module = interpreter.define_plugin(plugin)
            ...     interpreter.call("numbers.double", 21), interpreter.call_counts()
            (42, {'numbers.double': 1})
        """
        return self._engine.call_counts()

    def close(self) -> None:
        """Forget all programs. Closing twice is allowed; calls that are running end first in their own time."""
        self.__dict__.pop("call", None)
        self._async_calls.close()
        for name in self._engine.modules():
            self._engine.unload(name)

    def __enter__(self) -> Self:
        """Return the interpreter; leaving the `with` statement closes it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Close the interpreter."""
        self.close()


def _describe(loaded: LoadedModule) -> Module:
    functions = tuple(
        Function(
            one.name, tuple(Parameter(name, kind) for name, kind in one.parameters), one.returns, one.exported
        )
        for one in loaded.functions
    )
    return Module(loaded.name, loaded.file, functions, to_diagnostics(loaded.warnings))
