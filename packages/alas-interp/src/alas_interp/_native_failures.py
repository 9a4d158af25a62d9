"""What an exception of a Python function is to the program that called the function."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, TracebackType

from alas_core.errors import (
    AlasValueError,
    DivisionByZeroError,
    IndexOutOfBoundsError,
    IoFailedError,
    KeyNotFoundError,
    NativeError,
    PermissionDeniedError,
    RunError,
)

# Exceptions of Python that mean the same as an error of the language, the narrower ones first.
_SAME_ERRORS: tuple[tuple[type[Exception], type[RunError]], ...] = (
    (ZeroDivisionError, DivisionByZeroError),
    (IndexError, IndexOutOfBoundsError),
    (KeyError, KeyNotFoundError),
    (PermissionError, PermissionDeniedError),
    (OSError, IoFailedError),
    (ValueError, AlasValueError),
)
_OWN_PACKAGE = __name__.partition(".")[0]


def failure_of(name: str, implementation: Callable[..., object], error: Exception | SystemExit) -> RunError:
    """Return an exception as an error of the language; the log gets its traceback, when it takes everything.

    Args:
        name: the function that raised it, with its module's name.
        implementation: the function itself.
        error: the exception.

    Returns:
        The error that means the same. It names the line of the author's code that failed.
    """
    _log_traceback(name, error)
    place = _place(implementation, error.__traceback__)
    for raised, same in _SAME_ERRORS:
        if isinstance(error, raised):
            return same(f"{name}: {_reason(error)}{place}")
    text = str(error)
    what = f"{type(error).__name__}: {text}" if text else type(error).__name__
    if isinstance(error, SystemExit):
        what += ", which ends the call and not the program"
    return NativeError(f"{name}: {what}{place}")


def is_of_function(error: SystemExit) -> bool:
    """Return whether a function itself has asked for the end, rather than the host while the function was running.

    The host does so by the handler of a signal, and the engine when Python ends.

    Args:
        error: what the call of the function has raised.
    """
    frames = [frame for frame, _ in _frames(error.__traceback__)]
    handlers = {getattr(signal.getsignal(one), "__code__", None) for one in signal.valid_signals()}
    is_of_engine = len(frames) > 1 and _package(frames[-1].f_globals.get("__name__")) == _OWN_PACKAGE
    return not is_of_engine and not any(frame.f_code in handlers for frame in frames)


def _place(implementation: Callable[..., object], traceback: TracebackType | None) -> str:
    """Return the last line that was running of the package that a function is in, as a message ends with it."""
    own = _package(getattr(implementation, "__module__", None))
    lines = [
        (frame.f_code.co_filename, line)
        for frame, line in _frames(traceback)
        if own is not None and _package(frame.f_globals.get("__name__")) == own
    ]
    if not lines:
        return ""
    file, line = lines[-1]
    return f" ({Path(file).name}, line {line})"


def _package(module: object) -> str | None:
    return module.partition(".")[0] if isinstance(module, str) else None


def _frames(traceback: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    """Yield the calls that were running, the outermost first, each with its line."""
    while traceback is not None:
        yield traceback.tb_frame, traceback.tb_lineno
        traceback = traceback.tb_next


def _reason(error: Exception | SystemExit) -> str:
    """Return what an exception says. A `KeyError` says no more than the key."""
    if type(error) is KeyError:
        return f"there is no key {error}"
    return str(error) or type(error).__name__


def _log_traceback(name: str, error: BaseException) -> None:
    import logging

    logger = logging.getLogger("alas.registry")
    if not logger.isEnabledFor(logging.DEBUG):
        return
    import traceback

    logger.debug("%s has failed:", name)
    for text in traceback.format_exception(error):
        # A record is one line, which its readers count on.
        for line in text.splitlines():
            logger.debug("  %s", line)
