//! Work on large values looks often enough whether to go on, and what is stopped leaves nothing half done.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alas_syntax::BinaryOperator;
use alas_value::{Array, Elements, Key, Map, Text, Value, account, equal};
use alas_vm::{ErrorCode, Fault, operators};

use crate::support::{Outcome, Recorder, call, host, program};

/// The bytes of most values here.
const BYTES: usize = 4 << 20;

/// How many ints they hold.
const INTS: i64 = 1 << 19;

/// How often work on them has to look at least.
const LOOKS: usize = 4;

/// Calls a function, or applies an operator, and tells how often it looked; the look of that number stops it.
fn watched(name: &str, mut arguments: Vec<Value>, stop: usize) -> (Outcome, usize) {
    let looks = Arc::new(AtomicUsize::new(0));
    let mut host = host(Recorder::default());
    let seen = Arc::clone(&looks);
    host.watch = Some(Box::new(move || {
        if seen.fetch_add(1, Ordering::Relaxed) + 1 == stop {
            return Err(Fault::new(ErrorCode::Cancelled, ""));
        }
        Ok(())
    }));
    let operator = match name {
        "==" => Some(BinaryOperator::Equal),
        "!=" => Some(BinaryOperator::NotEqual),
        "<" => Some(BinaryOperator::Less),
        _ => None,
    };
    let outcome = match (operator, arguments.as_slice()) {
        (Some(operator), [left, right]) => operators::binary(operator, left.clone(), right.clone(), &host),
        _ => call(name, &mut arguments, &mut host, &program()),
    };
    (outcome, looks.load(Ordering::Relaxed))
}

fn array(items: Vec<Value>) -> Value {
    Value::Array(Array::new(Elements::Any(items)))
}

fn int(value: i64) -> Value {
    Value::Int(value)
}

fn ints() -> Value {
    Value::Array(Array::from((0..INTS).collect::<Vec<i64>>()))
}

fn values() -> Value {
    array((0..BYTES / 16).map(|number| if number == 1 { Value::Void } else { Value::Int(1) }).collect())
}

fn text() -> Value {
    Value::text(&"abcdefg,".repeat(BYTES / 8))
}

fn map(step: i64) -> Map {
    (0..INTS / 4).map(|number| (Key::Int(number * step), Value::Int(number))).collect()
}

/// Letters of two bytes.
fn letters() -> Value {
    Value::text(&"é".repeat(BYTES / 2))
}

/// A part of which 64 make a long text.
fn part() -> Value {
    Value::text(&"a".repeat(BYTES / 64))
}

/// One text between two long runs of another.
fn surrounded(around: &str, middle: &str) -> Value {
    let run = around.repeat(BYTES / around.len());
    Value::text(&format!("{run}{middle}{run}"))
}

/// An array in JSON.
fn listed(item: &str, last: &str) -> Value {
    Value::text(&format!("[{}{last}]", item.repeat(BYTES / 8)))
}

/// A map that grows with the next entry.
fn full() -> Value {
    let mut map = map(2);
    let mut number = -1;
    while !map.put_is_long(Key::Int(number).as_ref()) {
        map.put(Key::Int(number), Value::Void);
        number -= 1;
    }
    Value::Map(map)
}

/// A map that closes its gaps when the key 0 is removed.
fn sparse() -> Value {
    let (mut map, count) = (map(2), INTS / 4);
    for number in (1..=count - count / 4).rev() {
        map.remove(&Key::Int(number * 2));
    }
    Value::Map(map)
}

fn entry(key: &Value) -> Value {
    let Value::Text(key) = key else { return Value::Void };
    Value::Map([(Key::from_text(Text::new(key.as_str())), Value::Int(1))].into_iter().collect())
}

/// A function or an operator, and what makes its arguments.
type Case = (&'static str, fn() -> Vec<Value>);

/// What looks [`LOOKS`] times at least.
fn cases() -> Vec<Case> {
    vec![
        ("array.insert", || vec![ints(), int(0), int(1)]),
        ("array.insert", || vec![values(), int(0), int(1)]),
        ("array.remove", || vec![ints(), int(0)]),
        ("array.remove", || vec![values(), int(0)]),
        ("collections.remove", || vec![ints(), int(0)]),
        ("array.reverse", || vec![ints()]),
        ("array.reverse", || vec![values()]),
        ("map.put", || vec![full(), Value::text("x"), int(1)]),
        ("map.put", || vec![Value::Map(map(1)), Value::text("x"), int(1)]),
        ("map.remove", || vec![Value::Map(map(1)), int(0)]),
        ("map.remove", || vec![sparse(), int(0)]),
        ("map.merge", || vec![Value::Map(map(1)), Value::Map(map(2))]),
        ("map.values", || vec![Value::Map(map(2))]),
        ("map.get", || vec![entry(&text()), text()]),
        ("map.contains", || vec![entry(&text()), text()]),
        ("collections.contains", || vec![entry(&text()), text()]),
        ("map.put", || vec![entry(&text()), text(), int(1)]),
        ("map.put", || vec![Value::Map(Map::new()), text(), int(1)]),
        ("map.remove", || vec![entry(&text()), text()]),
        ("==", || vec![ints(), ints()]),
        ("!=", || vec![values(), values()]),
        ("==", || vec![text(), text()]),
        ("==", || vec![Value::Map(map(2)), Value::Map(map(2))]),
        ("==", || vec![entry(&text()), entry(&text())]),
        ("==", || vec![array(vec![text()]), array(vec![text()])]),
        ("<", || vec![text(), text()]),
        ("collections.contains", || vec![array(vec![text()]), text()]),
        ("array.sort", || vec![array(vec![text(), text()])]),
        ("array.max", || vec![array(vec![text(), text()])]),
        ("array.sort", || vec![Value::Array(Array::from((0..INTS).collect::<Vec<i64>>()))]),
        ("array.sort", || vec![array((0..40_000).map(|number| Value::text(&number.to_string())).collect())]),
        ("string.substring", || vec![text(), int(1), int(INTS * 7)]),
        ("string.substring", || vec![letters(), int(INTS), int(INTS * 3)]),
        ("string.charAt", || vec![letters(), int(INTS * 3)]),
        ("string.codeAt", || vec![letters(), int(INTS * 3)]),
        ("collections.slice", || vec![letters(), int(INTS)]),
        ("string.startsWith", || vec![text(), text()]),
        ("string.endsWith", || vec![text(), text()]),
        ("string.contains", || vec![text(), Value::text(&"b".repeat(BYTES / 2))]),
        ("string.indexOf", || vec![letters(), Value::text("è")]),
        ("string.indexOf", || vec![surrounded("é", "x"), Value::text("x")]),
        ("string.split", || vec![text(), Value::text(";")]),
        ("string.split", || vec![surrounded("a", ";"), Value::text(";")]),
        ("string.replace", || vec![surrounded("a", ";"), Value::text(";"), Value::text("")]),
        ("string.replace", || vec![Value::text(&",".repeat(64)), Value::text(","), part()]),
        ("string.replace", || vec![Value::text(&",".repeat(64)), Value::text(""), part()]),
        ("string.join", || vec![array(vec![part(); 64]), Value::text("")]),
        ("string.join", || vec![array(vec![Value::text("x"); 64]), part()]),
        ("string.repeat", || vec![text(), int(2)]),
        ("string.padStart", || vec![text(), int(INTS * 9)]),
        ("string.padEnd", || vec![text(), int(INTS * 9)]),
        ("string.padEnd", || vec![Value::text("x"), int(INTS * 3), letters()]),
        ("string.trim", || vec![surrounded(" ", "x")]),
        ("type.toString", || vec![array(vec![part(); 64])]),
        ("json.stringify", || vec![array(vec![part(); 64])]),
        ("json.parse", || vec![listed("1,", "1")]),
        ("json.parse", || vec![listed("1,", "?")]),
        ("json.parse", || vec![listed("\"a\",", "1")]),
        ("string.trim", || vec![Value::text(&format!(" {}", "a".repeat(BYTES)))]),
        ("collections.indexOf", || vec![array(vec![ints()]), ints()]),
    ]
}

/// What looks as often when others hold the first argument too, which is copied then.
fn updates() -> Vec<Case> {
    vec![
        ("array.insert", || vec![ints(), int(0), int(1)]),
        ("array.remove", || vec![ints(), int(0)]),
        ("array.reverse", || vec![values()]),
        ("map.put", || vec![Value::Map(map(2)), int(0), int(1)]),
        ("map.put", || vec![full(), Value::text("x"), int(1)]),
        ("map.put", || vec![Value::Map(map(1)), int(0), int(1)]),
        ("map.remove", || vec![Value::Map(map(2)), int(0)]),
        ("map.remove", || vec![sparse(), int(0)]),
        ("map.merge", || vec![Value::Map(map(1)), Value::Map(map(2))]),
    ]
}

#[test]
fn large_values_are_worked_on_in_pieces() {
    for (name, make) in cases() {
        let (outcome, looks) = watched(name, make(), 0);
        assert!(outcome.is_ok(), "{name}: {:?}", outcome.err());
        assert!(looks >= LOOKS, "{name} looked {looks} times");
    }
}

/// What is stopped ends with the next look, wherever it is, and gives its memory back.
#[test]
fn work_stops_at_any_look() {
    for (name, make) in cases() {
        let before = account::used(account::current());
        let (_, looks) = watched(name, make(), 0);
        for stop in [1, 2, looks / 2, looks] {
            // Made anew each time, because functions take what nobody else holds.
            let (outcome, seen) = watched(name, make(), stop);
            let code = outcome.err().map(|fault| fault.code());
            assert_eq!((code, seen), (Some(ErrorCode::Cancelled), stop), "{name}");
        }
        assert_eq!(account::used(account::current()), before, "{name}");
    }
}

#[test]
fn what_others_hold_is_copied_in_pieces_and_stays_as_it_was() {
    for (name, make) in updates() {
        let arguments = make();
        let (outcome, looks) = watched(name, arguments.clone(), 0);
        assert!(outcome.is_ok(), "{name}: {:?}", outcome.err());
        assert!(looks >= LOOKS, "{name} looked {looks} times");
        for stop in [looks / 2, looks] {
            let (outcome, _) = watched(name, arguments.clone(), stop);
            let code = outcome.err().map(|fault| fault.code());
            assert_eq!(code, Some(ErrorCode::Cancelled), "{name}");
        }
        assert!(equal(&arguments[0], &make()[0]), "{name}");
    }
}

/// A long part is found where it is, and nowhere else.
#[test]
fn long_parts_are_found() {
    let part = "ab".repeat(1 << 20);
    let text = format!("é{}c{part}c{part}{part}", &part[2..]);
    let first = INTS * 4;
    let of = |name: &str, arguments: Vec<Value>| watched(name, arguments, 0).0.unwrap();
    let (text, part) = (Value::text(&text), Value::text(&part));
    let found = of("string.indexOf", vec![text.clone(), part.clone()]);
    assert!(equal(&found, &int(first)), "{found:?}");
    let missing = Value::text(&format!("b{}", "ab".repeat(3 << 20)));
    assert!(equal(&of("string.contains", vec![text.clone(), missing]), &Value::Bool(false)));
    let parts = of("string.split", vec![text.clone(), part.clone()]);
    let Value::Array(parts) = parts else { panic!("{parts:?}") };
    let lengths: Vec<usize> = (0..parts.len())
        .map(|index| match parts.get(index) {
            Some(Value::Text(part)) => part.characters(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(lengths, [usize::try_from(first).unwrap_or_default(), 1, 0, 0]);
    let whole = of("string.join", vec![Value::Array(parts), part]);
    assert!(equal(&whole, &text));
}
