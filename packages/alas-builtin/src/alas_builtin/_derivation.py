"""The manifest that follows from a plugin's functions and the fields that its author gave."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from alas_builtin._errors import DefinitionError
from alas_manifest import (
    STANDARD_LIBRARY,
    Diagnostic,
    Extra,
    FunctionSignature,
    JsonValue,
    Manifest,
    TypeDefinition,
    nearest_name,
    read,
)


class ManifestFields(TypedDict, total=False):
    """The fields of a manifest that an author may give, besides name and version.

    Attributes:
        description: what the plugin does.
        author: who made it.
        license: an SPDX expression.
        module: the ALaS module; usually the name, with underscores for dashes.
        capabilities: what it provides and needs; usually `function` and `type` as it has them.
        alas_version: the range of versions of ALaS it works with.
        dependencies: the plugins and modules it needs.
        entrypoint: the Python file, for a plugin that is a folder rather than a package.
        config: settings that the functions read by `plugin.config`.
        environment: variables that they read by `plugin.environment`.
        lazy: load it at first use.
        persistent: keep it loaded between calls.
        parallel: calls may overlap.
    """

    description: str
    author: str
    license: str
    module: str
    capabilities: Sequence[str]
    alas_version: str
    dependencies: Sequence[str]
    entrypoint: str
    config: Mapping[str, str | int | float | bool]
    environment: Mapping[str, str]
    lazy: bool
    persistent: bool
    parallel: bool


_OF_IMPLEMENTATION = ("entrypoint", "config")
_OF_RUNTIME = ("lazy", "persistent", "parallel", "environment")


@dataclass(frozen=True, slots=True)
class Derived:
    """What a manifest follows from.

    Attributes:
        name: the plugin's name.
        version: its version.
        module: its ALaS module.
        fields: what else the author gave.
        functions: the signatures of its functions.
        types: the types it declares.
    """

    name: str
    version: str
    module: str
    fields: ManifestFields
    functions: tuple[FunctionSignature, ...]
    types: tuple[TypeDefinition, ...]


def check_fields(derived: Derived) -> None:
    """Refuse fields that a manifest does not have, or that are wrong.

    Raises:
        DefinitionError: a field is wrong.
    """
    known = ManifestFields.__annotations__
    for field in derived.fields:
        if field not in known:
            near = nearest_name(field, known)
            advice = f"did you mean `{near}`?" if near else f"there are: {', '.join(known)}"
            raise DefinitionError(f"the plugin `{derived.name}`: there is no field `{field}`; {advice}")
    derive(derived)
    check_names(derived.name, derived.module)


def check_names(name: str, module: str) -> None:
    """Refuse names of the standard library, whose plugins are builtin ones too.

    Args:
        name: the plugin's name.
        module: its ALaS module.

    Raises:
        DefinitionError: a name is taken.
    """
    if name.partition(".")[0] == "std" or module.partition(".")[0] == "std" or module in STANDARD_LIBRARY:
        taken = name if name.partition(".")[0] == "std" else module
        raise DefinitionError(
            f"the plugin `{name}`: `{taken}` is a name of the standard library, whose calls would never come here; choose "
            "another name for the plugin, or for its module: module=…"
        )


def derive(derived: Derived) -> Manifest:
    """Return the manifest.

    Raises:
        DefinitionError: it has errors; all of them are said.
    """
    try:
        text = json.dumps(_document(derived), default=list)
    except (TypeError, ValueError) as error:
        raise DefinitionError(f"the plugin `{derived.name}`: a field cannot be written: {error}") from None
    reading = read(text)
    if reading.manifest is None:
        errors = [finding for finding in reading.diagnostics if finding.is_error]
        lines = [f"the plugin `{derived.name}` would have a wrong manifest:", *map(_line, errors)]
        raise DefinitionError("\n".join(lines), errors)
    return reading.manifest


def _line(finding: Diagnostic) -> str:
    advice = f"; {finding.help}" if finding.help else ""
    return f"  {finding.pointer or '/'}: {finding.message}{advice}"


def _document(derived: Derived) -> dict[str, JsonValue]:
    given: dict[str, JsonValue] = dict(derived.fields)  # type: ignore[arg-type] # what is not JSON is found when it is written
    implementation = {key: given.pop(key) for key in _OF_IMPLEMENTATION if key in given}
    runtime = {key: given.pop(key) for key in _OF_RUNTIME if key in given}
    capabilities = given.pop("capabilities", None)
    if capabilities is None:
        provided = {"function": derived.functions, "type": derived.types}
        capabilities = [capability for capability, parts in provided.items() if parts]
    document: dict[str, JsonValue] = {
        "name": derived.name,
        "version": derived.version,
        **given,
        "type": "builtin",
        "capabilities": capabilities,
        "module": derived.module,
        "functions": [_function(function) for function in derived.functions],
        "types": [_type(definition) for definition in derived.types],
        "implementation": {"language": "python", **implementation},
    }
    return document | ({"runtime": runtime} if runtime else {})


def _function(function: FunctionSignature) -> JsonValue:
    params: list[JsonValue] = [_named(one.name, str(one.type), one.extra) for one in function.params]
    return {
        "name": function.name,
        "params": params,
        "returns": str(function.returns or "any"),
        "description": function.description,
        **function.extra,
    }


def _type(definition: TypeDefinition) -> JsonValue:
    members: dict[str, JsonValue] = {"name": definition.name, "kind": definition.kind}
    if definition.kind == "struct":
        members["fields"] = [_named(one.name, str(one.type), one.extra) for one in definition.fields]
    elif definition.kind == "enum":
        members["values"] = list(definition.values)
    else:
        members["base_type"] = str(definition.base_type)
    return members | ({"meta": dict(definition.meta)} if definition.meta else {})


def _named(name: str, kind: str, extra: Extra) -> JsonValue:
    return {"name": name, "type": kind, **extra}
