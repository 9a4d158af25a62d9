//! What a module reaches, and how the typed tree refers to it.

mod common;

use alas_check::{
    Callee, Expression, ExpressionKind, FunctionReference, Permissions, StatementKind, Type, Typed, Via,
    reached_modules,
};
use alas_syntax::{Source, parse};

use common::program::{array, builtin, call, discard, field, function, literal, module, variable};
use common::{available, checked, findings};

/// The calls that a function discards.
fn calls(typed: &Typed) -> Vec<&Expression> {
    let statements = typed.functions[0].body.iter().flatten();
    statements
        .filter_map(|statement| match &statement.kind {
            StatementKind::Discard(expression) => Some(expression),
            _ => None,
        })
        .collect()
}

#[test]
fn reached_modules_come_once_each() {
    let text = r#"{"type": "module", "name": "m", "imports": ["geometry", "std.math", "std.nothing"], "functions": [
      {"name": "main", "body": [
        {"type": "while", "cond": {"type": "builtin", "name": "my-plugin.process", "args": [
            {"type": "array_literal", "elements": [{"type": "builtin", "name": "inner.f", "args": []}]}]}, "body": [
          {"type": "return", "value": {"type": "builtin", "name": "my-plugin.other", "args": []}}]},
        {"type": "expr", "value": {"type": "builtin", "name": "geometry.origin", "args": []}},
        {"type": "expr", "value": {"type": "builtin", "name": "math.sqrt", "args": []}},
        {"type": "expr", "value": {"type": "builtin", "name": "math.nothing", "args": []}},
        {"type": "expr", "value": {"type": "builtin", "name": "fs.list", "args": []}},
        {"type": "expr", "value": {"type": "builtin", "name": "m.main", "args": []}}
      ]}
    ]}"#;
    let syntax = parse(&Source { file: None, text: text.into() }).expect("the module is valid");
    let reached: Vec<(String, Via, String)> = reached_modules(&syntax)
        .into_iter()
        .map(|reached| (reached.name.to_string(), reached.via, syntax.locations.locate(reached.node).pointer))
        .collect();
    let expected = [
        ("geometry", Via::Import, "/imports/0"),
        ("my-plugin", Via::Builtin, "/functions/0/body/0/cond/name"),
        ("inner", Via::Builtin, "/functions/0/body/0/cond/args/0/elements/0/name"),
    ];
    assert_eq!(reached, expected.map(|(name, via, pointer)| (name.to_owned(), via, pointer.to_owned())));
}

#[test]
fn references_count_in_the_list_of_modules() {
    let body = [
        discard(&builtin("my-plugin.process", &[literal("\"a\"")])),
        discard(&builtin("geometry.origin", &[])),
        discard(&builtin("my-plugin.process", &[literal("\"b\"")])),
        discard(&call("main", &[])),
    ];
    let text = module(&[], &[function("main", &[], "any", &body)]);
    let typed = checked(&text, &available(), &Permissions::default()).expect("the module is valid");
    let names: Vec<&str> = typed.modules.iter().map(|module| &*module.name).collect();
    assert_eq!(names, ["my-plugin", "geometry"]);
    let references: Vec<FunctionReference> = calls(&typed)
        .into_iter()
        .map(|call| match &call.value {
            ExpressionKind::Call(reference, _) => *reference,
            _ => panic!("the expression is a call"),
        })
        .collect();
    let reference = |module, function| FunctionReference { module, function };
    assert_eq!(
        references,
        [reference(Some(0), 0), reference(Some(1), 0), reference(Some(0), 0), reference(None, 0)]
    );
}

#[test]
fn types_of_modules_that_are_reached_without_import_are_known() {
    let origin = builtin("geometry.origin", &[]);
    let text = |name| module(&[], &[function("main", &[], "any", &[discard(&field(&origin, name))])]);
    let typed = checked(&text("x"), &available(), &Permissions::default()).expect("the module is valid");
    assert_eq!(calls(&typed)[0].kind, Type::Float);
    let found = findings(&text("z"), &available(), &Permissions::default());
    assert_eq!(found[0].code.as_str(), "unknown_field");
}

#[test]
fn callees_are_known_when_their_names_are_literals() {
    let numbers = array(&[literal("1")]);
    let body = [
        discard(&builtin("array.map", &[numbers.clone(), literal("\"twice\"")])),
        discard(&builtin("array.map", &[numbers.clone(), variable("name")])),
        discard(&builtin("result.try", &[literal("\"twice\""), numbers])),
    ];
    let functions =
        [function("main", &["name: string"], "any", &body), function("twice", &["value: int"], "any", &[])];
    let typed = checked(&module(&[], &functions), &available(), &Permissions::default())
        .expect("the module is valid");
    let callees: Vec<Callee> = calls(&typed)
        .into_iter()
        .flat_map(|call| match &call.value {
            ExpressionKind::Builtin(_, callees, _) => callees.clone(),
            _ => panic!("the expression is a builtin"),
        })
        .collect();
    let known = Callee::Known(FunctionReference { module: None, function: 1 });
    assert_eq!(callees, [known, Callee::Dynamic, known]);
}
