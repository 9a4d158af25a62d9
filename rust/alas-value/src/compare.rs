//! Equality and order of values.

use std::cmp::Ordering;

use crate::{Array, Elements, Map, Number, Value};

/// Compares two numbers exactly, without rounding an int to a float; `None` when one is NaN.
#[must_use]
pub fn compare_numbers(left: Number, right: Number) -> Option<Ordering> {
    match (left, right) {
        (Number::Int(left), Number::Int(right)) => Some(left.cmp(&right)),
        (Number::Float(left), Number::Float(right)) => left.partial_cmp(&right),
        (Number::Int(left), Number::Float(right)) => compare_int_float(left, right),
        (Number::Float(left), Number::Int(right)) => compare_int_float(right, left).map(Ordering::reverse),
    }
}

#[expect(clippy::cast_precision_loss, reason = "the bounds of the ints are exact floats")]
fn compare_int_float(left: i64, right: f64) -> Option<Ordering> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    if right.is_nan() {
        None
    } else if right >= BEYOND {
        Some(Ordering::Less)
    } else if right < -BEYOND {
        Some(Ordering::Greater)
    } else {
        // The whole part fits an int exactly; the fraction decides between equal whole parts.
        let whole = right.trunc();
        let by_whole = left.cmp(&(whole as i64));
        Some(by_whole.then_with(|| 0.0_f64.partial_cmp(&(right - whole)).unwrap_or(Ordering::Equal)))
    }
}

/// The order of `<`: two numbers, or two texts by code point; `None` when one is NaN or the kinds have no order.
#[must_use]
pub fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        // The order of UTF-8 bytes is the order of code points.
        (Value::Text(left), Value::Text(right)) => Some(left.as_str().cmp(right.as_str())),
        _ => compare_numbers(left.as_number()?, right.as_number()?),
    }
}

/// Whether two values are equal: numbers by value, texts by characters, arrays and maps deeply, maps without regard to
/// order. Values of different kinds are unequal; NaN is unequal to itself.
#[must_use]
pub fn equal(left: &Value, right: &Value) -> bool {
    match shallow(left, right) {
        Verdict::Known(result) => result,
        Verdict::Arrays(left, right) => equal_nested(Pair::Arrays(left, right)),
        Verdict::Maps(left, right) => equal_nested(Pair::Maps(left, right)),
    }
}

/// Two containers that are still to be compared, held so that no borrow ties them to their parents.
enum Pair<'a> {
    Arrays(&'a Array, &'a Array),
    Maps(&'a Map, &'a Map),
}

enum Verdict<'a> {
    Known(bool),
    Arrays(&'a Array, &'a Array),
    Maps(&'a Map, &'a Map),
}

fn shallow<'a>(left: &'a Value, right: &'a Value) -> Verdict<'a> {
    match (left, right) {
        (Value::Void, Value::Void) => Verdict::Known(true),
        (Value::Bool(left), Value::Bool(right)) => Verdict::Known(left == right),
        (Value::Text(left), Value::Text(right)) => Verdict::Known(left == right),
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => Verdict::Arrays(left, right),
        (Value::Map(left), Value::Map(right)) if left.len() == right.len() => Verdict::Maps(left, right),
        _ => match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => Verdict::Known(compare_numbers(left, right) == Some(Ordering::Equal)),
            _ => Verdict::Known(false),
        },
    }
}

/// Compares containers of equal length with a list instead of recursion: values nest as deep as memory allows.
fn equal_nested(first: Pair<'_>) -> bool {
    let mut pending = vec![first];
    while let Some(pair) = pending.pop() {
        match pair {
            Pair::Arrays(left, right) => match (left.elements(), right.elements()) {
                (Elements::Int(left), Elements::Int(right)) if left == right => {}
                (Elements::Bool(left), Elements::Bool(right)) if left == right => {}
                (Elements::Float(left), Elements::Float(right)) if left == right => {}
                (Elements::Any(left), Elements::Any(right)) => {
                    for (left, right) in left.iter().zip(right) {
                        if !settle(left, right, &mut pending) {
                            return false;
                        }
                    }
                }
                (left, right) => {
                    let same = |index| match (left.get(index), right.get(index)) {
                        (Some(left), Some(right)) => equal(&left, &right),
                        _ => false,
                    };
                    // At least one side is packed, so no element pair that is equal can nest.
                    if !(0..left.len()).all(same) {
                        return false;
                    }
                }
            },
            Pair::Maps(left, right) => {
                for (key, value) in left.iter() {
                    let Some(other) = right.get(key) else { return false };
                    if !settle(value, other, &mut pending) {
                        return false;
                    }
                }
            }
        }
    }
    true
}

/// Compares two values as far as possible at once; containers are put on the list.
fn settle<'a>(left: &'a Value, right: &'a Value, pending: &mut Vec<Pair<'a>>) -> bool {
    match shallow(left, right) {
        Verdict::Known(result) => return result,
        Verdict::Arrays(left, right) => pending.push(Pair::Arrays(left, right)),
        Verdict::Maps(left, right) => pending.push(Pair::Maps(left, right)),
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ints_and_floats_compare_exactly() {
        let big = 9_007_199_254_740_993_i64;
        let cases = [
            (Number::Int(big), Number::Float(9_007_199_254_740_992.0), Some(Ordering::Greater)),
            (Number::Int(i64::MAX), Number::Float(9.223_372_036_854_775_8e18), Some(Ordering::Less)),
            (Number::Int(i64::MIN), Number::Float(-9.223_372_036_854_775_8e18), Some(Ordering::Equal)),
            (Number::Int(1), Number::Float(1.5), Some(Ordering::Less)),
            (Number::Int(-1), Number::Float(-1.5), Some(Ordering::Greater)),
            (Number::Int(0), Number::Float(-0.0), Some(Ordering::Equal)),
            (Number::Int(0), Number::Float(f64::NAN), None),
            (Number::Int(0), Number::Float(f64::NEG_INFINITY), Some(Ordering::Greater)),
        ];
        for (left, right, expected) in cases {
            assert_eq!(compare_numbers(left, right), expected, "{left:?} {right:?}");
            assert_eq!(compare_numbers(right, left), expected.map(Ordering::reverse), "{right:?} {left:?}");
        }
    }

    #[test]
    fn nested_values_compare_deeply() {
        let nested = |depth: usize, leaf: Value| {
            (0..depth).fold(leaf, |value, _| Value::Array(Array::new(Elements::Any(vec![value]))))
        };
        assert!(equal(&nested(200_000, Value::Int(1)), &nested(200_000, Value::Float(1.0))));
        assert!(!equal(&nested(200_000, Value::Int(1)), &nested(200_000, Value::Int(2))));
        let nan = nested(1, Value::Float(f64::NAN));
        assert!(!equal(&nan, &nan.clone()));
        let packed = Value::Array(Array::from(vec![1, 2]));
        let mixed = Value::Array(Array::from_values(vec![Value::Int(1), Value::Float(2.0)]));
        assert!(equal(&packed, &mixed));
    }
}
