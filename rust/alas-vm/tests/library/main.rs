//! The standard functions, by tables of cases: function, arguments and result as JSON.
//!
//! An argument or result that JSON cannot hold is written as a string with a dollar: `"$NaN"`, `"$Infinity"`,
//! `"$-Infinity"`. An expected error is its code behind an exclamation mark: `!type_error`. An int and a float are
//! different results: `4` and `4.0`.

mod cases;
mod effects;
mod files;
mod in_place;
mod large;
mod network;
mod pieces;
mod processes;
mod random;
mod support;

use std::collections::HashSet;

use alas_library::{Builtin, Capability, Pattern};
use alas_vm::builtins::implementation;

use support::{Case, Outcome, run, same, value};

#[test]
fn every_case_holds() {
    let mut failures = Vec::new();
    for (name, arguments, expected) in cases::all() {
        let outcome = run(name, arguments);
        let holds = match (&outcome, expected.strip_prefix('!')) {
            (Err(fault), Some(code)) => fault.code().as_str() == code,
            (Ok(result), None) => same(result, &value(expected)),
            _ => false,
        };
        if !holds {
            failures.push(format!("{name} {arguments}: expected {expected}, found {outcome:?}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Functions whose results no table can hold: they are tested in [`effects`]; and those in [`files`], [`network`] and [`processes`].
const ELSEWHERE: [&str; 7] =
    ["io.print", "io.println", "io.readLine", "math.random", "time.now", "time.monotonic", "env.get"];

#[test]
fn every_function_has_a_case_for_its_success_and_for_each_of_its_errors() {
    let seen: HashSet<(&str, &str)> = cases::all()
        .map(|(name, _, expected)| (name, expected.strip_prefix('!').unwrap_or("success")))
        .collect();
    let mut missing = Vec::new();
    for builtin in Builtin::ALL {
        let row = builtin.row();
        // All but the console.
        let reaches_out = row.capabilities.iter().any(|capability| *capability != Capability::Io);
        if implementation(*builtin).is_none() || reaches_out || ELSEWHERE.contains(&row.name) {
            continue;
        }
        // What tasks come to no table can hold.
        let mut expected = if builtin.namespace() == "async" { vec![] } else { vec!["success"] };
        let errors = ["type_error", "value_error", "index_out_of_bounds", "key_not_found"];
        expected.extend(errors.iter().filter(|code| row.documentation.contains(&format!("`{code}`"))));
        if builtin.signature().parameters.iter().any(|parameter| parameter.pattern != Pattern::Any) {
            expected.push("type_error");
        }
        missing.extend(
            expected
                .into_iter()
                .filter(|outcome| !seen.contains(&(row.name, outcome)))
                .map(|outcome| (row.name, outcome)),
        );
    }
    assert!(missing.is_empty(), "no case for {missing:?}");
}

#[test]
fn only_functions_that_call_functions_have_no_implementation() {
    let calls = |builtin: &&Builtin| {
        let mut parameters = builtin.signature().parameters.iter();
        parameters
            .any(|parameter| matches!(parameter.pattern, Pattern::Function(_) | Pattern::FunctionOfArray))
    };
    for builtin in Builtin::ALL {
        // Tasks call the functions, not those that start them.
        let calls_itself = calls(&builtin) && builtin.namespace() != "async";
        assert_eq!(implementation(*builtin).is_none(), calls_itself, "{}", builtin.row().name);
    }
}

#[test]
fn messages_name_function_parameter_and_kinds() {
    let cases: [(&str, &str, &str); 9] = [
        ("array.get", r#"[[1], "x"]"#, "`array.get` takes an int as its index, found a string"),
        ("array.get", "[[1], 1]", "position 1 is outside an array of 1 element"),
        ("math.min", r#"[1, "x"]"#, "`math.min` takes a number as its argument `b`, found a string"),
        ("math.sqrt", "[-1]", "`math.sqrt` takes a number from 0, found -1"),
        ("string.charAt", r#"["abc", -1]"#, "position -1 is outside a string of 3 characters"),
        (
            "string.join",
            r#"[["a", 1], ""]"#,
            "`string.join` takes an array of strings, found an int at position 1",
        ),
        ("map.get", r#"[{}, "\u001b"]"#, "the map has no key `\\u{1b}`"),
        ("type.parseInt", r#"["1x"]"#, "`type.parseInt` found no int in the string `1x`"),
        ("result.getValue", r#"[{"ok": false, "error": "it broke"}]"#, "it broke"),
    ];
    for (name, arguments, expected) in cases {
        let outcome: Outcome = run(name, arguments);
        assert_eq!(outcome.expect_err("an error is expected").message(), expected);
    }
}

#[test]
fn cases_name_functions_of_the_table() {
    let unknown: Vec<Case> = cases::all().filter(|(name, ..)| Builtin::find(name).is_none()).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
