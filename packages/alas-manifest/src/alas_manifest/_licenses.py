"""Licence expressions: SPDX identifiers joined with AND, OR and WITH.

`packaging` knows the identifiers. It is imported at the first licence, to keep the import of this package short.
"""

import functools
import re
from dataclasses import dataclass

from alas_manifest._text import quote_text

_LONGEST_EXPRESSION = 1000
# A licence that SPDX does not list, told in a document of SPDX's form or in none.
_OWN_LICENSE = re.compile(
    r"(?<![^\s()])(?:DocumentRef-([A-Za-z0-9.-]+):)?LicenseRef-([A-Za-z0-9.-]+)(?![^\s()])", re.IGNORECASE
)


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
        # The library knows no licences of other documents, and takes two that differ in case alone for one. It sees them all
        # as one of the names that it knows, which it keeps in their order.
        own = [
            f"DocumentRef-{match[1]}:LicenseRef-{match[2]}" if match[1] else f"LicenseRef-{match[2]}"
            for match in _OWN_LICENSE.finditer(text)
        ]
        try:
            canonical = canonicalize_license_expression(_OWN_LICENSE.sub("LicenseRef-x", text))
            return _OWN_LICENSE.sub(lambda _: own.pop(0), canonical)
        except (InvalidLicenseExpression, RecursionError, MemoryError):
            # The expression is wrong, or nested so deep that its reader gave up.
            pass
    raise ValueError(f"expected an SPDX licence expression such as MIT, found {quote_text(text)}")
