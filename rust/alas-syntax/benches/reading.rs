//! Measures reading and parsing a module of about one megabyte against `serde_json` into a generic value,
//! in one run: `cargo bench -p alas-syntax`. Prints times and ratios; judges nothing.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use alas_syntax::{Source, json, parse};

/// How often each task runs; the best time counts.
const ROUNDS: usize = 60;

fn main() {
    let compact = module(1 << 20);
    let printed = printed(&compact);
    for (name, text) in [("compact", compact), ("printed", printed)] {
        let source = Source { file: None, text: text.into_bytes() };
        let value = || drop(black_box(serde_json::from_slice::<serde_json::Value>(&source.text)));
        let read = || drop(black_box(json::read(&source)));
        let tree = || drop(black_box(parse(&source)));
        assert!(parse(&source).is_ok_and(|syntax| syntax.findings.is_empty()), "the module is correct");
        let [value, read, tree] = best([&value, &read, &tree]);
        let ratio = |time: Duration| time.as_secs_f64() / value.as_secs_f64();
        println!("{name}, {} bytes", source.text.len());
        println!("  serde_json value {:8.3} ms", value.as_secs_f64() * 1e3);
        println!("  json::read       {:8.3} ms  {:.2} ×", read.as_secs_f64() * 1e3, ratio(read));
        println!("  parse            {:8.3} ms  {:.2} ×", tree.as_secs_f64() * 1e3, ratio(tree));
    }
}

/// The best time of each task. The tasks take turns, so that a slow moment of the machine meets all of them.
fn best<const N: usize>(tasks: [&dyn Fn(); N]) -> [Duration; N] {
    let mut best = [Duration::MAX; N];
    for _ in 0..ROUNDS {
        for (time, task) in best.iter_mut().zip(tasks) {
            let start = Instant::now();
            task();
            *time = start.elapsed().min(*time);
        }
    }
    best
}

/// A module of at least this many bytes, of functions as a generator writes them.
fn module(bytes: usize) -> String {
    let mut text = String::from(r#"{"type":"module","name":"generated","functions":["#);
    for number in 0.. {
        if number > 0 {
            text.push(',');
        }
        let _ = write!(
            text,
            r#"{{"type":"function","name":"step_{number}","params":[{{"name":"items","type":"array<int>"}},{{"name":"limit","type":"int"}}],"returns":"int","body":[
{{"type":"assign","target":"total","value":{{"type":"literal","value":{number}}}}},
{{"type":"for","init":{{"type":"assign","target":"i","value":{{"type":"literal","value":0}}}},"cond":{{"type":"binary","op":"<","left":{{"type":"variable","name":"i"}},"right":{{"type":"variable","name":"limit"}}}},"update":{{"type":"assign","target":"i","value":{{"type":"binary","op":"+","left":{{"type":"variable","name":"i"}},"right":{{"type":"literal","value":1}}}}}},"body":[
{{"type":"if","cond":{{"type":"binary","op":"==","left":{{"type":"binary","op":"%","left":{{"type":"variable","name":"i"}},"right":{{"type":"literal","value":3}}}},"right":{{"type":"literal","value":0}}}},"then":[{{"type":"assign","target":"total","value":{{"type":"binary","op":"+","left":{{"type":"variable","name":"total"}},"right":{{"type":"index","object":{{"type":"variable","name":"items"}},"index":{{"type":"variable","name":"i"}}}}}}}}],"else":[{{"type":"expr","value":{{"type":"builtin","name":"io.println","args":[{{"type":"literal","value":"skipped an item, because its place is not a multiple of three"}}]}}}}]}}]}},
{{"type":"return","value":{{"type":"call","name":"step_0","args":[{{"type":"array_literal","elements":[{{"type":"literal","value":1.5}},{{"type":"literal","value":true}}]}},{{"type":"variable","name":"total"}}]}}}}]}}"#
        );
        if text.len() >= bytes {
            break;
        }
    }
    text.push_str("]}");
    text
}

/// The same module with line breaks and indentation.
fn printed(text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).expect("the module is JSON");
    serde_json::to_string_pretty(&value).expect("a value can be printed")
}
