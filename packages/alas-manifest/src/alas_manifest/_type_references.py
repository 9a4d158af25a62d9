"""Types as signatures write them: `int`, `array<float>`, `map<array<Point>>`, the name of a declared type."""

import re
from dataclasses import dataclass

from alas_manifest._text import quote_text

BUILTIN_TYPES = ("int", "float", "string", "bool", "array", "map", "void", "any", "task")
_CONTAINERS = ("array", "map")
_DEEPEST = 64

# The containers around a type, the innermost type, and as many closing brackets.
TYPE_PATTERN = r"((?:(?:array|map)<)*)((?:[A-Za-z_][A-Za-z0-9_-]*\.)*[A-Za-z_][A-Za-z0-9_]*)(>*)"
_REFERENCE = re.compile(TYPE_PATTERN)


@dataclass(frozen=True, slots=True)
class TypeReference:
    """A type in a signature.

    Attributes:
        name: a built-in type or the name of a declared one, with the module that declares it or without.
        element: the type of the elements of an `array` or `map`; None when not stated, which means `any`.

    Example:
        >>> TypeReference.parse("array<int>").element
        TypeReference(name='int', element=None)
    """

    name: str
    element: "TypeReference | None" = None

    @classmethod
    def parse(cls, text: str) -> "TypeReference":
        """Read a type.

        Args:
            text: a name, `module.Name`, or `array<T>` or `map<T>` of a type `T`, without spaces.

        Returns:
            The type. Whether its name is declared is not checked here.

        Raises:
            ValueError: the text does not have the form of a type.

        Example:
            >>> str(TypeReference.parse("map<array<int>>"))
            'map<array<int>>'
        """
        match = _REFERENCE.fullmatch(text)
        if match is None or match[1].count("<") != len(match[3]) or len(match[3]) > _DEEPEST:
            raise ValueError(
                f"expected a type such as int, array<float> or map<string>, found {quote_text(text)}"
            )
        reference = cls(match[2])
        for container in reversed(match[1].split("<")[:-1]):
            reference = cls(container, reference)
        return reference

    @property
    def innermost(self) -> str:
        """The name inside all arrays and maps: `Point` of `array<map<Point>>`."""
        reference = self
        while reference.element is not None:
            reference = reference.element
        return reference.name

    @property
    def normal(self) -> "TypeReference":
        """The same type with plain `array` and `map` written out: `array<any>`."""
        if self.element is not None:
            return TypeReference(self.name, self.element.normal)
        return TypeReference(self.name, TypeReference("any")) if self.name in _CONTAINERS else self

    def __str__(self) -> str:
        """Return the type as text that `parse` reads."""
        return self.name if self.element is None else f"{self.name}<{self.element}>"
