//! Large inputs: bounded in memory, interruptible, and no slower than their size.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use alas_value::{Array, Elements, Key, Map, Value};
use alas_vm::{ErrorCode, Fault};

use crate::support::{Recorder, call, host, program, run_values};

const MILLION: i64 = 1_000_000;

fn numbers(count: i64) -> Value {
    // A full cycle of a linear congruential generator: every order of magnitude, no repetition.
    let mut state = 1_i64;
    let next = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 20
    };
    Value::Array(Array::from((0..count).map(next).collect::<Vec<i64>>()))
}

fn texts(count: i64) -> Value {
    let text = |number: i64| Value::text(&format!("item {}", number.wrapping_mul(7_919) % count));
    Value::Array(Array::new(Elements::Any((0..count).map(text).collect())))
}

fn long_text(bytes: usize) -> Value {
    Value::text(&"abcdefg,".repeat(bytes / 8))
}

/// A value that takes little memory and a lot of paper.
fn tangled(times: usize) -> Value {
    (0..times)
        .fold(Value::Int(1), |value, _| Value::Array(Array::new(Elements::Any(vec![value.clone(), value]))))
}

#[test]
fn a_million_elements_take_no_time_to_speak_of() {
    let joined = run_values("string.join", vec![texts(MILLION), Value::text(", ")]).unwrap();
    let cases: Vec<(&str, Vec<Value>)> = vec![
        ("array.sort", vec![numbers(MILLION)]),
        ("array.sort", vec![texts(MILLION)]),
        ("array.sum", vec![numbers(MILLION)]),
        ("array.max", vec![numbers(MILLION)]),
        ("array.reverse", vec![numbers(MILLION)]),
        ("array.range", vec![Value::Int(0), Value::Int(MILLION)]),
        ("array.fill", vec![Value::Int(MILLION), Value::text("x")]),
        ("array.concat", vec![numbers(MILLION), numbers(MILLION)]),
        ("collections.indexOf", vec![numbers(MILLION), Value::Float(0.5)]),
        ("collections.contains", vec![texts(MILLION), Value::text("none")]),
        ("string.split", vec![joined.clone(), Value::text(", ")]),
        ("string.split", vec![joined.clone(), Value::text("")]),
        ("string.replace", vec![joined.clone(), Value::text("item"), Value::text("thing")]),
        ("string.toUpper", vec![joined.clone()]),
        ("string.reverse", vec![joined.clone()]),
        ("string.repeat", vec![Value::text("ä"), Value::Int(MILLION)]),
        ("string.padStart", vec![Value::text("x"), Value::Int(MILLION), Value::text("äb")]),
    ];
    for (name, arguments) in cases {
        let start = Instant::now();
        run_values(name, arguments).unwrap();
        let elapsed = start.elapsed();
        // Far above what is needed, far below what work that grows with the square would take.
        assert!(elapsed < Duration::from_secs(5), "{name} took {elapsed:?}");
    }
}

#[test]
fn what_would_be_too_large_is_refused_before_memory_is_taken() {
    let many = Value::Int(1 << 40);
    let megabyte = long_text(1 << 20);
    let parts = Value::Array(Array::new(Elements::Any(vec![megabyte.clone(); 2048])));
    let cases: Vec<(&str, Vec<Value>)> = vec![
        ("string.repeat", vec![Value::text("x"), many.clone()]),
        ("string.repeat", vec![megabyte.clone(), Value::Int(1025)]),
        ("string.padStart", vec![Value::text("x"), many.clone()]),
        ("string.padEnd", vec![Value::text("x"), many.clone(), Value::text("äö")]),
        ("string.join", vec![parts, Value::text("")]),
        ("string.replace", vec![megabyte.clone(), Value::text(","), megabyte.clone()]),
        ("string.replace", vec![megabyte.clone(), Value::text(""), megabyte.clone()]),
        ("string.split", vec![Value::text(&"a".repeat(64 << 20)), Value::text("")]),
        ("array.fill", vec![many.clone(), Value::Int(0)]),
        ("array.fill", vec![Value::Int((1 << 26) + 1), Value::Void]),
        ("array.range", vec![Value::Int(0), many]),
        ("type.toString", vec![tangled(30)]),
        ("io.println", vec![tangled(60)]),
        ("json.stringify", vec![tangled(60)]),
        ("json.stringify", vec![tangled(60), Value::Int(2)]),
    ];
    for (name, arguments) in cases {
        let start = Instant::now();
        let fault = run_values(name, arguments).unwrap_err();
        assert_eq!(fault.code(), ErrorCode::MemoryLimitExceeded, "{name}: {fault}");
        // Making it would take longer.
        assert!(start.elapsed() < Duration::from_secs(1), "{name} took {:?}", start.elapsed());
    }
}

#[test]
fn long_work_can_be_interrupted() {
    let text = long_text(1 << 22);
    let spaces = Value::text(&" \u{a0}".repeat(100_000));
    let many = Value::Array(Array::new(Elements::Any(vec![Value::text("x"); 100_000])));
    let map: Map = (0..100_000).map(|number| (Key::Int(number), Value::Int(number))).collect();
    let mixed = |last: Value| {
        let mut items = vec![Value::Int(1); 100_000];
        items.push(last);
        Value::Array(Array::new(Elements::Any(items)))
    };
    // What others hold too is copied before it is changed.
    let shared = numbers(MILLION);
    let (one, first) = (Value::Int(1), Value::Int(0));
    let cases: Vec<(&str, Vec<Value>)> = vec![
        ("array.concat", vec![shared.clone(), shared.clone()]),
        ("array.concat", vec![numbers(1), shared.clone()]),
        ("array.slice", vec![shared.clone(), one.clone()]),
        ("array.set", vec![shared.clone(), first.clone(), one.clone()]),
        ("array.set", vec![numbers(MILLION), first.clone(), Value::text("x")]),
        ("array.push", vec![shared.clone(), one.clone()]),
        ("array.push", vec![numbers(MILLION), Value::text("x")]),
        ("array.insert", vec![shared.clone(), first.clone(), one.clone()]),
        ("array.pop", vec![shared.clone()]),
        ("array.remove", vec![shared.clone(), first.clone()]),
        ("array.reverse", vec![shared.clone()]),
        ("collections.append", vec![shared.clone(), one]),
        ("collections.remove", vec![shared.clone(), first]),
        ("string.concat", vec![text.clone(), text.clone()]),
        ("string.concat", vec![Value::text("é"), text.clone()]),
        ("type.toString", vec![tangled(20)]),
        ("io.println", vec![tangled(60)]),
        ("json.stringify", vec![tangled(20)]),
        ("string.contains", vec![text.clone(), Value::text("none")]),
        ("string.indexOf", vec![text.clone(), Value::text("none")]),
        ("collections.contains", vec![text.clone(), Value::text("none")]),
        ("collections.indexOf", vec![text.clone(), Value::text("none")]),
        ("string.split", vec![text.clone(), Value::text("none")]),
        ("string.replace", vec![text.clone(), Value::text("none"), Value::text("")]),
        ("string.trim", vec![spaces.clone()]),
        ("string.trimStart", vec![spaces.clone()]),
        ("string.trimEnd", vec![spaces]),
        ("string.toUpper", vec![text.clone()]),
        ("string.toLower", vec![Value::text(&format!("aΣ{}", "\u{301}".repeat(100_000)))]),
        ("array.sort", vec![numbers(200_000)]),
        ("array.sort", vec![many.clone()]),
        ("array.range", vec![Value::Int(0), Value::Int(1 << 21)]),
        ("array.fill", vec![Value::Int(1 << 21), Value::Int(0)]),
        ("array.sum", vec![mixed(Value::Float(1.0))]),
        ("array.min", vec![many.clone()]),
        ("collections.contains", vec![many.clone(), Value::text("y")]),
        ("string.split", vec![text.clone(), Value::text(",")]),
        ("string.split", vec![text.clone(), Value::text("g,")]),
        ("string.split", vec![text.clone(), Value::text("")]),
        ("string.join", vec![many, Value::text("")]),
        ("string.replace", vec![text.clone(), Value::text("g,"), Value::text("")]),
        ("string.replace", vec![text.clone(), Value::text(""), Value::text("-")]),
        ("string.repeat", vec![Value::text("ab"), Value::Int(1 << 20)]),
        ("string.padEnd", vec![Value::text("ab"), Value::Int(1 << 20)]),
        ("string.reverse", vec![text.clone()]),
        ("string.toLower", vec![text]),
        ("map.keys", vec![Value::Map(map.clone())]),
        ("map.values", vec![Value::Map(map.clone())]),
        ("map.entries", vec![Value::Map(map.clone())]),
        ("map.merge", vec![Value::Map(map.clone()), Value::Map(map.clone())]),
        ("json.stringify", vec![Value::Map(map)]),
        ("json.parse", vec![Value::text(&format!("[{}1]", "1,".repeat(100_000)))]),
    ];
    for (name, mut arguments) in cases {
        // Stopped at the second look, so that the work is under way.
        let looks = Arc::new(AtomicUsize::new(0));
        let mut host = host(Recorder::default());
        let seen = Arc::clone(&looks);
        host.watch = Some(Box::new(move || {
            if seen.fetch_add(1, Ordering::Relaxed) >= 1 {
                Err(Fault::new(ErrorCode::Cancelled, ""))
            } else {
                Ok(())
            }
        }));
        let outcome = call(name, &mut arguments, &mut host, &program());
        let looks = looks.load(Ordering::Relaxed);
        let fault = outcome.expect_err(name);
        assert_eq!((fault.code(), looks), (ErrorCode::Cancelled, 2), "{name}");
    }
}

/// Digits and exponent are each far from one, and together they are one.
#[test]
fn numbers_of_many_digits() {
    let zeros = "0".repeat(700_000);
    for name in ["type.parseFloat", "type.toFloat"] {
        for text in
            [format!("0.{zeros}25e700001"), format!("25{zeros}e-700001"), format!("+.{zeros}25e700001")]
        {
            let found = run_values(name, vec![Value::text(&text)]);
            assert!(matches!(found, Ok(Value::Float(2.5))), "{name}: {found:?}");
        }
    }
}

#[test]
fn what_has_more_than_a_megabyte_is_no_number() {
    for name in ["type.parseInt", "type.toInt", "type.parseFloat", "type.toFloat"] {
        let zeros = |count: usize| vec![Value::text(&"0".repeat(count))];
        assert!(run_values(name, zeros(1 << 20)).is_ok(), "{name}");
        let fault = run_values(name, zeros((1 << 20) + 1)).unwrap_err();
        assert_eq!(fault.code(), ErrorCode::ValueError, "{name}");
        assert!(fault.message().ends_with("found one of 1048577"), "{}", fault.message());
    }
}

#[test]
fn moments_and_their_patterns_are_short() {
    let long = || Value::text(&"%255Y".repeat(1_000));
    let fault = run_values("time.format", vec![Value::Int(0), long()]).unwrap_err();
    assert_eq!(fault.code(), ErrorCode::ValueError);
    for arguments in [vec![long(), Value::text("%Y")], vec![Value::text("2000"), long()]] {
        let Ok(Value::Map(result)) = run_values("time.parse", arguments) else {
            panic!("a Result is expected")
        };
        assert!(matches!(result.get(&Key::from_text(alas_value::Text::new("ok"))), Some(Value::Bool(false))));
    }
}
