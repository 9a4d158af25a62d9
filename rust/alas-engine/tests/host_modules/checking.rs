//! What is found before anything runs: in host modules, and in programs that call them.

use alas_engine::value::Value;
use alas_engine::{Engine, Found, HostModule, Permissions, Plugin, Source};

use crate::notation;
use crate::support::{define, first, giving, load, program};

const TYPES: &str = r#"[
    {"name": "Point", "definition": {"kind": "struct", "fields": [{"name": "x", "type": "int"}]}},
    {"name": "Color", "definition": {"kind": "enum", "values": ["red", "green"]}},
    {"name": "Path", "definition": {"kind": "alias", "type": "array<Point>"}}]"#;

fn shapes() -> HostModule {
    HostModule::new("shapes")
        .types(TYPES)
        .function("move", &[("point", "Point"), ("by", "float")], "Point", first)
        .function("paint", &[("color", "Color")], "void", giving(|| Value::Void))
        .function("path", &[], "Path", giving(|| Value::Array(Vec::<i64>::new().into())))
}

#[test]
fn callers_are_checked_against_the_declarations() {
    let cases = [
        ("(shapes.move (map \"x\" 1) 2)", ""),
        ("(shapes.paint \"red\")", ""),
        ("(shapes.move (map \"x\" 1))", "argument_count /functions/0/body/0/value"),
        ("(shapes.move (map \"x\" 1) true)", "type_mismatch /functions/0/body/0/value/args/1"),
        (
            "(shapes.move (map \"y\" 1) 1)",
            "type_mismatch /functions/0/body/0/value/args/0, unknown_field /functions/0/body/0/value/args/0/pairs/0/key",
        ),
        ("(shapes.paint \"blue\")", "type_mismatch /functions/0/body/0/value/args/0"),
        ("(field (at (shapes.path) 0) x)", ""),
        ("(field (at (shapes.path) 0) y)", "unknown_field /functions/0/body/0/value/field"),
        ("(+ (shapes.path) 1)", "type_mismatch /functions/0/body/0/value"),
        ("(shapes.moved 1)", "unknown_builtin /functions/0/body/0/value/name"),
    ];
    let engine = Engine::new();
    define(&engine, shapes()).unwrap();
    for (expression, expected) in cases {
        let findings = program(&engine, &format!("fn main {{ return {expression} }}")).err();
        assert_eq!(findings.unwrap_or_default(), expected, "{expression}");
    }
}

#[test]
fn the_nearest_name_is_offered() {
    let engine = Engine::new();
    define(&engine, shapes()).unwrap();
    let source = Source { file: None, text: notation::module("fn main { do (shapes.mvoe 1) }").into() };
    let outcome = engine.load(source.into(), |_, _| Ok::<_, std::convert::Infallible>(None));
    let Err(alas_engine::LoadError::Program(findings)) = outcome else { panic!("there is no such function") };
    assert!(findings.0[0].help.as_ref().is_some_and(|help| help.contains("`move`")), "{findings}");
}

#[test]
fn types_of_a_host_module_can_be_named_by_those_who_import_it() {
    let engine = Engine::new();
    define(&engine, shapes()).unwrap();
    let text = notation::module("fn main p:Point -> Color { do p return \"red\" }");
    let text = text.replacen("\"name\"", "\"imports\": [\"shapes\"], \"name\"", 1);
    assert_eq!(load(&engine, Source { file: None, text: text.into() }.into()), Ok(()));
}

#[test]
fn wrong_declarations_are_findings() {
    let nothing = || giving(|| Value::Void);
    let f = |parameters: &[(&str, &str)], returns: &str| {
        HostModule::new("m").function("f", parameters, returns, nothing())
    };
    let cases = [
        (f(&[], "integr"), "unknown_type /functions/0/returns"),
        (f(&[("x", "array<")], "int"), "unknown_type /functions/0/params/0/type"),
        (f(&[("x", "int"), ("x", "int")], "int"), "duplicate_name /functions/0/params/1/name"),
        (f(&[("a b", "int")], "int"), "invalid_name /functions/0/params/0/name"),
        (f(&[], "any").function("f", &[], "any", nothing()), "duplicate_name /functions/1/name"),
        (HostModule::new("m").function("f g", &[], "any", nothing()), "invalid_name /functions/0/name"),
        (HostModule::new(""), "invalid_name /name"),
        (
            f(&[], "A").types(r#"[{"name": "A", "definition": {"kind": "alias", "type": "A"}}]"#),
            "unknown_type /types/0/definition/type",
        ),
        (f(&[], "any").types("{}"), "wrong_kind /types"),
        (f(&[], "any").types("["), "json_syntax /types"),
    ];
    for (number, (module, expected)) in cases.into_iter().enumerate() {
        let findings = define(&Engine::new(), module).err();
        assert_eq!(findings.as_deref(), Some(expected), "case {number}");
    }
}

#[test]
fn findings_name_the_host_module() {
    let module = HostModule::new("clock").function("now", &[], "integr", giving(|| Value::Void));
    let outcome = Engine::new().load(module.into(), |_, _| Ok::<_, std::convert::Infallible>(None));
    let Err(alas_engine::LoadError::Program(findings)) = outcome else { panic!("there is no such type") };
    assert_eq!(findings.0[0].file.as_deref(), Some("<host module clock>"));
}

#[test]
fn the_caller_needs_the_permission() {
    let allowed = |apis: &[&str]| Plugin {
        permissions: Permissions {
            allowed_apis: Some(apis.iter().map(|api| (*api).to_owned()).collect()),
            ..Permissions::default()
        },
        ..Plugin::default()
    };
    let engine = Engine::new();
    define(&engine, shapes()).unwrap();
    let text = notation::module("fn main { do (shapes.paint \"red\") }");
    for (apis, expected) in [
        (vec!["shapes"], None),
        (vec!["shapes.paint"], None),
        (vec!["std.*"], Some("api_not_allowed /functions/0/body/0/value/name")),
        (vec!["shapes.move"], Some("api_not_allowed /functions/0/body/0/value/name")),
    ] {
        let source = Source { file: None, text: text.clone().into() };
        let found = Found { plugin: Some(allowed(&apis)), ..source.into() };
        assert_eq!(load(&engine, found).err().as_deref(), expected, "{apis:?}");
    }
}

#[test]
fn a_host_module_is_found_for_a_name() {
    let engine = Engine::new();
    let text = notation::module("fn main { return (shapes.path) }");
    let shapes = shapes();
    for _ in 0..2 {
        let source = Source { file: None, text: text.clone().into() };
        let find = |name: &str, _: Option<&str>| {
            assert_eq!(name, "shapes");
            Ok::<_, std::convert::Infallible>(Some(Found::from(shapes.clone().file("shapes.py"))))
        };
        let loaded = engine.load(source.into(), find).expect("the modules are right");
        assert_eq!(loaded.file(), None);
        assert_eq!(engine.modules().iter().map(|name| &**name).collect::<Vec<_>>(), ["m", "shapes"]);
    }
}
