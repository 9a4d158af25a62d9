//! Changes of programs.

use fastrand::Rng;
use serde_json::{Value, json};

use super::grow::{Grower, OPERATORS, scalar};
use super::places::{self, Part};
use super::vocabulary::Vocabulary;
use super::{DEPTH, choose};

/// Changes one place of a program.
pub fn change(program: &mut Value, random: &mut Rng) {
    let vocabulary = Vocabulary::of(program);
    match random.u8(..24) {
        0..=4 => replace_expression(program, &vocabulary, random),
        5..=7 => {
            let copy = program.clone();
            graft(program, &copy, random);
        }
        8 | 9 => wrap_expression(program, &vocabulary, random),
        10..=14 => change_statements(program, &vocabulary, random),
        15..=18 => change_scalar(program, &vocabulary, random),
        19 | 20 => add_function(program, random),
        21 => add_type(program, &vocabulary, random),
        22 => change_declaration(program, &vocabulary, random),
        _ => break_object(program, random),
    }
}

/// Replaces a part of a program by a part of the same kind of another.
pub fn graft(program: &mut Value, other: &Value, random: &mut Rng) {
    let part = if random.u8(..3) == 0 { Part::Statements } else { Part::Expression };
    let Some(graft) = some_place(other, part, random).and_then(|place| other.pointer(&place)) else { return };
    if let Some(stock) = some_place(program, part, random).and_then(|place| program.pointer_mut(&place)) {
        *stock = graft.clone();
    }
}

/// Adds a function, or replaces the one of its name.
pub fn add_function(program: &mut Value, random: &mut Rng) {
    let vocabulary = Vocabulary::of(program);
    let name = if random.bool() {
        vocabulary.function(random).0
    } else {
        choose(random, &["g", "h", "same"]).to_owned()
    };
    let function = Grower::new(&vocabulary, random).function(&name, DEPTH);
    let Some(Value::Array(functions)) = program.get_mut("functions") else { return };
    functions.retain(|known| known.get("name").and_then(Value::as_str) != Some(&name));
    functions.push(function);
}

fn add_type(program: &mut Value, vocabulary: &Vocabulary, random: &mut Rng) {
    let name = choose(random, &["Point", "Color", "Node"]);
    let definition = Grower::new(vocabulary, random).definition(name);
    let Some(program) = program.as_object_mut() else { return };
    if let Value::Array(types) = program.entry("types").or_insert_with(|| json!([])) {
        types.retain(|known| known.get("name").and_then(Value::as_str) != Some(name));
        types.push(definition);
    }
}

fn some_place(program: &Value, part: Part, random: &mut Rng) -> Option<String> {
    let mut places = places::of(program, part);
    (!places.is_empty()).then(|| places.swap_remove(random.usize(..places.len())))
}

fn with_some(program: &mut Value, part: Part, random: &mut Rng, work: impl FnOnce(&mut Value, &mut Rng)) {
    if let Some(value) = some_place(program, part, random).and_then(|place| program.pointer_mut(&place)) {
        work(value, random);
    }
}

fn replace_expression(program: &mut Value, vocabulary: &Vocabulary, random: &mut Rng) {
    with_some(program, Part::Expression, random, |value, random| {
        let depth = random.usize(..=DEPTH);
        *value = Grower::new(vocabulary, random).expression(depth);
    });
}

/// Makes an expression a part of a larger one.
fn wrap_expression(program: &mut Value, vocabulary: &Vocabulary, random: &mut Rng) {
    with_some(program, Part::Expression, random, |value, random| {
        let inner = value.take();
        let mut outer = Grower::new(vocabulary, random).expression(DEPTH - 1);
        let place = places::of(&outer, Part::Expression).pop().unwrap_or_default();
        if let Some(place) = outer.pointer_mut(&place) {
            *place = inner;
        }
        *value = outer;
    });
}

fn change_statements(program: &mut Value, vocabulary: &Vocabulary, random: &mut Rng) {
    with_some(program, Part::Statements, random, |value, random| {
        let Value::Array(statements) = value else { return };
        let at = random.usize(..=statements.len());
        match random.u8(..6) {
            0 | 1 => statements.insert(at, Grower::new(vocabulary, random).statement(DEPTH)),
            2 if at < statements.len() => {
                statements.remove(at);
            }
            3 if at < statements.len() => {
                let again = statements[at].clone();
                statements.insert(random.usize(..=statements.len()), again);
            }
            4 if at < statements.len() => {
                let other = random.usize(..statements.len());
                statements.swap(at, other);
            }
            _ => {
                let body = statements.split_off(at);
                let cond = Grower::new(vocabulary, random).expression(1);
                statements.push(match random.u8(..3) {
                    0 => json!({"type": "if", "cond": cond, "then": body}),
                    1 => json!({"type": "while", "cond": cond, "body": body}),
                    _ => json!({"type": "for", "cond": cond, "body": body}),
                });
            }
        }
    });
}

fn change_scalar(program: &mut Value, vocabulary: &Vocabulary, random: &mut Rng) {
    let Some(place) = some_place(program, Part::Scalar, random) else { return };
    let fresh = match place.rsplit('/').next() {
        Some("op") => json!(choose(random, &OPERATORS)),
        Some("target") => json!(vocabulary.variable(random)),
        Some("field") => json!(vocabulary.field(random)),
        Some("returns") => json!(vocabulary.kind(random)),
        Some("name") if random.bool() => json!(vocabulary.variable(random)),
        Some("name") => json!(vocabulary.function(random).0),
        Some("type") if place.contains("/params/") || place.contains("/fields/") => {
            json!(vocabulary.kind(random))
        }
        Some("type" | "kind") if random.u8(..8) > 0 => return,
        _ => scalar(random),
    };
    if let Some(value) = program.pointer_mut(&place) {
        *value = fresh;
    }
}

/// Changes what a function takes or returns, or what the module exports and imports.
fn change_declaration(program: &mut Value, vocabulary: &Vocabulary, random: &mut Rng) {
    match random.u8(..4) {
        0 => program["imports"] = json!([choose(random, &["helper", "std.math", "std.result", "nothing"])]),
        1 => program["exports"] = json!([vocabulary.function(random).0]),
        _ => {
            let Some(Value::Array(functions)) = program.get_mut("functions") else { return };
            if functions.is_empty() {
                return;
            }
            let number = random.usize(..functions.len());
            if let Some(Value::Array(parameters)) = functions[number].get_mut("params") {
                parameters.push(json!({
                    "name": vocabulary.variable(random),
                    "type": vocabulary.kind(random),
                }));
            }
        }
    }
}

/// Takes a key away, adds one, or gives one another kind of value.
fn break_object(program: &mut Value, random: &mut Rng) {
    with_some(program, Part::Object, random, |value, random| {
        let Value::Object(object) = value else { return };
        let keys: Vec<String> = object.keys().cloned().collect();
        let odd = [json!([]), json!({}), json!([[null]]), json!({"type": "literal"}), scalar(random)];
        let odd = choose(random, &odd);
        match random.u8(..3) {
            0 if !keys.is_empty() => {
                object.remove(&choose(random, &keys));
            }
            1 if !keys.is_empty() => {
                object.insert(choose(random, &keys), odd);
            }
            _ => {
                let key = choose(random, &["parms", "elseif", "value", "", "~/\u{7}é"]);
                object.insert(key.to_owned(), odd);
            }
        }
    });
}
