//! Equality and order of values.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;

use crate::object::Header;
use crate::{Array, Elements, Key, KeyRef, Map, Number, Value};

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
    let pair = match shallow(left, right) {
        Verdict::Known(result) => return result,
        Verdict::Arrays(left, right) => Pair::Arrays(left, right),
        Verdict::Maps(left, right) => Pair::Maps(left, right),
    };
    let Ok(result) = Comparison::new(&mut || Ok::<_, Infallible>(())).finish(pair);
    result
}

/// As [`equal`], in pieces: `look` is called between them.
///
/// # Errors
///
/// What `look` fails with.
pub fn equal_in_pieces<E>(
    left: &Value,
    right: &Value,
    look: &mut impl FnMut() -> Result<(), E>,
) -> Result<bool, E> {
    if let (Value::Text(left), Value::Text(right)) = (left, right) {
        return left.equals_in_pieces(right, look);
    }
    match shallow(left, right) {
        Verdict::Known(result) => Ok(result),
        Verdict::Arrays(left, right) => Comparison::new(look).finish(Pair::Arrays(left, right)),
        Verdict::Maps(left, right) => Comparison::new(look).finish(Pair::Maps(left, right)),
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
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            Verdict::Arrays(left, right)
        }
        (Value::Map(left), Value::Map(right)) if left.len() == right.len() => Verdict::Maps(left, right),
        (Value::Task(left), Value::Task(right)) => Verdict::Known(left.is_same(right)),
        _ => match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => {
                Verdict::Known(compare_numbers(left, right) == Some(Ordering::Equal))
            }
            _ => Verdict::Known(false),
        },
    }
}

/// How many elements, entries and bytes of text are compared before it pays to remember pairs.
const PATIENCE: usize = 10_000;

/// Texts up to this size are compared again rather than remembered.
const SHORT: usize = 256;

/// How many elements are compared between two looks.
const STRIDE: usize = 1 << 16;

/// How many packed elements are compared in one go, which take as long as [`STRIDE`] others.
const PACKED: usize = 1 << 17;

/// What a container counts as beside its elements: it is found, and noted, somewhere in memory.
const CONTAINER: usize = 8;

/// What an entry of a map counts as, which is looked up in the other one.
const ENTRY: usize = 8;

/// So many bytes of text count as an element.
const TEXT: usize = 64;

/// A comparison of nested values.
///
/// It keeps a list instead of recursing, because values nest as deep as memory allows. And it remembers what it has
/// met, because a value may hold another one many times: `a = [a, a]`, repeated sixty times, takes little memory and
/// has more paths than anyone can walk. What was met as a pair need not be compared again, since the first
/// difference ends everything; equality being transitive, classes of equal objects suffice, and the cost is bounded
/// by the memory that the values take.
struct Comparison<'a, 'l, L> {
    pending: Vec<Pair<'a>>,
    work: usize,
    met: Option<Classes>,
    /// Called now and then; what it fails with ends the comparison.
    look: &'l mut L,
    /// What was done since, in elements.
    since: usize,
}

/// How many tables hold the classes: each stays small enough to grow in one go.
const TABLES: usize = 256;

/// Objects, by address, that are equal unless the comparison fails.
struct Classes {
    parents: Vec<HashMap<usize, usize>>,
    /// Objects compared with themselves, which is not trivial: a NaN inside makes them unequal.
    reflexive: Vec<HashSet<usize>>,
}

impl Classes {
    fn new() -> Self {
        Self { parents: vec![HashMap::new(); TABLES], reflexive: vec![HashSet::new(); TABLES] }
    }

    /// The table of an object. The lowest bits of all addresses are the same.
    fn table(object: usize) -> usize {
        (object >> 5) % TABLES
    }

    /// Puts two objects into one class and tells whether they already were in one.
    fn merge(&mut self, left: usize, right: usize) -> bool {
        if left == right {
            return !self.reflexive[Self::table(left)].insert(left);
        }
        let (left, right) = (self.root(left), self.root(right));
        if left != right {
            self.parents[Self::table(left)].insert(left, right);
        }
        left == right
    }

    fn parent(&self, object: usize) -> Option<usize> {
        self.parents[Self::table(object)].get(&object).copied()
    }

    fn root(&mut self, mut object: usize) -> usize {
        while let Some(parent) = self.parent(object) {
            // Halving the path keeps later walks short.
            if let Some(above) = self.parent(parent) {
                self.parents[Self::table(object)].insert(object, above);
            }
            object = parent;
        }
        object
    }
}

impl<'a, 'l, E, L: FnMut() -> Result<(), E>> Comparison<'a, 'l, L> {
    fn new(look: &'l mut L) -> Self {
        Self { pending: Vec::new(), work: 0, met: None, look, since: 0 }
    }

    /// Notes what is about to be done, in elements.
    fn charge(&mut self, elements: usize) -> Result<(), E> {
        self.since += elements;
        if self.since >= STRIDE {
            self.since = 0;
            (self.look)()?;
        }
        Ok(())
    }

    /// Whether the pair was met before; notes it, and what comparing it costs.
    fn met(&mut self, left: &Header, right: &Header, cost: usize) -> bool {
        if self.met.as_mut().is_some_and(|met| met.merge(address(left), address(right))) {
            return true;
        }
        self.work += cost;
        if self.work > PATIENCE && self.met.is_none() {
            self.met = Some(Classes::new());
        }
        false
    }

    /// Compares two values as far as possible at once; containers are put on the list.
    fn settle(&mut self, left: &'a Value, right: &'a Value) -> Result<bool, E> {
        if let (Value::Text(left), Value::Text(right)) = (left, right) {
            let length = left.as_str().len();
            if length != right.as_str().len() {
                return Ok(false);
            }
            if left.is_same(right) || (length > SHORT && self.met(left.header(), right.header(), length)) {
                return Ok(true);
            }
            self.charge(length / TEXT)?;
            return left.equals_in_pieces(right, self.look);
        }
        match shallow(left, right) {
            Verdict::Known(result) => return Ok(result),
            Verdict::Arrays(left, right) => self.pending.push(Pair::Arrays(left, right)),
            Verdict::Maps(left, right) => self.pending.push(Pair::Maps(left, right)),
        }
        Ok(true)
    }

    /// Compares containers of equal length, and all that they hold.
    fn finish(mut self, first: Pair<'a>) -> Result<bool, E> {
        self.pending.push(first);
        while let Some(pair) = self.pending.pop() {
            self.charge(CONTAINER)?;
            let equal = match pair {
                Pair::Arrays(left, right) => {
                    self.met(left.header(), right.header(), left.len()) || self.arrays(left, right)?
                }
                Pair::Maps(left, right) => {
                    self.met(left.header(), right.header(), left.len()) || self.maps(left, right)?
                }
            };
            if !equal {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn arrays(&mut self, left: &'a Array, right: &'a Array) -> Result<bool, E> {
        match (left.elements(), right.elements()) {
            (Elements::Int(left), Elements::Int(right)) => self.packed(left, right),
            (Elements::Bool(left), Elements::Bool(right)) => self.packed(left, right),
            (Elements::Float(left), Elements::Float(right)) => self.packed(left, right),
            (Elements::Any(left), Elements::Any(right)) => {
                for (left, right) in left.iter().zip(right) {
                    self.charge(1)?;
                    if !self.settle(left, right)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (left, right) => {
                for index in 0..left.len() {
                    self.charge(1)?;
                    // At least one side is packed, so no pair of elements that are equal can nest.
                    let equal = match (left.get(index), right.get(index)) {
                        (Some(left), Some(right)) => matches!(shallow(&left, &right), Verdict::Known(true)),
                        _ => false,
                    };
                    if !equal {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
        }
    }

    fn packed<T: PartialEq>(&mut self, left: &[T], right: &[T]) -> Result<bool, E> {
        for (left, right) in left.chunks(PACKED).zip(right.chunks(PACKED)) {
            self.charge(left.len() / (PACKED / STRIDE))?;
            if left != right {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn maps(&mut self, left: &'a Map, right: &'a Map) -> Result<bool, E> {
        for (key, value) in left.iter() {
            self.charge(ENTRY)?;
            let other = match key {
                Key::Text(text) if text.is_long() => match right.key_of_long_text(text, self.look)? {
                    Some(key) => right.find(KeyRef::Text(&key)),
                    None => None,
                },
                key => right.get(key),
            };
            let Some(other) = other else { return Ok(false) };
            if !self.settle(value, other)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn address(header: &Header) -> usize {
    std::ptr::from_ref(header).addr()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;

    #[test]
    fn ints_and_floats_compare_exactly() {
        let big = 9_007_199_254_740_993_i64;
        let cases = [
            (Number::Int(big), Number::Float(9_007_199_254_740_992.0), Some(Ordering::Greater)),
            (Number::Int(i64::MAX), Number::Float(9.223_372_036_854_776e18), Some(Ordering::Less)),
            (Number::Int(i64::MIN), Number::Float(-9.223_372_036_854_776e18), Some(Ordering::Equal)),
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

    /// A value that has two paths to each of its parts, sixty levels deep.
    fn tangled(leaf: &Value) -> Value {
        (0..60).fold(leaf.clone(), |value, _| {
            let mut map = Map::new();
            map.put(Key::Int(1), value.clone());
            Value::Array(Array::from_values(vec![value, Value::Map(map)]))
        })
    }

    #[test]
    fn what_is_held_many_times_is_compared_once() {
        assert!(equal(&tangled(&Value::Int(1)), &tangled(&Value::Float(1.0))));
        assert!(!equal(&tangled(&Value::Int(1)), &tangled(&Value::Int(2))));
        let nan = tangled(&Value::Float(f64::NAN));
        assert!(!equal(&nan, &nan.clone()));
        let same = tangled(&Value::text("x"));
        assert!(equal(&same, &same.clone()));
        let long = |last: i64| {
            let mut items: Vec<i64> = (0..100_000).collect();
            items.push(last);
            Value::Array(Array::new(Elements::Any(vec![Value::Array(Array::from(items)); 100_000])))
        };
        assert!(equal(&long(1), &long(1)));
        assert!(!equal(&long(1), &long(2)));
    }
}
