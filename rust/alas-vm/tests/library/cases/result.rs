//! `result`

use crate::support::Case;

pub const CASES: &[Case] = &[
    ("result.ok", "[[1]]", r#"{"ok": true, "value": [1], "error": ""}"#),
    ("result.error", r#"["no"]"#, r#"{"ok": false, "value": null, "error": "no"}"#),
    ("result.error", "[1]", "!type_error"),
    ("result.isOk", r#"[{"ok": true, "value": 1, "error": ""}]"#, "true"),
    ("result.isOk", r#"[{"ok": false}]"#, "false"),
    ("result.isOk", r#"[{"value": 1}]"#, "!value_error"),
    ("result.isOk", r#"[{"ok": 1}]"#, "!value_error"),
    ("result.isOk", "[true]", "!type_error"),
    ("result.isError", r#"[{"ok": false}]"#, "true"),
    ("result.isError", r#"[{"ok": true}]"#, "false"),
    ("result.isError", "[{}]", "!value_error"),
    ("result.isError", "[[]]", "!type_error"),
    ("result.getValue", r#"[{"ok": true, "value": 7, "error": ""}]"#, "7"),
    ("result.getValue", r#"[{"ok": false, "value": null, "error": "no"}]"#, "!value_error"),
    ("result.getValue", r#"[{"ok": true}]"#, "!value_error"),
    ("result.getValue", "[1]", "!type_error"),
    ("result.getError", r#"[{"ok": false, "value": null, "error": "no"}]"#, r#""no""#),
    ("result.getError", r#"[{"ok": true, "value": 1, "error": ""}]"#, "!value_error"),
    ("result.getError", r#"[{"ok": false, "error": 1}]"#, "!value_error"),
    ("result.getError", "[null]", "!type_error"),
];
