//! What a manifest has to declare for the functions that a module uses.

mod common;

use alas_check::Permissions;

use common::{available, findings};

const PROGRAM: &str = r#"{"type": "module", "name": "plugin", "imports": ["std.io", "my-plugin"], "functions": [
  {"name": "main", "body": [
    {"type": "expr", "value": {"type": "builtin", "name": "io.println", "args": [{"type": "literal", "value": 1}]}},
    {"type": "expr", "value": {"type": "module_call", "module": "io", "name": "print", "args": [{"type": "literal", "value": 1}]}},
    {"type": "expr", "value": {"type": "builtin", "name": "math.PI", "args": []}},
    {"type": "expr", "value": {"type": "module_call", "module": "my-plugin", "name": "process", "args": [{"type": "literal", "value": "a"}]}},
    {"type": "expr", "value": {"type": "call", "name": "main", "args": []}}
  ]}
]}"#;

/// The codes and lines of what is found with these capabilities and patterns.
fn found(capabilities: Option<&[&str]>, allowed: Option<&[&str]>) -> Vec<(&'static str, u32)> {
    let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
    let permissions = Permissions {
        capabilities: capabilities.map(|words| words.iter().map(|word| (*word).to_owned()).collect()),
        allowed_apis: allowed.map(owned),
    };
    let found = findings(PROGRAM, &available(), &permissions);
    found.iter().map(|diagnostic| (diagnostic.code.as_str(), diagnostic.location.line)).collect()
}

#[test]
fn each_use_is_checked() {
    const MISSING: &str = "capability_missing";
    const FORBIDDEN: &str = "api_not_allowed";
    assert_eq!(found(None, None), []);
    assert_eq!(found(Some(&["io", "network"]), None), []);
    assert_eq!(found(Some(&["function"]), None), [(MISSING, 3), (MISSING, 4)]);
    assert_eq!(found(None, Some(&["std.*", "my-plugin"])), []);
    assert_eq!(found(None, Some(&["std.io.print", "std.math"])), [(FORBIDDEN, 3), (FORBIDDEN, 6)]);
    assert_eq!(found(None, Some(&["std.io", "my-plugin.process"])), [(FORBIDDEN, 5)]);
    assert_eq!(found(Some(&["io"]), Some(&[])).len(), 4);
}

#[test]
fn messages_show_who_calls_what() {
    let permissions =
        Permissions { capabilities: Some(std::iter::empty().collect()), allowed_apis: Some(Vec::new()) };
    let messages: Vec<String> = findings(PROGRAM, &available(), &permissions)
        .into_iter()
        .map(|diagnostic| diagnostic.message)
        .collect();
    let has = |text: &str| messages.iter().any(|message| message.contains(text));
    assert!(has("plugin.main → io.println") && has("plugin.main → my-plugin.process"), "{messages:#?}");
}
