//! `process.run`: what it takes, what it gives, and what it refuses.
#![cfg(unix)]

use std::path::Path;
use std::sync::Arc;

use alas_sandbox::{Asked, Grants, Layer, Reach};
use alas_value::Value;
use alas_vm::{ErrorCode, Host};

use crate::support::{Outcome, Recorder, call, entry, host, program, same, value, values};

fn run(arguments: &str) -> Outcome {
    let run = Reach::These(vec!["echo".to_owned()]);
    let layer = Layer::of(&Asked { run, ..Asked::default() }, Path::new("/"));
    let grants = Arc::new(Grants::of(vec![layer], Path::new("/")));
    let mut host = Host { grants, ..host(Recorder::default()) };
    call("process.run", &mut values(arguments), &mut host, &program())
}

#[test]
fn a_command_is_run() {
    let result = run(r#"["echo", ["a b", "c"], {"stdin": "unread", "timeoutMs": 10000}]"#).unwrap();
    assert!(same(entry(&result, "ok"), &Value::Bool(true)), "{result:?}");
    let expected = value(r#"{"code": 0, "stdout": "a b c\n", "stderr": ""}"#);
    assert!(same(entry(&result, "value"), &expected), "{result:?}");
}

#[test]
fn what_cannot_be_run_is_refused() {
    for (arguments, code) in [
        ("[1, []]", ErrorCode::TypeError),
        (r#"["echo", "a"]"#, ErrorCode::TypeError),
        (r#"["echo", [1]]"#, ErrorCode::TypeError),
        (r#"["echo", [], {"cwd": 1}]"#, ErrorCode::TypeError),
        (r#"["echo", [], {"timeoutMs": 0}]"#, ErrorCode::ValueError),
        (r#"["echo", [], {"env": {}}]"#, ErrorCode::ValueError),
        (r#"["env", []]"#, ErrorCode::PermissionDenied),
        (r#"["echo", [], {"cwd": "/"}]"#, ErrorCode::PermissionDenied),
    ] {
        assert_eq!(run(arguments).unwrap_err().code(), code, "{arguments}");
    }
}
