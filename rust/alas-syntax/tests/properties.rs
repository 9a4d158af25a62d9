//! Random texts: nothing crashes, and what is JSON to `serde_json` is JSON here, with the same values.

use alas_syntax::json::{self, Document, Kind, Limits, Node};
use alas_syntax::{Code, Diagnostics, Source, parse};
use proptest::prelude::*;
use serde_json::Value;

/// Pieces of which JSON, and what looks like it, is made.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\\u",
    "\\ud83d",
    "\\ude00",
    "\\n",
    "00",
    "0",
    "-",
    "1",
    ".",
    "e",
    "E+",
    "true",
    "null",
    "false",
    "nul",
    " ",
    "\n",
    "\t",
    "\"a\"",
    "\"a\":",
    "\"b\":1",
    "[]",
    "{}",
    "é",
    "😀",
    "\u{7f}",
    "\u{1}",
    "\u{feff}",
    "9223372036854775807",
    "9223372036854775808",
    "1e308",
    "1e309",
    "-0",
    "-0.0",
    "\"type\":\"return\"",
    "\"type\":\"literal\"",
    "\"value\":",
    "\"body\":[",
    "\"name\":\"m\"",
];

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(PIECES).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ]
}

/// A JSON value without duplicate keys.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON is finite", |float| float.is_finite()).prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".{0,4}", inner, 0..6).prop_map(Value::from_iter),
        ]
    })
}

/// Whether a node holds what `serde_json` read.
fn same(node: Node<'_>, value: &Value) -> bool {
    match value {
        Value::Null => node.kind() == Kind::Null,
        Value::Bool(expected) => node.as_bool() == Some(*expected),
        Value::Number(number) => match node.kind() {
            Kind::Int => node.as_int().is_some_and(|int| {
                number.as_i64() == Some(int) || (int == 0 && number.as_f64() == Some(-0.0))
            }),
            _ => node.as_float().map(f64::to_bits) == number.as_f64().map(f64::to_bits),
        },
        Value::String(expected) => node.as_str().as_deref() == Some(expected),
        Value::Array(elements) => {
            node.kind() == Kind::Array
                && node.elements().count() == elements.len()
                && node.elements().zip(elements).all(|(node, value)| same(node, value))
        }
        Value::Object(map) => {
            node.kind() == Kind::Object
                && node.members().count() == map.len()
                && node.members().all(|member| {
                    let key = member.key.as_str().unwrap_or_default();
                    map.get(&*key).is_some_and(|value| same(member.value, value))
                })
        }
    }
}

/// Reads both ways, and explains each difference by one of the rules that are stricter here.
fn compare(text: &str) -> Result<(), TestCaseError> {
    let ours = json::read_text(text, Limits::MODULE);
    let theirs = serde_json::from_str::<Value>(text);
    match (&ours, &theirs) {
        (Ok(document), Ok(value)) => prop_assert!(same(document.root(), value), "{text:?}: {value}"),
        (Ok(_), Err(error)) => prop_assert!(false, "{text:?} is accepted, but not by serde_json: {error}"),
        (Err(Diagnostics(found)), Ok(_)) => {
            let stricter = |code| matches!(code, Code::JsonDuplicateKey | Code::NumberOutOfRange);
            prop_assert!(found.iter().all(|diagnostic| stricter(diagnostic.code)), "{text:?}: {found:?}");
        }
        (Err(Diagnostics(found)), Err(_)) => prop_assert!(!found.is_empty()),
    }
    Ok(())
}

fn root_text(document: &Document) -> String {
    document.root().as_str().unwrap_or_default().into_owned()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn bytes_never_crash(text in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&Source { file: None, text });
    }

    #[test]
    fn pieces_are_judged_as_by_serde(pieces in prop::collection::vec(piece(), 0..12)) {
        let text = pieces.concat();
        compare(&text)?;
        let _ = parse(&Source { file: None, text: text.into_bytes() });
    }

    #[test]
    fn values_are_read_as_they_were_written(value in value(), pretty in any::<bool>()) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let document = json::read_text(&text, Limits::MODULE);
        prop_assert!(document.is_ok_and(|document| same(document.root(), &value)), "{text}");
    }

    #[test]
    fn damaged_values_are_judged_as_by_serde(
        value in value(),
        at in any::<prop::sample::Index>(),
        piece in piece(),
    ) {
        let mut text = value.to_string();
        let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
        text.insert_str(places[at.index(places.len())], &piece);
        compare(&text)?;
    }

    #[test]
    fn strings_may_be_written_in_any_escapes(
        text in "\\PC{0,20}",
        escaped in prop::collection::vec(any::<bool>(), 20),
    ) {
        let mut written = String::from("\"");
        for (character, escape) in text.chars().zip(escaped.iter().cycle()) {
            if *escape || matches!(character, '"' | '\\') {
                let mut units = [0; 2];
                let units = character.encode_utf16(&mut units);
                written.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
            } else {
                written.push(character);
            }
        }
        written.push('"');
        let document = json::read_text(&written, Limits::MODULE);
        prop_assert!(document.is_ok_and(|document| root_text(&document) == text));
    }
}
