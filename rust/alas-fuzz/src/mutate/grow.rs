//! Statements and expressions that are grown anew: well formed, often right, sometimes wrong.

use alas_engine::Builtin;
use alas_library::Pattern;
use fastrand::Rng;
use serde_json::{Value, json};

use super::choose;
use super::vocabulary::Vocabulary;

/// Every binary operator, and one that is none.
pub const OPERATORS: [&str; 14] =
    ["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||", "**"];

/// Numbers and texts on which operations turn.
pub fn scalar(random: &mut Rng) -> Value {
    match random.u8(..12) {
        0..=4 => json!(random.i64(-2..12)),
        5 => json!(choose(random, &[i64::MAX, i64::MIN, 1 << 31, 1 << 53, 255, 1000])),
        6 | 7 => json!(choose(random, &[0.0, -0.0, 0.5, 3.0, 1e300, 5e-324, 9_007_199_254_740_993.0])),
        8 => json!(random.bool()),
        9 => Value::Null,
        _ => json!(choose(
            random,
            &[
                "",
                "a",
                "ab",
                "é😀",
                "\0",
                "10",
                "-1",
                "1e5",
                "[1, 2]",
                "{\"a\": 1}",
                ", ",
                "yyyy-MM-dd",
                "null"
            ]
        )),
    }
}

fn literal(value: &Value) -> Value {
    json!({"type": "literal", "value": value})
}

/// Grows the parts of a program.
pub struct Grower<'p> {
    vocabulary: &'p Vocabulary,
    random: &'p mut Rng,
}

impl<'p> Grower<'p> {
    /// A grower that uses these names.
    pub fn new(vocabulary: &'p Vocabulary, random: &'p mut Rng) -> Self {
        Self { vocabulary, random }
    }

    /// An expression.
    pub fn expression(&mut self, depth: usize) -> Value {
        if depth == 0 {
            return if self.random.u8(..3) > 0 {
                literal(&scalar(self.random))
            } else {
                json!({"type": "variable", "name": self.vocabulary.variable(self.random)})
            };
        }
        let inner = depth - 1;
        match self.random.u8(..20) {
            0..=3 => self.expression(0),
            4..=6 => json!({
                "type": "binary",
                "op": choose(self.random, &OPERATORS),
                "left": self.expression(inner),
                "right": self.expression(inner),
            }),
            7 => json!({
                "type": "unary",
                "op": choose(self.random, &["-", "!"]),
                "operand": self.expression(inner),
            }),
            8 => {
                let (name, count) = self.vocabulary.function(self.random);
                let arguments: Vec<Value> = (0..count).map(|_| self.expression(inner)).collect();
                json!({"type": "call", "name": name, "args": arguments})
            }
            9 if self.vocabulary.imports_helper => json!({
                "type": "module_call",
                "module": "helper",
                "name": choose(self.random, &["double", "point", "apply"]),
                "args": [self.expression(inner)],
            }),
            10 | 11 => json!({"type": "array_literal", "elements": self.expressions(4, inner)}),
            12 => {
                let pairs: Vec<Value> = (0..self.random.usize(..4))
                    .map(|_| json!({"key": self.expression(0), "value": self.expression(inner)}))
                    .collect();
                json!({"type": "map_literal", "pairs": pairs})
            }
            13 => json!({
                "type": "index",
                "object": self.expression(inner),
                "index": self.expression(inner),
            }),
            14 => json!({
                "type": "field",
                "object": self.expression(inner),
                "field": self.vocabulary.field(self.random),
            }),
            _ => self.builtin(inner),
        }
    }

    fn expressions(&mut self, most: usize, depth: usize) -> Vec<Value> {
        (0..self.random.usize(..=most)).map(|_| self.expression(depth)).collect()
    }

    /// A call of a standard function, mostly with as many arguments as it takes, of their kinds.
    fn builtin(&mut self, depth: usize) -> Value {
        let row = choose(self.random, Builtin::ALL).row();
        let signature = alas_library::Signature::parse(row.signature);
        let least = signature.required();
        let count = match self.random.u8(..20) {
            0 => self.random.usize(..5),
            _ => self.random.usize(least..=signature.parameters.len()),
        };
        let arguments: Vec<Value> = (0..count)
            .map(|number| match signature.parameters.get(number) {
                Some(parameter) => self.argument(&parameter.pattern, depth),
                None => self.expression(depth),
            })
            .collect();
        json!({"type": "builtin", "name": row.name, "args": arguments})
    }

    fn argument(&mut self, pattern: &Pattern, depth: usize) -> Value {
        if depth > 0 && self.random.u8(..3) == 0 {
            return self.expression(depth);
        }
        match pattern {
            Pattern::Function(_) | Pattern::FunctionOfArray => {
                literal(&json!(self.vocabulary.function(self.random).0))
            }
            Pattern::Int | Pattern::Number | Pattern::Ordered => literal(&json!(self.random.i64(-2..40))),
            Pattern::Float => literal(&json!(choose(self.random, &[0.0, 0.5, -1.5, 2.0, 1e18]))),
            Pattern::Bool => literal(&json!(self.random.bool())),
            Pattern::String | Pattern::Key => literal(&json!(choose(self.random, &["a", "ab,c", "12", "é"]))),
            Pattern::Array(element) => {
                let elements: Vec<Value> =
                    (0..self.random.usize(..4)).map(|_| self.argument(element, 0)).collect();
                json!({"type": "array_literal", "elements": elements})
            }
            Pattern::Map(value) => {
                let value = self.argument(value, 0);
                json!({"type": "map_literal", "pairs": [{"key": literal(&json!("a")), "value": value}]})
            }
            _ => self.expression(depth),
        }
    }

    /// A statement.
    pub fn statement(&mut self, depth: usize) -> Value {
        let inner = depth.saturating_sub(1);
        match self.random.u8(..if depth == 0 { 7 } else { 11 }) {
            0..=3 => self.assignment(depth),
            4 | 5 => json!({"type": "expr", "value": self.expression(depth)}),
            6 => json!({"type": "return", "value": self.expression(depth)}),
            7 | 8 => json!({
                "type": "if",
                "cond": self.expression(inner),
                "then": self.statements(inner),
                "else": self.statements(inner),
            }),
            9 => json!({"type": "while", "cond": self.expression(inner), "body": self.statements(inner)}),
            _ => json!({
                "type": "for",
                "init": self.assignment(0),
                "cond": self.expression(inner),
                "update": self.assignment(1),
                "body": self.statements(inner),
            }),
        }
    }

    fn assignment(&mut self, depth: usize) -> Value {
        let target = self.vocabulary.variable(self.random);
        json!({"type": "assign", "target": target, "value": self.expression(depth)})
    }

    /// Statements, perhaps none.
    pub fn statements(&mut self, depth: usize) -> Vec<Value> {
        (0..self.random.usize(..4)).map(|_| self.statement(depth)).collect()
    }

    /// A type, as a program writes it.
    pub fn kind(&mut self) -> String {
        self.vocabulary.kind(self.random)
    }

    /// A function of this name.
    pub fn function(&mut self, name: &str, depth: usize) -> Value {
        let names = &["a", "b", "c"][..self.random.usize(..=3)];
        let parameters: Vec<Value> =
            names.iter().map(|name| json!({"name": name, "type": self.kind()})).collect();
        // So that what is grown next may use them.
        let mut body: Vec<Value> = ["d", "i"]
            .iter()
            .map(|target| json!({"type": "assign", "target": target, "value": literal(&scalar(self.random))}))
            .collect();
        body.extend(self.statements(depth));
        body.push(json!({"type": "return", "value": self.expression(depth)}));
        let returns = if self.random.bool() { "any".to_owned() } else { self.kind() };
        json!({"name": name, "params": parameters, "returns": returns, "body": body})
    }

    /// The definition of a type of this name.
    pub fn definition(&mut self, name: &str) -> Value {
        let definition = match self.random.u8(..3) {
            0 => json!({"kind": "alias", "type": self.kind()}),
            1 => {
                let values = &["a", "ab", "12"][..self.random.usize(..=3)];
                json!({"kind": "enum", "values": values})
            }
            _ => {
                let fields: Vec<Value> = ["x", "y", "value"][..self.random.usize(..=3)]
                    .iter()
                    .map(|field| json!({"name": field, "type": self.kind()}))
                    .collect();
                json!({"kind": "struct", "fields": fields})
            }
        };
        json!({"name": name, "definition": definition})
    }
}
