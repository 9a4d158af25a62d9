"""The types that a plugin declares, in the order in which its functions come to need them.

Each name stands for one Python type. A function is taken in a draft of the table, so that a function that is refused leaves
no types behind.
"""

from dataclasses import dataclass, field

from alas_builtin._containers import StructConversion
from alas_builtin._conversion import Conversion
from alas_builtin._errors import DefinitionError
from alas_manifest import TypeDefinition


@dataclass(slots=True)
class _Declared:
    """A type: what it was made of, what takes its values across the border, and what the manifest says about it."""

    origin: object
    conversion: Conversion
    definition: TypeDefinition | None = None


@dataclass(slots=True)
class DeclaredTypes:
    """The declared types by name."""

    _by_name: dict[str, _Declared] = field(default_factory=dict)

    def draft(self) -> "DeclaredTypes":
        """Return a copy that can be thrown away."""
        return DeclaredTypes(dict(self._by_name))

    @property
    def definitions(self) -> tuple[TypeDefinition, ...]:
        """What the manifest says about the types, in the order of their declaration."""
        return tuple(one.definition for one in self._by_name.values() if one.definition is not None)

    def find(self, name: str, origin: object) -> Conversion | None:
        """Return the conversion of a type that is declared already.

        Args:
            name: what the type is called.
            origin: what it is made of.

        Raises:
            DefinitionError: another type has the name.
        """
        declared = self._by_name.get(name)
        if declared is None:
            return None
        if not _is_same(declared.origin, origin):
            raise DefinitionError(
                f"two different types are called `{name}`: {_shown(declared.origin)} and {_shown(origin)}; rename one of them"
            )
        return declared.conversion

    def is_taken(self, name: str, origin: object) -> bool:
        """Say whether another type has a name."""
        declared = self._by_name.get(name)
        return declared is not None and not _is_same(declared.origin, origin)

    def reserve(self, name: str, origin: object, conversion: Conversion) -> None:
        """Take a name for a type whose definition follows, because it may need the type itself."""
        self._by_name[name] = _Declared(origin, conversion)

    def define(self, definition: TypeDefinition) -> None:
        """Say what a type is whose name was taken before."""
        self._by_name[definition.name].definition = definition

    def check_finite(self) -> None:
        """Refuse structs that contain themselves directly, which no value could have.

        Raises:
            DefinitionError: there is one.
        """
        directly = {
            one.definition.name: [
                part.type.name for part in one.definition.fields if part.type.element is None
            ]
            for one in self._by_name.values()
            if one.definition is not None and isinstance(one.conversion, StructConversion)
        }
        for start, parts in directly.items():
            seen: set[str] = set()
            pending = list(parts)
            while pending:
                name = pending.pop()
                if name == start:
                    raise DefinitionError(
                        f"the struct `{start}` contains itself, so no value could have this type; "
                        f"hold it in a list, or write `{start} | None`"
                    )
                if name not in seen:
                    seen.add(name)
                    pending += directly.get(name, [])


def _is_same(one: object, other: object) -> bool:
    # Words of a `Literal` are told apart by their texts, everything else by identity.
    return one is other or (isinstance(one, tuple) and one == other)


def _shown(origin: object) -> str:
    if isinstance(origin, tuple):
        return f"Literal[{', '.join(map(repr, origin))}]"
    module, name = getattr(origin, "__module__", None), getattr(origin, "__qualname__", None)
    return f"{module}.{name or getattr(origin, '__name__', '')}" if module is not None else repr(origin)
