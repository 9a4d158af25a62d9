//! Inputs made from others.
//!
//! * [`tree`] changes programs: parts are replaced by others of their kind, taken from a program ([`places`]) or grown anew
//!   ([`grow`]) out of the names that it has ([`vocabulary`]);
//! * [`text`] changes texts in ways that JSON is sensitive to.

mod grow;
mod places;
mod text;
mod tree;
mod vocabulary;

pub use text::change as change_text;

use fastrand::Rng;
use serde_json::Value;

/// How deep what is grown nests.
const DEPTH: usize = 3;

/// Changes a program in one to four places; `None` where the text is no JSON object.
#[must_use]
pub fn change_tree(text: &[u8], random: &mut Rng) -> Option<Vec<u8>> {
    let mut program = program(text)?;
    for _ in 0..random.usize(1..=4) {
        tree::change(&mut program, random);
    }
    serde_json::to_vec(&program).ok()
}

/// Puts parts of another program into one; `None` where a text is no JSON object.
#[must_use]
pub fn cross(text: &[u8], other: &[u8], random: &mut Rng) -> Option<Vec<u8>> {
    let (mut program, other) = (program(text)?, program(other)?);
    for _ in 0..random.usize(1..=3) {
        tree::graft(&mut program, &other, random);
    }
    serde_json::to_vec(&program).ok()
}

/// A program that was grown from nothing.
#[must_use]
pub fn new_program(random: &mut Rng) -> Vec<u8> {
    let mut program = serde_json::json!({
        "type": "module",
        "name": "fuzzed",
        "imports": ["helper"],
        "functions": [],
    });
    for _ in 0..random.usize(1..=3) {
        tree::add_function(&mut program, random);
    }
    program.to_string().into_bytes()
}

fn program(text: &[u8]) -> Option<Value> {
    serde_json::from_slice(text).ok().filter(Value::is_object)
}

/// One of several.
fn choose<T: Clone>(random: &mut Rng, choices: &[T]) -> T {
    choices[random.usize(..choices.len())].clone()
}
