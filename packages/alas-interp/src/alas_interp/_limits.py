"""How much a program may use."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from alas_manifest import Manifest

MOST_STEPS = 2**63 - 1
DEEPEST = 1_000_000
MOST_BYTES = 2**63 - 1
MOST_SECONDS = 10**9
MOST_CORES = 10_000
_WHOLE_CORE = 100


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a program may use before it is stopped.

    Attributes:
        depth: how deep calls may nest; deeper is `call_depth_exceeded`.
        steps: how many steps a call from outside may take, or None for as many as it likes; more is
            `step_limit_exceeded`. The same program with the same input takes the same number of steps.
        memory: the most bytes that values may take at once in a call from outside, or None for as many as there are; more
            is `memory_limit_exceeded`. Values that plugins make are not counted here: a plugin has a limit of its own.
        timeout: how many seconds a call from outside may take, or None for as many as it likes; more is `timeout`. What
            it calls is included; a function of the host, in Python or in native code, is not interrupted, and the call
            ends when it returns.

    Raises:
        TypeError: a limit is no int, or `timeout` no number.
        ValueError: a limit is not positive, or larger than the engine can count.

    Example:
        >>> Limits(steps=1_000_000, timeout=1.5)
        Limits(depth=10000, steps=1000000, memory=1073741824, timeout=1.5)
    """

    depth: int = 10_000
    steps: int | None = None
    memory: int | None = 1 << 30
    timeout: float | None = None

    def __post_init__(self) -> None:
        _check("depth", self.depth, DEEPEST)
        if self.steps is not None:
            _check("steps", self.steps, MOST_STEPS)
        if self.memory is not None:
            _check("memory", self.memory, MOST_BYTES)
        if self.timeout is not None:
            _check_number("timeout", self.timeout, MOST_SECONDS)

    @property
    def timeout_microseconds(self) -> int | None:
        """The time limit as the engine takes it."""
        return None if self.timeout is None else _microseconds(self.timeout)


@dataclass(frozen=True, slots=True)
class PluginLimits:
    """How much the code of plugins may use: what holds where a manifest says nothing, and the most that one may ask for.

    They hold for the ALaS code of a plugin in each call from outside of it, whoever calls. Native code is held to `memory` and
    `most_memory` alone, in the values that it has the engine make for it.

    Attributes:
        memory: the most bytes that the values of a plugin may take at once, where its manifest has no `max_memory`.
        timeout: how many seconds a call may take, where the manifest has no `timeout`.
        most_memory: the most bytes whatever a manifest says; None is as much as it says.
        most_timeout: the most seconds whatever a manifest says.
        most_cores: the largest share of cores whatever a manifest says: 0.5 is half of one.

    Raises:
        TypeError: a limit is no number.
        ValueError: a limit is not positive, or larger than the engine can count.

    Example:
        >>> PluginLimits(timeout=5, most_memory=64 * 1024 * 1024).most_memory
        67108864
    """

    memory: int = 256 << 20
    timeout: float = 30
    most_memory: int | None = None
    most_timeout: float | None = None
    most_cores: float | None = None

    def __post_init__(self) -> None:
        _check("memory", self.memory, MOST_BYTES)
        _check_number("timeout", self.timeout, MOST_SECONDS)
        if self.most_memory is not None:
            _check("most_memory", self.most_memory, MOST_BYTES)
        if self.most_timeout is not None:
            _check_number("most_timeout", self.most_timeout, MOST_SECONDS)
        if self.most_cores is not None:
            _check_number("most_cores", self.most_cores, MOST_CORES)

    def for_manifest(self, manifest: "Manifest") -> "EngineLimits":
        """Return what holds for a plugin: what its manifest asks for, within what is allowed.

        Args:
            manifest: what the plugin says about itself.
        """
        security = manifest.security
        memory = security.max_memory.bytes if security.max_memory is not None else self.memory
        timeout = (
            security.timeout.microseconds if security.timeout is not None else _microseconds(self.timeout)
        )
        # A whole core is what every plugin may take in each of its calls, so it needs no keeping.
        cores = None if security.max_cpu.percent == _WHOLE_CORE else float(security.max_cpu.cores)
        most_timeout = None if self.most_timeout is None else _microseconds(self.most_timeout)
        return EngineLimits(
            memory if self.most_memory is None else min(memory, self.most_memory),
            timeout if most_timeout is None else min(timeout, most_timeout),
            cores if self.most_cores is None else min(cores or self.most_cores, self.most_cores),
        )


class EngineLimits(NamedTuple):
    """The limits of one plugin, as the engine takes them.

    Attributes:
        memory: bytes.
        timeout: microseconds.
        cores: the share of cores; None is as much as there is.
    """

    memory: int
    timeout: int
    cores: float | None


def _microseconds(seconds: float) -> int:
    return max(1, round(seconds * 1_000_000))


def _check(name: str, value: object, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected an int for the limit `{name}`, found {value!r}")
    if not 1 <= value <= most:
        raise ValueError(f"expected 1 to {most:_} for the limit `{name}`, found {value}")


def _check_number(name: str, value: object, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"expected a number for the limit `{name}`, found {value!r}")
    if not 0 < value <= most:
        raise ValueError(f"expected more than 0 and at most {most:_} for the limit `{name}`, found {value}")
