//! `map`: maps with text keys, in insertion order.

use alas_library::Builtin;
use alas_value::{Array, Elements, Key, Map, Text, Value};

use super::{POLL_EVERY, read};
use crate::words::no_such_key;
use crate::{Context, Fault, changing, comparing, copying, size};

pub fn get(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let key = read::key(Builtin::MapGet, arguments, 1)?;
    let map = read::map(Builtin::MapGet, arguments, 0)?;
    let found = comparing::find(map, key.as_ref(), context.host)?.cloned();
    found.or_else(|| read::take_optional(arguments, 2)).ok_or_else(|| no_such_key(&key.to_text()))
}

pub fn put(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let key = read::key(Builtin::MapPut, arguments, 1)?;
    let mut map = read::take_map(Builtin::MapPut, arguments, 0)?;
    size::check_put(&map)?;
    changing::put(&mut map, key, std::mem::take(&mut arguments[2]), context.host)?;
    Ok(Value::Map(map))
}

pub fn remove(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let key = read::key(Builtin::MapRemove, arguments, 1)?;
    let mut map = read::take_map(Builtin::MapRemove, arguments, 0)?;
    size::check_room(map.copy_size())?;
    changing::remove_key(&mut map, key, context.host)?;
    Ok(Value::Map(map))
}

pub fn contains(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    contains_as(context, Builtin::MapContains, arguments)
}

/// `map.contains`, and `collections.contains` of a map.
pub fn contains_as(context: &mut Context<'_>, builtin: Builtin, arguments: &[Value]) -> Result<Value, Fault> {
    let key = read::key(builtin, arguments, 1)?;
    let map = read::map(builtin, arguments, 0)?;
    Ok(Value::Bool(comparing::find(map, key.as_ref(), context.host)?.is_some()))
}

pub fn keys(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let map = read::map(Builtin::MapKeys, arguments, 0)?;
    let keys = listed(context, map, |key, _| Value::Text(key.to_text()))?;
    Ok(Value::Array(Array::new(Elements::Any(keys))))
}

pub fn values(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let map = read::map(Builtin::MapValues, arguments, 0)?;
    let values = listed(context, map, |_, value| value.clone())?;
    copying::packed(values, context.host).map(Value::Array)
}

pub fn entries(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let map = read::map(Builtin::MapEntries, arguments, 0)?;
    // The names are the same two texts in all entries.
    let (key_name, value_name) = (Key::Text(Text::new("key")), Key::Text(Text::new("value")));
    let entries = listed(context, map, |key, value| {
        let mut entry = Map::with_capacity(2);
        entry.put(key_name.clone(), Value::Text(key.to_text()));
        entry.put(value_name.clone(), value.clone());
        Value::Map(entry)
    })?;
    Ok(Value::Array(Array::new(Elements::Any(entries))))
}

/// Something for each entry, in the map's order.
fn listed(
    context: &mut Context<'_>,
    map: &Map,
    mut item: impl FnMut(&Key, &Value) -> Value,
) -> Result<Vec<Value>, Fault> {
    let mut items = size::vector(map.len())?;
    for (position, (key, value)) in map.iter().enumerate() {
        if position.is_multiple_of(POLL_EVERY) {
            context.poll()?;
        }
        items.push(item(key, value));
    }
    Ok(items)
}

pub fn merge(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let right = read::take_map(Builtin::MapMerge, arguments, 1)?;
    let mut left = read::take_map(Builtin::MapMerge, arguments, 0)?;
    if left.is_empty() {
        return Ok(Value::Map(right));
    }
    for (position, (key, value)) in right.iter().enumerate() {
        if position.is_multiple_of(POLL_EVERY) {
            context.poll()?;
        }
        size::check_put(&left)?;
        changing::put(&mut left, key.clone(), value.clone(), context.host)?;
    }
    Ok(Value::Map(left))
}

pub fn size(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(length(read::map(Builtin::MapSize, arguments, 0)?.len()))
}

/// A length as a value.
pub fn length(length: usize) -> Value {
    // Lengths are bounded far below the largest int.
    Value::Int(i64::try_from(length).unwrap_or(i64::MAX))
}
