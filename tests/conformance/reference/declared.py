"""What happens where a value meets a declared type: it fits, it is widened, or it is a type error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .errors import type_error
from .values import Value, kind

# A type definition as the module writes it: `{"kind": "struct", "fields": […]}` and so on.
Definition = Mapping[str, Any]


class Declared:
    """Converts values to the types of one module.

    Parameters:
        find: the definition of a type name and the types of the module that defines it, or None.
    """

    def __init__(self, find: Callable[[str], tuple[Definition, Declared] | None]) -> None:
        self._find = find

    def convert(self, value: Value, written: str) -> Value:
        """The value as the type wants it.

        Raises:
            Failure: `type_error` when the value does not fit.
        """
        match written:
            case "any":
                return value
            case "float" if kind(value) == "int":
                assert isinstance(value, int)
                return float(value)
            case "void" | "bool" | "int" | "float" | "string" | "array" | "map" | "task":
                return self._expect(value, written)
        if written.startswith("array<"):
            elements = self._expect(value, "array")
            assert isinstance(elements, list)
            return [self.convert(element, _inner(written)) for element in elements]
        if written.startswith("map<"):
            entries = self._expect(value, "map")
            assert isinstance(entries, dict)
            return {key: self.convert(entry, _inner(written)) for key, entry in entries.items()}
        found = self._find(written)
        assert found is not None, f"the checker let the unknown type {written} through"
        definition, home = found
        return home._to_definition(value, written, definition)

    def parts(self, written: str) -> tuple[str, Mapping[str, str], Declared]:
        """What the parts of a literal are declared to be, where this type is declared.

        Returns:
            The type of elements or entries ("any" when nothing is said), the types of fields of a struct (empty
            otherwise), and the types in whose terms both are written.
        """
        if written.startswith(("array<", "map<")):
            return _inner(written), {}, self
        found = self._find(written)
        if found is None:
            return "any", {}, self
        definition, home = found
        match definition["kind"]:
            case "alias":
                return home.parts(definition["type"])
            case "struct":
                return "any", {field["name"]: field["type"] for field in definition["fields"]}, home
        return "any", {}, self

    def _to_definition(self, value: Value, name: str, definition: Definition) -> Value:
        """Convert to a named type that this module defines."""
        match definition["kind"]:
            case "alias":
                return self.convert(value, definition["type"])
            case "enum":
                if not (isinstance(value, str) and value in definition["values"]):
                    raise type_error(f"{name} has no such value")
                return value
            case _:
                fields = {field["name"]: field["type"] for field in definition["fields"]}
                if not (isinstance(value, dict) and value.keys() == fields.keys()):
                    raise type_error(f"{name} has exactly the fields {', '.join(fields)}")
                return {key: self.convert(entry, fields[key]) for key, entry in value.items()}

    @staticmethod
    def _expect(value: Value, wanted: str) -> Value:
        if kind(value) != wanted:
            raise type_error(f"expected {wanted}, found {kind(value)}")
        return value


def _inner(written: str) -> str:
    """The `T` of `array<T>` and `map<T>`."""
    return written[written.index("<") + 1 : -1]
