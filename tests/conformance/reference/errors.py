"""The one exception of the evaluator: a run-time error of the program."""

from __future__ import annotations

# What `result.try` lets through: limits and cancellation stop a run whatever the program wants.
UNCATCHABLE = frozenset({"timeout", "memory_limit_exceeded", "step_limit_exceeded", "cancelled"})


class Failure(Exception):  # noqa: N818 - an error of the program that runs, not of this one
    """A run-time error: its code, and the node that failed once that is known.

    Operations raise it without a place. The evaluator fills in the place on the way out; the innermost node that
    sees the failure is the one that performed the operation, so a place that is set is never replaced.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.module: str | None = None
        self.pointer: str | None = None

    def at(self, module: str, pointer: str) -> Failure:
        """Set the place, unless a node further inside has set it."""
        if self.pointer is None:
            self.module, self.pointer = module, pointer
        return self


def type_error(message: str) -> Failure:
    """A value of the wrong kind."""
    return Failure("type_error", message)


def value_error(message: str) -> Failure:
    """A value of the right kind that is impossible here."""
    return Failure("value_error", message)


def out_of_bounds(position: int, length: int) -> Failure:
    """A position outside an array or a string."""
    return Failure("index_out_of_bounds", f"position {position} is outside a length of {length}")
