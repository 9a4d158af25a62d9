//! Comparisons of what is large: a piece at a time, so that a program can be stopped meanwhile.

use std::cmp::Ordering;

use alas_value::{Key, KeyRef, Map, Text, Value};

use crate::{Fault, Host};

/// As [`alas_value::equal`].
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn equal(left: &Value, right: &Value, host: &Host) -> Result<bool, Fault> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => equal_texts(left, right, host),
        (Value::Array(_), Value::Array(_)) | (Value::Map(_), Value::Map(_)) => {
            alas_value::equal_in_pieces(left, right, &mut || host.poll())
        }
        _ => Ok(alas_value::equal(left, right)),
    }
}

/// Whether two texts are equal.
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn equal_texts(left: &Text, right: &Text, host: &Host) -> Result<bool, Fault> {
    if left.is_long() { equal_long(left, right, host) } else { Ok(left == right) }
}

#[cold]
#[inline(never)]
fn equal_long(left: &Text, right: &Text, host: &Host) -> Result<bool, Fault> {
    left.equals_in_pieces(right, &mut || host.poll())
}

/// The order of two texts by code point.
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn order_texts(left: &Text, right: &Text, host: &Host) -> Result<Ordering, Fault> {
    if left.is_long() { order_long(left, right, host) } else { Ok(left.as_str().cmp(right.as_str())) }
}

#[cold]
#[inline(never)]
fn order_long(left: &Text, right: &Text, host: &Host) -> Result<Ordering, Fault> {
    left.compare_in_pieces(right, &mut || host.poll())
}

/// Whether two strings are equal.
///
/// # Errors
///
/// What the host stops the program with.
pub fn equal_strings(left: &str, right: &str, host: &Host) -> Result<bool, Fault> {
    const PIECE: usize = 1 << 20;
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len() != right.len() {
        return Ok(false);
    }
    if left.len() <= PIECE {
        return Ok(left == right);
    }
    for (left, right) in left.chunks(PIECE).zip(right.chunks(PIECE)) {
        host.poll()?;
        if left != right {
            return Ok(false);
        }
    }
    Ok(true)
}

/// As [`alas_value::order`].
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn order(left: &Value, right: &Value, host: &Host) -> Result<Option<Ordering>, Fault> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => order_texts(left, right, host).map(Some),
        _ => Ok(alas_value::order(left, right)),
    }
}

/// A key by which a map finds an entry without looking into a long text: that of the map itself, if it has it.
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn known_key(map: &Map, key: Key, host: &Host) -> Result<Key, Fault> {
    match key {
        Key::Text(text) if text.is_long() => known_text(map, text, host).map(Key::Text),
        key => Ok(key),
    }
}

#[cold]
#[inline(never)]
fn known_text(map: &Map, text: Text, host: &Host) -> Result<Text, Fault> {
    Ok(map.key_of_long_text(&text, &mut || host.poll())?.unwrap_or(text))
}

/// The value of a key that is only borrowed.
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn find<'m>(map: &'m Map, key: KeyRef<'_>, host: &Host) -> Result<Option<&'m Value>, Fault> {
    match key {
        KeyRef::Text(text) if text.is_long() => find_long(map, text, host),
        key => Ok(map.find(key)),
    }
}

#[cold]
#[inline(never)]
fn find_long<'m>(map: &'m Map, text: &Text, host: &Host) -> Result<Option<&'m Value>, Fault> {
    let known = map.key_of_long_text(text, &mut || host.poll())?;
    Ok(known.and_then(|known| map.find(KeyRef::Text(&known))))
}
