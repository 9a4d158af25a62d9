"""Shapes: what a field accepts, as values that can be put together.

A shape reads a place and returns a value, or reports what is wrong there and returns None; no field's value is None, because
`null` is never accepted. Arrays, maps and records go on after a mistake, so that one reading finds all of them. What needs
more than one field to decide is not here but in the rules.

A shape also describes itself as a JSON Schema, which accepts all that the shape accepts.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from alas_manifest._diagnostics import FormError
from alas_manifest._places import Place, describe
from alas_manifest._schema_parts import Definitions, Schema, strings
from alas_manifest._source import Problem
from alas_manifest._text import quote_text

T = TypeVar("T")

_FLAG_HABITS = {"true": "true", "yes": "true", "on": "true", "1": "true", "false": "false", "no": "false", "off": "false", "0": "false"}  # fmt: skip


class Shape(ABC, Generic[T]):
    """What a field accepts."""

    @abstractmethod
    def read(self, place: Place) -> T | None:
        """Read a value, or report what is wrong with it and return None."""

    @abstractmethod
    def schema(self, definitions: Definitions) -> Schema:
        """Describe the shape as a JSON Schema."""


def report_kind(place: Place, expected: str, advice: str | None = None) -> None:
    """Report that a value is of the wrong kind."""
    if place.value is None and place.parent is not None:
        advice = "leave the field out instead of null" if isinstance(place.step, str) else "remove the null"
    place.report(Problem("wrong_kind", f"expected {expected}, found {describe(place.value)}", advice))


@dataclass(frozen=True, slots=True)
class Text(Shape[str]):
    """Any string."""

    def read(self, place: Place) -> str | None:
        """Read a string."""
        if place.text is None:
            is_simple = isinstance(place.value, bool | int | float)
            report_kind(place, "a string", "put it in double quotes" if is_simple else None)
        return place.text

    def schema(self, definitions: Definitions) -> Schema:  # noqa: ARG002 - as the base class has it
        """Describe the shape as a JSON Schema."""
        return {"type": "string"}


@dataclass(frozen=True, slots=True)
class Flag(Shape[bool]):
    """`true` or `false`."""

    def read(self, place: Place) -> bool | None:
        """Read a boolean."""
        value = place.value
        if isinstance(value, bool):
            return value
        guess = _FLAG_HABITS.get(str(value).lower())
        quoted = " without quotation marks" if place.text is not None else ""
        report_kind(place, "true or false", f"write {guess}{quoted}" if guess else None)
        return None

    def schema(self, definitions: Definitions) -> Schema:  # noqa: ARG002 - as the base class has it
        """Describe the shape as a JSON Schema."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice(Shape[str]):
    """One word of a set.

    Attributes:
        words: the words.
        habits: what other tools call them, in lower case.
    """

    words: Sequence[str]
    habits: Mapping[str, str] = field(default_factory=dict)

    def read(self, place: Place) -> str | None:
        """Read one of the words."""
        word = Text().read(place)
        if word is None or word in self.words:
            return word
        message = f"expected one of {', '.join(self.words)}, found {quote_text(word)}"
        habit = self.habits.get(word.lower())
        advice = f"did you mean {quote_text(habit)}?" if habit else place.suggest(word, self.words)
        place.report(Problem("unknown_value", message, advice))
        return None

    def schema(self, definitions: Definitions) -> Schema:  # noqa: ARG002 - as the base class has it
        """Describe the shape as a JSON Schema."""
        return {"type": "string", "enum": strings(self.words)}


@dataclass(frozen=True, slots=True)
class OpenChoice(Shape[str]):
    """A word, of which some are known and others are up to a rule.

    Attributes:
        words: the known words.
    """

    words: Sequence[str]

    def read(self, place: Place) -> str | None:
        """Read a word."""
        return Text().read(place)

    def schema(self, definitions: Definitions) -> Schema:  # noqa: ARG002 - as the base class has it
        """Describe the shape as a JSON Schema."""
        return {"type": "string", "minLength": 1, "examples": strings(self.words)}


@dataclass(frozen=True, slots=True)
class Parsed(Shape[T]):
    """A string that a function turns into a value.

    Attributes:
        parse: the function; raises ValueError for a string that it does not accept.
        code: the diagnostic's code then.
        advise: returns the diagnostic's help then.
        form: what a JSON Schema can say about the strings that it accepts.
        example: what to write instead of something that is no string, when that is no number either.
    """

    parse: Callable[[str], T]
    code: str
    advise: Callable[[str], str | None] = field(default=lambda _: None)
    form: Schema = field(default_factory=dict)
    example: str | None = None

    def read(self, place: Place) -> T | None:
        """Read the string and turn it into a value."""
        text = place.text
        if text is None:
            self._report_kind(place)
            return None
        try:
            return self.parse(text)
        except ValueError as error:
            code = error.diagnostic_code if isinstance(error, FormError) else self.code
            place.report(Problem(code, str(error), self.advise(text)))
            return None

    def _report_kind(self, place: Place) -> None:
        """Report that there is no string; of a number, ask for the string that it probably stands for."""
        if isinstance(place.value, bool) or not isinstance(place.value, int | float):
            report_kind(place, "a string", f"write one string: {self.example}" if self.example else None)
            return
        written = place.written
        try:
            self.parse(written)
        except ValueError:
            advice = self.advise(written)
        else:
            advice = None
        report_kind(
            place, "a string", f"put it in double quotes; {advice}" if advice else "put it in double quotes"
        )

    def schema(self, definitions: Definitions) -> Schema:  # noqa: ARG002 - as the base class has it
        """Describe the shape as a JSON Schema."""
        return {"type": "string", **self.form}


@dataclass(frozen=True, slots=True)
class Scalar(Shape[str]):
    """A string, number or boolean, kept as the text in the file."""

    def read(self, place: Place) -> str | None:
        """Read a string, number or boolean."""
        value = place.value
        if isinstance(value, str):
            return value
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int) and value != 0:
            return str(value)
        if isinstance(value, int | float):
            # Only the file tells -0 from 0 and 1e3 from 1000.0.
            return place.written
        report_kind(place, "a string, number or boolean")
        return None

    def schema(self, definitions: Definitions) -> Schema:  # noqa: ARG002 - as the base class has it
        """Describe the shape as a JSON Schema."""
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True, slots=True)
class Repeated(Shape[tuple[T, ...]]):
    """An array.

    Attributes:
        element: the shape of its elements.
        identify: returns what must differ from element to element, or None when there is nothing to compare. Without it
            elements may be alike.
        what: what an element is called when it comes twice.
        example: what to write instead of an object.
    """

    element: Shape[T]
    identify: Callable[[Place], str | None] | None = None
    what: str = "element"
    example: str | None = None

    def read(self, place: Place) -> tuple[T, ...] | None:
        """Read an array; return the elements that are right."""
        items = place.value
        if not isinstance(items, list):
            advice = None
            if place.text is not None:
                advice = "put it into an array: [" + quote_text(place.written).strip("`") + "]"
            elif isinstance(items, dict):
                advice = f"write an array: {self.example or '[…]'}"
            report_kind(place, "an array", advice)
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

    def schema(self, definitions: Definitions) -> Schema:
        """Describe the shape as a JSON Schema."""
        schema: Schema = {"type": "array", "items": self.element.schema(definitions)}
        # Elements that are quite alike are so in what must differ, too.
        return schema | ({"uniqueItems": True} if self.identify is not None else {})

    def _check_difference(self, element: Place, first_places: dict[str, Place]) -> None:
        name = self.identify(element) if self.identify is not None else None
        if name is None:
            return
        first = first_places.setdefault(name, element)
        if first is not element:
            line, column = (first.member("name") or first).position
            named = element.member("name") or element
            message = f"the {self.what} {quote_text(name)} is already in line {line}, column {column}"
            named.report(Problem("duplicate_name", message, "remove or rename one of the two"))


@dataclass(frozen=True, slots=True)
class Mapped(Shape[Mapping[str, T]]):
    """An object whose keys are free.

    Attributes:
        value: the shape of its values.
        check_key: returns what is wrong with a key, or None.
        key_form: what a JSON Schema can say about the keys.
    """

    value: Shape[T]
    check_key: Callable[[Place, str], Problem | None] = field(default=lambda _place, _key: None)
    key_form: Schema = field(default_factory=dict)

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

    def schema(self, definitions: Definitions) -> Schema:
        """Describe the shape as a JSON Schema."""
        keys: Schema = {"propertyNames": self.key_form} if self.key_form else {}
        return {"type": "object", **keys, "additionalProperties": self.value.schema(definitions)}


def by_text(place: Place) -> str | None:
    """Tell elements apart that are strings."""
    return place.text


def by_name(place: Place) -> str | None:
    """Tell elements apart by the member `name`."""
    name = place.member("name")
    return name.text if name is not None else None
