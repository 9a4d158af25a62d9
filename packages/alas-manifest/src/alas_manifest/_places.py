"""Values of a file with their pointers: what shapes read and rules look at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alas_manifest._json_document import JsonDocument, Steps, pointer_of
from alas_manifest._json_values import JsonValue
from alas_manifest._nearest import nearest_name
from alas_manifest._source import Problem
from alas_manifest._text import quote_text

# Looking for a near name takes time; a file with more findings than this is not one with a slip of the pen.
_MOST_SUGGESTIONS = 200
_LONGEST_SUGGESTION = 64


@dataclass(slots=True)
class Place:
    """A value in a file.

    Attributes:
        document: the file; takes the findings.
        value: the value.
        parent: the object or array it is in; None for the whole document.
        step: its key or index there.
    """

    document: JsonDocument
    value: JsonValue
    parent: "Place | None" = None
    step: str | int = ""

    @classmethod
    def whole(cls, document: JsonDocument) -> "Place":
        """Return the place of the whole document."""
        return cls(document, document.value)

    @property
    def steps(self) -> Steps:
        """The keys and indices that lead here."""
        steps = []
        place = self
        while place.parent is not None:
            steps.append(place.step)
            place = place.parent
        return tuple(reversed(steps))

    @property
    def pointer(self) -> str:
        """The value's JSON pointer."""
        return pointer_of(self.steps)

    @property
    def position(self) -> tuple[int, int]:
        """Line and column of the value, both from 1."""
        return self.document.position_of(self.steps)

    @property
    def written(self) -> str:
        """The value as the file has it."""
        return self.document.text_of(self.steps)

    def silently(self) -> "Place":
        """Return the same place, deaf to findings."""
        return Place(self.document.silently(), self.value, self.parent, self.step)

    def report(self, problem: Problem) -> None:
        """Add a finding about this value."""
        self.document.report(problem, self.steps)

    def report_key(self, key: str, problem: Problem) -> None:
        """Add a finding about the key of a member, rather than about its value."""
        self.document.report(problem, (*self.steps, key), at_key=True)

    # --- Looking inside; anything of another kind is as good as absent, because shapes have reported it ---

    def member(self, key: str) -> "Place | None":
        """Return the member of an object, or None."""
        if not isinstance(self.value, dict) or key not in self.value:
            return None
        return Place(self.document, self.value[key], self, key)

    def at(self, *keys: str) -> "Place | None":
        """Return the member of a member, and so on, or None."""
        place: Place | None = self
        for key in keys:
            place = place.member(key) if place is not None else None
        return place

    def elements(self, key: str) -> "Iterator[Place]":
        """Yield the elements of the array that is a member."""
        array = self.member(key)
        if array is not None and isinstance(array.value, list):
            for index, value in enumerate(array.value):
                yield Place(self.document, value, array, index)

    def members(self) -> "Iterator[tuple[str, Place]]":
        """Yield the members of an object."""
        if isinstance(self.value, dict):
            for key, value in self.value.items():
                yield key, Place(self.document, value, self, key)

    @property
    def text(self) -> str | None:
        """The value when it is a string, else None."""
        return self.value if isinstance(self.value, str) else None

    def texts(self, key: str) -> list[str]:
        """Return the strings among the elements of the array that is a member."""
        return [place.text for place in self.elements(key) if place.text is not None]

    def suggest(self, word: str, known: Iterable[str]) -> str | None:
        """Return the question whether another word was meant.

        Args:
            word: the word in the file.
            known: the words that would do.

        Returns:
            For example `did you mean "name"?`, or None when no word is near.
        """
        if len(word) > _LONGEST_SUGGESTION or self.document.source.finding_count > _MOST_SUGGESTIONS:
            return None
        found = nearest_name(word, known)
        return f"did you mean {quote_text(found)}?" if found is not None else None


def describe(value: JsonValue) -> str:
    """Return what a value is, for messages: `the number 3`, `an array`."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the string {quote_text(value)}"
    if isinstance(value, int | float):
        return f"the number {value}"
    return "an array" if isinstance(value, list) else "an object"
