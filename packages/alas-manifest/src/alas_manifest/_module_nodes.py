"""The objects of a module file, one table: their keys, and what each key holds.

It says what docs/language.md says and what the engine's parser checks while it reads a file; that the two agree is tested.
What only the whole program tells (that a variable is assigned, that types fit) is the engine's alone.
"""

from dataclasses import dataclass
from typing import Literal

from alas_manifest._json_values import JsonValue
from alas_manifest._names import IDENTIFIER, MODULE_NAME
from alas_manifest._schema_parts import Schema, strings, whole
from alas_manifest._type_references import BUILTIN_TYPES

_LONGEST_NAME = 65_535
_SPACE = r"[ \t\n\f\r]*"

BINARY_OPERATORS = ("+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||")
UNARY_OPERATORS = ("!", "-")

Node = Literal[
    "function", "parameter", "typeDefinition", "expression", "statement", "simpleStatement", "pair"
]


def _text(pattern: str, *examples: str) -> Schema:
    schema: Schema = {"type": "string", "maxLength": _LONGEST_NAME, "pattern": whole(pattern)}
    return schema | ({"examples": strings(examples)} if examples else {})


def _reference(node: Node) -> Schema:
    return {"$ref": f"#/$defs/{node}"}


def _array(items: Schema, **keywords: JsonValue) -> Schema:
    return {"type": "array", "items": items, **keywords}


NAME = _text(IDENTIFIER.pattern)
MODULE = _text(MODULE_NAME.pattern)
BUILTIN = _text(
    rf"{MODULE_NAME.pattern}\.{IDENTIFIER.pattern}", "io.println", "math.sqrt", "my_plugin.process"
)
TYPE = _text(
    rf"{_SPACE}(?:(?:array|map){_SPACE}<{_SPACE})*{MODULE_NAME.pattern}{_SPACE}(?:>{_SPACE})*",
    *BUILTIN_TYPES,
    "array<int>",
    "map<string>",
)
ANY_TEXT: Schema = {"type": "string"}
SCALAR: Schema = {"type": ["string", "number", "boolean", "null"]}
EXPRESSION, STATEMENT, SIMPLE_STATEMENT = (
    _reference("expression"),
    _reference("statement"),
    _reference("simpleStatement"),
)
EXPRESSIONS, STATEMENTS = _array(EXPRESSION), _array(STATEMENT)
PARAMETERS = _array(_reference("parameter"), uniqueItems=True)


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an object.

    Attributes:
        name: the key.
        about: what it is for.
        holds: the schema of its value.
        is_required: whether it must be there.
    """

    name: str
    about: str
    holds: Schema
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class ObjectShape:
    """An object of the language.

    Attributes:
        title: what it is, in a word or two.
        about: what it means.
        keys: its keys, without the one that tells it from others (`type` or `kind`).
    """

    title: str
    about: str
    keys: tuple[Key, ...]


_META = Key("meta", "Free for tools and remarks.", {}, is_required=False)
_ARGUMENTS = Key("args", "The arguments in order.", EXPRESSIONS)
_CONDITION = Key(
    "cond", "What decides; `false`, `0`, empty texts and collections and `void` are false.", EXPRESSION
)
_BODY = Key("body", "The statements that are run.", STATEMENTS)

MODULE_FILE = ObjectShape(
    "Module",
    "A module of the ALaS language: functions, types, and what other modules may use of them.",
    (
        Key("name", "What imports and calls name the module by.", MODULE),
        Key("functions", "The functions of the module.", _array(_reference("function"), uniqueItems=True)),
        Key("exports", "The functions that other modules may call.", _array(NAME, uniqueItems=True), is_required=False),
        Key("imports", "The modules that this one uses.", _array(MODULE, uniqueItems=True), is_required=False),
        Key("types", "The types that the module declares.", _array(_reference("typeDefinition"), uniqueItems=True), is_required=False),
        _META,
    ),
)  # fmt: skip
FUNCTION = ObjectShape(
    "Function",
    "A function of the module.",
    (
        Key("type", "Always `function`; may be left out.", {"const": "function"}, is_required=False),
        Key("name", "What calls name the function by.", NAME),
        Key("params", "The parameters in order.", PARAMETERS, is_required=False),
        Key("returns", "The type of the result; without it the function may return anything.", TYPE, is_required=False),
        _BODY,
        _META,
    ),
)  # fmt: skip
PARAMETER = ObjectShape(
    "Parameter or field",
    "A parameter of a function, or a field of a struct.",
    (Key("name", "What it is called.", NAME), Key("type", "Its type.", TYPE)),
)
TYPE_DEFINITION = ObjectShape(
    "Type definition",
    "A type of the module.",
    (
        Key("name", "What the type is called.", NAME | {"not": {"enum": strings(BUILTIN_TYPES)}}),
        Key("definition", "What the type is.", {"$ref": "#/$defs/definition"}),
    ),
)
PAIR = ObjectShape(
    "Pair",
    "An entry of a map.",
    (Key("key", "The entry's key.", EXPRESSION), Key("value", "The entry's value.", EXPRESSION)),
)
DEFINITIONS = {
    "struct": ObjectShape("Struct", "Maps with exactly these fields.", (Key("fields", "The fields.", PARAMETERS),)),
    "enum": ObjectShape("Enum", "One of these words.", (Key("values", "The words.", _array(ANY_TEXT, uniqueItems=True)),)),
    "alias": ObjectShape("Alias", "Another name for a type.", (Key("type", "The type.", TYPE),)),
}  # fmt: skip
STATEMENT_SHAPES = {
    "assign": ObjectShape(
        "Assignment",
        "Give a variable of the function a value.",
        (Key("target", "The variable.", NAME), Key("value", "The value.", EXPRESSION)),
    ),
    "if": ObjectShape(
        "If",
        "Run the one or the other.",
        (_CONDITION, Key("then", "What is run if so.", STATEMENTS), Key("else", "What is run if not.", STATEMENTS, is_required=False)),
    ),
    "while": ObjectShape("While", "Run again and again as long as the condition holds.", (_CONDITION, _BODY)),
    "for": ObjectShape(
        "For",
        "Run `init` once, then `body` and `update` as long as the condition holds.",
        (
            Key("init", "An `assign` or `expr` statement that is run once.", SIMPLE_STATEMENT, is_required=False),
            _CONDITION,
            Key("update", "An `assign` or `expr` statement that is run after each round.", SIMPLE_STATEMENT, is_required=False),
            _BODY,
        ),
    ),
    "return": ObjectShape("Return", "Leave the function.", (Key("value", "The result.", EXPRESSION, is_required=False),)),
    "expr": ObjectShape("Expression statement", "Evaluate, and drop the result.", (Key("value", "What is evaluated.", EXPRESSION),)),
}  # fmt: skip
EXPRESSION_SHAPES = {
    "literal": ObjectShape("Literal", "A constant; null is `void`.", (Key("value", "The constant.", SCALAR),)),
    "variable": ObjectShape("Variable", "The value of a variable or parameter.", (Key("name", "The variable.", NAME),)),
    "binary": ObjectShape(
        "Binary operation",
        "An operation on two values.",
        (
            Key("op", "The operation.", {"enum": strings(BINARY_OPERATORS)}),
            Key("left", "The left value.", EXPRESSION),
            Key("right", "The right value.", EXPRESSION),
        ),
    ),
    # One of `operand` and `right` is required, which the table cannot say.
    "unary": ObjectShape(
        "Unary operation",
        "An operation on one value.",
        (
            Key("op", "The operation.", {"enum": strings(UNARY_OPERATORS)}),
            Key("operand", "The value.", EXPRESSION, is_required=False),
            Key("right", "Another word for `operand`.", EXPRESSION, is_required=False),
        ),
    ),
    "call": ObjectShape("Call", "Call a function of this module.", (Key("name", "The function.", NAME), _ARGUMENTS)),
    "module_call": ObjectShape(
        "Module call",
        "Call a function that an imported module exports.",
        (Key("module", "The module.", MODULE), Key("name", "The function.", NAME), _ARGUMENTS),
    ),
    "builtin": ObjectShape(
        "Builtin call",
        "Call a function of the standard library or of a plugin, without an import.",
        (Key("name", "Namespace or module, a dot, and the function.", BUILTIN), _ARGUMENTS),
    ),
    "array_literal": ObjectShape("Array", "An array of values.", (Key("elements", "The values.", EXPRESSIONS),)),
    "map_literal": ObjectShape("Map", "A map of keys and values.", (Key("pairs", "The entries in order.", _array(_reference("pair"))),)),
    "index": ObjectShape(
        "Index",
        "An element of an array, a character of a string, or the value of a key.",
        (Key("object", "The array, string or map.", EXPRESSION), Key("index", "Which element.", EXPRESSION)),
    ),
    "field": ObjectShape(
        "Field",
        "A map's entry by its name.",
        (Key("object", "The map.", EXPRESSION), Key("field", "The name.", ANY_TEXT)),
    ),
}  # fmt: skip
SIMPLE_STATEMENTS = ("assign", "expr")
