"""The conversions of values without parts."""

import enum
import numbers

from alas_builtin._conversion import LARGEST_INT, SMALLEST_INT, Conversion, MisfitError
from alas_manifest import TypeReference


class IntConversion(Conversion):
    """An int of 64 bits."""

    reference = TypeReference("int")
    rank = 2
    exact = int

    def to_python(self, value: object) -> object:
        """Let an int pass."""
        return self.to_alas(value)

    def to_alas(self, value: object) -> object:
        """Let an int pass, and make one of the integers of other libraries."""
        if type(value) is not int:
            if isinstance(value, bool) or not isinstance(value, numbers.Integral):
                raise MisfitError("int", value)
            value = int(value)
        if not SMALLEST_INT <= value <= LARGEST_INT:
            raise MisfitError("int", value)
        return value


class FloatConversion(Conversion):
    """A float; an int becomes one, as it does in ALaS."""

    reference = TypeReference("float")
    rank = 3
    exact = float

    def to_python(self, value: object) -> object:
        """Let a float pass, and make one of an int."""
        return self.to_alas(value)

    def to_alas(self, value: object) -> object:
        """Let a float pass, and make one of the numbers of other libraries."""
        if type(value) is float:
            return value
        if isinstance(value, bool) or not isinstance(value, numbers.Real):
            raise MisfitError("float", value)
        try:
            return float(value)
        except OverflowError:
            raise MisfitError("float", value, "the number is too large for a float") from None


class StringConversion(Conversion):
    """Text."""

    reference = TypeReference("string")
    rank = 4
    exact = str

    def to_python(self, value: object) -> object:
        """Let text pass."""
        return self.to_alas(value)

    def to_alas(self, value: object) -> object:
        """Let text pass; of a subclass only the text."""
        if type(value) is str:
            return value
        if not isinstance(value, str):
            raise MisfitError("string", value)
        return str.__str__(value)


class BoolConversion(Conversion):
    """True or false."""

    reference = TypeReference("bool")
    rank = 1
    exact = bool

    def to_python(self, value: object) -> object:
        """Let a bool pass."""
        return self.to_alas(value)

    def to_alas(self, value: object) -> object:
        """Let a bool pass."""
        if not isinstance(value, bool):
            raise MisfitError("bool", value)
        return value


class VoidConversion(Conversion):
    """Nothing."""

    reference = TypeReference("void")
    rank = 0
    exact = type(None)

    def to_python(self, value: object) -> object:
        """Let None pass."""
        return self.to_alas(value)

    def to_alas(self, value: object) -> object:
        """Let None pass."""
        if value is not None:
            raise MisfitError("void", value)
        return value


class EnumConversion(Conversion):
    """Members of an enumeration whose values are texts; in ALaS, these texts."""

    rank = 0

    def __init__(self, reference: TypeReference, members: type[enum.Enum]) -> None:
        self.reference = reference
        self._members = members
        self._by_text = {str(member.value): member for member in members}

    def to_python(self, value: object) -> object:
        """Return the member with a text."""
        member = self._by_text.get(value) if isinstance(value, str) else None
        if member is None:
            raise MisfitError(_one_of(self.reference, self._by_text), value)
        return member

    def to_alas(self, value: object) -> object:
        """Return the text of a member; such a text itself passes too."""
        if isinstance(value, self._members):
            return str(value.value)
        if type(value) is str and value in self._by_text:
            return value
        raise MisfitError(_one_of(self.reference, self._by_text), value)


class WordConversion(Conversion):
    """Some texts that a `Literal` lists."""

    rank = 0

    def __init__(self, reference: TypeReference, words: tuple[str, ...]) -> None:
        self.reference = reference
        self._words = dict.fromkeys(words)

    def to_python(self, value: object) -> object:
        """Let a text pass that is listed."""
        return self.to_alas(value)

    def to_alas(self, value: object) -> object:
        """Let a text pass that is listed; of a subclass of `str` only the text."""
        if not isinstance(value, str) or value not in self._words:
            raise MisfitError(_one_of(self.reference, self._words), value)
        return str.__str__(value)


def _one_of(
    reference: TypeReference, words: dict[str, object] | dict[str, enum.Enum] | dict[str, None]
) -> str:
    most = 8
    shown = ", ".join(f'"{word}"' for word in list(words)[:most])
    return f"{reference} ({shown}{', …' if len(words) > most else ''})"
