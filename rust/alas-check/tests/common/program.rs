//! Builds the JSON of programs in few words.

/// A module `m` with these type definitions and functions.
pub fn module(types: &[&str], functions: &[String]) -> String {
    let (types, functions) = (types.join(", "), functions.join(", "));
    format!(r#"{{"type": "module", "name": "m", "types": [{types}], "functions": [{functions}]}}"#)
}

/// A function; parameters are written `name: type`.
pub fn function(name: &str, parameters: &[&str], returns: &str, body: &[String]) -> String {
    let parameters: Vec<String> = parameters
        .iter()
        .map(|parameter| {
            let (name, kind) = parameter.split_once(": ").expect("`name: type`");
            format!(r#"{{"name": "{name}", "type": "{kind}"}}"#)
        })
        .collect();
    let (parameters, body) = (parameters.join(", "), body.join(", "));
    format!(r#"{{"name": "{name}", "params": [{parameters}], "returns": "{returns}", "body": [{body}]}}"#)
}

/// A struct type; fields are written `name: type`.
pub fn structure(name: &str, fields: &[&str]) -> String {
    let fields: Vec<String> = fields
        .iter()
        .map(|field| {
            let (name, kind) = field.split_once(": ").expect("`name: type`");
            format!(r#"{{"name": "{name}", "type": "{kind}"}}"#)
        })
        .collect();
    let fields = fields.join(", ");
    format!(r#"{{"name": "{name}", "definition": {{"kind": "struct", "fields": [{fields}]}}}}"#)
}

pub fn assign(target: &str, value: &str) -> String {
    format!(r#"{{"type": "assign", "target": "{target}", "value": {value}}}"#)
}

pub fn discard(value: &str) -> String {
    format!(r#"{{"type": "expr", "value": {value}}}"#)
}

pub fn give(value: &str) -> String {
    format!(r#"{{"type": "return", "value": {value}}}"#)
}

pub fn repeat(body: &[String]) -> String {
    format!(r#"{{"type": "while", "cond": {}, "body": [{}]}}"#, literal("true"), body.join(", "))
}

pub fn literal(json: &str) -> String {
    format!(r#"{{"type": "literal", "value": {json}}}"#)
}

pub fn variable(name: &str) -> String {
    format!(r#"{{"type": "variable", "name": "{name}"}}"#)
}

pub fn binary(operator: &str, left: &str, right: &str) -> String {
    format!(r#"{{"type": "binary", "op": "{operator}", "left": {left}, "right": {right}}}"#)
}

pub fn call(name: &str, arguments: &[String]) -> String {
    format!(r#"{{"type": "call", "name": "{name}", "args": [{}]}}"#, arguments.join(", "))
}

pub fn builtin(name: &str, arguments: &[String]) -> String {
    format!(r#"{{"type": "builtin", "name": "{name}", "args": [{}]}}"#, arguments.join(", "))
}

pub fn array(elements: &[String]) -> String {
    format!(r#"{{"type": "array_literal", "elements": [{}]}}"#, elements.join(", "))
}

pub fn map(entries: &[(&str, String)]) -> String {
    let pairs: Vec<String> = entries
        .iter()
        .map(|(key, value)| format!(r#"{{"key": {}, "value": {value}}}"#, literal(&format!("{key:?}"))))
        .collect();
    format!(r#"{{"type": "map_literal", "pairs": [{}]}}"#, pairs.join(", "))
}

pub fn index(object: &str, index: &str) -> String {
    format!(r#"{{"type": "index", "object": {object}, "index": {index}}}"#)
}

pub fn field(object: &str, name: &str) -> String {
    format!(r#"{{"type": "field", "object": {object}, "field": "{name}"}}"#)
}
