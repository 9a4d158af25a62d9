"""The JSON Schema of module files, drawn from the table of their objects."""

from collections.abc import Mapping

from alas_manifest import _module_nodes as nodes
from alas_manifest._json_values import JsonValue
from alas_manifest._module_nodes import ObjectShape
from alas_manifest._schema_parts import DIALECT, Definitions, Schema, holds, strings


def module_schema(*, is_strict: bool) -> Schema:
    """Return the JSON Schema of a module file.

    Args:
        is_strict: whether unknown keys, of which the engine only warns, make a file invalid too.

    Returns:
        The schema.
    """
    definitions = Definitions(is_strict=is_strict)
    for name, shape in (
        ("function", nodes.FUNCTION),
        ("parameter", nodes.PARAMETER),
        ("typeDefinition", nodes.TYPE_DEFINITION),
        ("pair", nodes.PAIR),
    ):
        definitions.reference(name, lambda shape=shape: _object(shape, is_strict=is_strict))  # type: ignore[misc]
    for name, title, key, shapes in (
        ("definition", "Definition", "kind", nodes.DEFINITIONS),
        ("statement", "Statement", "type", nodes.STATEMENT_SHAPES),
        ("expression", "Expression", "type", nodes.EXPRESSION_SHAPES),
    ):
        _add_choice(
            definitions,
            name,
            _choice(title, key, shapes),
            {word: _tagged(word, key, shape, is_strict=is_strict) for word, shape in shapes.items()},
        )
    simple = {word: nodes.STATEMENT_SHAPES[word] for word in nodes.SIMPLE_STATEMENTS}
    definitions.reference("simpleStatement", lambda: _choice("Simple statement", "type", simple))
    module = _tagged("module", "type", nodes.MODULE_FILE, is_strict=is_strict)
    return {"$schema": DIALECT, **module, "$defs": definitions.sorted()}


def _add_choice(definitions: Definitions, name: str, choice: Schema, members: Mapping[str, Schema]) -> None:
    definitions.reference(name, lambda: choice)
    for word, member in members.items():
        definitions.reference(word, lambda member=member: member)  # type: ignore[misc]


def _choice(title: str, key: str, shapes: Mapping[str, ObjectShape]) -> Schema:
    """Return the schema of an object whose `type` or `kind` says what else it holds.

    The conditions let a validator name what is wrong with the one that was meant, rather than with each of them.
    """
    branches: list[JsonValue] = [
        {"if": holds(key, {"const": word}), "then": {"$ref": f"#/$defs/{word}"}} for word in shapes
    ]
    words: Schema = {"description": "Which one this is.", "enum": strings(shapes)}
    return {
        "title": title,
        "type": "object",
        "required": [key],
        "properties": {key: words},
        "allOf": branches,
    }


def _tagged(word: str, key: str, shape: ObjectShape, *, is_strict: bool) -> Schema:
    schema = _object(shape, is_strict=is_strict)
    properties, required = schema["properties"], schema.get("required", [])
    assert isinstance(properties, dict), "an object has properties"
    assert isinstance(required, list), "the required keys are an array"
    tagged: Schema = {
        **schema,
        "properties": {key: {"const": word}, **properties},
        "required": [key, *required],
    }
    if word == "unary":
        tagged["oneOf"] = [{"required": ["operand"]}, {"required": ["right"]}]
    return tagged


def _object(shape: ObjectShape, *, is_strict: bool) -> Schema:
    schema: Schema = {
        "title": shape.title,
        "description": shape.about,
        "type": "object",
        "properties": {key.name: {"description": key.about, **key.holds} for key in shape.keys},
    }
    required = strings(key.name for key in shape.keys if key.is_required)
    return schema | {"required": required} | ({"additionalProperties": False} if is_strict else {})
