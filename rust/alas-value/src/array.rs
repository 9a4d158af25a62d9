//! Arrays, packed when all elements are ints, floats or bools.

use std::ops::Range;

use crate::Value;
use crate::object::{Body, Header, Ref};

/// The elements of an array.
///
/// An array takes the densest form that its elements allow when it is built, and falls back to [`Elements::Any`] when
/// an element comes that does not fit. An empty array takes the form of the first element that it gets.
#[derive(Debug, Clone)]
pub enum Elements {
    /// Eight bytes an element.
    Int(Vec<i64>),
    /// Eight bytes an element.
    Float(Vec<f64>),
    /// One byte an element.
    Bool(Vec<bool>),
    /// Sixteen bytes an element.
    Any(Vec<Value>),
}

impl Body for Elements {
    fn heap_size(&self) -> usize {
        self.capacity() * self.bytes_each()
    }

    fn nests(&self) -> bool {
        matches!(self, Self::Any(items) if !items.is_empty())
    }
}

/// Runs the same expression on the vector of whichever form the elements have.
macro_rules! each_form {
    ($elements:expr, $items:ident => $result:expr) => {
        match $elements {
            Elements::Int($items) => $result,
            Elements::Float($items) => $result,
            Elements::Bool($items) => $result,
            Elements::Any($items) => $result,
        }
    };
}

mod pieces;

/// Runs the same expression on the vector and gives it back in the same form.
macro_rules! map_form {
    ($elements:expr, $items:ident => $result:expr) => {
        match $elements {
            Elements::Int($items) => Elements::Int($result),
            Elements::Float($items) => Elements::Float($result),
            Elements::Bool($items) => Elements::Bool($result),
            Elements::Any($items) => Elements::Any($result),
        }
    };
}

impl Elements {
    /// No elements, with room for so many of the form that fits the value.
    #[must_use]
    pub fn for_value(value: &Value, capacity: usize) -> Self {
        match value {
            Value::Int(_) => Self::Int(Vec::with_capacity(capacity)),
            Value::Float(_) => Self::Float(Vec::with_capacity(capacity)),
            Value::Bool(_) => Self::Bool(Vec::with_capacity(capacity)),
            _ => Self::Any(Vec::with_capacity(capacity)),
        }
    }

    /// The number of elements.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        each_form!(self, items => items.len())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at a position.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        match self {
            Self::Int(items) => items.get(index).map(|item| Value::Int(*item)),
            Self::Float(items) => items.get(index).map(|item| Value::Float(*item)),
            Self::Bool(items) => items.get(index).map(|item| Value::Bool(*item)),
            Self::Any(items) => items.get(index).cloned(),
        }
    }

    /// How many elements there is room for.
    fn capacity(&self) -> usize {
        each_form!(self, items => items.capacity())
    }

    /// The bytes of an element.
    #[must_use]
    pub fn bytes_each(&self) -> usize {
        match self {
            Self::Int(_) | Self::Float(_) => 8,
            Self::Bool(_) => 1,
            Self::Any(_) => size_of::<Value>(),
        }
    }

    /// The bytes of an element once the value stands among them.
    #[must_use]
    #[inline]
    pub fn bytes_each_with(&self, value: &Value) -> usize {
        match (self, value) {
            (Self::Int(_), Value::Int(_)) | (Self::Float(_), Value::Float(_)) => 8,
            (Self::Bool(_), Value::Bool(_)) => 1,
            _ => size_of::<Value>(),
        }
    }

    /// Makes sure that the value can be stored.
    fn admit(&mut self, value: &Value) {
        let fits = matches!(
            (&*self, value),
            (Self::Int(_), Value::Int(_))
                | (Self::Float(_), Value::Float(_))
                | (Self::Bool(_), Value::Bool(_))
                | (
                    Self::Any(_),
                    Value::Void | Value::Text(_) | Value::Array(_) | Value::Map(_) | Value::Task(_)
                )
        );
        if fits {
            return;
        }
        if self.is_empty() {
            *self = Self::for_value(value, 0);
        } else if !matches!(self, Self::Any(_)) {
            self.generalise();
        }
    }

    /// Gives up the packed form.
    fn generalise(&mut self) {
        let items = match std::mem::replace(self, Self::Any(Vec::new())) {
            Self::Int(items) => items.into_iter().map(Value::Int).collect(),
            Self::Float(items) => items.into_iter().map(Value::Float).collect(),
            Self::Bool(items) => items.into_iter().map(Value::Bool).collect(),
            Self::Any(items) => items,
        };
        *self = Self::Any(items);
    }

    /// Appends.
    #[inline]
    pub fn push(&mut self, value: Value) {
        match (&mut *self, value) {
            (Self::Int(items), Value::Int(item)) => items.push(item),
            (Self::Float(items), Value::Float(item)) => items.push(item),
            (Self::Bool(items), Value::Bool(item)) => items.push(item),
            (_, value) => self.push_slow(value),
        }
    }

    fn push_slow(&mut self, value: Value) {
        self.admit(&value);
        match (self, value) {
            (Self::Any(items), value) => items.push(value),
            (packed, value) => packed.push(value),
        }
    }

    /// Replaces the element at a position that exists.
    pub fn set(&mut self, index: usize, value: Value) {
        self.admit(&value);
        match (self, value) {
            (Self::Int(items), Value::Int(item)) => items[index] = item,
            (Self::Float(items), Value::Float(item)) => items[index] = item,
            (Self::Bool(items), Value::Bool(item)) => items[index] = item,
            (Self::Any(items), value) => items[index] = value,
            _ => unreachable!("`admit` made the form fit the value"),
        }
    }

    /// Inserts before a position up to the length.
    pub fn insert(&mut self, index: usize, value: Value) {
        self.admit(&value);
        match (self, value) {
            (Self::Int(items), Value::Int(item)) => items.insert(index, item),
            (Self::Float(items), Value::Float(item)) => items.insert(index, item),
            (Self::Bool(items), Value::Bool(item)) => items.insert(index, item),
            (Self::Any(items), value) => items.insert(index, value),
            _ => unreachable!("`admit` made the form fit the value"),
        }
    }

    /// Removes the element at a position that exists.
    pub fn remove(&mut self, index: usize) {
        each_form!(self, items => drop(items.remove(index)));
    }

    /// Removes the last element, if there is one.
    pub fn pop(&mut self) {
        each_form!(self, items => drop(items.pop()));
    }

    /// Removes all elements from a position on.
    pub fn truncate(&mut self, length: usize) {
        each_form!(self, items => items.truncate(length));
    }

    /// Reverses the order.
    pub fn reverse(&mut self) {
        each_form!(self, items => items.reverse());
    }

    /// The elements of a range of positions that exist.
    #[must_use]
    pub fn slice(&self, start: usize, end: usize) -> Self {
        map_form!(self, items => items[start..end].to_vec())
    }

    /// No elements, with room for so many of the form of these.
    #[must_use]
    pub fn empty_like(&self, capacity: usize) -> Self {
        match self {
            Self::Int(_) => Self::Int(Vec::with_capacity(capacity)),
            Self::Float(_) => Self::Float(Vec::with_capacity(capacity)),
            Self::Bool(_) => Self::Bool(Vec::with_capacity(capacity)),
            Self::Any(_) => Self::Any(Vec::with_capacity(capacity)),
        }
    }

    /// Makes room for so many elements more, of the same form.
    pub fn reserve(&mut self, more: usize) {
        each_form!(self, items => items.reserve(more));
    }

    /// Appends the elements of a range of positions that exist in another array. The form stays, unless it does not fit.
    pub fn extend_from(&mut self, other: &Self, range: Range<usize>) {
        match (&mut *self, other) {
            (Self::Int(items), Self::Int(more)) => items.extend_from_slice(&more[range]),
            (Self::Float(items), Self::Float(more)) => items.extend_from_slice(&more[range]),
            (Self::Bool(items), Self::Bool(more)) => items.extend_from_slice(&more[range]),
            (Self::Any(items), Self::Any(more)) => items.extend_from_slice(&more[range]),
            _ => {
                for index in range {
                    if let Some(value) = other.get(index) {
                        self.push(value);
                    }
                }
            }
        }
    }

    /// Appends all elements of another array.
    pub fn extend(&mut self, other: &Self) {
        if self.is_empty() {
            *self = other.clone();
            return;
        }
        self.extend_from(other, 0..other.len());
    }
}

/// An immutable array that is updated in place while it has one holder.
#[derive(Debug, Clone)]
#[repr(transparent)]
pub struct Array(Ref<Elements>);

impl Array {
    /// An array of these elements.
    #[must_use]
    pub fn new(elements: Elements) -> Self {
        Self(Ref::new(elements))
    }

    /// An array without elements.
    #[must_use]
    pub fn empty() -> Self {
        Self::new(Elements::Any(Vec::new()))
    }

    /// An array of these values, packed if possible.
    #[must_use]
    pub fn from_values(values: Vec<Value>) -> Self {
        let all = |kind| values.iter().all(|value| value.kind() == kind);
        let Some(first) = values.first() else { return Self::empty() };
        let packed = matches!(first, Value::Int(_) | Value::Float(_) | Value::Bool(_)) && all(first.kind());
        if !packed {
            return Self::new(Elements::Any(values));
        }
        let mut elements = Elements::for_value(first, values.len());
        for value in values {
            elements.push(value);
        }
        Self::new(elements)
    }

    /// The object's header.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.0.header()
    }

    /// The elements.
    #[must_use]
    #[inline]
    pub fn elements(&self) -> &Elements {
        self.0.body()
    }

    /// The elements, to be changed in place, if nobody else holds the array.
    ///
    /// The caller must not change their capacity: the memory account would not hear of it.
    #[inline]
    pub fn unique_elements(&mut self) -> Option<&mut Elements> {
        self.0.unique()
    }

    /// Changes the elements, those of a copy when others hold the array too.
    #[inline]
    pub fn update<R>(&mut self, change: impl FnOnce(&mut Elements) -> R) -> R {
        self.0.update(change)
    }

    /// Puts a copy of the elements, which the caller has made, in the place of what others may hold too.
    pub fn replace_by_copy(&mut self, copy: Elements) {
        if !self.header().is_unique() {
            self.header().count_copy();
        }
        *self = Self::new(copy);
    }

    /// Takes the elements out, copied when others hold the array too.
    #[must_use]
    pub fn into_elements(self) -> Elements {
        self.0.into_body()
    }

    /// The number of elements.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.elements().len()
    }

    /// Whether there is none.
    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at a position.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        self.elements().get(index)
    }

    /// The element at a position, moved out when nobody else holds the array. Its place then holds void, and is soon
    /// written.
    #[must_use]
    #[inline]
    pub fn take(&mut self, index: usize) -> Option<Value> {
        match self.0.unique() {
            Some(Elements::Any(items)) => items.get_mut(index).map(std::mem::take),
            _ => self.get(index),
        }
    }

    /// Appends.
    #[inline]
    pub fn push(&mut self, value: Value) {
        self.update(|elements| elements.push(value));
    }

    /// About how many bytes an update takes that adds so many elements, of which the largest kind is that of the value.
    #[must_use]
    #[inline]
    pub fn growth(&self, more: usize, value: &Value) -> usize {
        let (elements, length) = (self.elements(), self.len());
        let (has, needs) = (elements.bytes_each(), elements.bytes_each_with(value));
        let in_place = self.header().is_unique() && has == needs;
        let before = if in_place { elements.capacity() } else { 0 };
        let after = if more == 0 || (in_place && before - length >= more) {
            length.max(before)
        } else {
            // Vectors grow to twice their size.
            length.saturating_add(more).max(length * 2)
        };
        after.saturating_sub(before).saturating_mul(needs)
    }

    /// How many bytes the elements take, what they hold themselves not counted.
    #[must_use]
    pub fn size(&self) -> usize {
        self.elements().heap_size()
    }

    /// How many bytes an update takes that adds nothing: those of a copy when others hold the array too.
    #[must_use]
    pub fn copy_size(&self) -> usize {
        if self.header().is_unique() { 0 } else { self.size() }
    }

    /// Whether both are the same object.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.is_same(&other.0)
    }
}

impl From<Vec<i64>> for Array {
    fn from(items: Vec<i64>) -> Self {
        Self::new(Elements::Int(items))
    }
}

impl From<Vec<f64>> for Array {
    fn from(items: Vec<f64>) -> Self {
        Self::new(Elements::Float(items))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account, equal};

    fn form(array: &Array) -> &'static str {
        match array.elements() {
            Elements::Int(_) => "int",
            Elements::Float(_) => "float",
            Elements::Bool(_) => "bool",
            Elements::Any(_) => "any",
        }
    }

    #[test]
    fn the_form_follows_the_elements() {
        let cases: [(Vec<Value>, &str); 5] = [
            (vec![Value::Int(1), Value::Int(2)], "int"),
            (vec![Value::Float(1.0)], "float"),
            (vec![Value::Bool(true)], "bool"),
            (vec![Value::Int(1), Value::Float(2.0)], "any"),
            (vec![Value::text("a")], "any"),
        ];
        for (values, expected) in cases {
            let mut pushed = Array::empty();
            for value in &values {
                pushed.push(value.clone());
            }
            let built = Array::from_values(values);
            assert_eq!((form(&built), form(&pushed)), (expected, expected));
            assert!(equal(&Value::Array(built), &Value::Array(pushed)));
        }
    }

    #[test]
    fn updates_copy_only_what_is_shared() {
        let before = account::copies();
        let mut array = Array::from(vec![1, 2, 3]);
        array.update(|elements| elements.set(0, Value::Int(9)));
        assert_eq!(account::copies(), before);
        let other = array.clone();
        array.push(Value::text("x"));
        assert_eq!(account::copies(), before + 1);
        assert_eq!((other.len(), array.len()), (3, 4));
        assert_eq!(form(&other), "int");
    }

    #[test]
    fn a_value_nested_a_million_deep_is_dropped_without_recursion() {
        let account = account::current();
        let before = account::used(account);
        let mut value = Value::Array(Array::empty());
        for _ in 0..1_000_000 {
            value = Value::Array(Array::new(Elements::Any(vec![value])));
        }
        drop(value);
        assert_eq!(account::used(account), before);
    }
}
