//! How long the text of a value is at least, found out without writing it.

use std::collections::HashMap;

use crate::object::Header;
use crate::{Array, Elements, Key, Map, Value};

/// How many values are looked at between two questions whether to go on.
const STRIDE: usize = 4096;

/// The least number of bytes that any form of a value takes as text, or some number above `enough` as soon as it is
/// known to be that long; `None` when `go_on` returns false.
///
/// What a value holds many times is measured once, so that the work is bounded by the memory that the value takes,
/// however long its text is.
pub(crate) fn least_length(value: &Value, enough: usize, go_on: &mut dyn FnMut() -> bool) -> Option<usize> {
    let mut known: HashMap<usize, usize> = HashMap::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut visited = 0_usize;
    let mut total = match Measured::of(value) {
        Measured::Leaf(length) => length,
        Measured::Container(container) => {
            open.push(container);
            0
        }
    };
    while let Some(top) = open.last_mut() {
        visited += 1;
        if visited.is_multiple_of(STRIDE) && !go_on() {
            return None;
        }
        let measured = if let Some(child) = top.next() {
            match Measured::of(child) {
                Measured::Leaf(length) => length,
                Measured::Container(container) => {
                    let Some(length) = known.get(&container.address) else {
                        open.push(container);
                        continue;
                    };
                    *length
                }
            }
        } else {
            let Some(done) = open.pop() else { break };
            if done.is_shared {
                known.insert(done.address, done.length);
            }
            done.length
        };
        let length = open.last_mut().map_or(&mut total, |parent| &mut parent.length);
        *length = length.saturating_add(measured);
        if *length > enough {
            return Some(*length);
        }
    }
    Some(total)
}

/// A value, measured as far as possible at once.
enum Measured<'a> {
    Leaf(usize),
    Container(Open<'a>),
}

/// A container that is being measured.
struct Open<'a> {
    children: Children<'a>,
    /// What it takes beside the children that were not measured yet.
    length: usize,
    address: usize,
    is_shared: bool,
}

enum Children<'a> {
    Array(std::slice::Iter<'a, Value>),
    Map(Box<dyn Iterator<Item = (&'a Key, &'a Value)> + 'a>),
}

impl<'a> Measured<'a> {
    fn of(value: &'a Value) -> Self {
        match value {
            Value::Int(_) | Value::Float(_) => Self::Leaf(1),
            Value::Void | Value::Bool(_) | Value::Task(_) => Self::Leaf(4),
            Value::Text(text) => Self::Leaf(text.as_str().len()),
            Value::Array(array) => Self::of_array(array),
            Value::Map(map) => Self::Container(Open::map(map)),
        }
    }

    fn of_array(array: &'a Array) -> Self {
        match array.elements() {
            Elements::Any(items) => {
                let length = 2 + items.len().saturating_sub(1);
                Self::Container(Open::new(Children::Array(items.iter()), length, array.header()))
            }
            // Brackets, and each element with a separator behind it but for the last.
            packed => Self::Leaf((1 + 2 * packed.len()).max(2)),
        }
    }
}

impl<'a> Open<'a> {
    fn new(children: Children<'a>, length: usize, header: &Header) -> Self {
        let address = std::ptr::from_ref(header).addr();
        Self { children, length, address, is_shared: !header.is_unique() }
    }

    fn map(map: &'a Map) -> Self {
        // Brackets, separators, quotes and colons; the keys are added one by one.
        let punctuation = 2 + map.len().saturating_sub(1) + 3 * map.len();
        Self::new(Children::Map(Box::new(map.iter())), punctuation, map.header())
    }

    fn next(&mut self) -> Option<&'a Value> {
        match &mut self.children {
            Children::Array(items) => items.next(),
            Children::Map(entries) => {
                let (key, value) = entries.next()?;
                let length = match key {
                    Key::Int(_) => 1,
                    Key::Text(text) => text.as_str().len(),
                };
                self.length = self.length.saturating_add(length);
                Some(value)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Text, write_json, write_text};

    fn array(items: Vec<Value>) -> Value {
        Value::Array(Array::new(Elements::Any(items)))
    }

    fn measured(value: &Value) -> usize {
        least_length(value, usize::MAX, &mut || true).unwrap()
    }

    #[test]
    fn no_text_is_shorter() {
        let shared = array(vec![Value::Void, Value::text("ab")]);
        let map: Map = [
            (Key::Int(7), Value::Float(0.5)),
            (Key::from_text(Text::new("key")), shared.clone()),
            (Key::from_text(Text::new("")), Value::Map(Map::new())),
        ]
        .into_iter()
        .collect();
        let values = [
            Value::Int(5),
            Value::Float(1.0),
            Value::Bool(true),
            Value::Void,
            Value::text(""),
            Value::Array(Array::empty()),
            Value::Array(Array::from(vec![1, 2, 3])),
            Value::Array(Array::new(Elements::Bool(vec![true]))),
            array(vec![shared.clone(), shared, Value::Map(map)]),
        ];
        for value in values {
            let (mut text, mut json) = (String::new(), String::new());
            write_text(&value, &mut text);
            write_json(&value, None, &mut json).unwrap();
            let shortest = text.len().min(json.len());
            let least = measured(&value);
            assert!(least <= shortest && shortest <= 2 * least + 6, "{least} {text} {json}");
        }
    }

    #[test]
    fn what_is_shared_is_measured_once() {
        let mut tangled = Value::text("x");
        for _ in 0..25 {
            tangled = array(vec![tangled.clone(), tangled]);
        }
        let mut looks = 0;
        let mut go_on = || {
            looks += 1;
            true
        };
        // Each level has two brackets, a comma, and the level below twice.
        assert_eq!(least_length(&tangled, usize::MAX, &mut go_on), Some((1 << 25) + 3 * ((1 << 25) - 1)));
        assert_eq!(looks, 0);
        for _ in 0..60 {
            tangled = array(vec![tangled.clone(), tangled]);
        }
        assert_eq!(measured(&tangled), usize::MAX);
        assert!(least_length(&tangled, 1 << 30, &mut || true).unwrap() > 1 << 30);
    }

    #[test]
    fn it_can_be_stopped_and_needs_no_stack() {
        let mut deep = Value::Int(1);
        for _ in 0..100_000 {
            deep = array(vec![deep]);
        }
        assert_eq!(measured(&deep), 200_001);
        assert_eq!(least_length(&deep, usize::MAX, &mut || false), None);
    }
}
