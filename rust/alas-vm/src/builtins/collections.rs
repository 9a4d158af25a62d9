//! `collections`: what arrays, maps and strings have in common.

use std::cmp::Ordering;

use alas_library::Builtin;
use alas_value::{Array, Elements, Number, Value, compare_numbers};

use super::map::length as length_value;
use super::{PIECE, Work, array, map, read, string};
use crate::{Context, Fault, comparing};

pub fn length(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    match &arguments[0] {
        Value::Array(array) => Ok(length_value(array.len())),
        Value::Map(map) => Ok(length_value(map.len())),
        Value::Text(text) => Ok(length_value(text.characters())),
        other => Err(read::wrong_kind(Builtin::CollectionsLength, 0, "an array, a map or a string", other)),
    }
}

pub fn append(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    array::push_as(context, Builtin::CollectionsAppend, arguments)
}

pub fn contains(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::CollectionsContains;
    match &arguments[0] {
        Value::Array(array) => Ok(Value::Bool(position(context, array, &arguments[1])?.is_some())),
        Value::Map(_) => map::contains_as(context, builtin, arguments),
        Value::Text(text) => {
            let part = read::text(builtin, arguments, 1)?;
            Ok(Value::Bool(string::find(context, text.as_str(), part.as_str())?.is_some()))
        }
        other => Err(read::wrong_kind(builtin, 0, "an array, a map or a string", other)),
    }
}

pub fn index_of(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::CollectionsIndexOf;
    match &arguments[0] {
        Value::Array(array) => {
            Ok(position(context, array, &arguments[1])?.map_or(Value::Int(-1), length_value))
        }
        Value::Text(_) => string::index_of_as(builtin, context, arguments),
        other => Err(read::wrong_kind(builtin, 0, "an array or a string", other)),
    }
}

pub fn slice(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    match &arguments[0] {
        Value::Array(_) => array::slice_as(context, Builtin::CollectionsSlice, arguments),
        Value::Text(_) => string::slice_as(context, Builtin::CollectionsSlice, arguments),
        other => Err(read::wrong_kind(Builtin::CollectionsSlice, 0, "an array or a string", other)),
    }
}

pub fn remove(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    array::remove_as(context, Builtin::CollectionsRemove, arguments)
}

/// The position of the first element that equals the value.
fn position(context: &mut Context<'_>, array: &Array, value: &Value) -> Result<Option<usize>, Fault> {
    match (array.elements(), value) {
        (Elements::Int(items), Value::Int(value)) => position_in(context, items, |item| item == value),
        (Elements::Float(items), Value::Float(value)) =>
        {
            #[expect(clippy::float_cmp, reason = "equality of the language is exact")]
            position_in(context, items, |item| item == value)
        }
        (Elements::Bool(items), Value::Bool(value)) => position_in(context, items, |item| item == value),
        (Elements::Int(items), Value::Float(value)) => {
            // Only a whole float within the ints can equal one of them, and then it converts exactly.
            let int = *value as i64;
            if compare_numbers(Number::Int(int), Number::Float(*value)) != Some(Ordering::Equal) {
                return Ok(None);
            }
            position_in(context, items, |item| *item == int)
        }
        (Elements::Float(items), Value::Int(value)) => {
            let int = Number::Int(*value);
            let same = |item: &f64| compare_numbers(Number::Float(*item), int) == Some(Ordering::Equal);
            position_in(context, items, same)
        }
        (Elements::Any(items), value) => position_in_dynamic(context, items, value),
        _ => Ok(None),
    }
}

fn position_in<T>(
    context: &mut Context<'_>,
    items: &[T],

    same: impl Fn(&T) -> bool,
) -> Result<Option<usize>, Fault> {
    for (number, items) in items.chunks(PIECE).enumerate() {
        context.poll()?;
        if let Some(position) = items.iter().position(&same) {
            return Ok(Some(number * PIECE + position));
        }
    }
    Ok(None)
}

fn position_in_dynamic(
    context: &mut Context<'_>,
    items: &[Value],
    value: &Value,
) -> Result<Option<usize>, Fault> {
    let mut work = Work::default();
    for (position, item) in items.iter().enumerate() {
        work.charge(context, item)?;
        if comparing::equal(item, value, context.host)? {
            return Ok(Some(position));
        }
    }
    Ok(None)
}
