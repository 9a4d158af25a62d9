//! `async`: arguments that are refused. What tasks come to is tested on whole programs.

use crate::support::Case;

pub const CASES: &[Case] = &[
    ("async.spawn", "[1]", "!type_error"),
    ("async.spawn", r#"["f", 1]"#, "!type_error"),
    ("async.timeout", r#"["f", [], "x"]"#, "!type_error"),
    ("async.timeout", r#"["f", [], -1]"#, "!value_error"),
    ("async.timeout", "[1, [], 1]", "!type_error"),
    ("async.sleep", "[1.5]", "!type_error"),
    ("async.sleep", "[-1]", "!value_error"),
    ("async.await", "[1]", "!type_error"),
    ("async.awaitTimeout", "[{}, 1]", "!type_error"),
    ("async.awaitTimeout", "[{}, -1]", "!value_error"),
    ("async.parallel", "[1]", "!type_error"),
    ("async.parallel", "[[1]]", "!type_error"),
    ("async.parallel", "[[]]", r#"{"ok": true, "values": [], "errors": []}"#),
    ("async.race", "[{}]", "!type_error"),
    ("async.race", "[[null]]", "!type_error"),
    ("async.race", "[[]]", "!value_error"),
    ("async.cancel", "[null]", "!type_error"),
    ("async.isRunning", r#"["task"]"#, "!type_error"),
    ("async.isCompleted", "[[]]", "!type_error"),
];
