//! Making values. The memory is the host's, on the account of the plugin.

use std::ffi::c_char;

use alas_engine::size;
use alas_engine::value::{Array, Elements, Key, Map, Value};
use alas_plugin_abi::{Call, OK, Status, Value as Passed, tag};

use super::{give, taken, taken_key};
use crate::call::{Failure, Outcome, Record, too_large};

/// The most entries of a map that room is made for before they come.
const MOST_RESERVED: usize = 1 << 16;

pub(super) unsafe extern "C" fn new_text(
    call: *mut Call,
    bytes: *const c_char,
    length: usize,
    text: *mut Passed,
) -> Status {
    let work = |record: &Record| {
        // SAFETY: the plugin passes null, or so many bytes.
        let taken = unsafe { taken(bytes, length, "a text") }?;
        record.check_room(taken.len())?;
        let made = size::text(taken).map_err(|fault| too_large(&fault))?;
        // SAFETY: the plugin passes null, or a place for it.
        unsafe { give(text, record.hand_out(Value::Text(made))?) }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

/// So many elements that are all zero.
fn zeros<T: Clone>(record: &Record, zero: T, count: usize) -> Outcome<Vec<T>> {
    let mut items = vector(record, count)?;
    items.resize(count, zero);
    Ok(items)
}

/// An empty vector with room for so many elements.
fn vector<T>(record: &Record, count: usize) -> Outcome<Vec<T>> {
    record.check_room(count.saturating_mul(size_of::<T>()))?;
    size::vector(count).map_err(|fault| too_large(&fault))
}

/// Makes an array that the plugin fills.
///
/// # Safety
///
/// As the interface says of the pointers.
unsafe fn new_packed<T: Clone, P>(
    call: *mut Call,
    (zero, length): (T, usize),
    (items, array): (*mut *mut P, *mut Passed),
    elements: impl FnOnce(Vec<T>) -> Elements,
) -> Status {
    let work = |record: &Record| {
        let mut made = zeros(record, zero, length)?;
        let start = made.as_mut_ptr().cast::<P>();
        // Moving the vector leaves its elements where they are.
        let value = record.hand_out(Value::Array(Array::new(elements(made))))?;
        if size_of::<P>() == 1 {
            // Bytes that the plugin writes are no bools before they were looked at.
            record.mark_raw(value)?;
        }
        // SAFETY: the plugin passes null, or places for the two.
        unsafe {
            give(items, start)?;
            give(array, value)
        }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn new_ints(
    call: *mut Call,
    length: usize,
    items: *mut *mut i64,
    array: *mut Passed,
) -> Status {
    // SAFETY: as the interface says.
    unsafe { new_packed(call, (0_i64, length), (items, array), Elements::Int) }
}

pub(super) unsafe extern "C" fn new_floats(
    call: *mut Call,
    length: usize,
    items: *mut *mut f64,
    array: *mut Passed,
) -> Status {
    // SAFETY: as the interface says.
    unsafe { new_packed(call, (0.0_f64, length), (items, array), Elements::Float) }
}

pub(super) unsafe extern "C" fn new_bools(
    call: *mut Call,
    length: usize,
    items: *mut *mut u8,
    array: *mut Passed,
) -> Status {
    // SAFETY: as the interface says. Whatever the plugin writes becomes bools before anybody reads it as such.
    unsafe { new_packed(call, (false, length), (items, array), Elements::Bool) }
}

pub(super) unsafe extern "C" fn new_array(call: *mut Call, capacity: usize, array: *mut Passed) -> Status {
    let work = |record: &Record| {
        let items = vector(record, capacity)?;
        // SAFETY: the plugin passes null, or a place for it.
        unsafe { give(array, record.hand_out(Value::Array(Array::new(Elements::Any(items))))?) }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn array_push(call: *mut Call, array: Passed, item: Passed) -> Status {
    let work = |record: &Record| {
        let item = record.value(item)?;
        record.change(array, tag::ARRAY, |value| {
            let Value::Array(array) = value else { unreachable!("the tag of the value was checked") };
            record.check_room(array.growth(1, &item))?;
            size::check_push(array, &item).map_err(|fault| too_large(&fault))?;
            array.push(item);
            Ok(OK)
        })
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn array_truncate(call: *mut Call, array: Passed, length: usize) -> Status {
    let work = |record: &Record| {
        record.change_in_place(array, tag::ARRAY, |value| {
            let Value::Array(array) = value else { unreachable!("the tag of the value was checked") };
            if length > array.len() {
                return Err(Failure::new(
                    "out_of_bounds",
                    format!("the plugin shortens an array of {} elements to {length}", array.len()),
                ));
            }
            if array.header().is_unique() {
                array.update(|elements| elements.truncate(length));
            } else if length < array.len() {
                // No bytes that are no bools are shared: others got bools of their own.
                let bytes = length * array.elements().bytes_each();
                record.check_room(bytes)?;
                size::check(bytes).map_err(|fault| too_large(&fault))?;
                *array = Array::new(array.elements().slice(0, length));
            }
            Ok(OK)
        })
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn new_map(call: *mut Call, capacity: usize, map: *mut Passed) -> Status {
    let work = |record: &Record| {
        size::check_count(capacity, size::ENTRY).map_err(|fault| too_large(&fault))?;
        // No more than a hint: a map cannot say that there is no memory for it.
        let capacity = capacity.min(MOST_RESERVED);
        record.check_room(capacity * size::ENTRY)?;
        // SAFETY: the plugin passes null, or a place for it.
        unsafe { give(map, record.hand_out(Value::Map(Map::with_capacity(capacity)))?) }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn map_put(
    call: *mut Call,
    map: Passed,
    key: *const c_char,
    key_length: usize,
    item: Passed,
) -> Status {
    let work = |record: &Record| {
        // SAFETY: the plugin passes null, or so many bytes.
        let key: Key = unsafe { taken_key(key, key_length) }?;
        let item = record.value(item)?;
        record.change(map, tag::MAP, |value| {
            let Value::Map(map) = value else { unreachable!("the tag of the value was checked") };
            record.check_room(map.growth())?;
            size::check_put(map).map_err(|fault| too_large(&fault))?;
            map.put(key, item);
            Ok(OK)
        })
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}
