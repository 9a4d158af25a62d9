//! Deterministic random tests against plain models.

use alas_value::{Array, Elements, Value};

use crate::support::{run_values, same};

/// A linear congruential generator; its upper bits are good enough here.
struct Generator(u64);

impl Generator {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn text(&mut self, alphabet: &[char], longest: u64) -> String {
        let length = self.below(longest + 1);
        (0..length).map(|_| alphabet[usize::try_from(self.below(alphabet.len() as u64)).unwrap()]).collect()
    }
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(array) => match array.elements() {
            Elements::Any(items) => items
                .iter()
                .map(|item| match item {
                    Value::Text(text) => text.as_str().to_owned(),
                    other => panic!("{other:?} is no string"),
                })
                .collect(),
            other => panic!("{other:?} are no strings"),
        },
        other => panic!("{other:?} is no array"),
    }
}

fn string(value: &Value) -> String {
    match value {
        Value::Text(text) => {
            // The count of characters is kept, not computed: it must be right.
            assert_eq!(text.characters(), text.as_str().chars().count());
            text.as_str().to_owned()
        }
        other => panic!("{other:?} is no string"),
    }
}

#[test]
fn texts_agree_with_the_library_of_rust() {
    let mut random = Generator(7);
    for _ in 0..3000 {
        let text = random.text(&['a', 'b', 'ä', '€', ' '], 30);
        let part = random.text(&['a', 'b', 'ä'], 3);
        let new = random.text(&['a', '€'], 3);
        let call = |name, arguments: &[&str]| {
            run_values(name, arguments.iter().map(|argument| Value::text(argument)).collect()).unwrap()
        };
        if !part.is_empty() {
            let parts: Vec<&str> = text.split(&part).collect();
            let split = call("string.split", &[&text, &part]);
            assert_eq!(strings(&split), parts, "{text:?} {part:?}");
            let joined = run_values("string.join", vec![split, Value::text(&part)]).unwrap();
            assert_eq!(string(&joined), text);
        }
        assert_eq!(string(&call("string.replace", &[&text, &part, &new])), text.replace(&part, &new));
        assert_eq!(string(&call("string.reverse", &[&text])), text.chars().rev().collect::<String>());
        assert_eq!(string(&call("string.toUpper", &[&text])), text.to_uppercase());
        let position =
            text.find(&part).map_or(-1, |offset| i64::try_from(text[..offset].chars().count()).unwrap());
        assert!(same(&call("string.indexOf", &[&text, &part]), &Value::Int(position)));
        let count = i64::try_from(random.below(6)).unwrap();
        let repeated = run_values("string.repeat", vec![Value::text(&text), Value::Int(count)]).unwrap();
        assert_eq!(string(&repeated), text.repeat(usize::try_from(count).unwrap()));
        let length = i64::try_from(random.below(40)).unwrap();
        if !new.is_empty() {
            let arguments = || vec![Value::text(&text), Value::Int(length), Value::text(&new)];
            let missing = usize::try_from(length).unwrap().saturating_sub(text.chars().count());
            let padding: String = new.chars().cycle().take(missing).collect();
            assert_eq!(
                string(&run_values("string.padStart", arguments()).unwrap()),
                format!("{padding}{text}")
            );
            assert_eq!(
                string(&run_values("string.padEnd", arguments()).unwrap()),
                format!("{text}{padding}")
            );
        }
    }
}

#[test]
fn long_texts_change_case_as_a_whole() {
    // Longer than the pieces in which it is done, with letters whose lower case depends on their neighbours.
    let text = "ΟΔΟΣ ΑΣ'Α straße ".repeat(20_000);
    let lower = run_values("string.toLower", vec![Value::text(&text)]).unwrap();
    assert_eq!(string(&lower), text.to_lowercase());
    let upper = run_values("string.toUpper", vec![Value::text(&text)]).unwrap();
    assert_eq!(string(&upper), text.to_uppercase());
    let reversed = run_values("string.reverse", vec![Value::text(&text)]).unwrap();
    assert_eq!(string(&reversed), text.chars().rev().collect::<String>());
}

#[test]
fn case_and_ends_agree_with_the_library_of_rust() {
    let mut random = Generator(17);
    let letters = ['a', 'Σ', 'ς', '.', '\'', 'Ж', ' ', '1', 'ʰ', '\u{301}', '漢', 'ß', 'İ', '\u{a0}'];
    for longest in [8; 200].into_iter().chain([200_000; 5]) {
        let text = random.text(&letters, longest);
        let cases: [(&str, String); 5] = [
            ("string.toLower", text.to_lowercase()),
            ("string.toUpper", text.to_uppercase()),
            ("string.trim", text.trim().to_owned()),
            ("string.trimStart", text.trim_start().to_owned()),
            ("string.trimEnd", text.trim_end().to_owned()),
        ];
        for (name, expected) in cases {
            let outcome = run_values(name, vec![Value::text(&text)]).unwrap();
            assert!(string(&outcome) == expected, "{name} {text}");
        }
    }
    let spaces = " \u{a0}\u{2003}".repeat(50_000);
    let inside = format!("{spaces}a b{spaces}");
    assert_eq!(string(&run_values("string.trim", vec![Value::text(&inside)]).unwrap()), "a b");
    assert_eq!(string(&run_values("string.trim", vec![Value::text(&spaces)]).unwrap()), "");
}

#[test]
fn parts_are_found_where_windows_meet() {
    for position in (1 << 20) - 5..(1 << 20) + 5 {
        let text = format!("{}needle{}", "n".repeat(position), "e".repeat(1 << 20));
        let arguments = || vec![Value::text(&text), Value::text("needle")];
        let found = run_values("string.indexOf", arguments()).unwrap();
        assert!(same(&found, &Value::Int(i64::try_from(position).unwrap())), "{position}");
        assert_eq!(strings(&run_values("string.split", arguments()).unwrap()).len(), 2, "{position}");
    }
    let text = "ab".repeat(1 << 20);
    let part = "ab".repeat(700_000);
    let found = run_values("string.indexOf", vec![Value::text(&text), Value::text(&part[1..])]).unwrap();
    assert!(same(&found, &Value::Int(1)));
    let parts = run_values("string.split", vec![Value::text(&text), Value::text(&part)]).unwrap();
    assert_eq!(strings(&parts), ["", &text[part.len()..]]);
}

#[test]
fn sorting_agrees_with_the_library_of_rust() {
    let mut random = Generator(11);
    for count in [0, 1, 2, 3, 10, 100, 70_000, 200_003] {
        let ints: Vec<i64> = (0..count).map(|_| i64::try_from(random.below(1000)).unwrap() - 500).collect();
        let mut expected = ints.clone();
        expected.sort_unstable();
        let sorted = run_values("array.sort", vec![Value::Array(Array::from(ints))]).unwrap();
        assert!(same(&sorted, &Value::Array(Array::from(expected))), "{count} ints");

        let texts: Vec<String> = (0..count).map(|_| random.text(&['a', 'b', '\0', 'ä'], 12)).collect();
        let mut expected = texts.clone();
        expected.sort_unstable();
        let values = texts.iter().map(|text| Value::text(text)).collect();
        let sorted = run_values("array.sort", vec![Value::Array(Array::new(Elements::Any(values)))]).unwrap();
        assert!(strings(&sorted) == expected || count == 0, "{count} texts");
    }
}

#[test]
fn sorting_keeps_the_order_of_equal_numbers() {
    // An int and a float of the same value are equal and can be told apart.
    let mut random = Generator(13);
    let items: Vec<Value> = (0..150_000)
        .map(|_| match (random.below(50), random.below(2)) {
            (number, 0) => Value::Int(i64::try_from(number).unwrap()),
            (number, _) => Value::Float(f64::from(u32::try_from(number).unwrap())),
        })
        .collect();
    let mut expected = items.clone();
    expected.sort_by(|left, right| alas_value::order(left, right).unwrap());
    let sorted = run_values("array.sort", vec![Value::Array(Array::new(Elements::Any(items)))]).unwrap();
    assert!(same(&sorted, &Value::Array(Array::new(Elements::Any(expected)))));
}

#[test]
fn no_arguments_make_a_function_panic() {
    let pool = crate::support::values(
        r#"[null, true, 0, 1, -1, 3, 9223372036854775807, -9223372036854775808, 1099511627776, 0.0, -0.5, 1e300,
            "$NaN", "$-Infinity", "", "a", "äb€", "%Y-%m-%d %H", "%9999999999Y", "[1, {}]", [], [1, 2], [0.5], [true],
            ["a", "b"], [1, "a", [null]], {}, {"a": 1}, {"ok": true, "value": 1}, {"ok": false, "error": "no"}]"#,
    );
    let mut random = Generator(17);
    for builtin in alas_library::Builtin::ALL {
        if alas_vm::builtins::implementation(*builtin).is_none() {
            continue;
        }
        let signature = builtin.signature();
        for _ in 0..1500 {
            let optional = (signature.parameters.len() - signature.required()) as u64;
            let count = signature.required() + usize::try_from(random.below(optional + 1)).unwrap();
            let arguments: Vec<Value> = (0..count)
                .map(|_| pool[usize::try_from(random.below(pool.len() as u64)).unwrap()].clone())
                .collect();
            // Any result is fine, and any error but that of a bug: a panic ends the test.
            let _ = run_values(builtin.row().name, arguments);
        }
    }
}
