"""The turns that calls of a builtin plugin take unless its manifest says that they may overlap."""

import threading
import weakref
from typing import TYPE_CHECKING

from alas_core import Turn

if TYPE_CHECKING:
    from alas_builtin import BuiltinPlugin

_lock = threading.Lock()
_turns: "weakref.WeakKeyDictionary[BuiltinPlugin, Turn]" = weakref.WeakKeyDictionary()


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
