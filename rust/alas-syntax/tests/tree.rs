//! The tree that `parse` builds, looked at part by part.

use std::sync::Arc;

use alas_syntax::{
    BinaryOperator, Definition, Expression, ExpressionKind, Literal, Name, NodeId, Source, Statement,
    StatementKind, Syntax, TypeName, UnaryOperator, parse,
};

fn syntax(text: &str) -> Syntax {
    parse(&Source { file: None, text: text.into() }).unwrap()
}

fn everything() -> Syntax {
    syntax(include_str!("programs/everything.json"))
}

/// The expression that the only function of a module returns.
fn expression(text: &str) -> Expression {
    let text = format!(
        r#"{{"type":"module","name":"m","functions":[{{"name":"f","body":[{{"type":"return","value":{text}}}]}}]}}"#
    );
    match syntax(&text).module.functions[0].statements()[0].kind.clone() {
        StatementKind::Return { value: Some(value) } => value,
        other => panic!("{other:?}"),
    }
}

fn literal(text: &str) -> Literal {
    match expression(&format!(r#"{{"type":"literal","value":{text}}}"#)).kind {
        ExpressionKind::Literal(literal) => literal,
        other => panic!("{other:?}"),
    }
}

fn texts(names: &[Name]) -> Vec<&str> {
    names.iter().map(|name| &*name.text).collect()
}

#[test]
fn a_module_has_its_parts() {
    let module = everything().module;
    assert_eq!(module.node, NodeId::ROOT);
    assert_eq!(&*module.name.text, "every-thing.at_once");
    assert_eq!(texts(&module.exports), ["main"]);
    assert_eq!(texts(&module.imports), ["std.math", "my-plugin"]);
    let [main, helper] = &*module.functions else { panic!("two functions") };
    assert_eq!(main.parameters.len(), 2);
    assert_eq!(main.returns.as_ref().map(|returns| &returns.kind), Some(&TypeName::Named("any".into())));
    assert_eq!(main.statements().len(), 7);
    assert!(helper.parameters.is_empty() && helper.returns.is_none() && helper.statements().is_empty());
}

#[test]
fn keys_that_are_left_out_have_defaults() {
    let module = syntax(r#"{"functions": [], "name": "m", "type": "module"}"#).module;
    assert!(module.exports.is_empty() && module.imports.is_empty() && module.types.is_empty());
}

#[test]
fn type_definitions_keep_their_order() {
    let module = everything().module;
    let [point, color, points] = &*module.types else { panic!("three types") };
    match &point.definition {
        Definition::Struct(structure) => {
            let names: Vec<&str> = structure.fields.iter().map(|field| &*field.name.text).collect();
            assert_eq!(names, ["x", "y"]);
        }
        other => panic!("{other:?}"),
    }
    match &color.definition {
        Definition::Enum(enumeration) => assert_eq!(texts(&enumeration.values), ["red", "light green", ""]),
        other => panic!("{other:?}"),
    }
    match &points.definition {
        Definition::Alias(alias) => {
            let inner = TypeName::Map(Box::new(TypeName::Named("Point".into())));
            assert_eq!(alias.kind, TypeName::Array(Box::new(inner)));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn types_are_read_with_or_without_spaces() {
    let named = |name: &str| TypeName::Named(name.into());
    let cases = [
        ("int", named("int")),
        ("  Point\t", named("Point")),
        ("array", named("array")),
        ("array<int>", TypeName::Array(Box::new(named("int")))),
        ("map< array<any> >", TypeName::Map(Box::new(TypeName::Array(Box::new(named("any")))))),
        ("array <map>", TypeName::Array(Box::new(named("map")))),
        ("geometry.Point", named("geometry.Point")),
    ];
    for (text, expected) in cases {
        let module = format!(
            r#"{{"type":"module","name":"m","functions":[{{"name":"f","returns":{},"body":[]}}]}}"#,
            serde_json::to_string(text).unwrap()
        );
        let returns = syntax(&module).module.functions[0].returns.clone().expect("a type is declared");
        assert_eq!(returns.kind, expected, "{text:?}");
    }
}

#[test]
fn exponents_of_any_size() {
    let zeros = "0".repeat(700_000);
    for text in [format!("0.{zeros}25e700001"), format!("25{zeros}e-700001")] {
        assert_eq!(literal(&text), Literal::Float(2.5));
    }
    assert_eq!(literal("1e-7000000"), Literal::Float(0.0));
    assert_eq!(literal("0e7000000"), Literal::Float(0.0));
}

#[test]
fn literals_are_told_apart() {
    let cases = [
        ("null", Literal::Void),
        ("true", Literal::Bool(true)),
        ("false", Literal::Bool(false)),
        ("0", Literal::Int(0)),
        ("-0", Literal::Int(0)),
        ("9223372036854775807", Literal::Int(i64::MAX)),
        ("-9223372036854775808", Literal::Int(i64::MIN)),
        ("3.0", Literal::Float(3.0)),
        ("1e3", Literal::Float(1000.0)),
        ("0.1", Literal::Float(0.1)),
        ("1e-400", Literal::Float(0.0)),
        ("1.7976931348623157e308", Literal::Float(f64::MAX)),
        ("5e-324", Literal::Float(f64::from_bits(1))),
        (r#""""#, Literal::String("".into())),
        (r#""a\u0000\ud83d\ude00\/""#, Literal::String("a\0😀/".into())),
    ];
    for (text, expected) in cases {
        assert_eq!(literal(text), expected, "{text}");
    }
    match literal("-0.0") {
        Literal::Float(zero) => assert!(zero == 0.0 && zero.is_sign_negative()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_operator_is_read() {
    let operand = r#"{"type":"literal","value":1}"#;
    for expected in BinaryOperator::ALL {
        let symbol = expected.symbol();
        let text = format!(r#"{{"type":"binary","op":"{symbol}","left":{operand},"right":{operand}}}"#);
        match expression(&text).kind {
            ExpressionKind::Binary { operator, .. } => assert_eq!(operator, expected),
            other => panic!("{other:?}"),
        }
    }
    for expected in UnaryOperator::ALL {
        for key in ["operand", "right"] {
            let text = format!(r#"{{"type":"unary","op":"{}","{key}":{operand}}}"#, expected.symbol());
            match expression(&text).kind {
                ExpressionKind::Unary { operator, operand } => {
                    assert_eq!(operator, expected);
                    assert!(matches!(operand.kind, ExpressionKind::Literal(Literal::Int(1))));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn a_name_is_stored_once() {
    let module = everything().module;
    let main = &module.functions[0];
    let Statement { kind: StatementKind::For { init: Some(init), condition, .. }, .. } =
        &main.statements()[1]
    else {
        panic!("a loop with init")
    };
    let StatementKind::Assign { target, .. } = &init.kind else { panic!("an assignment") };
    let ExpressionKind::Binary { left, .. } = &condition.kind else { panic!("a comparison") };
    let ExpressionKind::Variable(variable) = &left.kind else { panic!("a variable") };
    assert!(Arc::ptr_eq(&target.text, &variable.text));
}

#[test]
fn keys_may_be_escaped_and_in_any_order() {
    let text = r#"{"\u0066unctions": [{"body": [{"value": {"value": 1, "type": "liter\u0061l"}, "type": "return"}],
        "name": "\u0066"}], "name": "m", "ty\u0070e": "mod\u0075le"}"#;
    let module = syntax(text).module;
    assert_eq!(&*module.functions[0].name.text, "f");
}

#[test]
fn every_node_has_the_place_of_its_object() {
    let syntax = everything();
    let locations = &syntax.locations;
    let main = &syntax.module.functions[0];
    let place = |node| locations.locate(node).pointer;
    assert_eq!(place(main.node), "/functions/0");
    assert_eq!(place(main.name.node), "/functions/0/name");
    assert_eq!(place(main.parameters[1].declared.node), "/functions/0/params/1/type");
    let Statement { node, kind: StatementKind::Assign { target, value } } = &main.statements()[0] else {
        panic!("an assignment")
    };
    assert_eq!(place(*node), "/functions/0/body/0");
    assert_eq!(place(target.node), "/functions/0/body/0/target");
    assert_eq!(place(value.node), "/functions/0/body/0/value");
    assert_eq!(place(syntax.module.types[2].node), "/types/2");
    assert_eq!(place(syntax.module.imports[1].node), "/imports/1");
}
