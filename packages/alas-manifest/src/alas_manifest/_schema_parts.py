"""What all JSON Schemas of this package are made of.

The schemas keep to what every validator understands alike: the 2020-12 dialect, and patterns without looking ahead or behind,
which not every engine of regular expressions has.
"""

import re
from collections.abc import Callable, Iterable

from alas_manifest._json_values import JsonValue

Schema = dict[str, JsonValue]

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Definitions:
    """The parts of a schema that have a name, each made once.

    Attributes:
        is_strict: whether what is only a warning makes a file invalid too.
    """

    def __init__(self, *, is_strict: bool) -> None:
        """Begin without definitions.

        Args:
            is_strict: whether what is only a warning makes a file invalid too.
        """
        self.is_strict = is_strict
        self._schemas: dict[str, JsonValue] = {}

    def reference(self, name: str, make: Callable[[], Schema]) -> Schema:
        """Return a reference to a definition.

        Args:
            name: the definition's name.
            make: makes it, when it is not there yet; may refer to itself.

        Returns:
            A schema that stands for the definition.
        """
        if name not in self._schemas:
            # The name is taken before the schema is made, so that a definition which holds itself comes to an end.
            self._schemas[name] = {}
            self._schemas[name] = make()
        return {"$ref": f"#/$defs/{name}"}

    def sorted(self) -> Schema:
        """Return all definitions by name."""
        return dict(sorted(self._schemas.items()))


def whole(pattern: str | re.Pattern[str]) -> str:
    """Return the pattern of a string that matches from its first to its last character."""
    return f"^(?:{pattern if isinstance(pattern, str) else pattern.pattern})$"


def strings(values: Iterable[str]) -> list[JsonValue]:
    """Return strings as a JSON array."""
    return list(values)


def holds(key: str, schema: Schema) -> Schema:
    """Return the schema of an object that has a member which fits a schema."""
    return {"type": "object", "properties": {key: schema}, "required": [key]}


def holds_at(keys: Iterable[str], schema: Schema) -> Schema:
    """Return the schema of an object whose member's member, and so on, fits a schema."""
    for key in reversed(list(keys)):
        schema = holds(key, schema)
    return schema


def when(condition: Schema, consequence: Schema, remark: str) -> Schema:
    """Return a schema that asks for something where a condition holds.

    Args:
        condition: fits what the schema is about.
        consequence: what that has to fit too.
        remark: why, for people who read the schema.

    Returns:
        The schema.
    """
    return {"$comment": remark, "if": condition, "then": consequence}
