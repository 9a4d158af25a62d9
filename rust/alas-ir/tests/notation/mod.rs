//! Programs in few words, for tests: turned into the JSON of a module.
//!
//! ```text
//! fn main n:int -> array<int> {
//!   a = (array)
//!   for i = 0 ; (< i n) ; i = (+ i 1) { a = (array.push a i) }
//!   return a
//! }
//! ```
//!
//! An expression is a name, a JSON literal or a list: `(+ a b)`, `(! a)`, `(array a b)`, `(map "k" v)`, `(at object
//! index)`, `(field object name)`, `(namespace.function a)` for a builtin, `(function a)` for a call. `do` discards a
//! value, and `-> type` may be left out.

use std::fmt::Write;

/// The JSON of the module `m` with these functions.
pub fn module(text: &str) -> String {
    let mut reader = Reader { tokens: tokens(text), next: 0 };
    let mut functions = Vec::new();
    while reader.take_if("fn") {
        functions.push(reader.function());
    }
    assert!(reader.next == reader.tokens.len(), "expected `fn`, found `{}`", reader.tokens[reader.next]);
    format!(r#"{{"type": "module", "name": "m", "functions": [{}]}}"#, functions.join(", "))
}

const BINARY: [&str; 13] = ["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||"];

fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '(' | ')' | '{' | '}' | ';' => 1,
            '"' => rest[1..].find('"').expect("a string ends") + 2,
            _ => rest
                .find(|character: char| character.is_whitespace() || "(){};".contains(character))
                .unwrap_or(rest.len()),
        };
        tokens.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    tokens
}

struct Reader {
    tokens: Vec<String>,
    next: usize,
}

impl Reader {
    fn take(&mut self) -> String {
        self.next += 1;
        self.tokens[self.next - 1].clone()
    }

    fn take_if(&mut self, expected: &str) -> bool {
        let found = self.tokens.get(self.next).is_some_and(|token| token == expected);
        self.next += usize::from(found);
        found
    }

    fn expect(&mut self, expected: &str) {
        let found = self.take();
        assert_eq!(found, expected, "token {} of the program", self.next - 1);
    }

    fn function(&mut self) -> String {
        let name = self.take();
        let (mut params, mut returns) = (Vec::new(), String::new());
        while self.tokens[self.next] != "{" {
            if self.take_if("->") {
                returns = format!(r#""returns": "{}", "#, self.take());
            } else {
                let token = self.take();
                let (name, kind) = token.split_once(':').expect("a parameter has a type");
                params.push(format!(r#"{{"name": "{name}", "type": "{kind}"}}"#));
            }
        }
        let (params, body) = (params.join(", "), self.block());
        format!(r#"{{"name": "{name}", "params": [{params}], {returns}"body": {body}}}"#)
    }

    fn block(&mut self) -> String {
        self.expect("{");
        let mut statements = Vec::new();
        while !self.take_if("}") {
            statements.push(self.statement());
        }
        format!("[{}]", statements.join(", "))
    }

    fn statement(&mut self) -> String {
        let first = self.take();
        match first.as_str() {
            "return" if self.tokens[self.next] == "}" => r#"{"type": "return"}"#.to_owned(),
            "return" => format!(r#"{{"type": "return", "value": {}}}"#, self.expression()),
            "do" => format!(r#"{{"type": "expr", "value": {}}}"#, self.expression()),
            "while" => {
                let (condition, body) = (self.expression(), self.block());
                format!(r#"{{"type": "while", "cond": {condition}, "body": {body}}}"#)
            }
            "if" => {
                let (condition, then) = (self.expression(), self.block());
                let otherwise = if self.take_if("else") { self.block() } else { "[]".to_owned() };
                format!(r#"{{"type": "if", "cond": {condition}, "then": {then}, "else": {otherwise}}}"#)
            }
            "for" => {
                let init = self.statement();
                self.expect(";");
                let condition = self.expression();
                self.expect(";");
                let (update, body) = (self.statement(), self.block());
                format!(
                    r#"{{"type": "for", "init": {init}, "cond": {condition}, "update": {update}, "body": {body}}}"#
                )
            }
            target => {
                self.expect("=");
                format!(r#"{{"type": "assign", "target": "{target}", "value": {}}}"#, self.expression())
            }
        }
    }

    fn expression(&mut self) -> String {
        let token = self.take();
        if token == "(" {
            return self.list();
        }
        let literal = token.starts_with(|first: char| first == '"' || first == '-' || first.is_ascii_digit())
            || ["true", "false", "null"].contains(&token.as_str());
        if literal {
            format!(r#"{{"type": "literal", "value": {token}}}"#)
        } else {
            format!(r#"{{"type": "variable", "name": "{token}"}}"#)
        }
    }

    fn list(&mut self) -> String {
        let head = self.take();
        if head == "field" {
            let (object, field) = (self.expression(), self.take());
            self.expect(")");
            return format!(r#"{{"type": "field", "object": {object}, "field": "{field}"}}"#);
        }
        let mut items = Vec::new();
        while !self.take_if(")") {
            items.push(self.expression());
        }
        match (head.as_str(), items.as_slice()) {
            (operator, [left, right]) if BINARY.contains(&operator) => {
                format!(r#"{{"type": "binary", "op": "{operator}", "left": {left}, "right": {right}}}"#)
            }
            ("!" | "-", [operand]) => {
                format!(r#"{{"type": "unary", "op": "{head}", "operand": {operand}}}"#)
            }
            ("at", [object, index]) => {
                format!(r#"{{"type": "index", "object": {object}, "index": {index}}}"#)
            }
            ("array", elements) => {
                format!(r#"{{"type": "array_literal", "elements": [{}]}}"#, elements.join(", "))
            }
            ("map", pairs) => {
                let mut text = String::new();
                for pair in pairs.chunks(2) {
                    let comma = if text.is_empty() { "" } else { ", " };
                    write!(text, r#"{comma}{{"key": {}, "value": {}}}"#, pair[0], pair[1])
                        .expect("a string takes all");
                }
                format!(r#"{{"type": "map_literal", "pairs": [{text}]}}"#)
            }
            (name, arguments) => {
                let kind = if name.contains('.') { "builtin" } else { "call" };
                format!(r#"{{"type": "{kind}", "name": "{name}", "args": [{}]}}"#, arguments.join(", "))
            }
        }
    }
}
