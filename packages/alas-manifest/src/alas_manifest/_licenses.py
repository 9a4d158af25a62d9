"""Licence expressions: SPDX identifiers joined with AND, OR and WITH.

`packaging` knows the identifiers. It is imported at the first licence, to keep the import of this package short.
"""

import functools
from dataclasses import dataclass

from alas_manifest._text import quote_text

_LONGEST_EXPRESSION = 1000


@dataclass(frozen=True, slots=True)
class LicenseExpression:
    """An SPDX licence expression.

    Attributes:
        text: the expression with the official spelling of its identifiers.

    Example:
        >>> LicenseExpression.parse("mit or apache-2.0")
        LicenseExpression(text='MIT OR Apache-2.0')
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> "LicenseExpression":
        """Read a licence expression.

        Args:
            text: for example `MIT` or `GPL-3.0-or-later WITH Classpath-exception-2.0`.

        Returns:
            The expression.

        Raises:
            ValueError: the text is not an SPDX expression, or names a licence that SPDX does not list.

        Example:
            >>> str(LicenseExpression.parse("mit"))
            'MIT'
        """
        return cls(_canonical(text))

    def __str__(self) -> str:
        """Return the expression as text that `parse` reads."""
        return self.text


@functools.lru_cache(maxsize=256)
def _canonical(text: str) -> str:
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    if len(text) <= _LONGEST_EXPRESSION and text.isascii() and text.isprintable():
        try:
            return canonicalize_license_expression(text)
        except (InvalidLicenseExpression, RecursionError, MemoryError):
            # The expression is wrong, or nested so deep that its reader gave up.
            pass
    raise ValueError(f"expected an SPDX licence expression such as MIT, found {quote_text(text)}")
