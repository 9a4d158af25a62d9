"""The shape of an object with known fields, which becomes an instance of a class."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from alas_manifest._json_values import JsonValue
from alas_manifest._places import Place
from alas_manifest._shapes import Shape, report_kind
from alas_manifest._source import Problem
from alas_manifest._text import quote_text

T = TypeVar("T")

_TOOL_PREFIX = "x-"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record.

    Attributes:
        shape: what it accepts.
        is_required: whether it must be there.
        attribute: what the class calls it, when that differs from the key.
        example: what to add when it is missing.
    """

    shape: Shape[Any]
    is_required: bool = False
    attribute: str | None = None
    example: str | None = None


@dataclass(frozen=True, slots=True)
class Record(Shape[T]):
    """An object with known fields.

    Attributes:
        make: makes the value out of the fields that are there; takes `extra` as well unless `takes_extra` says no.
        fields: key to field.
    """

    make: Callable[..., T]
    fields: Mapping[str, Field]
    takes_extra: bool = field(default=True, kw_only=True)

    def read(self, place: Place) -> T | None:
        """Read an object; None when a field is missing or wrong."""
        members = place.value
        if not isinstance(members, dict):
            report_kind(place, "an object")
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
            value = known.shape.read(member)
            if value is None:
                is_complete = False
            arguments[known.attribute or key] = value
        for key, known in self.fields.items():
            if known.is_required and key not in members:
                is_complete = False
                report_missing(place, key, known.example)
        if self.takes_extra:
            arguments["extra"] = extra
        return self.make(**arguments) if is_complete else None

    def _warn_unknown(self, place: Place, key: str) -> None:
        if key.startswith(_TOOL_PREFIX):
            return
        advice = place.suggest(key, self.fields) or f"a field of your own begins with {_TOOL_PREFIX}"
        message = f"{quote_text(key)} is not a field that anything reads here"
        place.report_key(key, Problem("unknown_field", message, advice, "warning"))


def report_missing(place: Place, key: str, example: str | None = None) -> None:
    """Report that an object lacks a field."""
    advice = f'add `"{key}": {example}`' if example is not None else None
    place.report(Problem("missing_field", f"the field `{key}` is missing", advice))
