//! Texts at and over the limits of the language, and texts that are built to take long.

use std::fmt::Write as _;

use alas_syntax::json::{self, Limits};
use alas_syntax::{Code, Diagnostic, Diagnostics, Source, parse};

/// What is found in a text.
fn found(text: impl Into<Vec<u8>>) -> Vec<Diagnostic> {
    match parse(&source(text)) {
        Ok(syntax) => syntax.diagnostics(),
        Err(Diagnostics(diagnostics)) => diagnostics,
    }
}

fn source(text: impl Into<Vec<u8>>) -> Source {
    Source { file: Some("limits.alas.json".to_owned()), text: text.into() }
}

/// A module whose only function returns an expression that nests this deep.
fn nested_module(depth: usize) -> String {
    nested(depth, r#"{"type": "unary", "op": "-", "operand": "#)
}

/// The same, of expressions that start like this and end with the next one.
fn nested(depth: usize, start: &str) -> String {
    // The module, its functions, the function, its body and the statement are five levels.
    let operators = depth - 6;
    let mut text = String::from(r#"{"type": "module", "name": "m", "functions": [{"name": "f", "body": ["#);
    text.push_str(r#"{"type": "return", "value": "#);
    text.push_str(&start.repeat(operators));
    text.push_str(r#"{"type": "literal", "value": 1}"#);
    text.push_str(&"}".repeat(operators));
    text.push_str("}]}]}");
    text
}

#[test]
fn a_module_may_nest_512_deep() {
    assert!(parse(&source(nested_module(512))).is_ok());
    let error = parse(&source(nested_module(513))).unwrap_err();
    assert_eq!(error.0.len(), 1);
    assert_eq!(error.0[0].code, Code::JsonTooDeep);
}

#[test]
fn a_number_has_at_most_a_mebibyte() {
    for number in ["1", "1.", "1e-"] {
        let digits = (1 << 20) - number.len();
        let long = format!("{number}{}", "0".repeat(digits));
        // One that is as long as may be is read, whether or not it fits.
        let fits = json::read_text(&long, Limits::default()).err().map(|error| error.0[0].code);
        assert_eq!(fits, (number == "1").then_some(Code::NumberOutOfRange), "{number}");
        let error = json::read_text(&format!("[{long}0]"), Limits::default()).unwrap_err();
        assert_eq!((error.0[0].code, error.0[0].location.column), (Code::JsonSyntax, 2), "{number}");
        assert_eq!(error.0[0].message, "the number has 1048577 characters, at most 1048576 are allowed");
    }
}

#[test]
fn the_deepest_module_needs_little_stack() {
    // Threads of hosts can have stacks of 512 KiB.
    let starts = [
        r#"{"type": "unary", "op": "-", "operand": "#,
        r#"{"type": "binary", "op": "+", "left": {"type": "literal", "value": 1}, "right": "#,
        r#"{"type": "field", "field": "x", "object": "#,
        r#"{"type": "lambda", "value": "#,
        r#"{"type": "binary", "op": "?", "right": "#,
        r#"{"type": "if", "cond": "#,
    ];
    for start in starts {
        let thread = std::thread::Builder::new().stack_size(512 << 10);
        let parsed = thread.spawn(|| parse(&source(nested(512, start))).is_ok()).expect("a thread starts");
        assert!(parsed.join().expect("the stack is large enough"), "{start}");
    }
}

#[test]
fn a_caller_chooses_its_own_limits() {
    let limits = Limits { bytes: 10, depth: 2 };
    assert!(json::read_text("[[1], [2]]", limits).is_ok());
    let code = |text: &str| json::read_text(text, limits).unwrap_err().0[0].code;
    assert_eq!(code("[[[]]]"), Code::JsonTooDeep);
    assert_eq!(code("[[1], [2] ]"), Code::JsonTooLarge);
}

#[test]
fn a_module_has_at_most_64_mebibytes() {
    let mut text = nested_module(6).into_bytes();
    text.resize(64 << 20, b' ');
    assert!(parse(&source(text.clone())).is_ok());
    text.push(b' ');
    let diagnostics = found(text);
    let [diagnostic] = diagnostics.as_slice() else { panic!("one finding, not {}", diagnostics.len()) };
    assert_eq!(diagnostic.code, Code::JsonTooLarge);
    assert_eq!(diagnostic.file.as_deref(), Some("limits.alas.json"));
    assert_eq!((diagnostic.location.line, diagnostic.location.column), (1, 1));
}

/// An object with a million members, whose keys `key` makes.
fn large_object(key: impl Fn(usize) -> String) -> String {
    let mut text = String::from("{");
    for number in 0..1_000_000 {
        let comma = if number == 0 { "" } else { "," };
        let _ = write!(text, "{comma}\"{}\":0", key(number));
    }
    text.push('}');
    text
}

#[test]
fn a_million_keys_are_compared_in_no_time() {
    let different = large_object(|number| format!("{number:07}"));
    assert_eq!(json::read_text(&different, Limits::MODULE).unwrap().root().members().count(), 1_000_000);
    let equal = large_object(|_| "k".to_owned());
    let Diagnostics(diagnostics) = json::read_text(&equal, Limits::MODULE).unwrap_err();
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.code == Code::JsonDuplicateKey));
    let last_two =
        large_object(|number| if number < 999_998 { format!("\\u0061{number}") } else { "b".to_owned() });
    let Diagnostics(diagnostics) = json::read_text(&last_two, Limits::MODULE).unwrap_err();
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].location.pointer, "/b");
}

#[test]
fn only_so_many_findings_are_listed() {
    let statements = vec!["{}"; 5_000].join(",");
    let text =
        format!(r#"{{"type":"module","name":"m","functions":[{{"name":"f","body":[{statements}]}}]}}"#);
    let diagnostics = found(text);
    assert_eq!(diagnostics.len(), 1_001);
    let note = &diagnostics[1_000];
    assert_eq!(note.code, Code::MissingKey);
    assert_eq!(note.location.pointer, "/functions/0/body/1000");
    assert!(note.message.contains("4000 more"), "{}", note.message);
}

#[test]
fn warnings_do_not_hide_an_error() {
    let unknown: Vec<String> = (0..5_000).map(|number| format!("\"k{number}\":0")).collect();
    let text = format!(r#"{{{},"type":"module","name":"m","functions":[{{}}]}}"#, unknown.join(","));
    let diagnostics = found(text);
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::MissingKey).count();
    assert_eq!(errors, 2);
    assert_eq!(diagnostics.len(), 1_003);
}

#[test]
fn findings_below_a_huge_key_stay_small() {
    let key = "k".repeat(8 << 20);
    let text = format!("{{\"{key}\": [{}]}}", vec!["1e999"; 900].join(","));
    let Diagnostics(diagnostics) = json::read_text(&text, Limits::MODULE).unwrap_err();
    assert!(diagnostics.len() < 10, "{}", diagnostics.len());
    let note = diagnostics.last().expect("there are findings");
    assert!(note.message.contains("more findings"), "{}", note.message);
}

#[test]
fn names_are_compared_in_no_time() {
    let function = |number: usize| format!(r#"{{"name":"f{}","body":[]}}"#, number.min(199_998));
    let functions: Vec<String> = (0..200_000).map(function).collect();
    let text = format!(r#"{{"type":"module","name":"m","functions":[{}]}}"#, functions.join(","));
    let diagnostics = found(text);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code, Code::DuplicateName);
    assert_eq!(diagnostics[0].location.pointer, "/functions/199999/name");
}
