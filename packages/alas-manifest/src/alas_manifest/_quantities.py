"""Amounts: bytes, time, and shares of a processor core, as a manifest writes them.

Each is a real type that reads its text and writes it back. A misspelt text is explained in the error: unit, sign or case.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal

from alas_manifest._text import quote_text

_LARGEST = 2**63 - 1
LONGEST_TEXT = 64
# Exact for all texts of that length, whatever precision the program has chosen for its own sums.
_EXACT = Context(prec=2 * LONGEST_TEXT)
NUMBER_PATTERN = r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?"

_SIZE = re.compile(rf"({NUMBER_PATTERN})([A-Za-z]*)")
SIZE_UNITS = {
    "": 1, "B": 1, "kB": 1000, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "TB": 1000**4,
    "KiB": 1024, "MiB": 1024**2, "GiB": 1024**3, "TiB": 1024**4,
}  # fmt: skip
_SIZE_WRITTEN = ("TiB", "GiB", "MiB", "KiB", "TB", "GB", "MB", "KB")

_DURATION_UNITS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "ms": 1000, "us": 1}
DURATION_PATTERN = "".join(rf"(?:({NUMBER_PATTERN}){unit})?" for unit in _DURATION_UNITS)
_DURATION = re.compile(DURATION_PATTERN)
LARGEST_DURATION = f"{_LARGEST // _DURATION_UNITS['h']}h"

# More processors than any system schedules: 8192, as large builds of Linux have it.
_LARGEST_SHARE = 8192 * 100
_SHARE = re.compile(rf"({NUMBER_PATTERN})%")


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace("_", ""))


@dataclass(frozen=True, slots=True, order=True)
class ByteSize:
    """An amount of memory.

    Attributes:
        bytes: the amount in bytes, above 0.

    Example:
        >>> ByteSize.parse("64MiB").bytes
        67108864
    """

    bytes: int

    @classmethod
    def parse(cls, text: str) -> "ByteSize":
        """Read an amount of memory.

        Args:
            text: a number with a unit of 1000 (`KB`, `MB`, `GB`, `TB`) or of 1024 (`KiB`, `MiB`, `GiB`, `TiB`), or a
                number of bytes (`1_000_000`).

        Returns:
            The amount.

        Raises:
            ValueError: the text is not an amount of memory, not a whole number of bytes, 0, or above 2**63 - 1 bytes.

        Example:
            >>> ByteSize.parse("1_000_000") == ByteSize.parse("1MB")
            True
        """
        match = _SIZE.fullmatch(text) if len(text) <= LONGEST_TEXT else None
        factor = SIZE_UNITS.get(match[2]) if match else None
        if match is None or factor is None:
            raise ValueError(f"expected a size such as 100MB or 64MiB, found {quote_text(text)}")
        amount = _EXACT.multiply(_decimal(match[1]), factor)
        if not 0 < amount <= _LARGEST or amount != int(amount):
            raise ValueError(f"expected a whole number of bytes from 1 to 2^63 - 1, found {quote_text(text)}")
        return cls(int(amount))

    def __str__(self) -> str:
        """Return the amount in the unit that gives the shortest text, as text that `parse` reads."""
        texts = []
        for unit in _SIZE_WRITTEN:
            count, rest = divmod(self.bytes, SIZE_UNITS[unit])
            if not rest:
                texts.append(f"{count}{unit}")
        return min([*texts, str(self.bytes)], key=len)


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A span of time.

    Attributes:
        microseconds: the span in microseconds, above 0.

    Example:
        >>> Duration.parse("1m30s").seconds
        90.0
    """

    microseconds: int

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read a span of time.

        Args:
            text: numbers with the units `h`, `m`, `s`, `ms`, `us`, each at most once and from the largest down.

        Returns:
            The span.

        Raises:
            ValueError: the text is not a span of time, finer than a microsecond, 0, or above 2**63 - 1 microseconds.

        Example:
            >>> Duration.parse("500ms").microseconds
            500000
        """
        match = _DURATION.fullmatch(text) if text and len(text) <= LONGEST_TEXT else None
        if match is None:
            raise ValueError(f"expected a duration such as 10s, 500ms or 1m30s, found {quote_text(text)}")
        parts = zip(match.groups(), _DURATION_UNITS.values(), strict=True)
        span = Decimal(0)
        for number, factor in parts:
            span = _EXACT.fma(_decimal(number or "0"), factor, span)
        if span > _LARGEST:
            raise ValueError(f"expected a duration of at most {LARGEST_DURATION}, found {quote_text(text)}")
        if not span or span != int(span):
            raise ValueError(f"expected a duration of at least 1us, found {quote_text(text)}")
        return cls(int(span))

    @property
    def seconds(self) -> float:
        """The span in seconds."""
        return self.microseconds / 1_000_000

    def __str__(self) -> str:
        """Return the span as text that `parse` reads."""
        rest, text = self.microseconds, ""
        for unit, factor in _DURATION_UNITS.items():
            count, rest = divmod(rest, factor)
            if count:
                text += f"{count}{unit}"
        return text


@dataclass(frozen=True, slots=True, order=True)
class CpuShare:
    """A share of one processor core.

    Attributes:
        percent: 100 is one whole core, above 0; more than 100 is more than one core.

    Example:
        >>> CpuShare.parse("50%").cores
        Decimal('0.5')
    """

    percent: Decimal

    @classmethod
    def parse(cls, text: str) -> "CpuShare":
        """Read a share of one processor core.

        Args:
            text: a number above 0 with a percent sign.

        Returns:
            The share.

        Raises:
            ValueError: the text is not a share, 0, or more than any machine has cores.

        Example:
            >>> str(CpuShare.parse("150%"))
            '150%'
        """
        match = _SHARE.fullmatch(text) if len(text) <= LONGEST_TEXT else None
        if match is None or not (percent := _decimal(match[1])):
            raise ValueError(f"expected a share of one core such as 50%, found {quote_text(text)}")
        if percent > _LARGEST_SHARE:
            raise ValueError(f"expected a share of at most {_LARGEST_SHARE}%, found {quote_text(text)}")
        return cls(percent.normalize(_EXACT))

    @property
    def cores(self) -> Decimal:
        """The share in whole cores."""
        return _EXACT.divide(self.percent, 100)

    def __str__(self) -> str:
        """Return the share as text that `parse` reads."""
        return f"{self.percent:f}%"
