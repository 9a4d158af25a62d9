"""One run of one program: from its text to the exit code."""

import gc
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alas_cli._command import UsageMistake, reading, write_error
from alas_cli._console import Console
from alas_cli._denials import Denials, advice_in_run, log_denial
from alas_cli._interrupts import handled_interrupts
from alas_cli._outcomes import Outcomes
from alas_cli._registry import (
    check_folders,
    close,
    enable_debug,
    load_remembered,
    make_registry,
)
from alas_interp import (
    AlasTypeError,
    AlasValueError,
    Function,
    Interpreter,
    Limits,
    Module,
    Permissions,
    ProgramError,
    RunError,
)

if TYPE_CHECKING:
    from alas_cli._excerpts import Texts
    from alas_registry import Registry


# What the command line has in place of a value that was left out.
EVERYTHING = "*"


@dataclass(kw_only=True)
class Options:
    """The command line of `alas-run`."""

    file: str | None
    function: str
    words: tuple[str, ...]
    plugin_paths: tuple[str, ...]
    module_paths: tuple[str, ...]
    plugin_debug: bool
    output_format: str
    max_depth: int | None
    max_steps: int | None
    max_memory: int | None
    timeout: float | None
    seed: int | None
    readable: tuple[str, ...]
    writable: tuple[str, ...]
    commands: tuple[str, ...]
    hosts: tuple[str, ...]
    environment_names: tuple[str, ...]
    allows_all: bool

    @property
    def last_without_value(self) -> str | None:
        """An option that allows everything of its kind because no value follows it."""
        stated = {
            "-allow-env": self.environment_names,
            "-allow-read": self.readable,
            "-allow-write": self.writable,
            "-allow-run": self.commands,
            "-allow-net": self.hosts,
        }
        return next((option for option, names in stated.items() if EVERYTHING in names), None)

    @property
    def advice_on_value(self) -> str | None:
        """How to write the word that was taken for the program, if it may have been meant as the value of an option.

        The value of these options has to follow a `=`.
        """
        option = self.last_without_value
        if option is None or self.file is not None or not self.words or self.words[0].startswith("-"):
            return None
        first, *others = self.words
        # A program of a wrong name is no such word, unless another program follows.
        if first.endswith(".json") and not any(word.endswith(".json") for word in others):
            return None
        return f"what is allowed is named by {option}={first}"

    @property
    def permissions(self) -> Permissions:
        """What the program may reach outside, and plugins as far as their manifests ask for it."""
        return Permissions(
            read=self._reach(self.readable),
            write=self._reach(self.writable),
            commands=self._reach(self.commands),
            variables=self._reach(self.environment_names),
            network=self._reach(self.hosts),
        )

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables that the program may see."""
        names = self._reach(self.environment_names)
        seen = (
            os.environ if names is None else {name: os.environ[name] for name in names if name in os.environ}
        )
        return {_as_text(name): _as_text(value) for name, value in seen.items()}

    def _reach(self, names: tuple[str, ...]) -> tuple[str, ...] | None:
        return None if self.allows_all or EVERYTHING in names else names


class RunProgram:
    """Runs a program as a command line asks."""

    def __init__(self, options: Options, words: Sequence[str]) -> None:
        """Take the command line.

        Args:
            options: the options.
            words: the arguments of the program.
        """
        self._options = options
        self._words = words
        self._is_for_machines = options.output_format == "json"
        self._interpreter: Interpreter | None = None
        self._registry: Registry | None = None
        self._denials = Denials(log_denial)
        self._is_stopped = False

    def run(self, read: Callable[[], bytes | Path]) -> int:
        """Run the program.

        Args:
            read: returns the program's file, or its text from standard input.

        Returns:
            The exit code.

        Raises:
            UsageMistake: something that the command line names is not there, or an argument does not fit.
            KeyboardInterrupt: the user has stopped it before it ran, or while it waited for a line.
            OSError: the output cannot be written.
        """
        with handled_interrupts(self._stop):
            check_folders("-plugin-path", self._options.plugin_paths)
            check_folders("-module-path", self._options.module_paths)
            is_debugged = enable_debug(asked=self._options.plugin_debug)
            source = read()
            self._console = Console(is_for_machines=self._is_for_machines)
            interpreter = self._interpreter = self._make_interpreter(
                has_file=isinstance(source, Path), count_calls=is_debugged
            )
            if is_debugged:
                # Asking for the plugins finds them, whether or not the program needs any.
                _ = interpreter.plugins
            try:
                load_remembered(lambda: interpreter.plugins)
                return self._run_and_report(interpreter, source)
            finally:
                if is_debugged:
                    _log_calls(interpreter)
                if self._registry is not None:
                    close(self._registry)

    def _stop(self) -> None:
        """Stop the program, also one that has not begun or that takes the interrupt for a failure of its own."""
        self._is_stopped = True
        if self._interpreter is not None:
            self._interpreter.interrupt()

    def _run_and_report(self, interpreter: Interpreter, source: bytes | Path) -> int:
        outcomes = self._outcomes = Outcomes(
            self._console,
            is_for_machines=self._is_for_machines,
            texts=_texts(source),
            has_limits=True,
            advise=lambda error: advice_in_run(self._denials, error),
        )
        try:
            return outcomes.show_result(interpreter, self._run(interpreter, source))
        except ProgramError as error:
            _refuse_manifest(source)
            code = outcomes.report_program(error)
            advice = self._options.advice_on_value
            if advice is not None and any(not finding.pointer for finding in error.diagnostics):
                write_error(f"note: {self._options.words[0]!r} was taken for the program; {advice}\n")
            return code
        except RunError as error:
            return outcomes.report_failure(error)

    def _make_interpreter(self, *, has_file: bool, count_calls: bool) -> Interpreter:
        options = self._options
        stated = {"depth": options.max_depth, "memory": options.max_memory}
        limits = {name: limit for name, limit in stated.items() if limit is not None}
        return Interpreter(
            limits=Limits(**limits, steps=options.max_steps, timeout=options.timeout),
            # A program from standard input imports from where it is run.
            module_path=[*([] if has_file else ["."]), *options.module_paths],
            plugins=self._make_registry,
            output=self._console.output,
            input=self._console.input,
            environment=options.environment,
            permissions=options.permissions,
            # Plugins get no more of it than their manifests ask for.
            plugin_permissions=lambda _: options.permissions,
            on_denial=self._denials,
            random_seed=options.seed,
            count_calls=count_calls,
        )

    def _run(self, interpreter: Interpreter, source: bytes | Path) -> object:
        with reading(f"the file {str(source)!r}"):
            module = interpreter.load(source)
        if module.diagnostics:
            self._outcomes.show_findings(module.diagnostics)
        function = self._find_function(module)
        arguments = self._read_arguments(function, source)
        if self._is_stopped:
            # The engine forgets interrupts from before a call.
            raise KeyboardInterrupt
        # What is there by now stays to the end, so the collector need not look at it.
        gc.freeze()
        gc.enable()
        try:
            return interpreter.call(f"{module.name}.{function.name}", *arguments)
        except (AlasTypeError, AlasValueError) as error:
            if error.stack or not arguments:
                raise
            # Nothing was running yet, so it is the arguments.
            from alas_cli._words import unfit_argument

            raise UsageMistake(unfit_argument(function, error.message)) from None

    def _make_registry(self) -> "Registry":
        self._registry = make_registry(self._started_interpreter, self._options.plugin_paths)
        return self._registry

    def _started_interpreter(self) -> Interpreter:
        assert self._interpreter is not None, "plugins are looked for by an interpreter"
        return self._interpreter

    def _find_function(self, module: Module) -> Function:
        function = module.function(self._options.function)
        if function is None:
            import difflib

            names = [one.name for one in module.functions]
            near = difflib.get_close_matches(self._options.function, names, 1)
            advice = f"did you mean {near[0]!r}?" if near else f"it has: {', '.join(names) or 'none'}"
            raise UsageMistake(
                f"the module {module.name!r} has no function {self._options.function!r}; {advice} "
                "(-fn names the function to run)"
            )
        return function

    def _read_arguments(self, function: Function, source: bytes | Path) -> list[object]:
        if not self._words and not function.parameters:
            return []
        from alas_cli._words import ModuleTypes, read_words

        types = ModuleTypes(lambda: source if isinstance(source, bytes) else source.read_bytes())
        return read_words(function, self._words, types)


def _log_calls(interpreter: Interpreter) -> None:
    """Write down how often each function of a plugin was called, also by calls that never left the engine."""
    import logging

    logger = logging.getLogger("alas.registry")
    for function, times in interpreter.call_counts().items():
        logger.debug("%s was called %d time%s", function, times, "" if times == 1 else "s")


def _refuse_manifest(source: bytes | Path) -> None:
    """Say what a manifest is, in place of all that keeps it from being a program.

    Raises:
        UsageMistake: it is a manifest.
    """
    from alas_cli._check_files import is_manifest

    if not is_manifest(source if isinstance(source, bytes) else source.read_bytes()):
        return
    if isinstance(source, bytes):
        raise UsageMistake("expected a program, found the manifest of a plugin")
    folder = source.parent if source.parent.name else Path("./")
    raise UsageMistake(
        f"expected a program, found the manifest of a plugin, {str(source)!r}; programs use a plugin by its module, and "
        f"alas-plugin info {folder} says what it has"
    )


def _texts(source: bytes | Path) -> "Texts | None":
    if isinstance(source, Path):
        return None
    from alas_cli._excerpts import Texts

    return Texts({None: source})


def _as_text(value: str) -> str:
    # The environment may hold any bytes; what is no Unicode text cannot be text in a program.
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
