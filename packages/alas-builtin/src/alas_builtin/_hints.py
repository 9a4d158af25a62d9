"""From a type hint to the conversion of its values, and to the types that the plugin has to declare for it."""

import collections.abc
import enum
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin

from alas_builtin._advice import advice_for
from alas_builtin._containers import (
    AliasConversion,
    AnyConversion,
    ArrayConversion,
    MapConversion,
    StructConversion,
    UnionConversion,
)
from alas_builtin._conversion import Conversion
from alas_builtin._declared_types import DeclaredTypes
from alas_builtin._docstrings import summary
from alas_builtin._errors import DefinitionError
from alas_builtin._scalars import (
    BoolConversion,
    EnumConversion,
    FloatConversion,
    IntConversion,
    StringConversion,
    VoidConversion,
    WordConversion,
)
from alas_builtin._structs import is_struct, struct_fields, struct_shape
from alas_manifest import JsonValue, Parameter, TypeDefinition, TypeReference

_ANY = AnyConversion()
_SCALARS: dict[object, Conversion] = {
    int: IntConversion(),
    float: FloatConversion(),
    str: StringConversion(),
    bool: BoolConversion(),
    None: VoidConversion(),
    type(None): VoidConversion(),
    Any: _ANY,
    object: _ANY,
}
_ARRAYS = frozenset(
    {
        list,
        collections.abc.Sequence,
        collections.abc.MutableSequence,
        collections.abc.Collection,
        collections.abc.Iterable,
    }
)
# A function may return these; as an argument they could be gone through only once, which a list can do better.
_STREAMS = frozenset({collections.abc.Iterator, collections.abc.Generator})
_MAPS = frozenset({dict, collections.abc.Mapping, collections.abc.MutableMapping})


@dataclass(frozen=True, slots=True)
class HintReader:
    """Reads hints at one place.

    Attributes:
        types: the types of the plugin; takes those that a hint needs.
        place: where the hint stands, for messages.
        suggested: what to call a type without a name of its own, best first.
        namespace: the variables of the module that the hint stands in.
        is_result: whether the hint is that of a result.
    """

    types: DeclaredTypes
    place: str
    suggested: tuple[str, ...]
    namespace: Mapping[str, object]
    is_result: bool = False

    def read(self, hint: object) -> Conversion:
        """Return the conversion of the values that a hint allows.

        Args:
            hint: a type hint, evaluated.

        Returns:
            The conversion.

        Raises:
            DefinitionError: ALaS has no type for it; the message says what to write instead.
        """
        scalar = _scalar(hint)
        if scalar is not None:
            return scalar
        if isinstance(hint, NewType):
            return self._alias(hint, hint.__name__, hint.__supertype__)
        if type(hint).__name__ == "TypeAliasType":
            return self._type_alias(hint)
        origin = get_origin(hint)
        if origin is not None:
            return self._read_generic(hint, origin, get_args(hint))
        if isinstance(hint, type):
            return self._read_class(hint)
        raise self._refuse(hint)

    def _read_class(self, hint: type) -> Conversion:
        if issubclass(hint, enum.Enum):
            return self._enum(hint)
        if is_struct(hint):
            return self._struct(hint)
        if hint in _ARRAYS or (hint in _STREAMS and self.is_result):
            return ArrayConversion(_ANY)
        if hint is tuple:
            return ArrayConversion(_ANY, tuple)
        if hint in _MAPS:
            return MapConversion(_ANY)
        raise self._refuse(hint)

    def _read_generic(self, hint: object, origin: object, arguments: tuple[object, ...]) -> Conversion:
        if origin is Annotated:
            return self.read(arguments[0])
        if origin is Union or origin is types.UnionType:
            return UnionConversion([self.read(alternative) for alternative in arguments])
        if origin is Literal:
            return self._words(hint, arguments)
        if origin in _ARRAYS or (origin in _STREAMS and self.is_result):
            return ArrayConversion(self.read(arguments[0]))
        is_even_tuple = len(arguments) == 2 and arguments[1] is Ellipsis
        if origin is tuple and is_even_tuple:
            return ArrayConversion(self.read(arguments[0]), tuple)
        if origin in _MAPS and self.read(arguments[0]).reference == TypeReference("string"):
            return MapConversion(self.read(arguments[1]))
        raise self._refuse(hint)

    def _refuse(self, hint: object) -> DefinitionError:
        return DefinitionError(f"{self.place}: {advice_for(hint)}")

    # --- Types that are declared ---

    def _alias(self, origin: object, name: str, base: object) -> Conversion:
        return self._declared(
            name,
            origin,
            lambda reference: AliasConversion(reference, self.read(base)),
            lambda conversion: TypeDefinition(
                name=name, kind="alias", base_type=typing.cast("AliasConversion", conversion).base.reference
            ),
        )

    def _type_alias(self, hint: Any) -> Conversion:
        if getattr(hint, "__type_params__", ()):
            raise self._refuse(hint)
        if get_origin(hint.__value__) is Literal:
            # The alias is the name that the words lack by themselves.
            return replace(self, suggested=(hint.__name__,), namespace={}).read(hint.__value__)
        return self._alias(hint, hint.__name__, hint.__value__)

    def _enum(self, members: type[enum.Enum]) -> Conversion:
        values = [member.value for member in members]
        if not values or not all(isinstance(value, str) for value in values):
            raise self._refuse(members)
        return self._declared(
            members.__name__,
            members,
            lambda reference: EnumConversion(reference, members),
            lambda _: TypeDefinition(
                name=members.__name__, kind="enum", values=tuple(map(str, values)), meta=_meta(members)
            ),
        )

    def _words(self, hint: object, words: tuple[object, ...]) -> Conversion:
        if not all(type(word) is str for word in words):
            raise self._refuse(hint)
        texts = tuple(map(str, words))
        name = self._name_of_words(hint, texts)
        return self._declared(
            name,
            texts,
            lambda reference: WordConversion(reference, texts),
            lambda _: TypeDefinition(name=name, kind="enum", values=texts),
        )

    def _name_of_words(self, hint: object, words: tuple[str, ...]) -> str:
        """Return the name of the variable that holds a `Literal`, or else a name made of its place."""
        for name, value in self.namespace.items():
            if (
                not name.startswith("_")
                and get_origin(value) is Literal
                and get_args(value) == get_args(hint)
            ):
                return name
        free = [name for name in self.suggested if not self.types.is_taken(name, words)]
        return free[0] if free else self.suggested[-1]

    def _struct(self, hint: type) -> Conversion:
        def define(conversion: Conversion) -> TypeDefinition:
            fields = {
                name: self._field(hint, name, one) for name, one in struct_fields(hint, self.place).items()
            }
            typing.cast("StructConversion", conversion).take_fields(fields)
            parameters = tuple(Parameter(name=name, type=field.reference) for name, field in fields.items())
            return TypeDefinition(name=hint.__name__, kind="struct", fields=parameters, meta=_meta(hint))

        return self._declared(
            hint.__name__, hint, lambda reference: StructConversion(reference, struct_shape(hint)), define
        )

    def _field(self, struct: type, name: str, hint: object) -> Conversion:
        import sys

        module = sys.modules.get(struct.__module__)
        return HintReader(
            self.types,
            f"the field `{name}` of {struct.__name__}, which {self.place} has",
            (pascal_case(name), pascal_case(f"{struct.__name__}_{name}")),
            vars(module) if module is not None else {},
        ).read(hint)

    def _declared(
        self,
        name: str,
        origin: object,
        make: Callable[[TypeReference], Conversion],
        define: Callable[[Conversion], TypeDefinition],
    ) -> Conversion:
        """Return the conversion of a type that the plugin declares, now or before."""
        try:
            known = self.types.find(name, origin)
        except DefinitionError as error:
            raise DefinitionError(f"{self.place}: {error.message}") from None
        if known is not None:
            return known
        conversion = make(TypeReference(name))
        self.types.reserve(name, origin, conversion)
        self.types.define(define(conversion))
        return conversion


def _scalar(hint: object) -> Conversion | None:
    try:
        return _SCALARS.get(hint)
    except TypeError:
        # What cannot be hashed is no type.
        return None


def pascal_case(name: str) -> str:
    """Return a name as types are written: `LineEnd` of `line_end`.

    Args:
        name: a name of words with underscores between.

    Example:
        >>> pascal_case("line_end")
        'LineEnd'
    """
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _meta(kind: type) -> dict[str, JsonValue]:
    """Return what a class says about itself, for tools."""
    text = summary(kind)
    return {"description": text} if text else {}
