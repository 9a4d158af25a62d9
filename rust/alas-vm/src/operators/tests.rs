//! Tables of operands and results.

use alas_value::{Map, account};

use super::*;
use crate::context::tests::host;

fn binary(operator: BinaryOperator, left: Value, right: Value) -> Result<Value, Fault> {
    super::binary(operator, left, right, &host())
}

fn int(value: i64) -> Value {
    Value::Int(value)
}

fn float(value: f64) -> Value {
    Value::Float(value)
}

fn array(values: Vec<Value>) -> Value {
    Value::Array(Array::from_values(values))
}

fn map(entries: Vec<(&str, Value)>) -> Value {
    Value::Map(
        entries.into_iter().map(|(key, value)| (Key::from_text(Text::new(key)), value)).collect::<Map>(),
    )
}

fn shown(value: &Value) -> String {
    let mut text = format!("{} ", value.kind().as_str());
    alas_value::write_text(value, &mut text);
    text
}

#[test]
fn operands_that_fit() {
    use BinaryOperator as Op;
    let nan = f64::NAN;
    let cases: Vec<(Op, Value, Value, &str)> = vec![
        (Op::Add, int(1), int(2), "int 3"),
        (Op::Add, int(i64::MAX), int(1), "int -9223372036854775808"),
        (Op::Add, int(1), float(0.5), "float 1.5"),
        (Op::Add, Value::text("a"), Value::text("b"), "string ab"),
        (Op::Add, Value::text("a"), float(4.0), "string a4"),
        (Op::Add, Value::Void, Value::text("!"), "string void!"),
        (Op::Add, Value::text("x"), array(vec![int(1), Value::text("a")]), "string x[1, \"a\"]"),
        (Op::Add, array(vec![int(1)]), array(vec![float(2.0)]), "array [1, 2]"),
        (Op::Add, array(vec![]), array(vec![int(1)]), "array [1]"),
        (Op::Subtract, int(i64::MIN), int(1), "int 9223372036854775807"),
        (Op::Subtract, float(1.5), int(1), "float 0.5"),
        (Op::Multiply, int(i64::MAX), int(2), "int -2"),
        (Op::Multiply, int(3), float(0.5), "float 1.5"),
        (Op::Divide, int(-7), int(2), "int -3"),
        (Op::Divide, int(i64::MIN), int(-1), "int -9223372036854775808"),
        (Op::Divide, int(7), float(2.0), "float 3.5"),
        (Op::Remainder, int(-7), int(2), "int -1"),
        (Op::Remainder, int(i64::MIN), int(-1), "int 0"),
        (Op::Remainder, float(-7.5), int(2), "float -1.5"),
        (Op::Equal, int(1), float(1.0), "bool true"),
        (Op::Equal, Value::text("1"), int(1), "bool false"),
        (Op::Equal, float(nan), float(nan), "bool false"),
        (Op::NotEqual, float(nan), float(nan), "bool true"),
        (
            Op::Equal,
            map(vec![("a", int(1)), ("b", int(2))]),
            map(vec![("b", int(2)), ("a", float(1.0))]),
            "bool true",
        ),
        (Op::Less, int(9_007_199_254_740_992), float(9_007_199_254_740_994.0), "bool true"),
        (Op::Less, Value::text("Z"), Value::text("a"), "bool true"),
        (Op::LessOrEqual, int(1), int(1), "bool true"),
        (Op::LessOrEqual, float(nan), int(1), "bool false"),
        (Op::Greater, Value::text("ä"), Value::text("z"), "bool true"),
        (Op::GreaterOrEqual, float(1.0), int(2), "bool false"),
        (Op::GreaterOrEqual, int(1), float(nan), "bool false"),
        (Op::And, int(1), Value::text(""), "bool false"),
        (Op::Or, int(0), array(vec![int(0)]), "bool true"),
    ];
    for (operator, left, right, expected) in cases {
        let label = format!("{} {} {}", shown(&left), operator.symbol(), shown(&right));
        assert_eq!(shown(&binary(operator, left, right).unwrap()), expected, "{label}");
    }
}

#[test]
fn every_operator_refuses_what_it_does_not_take() {
    use BinaryOperator as Op;
    let zero_faults = [
        (Op::Divide, int(0)),
        (Op::Divide, float(-0.0)),
        (Op::Remainder, int(0)),
        (Op::Remainder, float(0.0)),
    ];
    for (operator, zero) in zero_faults {
        let fault = binary(operator, int(1), zero).unwrap_err();
        assert_eq!(fault.code(), ErrorCode::DivisionByZero);
        assert_eq!(fault.message(), format!("the right operand of `{}` is zero", operator.symbol()));
    }
    let cases: Vec<(Op, Value, Value, &str)> = vec![
        (
            Op::Add,
            int(1),
            Value::Void,
            "`+` takes two numbers, two arrays, or a string and any value, found an int and void",
        ),
        (
            Op::Add,
            array(vec![]),
            map(vec![]),
            "`+` takes two numbers, two arrays, or a string and any value, found an array and a map",
        ),
        (Op::Subtract, Value::text("a"), int(1), "`-` takes two numbers, found a string and an int"),
        (Op::Multiply, Value::Bool(true), int(1), "`*` takes two numbers, found a bool and an int"),
        (Op::Divide, int(1), Value::Void, "`/` takes two numbers, found an int and void"),
        (Op::Remainder, float(1.0), array(vec![]), "`%` takes two numbers, found a float and an array"),
        (
            Op::Less,
            int(1),
            Value::text("a"),
            "`<` takes two numbers or two strings, found an int and a string",
        ),
        (
            Op::GreaterOrEqual,
            Value::Bool(true),
            Value::Bool(true),
            "`>=` takes two numbers or two strings, found a bool and a bool",
        ),
    ];
    for (operator, left, right, message) in cases {
        let fault = binary(operator, left, right).unwrap_err();
        assert_eq!((fault.code(), fault.message()), (ErrorCode::TypeError, message));
    }
}

#[test]
fn unary_operators() {
    assert_eq!(shown(&unary(UnaryOperator::Negate, &int(i64::MIN)).unwrap()), "int -9223372036854775808");
    assert_eq!(shown(&unary(UnaryOperator::Negate, &float(0.0)).unwrap()), "float -0");
    assert_eq!(shown(&unary(UnaryOperator::Not, &Value::text("")).unwrap()), "bool true");
    let fault = unary(UnaryOperator::Negate, &Value::text("1")).unwrap_err();
    assert_eq!(
        (fault.code(), fault.message()),
        (ErrorCode::TypeError, "unary `-` takes a number, found a string")
    );
}

#[test]
fn indexing() {
    let object = map(vec![("4", int(1)), ("true", int(2)), ("a", Value::Void)]);
    let cases = [
        (array(vec![int(1), int(2)]), int(1), "int 2"),
        (Value::text("aä"), int(1), "string ä"),
        (object.clone(), float(4.0), "int 1"),
        (object.clone(), int(4), "int 1"),
        (object.clone(), Value::Bool(true), "int 2"),
        (object.clone(), Value::text("a"), "void void"),
    ];
    for (object, position, expected) in cases {
        assert_eq!(shown(&index(&object, &position, &host()).unwrap()), expected);
    }
    let faults = [
        (
            array(vec![int(1)]),
            int(1),
            ErrorCode::IndexOutOfBounds,
            "position 1 is outside an array of 1 element",
        ),
        (
            array(vec![]),
            int(-1),
            ErrorCode::IndexOutOfBounds,
            "position -1 is outside an array of 0 elements",
        ),
        (
            Value::text("ab"),
            int(2),
            ErrorCode::IndexOutOfBounds,
            "position 2 is outside a string of 2 characters",
        ),
        (object.clone(), Value::text("b"), ErrorCode::KeyNotFound, "the map has no key `b`"),
        (object, Value::Void, ErrorCode::TypeError, "a key is a string, int, float or bool, found void"),
        (
            array(vec![int(1)]),
            float(0.0),
            ErrorCode::TypeError,
            "an array is indexed by an int, found a float",
        ),
        (int(1), int(0), ErrorCode::TypeError, "only arrays, strings and maps can be indexed, found an int"),
    ];
    for (object, position, code, message) in faults {
        let fault = index(&object, &position, &host()).unwrap_err();
        assert_eq!((fault.code(), fault.message()), (code, message));
    }
}

#[test]
fn fields() {
    let object = map(vec![("x", int(7))]);
    let name = |name: &str| Key::from_text(Text::new(name));
    assert_eq!(shown(&field(&object, &name("x")).unwrap()), "int 7");
    assert_eq!(field(&object, &name("y")).unwrap_err().code(), ErrorCode::KeyNotFound);
    let fault = field(&int(1), &name("x")).unwrap_err();
    assert_eq!(
        (fault.code(), fault.message()),
        (ErrorCode::TypeError, "only maps have fields: `.x` found an int")
    );
}

#[test]
fn the_left_operand_grows_in_place() {
    let copies = account::copies();
    let (mut text, mut list) = (Value::text(""), array(vec![]));
    for number in 0..1000 {
        text = binary(BinaryOperator::Add, text, int(number)).unwrap();
        list = binary(BinaryOperator::Add, list, array(vec![int(number)])).unwrap();
    }
    assert_eq!(account::copies(), copies);
    let _second_holder = (text.clone(), list.clone());
    binary(BinaryOperator::Add, text, int(1)).unwrap();
    binary(BinaryOperator::Add, list, array(vec![int(1)])).unwrap();
    assert_eq!(account::copies(), copies + 2);
}

#[test]
fn texts_of_values_are_bounded() {
    let mut tangled = int(1);
    for _ in 0..60 {
        tangled = array(vec![tangled.clone(), tangled]);
    }
    let fault = to_text(tangled.clone(), &host()).unwrap_err();
    assert_eq!(fault.code(), ErrorCode::MemoryLimitExceeded);
    let stop = || Err(Fault::new(ErrorCode::Cancelled, "stopped"));
    let stopping = Host { watch: Some(Box::new(stop)), ..host() };
    let outcomes = [
        to_text(tangled.clone(), &stopping).map(Value::Text),
        super::binary(BinaryOperator::Add, Value::text("a"), tangled.clone(), &stopping),
        super::binary(BinaryOperator::Add, tangled, Value::text("a"), &stopping),
    ];
    for outcome in outcomes {
        assert_eq!(outcome.unwrap_err().code(), ErrorCode::Cancelled);
    }
    assert_eq!(to_text(Value::Void, &host()).unwrap().as_str(), "void");
}
