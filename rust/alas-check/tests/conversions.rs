//! Where the typed tree has conversions, and where it has none.

mod common;

use alas_check::{Expression, ExpressionKind, StatementKind, Type};

use common::program::{array, call, discard, function, literal, map, module, structure, variable};
use common::typed;

/// An expression in few words: conversions as `value→type`, literals with their types.
fn show(expression: &Expression) -> String {
    let kind = &expression.kind;
    match &expression.value {
        ExpressionKind::Convert(operand) => format!("{}→{kind}", show(operand)),
        ExpressionKind::Array(elements) => {
            format!("[{}]{kind}", elements.iter().map(show).collect::<Vec<_>>().join(", "))
        }
        ExpressionKind::Map(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|(_, value)| show(value)).collect();
            format!("{{{}}}{kind}", pairs.join(", "))
        }
        _ => kind.to_string(),
    }
}

const PARAMETERS: &[&str] = &[
    "int: int",
    "ints: array<int>",
    "list: array",
    "map: map",
    "counts: map<int>",
    "text: string",
    "any: any",
    "point: Point",
    "color: Color",
];

#[test]
fn arguments_meet_parameters() {
    let table = [
        ("int", literal("1"), "int"),
        ("int", variable("any"), "any→int"),
        ("float", variable("int"), "int→float"),
        ("float", literal("1"), "float"),
        ("any", variable("point"), "Point"),
        ("array", variable("ints"), "array<int>"),
        ("array<int>", variable("list"), "array→array<int>"),
        ("array<float>", variable("ints"), "array<int>→array<float>"),
        (
            "array<float>",
            array(&[literal("1"), literal("2.5"), variable("int")]),
            "[float, float, int→float]array<float>",
        ),
        ("array<int>", array(&[]), "[]array<int>"),
        ("array<array<int>>", array(&[array(&[])]), "[[]array<int>]array<array<int>>"),
        ("array", array(&[]), "[]array"),
        ("array", array(&[literal("1")]), "[int]array<int>"),
        (
            "array<array<int>>",
            array(&[array(&[]), variable("list")]),
            "[[]array<int>, array→array<int>]array<array<int>>",
        ),
        ("map<int>", map(&[("a", variable("any"))]), "{any→int}map<int>"),
        ("map<int>", map(&[]), "{}map<int>"),
        ("map", variable("point"), "Point"),
        ("map<float>", variable("point"), "Point→map<float>"),
        ("Point", variable("point"), "Point"),
        ("Point", variable("map"), "map→Point"),
        ("Point", variable("counts"), "map<int>→Point"),
        ("Point", map(&[("y", literal("1")), ("x", variable("any"))]), "{float, any→int}Point"),
        ("string", variable("color"), "Color"),
        ("Color", variable("text"), "string→Color"),
        ("Color", literal("\"red\""), "Color"),
        ("Color", variable("any"), "any→Color"),
    ];
    let color = r#"{"name": "Color", "definition": {"kind": "enum", "values": ["red", "green"]}}"#;
    for (declared, argument, expected) in table {
        let functions = [
            function("main", PARAMETERS, "void", &[discard(&call("take", std::slice::from_ref(&argument)))]),
            function("take", &[&format!("value: {declared}")], "any", &[]),
        ];
        let typed = typed(&module(&[&structure("Point", &["x: int", "y: float"]), color], &functions));
        let StatementKind::Discard(Expression { value: ExpressionKind::Call(_, arguments), .. }) =
            &typed.functions[0].body.as_ref().unwrap()[0].kind
        else {
            panic!("the statement is a call");
        };
        assert_eq!(show(&arguments[0]), expected, "{argument} for {declared}");
        assert!(arguments[0].kind != Type::Never);
    }
}
