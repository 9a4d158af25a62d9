"""Whether a result is of the type that a manifest promises, where the module itself promises nothing."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, cast

from alas_core import PackedArray
from alas_core.errors import AlasTypeError

if TYPE_CHECKING:
    from alas_manifest import TypeReference

_KINDS: dict[str, Callable[[object], bool]] = {
    "int": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "float": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "bool": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list | PackedArray),
    "map": lambda value: isinstance(value, Mapping),
    "void": lambda value: value is None,
}


def check_result(value: object, wanted: "TypeReference", function: str) -> None:
    """Check what a function of a plugin returned.

    Args:
        value: the result.
        wanted: the type that the manifest promises; declared types are left to the engine.
        function: the function, for the message.

    Raises:
        AlasTypeError: the result is of another type.

    Example:
        >>> from alas_manifest import TypeReference
        >>> check_result([1, 2], TypeReference.parse("array<int>"), "m.f")
    """
    if not _fits(value, wanted):
        raise AlasTypeError(
            f"{function} returned a value of the Python type {type(value).__name__}, but the manifest promises {wanted}"
        )


def _fits(value: object, wanted: "TypeReference") -> bool:
    kind = _KINDS.get(wanted.name)
    if kind is None:
        return True
    if not kind(value):
        return False
    if wanted.element is None:
        return True
    elements: Iterable[object] = (
        value.values() if isinstance(value, Mapping) else cast("Iterable[object]", value)
    )
    return all(_fits(element, wanted.element) for element in elements)
