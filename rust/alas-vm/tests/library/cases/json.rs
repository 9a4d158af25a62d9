//! `json`

use crate::support::Case;

pub const CASES: &[Case] = &[
    (
        "json.parse",
        r#"["[1, 2.0, null, {\"b\": \"\\u00e4\", \"1\": []}]"]"#,
        r#"{"ok": true, "value": [1, 2.0, null, {"b": "ä", "1": []}], "error": ""}"#,
    ),
    ("json.parse", r#"["4"]"#, r#"{"ok": true, "value": 4, "error": ""}"#),
    ("json.parse", "[7]", "!type_error"),
    ("json.stringify", r#"[{"a": [1, 2.0, true, null, "x\n"]}]"#, r#""{\"a\":[1,2.0,true,null,\"x\\n\"]}""#),
    ("json.stringify", "[[1, 2], 2]", r#""[\n  1,\n  2\n]""#),
    ("json.stringify", "[[1, 2], 0]", r#""[1,2]""#),
    ("json.stringify", "[null]", r#""null""#),
    ("json.stringify", r#"["$NaN"]"#, "!value_error"),
    ("json.stringify", r#"[[1.0, "$Infinity"]]"#, "!value_error"),
    ("json.stringify", "[1, -1]", "!value_error"),
    ("json.stringify", "[1, 17]", "!value_error"),
    ("json.stringify", r#"[1, "2"]"#, "!type_error"),
];
