"""Where the name of a type leads: to a definition in the same file, or to one of a dependency."""

import dataclasses
from collections.abc import Iterable, Mapping

from alas_manifest._model import Manifest, TypeDefinition
from alas_manifest._type_references import BUILTIN_TYPES, TypeReference

Definitions = Mapping[str, TypeDefinition]


def types_of_dependencies(manifests: Iterable[Manifest]) -> dict[str, TypeDefinition]:
    """Return the types that plugins offer to those that need them.

    Args:
        manifests: of the plugins that another one names as its dependencies. What these need themselves is not among them,
            because the types of an import's imports are not visible.

    Returns:
        The definitions by module and name, `shapes.Point`; the types that they consist of are named so, too.

    Example:
        >>> from alas_manifest import loads
        >>> shapes = loads('''{
        ...     "name": "shapes", "version": "1.0.0", "module": "shapes", "implementation": {"language": "alas"},
        ...     "types": [{"name": "Length", "kind": "alias", "base_type": "float"},
        ...               {"name": "Lengths", "kind": "alias", "base_type": "array<Length>"}]
        ... }''')
        >>> {name: str(one.base_type) for name, one in types_of_dependencies([shapes]).items()}
        {'shapes.Length': 'float', 'shapes.Lengths': 'array<shapes.Length>'}
    """
    return {
        f"{manifest.module}.{definition.name}": _with_full_names(definition, manifest.module)
        for manifest in manifests
        for definition in manifest.types
    }


def _with_full_names(definition: TypeDefinition, module: str) -> TypeDefinition:
    """Return a definition that means the same outside its module."""
    fields = tuple(dataclasses.replace(one, type=_full_name(one.type, module)) for one in definition.fields)
    base = _full_name(definition.base_type, module) if definition.base_type is not None else None
    return dataclasses.replace(definition, fields=fields, base_type=base)


def _full_name(reference: TypeReference, module: str) -> TypeReference:
    if reference.element is not None:
        return TypeReference(reference.name, _full_name(reference.element, module))
    if reference.name in BUILTIN_TYPES or "." in reference.name:
        return reference
    # What the plugin takes from a dependency of its own gets a name that nothing has, and so stays unknown.
    return TypeReference(f"{module}.{reference.name}")


def by_bare_name(foreign: Definitions) -> dict[str, TypeDefinition | None]:
    """Return definitions by their names without modules; None for a name that several modules define differently."""
    found: dict[str, TypeDefinition | None] = {}
    for full_name, definition in foreign.items():
        name = full_name.rpartition(".")[2]
        found[name] = definition if found.get(name, definition) == definition else None
    return found


class TypeScope:
    """What the names of types mean in one file."""

    def __init__(self, own: Definitions, foreign: Definitions, bare: Definitions | None = None) -> None:
        """Take the definitions.

        Args:
            own: those of the file, which come first.
            foreign: those of other modules, by module and name.
            bare: those of other modules that the file may name without the module; None is all whose name is the only one.
        """
        usable = bare if bare is not None else by_bare_name(foreign)
        self._definitions = {**usable, **foreign, **own}

    def resolve(self, reference: TypeReference) -> TypeReference | TypeDefinition | None:
        """Follow aliases to what a type is.

        Args:
            reference: the type.

        Returns:
            A built-in type, the definition of a struct or an enum, or None where that is not known.
        """
        followed: set[str] = set()
        while reference.name not in BUILTIN_TYPES:
            definition = self._definitions.get(reference.name)
            if definition is None or reference.name in followed:
                return None
            if definition.kind != "alias" or definition.base_type is None:
                return definition if definition.kind != "alias" else None
            followed.add(reference.name)
            reference = definition.base_type
        return reference.normal


class Comparison:
    """Compares the types of one file with those of another."""

    def __init__(self, one: TypeScope, other: TypeScope) -> None:
        self._one = one
        self._other = other
        self._begun: set[tuple[int, int]] = set()

    def contradict(self, one: TypeReference, other: TypeReference) -> bool:
        """Say whether no type could be both; what is unknown may be anything, and a struct or an enum is a map or a string.

        Args:
            one: a type in the first file.
            other: a type in the other file.
        """
        first, second = self._one.resolve(one), self._other.resolve(other)
        if first is None or second is None:
            return False
        if isinstance(first, TypeReference):
            if isinstance(second, TypeReference):
                return self._are_built_in_contradicting(first, second)
            return not _fits(second, first)
        if isinstance(second, TypeReference):
            return not _fits(first, second)
        return self._are_definitions_contradicting(first, second)

    def _are_built_in_contradicting(self, one: TypeReference, other: TypeReference) -> bool:
        if "any" in (one.name, other.name):
            return False
        if one.name != other.name:
            return True
        return (
            one.element is not None
            and other.element is not None
            and self.contradict(one.element, other.element)
        )

    def _are_definitions_contradicting(self, one: TypeDefinition, other: TypeDefinition) -> bool:
        if one.kind != other.kind:
            return True
        if one.kind == "enum":
            return set(one.values) != set(other.values)
        # Structs may hold each other; a pair that is being compared adds nothing.
        pair = (id(one), id(other))
        if pair in self._begun:
            return False
        self._begun.add(pair)
        fields = {field.name: field.type for field in other.fields}
        return {field.name for field in one.fields} != fields.keys() or any(
            self.contradict(field.type, fields[field.name]) for field in one.fields
        )


def _fits(definition: TypeDefinition, built_in: TypeReference) -> bool:
    """Say whether a value may be of a struct or an enum and of a built-in type."""
    return built_in.name in ("any", "map" if definition.kind == "struct" else "string")
