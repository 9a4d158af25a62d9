"""What Ctrl-C does, from the first moment to the last.

An exception may come up where Python only prints it and goes on, or prints a traceback: in the middle of an import, in a
finalizer. So for as long as there is nothing to be told or tidied up, Ctrl-C ends the process at once, as it ends other tools.
"""

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType


def die_of_interrupts() -> None:
    """Let Ctrl-C end the process without a word, unless whoever started it wants Ctrl-C ignored."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def handled_interrupts(stop: Callable[[], object]) -> Iterator[None]:
    """Let the first Ctrl-C stop something and raise `KeyboardInterrupt`; the second ends the process.

    Args:
        stop: called before the exception is raised, because whatever runs just then may swallow it.
    """
    previous = signal.getsignal(signal.SIGINT)
    if previous is signal.SIG_IGN:
        yield
        return

    def handle(_signal: int, _frame: FrameType | None) -> None:
        die_of_interrupts()
        stop()
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, handle)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
