"""Shapes: what a field accepts, as values that can be put together.

A shape reads a place and returns a value, or reports what is wrong there and returns None; no field's value is None, because
`null` is never accepted. Arrays, maps and records go on after a mistake, so that one reading finds all of them. What needs
more than one field to decide is not here but in the rules.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from alas_manifest._diagnostics import FormError, Severity
from alas_manifest._places import Place, describe
from alas_manifest._source import Problem
from alas_manifest._text import quote_text

T = TypeVar("T")


class Shape(ABC, Generic[T]):
    """What a field accepts."""

    @abstractmethod
    def read(self, place: Place) -> T | None:
        """Read a value, or report what is wrong with it and return None."""


def report_kind(place: Place, expected: str) -> None:
    """Report that a value is of the wrong kind."""
    found = describe(place.value)
    advice = "leave the field out instead of null" if place.value is None else None
    if isinstance(place.value, int | float) and expected == "a string":
        advice = "put it in double quotes"
    place.report(Problem("wrong_kind", f"expected {expected}, found {found}", advice))


@dataclass(frozen=True, slots=True)
class Text(Shape[str]):
    """Any string."""

    def read(self, place: Place) -> str | None:
        """Read a string."""
        if place.text is None:
            report_kind(place, "a string")
        return place.text


@dataclass(frozen=True, slots=True)
class Flag(Shape[bool]):
    """`true` or `false`."""

    def read(self, place: Place) -> bool | None:
        """Read a boolean."""
        value = place.value
        if isinstance(value, bool):
            return value
        report_kind(place, "true or false")
        return None


@dataclass(frozen=True, slots=True)
class Choice(Shape[str]):
    """One word of a set.

    Attributes:
        words: the words.
        is_open: whether other words are only warned about.
    """

    words: Sequence[str]
    is_open: bool = False

    def read(self, place: Place) -> str | None:
        """Read one of the words."""
        word = Text().read(place)
        if word is None or word in self.words:
            return word
        shown = self.words if len(self.words) <= 10 else [*self.words[:6], "…"]
        message = f"expected one of {', '.join(shown)}, found {quote_text(word)}"
        severity: Severity = "warning" if self.is_open else "error"
        place.report(Problem("unknown_value", message, place.suggest(word, self.words), severity))
        return word if self.is_open else None


@dataclass(frozen=True, slots=True)
class Parsed(Shape[T]):
    """A string that a function turns into a value.

    Attributes:
        parse: the function; raises ValueError for a string that it does not accept.
        code: the diagnostic's code then.
        advise: returns the diagnostic's help then.
    """

    parse: Callable[[str], T]
    code: str
    advise: Callable[[str], str | None] = field(default=lambda _: None)

    def read(self, place: Place) -> T | None:
        """Read the string and turn it into a value."""
        text = Text().read(place)
        if text is None:
            return None
        try:
            return self.parse(text)
        except ValueError as error:
            code = error.diagnostic_code if isinstance(error, FormError) else self.code
            place.report(Problem(code, str(error), self.advise(text)))
            return None


@dataclass(frozen=True, slots=True)
class Scalar(Shape[str]):
    """A string, number or boolean, kept as the text in the file."""

    def read(self, place: Place) -> str | None:
        """Read a string, number or boolean."""
        value = place.value
        if isinstance(value, str):
            return value
        if isinstance(value, bool | int | float):
            return place.written
        report_kind(place, "a string, number or boolean")
        return None


@dataclass(frozen=True, slots=True)
class Repeated(Shape[tuple[T, ...]]):
    """An array.

    Attributes:
        element: the shape of its elements.
        identify: returns what must differ from element to element, or None when there is nothing to compare.
        what: what an element is called when it comes twice.
    """

    element: Shape[T]
    identify: Callable[[Place], str | None] = field(default=lambda _: None)
    what: str = "element"

    def read(self, place: Place) -> tuple[T, ...] | None:
        """Read an array; return the elements that are right."""
        items = place.value
        if not isinstance(items, list):
            report_kind(place, "an array")
            return None
        values = []
        first_places: dict[str, Place] = {}
        for index, item in enumerate(items):
            element = Place(place.document, item, place, index)
            self._check_difference(element, first_places)
            value = self.element.read(element)
            if value is not None:
                values.append(value)
        return tuple(values)

    def _check_difference(self, element: Place, first_places: dict[str, Place]) -> None:
        name = self.identify(element)
        if name is None:
            return
        first = first_places.setdefault(name, element)
        if first is not element:
            line, column = first.position
            named = element.member("name") or element
            message = f"the {self.what} {quote_text(name)} is already in line {line}, column {column}"
            named.report(Problem("duplicate_name", message, "remove or rename one of the two"))


@dataclass(frozen=True, slots=True)
class Mapped(Shape[Mapping[str, T]]):
    """An object whose keys are free.

    Attributes:
        value: the shape of its values.
        check_key: returns what is wrong with a key, or None.
    """

    value: Shape[T]
    check_key: Callable[[Place, str], Problem | None] = field(default=lambda _place, _key: None)

    def read(self, place: Place) -> Mapping[str, T] | None:
        """Read an object; return the members that are right."""
        if not isinstance(place.value, dict):
            report_kind(place, "an object")
            return None
        values = {}
        for key, member in place.members():
            problem = self.check_key(place, key)
            if problem is not None:
                place.report_key(key, problem)
            value = self.value.read(member)
            if value is not None:
                values[key] = value
        return values


def by_text(place: Place) -> str | None:
    """Tell elements apart that are strings."""
    return place.text


def by_name(place: Place) -> str | None:
    """Tell elements apart by the member `name`."""
    name = place.member("name")
    return name.text if name is not None else None
