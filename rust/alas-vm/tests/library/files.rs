//! The functions for files: what they take, what they give, and what they refuse.

use std::fs;
use std::sync::Arc;

use alas_sandbox::{Asked, Grants, Layer, Reach};
use alas_value::Value;
use alas_vm::{ErrorCode, Host};
use tempfile::TempDir;

use crate::support::{Recorder, call, entry, host, program, same, value, values};

/// In the order in which each finds what it needs: arguments, and the Result's value.
const CASES: [(&str, &str, &str); 9] = [
    ("fs.makeDir", r#"["in/new"]"#, "null"),
    ("fs.writeFile", r#"["in/new/file", "one"]"#, "null"),
    ("fs.appendFile", r#"["in/new/file", " two"]"#, "null"),
    ("fs.readFile", r#"["in/new/file"]"#, r#""one two""#),
    ("fs.exists", r#"["in/new/file"]"#, "true"),
    ("fs.list", r#"["in/new"]"#, r#"["file"]"#),
    ("fs.rename", r#"["in/new/file", "in/other"]"#, "null"),
    ("fs.remove", r#"["in/new"]"#, "null"),
    ("fs.exists", r#"["in/new"]"#, "false"),
];

fn place() -> (TempDir, Host) {
    let place = TempDir::new().unwrap();
    fs::create_dir(place.path().join("in")).unwrap();
    let these = || Reach::These(vec!["in".to_owned()]);
    let layer = Layer::of(&Asked { read: these(), write: these(), ..Asked::default() }, place.path());
    let grants = Arc::new(Grants::of(vec![layer], place.path()));
    (place, Host { grants, ..host(Recorder::default()) })
}

#[test]
fn each_function_does_its_work() {
    let (_place, mut host) = place();
    for (name, arguments, expected) in CASES {
        let result = call(name, &mut values(arguments), &mut host, &program()).unwrap();
        assert!(same(entry(&result, "ok"), &Value::Bool(true)), "{name}: {result:?}");
        assert!(same(entry(&result, "value"), &value(expected)), "{name}: {result:?}");
    }
    let stat = call("fs.stat", &mut values(r#"["in/other"]"#), &mut host, &program()).unwrap();
    assert!(same(entry(entry(&stat, "value"), "size"), &Value::Int(7)), "{stat:?}");
    let written = call("io.writeFile", &mut values(r#"["in/file", "text"]"#), &mut host, &program()).unwrap();
    assert!(same(&written, &value(r#"{"ok": true, "error": ""}"#)), "{written:?}");
    let read = call("io.readFile", &mut values(r#"["in/file"]"#), &mut host, &program()).unwrap();
    assert!(same(&read, &value(r#"{"ok": true, "data": "text", "error": ""}"#)), "{read:?}");
}

#[test]
fn each_function_takes_texts_and_stays_within_what_was_granted() {
    let (_place, mut host) = place();
    let others = [
        ("fs.stat", r#"["in"]"#, ""),
        ("io.readFile", r#"["in/file"]"#, ""),
        ("io.writeFile", r#"["in/file", "text"]"#, ""),
    ];
    for (name, arguments, _) in CASES.into_iter().chain(others) {
        let count = values(arguments).len();
        for position in 0..count {
            let mut wrong = values(arguments);
            wrong[position] = Value::Int(1);
            let fault = call(name, &mut wrong, &mut host, &program()).unwrap_err();
            assert_eq!(fault.code(), ErrorCode::TypeError, "{name} {position}");
        }
        let mut outside = values(&arguments.replace("in/", "out/").replace("\"in\"", "\"out\""));
        let fault = call(name, &mut outside, &mut host, &program()).unwrap_err();
        assert_eq!(fault.code(), ErrorCode::PermissionDenied, "{name}");
        let mut empty = values(arguments);
        empty[0] = value(r#""""#);
        let result = call(name, &mut empty, &mut host, &program()).unwrap();
        assert!(same(entry(&result, "ok"), &Value::Bool(false)), "{name}: {result:?}");
    }
}
