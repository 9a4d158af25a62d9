"""What Ctrl-C does, from the first moment to the last, and what other requests to end do while there is something to tidy up.

An exception may come up where Python only prints it and goes on, or prints a traceback: in the middle of an import, in a
finalizer. So for as long as there is nothing to be told or tidied up, Ctrl-C ends the process at once, as it ends other tools.
"""

import contextlib
import os
import signal
import sys
from collections.abc import Callable, Iterator
from types import FrameType

# Whoever asks by these wants to see in the exit code that it was done: the system reports the signal.
_REQUESTS_TO_END = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def die_of_interrupts() -> None:
    """Let Ctrl-C end the process without a word, unless whoever started it wants Ctrl-C ignored."""
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def handled_interrupts(stop: Callable[[], object]) -> Iterator[None]:
    """Let the first Ctrl-C stop something and raise `KeyboardInterrupt`; the second ends the process.

    A request to end, such as `kill` sends, does the same, so that what was started ends with the process; it dies of the
    signal then, as it would have without this.

    Args:
        stop: called before the exception is raised, because whatever runs just then may swallow it.
    """
    requests: list[int] = []

    def handle(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        if number in _REQUESTS_TO_END:
            requests.append(number)
        stop()
        raise KeyboardInterrupt

    # What whoever started the process wants ignored, such as `nohup` does, stays ignored.
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, *_REQUESTS_TO_END)}
    handled = {number: was for number, was in before.items() if was not in (signal.SIG_IGN, None)}
    for number in handled:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, was in handled.items():
            signal.signal(number, was)
        for number in requests:
            _die_of(number)


def _die_of(number: int) -> None:
    """End the process as a signal does by itself, with all that was printed."""
    with contextlib.suppress(OSError, ValueError):
        if sys.stdout is not None:
            sys.stdout.flush()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
