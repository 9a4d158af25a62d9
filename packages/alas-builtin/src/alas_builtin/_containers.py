"""The conversions of values with parts, and of those that may be several things."""

import dataclasses
import enum
import numbers
from collections.abc import Callable, Iterable, Mapping, Sequence

from alas_builtin._conversion import LARGEST_INT, SMALLEST_INT, Conversion, MisfitError, describe
from alas_builtin._scalars import FloatConversion, IntConversion, StringConversion
from alas_manifest import TypeReference, quote_text

_INT, _FLOAT, _STRING = IntConversion(), FloatConversion(), StringConversion()


class ArrayConversion(Conversion):
    """A list, a tuple of any length, or another thing to go through."""

    rank = 7

    def __init__(
        self, element: Conversion, container: Callable[[list[object]], object] | None = None
    ) -> None:
        """Make the conversion.

        Args:
            element: that of the elements.
            container: makes what the function gets of a list; None gives it the list.
        """
        self.reference = TypeReference("array", element.reference)
        self._element = element
        self._container = container

    def to_python(self, value: object) -> object:
        """Return the elements in the container that the function wants."""
        if not isinstance(value, list | tuple):
            raise MisfitError(str(self.reference), value)
        elements = self._converted(value, self._element.to_python)
        return elements if self._container is None else self._container(elements)

    def to_alas(self, value: object) -> object:
        """Return the elements as a list; whatever can be gone through in a certain order will do."""
        if isinstance(value, list | tuple):
            return self._converted(value, self._element.to_alas)
        if isinstance(value, str | bytes | Mapping | set | frozenset) or not isinstance(value, Iterable):
            raise MisfitError(str(self.reference), value)
        return self._converted(list(value), self._element.to_alas)

    def _converted(self, value: Sequence[object], convert: Callable[[object], object]) -> list[object]:
        exact = self._element.exact
        if exact is not None and _are_all(value, exact):
            return value if isinstance(value, list) else list(value)
        elements = []
        for index, element in enumerate(value):
            try:
                elements.append(convert(element))
            except MisfitError as misfit:
                raise misfit.at(f"[{index}]") from None
        return elements


class MapConversion(Conversion):
    """A dict with texts for keys."""

    rank = 8

    def __init__(self, element: Conversion) -> None:
        self.reference = TypeReference("map", element.reference)
        self._element = element

    def to_python(self, value: object) -> object:
        """Return the entries as a dict."""
        return self._converted(value, self._element.to_python)

    def to_alas(self, value: object) -> object:
        """Return the entries as a dict."""
        return self._converted(value, self._element.to_alas)

    def _converted(self, value: object, convert: Callable[[object], object]) -> dict[str, object]:
        if not isinstance(value, Mapping):
            raise MisfitError(str(self.reference), value)
        return {
            _key(key, self.reference): _inside(convert, element, f"[{key!r}]")
            for key, element in value.items()
        }


@dataclasses.dataclass(frozen=True, slots=True)
class StructShape:
    """How a Python class holds a struct.

    Attributes:
        make: makes an instance of the values of the fields, given by name.
        read: returns the values of the fields of an instance by name, or None of what is no instance.
    """

    make: Callable[..., object]
    read: Callable[[object], Mapping[str, object] | None]


class StructConversion(Conversion):
    """A dataclass, TypedDict or NamedTuple; in ALaS, a map with exactly its fields."""

    rank = 6

    def __init__(self, reference: TypeReference, shape: StructShape) -> None:
        self.reference = reference
        self._shape = shape
        self._fields: dict[str, Conversion] = {}

    def take_fields(self, fields: Mapping[str, Conversion]) -> None:
        """Take the fields, which may need the conversion itself and therefore come after it."""
        self._fields = dict(fields)

    def to_python(self, value: object) -> object:
        """Make an instance of a map."""
        if not isinstance(value, Mapping):
            raise MisfitError(str(self.reference), value)
        self._check_names(value)
        values = {
            name: _inside(field.to_python, value[name], f".{name}") for name, field in self._fields.items()
        }
        try:
            return self._shape.make(**values)
        except (TypeError, ValueError) as error:
            raise MisfitError(
                str(self.reference), value, f"{self.reference} refuses its values: {error}"
            ) from error

    def to_alas(self, value: object) -> object:
        """Make a map of an instance."""
        values = self._shape.read(value)
        if values is None:
            raise MisfitError(str(self.reference), value)
        self._check_names(values)
        return {
            name: _inside(field.to_alas, values[name], f".{name}") for name, field in self._fields.items()
        }

    def _check_names(self, value: Mapping[str, object]) -> None:
        if value.keys() == self._fields.keys():
            return
        missing = [name for name in self._fields if name not in value]
        surplus = [str(name) for name in value if name not in self._fields]
        parts = [f"lacks {', '.join(map(quote_text, missing))}"] if missing else []
        parts += [f"has {', '.join(map(quote_text, surplus))}, which it should not have"] if surplus else []
        fields = ", ".join(self._fields) or "none"
        reason = f"expected {self.reference} with the fields {fields}; the value {' and '.join(parts)}"
        raise MisfitError(str(self.reference), value, reason)


class AliasConversion(Conversion):
    """Another name for a type."""

    def __init__(self, reference: TypeReference, base: Conversion) -> None:
        self.reference = reference
        self.base = base
        self.rank = base.rank
        self.exact = base.exact

    def to_python(self, value: object) -> object:
        """Convert as what it stands for."""
        return self.base.to_python(value)

    def to_alas(self, value: object) -> object:
        """Convert as what it stands for."""
        return self.base.to_alas(value)


class UnionConversion(Conversion):
    """One of several types, which for ALaS is `any`: the first alternative that fits is taken."""

    reference = TypeReference("any")

    def __init__(self, alternatives: Sequence[Conversion]) -> None:
        # An int fits a float as well, and the text of an enum a string; the narrower type comes first.
        self._alternatives = sorted(alternatives, key=lambda alternative: alternative.rank)

    def to_python(self, value: object) -> object:
        """Convert as the first alternative that fits."""
        return self._first(value, [alternative.to_python for alternative in self._alternatives])

    def to_alas(self, value: object) -> object:
        """Convert as the first alternative that fits."""
        return self._first(value, [alternative.to_alas for alternative in self._alternatives])

    def _first(self, value: object, conversions: Sequence[Callable[[object], object]]) -> object:
        for convert in conversions:
            try:
                return convert(value)
            except MisfitError:
                continue
        raise MisfitError(str(self), value)

    def __str__(self) -> str:
        """Return the alternatives, as messages name them."""
        return " or ".join(map(str, self._alternatives))


class AnyConversion(Conversion):
    """Anything that ALaS has a value for."""

    reference = TypeReference("any")
    rank = 9

    def to_python(self, value: object) -> object:
        """Let a value of ALaS pass."""
        return self.to_alas(value)

    def to_alas(self, value: object) -> object:
        """Return the value of ALaS that a Python value stands for: instances of classes with fields become maps."""
        return _any(value)


def _any(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return _any(value.value)
    fields = _fields_of(value)
    if fields is not None:
        return {name: _inside(_any, getattr(value, name), f".{name}") for name in fields}
    if isinstance(value, Mapping):
        wanted = TypeReference("map")
        return {_key(key, wanted): _inside(_any, element, f"[{key!r}]") for key, element in value.items()}
    if isinstance(value, list | tuple):
        return [_inside(_any, element, f"[{index}]") for index, element in enumerate(value)]
    return _any_scalar(value)


def _any_scalar(value: object) -> object:
    if isinstance(value, str):
        return _STRING.to_alas(value)
    if isinstance(value, numbers.Integral):
        return _INT.to_alas(value)
    if isinstance(value, numbers.Real):
        return _FLOAT.to_alas(value)
    raise MisfitError("a value that ALaS has", value)


def _fields_of(value: object) -> Sequence[str] | None:
    """Return the names of the fields of an instance of a class with fields."""
    if isinstance(value, tuple):
        return getattr(value, "_fields", None)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return [field.name for field in dataclasses.fields(value)]
    return None


def _inside(convert: Callable[[object], object], value: object, step: str) -> object:
    """Convert a part, and say in an error which part it was."""
    try:
        return convert(value)
    except MisfitError as misfit:
        raise misfit.at(step) from None


def _key(key: object, wanted: TypeReference) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    raise MisfitError(str(wanted), key, f"the keys of a map are strings, found {describe(key)}")


def _are_all(values: Sequence[object], exact: type) -> bool:
    """Say whether all values pass as they are, at the speed of C."""
    if not set(map(type, values)) <= {exact}:
        return False
    if exact is not int or not values:
        return True
    return min(values) >= SMALLEST_INT and max(values) <= LARGEST_INT  # type: ignore[type-var,operator] # they are ints
