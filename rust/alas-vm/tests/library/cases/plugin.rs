//! `plugin`, of a program that is no plugin.

use crate::support::Case;

pub const CASES: &[Case] = &[
    ("plugin.config", r#"["key", "default"]"#, r#""default""#),
    ("plugin.config", r#"["key"]"#, "!key_not_found"),
    ("plugin.config", r#"["key", 1]"#, "!type_error"),
    ("plugin.name", "[]", r#""program""#),
    ("plugin.version", "[]", r#""""#),
];
