//! Tables of values and types.

use alas_value::{Text, account, equal};

use super::*;
use crate::context::tests::host;

fn named(name: &str) -> NamedType {
    NamedType { module: "module".into(), name: name.into() }
}

/// `Point {x: float, y: float}`, `Color red|green`, `Tree {name: string, children: array<Tree>}`.
fn definitions() -> Definitions {
    let tree = Type::Struct(named("Tree"));
    Definitions::from([
        (named("Point"), Shape::Struct(vec![("x".into(), Type::Float), ("y".into(), Type::Float)])),
        (named("Color"), Shape::Enum(["red".into(), "green".into()].into_iter().collect())),
        (
            named("Tree"),
            Shape::Struct(vec![("name".into(), Type::String), ("children".into(), Type::array(tree))]),
        ),
    ])
}

fn array(values: Vec<Value>) -> Value {
    Value::Array(Array::from_values(values))
}

fn map(entries: Vec<(&str, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (Key::from_text(Text::new(key)), value)).collect())
}

fn point(x: Value, y: Value) -> Value {
    map(vec![("x", x), ("y", y)])
}

fn shown(value: &Value) -> String {
    let mut text = String::new();
    alas_value::write_json(value, None, &mut text).unwrap();
    text
}

fn address(value: &Value) -> usize {
    match value {
        Value::Text(text) => std::ptr::from_ref(text.header()).addr(),
        Value::Array(array) => std::ptr::from_ref(array.header()).addr(),
        Value::Map(map) => std::ptr::from_ref(map.header()).addr(),
        _ => 0,
    }
}

#[test]
fn what_fits_stays_the_same_object() {
    let (one, half, text) = (|| Value::Int(1), || Value::Float(0.5), || Value::text("a"));
    let cases: Vec<(Value, Type)> = vec![
        (Value::Void, Type::Void),
        (Value::Bool(true), Type::Bool),
        (one(), Type::Int),
        (half(), Type::Float),
        (text(), Type::String),
        (Value::text("red"), Type::Enum(named("Color"))),
        (array(vec![one(), text()]), Type::Any),
        (array(vec![one(), text()]), Type::array(Type::Any)),
        (array(vec![one()]), Type::array(Type::Int)),
        (array(vec![half()]), Type::array(Type::Float)),
        (array(vec![]), Type::array(Type::Struct(named("Point")))),
        (array(vec![text()]), Type::array(Type::String)),
        (array(vec![Value::text("green")]), Type::array(Type::Enum(named("Color")))),
        (array(vec![array(vec![one()])]), Type::array(Type::array(Type::Int))),
        (map(vec![("k", one())]), Type::map(Type::Int)),
        (map(vec![("k", array(vec![text()]))]), Type::map(Type::array(Type::String))),
        (map(vec![("y", half()), ("x", half())]), Type::Struct(named("Point"))),
        (array(vec![point(half(), half())]), Type::array(Type::Struct(named("Point")))),
    ];
    let copies = account::copies();
    for (value, to) in cases {
        let converted = convert(value.clone(), &to, &definitions(), &host()).unwrap();
        assert_eq!(address(&converted), address(&value), "{to}");
        assert!(equal(&converted, &value), "{to}");
    }
    assert_eq!(account::copies(), copies);
}

#[test]
fn ints_widen_wherever_floats_are_declared() {
    let (one, half) = (|| Value::Int(1), || Value::Float(0.5));
    let points = Type::map(Type::array(Type::Struct(named("Point"))));
    let cases: Vec<(Value, Type, &str)> = vec![
        (one(), Type::Float, "1.0"),
        (array(vec![one(), one()]), Type::array(Type::Float), "[1.0,1.0]"),
        (array(vec![one(), half()]), Type::array(Type::Float), "[1.0,0.5]"),
        (
            array(vec![array(vec![half()]), array(vec![one()])]),
            Type::array(Type::array(Type::Float)),
            "[[0.5],[1.0]]",
        ),
        (map(vec![("a", one()), ("b", half())]), Type::map(Type::Float), r#"{"a":1.0,"b":0.5}"#),
        (map(vec![("y", one()), ("x", half())]), Type::Struct(named("Point")), r#"{"y":1.0,"x":0.5}"#),
        (
            map(vec![("a", array(vec![point(half(), half()), point(half(), one())]))]),
            points,
            r#"{"a":[{"x":0.5,"y":0.5},{"x":0.5,"y":1.0}]}"#,
        ),
    ];
    for (value, to, expected) in cases {
        let before = shown(&value);
        assert_eq!(shown(&convert(value.clone(), &to, &definitions(), &host()).unwrap()), expected);
        assert_eq!(shown(&value), before, "the old value is left as it was");
    }
}

#[test]
fn arrays_of_scalars_come_out_packed() {
    let loose = |items: Vec<Value>| Value::Array(Array::new(Elements::Any(items)));
    let cases = [
        (loose(vec![Value::Int(1)]), Type::Int, "Int([1])"),
        (loose(vec![Value::Bool(true)]), Type::Bool, "Bool([true])"),
        (loose(vec![Value::Int(1), Value::Float(2.5)]), Type::Float, "Float([1.0, 2.5])"),
    ];
    for (value, element, expected) in cases {
        let Value::Array(array) = convert(value, &Type::array(element), &definitions(), &host()).unwrap()
        else {
            panic!("an array stays an array")
        };
        assert_eq!(format!("{:?}", array.elements()), expected);
    }
}

#[test]
fn what_does_not_fit_is_an_error_that_says_where() {
    let (one, text) = (|| Value::Int(1), || Value::text("a"));
    let point_type = || Type::Struct(named("Point"));
    let cases: Vec<(Value, Type, &str)> = vec![
        (text(), Type::Int, "expected `int`, found a string"),
        (Value::Float(1.0), Type::Int, "expected `int`, found a float"),
        (one(), Type::Bool, "expected `bool`, found an int"),
        (one(), Type::Void, "expected `void`, found an int"),
        (Value::Void, Type::Task, "expected `task`, found void"),
        (text(), Type::array(Type::Int), "expected `array<int>`, found a string"),
        (array(vec![]), Type::map(Type::Any), "expected `map`, found an array"),
        (array(vec![one(), text()]), Type::array(Type::Int), "element 1: expected `int`, found a string"),
        (array(vec![one()]), Type::array(Type::String), "element 0: expected `string`, found an int"),
        (array(vec![Value::Float(1.0)]), Type::array(Type::Int), "element 0: expected `int`, found a float"),
        (array(vec![text(), one()]), Type::array(Type::String), "element 1: expected `string`, found an int"),
        (
            array(vec![array(vec![one()]), array(vec![one(), text()])]),
            Type::array(Type::array(Type::Int)),
            "element 1, element 1: expected `int`, found a string",
        ),
        (map(vec![("k", one())]), Type::map(Type::String), "entry `k`: expected `string`, found an int"),
        (
            Value::text("blue"),
            Type::Enum(named("Color")),
            "expected a value of `Color` (`red`, `green`), found `blue`",
        ),
        (one(), Type::Enum(named("Color")), "expected `Color`, found an int"),
        (one(), point_type(), "expected `Point`, found an int"),
        (map(vec![("x", one())]), point_type(), "expected `Point`, found a map without the field `y`"),
        (
            map(vec![("x", one()), ("y", one()), ("z", one())]),
            point_type(),
            "expected `Point`, found a map with the undeclared field `z`",
        ),
        (
            map(vec![("list", array(vec![point(one(), one()), point(one(), text())]))]),
            Type::map(Type::array(point_type())),
            "entry `list`, element 1, field `y`: expected `float`, found a string",
        ),
        (
            array(vec![map(vec![("x", one())])]),
            Type::array(point_type()),
            "element 0: expected `Point`, found a map without the field `y`",
        ),
    ];
    for (value, to, expected) in cases {
        let fault = convert(value, &to, &definitions(), &host()).unwrap_err();
        assert_eq!((fault.code(), fault.message()), (ErrorCode::TypeError, expected));
    }
}

fn tree(children: Vec<Value>) -> Value {
    map(vec![("name", Value::text("t")), ("children", array(children))])
}

#[test]
fn a_struct_nested_a_million_deep_needs_no_stack() {
    let to = Type::Struct(named("Tree"));
    let deep = (0..500_000).fold(tree(vec![]), |inner, _| tree(vec![inner]));
    let converted = convert(deep.clone(), &to, &definitions(), &host()).unwrap();
    assert_eq!(address(&converted), address(&deep));
    let wrong = (0..500_000).fold(tree(vec![Value::Int(1)]), |inner, _| tree(vec![inner]));
    let fault = convert(wrong, &to, &definitions(), &host()).unwrap_err();
    assert!(fault.message().starts_with("field `children`, element 0, field `children`"), "{fault}");
    assert!(
        fault.message().ends_with("field `children`, element 0: expected `Tree`, found an int"),
        "{fault}"
    );
    assert!(fault.message().len() < 500, "{fault}");
}

#[test]
fn what_is_held_many_times_is_converted_once() {
    let to = Type::Struct(named("Tree"));
    let tangled = (0..60).fold(tree(vec![]), |inner, _| tree(vec![inner.clone(), inner]));
    let converted = convert(tangled.clone(), &to, &definitions(), &host()).unwrap();
    assert_eq!(address(&converted), address(&tangled));

    let nested = (0..60).fold(Type::array(Type::Float), |inner, _| Type::array(inner));
    let ints = (0..60).fold(array(vec![Value::Int(1)]), |inner, _| array(vec![inner.clone(), inner]));
    let floats = (0..60).fold(array(vec![Value::Float(1.0)]), |inner, _| array(vec![inner.clone(), inner]));
    let converted = convert(ints, &nested, &definitions(), &host()).unwrap();
    assert!(equal(&converted, &floats));
    assert!(matches!(&converted, Value::Array(array) if matches!((array.get(0), array.get(1)),
        (Some(first), Some(second)) if address(&first) == address(&second))));
}
