//! Updates of a value with one holder change it in place; with two holders they copy it once.

use alas_value::{Array, Key, Map, Text, Value, account};

use crate::support::run_values;

/// The address of a heap object.
fn address(value: &Value) -> usize {
    match value {
        Value::Text(text) => std::ptr::from_ref(text.header()).addr(),
        Value::Array(array) => std::ptr::from_ref(array.header()).addr(),
        Value::Map(map) => std::ptr::from_ref(map.header()).addr(),
        other => panic!("{other:?} is no heap object"),
    }
}

fn ints() -> Value {
    Value::Array(Array::from(vec![3, 1, 2]))
}

fn texts() -> Value {
    Value::Array(Array::from_values(vec![Value::text("b"), Value::text("a")]))
}

fn map() -> Value {
    let mut map = Map::new();
    map.put(Key::from_text(Text::new("a")), Value::Int(1));
    Value::Map(map)
}

/// A function, what makes its first argument, and the arguments behind that.
type Update = (&'static str, fn() -> Value, Vec<Value>);

/// Functions that change a collection.
fn updates() -> Vec<Update> {
    vec![
        ("array.push", ints, vec![Value::Int(4)]),
        ("array.push", texts, vec![Value::Int(4)]),
        ("collections.append", ints, vec![Value::Int(4)]),
        ("array.set", ints, vec![Value::Int(0), Value::Int(4)]),
        ("array.insert", texts, vec![Value::Int(0), Value::Int(4)]),
        ("array.remove", ints, vec![Value::Int(0)]),
        ("collections.remove", ints, vec![Value::Int(0)]),
        ("array.pop", texts, vec![]),
        ("array.reverse", ints, vec![]),
        ("array.concat", ints, vec![ints()]),
        ("map.put", map, vec![Value::text("b"), Value::Int(2)]),
        ("map.put", map, vec![Value::text("a"), Value::Int(2)]),
        ("map.remove", map, vec![Value::text("a")]),
        ("map.merge", map, vec![Value::Map([(Key::Int(1), Value::Void)].into_iter().collect())]),
    ]
}

#[test]
fn a_single_holder_is_updated_in_place() {
    for (name, make, rest) in updates() {
        let value = make();
        let (before, copies) = (address(&value), account::copies());
        let arguments = std::iter::once(value).chain(rest).collect();
        let result = run_values(name, arguments).unwrap();
        assert_eq!(address(&result), before, "{name}");
        assert_eq!(account::copies(), copies, "{name}");
    }
}

#[test]
fn a_second_holder_costs_one_copy_and_sees_no_change() {
    for (name, make, rest) in updates() {
        let value = make();
        let copies = account::copies();
        let arguments = std::iter::once(value.clone()).chain(rest).collect();
        let result = run_values(name, arguments).unwrap();
        assert_ne!(address(&result), address(&value), "{name}");
        assert_eq!(account::copies(), copies + 1, "{name}");
        assert!(alas_value::equal(&value, &make()), "{name}");
    }
}

#[test]
fn sorting_moves_the_elements_of_a_single_holder() {
    let copies = account::copies();
    run_values("array.sort", vec![ints()]).unwrap();
    run_values("array.sort", vec![texts()]).unwrap();
    assert_eq!(account::copies(), copies);
    let shared = ints();
    run_values("array.sort", vec![shared.clone()]).unwrap();
    assert_eq!(account::copies(), copies + 1);
    assert!(alas_value::equal(&shared, &ints()));
}

#[test]
fn text_grows_in_place() {
    let copies = account::copies();
    let mut text = Value::text("");
    for _ in 0..1000 {
        text = run_values("string.concat", vec![text, Value::text("ä")]).unwrap();
    }
    assert_eq!(account::copies(), copies);
    let other = text.clone();
    let longer = run_values("string.concat", vec![text, Value::text("!")]).unwrap();
    assert_eq!(account::copies(), copies + 1);
    assert!(
        matches!((&other, &longer), (Value::Text(a), Value::Text(b)) if (a.characters(), b.characters()) == (1000, 1001))
    );
}

#[test]
fn nothing_to_do_gives_the_same_object() {
    let text = || Value::text("abc");
    let cases: Vec<(&str, Value, Vec<Value>)> = vec![
        ("string.trim", text(), vec![]),
        ("string.trimStart", text(), vec![]),
        ("string.trimEnd", text(), vec![]),
        ("string.replace", text(), vec![Value::text("x"), Value::text("y")]),
        ("string.substring", text(), vec![Value::Int(0), Value::Int(3)]),
        ("string.repeat", text(), vec![Value::Int(1)]),
        ("string.padStart", text(), vec![Value::Int(2)]),
        ("string.padEnd", text(), vec![Value::Int(2)]),
        ("type.toString", text(), vec![]),
        ("array.slice", ints(), vec![Value::Int(0)]),
        ("array.concat", ints(), vec![Value::Array(Array::empty())]),
        ("map.remove", map(), vec![Value::text("x")]),
        ("map.merge", map(), vec![Value::Map(Map::new())]),
    ];
    for (name, value, rest) in cases {
        // A second holder, so that an update would have to copy.
        let copies = account::copies();
        let arguments = std::iter::once(value.clone()).chain(rest).collect();
        let result = run_values(name, arguments).unwrap();
        assert_eq!(address(&result), address(&value), "{name}");
        assert_eq!(account::copies(), copies, "{name}");
    }
}
