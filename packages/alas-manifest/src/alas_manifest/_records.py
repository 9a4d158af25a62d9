"""The shape of an object with known fields, which becomes an instance of a class."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from alas_manifest._habits import FIELD_HABITS
from alas_manifest._json_values import JsonValue
from alas_manifest._places import Place
from alas_manifest._quantities import CpuShare
from alas_manifest._schema_parts import Definitions, Schema, strings
from alas_manifest._shapes import Shape, report_kind
from alas_manifest._source import Problem
from alas_manifest._text import quote_text
from alas_manifest._versions import VersionRange

T = TypeVar("T")

_TOOL_PREFIX = "x-"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    Attributes:
        shape: what it accepts.
        about: what it is for, in a sentence for people who write manifests.
        is_required: whether it must be there.
        attribute: what the class calls it, when that differs from the key.
        example: what to add when it is missing.
    """

    shape: Shape[Any]
    about: str
    is_required: bool = False
    attribute: str | None = None
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Record(Shape[T]):
    """An object with known fields.

    Attributes:
        title: what it is, in a word or two.
        make: the class of the value; takes `extra` besides the fields.
        fields: key to field.
        free_keys: what tools may add besides keys that begin with `x-`.
    """

    title: str
    make: Callable[..., T]
    fields: Mapping[str, Field]
    free_keys: tuple[str, ...] = ()

    def read(self, place: Place) -> T | None:
        """Read an object; None when a field is missing or wrong."""
        members = place.value
        if not isinstance(members, dict):
            parts = [f'"{key}": {known.example}' for key, known in self.fields.items() if known.is_required]
            example = f"write an object: {{{', '.join(parts)}}}" if parts else None
            report_kind(place, "an object", example)
            return None
        arguments: dict[str, object] = {}
        extra: dict[str, JsonValue] = {}
        is_complete = True
        for key, member in place.members():
            known = self.fields.get(key)
            if known is None:
                extra[key] = member.value
                self._warn_unknown(place, key)
                continue
            if member.value is None and known.is_required:
                member.report(
                    Problem("wrong_kind", "expected a value, found null", f"for example {known.example}")
                )
                is_complete = False
                continue
            value = known.shape.read(member)
            if value is None:
                is_complete = False
            arguments[known.attribute or key] = value
        for key, known in self.fields.items():
            if known.is_required and key not in members:
                is_complete = False
                report_missing(place, key, known.example)
        return self.make(**arguments, extra=extra) if is_complete else None

    def _warn_unknown(self, place: Place, key: str) -> None:
        if key.startswith(_TOOL_PREFIX) or key in self.free_keys:
            return
        habit = FIELD_HABITS.get(key.lower().replace("-", "_"), "")
        guess = f"did you mean {quote_text(habit)}?" if habit in self.fields else None
        advice = guess or place.suggest(key, self.fields) or f"a field of your own begins with {_TOOL_PREFIX}"
        message = f"{quote_text(key)} is not a field that anything reads here"
        place.report_key(key, Problem("unknown_field", message, advice, "warning"))

    def schema(self, definitions: Definitions) -> Schema:
        """Describe the shape as a reference to a JSON Schema among the definitions."""
        name = self.title.title().replace(" ", "")
        return definitions.reference(name[0].lower() + name[1:], lambda: self.whole_schema(definitions))

    def whole_schema(self, definitions: Definitions) -> Schema:
        """Describe the shape as a JSON Schema."""
        defaults = {one.name: one.default for one in dataclasses.fields(self.make)}  # type: ignore[arg-type]
        schema: Schema = {
            "title": self.title,
            "type": "object",
            "properties": {
                key: {
                    "description": known.about,
                    **known.shape.schema(definitions),
                    **_default(defaults[known.attribute or key]),
                }
                for key, known in self.fields.items()
            },
        }
        required = strings(key for key, known in self.fields.items() if known.is_required)
        if required:
            schema["required"] = required
        if definitions.is_strict:
            free = "|".join(map(re.escape, self.free_keys))
            schema["patternProperties"] = {
                f"^(?:{_TOOL_PREFIX}|(?:{free})$)" if free else f"^{_TOOL_PREFIX}": {}
            }
            schema["additionalProperties"] = False
        return schema


def _default(value: object) -> Schema:
    """Return what a schema says of a default; nothing of one that depends on other fields."""
    if isinstance(value, bool):
        return {"default": value}
    if isinstance(value, str | VersionRange | CpuShare):
        return {"default": str(value)}
    return {}


def report_missing(place: Place, key: str, example: str | None = None) -> None:
    """Report that an object lacks a field."""
    advice = f'add `"{key}": {example}`' if example is not None else None
    place.report(Problem("missing_field", f"the field `{key}` is missing", advice))
