"""What to write instead of a hint that ALaS has no type for."""

import collections.abc
import enum
import typing
from typing import Literal, get_args, get_origin

_INSTEAD = {
    "bytes": "ALaS has no bytes; take `list[int]`, or `str` with Base64",
    "bytearray": "ALaS has no bytes; take `list[int]`, or `str` with Base64",
    "memoryview": "ALaS has no bytes; take `list[int]`, or `str` with Base64",
    "complex": "ALaS has no complex numbers; take a dataclass of two floats",
    "Decimal": "ALaS has no decimal numbers; take `str`, or `float` where rounding does no harm",
    "Fraction": "ALaS has no fractions; take a dataclass of two ints",
    "datetime": "ALaS has no times; take `int` with milliseconds, or `str` as ISO 8601",
    "date": "ALaS has no dates; take `str` as ISO 8601",
    "time": "ALaS has no times of day; take `str` as ISO 8601",
    "timedelta": "ALaS has no durations; take `int` with milliseconds, or `float` with seconds",
    "Path": "ALaS has no paths; take `str`",
    "PurePath": "ALaS has no paths; take `str`",
    "UUID": "ALaS has no UUIDs; take `str`",
    "ndarray": "take `list[float]` or `list[int]`, and make the array inside",
    "set": "a set has no order; take `list[…]`, and make the set inside",
    "frozenset": "a set has no order; take `list[…]`, and make the set inside",
    "Set": "a set has no order; take `list[…]`, and make the set inside",
    "MutableSet": "a set has no order; take `list[…]`, and make the set inside",
    "Callable": "functions are no values in ALaS; take the name of what to do, for example a `Literal`",
    "Iterator": "an argument is always a whole array; take `list[…]` or `Iterable[…]`",
    "Generator": "an argument is always a whole array; take `list[…]` or `Iterable[…]`",
    "Awaitable": "asynchronous functions are not supported yet; return the value itself",
    "Coroutine": "asynchronous functions are not supported yet; return the value itself",
    "Never": "write the type that the function returns when it does not fail, or None",
    "NoReturn": "write the type that the function returns when it does not fail, or None",
    "type": "classes are no values in ALaS; take their name as a `str`",
}  # fmt: skip
_OTHERWISE = "write int, float, str, bool, None, list[…], dict[str, …], a dataclass, TypedDict or NamedTuple, an enum of texts, or Any"


def advice_for(hint: object) -> str:
    """Say why a hint has no type in ALaS, and what to write instead.

    Args:
        hint: the hint.

    Returns:
        A clause for a message.

    Example:
        >>> advice_for(bytes)
        'bytes has no type in ALaS: ALaS has no bytes; take `list[int]`, or `str` with Base64'
    """
    return f"{shown(hint)} has no type in ALaS: {_reason(hint)}"


def shown(hint: object) -> str:
    """Return a hint as somebody would write it."""
    if isinstance(hint, type):
        return hint.__name__
    return str(hint).replace("typing.", "").replace("collections.abc.", "")


def _reason(hint: object) -> str:
    origin = get_origin(hint)
    if origin is Literal:
        return 'only texts can be listed; write Literal["a", "b"], or int or bool without the list'
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return "an enum of ALaS has at least one member, and its members are texts; make it a `StrEnum`"
    is_alias = "TypeAliasType" in (type(hint).__name__, type(origin).__name__)
    if isinstance(hint, typing.TypeVar) or is_alias or getattr(hint, "__parameters__", None):
        return "there are no generic types; write the types themselves, or Any"
    if origin is tuple:
        return "an array has elements of one type; write tuple[…, ...], or a NamedTuple with a field for each"
    if origin in (dict, collections.abc.Mapping, collections.abc.MutableMapping) and len(get_args(hint)) == 2:
        return "the keys of a map are texts; write dict[str, …], or a list of a NamedTuple with key and value"
    name = (
        getattr(origin if origin is not None else hint, "__name__", None) or getattr(hint, "_name", "") or ""
    )
    return _INSTEAD.get(name, _OTHERWISE)
