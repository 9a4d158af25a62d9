"""The engine of ALaS as Python sees it; ``alas_interp`` is the comfortable way to it."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Self, final, overload

from typing_extensions import disjoint_base

from alas_core.native import NativeLibrary

__all__ = [
    "Cancellation",
    "Engine",
    "Function",
    "FunctionInfo",
    "HostModule",
    "LoadedModule",
    "NativeModule",
    "PackedArray",
    "PluginContext",
    "Rights",
    "Source",
    "Turn",
    "diagnostic_codes",
    "error_codes",
    "inspect_library",
    "library",
    "native_load_codes",
    "version",
]

@final
class Source:
    """The text of a module, as a resolver hands it to :meth:`Engine.load`."""

    def __new__(
        cls,
        text: bytes,
        file: str | None = None,
        plugin: PluginContext | None = None,
        *,
        native: NativeModule | None = None,
    ) -> Source:
        """Make a source. With ``native``, native code implements those of the module's functions."""

@final
class PluginContext:
    """The part of a plugin's manifest that its own code can read, and what the manifest declares to use.

    ``memory`` (bytes), ``timeout`` (microseconds) and ``cores`` (1.0 is one of them) are what its code in ALaS may use in a call
    from outside, in all its modules that are loaded with this object; None is as much as there is. With ``one_at_a_time``, calls
    from outside wait for each other. Calls of ``async_functions`` by other modules start tasks. A library that is opened with this object is
    held to ``memory`` alone, in the values that it has the engine make. What it may reach outside is what all of
    the ``rights`` grant, and nothing without any.
    """

    def __new__(
        cls,
        name: str,
        version: str,
        *,
        config: Mapping[str, str] = ...,
        environment: Mapping[str, str] = ...,
        capabilities: Sequence[str] | None = None,
        allowed_apis: Sequence[str] | None = None,
        memory: int | None = None,
        timeout: int | None = None,
        cores: float | None = None,
        one_at_a_time: bool = False,
        async_functions: AbstractSet[str] = ...,
        rights: Sequence[Rights] = ...,
    ) -> PluginContext: ...

@final
class Rights:
    """What one source grants code to reach outside: a manifest, a policy, a command line.

    ``read`` and ``write`` are paths of files, and of folders with all that is in them. Relative ones start from the folder that
    the process works in, and links in them are followed when the object is made. ``run`` are commands: names, which are looked
    for on the search path when the object is made, or paths. ``network`` are hosts, each alone or with a port, such as
    ``example.com``, ``*.example.com:443`` or ``[::1]:8080``. None is everything.

    Raises:
        ValueError: what should be a host is none.
    """

    def __new__(
        cls,
        *,
        read: Sequence[str] | None = (),
        write: Sequence[str] | None = (),
        run: Sequence[str] | None = (),
        network: Sequence[str] | None = (),
    ) -> Self: ...

@final
class FunctionInfo:
    """What a module declares about one function."""

    @property
    def name(self) -> str: ...
    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Name and declared type of each parameter, in order."""

    @property
    def returns(self) -> str:
        """The declared result type, ``any`` when the function declares none."""

    @property
    def exported(self) -> bool: ...

@final
class HostModule:
    """A module whose functions are Python callables."""

    def __new__(
        cls,
        name: str,
        functions: Iterable[tuple[str, Sequence[tuple[str, str]], str | None, Callable[..., object]]],
        *,
        types: Iterable[object] | None = None,
        file: str | None = None,
        plugin: PluginContext | None = None,
        turn: Turn | None = None,
        packed_arguments: bool = False,
    ) -> HostModule:
        """Make a module that an engine can load.

        Each function is its name, the name and type of each parameter, the type of its result (None is ``any``), and the
        callable that implements it. ``types`` are the definitions that a module holds under this key, as Python values.
        Types are written as programs write them. With ``packed_arguments``, arrays of int, float or bool are passed as
        :class:`PackedArray`, which lends its memory to NumPy, instead of lists. With a ``turn``, calls run one at a time.

        Raises TypeError when a function has no callable; what else is wrong is found when the module is loaded.

        The engine calls the callable in the thread of the program, with arguments of the declared types. Its result is
        checked against the declared type; another one is the run-time error ``native_error``. So is any exception that
        it raises, but a :class:`alas_core.errors.RunError` keeps its code, and ``KeyboardInterrupt`` and others that are
        no ``Exception`` stop the program. Either way the exception is the ``__cause__`` of the error.
        """

    @property
    def name(self) -> str: ...
    @property
    def file(self) -> str | None: ...
    @property
    def functions(self) -> list[FunctionInfo]:
        """What the module declares, in order."""

@final
class NativeModule:
    """A module whose functions are native code, or the native half of a module; :meth:`Engine.open_library` makes it.

    It belongs to the engine that has made it: its functions call others there. Its library stays in the process.
    """

    @staticmethod
    def declared(library: NativeLibrary) -> NativeModule:
        """Make one whose library is not opened: programs can be checked against it, and its functions cannot be called."""

    @property
    def name(self) -> str: ...
    @property
    def file(self) -> str:
        """The library."""

    @property
    def functions(self) -> list[FunctionInfo]:
        """What the library offers, in order."""

@final
class Turn:
    """Lets one call at a time run of the host modules that have it.

    A call keeps its turn until it returns. Another may enter meanwhile only if the one inside waits for it: it comes back
    from the same thread, or from one that the first waits for through other turns. So calls never wait for each other for
    ever.
    """

    def __new__(cls) -> Turn: ...

@final
class Cancellation:
    """Calls that another thread can stop by themselves.

    Cancelling stops the calls that run through it, and those that come, and no others.

    Example:
        >>> cancellation = Cancellation(Engine())
        >>> cancellation.cancel()
    """

    def __new__(cls, engine: Engine) -> Cancellation: ...
    def call(self, function: str, /, *arguments: object) -> object:
        """Call a function as :meth:`Engine.call` does. Once cancelled, it ends with :class:`CancelledError` at its next check."""

    def cancel(self) -> None:
        """Stop the calls. May be called from any thread, and more than once."""

@final
class Function:
    """Calls a function of an engine, as :meth:`Engine.call` does; :meth:`Engine.function` makes it."""

    def __call__(self, *arguments: object) -> object: ...

@final
class LoadedModule:
    """A module that has passed every check and can be called."""

    @property
    def name(self) -> str: ...
    @property
    def file(self) -> str | None: ...
    @property
    def functions(self) -> list[FunctionInfo]: ...
    @property
    def warnings(self) -> list[tuple[str, str, str, str | None, str, int, int, str | None]]:
        """Code, severity, message, file, pointer, line, column, help of each finding that did not stop it."""

@final
class PackedArray:
    """A packed array that a program returned: a read-only sequence that lends its memory as a buffer."""

    def __len__(self) -> int: ...
    @overload
    def __getitem__(self, index: int, /) -> int | float | bool: ...
    @overload
    def __getitem__(self, index: slice, /) -> PackedArray: ...
    if sys.version_info >= (3, 12):
        # Older versions lend the memory as well, but have no method for it.
        def __buffer__(self, flags: int, /) -> memoryview: ...
    def tolist(self) -> list[int] | list[float] | list[bool]: ...

@disjoint_base
class Engine:
    """Loads modules and calls their functions.

    All methods may be called from any thread, and calls from several threads run at once.
    """

    def __new__(
        cls,
        *,
        depth: int = 10_000,
        steps: int | None = None,
        memory: int | None = None,
        timeout: int | None = None,
        random_seed: int | None = None,
        environment: Mapping[str, str] | None = None,
        rights: Sequence[Rights] = (),
        denied: Callable[[str | None, str, str, str, str], object] | None = None,
        write: Callable[[str], object] | None = None,
        write_within: Callable[[str, float], int] | None = None,
        read_line: Callable[[], str | None] | None = None,
        await_line: Callable[[float, int], bool] | None = None,
        line_buffered: bool = False,
        packed_results: bool = False,
        count_calls: bool = False,
    ) -> Self:
        """Make an engine.

        ``write`` receives the output of ``io.print`` in pieces of some kilobytes, at the latest when a call ends or
        reads a line, or line by line when ``line_buffered``; without it output goes to file descriptor 1.
        ``write_within`` is called instead, again and again: it writes as much of a piece as it can within so many seconds, and
        returns how many characters; between its calls the program can be stopped. Without it nothing stops a program whose output
        nobody takes.
        ``read_line`` returns the next line of input without its line end, or ``None`` at the end; without it lines
        come from file descriptor 0. ``await_line`` is called before, again and again: it waits for so many seconds for a line of
        no more than so many bytes, and says whether ``read_line`` has one now or has come to the end; between its calls the
        program can be stopped. It raises :class:`MemoryError` when the line is too long. Without it nothing stops a program that
        waits for input. ``environment`` is what
        ``env.get`` sees in programs that are no plugin, and ``rights`` what they may reach, which is what all of these grant,
        and nothing without any. ``denied`` is called at each attempt at what was not granted, with the name of the plugin or
        ``None``, the module, its function, the word for what was tried (``read``, ``write``, ``run``, ``net``), and the target. With ``packed_results``, arrays of int, float or bool come
        back as :class:`PackedArray` instead of lists. With ``count_calls``, :meth:`call_counts` says how often functions of
        plugins were called.
        """

    def load(
        self,
        source: Source,
        resolve: Callable[[str, str | None], Source | HostModule | NativeModule | None],
    ) -> LoadedModule:
        """Load a module and all modules that it reaches, or none of them.

        ``resolve(name, importer_file)`` returns the module that an import, or a builtin call outside the standard
        library, names, as its source or as a host module, or ``None`` when there is none; exceptions that it raises go
        to the caller. It may itself call :meth:`load` to load other modules first.

        Raises :class:`alas_core.errors.ProgramError` with all findings of all modules.
        """

    def define(self, module: HostModule | NativeModule) -> LoadedModule:
        """Load a host or native module; one of the same name is replaced, as :meth:`load` does.

        Raises :class:`alas_core.errors.ProgramError` when its declarations are wrong.
        """

    def open_library(self, library: NativeLibrary, plugin: PluginContext) -> NativeModule:
        """Open a library of native code, compare it with what is expected of it, and have it begin.

        Its code runs in this process, where nothing holds it. It is opened as a copy, and stays in the process.

        Raises :class:`alas_core.errors.NativeLoadError` when it cannot be used.
        """

    def modules(self) -> list[str]:
        """The names of all loaded modules."""

    def needs(self, module: str) -> list[tuple[str, str | None, list[str], list[str]]]:
        """What the functions of a loaded module do to the world outside, themselves or by what they call, in their order.

        Each is the function, the standard function that does it (or None when a plugin in native code or Python does), the
        capabilities that it takes, and a way there, as names. There is nothing for a module that is not loaded.
        """

    def unload(self, name: str) -> bool:
        """Forget a module; running calls and modules that import it keep what they hold."""

    def call(self, function: str, /, *arguments: object) -> object:
        """Call ``module.function`` with Python values and return a Python value.

        int, float, bool, str, None, lists and tuples, dicts with text, int, float or bool keys, and buffers of numbers
        (copied once, whole) are accepted. Raises a subclass of :class:`alas_core.errors.RunError`.

        When Python ends, calls in daemon threads are stopped, and raise SystemExit there.
        """

    def function(
        self, name: str, otherwise: Callable[..., object], is_direct: Callable[[str], bool]
    ) -> Function:
        """Return what calls ``module.function``, the fastest way to call it often.

        It is looked up again whenever modules have changed. When there is no such function, or ``is_direct(name)`` was false
        then, ``otherwise`` is called in its place, with the name before the arguments.
        """

    def interrupt(self) -> None:
        """Stop every running call with ``cancelled``; may be called from any thread."""

    def statistics(self) -> dict[str, int]:
        """Counters of the calling thread: ``copies``, ``memory_used``, ``memory_peak``."""

    def call_counts(self) -> dict[str, int]:
        """How often each function of a plugin was called, by ``module.function``.

        Counted are the functions of all plugins that were ever loaded here, and all calls that entered them: from
        outside, from other modules and from the plugin itself; also those that failed, and those of a function that was
        unloaded or replaced. Without ``count_calls`` there are none.

        Example:
            >>> from alas_core import Engine, HostModule, PluginContext
            >>> engine = Engine(count_calls=True)
            >>> functions = [("double", [("x", "int")], "int", lambda x: x + x)]
            >>> module = engine.define(
            ...     HostModule("numbers", functions, plugin=PluginContext("numbers", "1.0.0"))
            ... )
            >>> engine.call("numbers.double", 21)
            42
            >>> engine.call_counts()
            {'numbers.double': 1}
        """

def library() -> list[tuple[str, str, list[str], str]]:
    """Name, signature, capabilities and documentation of every standard function, in the order of the table."""

def diagnostic_codes() -> list[tuple[str, str, str]]:
    """Code, severity and meaning of every diagnostic."""

def inspect_library(path: Path) -> None:
    """Look at the file of a library of native code as opening it does first, without running any of it.

    Raises :class:`alas_core.errors.NativeLoadError`.
    """

def native_load_codes() -> list[tuple[str, str]]:
    """Code and meaning of everything that can keep a library of native code from being loaded."""

def error_codes() -> list[tuple[str, str]]:
    """Code and meaning of every run-time error."""

version: str
"""The engine's version, which ``alas_version`` ranges are compared with."""
