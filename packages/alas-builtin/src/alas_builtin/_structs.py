"""The Python classes that are structs in ALaS: dataclasses, TypedDicts and NamedTuples."""

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any

from alas_builtin._containers import StructShape
from alas_builtin._errors import DefinitionError


def is_struct(kind: type) -> bool:
    """Say whether instances of a class are structs."""
    return dataclasses.is_dataclass(kind) or _is_typed_dict(kind) or _is_named_tuple(kind)


def struct_fields(kind: type, place: str) -> dict[str, object]:
    """Return the fields of a struct: names to hints.

    Args:
        kind: the class.
        place: where it is used, for messages.

    Raises:
        DefinitionError: a struct of ALaS cannot have these fields.
    """
    if getattr(kind, "__parameters__", ()):
        raise DefinitionError(
            f"{place}: {kind.__name__} is generic, and ALaS has no generic structs; write a class of concrete types"
        )
    hints = evaluated_hints(kind, f"{place}: {kind.__name__}", {kind.__name__: kind})
    if dataclasses.is_dataclass(kind):
        _check_dataclass(kind, place)
        names = [field.name for field in dataclasses.fields(kind)]
    elif _is_typed_dict(kind):
        _check_typed_dict(kind, place)
        names = list(hints)
    else:
        names = list(typing.cast("Any", kind)._fields)
    return {name: hints.get(name, Any) for name in names}


def struct_shape(kind: type) -> StructShape:
    """Return how instances of a class are made and read."""
    if _is_typed_dict(kind):
        return StructShape(dict, lambda value: value if isinstance(value, Mapping) else None)
    if dataclasses.is_dataclass(kind):
        names = [field.name for field in dataclasses.fields(kind)]
    else:
        names = list(typing.cast("Any", kind)._fields)

    def read(value: object) -> Mapping[str, object] | None:
        return {name: getattr(value, name) for name in names} if isinstance(value, kind) else None

    return StructShape(kind, read)


def evaluated_hints(
    owner: object, place: str, local_names: Mapping[str, object] | None = None
) -> dict[str, object]:
    """Return the hints of a function or class, those written as text evaluated.

    Args:
        owner: the function or class.
        place: what it is, for messages.
        local_names: names that the hints may use besides those of the module.

    Raises:
        DefinitionError: a hint cannot be evaluated.
    """
    try:
        return typing.get_type_hints(owner, localns=dict(local_names or {}), include_extras=True)
    except NameError as error:
        raise DefinitionError(
            f"{place}: a type hint names `{error.name}`, which its module does not have when it runs; import it outside of "
            "`if TYPE_CHECKING`, and define types in the module rather than in a function"
        ) from error
    except Exception as error:
        raise DefinitionError(f"{place}: a type hint cannot be evaluated: {error}") from error


def _is_typed_dict(kind: type) -> bool:
    return typing.is_typeddict(kind) or type(kind).__name__ == "_TypedDictMeta"


def _is_named_tuple(kind: type) -> bool:
    return issubclass(kind, tuple) and hasattr(kind, "_fields")


def _check_dataclass(kind: type, place: str) -> None:
    for field in typing.cast("Any", kind).__dataclass_fields__.values():
        is_only_initial = field._field_type is dataclasses._FIELD_INITVAR  # type: ignore[attr-defined] # noqa: SLF001 - there is no public way to see these
        if is_only_initial or (not field.init and field._field_type is dataclasses._FIELD):  # type: ignore[attr-defined] # noqa: SLF001 - as above
            what = "exists only while an instance is made" if is_only_initial else "has `init=False`"
            raise DefinitionError(
                f"{place}: the field `{field.name}` of {kind.__name__} {what}, so values cannot cross the border and stay "
                "what they are; write a class for the border whose fields are all given"
            )


def _check_typed_dict(kind: type, place: str) -> None:
    optional = sorted(typing.cast("Any", kind).__optional_keys__)
    if optional:
        raise DefinitionError(
            f"{place}: the key `{optional[0]}` of {kind.__name__} may be absent, but a struct of ALaS has all its fields; "
            "make it required, with `| None` where there may be nothing"
        )
