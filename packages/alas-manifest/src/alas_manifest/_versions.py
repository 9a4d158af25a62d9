"""Versions and ranges of versions: Semantic Versioning 2.0, ranges as npm writes them.

`semantic_version` does the comparing and the matching. It is imported at the first comparison or range, because it costs
more time to import than everything else here together. A range that is only a lowest version, as nearly all manifests ask
of ALaS, does without it where the version is no pre-release.
"""

import contextlib
import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alas_manifest._text import quote_text

if TYPE_CHECKING:
    # The library carries no types.
    import semantic_version  # type: ignore[import-untyped]

# The grammar of https://semver.org, for ASCII digits and without a trailing line break; no number longer than 18 digits.
VERSION_PATTERN = (
    r"(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})"
    r"(?:-((?:0|[1-9][0-9]{0,17}|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9][0-9]{0,17}|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(?:\+([0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*))?"
)
_VERSION = re.compile(VERSION_PATTERN)
_SPACE_AFTER_OPERATOR = re.compile(r"([<>=^~])[ ]+")
_LOWEST = re.compile(r">=(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})\.(0|[1-9][0-9]{0,17})")
# The grammar of ranges, so that the library gets nothing that it takes for something else. One number may be `x` or `*`.
_NUMBER = r"(?:[xX*]|0|[1-9][0-9]{0,17})"
_PARTIAL = (
    rf"{_NUMBER}(?:\.{_NUMBER}(?:\.{_NUMBER}(?:-[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?"
    r"(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?)?)?"
)
_COMPARATOR = rf"(?:[<>]=?|[=^~])? *v?{_PARTIAL}"
_ALTERNATIVE = rf"(?:{_PARTIAL} +- +{_PARTIAL}|{_COMPARATOR}(?: +{_COMPARATOR})*)"
RANGE_PATTERN = rf" *{_ALTERNATIVE} *(?:\|\| *{_ALTERNATIVE} *)*"
_RANGE = re.compile(RANGE_PATTERN)
LONGEST_VERSION = 256
LONGEST_RANGE = 1024


@functools.total_ordering
@dataclass(frozen=True, slots=True)
class Version:
    """A semantic version.

    Versions order by precedence, which leaves the build part out; two versions are equal when all parts are.

    Attributes:
        major: grows with incompatible changes.
        minor: grows with additions.
        patch: grows with repairs.
        prerelease: the part after `-`, or `""`.
        build: the part after `+`, or `""`.

    Example:
        >>> Version.parse("1.2.0-beta.2") < Version.parse("1.2.0")
        True
    """

    major: int
    minor: int
    patch: int
    prerelease: str = ""
    build: str = ""

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Read a version.

        Args:
            text: for example `1.4.2` or `2.0.0-rc.1+linux`.

        Returns:
            The version.

        Raises:
            ValueError: the text is not a semantic version.

        Example:
            >>> Version.parse("1.4.2").minor
            4
        """
        match = _VERSION.fullmatch(text) if len(text) <= LONGEST_VERSION else None
        if match is None:
            raise ValueError(f"expected a semantic version such as 1.0.0, found {quote_text(text)}")
        major, minor, patch, prerelease, build = match.groups(default="")
        return cls(int(major), int(minor), int(patch), prerelease, build)

    def __str__(self) -> str:
        """Return the version as text that `parse` reads."""
        text = f"{self.major}.{self.minor}.{self.patch}"
        if self.prerelease:
            text += f"-{self.prerelease}"
        return f"{text}+{self.build}" if self.build else text

    def __lt__(self, other: object) -> bool:
        """Compare by the precedence of Semantic Versioning, then by the build part so that the order is total."""
        if not isinstance(other, Version):
            return NotImplemented
        mine, theirs = _comparable(self).precedence_key, _comparable(other).precedence_key
        return bool((mine, self.build) < (theirs, other.build))


@dataclass(frozen=True, slots=True)
class VersionRange:
    """A set of versions: `>=0.1.0`, `^1.2`, `~1.2.3`, `1.x`, `>=1 <2`, `a || b`.

    A pre-release is in a range only where the range names a pre-release of the same version, as with npm.

    Attributes:
        text: the range, its spaces normalised.

    Example:
        >>> VersionRange.parse("^1.2").contains(Version.parse("1.9.0"))
        True
    """

    text: str

    @classmethod
    def parse(cls, text: str) -> "VersionRange":
        """Read a range.

        Args:
            text: comparators separated by spaces, alternatives separated by `||`.

        Returns:
            The range.

        Raises:
            ValueError: the text is not a range.

        Example:
            >>> str(VersionRange.parse(">= 1   <2"))
            '>=1 <2'
        """
        if len(text) <= LONGEST_RANGE and _RANGE.fullmatch(text):
            alternatives = (" ".join(part.split()) for part in text.split("||"))
            normal = _SPACE_AFTER_OPERATOR.sub(r"\1", " || ".join(alternatives))
            # What the library does not accept gets the same answer as what has not the form of a range.
            with contextlib.suppress(ValueError):
                if _LOWEST.fullmatch(normal) is None:
                    _matcher(normal)
                return cls(normal)
        raise ValueError(f"expected a range of versions such as >=1.0.0, found {quote_text(text)}")

    def contains(self, version: Version) -> bool:
        """Say whether a version is in the range.

        Args:
            version: the version to look at.

        Returns:
            True when the version satisfies the range.

        Example:
            >>> VersionRange.parse("1.x || 3.x").contains(Version.parse("2.0.0"))
            False
        """
        lowest = _LOWEST.fullmatch(self.text)
        if lowest is not None and not version.prerelease:
            major, minor, patch = map(int, lowest.groups())
            return (version.major, version.minor, version.patch) >= (major, minor, patch)
        return bool(_matcher(self.text).match(_comparable(version)))

    def __str__(self) -> str:
        """Return the range as text that `parse` reads."""
        return self.text


@functools.lru_cache(maxsize=4096)
def _comparable(version: Version) -> "semantic_version.Version":
    from semantic_version import Version as Comparable

    return Comparable(str(version))


@functools.lru_cache(maxsize=4096)
def _matcher(text: str) -> "semantic_version.NpmSpec":
    from semantic_version import NpmSpec

    return NpmSpec(text)
