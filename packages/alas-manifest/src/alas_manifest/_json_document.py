"""A JSON text: its value at once, and the places of its parts when somebody asks for them."""

import dataclasses
from dataclasses import dataclass

from alas_manifest._json_reader import Node, plain_value, read_json
from alas_manifest._json_values import JsonValue, read_values
from alas_manifest._source import Problem, Source, join_pointer

Steps = tuple[str | int, ...]


@dataclass(slots=True)
class JsonDocument:
    """The value of a text, and where its parts stand.

    Attributes:
        source: the text; takes the findings.
        value: the value; None also when the text is not JSON.
        is_readable: whether the text is JSON. If not, the findings say why.
        is_silent: whether findings are dropped.
    """

    source: Source
    value: JsonValue = None
    is_readable: bool = True
    is_silent: bool = False
    _root: Node | None = None

    @classmethod
    def read(cls, source: Source) -> "JsonDocument":
        """Read a text.

        Args:
            source: the text; takes the findings about it.

        Returns:
            The document.
        """
        try:
            return cls(source, read_values(source.text))
        except (ValueError, RecursionError):
            root = read_json(source)
            if root is None:
                return cls(source, is_readable=False)
            return cls(source, plain_value(root), _root=root)

    def silently(self) -> "JsonDocument":
        """Return the same document, deaf to findings."""
        return dataclasses.replace(self, is_silent=True)

    def report(self, problem: Problem, steps: Steps, *, at_key: bool = False) -> None:
        """Add a finding about a part.

        Args:
            problem: what is wrong.
            steps: the keys and indices that lead to the part.
            at_key: whether the finding is about the last key rather than about its value.
        """
        if self.is_silent:
            return
        self.source.report(
            problem, pointer_of(steps), self._key_start(steps) if at_key else self.node(steps).start
        )

    def _key_start(self, steps: Steps) -> int:
        return self.node(steps[:-1]).key_starts[str(steps[-1])]

    def node(self, steps: Steps) -> Node:
        """Return a part with its place."""
        if self._root is None:
            self._root = read_json(self.source)
        node = self._root
        assert node is not None, "the two readers read every text alike"
        for step in steps:
            node = node.inside(step)
        return node

    def text_of(self, steps: Steps) -> str:
        """Return a part as the text has it."""
        node = self.node(steps)
        return self.source.text[node.start : node.end]

    def position_of(self, steps: Steps) -> tuple[int, int]:
        """Return line and column, both from 1, of a part."""
        return self.source.position(self.node(steps).start)


def pointer_of(steps: Steps) -> str:
    """Return the JSON pointer (RFC 6901) of a part."""
    pointer = ""
    for step in steps:
        pointer = join_pointer(pointer, step)
    return pointer
