"""Options that take a duration, such as `1m30s`; a number alone is of seconds."""

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from alas_manifest import Duration

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LONGEST_WAIT = 86_400


def take_duration(_context: click.Context, parameter: click.Parameter, text: str) -> "Duration":
    """Return the duration that an option has. A callback of click.

    Raises:
        BadParameter: it is none.
    """
    from alas_manifest import Duration

    try:
        return Duration.parse(f"{text}s" if _NUMBER.fullmatch(text) else text)
    except ValueError as error:
        raise click.BadParameter(str(error), param=parameter) from None


def take_wait(context: click.Context, parameter: click.Parameter, text: str) -> float:
    """Return the seconds that an option has, which may be none at all. A callback of click.

    Raises:
        BadParameter: it is no duration, or one of more than a day.
    """
    if text in ("0", "0s"):
        return 0.0
    duration = take_duration(context, parameter, text)
    if duration.seconds > _LONGEST_WAIT:
        raise click.BadParameter(f"expected a duration up to 24h, found {text!r}", param=parameter)
    return duration.seconds


def seconds_text(seconds: float) -> str:
    """Return a time as a sentence has it.

    Example:
        >>> [seconds_text(seconds) for seconds in (0.5, 1, 60)]
        ['0.5 seconds', '1 second', '60 seconds']
    """
    return f"{seconds:g} second{'' if seconds == 1 else 's'}"
