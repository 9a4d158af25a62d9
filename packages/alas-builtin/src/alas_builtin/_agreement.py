"""Whether a manifest that somebody wrote describes Python functions as they are.

What a hint does not say, and what the manifest leaves open (`any`), agrees with everything: the call checks it.
"""

from collections.abc import Iterable, Iterator

from alas_builtin._derivation import Derived
from alas_builtin._stated_manifest import StatedManifest
from alas_manifest import (
    Diagnostic,
    FunctionSignature,
    Parameter,
    TypeDefinition,
    TypeReference,
    nearest_name,
)

_ANY = TypeReference("any")
_ADVICE = "describe the plugin as it is, or write the manifest anew: python -m alas_builtin MODULE --write plugin.json"


def compare(stated: StatedManifest, derived: Derived) -> list[Diagnostic]:
    """Compare a manifest with what follows from the functions.

    Args:
        stated: the manifest.
        derived: what follows from the functions.

    Returns:
        The findings, in the order of the manifest.
    """
    return list(_Comparison(stated, derived).findings())


class _Comparison:
    def __init__(self, stated: StatedManifest, derived: Derived) -> None:
        self._stated = stated
        self._derived = derived
        self._aliases = {
            definition.name: definition.base_type
            for definition in (*derived.types, *stated.manifest.types)
            if definition.base_type is not None
        }

    def findings(self) -> Iterator[Diagnostic]:
        manifest, derived = self._stated.manifest, self._derived
        for field, here, there in (
            ("name", manifest.name, derived.name),
            ("version", str(manifest.version), derived.version),
            ("module", manifest.module, derived.module),
        ):
            if here != there:
                yield self._finding(f"/{field}", f"the {field} is {here} here, but {there} in Python")
        yield from self._functions()
        yield from self._types()

    def _functions(self) -> Iterator[Diagnostic]:
        stated = self._stated.manifest.functions
        derived = {function.name: function for function in self._derived.functions}
        for index, function in enumerate(stated):
            pointer = f"/functions/{index}"
            if function.name in derived:
                yield from self._function(pointer, function, derived[function.name])
            else:
                near = nearest_name(function.name, derived)
                advice = (
                    f"did you mean `{near}`?" if near else "add the function, or remove it from the manifest"
                )
                message = f"the Python code has no function `{function.name}`"
                yield self._finding(f"{pointer}/name", message, advice)
        named = {function.name for function in stated}
        for name in derived:
            if name not in named:
                message = f"the Python code has a function `{name}`, which the manifest does not describe"
                yield self._finding("/functions", message)

    def _function(
        self, pointer: str, here: FunctionSignature, there: FunctionSignature
    ) -> Iterator[Diagnostic]:
        if len(here.params) != len(there.params):
            message = f"the function is {here} here, but {there} in Python"
            yield self._finding(f"{pointer}/params", message)
            return
        yield from self._parameters(f"{pointer}/params", here.params, there.params, "parameter")
        if self._differ(here.returns or _ANY, there.returns or _ANY):
            message = f"the result of `{here.name}` is {here.returns} here, but {there.returns} in Python"
            yield self._finding(f"{pointer}/returns", message)

    def _parameters(
        self, pointer: str, here: Iterable[Parameter], there: Iterable[Parameter], word: str
    ) -> Iterator[Diagnostic]:
        for index, (one, other) in enumerate(zip(here, there, strict=True)):
            if one.name != other.name:
                message = f"the {word} is called `{one.name}` here, but `{other.name}` in Python"
                yield self._finding(f"{pointer}/{index}/name", message)
            elif self._differ(one.type, other.type):
                message = f"the {word} `{one.name}` is {one.type} here, but {other.type} in Python"
                yield self._finding(f"{pointer}/{index}/type", message)

    def _types(self) -> Iterator[Diagnostic]:
        derived = {definition.name: definition for definition in self._derived.types}
        for index, definition in enumerate(self._stated.manifest.types):
            pointer = f"/types/{index}"
            # A type that no hint names is the manifest's own affair.
            if definition.name in derived:
                yield from self._type(pointer, definition, derived[definition.name])

    def _type(self, pointer: str, here: TypeDefinition, there: TypeDefinition) -> Iterator[Diagnostic]:
        if here.kind != there.kind:
            message = f"the type `{here.name}` is of the kind {here.kind} here, but {there.kind} in Python"
            yield self._finding(f"{pointer}/kind", message)
        elif here.kind == "enum":
            if set(here.values) != set(there.values):
                message = f"the values of `{here.name}` are {_listed(here.values)} here, but {_listed(there.values)} in Python"
                yield self._finding(f"{pointer}/values", message)
        elif here.kind == "alias":
            if self._differ(here.base_type or _ANY, there.base_type or _ANY):
                message = (
                    f"`{here.name}` stands for {here.base_type} here, but for {there.base_type} in Python"
                )
                yield self._finding(f"{pointer}/base_type", message)
        else:
            yield from self._fields(pointer, here, there)

    def _fields(self, pointer: str, here: TypeDefinition, there: TypeDefinition) -> Iterator[Diagnostic]:
        fields = {field.name: field for field in there.fields}
        if {field.name for field in here.fields} != fields.keys():
            names = [field.name for field in here.fields]
            message = (
                f"the fields of `{here.name}` are {_listed(names)} here, but {_listed(fields)} in Python"
            )
            yield self._finding(f"{pointer}/fields", message)
            return
        others = [fields[field.name] for field in here.fields]
        yield from self._parameters(f"{pointer}/fields", here.fields, others, "field")

    def _differ(self, here: TypeReference, there: TypeReference) -> bool:
        """Say whether no value could be of both types."""
        here, there = self._resolved(here), self._resolved(there)
        if _ANY in (here, there):
            return False
        if here.name != there.name:
            return True
        return (
            here.element is not None
            and there.element is not None
            and self._differ(here.element, there.element)
        )

    def _resolved(self, reference: TypeReference) -> TypeReference:
        """Return the type that an alias stands for."""
        seen = set()
        while reference.element is None and reference.name in self._aliases and reference.name not in seen:
            seen.add(reference.name)
            reference = self._aliases[reference.name]
        return reference

    def _finding(self, pointer: str, message: str, advice: str = _ADVICE) -> Diagnostic:
        return self._stated.finding(pointer, message, advice)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
