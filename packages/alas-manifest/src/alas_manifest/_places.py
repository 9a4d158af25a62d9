"""Values of a file with their pointers: what shapes read and rules look at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from alas_manifest._json_reader import Node
from alas_manifest._nearest import nearest_name
from alas_manifest._source import Problem, Source, join_pointer
from alas_manifest._text import quote_text

# Looking for a near name takes time; a file with more findings than this is not one with a slip of the pen.
_MOST_SUGGESTIONS = 200
_LONGEST_SUGGESTION = 64


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file.

    Attributes:
        source: the file; takes the findings.
        node: the value.
        pointer: the value's JSON pointer.
    """

    source: Source
    node: Node
    pointer: str = ""

    def report(self, problem: Problem) -> None:
        """Add a finding about this value."""
        self.source.report(problem, self.pointer, self.node.start)

    def report_key(self, key: str, problem: Problem) -> None:
        """Add a finding about the key of a member, rather than about its value."""
        self.source.report(problem, join_pointer(self.pointer, key), self.node.key_starts[key])

    # --- Looking inside; anything of another kind is as good as absent, because shapes have reported it ---

    def member(self, key: str) -> "Place | None":
        """Return the member of an object, or None."""
        if not isinstance(self.node.value, dict) or key not in self.node.value:
            return None
        return Place(self.source, self.node.value[key], join_pointer(self.pointer, key))

    def at(self, *keys: str) -> "Place | None":
        """Return the member of a member, and so on, or None."""
        place: Place | None = self
        for key in keys:
            place = place.member(key) if place is not None else None
        return place

    def elements(self, key: str) -> "Iterator[Place]":
        """Yield the elements of the array that is a member."""
        array = self.member(key)
        if array is not None and isinstance(array.node.value, list):
            for index, node in enumerate(array.node.value):
                yield Place(self.source, node, join_pointer(array.pointer, index))

    def members(self) -> "Iterator[tuple[str, Place]]":
        """Yield the members of an object."""
        if isinstance(self.node.value, dict):
            for key, node in self.node.value.items():
                yield key, Place(self.source, node, join_pointer(self.pointer, key))

    @property
    def text(self) -> str | None:
        """The value when it is a string, else None."""
        return self.node.value if isinstance(self.node.value, str) else None

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
        if len(word) > _LONGEST_SUGGESTION or self.source.finding_count > _MOST_SUGGESTIONS:
            return None
        found = nearest_name(word, known)
        return f"did you mean {quote_text(found)}?" if found is not None else None


def describe(node: Node) -> str:
    """Return what a value is, for messages: `the number 3`, `an array`."""
    value = node.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the string {quote_text(value)}"
    if isinstance(value, int | float):
        return f"the number {value}"
    return "an array" if isinstance(value, list) else "an object"
