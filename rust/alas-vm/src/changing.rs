//! Changes of arrays and maps that take long when these are large: a piece at a time, so that a program can be stopped meanwhile.
//!
//! Who is stopped in a change holds what it changed, which may be half changed, and drops it: nobody else could see it, for
//! what others hold too is copied first, and limits and cancellation end the program.

use alas_value::{Array, Key, Map, Value};

use crate::comparing::known_key;
use crate::{Fault, Host, copying};

/// So many bytes are moved in one go.
const BRIEF: usize = 1 << 18;

/// Inserts before a position up to the length. That there is room was checked.
///
/// # Errors
///
/// What the host stops the program with.
pub fn insert(array: &mut Array, position: usize, value: Value, host: &Host) -> Result<(), Fault> {
    copying::own_with(array, &value, host)?;
    let is_brief = moved(array, position) <= BRIEF;
    array.update(|elements| {
        if is_brief {
            elements.insert(position, value);
            return Ok(());
        }
        elements.insert_in_pieces(position, value, &mut || host.poll())
    })
}

/// Removes the element at a position that exists. That there is room was checked.
///
/// # Errors
///
/// What the host stops the program with.
pub fn remove(array: &mut Array, position: usize, host: &Host) -> Result<(), Fault> {
    copying::own(array, host)?;
    let is_brief = moved(array, position) <= BRIEF;
    array.update(|elements| {
        if is_brief {
            elements.remove(position);
            return Ok(());
        }
        elements.remove_in_pieces(position, &mut || host.poll())
    })
}

/// Reverses the order. That there is room was checked.
///
/// # Errors
///
/// What the host stops the program with.
pub fn reverse(array: &mut Array, host: &Host) -> Result<(), Fault> {
    copying::own(array, host)?;
    let is_brief = moved(array, 0) <= BRIEF;
    array.update(|elements| {
        if is_brief {
            elements.reverse();
            return Ok(());
        }
        elements.reverse_in_pieces(&mut || host.poll())
    })
}

/// The bytes of the elements from a position on.
fn moved(array: &Array, position: usize) -> usize {
    (array.len() - position) * array.elements().bytes_each()
}

/// Stores a value for a key. That there is room was checked.
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn put(map: &mut Map, key: Key, value: Value, host: &Host) -> Result<(), Fault> {
    let key = known_key(map, key, host)?;
    if map.put_is_long(key.as_ref()) {
        prepare_put(map, &key, host)?;
    }
    map.put(key, value);
    Ok(())
}

#[cold]
#[inline(never)]
fn prepare_put(map: &mut Map, key: &Key, host: &Host) -> Result<(), Fault> {
    map.prepare_put(key.as_ref(), &mut || host.poll())
}

/// Removes a key; a map without it stays the same object. That there is room was checked.
///
/// # Errors
///
/// What the host stops the program with.
pub fn remove_key(map: &mut Map, key: Key, host: &Host) -> Result<(), Fault> {
    let key = known_key(map, key, host)?;
    if map.remove_is_long() {
        map.prepare_remove(key.as_ref(), &mut || host.poll())?;
    }
    map.remove(&key);
    Ok(())
}
