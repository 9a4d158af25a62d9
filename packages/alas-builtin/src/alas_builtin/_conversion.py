"""What takes a value across the border: one class for each way in which Python and ALaS hold the same thing.

Values of ALaS arrive as None, bool, int, float, str, list, and dict with str keys, and leave as these. A conversion checks
as it converts, in both directions, so that a function never sees a value that its hints exclude, and ALaS never one that the
signature excludes. A value that does not fit raises `MisfitError`, which collects the way to the part that is to blame.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable

from alas_manifest import TypeReference, quote_text

SMALLEST_INT, LARGEST_INT = -(2**63), 2**63 - 1


class MisfitError(Exception):
    """A value does not fit.

    Attributes:
        expected: the type that it should have had.
        found: the value.
        reason: why, when it is not the type alone.
        steps: the way from the whole to the value, the last step first.
    """

    def __init__(self, expected: str, found: object, reason: str = "") -> None:
        super().__init__(expected, found, reason)
        self.expected = expected
        self.found = found
        self.reason = reason
        self.steps: list[str] = []

    def at(self, step: str) -> "MisfitError":
        """Add the step that led here, and return the error."""
        self.steps.append(step)
        return self

    def __str__(self) -> str:
        """Return what was expected and what was found."""
        return self.reason or f"expected {self.expected}, found {describe(self.found)}"


class Conversion(ABC):
    """Takes values of one type across the border.

    Attributes:
        reference: the type, as signatures write it.
        rank: which alternative of a union is tried first: that with the lowest rank.
        exact: the Python type whose values pass as they are, in both directions, or None when there is none.
    """

    reference: TypeReference
    rank: int = 5
    exact: type | None = None

    @abstractmethod
    def to_python(self, value: object) -> object:
        """Return the value that the function gets for a value of ALaS.

        Raises:
            MisfitError: it does not fit.
        """

    @abstractmethod
    def to_alas(self, value: object) -> object:
        """Return the value that ALaS gets for what the function returned.

        Raises:
            MisfitError: it does not fit.
        """

    def __str__(self) -> str:
        """Return the type, as messages name it."""
        return str(self.reference)


def describe(value: object) -> str:
    """Say what a value is: its kind in the words of ALaS where it has one, and the value itself when it is small.

    Args:
        value: any Python value.

    Returns:
        For example `the int 3`, or `an array`.
    """
    kind = type(value)
    if kind is str and not value:
        return "an empty string"
    if isinstance(value, int) and not SMALLEST_INT <= value <= LARGEST_INT:
        return "an int of more than 64 bits"
    if kind in _WORDS:
        return _WORDS[kind](value)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return f"a value of the Python type {name}"


_WORDS: dict[type, Callable[[object], str]] = {
    type(None): lambda _: "void",
    bool: lambda value: f"the bool {str(value).lower()}",
    int: lambda value: f"the int {value}",
    float: lambda value: f"the float {value!r}",
    str: lambda value: f"the string {quote_text(str(value))}",
    list: lambda _: "an array",
    dict: lambda _: "a map",
}
