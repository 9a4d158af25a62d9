//! `time`

use crate::support::Case;

pub const CASES: &[Case] = &[
    ("time.format", r#"[0, "%Y-%m-%d %H:%M:%S %Z"]"#, r#""1970-01-01 00:00:00 UTC""#),
    ("time.format", r#"[1720991640123, "%FT%T%.3f%z"]"#, r#""2024-07-14T21:14:00.123+0000""#),
    ("time.format", r#"[-1, "%F %T%.3f"]"#, r#""1969-12-31 23:59:59.999""#),
    ("time.format", r#"[0, "day ä"]"#, r#""day ä""#),
    ("time.format", r#"[0, "%"]"#, "!value_error"),
    ("time.format", r#"[0, "%!"]"#, "!value_error"),
    ("time.format", r#"[9223372036854775807, "%F"]"#, "!value_error"),
    ("time.format", r#"["0", "%F"]"#, "!type_error"),
    (
        "time.parse",
        r#"["2024-07-14 21:14:00", "%Y-%m-%d %H:%M:%S"]"#,
        r#"{"ok": true, "value": 1720991640000, "error": ""}"#,
    ),
    ("time.parse", r#"["2024-07-14", "%F"]"#, r#"{"ok": true, "value": 1720915200000, "error": ""}"#),
    (
        "time.parse",
        r#"["2024-07-14T21:14:00.5-0400", "%FT%T%.f%z"]"#,
        r#"{"ok": true, "value": 1721006040500, "error": ""}"#,
    ),
    ("time.parse", r#"["1720991640", "%s"]"#, r#"{"ok": true, "value": 1720991640000, "error": ""}"#),
    ("time.parse", "[0, \"%s\"]", "!type_error"),
];
