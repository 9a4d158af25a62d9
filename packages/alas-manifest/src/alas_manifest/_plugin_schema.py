"""The JSON Schema of `plugin.json`, drawn from the table of fields, and what of the rules a schema can say.

A condition below stands for a rule of `_rules.py` or `_type_rules.py`. It must never ask for more than its rule does: whatever
the reader accepts, the schema accepts.
"""

from collections.abc import Iterator

from alas_manifest._fields import MANIFEST, TYPE_DEFINITION
from alas_manifest._names import POWERFUL_CAPABILITIES, STANDARD_LIBRARY
from alas_manifest._rules import LIMITS, SCOPES
from alas_manifest._schema_parts import DIALECT, Definitions, Schema, holds, holds_at, strings, when
from alas_manifest._type_references import BUILTIN_TYPES
from alas_manifest._type_rules import PARTS

_NATIVE_FUNCTION = holds("functions", {"type": "array", "contains": holds("native", {"const": True})})


def plugin_schema(*, is_strict: bool) -> Schema:
    """Return the JSON Schema of a plugin's manifest.

    Args:
        is_strict: whether what is only a warning makes a manifest invalid too, as under `--strict`.

    Returns:
        The schema.
    """
    definitions = Definitions(is_strict=is_strict)
    schema = MANIFEST.whole_schema(definitions)
    properties = schema["properties"]
    assert isinstance(properties, dict), "a record is an object"
    schema["properties"] = {
        "$schema": {"description": "Where editors find the schema of this file."},
        **properties,
    }
    schema["allOf"] = [*_conditions(is_strict=is_strict)]
    # The definition of a type gets conditions of its own, which its fields alone do not have.
    TYPE_DEFINITION.schema(definitions)
    return {
        "$schema": DIALECT,
        "description": "The manifest of an ALaS plugin.",
        **schema,
        "$defs": _with_type_conditions(definitions.sorted(), is_strict=is_strict),
    }


def _has_type(*types: str) -> Schema:
    """Return a condition on the type of a plugin; a manifest without one is a module plugin."""
    condition: Schema = {"properties": {"type": {"enum": strings(types)}}}
    return condition if "module" in types else condition | {"required": ["type"]}


def _both(*conditions: Schema) -> Schema:
    return {"allOf": [*conditions]}


def _absent_or(keys: tuple[str, ...], schema: Schema) -> Schema:
    """Return the schema of an object whose member, if it is there, fits a schema."""
    for key in reversed(keys):
        schema = {"properties": {key: schema}}
    return schema


def _conditions(*, is_strict: bool) -> Iterator[Schema]:
    language = ("implementation", "language")
    yield when(
        _has_type("module"), _absent_or(language, {"const": "alas"}), "Module plugins are written in ALaS."
    )
    yield when(
        _has_type("native", "hybrid"),
        _absent_or(language, {"not": {"const": "python"}}),
        "Native code is compiled.",
    )
    yield when(
        _has_type("native", "builtin"),
        _absent_or(language, {"not": {"const": "alas"}}),
        "These plugins hold no ALaS code.",
    )
    yield from _native_conditions()
    yield from _security_conditions()
    standard = strings(STANDARD_LIBRARY)
    is_standard: Schema = {"anyOf": [{"enum": standard}, {"pattern": r"^std(?:\..*)?$"}]}
    yield when(
        _has_type("module", "native", "hybrid"),
        {"properties": {"module": {"not": is_standard}, "name": {"not": {"pattern": r"^std(?:\..*)?$"}}}},
        "The names of the standard library are taken.",
    )
    if is_strict:
        for key, capability in (("functions", "function"), ("types", "type")):
            yield when(
                _both(holds(key, {"type": "array", "minItems": 1}), {"required": ["capabilities"]}),
                {"properties": {"capabilities": {"contains": {"const": capability}}}},
                f"Stated capabilities name `{capability}` where there are {key}.",
            )


def _native_conditions() -> Iterator[Schema]:
    yield when(
        _both(_has_type("module", "builtin"), _NATIVE_FUNCTION),
        {"not": {}},
        "Module and builtin plugins have no native functions.",
    )
    yield when(
        _has_type("module", "builtin"),
        _absent_or(("implementation", "binaries"), {"maxItems": 0}),
        "Module and builtin plugins have no compiled library.",
    )
    needs_library: Schema = {
        "anyOf": [_has_type("native"), _both(_has_type("hybrid"), _NATIVE_FUNCTION)],
    }
    yield when(
        needs_library,
        _absent_or(
            ("implementation",), {"required": ["binaries"], "properties": {"binaries": {"minItems": 1}}}
        ),
        "Native functions need a compiled library.",
    )


def _security_conditions() -> Iterator[Schema]:
    powerful: Schema = {"type": "array", "contains": {"enum": strings(sorted(POWERFUL_CAPABILITIES))}}
    yield when(
        _both(_has_type("native"), holds("capabilities", powerful)),
        {"required": ["security"], "properties": {"security": {"required": ["sandbox"]}}},
        "A native plugin that reaches outside states whether it is sandboxed.",
    )
    yield when(
        {"anyOf": [_has_type("module"), _both(_has_type("hybrid"), {"not": _NATIVE_FUNCTION})]},
        _absent_or(("security", "sandbox"), {"not": {"const": False}}),
        "ALaS code is always sandboxed.",
    )
    yield when(
        _has_type("builtin"),
        _absent_or(("security", "sandbox"), {"not": {"const": True}}),
        "A part of the host cannot be sandboxed.",
    )
    is_trusted: Schema = {
        "anyOf": [
            _has_type("builtin"),
            _both(_has_type("native", "hybrid"), holds_at(("security", "sandbox"), {"const": False})),
        ],
    }
    none_of: Schema = {"not": {"anyOf": [{"type": "object", "required": [limit]} for limit in LIMITS]}}
    yield when(
        is_trusted, _absent_or(("security",), none_of), "Nothing can hold a part of the host to limits."
    )
    for scope in SCOPES:
        yield when(
            holds_at(("security", "permissions", scope), {}),
            holds("capabilities", {"type": "array", "contains": {"const": scope}}),
            f"A permission needs its capability `{scope}`.",
        )


def _with_type_conditions(definitions: Schema, *, is_strict: bool) -> Schema:
    definition = definitions["type"]
    assert isinstance(definition, dict), "a definition is a schema"
    conditions: list[Schema] = [
        {
            "$comment": "Built-in types are not declared.",
            "properties": {"name": {"not": {"enum": strings(BUILTIN_TYPES)}}},
        }
    ]
    for kind, (part, _) in PARTS.items():
        others = [other for other, _ in PARTS.values() if other != part]
        consequence: Schema = {"required": [part]}
        if kind == "enum":
            consequence["properties"] = {part: {"minItems": 1}}
        if is_strict:
            consequence["not"] = {"anyOf": [{"required": [other]} for other in others]}
        conditions.append(
            when(holds("kind", {"const": kind}), consequence, f"What a type of the kind `{kind}` has.")
        )
    return definitions | {"type": definition | {"allOf": [*conditions]}}
