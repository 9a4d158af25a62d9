"""The errors of programs as exceptions.

Each run-time code of the language has a class of its own, so that a host tells limits, permissions and crashes apart by
class. The engine raises through `run_error` and `program_error`; a host catches::

    AlasError
    ├── ProgramError                  the program does not pass the static checks
    ├── NativeLoadError               a library of native code cannot be loaded
    └── RunError                      the program stopped while running
        ├── AlasTypeError, AlasValueError, DivisionByZeroError, IndexOutOfBoundsError, KeyNotFoundError
        ├── ArgumentCountError, FunctionNotFoundError, IoFailedError
        ├── LimitError                CallDepthExceededError, TimeoutExceededError,
        │                             MemoryLimitExceededError, StepLimitExceededError
        ├── CancelledError
        ├── PermissionDeniedError
        └── PluginError               PluginNotFoundError, PluginLoadFailedError, NativeError, PluginCrashedError
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

__all__ = [
    "CLASSES",
    "AlasError",
    "AlasTypeError",
    "AlasValueError",
    "ArgumentCountError",
    "CallDepthExceededError",
    "CancelledError",
    "DivisionByZeroError",
    "Finding",
    "Frame",
    "FunctionNotFoundError",
    "IndexOutOfBoundsError",
    "IoFailedError",
    "KeyNotFoundError",
    "LimitError",
    "MemoryLimitExceededError",
    "NativeError",
    "NativeLoadError",
    "PermissionDeniedError",
    "Place",
    "PluginCrashedError",
    "PluginError",
    "PluginLoadFailedError",
    "PluginNotFoundError",
    "ProgramError",
    "RunError",
    "StepLimitExceededError",
    "TimeoutExceededError",
    "program_error",
    "run_error",
]

Finding: TypeAlias = tuple[str, str, str, str | None, str, int, int, str | None]
"""A finding of the static checks: code, severity, message, file, pointer, line, column, help."""


class Frame(NamedTuple):
    """A call that was running.

    Attributes:
        module: the module of the function.
        function: the function.
        pointer: the JSON pointer of the node that was being evaluated.
        line: its line, counted from 1.
        column: its column in characters, counted from 1.
    """

    module: str
    function: str
    pointer: str
    line: int
    column: int


class Place(NamedTuple):
    """Where a program stopped.

    Attributes:
        file: the file of the module, or None when its text came from elsewhere.
        pointer: the JSON pointer of the failing node.
        line: its line, counted from 1; 0 when no node is to blame, as for a call from outside to a missing function.
        column: its column in characters, counted from 1; 0 like the line.
        module: the module of the function.
        function: the function.
    """

    file: str | None = None
    pointer: str = ""
    line: int = 0
    column: int = 0
    module: str = ""
    function: str = ""


class AlasError(Exception):
    """Base of all errors of programs."""


class ProgramError(AlasError):
    """A program does not pass the static checks.

    Attributes:
        diagnostics: all findings of all modules, warnings included, as `Finding` tuples.
    """

    def __init__(self, diagnostics: Iterable[Finding]) -> None:
        self.diagnostics = list(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        """Return a line for each finding."""
        return "\n".join(_finding_line(finding) for finding in self.diagnostics)


class NativeLoadError(AlasError):
    """A library of native code cannot be loaded.

    Attributes:
        code: the kind of problem, one word of the list that `alas_core.native_load_codes` returns.
        message: what is wrong, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(code, message)

    def __str__(self) -> str:
        """Return the message."""
        return self.message


class RunError(AlasError):
    """A program stopped while running. The subclasses say why.

    Attributes:
        code: the kind of error, one word of a closed list.
        message: what was expected and what was found.
        place: where.
        stack: the calls that were running, innermost first.
    """

    code: str = "run_error"

    def __init__(self, message: str, place: Place | None = None, stack: Sequence[Frame] = ()) -> None:
        self.message = message
        self.place = place if place is not None else Place()
        self.stack = list(stack)
        super().__init__(message, self.place, self.stack)

    @property
    def file(self) -> str | None:
        """The file of the failing node, or None when the program's text came from elsewhere."""
        return self.place.file

    @property
    def pointer(self) -> str:
        """The JSON pointer of the failing node."""
        return self.place.pointer

    @property
    def line(self) -> int:
        """The line of the failing node, counted from 1; 0 when no node is to blame."""
        return self.place.line

    @property
    def column(self) -> int:
        """The column of the failing node, counted from 1; 0 when no node is to blame."""
        return self.place.column

    @property
    def module(self) -> str:
        """The module of the function that failed."""
        return self.place.module

    @property
    def function(self) -> str:
        """The function that failed."""
        return self.place.function

    def __str__(self) -> str:
        """Return one line with the place, the code, the message and the function."""
        text = f"{self.code}: {self.message}"
        if self.line:
            text = f"{self.file or '<text>'}:{self.line}:{self.column}: {text}"
        if self.function:
            text += f" (in {self.module}.{self.function})"
        return _printable(text)


class AlasTypeError(RunError):
    """An operation met a value of a kind that it does not take."""

    code = "type_error"


class DivisionByZeroError(RunError):
    """A division or remainder by zero."""

    code = "division_by_zero"


class IndexOutOfBoundsError(RunError):
    """A position outside an array or a string."""

    code = "index_out_of_bounds"


class KeyNotFoundError(RunError):
    """A map, an environment or a configuration has no such key."""

    code = "key_not_found"


class AlasValueError(RunError):
    """A value of the right kind that the operation cannot use."""

    code = "value_error"


class ArgumentCountError(RunError):
    """A call passes more or fewer arguments than the function takes."""

    code = "argument_count"


class FunctionNotFoundError(RunError):
    """A call by name names no function."""

    code = "function_not_found"


class IoFailedError(RunError):
    """The operating system refused an input or output operation."""

    code = "io_error"


class LimitError(RunError):
    """The program reached a limit that the host has set. The subclasses say which."""


class CallDepthExceededError(LimitError):
    """Calls nest deeper than the limit."""

    code = "call_depth_exceeded"


class TimeoutExceededError(LimitError):
    """The call took longer than its time limit."""

    code = "timeout"


class MemoryLimitExceededError(LimitError):
    """The program asked for more memory than its limit."""

    code = "memory_limit_exceeded"


class StepLimitExceededError(LimitError):
    """The program ran more steps than its limit."""

    code = "step_limit_exceeded"


class CancelledError(RunError):
    """The host or the user stopped the program."""

    code = "cancelled"


class PermissionDeniedError(RunError):
    """The program tried what was not granted.

    Attributes:
        access: the right that it lacked, `read`, `write`, `run` or `net`; None when a function of the host refused.
        target: what would have to be granted, an absolute path, a command, or a host or address with its port; None where a link
            leads out of what was granted, which no grant of the link changes, and when a function of the host refused.
    """

    code = "permission_denied"
    access: str | None = None
    target: str | None = None


class PluginError(RunError):
    """A plugin, not the program, failed. The subclasses say how."""


class PluginNotFoundError(PluginError):
    """There is no such plugin."""

    code = "plugin_not_found"


class PluginLoadFailedError(PluginError):
    """A plugin could not be loaded."""

    code = "plugin_load_failed"


class NativeError(PluginError):
    """A native function reported a failure.

    Attributes:
        native_code: the plugin's own word for the failure; None when it gave none.
    """

    code = "native_error"
    native_code: str | None = None


class PluginCrashedError(PluginError):
    """The process of a plugin died."""

    code = "plugin_crashed"


CLASSES: dict[str, type[RunError]] = {
    one.code: one
    for one in (
        AlasTypeError,
        DivisionByZeroError,
        IndexOutOfBoundsError,
        KeyNotFoundError,
        AlasValueError,
        ArgumentCountError,
        FunctionNotFoundError,
        CallDepthExceededError,
        TimeoutExceededError,
        MemoryLimitExceededError,
        StepLimitExceededError,
        CancelledError,
        PermissionDeniedError,
        PluginNotFoundError,
        PluginLoadFailedError,
        NativeError,
        PluginCrashedError,
        IoFailedError,
    )
}
"""The class of each run-time code."""


def run_error(  # noqa: PLR0913, PLR0917 - the engine calls it, and flat arguments need no type of Python's on its side
    code: str,
    message: str,
    file: str | None,
    pointer: str,
    line: int,
    column: int,
    module: str,
    function: str,
    stack: Iterable[tuple[str, str, str, int, int]],
) -> RunError:
    """Make the exception of a run-time error.

    Args:
        code: the run-time code; one without a class of its own becomes a plain `RunError` with this code.
        message: what was expected and what was found.
        file: the file of the failing module, or None.
        pointer: the JSON pointer of the failing node.
        line: its line, counted from 1, or 0.
        column: its column, counted from 1, or 0.
        module: the module of the function that failed.
        function: the function that failed.
        stack: module, function, pointer, line and column of each running call, innermost first.

    Returns:
        The exception, to be raised.

    Example:
        >>> error = run_error("division_by_zero", "1 / 0", "a.json", "/x", 2, 7, "a", "main", [])
        >>> print(error)
        a.json:2:7: division_by_zero: 1 / 0 (in a.main)
    """
    place = Place(file, pointer, line, column, module, function)
    frames = [Frame(*frame) for frame in stack]
    if code in CLASSES:
        return CLASSES[code](message, place, frames)
    error = RunError(message, place, frames)
    error.code = code
    return error


def program_error(diagnostics: Iterable[Finding]) -> ProgramError:
    """Make the exception of a program that does not pass the static checks.

    Args:
        diagnostics: the findings.

    Returns:
        The exception, to be raised.

    Example:
        >>> finding = ("missing_key", "error", '"name" is missing', "a.json", "", 1, 1, "add it")
        >>> print(program_error([finding]))
        a.json:1:1: error[missing_key]: "name" is missing
    """
    return ProgramError(diagnostics)


def _finding_line(finding: Finding) -> str:
    code, severity, message, file, _, line, column, _ = finding
    return _printable(f"{file or '<text>'}:{line}:{column}: {severity}[{code}]: {message}")


def _printable(text: str) -> str:
    """Replace what could drive a terminal: messages quote names and texts of programs."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
