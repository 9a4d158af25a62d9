//! The keys of every object of the language, one table each.
//!
//! The order of a table is the order in which [`Parser::keys`](super::Parser::keys) returns the values.

/// What a key's value has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A string.
    Text,
    /// An array of strings.
    Texts,
    /// An object.
    Object,
    /// An array of objects.
    Objects,
    /// An object that is an expression.
    Expression,
    /// An array of expressions.
    Expressions,
    /// An object that is a statement.
    Statement,
    /// An array of statements.
    Statements,
    /// A string, a number, a boolean or null.
    Scalar,
    /// Any JSON.
    Anything,
}

/// One key of an object.
#[derive(Debug)]
pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    pub(super) required: bool,
}

/// An object of the language.
#[derive(Debug)]
pub(super) struct Shape<const N: usize> {
    /// With its article, for messages.
    pub(super) what: &'static str,
    pub(super) keys: [Key; N],
}

const fn required(name: &'static str, holds: Holds) -> Key {
    Key { name, holds, required: true }
}

const fn optional(name: &'static str, holds: Holds) -> Key {
    Key { name, holds, required: false }
}

/// The key that says which statement or expression an object is.
const TYPE: Key = required("type", Holds::Text);

pub(super) static MODULE: Shape<7> = Shape {
    what: "a module",
    keys: [
        TYPE,
        required("name", Holds::Text),
        required("functions", Holds::Objects),
        optional("exports", Holds::Texts),
        optional("imports", Holds::Texts),
        optional("types", Holds::Objects),
        optional("meta", Holds::Anything),
    ],
};

pub(super) static FUNCTION: Shape<6> = Shape {
    what: "a function",
    keys: [
        optional("type", Holds::Text),
        required("name", Holds::Text),
        optional("params", Holds::Objects),
        optional("returns", Holds::Text),
        required("body", Holds::Statements),
        optional("meta", Holds::Anything),
    ],
};

/// A module whose functions the host implements. All of them are exported.
pub(super) static HOST_MODULE: Shape<6> = Shape {
    what: "a host module",
    keys: [
        TYPE,
        required("name", Holds::Text),
        required("functions", Holds::Objects),
        optional("imports", Holds::Texts),
        optional("types", Holds::Objects),
        optional("meta", Holds::Anything),
    ],
};

/// A function that the host implements.
pub(super) static HOST_FUNCTION: Shape<5> = Shape {
    what: "a host function",
    keys: [
        optional("type", Holds::Text),
        required("name", Holds::Text),
        optional("params", Holds::Objects),
        optional("returns", Holds::Text),
        optional("meta", Holds::Anything),
    ],
};

pub(super) static PARAMETER: Shape<2> =
    Shape { what: "a parameter", keys: [required("name", Holds::Text), required("type", Holds::Text)] };

pub(super) static FIELD_DEFINITION: Shape<2> = Shape {
    what: "a field of a struct",
    keys: [required("name", Holds::Text), required("type", Holds::Text)],
};

pub(super) static TYPE_DEFINITION: Shape<2> = Shape {
    what: "a type definition",
    keys: [required("name", Holds::Text), required("definition", Holds::Object)],
};

/// The key that says which definition an object is.
const KIND: Key = required("kind", Holds::Text);

pub(super) static STRUCT: Shape<2> =
    Shape { what: "a struct definition", keys: [KIND, required("fields", Holds::Objects)] };

pub(super) static ENUM: Shape<2> =
    Shape { what: "an enum definition", keys: [KIND, required("values", Holds::Texts)] };

pub(super) static ALIAS: Shape<2> =
    Shape { what: "an alias definition", keys: [KIND, required("type", Holds::Text)] };

pub(super) static ASSIGN: Shape<3> = Shape {
    what: "an `assign` statement",
    keys: [TYPE, required("target", Holds::Text), required("value", Holds::Expression)],
};

pub(super) static IF: Shape<4> = Shape {
    what: "an `if` statement",
    keys: [
        TYPE,
        required("cond", Holds::Expression),
        required("then", Holds::Statements),
        optional("else", Holds::Statements),
    ],
};

pub(super) static WHILE: Shape<3> = Shape {
    what: "a `while` statement",
    keys: [TYPE, required("cond", Holds::Expression), required("body", Holds::Statements)],
};

pub(super) static FOR: Shape<5> = Shape {
    what: "a `for` statement",
    keys: [
        TYPE,
        optional("init", Holds::Statement),
        required("cond", Holds::Expression),
        optional("update", Holds::Statement),
        required("body", Holds::Statements),
    ],
};

pub(super) static RETURN: Shape<2> =
    Shape { what: "a `return` statement", keys: [TYPE, optional("value", Holds::Expression)] };

pub(super) static EXPR: Shape<2> =
    Shape { what: "an `expr` statement", keys: [TYPE, required("value", Holds::Expression)] };

pub(super) static LITERAL: Shape<2> =
    Shape { what: "a `literal`", keys: [TYPE, required("value", Holds::Scalar)] };

pub(super) static VARIABLE: Shape<2> =
    Shape { what: "a `variable`", keys: [TYPE, required("name", Holds::Text)] };

pub(super) static BINARY: Shape<4> = Shape {
    what: "a `binary` expression",
    keys: [
        TYPE,
        required("op", Holds::Text),
        required("left", Holds::Expression),
        required("right", Holds::Expression),
    ],
};

/// One of `operand` and `right` is required, which the table cannot say.
pub(super) static UNARY: Shape<4> = Shape {
    what: "a `unary` expression",
    keys: [
        TYPE,
        required("op", Holds::Text),
        optional("operand", Holds::Expression),
        optional("right", Holds::Expression),
    ],
};

pub(super) static CALL: Shape<3> = Shape {
    what: "a `call`",
    keys: [TYPE, required("name", Holds::Text), required("args", Holds::Expressions)],
};

pub(super) static MODULE_CALL: Shape<4> = Shape {
    what: "a `module_call`",
    keys: [
        TYPE,
        required("module", Holds::Text),
        required("name", Holds::Text),
        required("args", Holds::Expressions),
    ],
};

pub(super) static BUILTIN: Shape<3> = Shape {
    what: "a `builtin` call",
    keys: [TYPE, required("name", Holds::Text), required("args", Holds::Expressions)],
};

pub(super) static ARRAY_LITERAL: Shape<2> =
    Shape { what: "an `array_literal`", keys: [TYPE, required("elements", Holds::Expressions)] };

pub(super) static MAP_LITERAL: Shape<2> =
    Shape { what: "a `map_literal`", keys: [TYPE, required("pairs", Holds::Objects)] };

pub(super) static PAIR: Shape<2> = Shape {
    what: "a pair of a map literal",
    keys: [required("key", Holds::Expression), required("value", Holds::Expression)],
};

pub(super) static INDEX: Shape<3> = Shape {
    what: "an `index` expression",
    keys: [TYPE, required("object", Holds::Expression), required("index", Holds::Expression)],
};

pub(super) static FIELD: Shape<3> = Shape {
    what: "a `field` expression",
    keys: [TYPE, required("object", Holds::Expression), required("field", Holds::Text)],
};

/// The values of `type` in statements.
pub(super) const STATEMENTS: &[&str] = &["assign", "if", "while", "for", "return", "expr"];

/// The values of `type` in expressions.
pub(super) const EXPRESSIONS: &[&str] = &[
    "literal",
    "variable",
    "binary",
    "unary",
    "call",
    "module_call",
    "builtin",
    "array_literal",
    "map_literal",
    "index",
    "field",
];

/// The values of `kind` in type definitions.
pub(super) const DEFINITIONS: &[&str] = &["struct", "enum", "alias"];
