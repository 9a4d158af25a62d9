"""What a plugin needs: the name of a plugin or module, and the versions that will do."""

import re
from dataclasses import dataclass

from alas_manifest._diagnostics import FormError
from alas_manifest._names import MODULE_NAME, PLUGIN_NAME, STANDARD_LIBRARY
from alas_manifest._text import quote_text
from alas_manifest._versions import Version, VersionRange

_FORM = re.compile(r"([A-Za-z0-9_.*-]+)(?:[ ]+|(?=[<>=^~]))(\S.*)|([A-Za-z0-9_.*-]+)", re.DOTALL)

DEPENDENCY_NAME = rf"{PLUGIN_NAME.pattern}|{MODULE_NAME.pattern}|std\.\*"
_NAME = re.compile(DEPENDENCY_NAME)


@dataclass(frozen=True, slots=True)
class Dependency:
    """A plugin or module that must be there.

    Attributes:
        name: a plugin's name, a module's name, or `std.` and a namespace (`std.*` is all of them).
        versions: the versions that will do; None when every version will.

    Example:
        >>> Dependency.parse("math-utils >=1.2 <2").accepts(Version.parse("1.3.0"))
        True
    """

    name: str
    versions: VersionRange | None = None

    @classmethod
    def parse(cls, text: str) -> "Dependency":
        """Read a dependency.

        Args:
            text: a name, or a name, a space and a range of versions.

        Returns:
            The dependency.

        Raises:
            ValueError: the name is not one of a plugin or module, or the range is not a range of versions.

        Example:
            >>> Dependency.parse("std.math")
            Dependency(name='std.math', versions=None)
        """
        match = _FORM.fullmatch(text)
        name = (match[1] or match[3]) if match else ""
        if match is None or not _NAME.fullmatch(name):
            expected = "a plugin or module name, alone or with a range of versions"
            raise FormError(f"expected {expected}, found {quote_text(text)}", "invalid_name")
        return cls(name, VersionRange.parse(match[2]) if match[2] is not None else None)

    @property
    def is_standard(self) -> bool:
        """Whether the standard library is meant."""
        return self.name == "std" or self.name.startswith("std.")

    @property
    def is_known_standard(self) -> bool:
        """Whether a namespace of the standard library is meant that exists."""
        return self.name == "std.*" or self.name.removeprefix("std.") in STANDARD_LIBRARY

    def accepts(self, version: Version) -> bool:
        """Say whether a version will do.

        Args:
            version: the version that is there.

        Returns:
            True when it is among the versions that will do.
        """
        return self.versions is None or self.versions.contains(version)

    def __str__(self) -> str:
        """Return the dependency as text that `parse` reads."""
        return self.name if self.versions is None else f"{self.name} {self.versions}"
