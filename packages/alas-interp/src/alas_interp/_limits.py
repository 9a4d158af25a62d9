"""How much a program may use."""

from dataclasses import dataclass

MOST_STEPS = 2**63 - 1
DEEPEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a program may use before it is stopped.

    Attributes:
        depth: how deep calls may nest; deeper is `call_depth_exceeded`.
        steps: how many steps a call from outside may take, or None for as many as it likes; more is
            `step_limit_exceeded`. The same program with the same input takes the same number of steps.

    Raises:
        TypeError: a limit is no int.
        ValueError: a limit is not positive, or larger than the engine can count.

    Example:
        >>> Limits(steps=1_000_000)
        Limits(depth=10000, steps=1000000)
    """

    depth: int = 10_000
    steps: int | None = None

    def __post_init__(self) -> None:
        _check("depth", self.depth, DEEPEST)
        if self.steps is not None:
            _check("steps", self.steps, MOST_STEPS)


def _check(name: str, value: object, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected an int for the limit `{name}`, found {value!r}")
    if not 1 <= value <= most:
        raise ValueError(f"expected 1 to {most:_} for the limit `{name}`, found {value}")
