//! Where the parts of a program are.

use serde_json::Value;

/// What kind of part stands in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// An expression.
    Expression,
    /// A list of statements.
    Statements,
    /// A text, a number, or the like.
    Scalar,
    /// An object of any kind.
    Object,
}

const EXPRESSIONS: [&str; 10] = [
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
];

/// The pointers of all parts of a kind.
pub fn of(program: &Value, part: Part) -> Vec<String> {
    let mut found = Vec::new();
    collect(program, part, &mut String::new(), &mut found);
    found
}

fn collect(value: &Value, part: Part, pointer: &mut String, found: &mut Vec<String>) {
    let is_part = match (part, value) {
        (Part::Expression, Value::Object(object)) => object
            .get("type")
            .and_then(Value::as_str)
            .is_some_and(|kind| EXPRESSIONS.contains(&kind) || kind == "field"),
        (Part::Statements, Value::Array(_)) => {
            ["/body", "/then", "/else"].iter().any(|end| pointer.ends_with(end))
        }
        (Part::Scalar, Value::Object(_) | Value::Array(_)) => false,
        (Part::Scalar, _) | (Part::Object, Value::Object(_)) => true,
        _ => false,
    };
    if is_part {
        found.push(pointer.clone());
    }
    let length = pointer.len();
    match value {
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                pointer.push('/');
                pointer.push_str(&index.to_string());
                collect(element, part, pointer, found);
                pointer.truncate(length);
            }
        }
        Value::Object(object) => {
            for (key, inner) in object {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
                collect(inner, part, pointer, found);
                pointer.truncate(length);
            }
        }
        _ => {}
    }
}
