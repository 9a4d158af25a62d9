"""One call at a time: the turns that calls of a builtin plugin take unless its manifest says that they may overlap.

A call keeps its turn until it returns, also while it calls programs, and through them perhaps other plugins. So two threads
could wait for each other for ever: each in the code of a plugin whose turn the other one needs. The rule that excludes it: a
call may enter when all calls that are inside wait for the calling thread. One that comes back to its own plugin in the same
thread is the simplest case; the calls inside may as well wait in other threads, directly or through further turns. Either way
they go on only after the call that enters has returned, so that the plugin's code never runs in two threads at once.
"""

import threading
import weakref
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alas_builtin import BuiltinPlugin

# Guards entering and waiting, for all turns together, because who waits for whom leads from turn to turn.
_lock = threading.Lock()
_changed = threading.Condition(_lock)
# What each waiting thread waits for.
_awaited: "dict[int, Turn]" = {}
_turns: "weakref.WeakKeyDictionary[BuiltinPlugin, Turn]" = weakref.WeakKeyDictionary()


class Turn:
    """The turn of a plugin."""

    def __init__(self) -> None:
        # The calls that are inside, each with its thread.
        self._inside: dict[object, int] = {}

    def queue(self, call: Callable[..., object]) -> Callable[..., object]:
        """Return a function that makes a call in turn."""
        inside, thread_of_now = self._inside, threading.get_ident

        def call_in_turn(*arguments: object) -> object:
            mark = object()
            try:
                with _lock:
                    thread = thread_of_now()
                    if inside and not self._lets_in(thread):
                        self._wait(thread)
                    inside[mark] = thread
                return call(*arguments)
            finally:
                # An interruption may come before the call has entered; then there is no mark.
                if inside.pop(mark, None) is not None and _awaited:
                    _wake_all()

        return call_in_turn

    def _wait(self, thread: int) -> None:
        # Noted before looking again: who leaves looks for those who wait after it has left, without the lock.
        _awaited[thread] = self
        # Others may enter because this thread waits.
        _changed.notify_all()
        try:
            while not self._lets_in(thread):
                _changed.wait()
        finally:
            del _awaited[thread]

    def _lets_in(self, thread: int) -> bool:
        return all(other == thread or thread in _behind(other) for other in self._threads())

    def _threads(self) -> set[int]:
        """Return the threads whose calls are inside. Calls may leave while this looks."""
        return set(self._inside.copy().values())


def _behind(thread: int) -> Iterator[int]:
    """Yield the threads that a thread waits for, directly or through others."""
    seen: set[int] = set()
    waiting = [thread]
    while waiting:
        turn = _awaited.get(waiting.pop())
        if turn is not None:
            news = turn._threads() - seen  # noqa: SLF001 - of the class above
            yield from news
            seen |= news
            waiting += news


def _wake_all() -> None:
    with _lock:
        _changed.notify_all()


def turn_of(plugin: "BuiltinPlugin") -> Turn:
    """Return the turn of a plugin: one for its Python code, however often that is loaded, and wherever.

    Args:
        plugin: the plugin.
    """
    with _lock:
        turn = _turns.get(plugin)
        if turn is None:
            turn = _turns[plugin] = Turn()
        return turn
