//! How often functions of plugins were called.

use std::collections::HashMap;
use std::thread;

use alas_engine::value::Value;
use alas_engine::{Engine, Found, HostModule, Limits, Plugin, Source};

use crate::notation;
use crate::support::{call, define, first, load, program, run};

/// Loads the plugin `p` in the notation of the tests; it exports all its functions.
fn plugin(engine: &Engine, text: &str) -> Result<(), String> {
    let words = text.split_whitespace();
    let exports: Vec<&str> =
        words.clone().zip(words.skip(1)).filter(|(word, _)| *word == "fn").map(|(_, name)| name).collect();
    let head = format!("\"name\": \"p\", \"exports\": {exports:?}");
    let text = notation::module(text).replacen("\"name\": \"m\"", &head, 1);
    let source = Source { file: None, text: text.into() };
    load(engine, Found { plugin: Some(Plugin::default()), ..source.into() })
}

fn counts(engine: &Engine) -> HashMap<String, u64> {
    engine.call_counts().into_iter().collect()
}

fn expected(counts: &[(&str, u64)]) -> HashMap<String, u64> {
    counts.iter().map(|(name, times)| ((*name).to_owned(), *times)).collect()
}

#[test]
fn every_way_to_call_is_counted() {
    let engine = Engine::counting_calls();
    let host = HostModule::new("host").function("same", &[("x", "any")], "any", first);
    define(&engine, host.clone().plugin(Plugin::default())).unwrap();
    define(&engine, HostModule::new("plain").function("same", &[("x", "any")], "any", first)).unwrap();
    plugin(
        &engine,
        "fn same x:any { return x }
         fn rounds n:int { while (< 0 n) { n = (- n 1) } return n }
         fn down n:int { if (== n 0) { return 0 } return (down (- n 1)) }
         fn fail x:any { return (- 1 x) }
         fn loop_at_once n:int { while (< 0 n) { n = (- n (host.same 1)) } }
         fn never { return 0 }",
    )
    .unwrap();
    program(
        &engine,
        r"fn own { return (plain.same 1) }
           fn main {
               i = 0
               while (< i 10) { i = (+ i (p.same 1)) }
               x = (p.rounds 100)
               y = (p.down 5)
               z = (p.loop_at_once 3)
               return (own)
           }",
    )
    .unwrap();
    assert_eq!(run(&engine, "m.main"), "1");
    assert_eq!(run(&engine, "m.main"), "1");
    assert!(call(&engine, "p.fail", vec![Value::Void], Limits::default()).is_err());
    // Refused before it is entered.
    assert!(call(&engine, "p.fail", vec![], Limits::default()).is_err());
    let all = [
        ("p.same", 20),
        ("p.rounds", 2),
        ("p.down", 12),
        ("p.fail", 1),
        ("p.loop_at_once", 2),
        ("p.never", 0),
        ("host.same", 6),
    ];
    assert_eq!(counts(&engine), expected(&all));
}

#[test]
fn nothing_is_counted_unless_asked_for() {
    let engine = Engine::new();
    plugin(&engine, "fn f { return 1 }").unwrap();
    assert_eq!(run(&engine, "p.f"), "1");
    assert_eq!(counts(&engine), HashMap::new());
}

#[test]
fn counts_outlive_their_modules() {
    let engine = Engine::counting_calls();
    plugin(&engine, "fn f { return 1 } fn g { return 1 }").unwrap();
    program(&engine, "fn main { return (p.f) }").unwrap();
    assert_eq!(run(&engine, "p.g"), "1");
    plugin(&engine, "fn f { return 2 }").unwrap();
    // The program keeps what it was linked with.
    assert_eq!(run(&engine, "m.main"), "1");
    assert_eq!(run(&engine, "p.f"), "2");
    assert!(engine.unload("p"));
    assert_eq!(counts(&engine), expected(&[("p.f", 2), ("p.g", 1)]));
}

#[test]
fn threads_count_together() {
    let engine = Engine::counting_calls();
    plugin(&engine, "fn f { return 1 }").unwrap();
    program(&engine, "fn main { i = 0 while (< i 10000) { i = (+ i (p.f)) } return i }").unwrap();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(run(&engine, "m.main"), "10000"));
        }
    });
    assert_eq!(counts(&engine), expected(&[("p.f", 40_000)]));
}
