//! Large and hostile modules: bounded time, bounded output, no overflow of the stack.

mod common;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use alas_check::{Interfaces, Permissions};

use common::findings;
use common::program::{
    array, assign, binary, call, discard, field, function, give, literal, map, module, structure, variable,
};

/// Far more than the work takes, far less than quadratic work would.
const SOON: Duration = Duration::from_secs(10);

/// The number of findings, and the codes of the first of them.
fn found(text: &str) -> (usize, Vec<&'static str>) {
    let start = Instant::now();
    let found = findings(text, &Interfaces::new(), &Permissions::default());
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    (found.len(), found.iter().take(2).map(|diagnostic| diagnostic.code.as_str()).collect())
}

#[test]
fn deep_expressions() {
    let deep = (0..490).fold(literal("1"), |inner, _| binary("+", &inner, &literal("1")));
    let nested = (0..245).fold(literal("1"), |inner, _| array(&[inner]));
    let body = [assign("deep", &deep), assign("nested", &nested), give(&variable("deep"))];
    assert_eq!(found(&module(&[], &[function("main", &[], "int", &body)])), (0, vec![]));
}

#[test]
fn many_findings_are_counted_and_cut() {
    let body: Vec<String> = (0..50_000).map(|index| discard(&variable(&format!("unknown{index}")))).collect();
    let (count, codes) = found(&module(&[], &[function("main", &[], "any", &body)]));
    assert_eq!((count, codes), (1_001, vec!["unknown_variable", "unknown_variable"]));
}

#[test]
fn names_that_are_nearly_alike() {
    let mut body: Vec<String> =
        (0..20_000).map(|index| assign(&format!("a_rather_long_name_{index:05}"), &literal("1"))).collect();
    body.extend((0..1_000).map(|index| discard(&variable(&format!("a_rather_long_nme_{index:05}")))));
    assert_eq!(found(&module(&[], &[function("main", &[], "any", &body)])).0, 1_000);
}

#[test]
fn long_chains_of_aliases_and_structs() {
    let mut types = Vec::new();
    for index in 0..30_000 {
        let next = index + 1;
        types
            .push(format!(r#"{{"name": "A{index}", "definition": {{"kind": "alias", "type": "A{next}"}}}}"#));
        types.push(structure(&format!("S{index}"), &[&format!("next: S{next}")]));
    }
    types.push(r#"{"name": "A30000", "definition": {"kind": "alias", "type": "int"}}"#.to_owned());
    types.push(structure("S30000", &["next: S0"]));
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    assert_eq!(
        found(&module(&types, &[function("main", &["a: A0"], "any", &[])])),
        (1, vec!["unknown_type"])
    );
}

#[test]
fn aliases_that_nest_too_deeply() {
    let mut types: Vec<String> = (0..200)
        .map(|index| {
            let next = index + 1;
            format!(r#"{{"name": "A{index}", "definition": {{"kind": "alias", "type": "array<A{next}>"}}}}"#)
        })
        .collect();
    types.push(r#"{"name": "A200", "definition": {"kind": "alias", "type": "int"}}"#.to_owned());
    let types: Vec<&str> = types.iter().map(String::as_str).collect();
    let (count, codes) = found(&module(&types, &[function("main", &["a: A0"], "any", &[])]));
    assert!(count > 0 && codes[0] == "unknown_type");
}

#[test]
fn recursive_structs_with_many_fields_are_compared_once() {
    let wide = |name: &str| {
        let fields: Vec<String> = (0..40).map(|index| format!("f{index}: array<{name}>")).collect();
        structure(name, &fields.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let functions = [
        function("main", &["left: Left"], "Right", &[give(&variable("left"))]),
        function("deep", &["left: Left"], "any", &[give(&field(&variable("left"), "f0"))]),
    ];
    assert_eq!(found(&module(&[&wide("Left"), &wide("Right")], &functions)), (0, vec![]));
}

#[test]
fn many_branches_and_variables() {
    let mut body = String::new();
    for index in 0..20_000 {
        let set = assign(&format!("v{index}"), &literal("1"));
        let condition = literal("true");
        let _ = write!(body, r#"{{"type": "if", "cond": {condition}, "then": [{set}], "else": [{set}]}}, "#);
        let _ = write!(body, "{}, ", discard(&variable(&format!("v{index}"))));
    }
    body.push_str(&give(&literal("1")));
    assert_eq!(found(&module(&[], &[function("main", &[], "int", &[body])])), (0, vec![]));
}

#[test]
fn large_structs_and_enums_are_looked_up() {
    let fields: Vec<String> = (0..20_000).map(|index| format!("f{index}: int")).collect();
    let large = structure("Large", &fields.iter().map(String::as_str).collect::<Vec<_>>());
    let values: Vec<String> = (0..20_000).map(|index| format!("\"v{index}\"")).collect();
    let many =
        format!(r#"{{"name": "Many", "definition": {{"kind": "enum", "values": [{}]}}}}"#, values.join(", "));
    let mut body = Vec::new();
    for index in 0..20_000 {
        body.push(assign("x", &field(&variable("large"), &format!("f{index}"))));
        body.push(assign("y", &call("take", &[literal(&format!("\"v{index}\"")), variable("numbers")])));
        body.push(assign("z", &call("take", &[literal("\"v19999\""), map(&[])])));
    }
    body.push(give(&common::program::index(&variable("large"), &variable("key"))));
    let functions = [
        function("main", &["large: Large", "numbers: map<int>", "key: string"], "int", &body),
        function("take", &["one: Many", "large: Large"], "any", &[]),
    ];
    assert_eq!(found(&module(&[&large, &many], &functions)), (1_001, vec!["type_mismatch", "type_mismatch"]));
}
