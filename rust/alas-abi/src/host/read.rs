//! Looking at values. Text and packed arrays are lent as they are.

use std::ffi::c_char;
use std::ptr;

use alas_engine::value::{Elements, Text, Value};
use alas_plugin_abi::{Call, NOT_FOUND, OK, Status, Value as Passed, tag};

use super::{check_place, give, taken_key};
use crate::call::{Failure, Outcome, Record, kind_name};

pub(super) unsafe extern "C" fn text(
    call: *mut Call,
    text: Passed,
    bytes: *mut *const c_char,
    length: *mut usize,
) -> Status {
    let work = |record: &Record| {
        record.with_text(text, |text| {
            let text = text.as_str();
            // SAFETY: the plugin passes null, or places for the two.
            unsafe {
                give(bytes, text.as_ptr().cast())?;
                give(length, text.len())
            }
        })
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

/// Lends the elements of an array of one kind.
///
/// # Safety
///
/// As the interface says of the pointers.
unsafe fn lend<T>(
    call: *mut Call,
    array: Passed,
    (items, length): (*mut *const T, *mut usize),
    expected: &str,
    elements: impl FnOnce(&Elements) -> Option<(*const T, usize)>,
) -> Status {
    let work = |record: &Record| {
        record.settle(array);
        record.with_array(array, |array| {
            let nothing = ptr::NonNull::<T>::dangling().as_ptr().cast_const();
            let found = if array.is_empty() { Some((nothing, 0)) } else { elements(array.elements()) };
            let Some((start, count)) = found else {
                return Err(Failure::new(
                    "wrong_kind",
                    format!(
                        "the plugin asked for an array of {expected}, but the value is {}; declare the parameter as \
                         `array<{}>`, so that only such arrays come",
                        form(array.elements()),
                        expected.trim_end_matches('s'),
                    ),
                ));
            };
            // SAFETY: the plugin passes null, or places for the two.
            unsafe {
                give(items, start)?;
                give(length, count)
            }
        })
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

fn form(elements: &Elements) -> &'static str {
    match elements {
        Elements::Int(_) => "an array of ints",
        Elements::Float(_) => "an array of floats",
        Elements::Bool(_) => "an array of bools",
        Elements::Any(_) => "an array of values that are not all numbers, or not of one kind",
    }
}

pub(super) unsafe extern "C" fn ints(
    call: *mut Call,
    array: Passed,
    items: *mut *const i64,
    length: *mut usize,
) -> Status {
    let elements = |elements: &Elements| match elements {
        Elements::Int(items) => Some((items.as_ptr(), items.len())),
        _ => None,
    };
    // SAFETY: as the interface says.
    unsafe { lend(call, array, (items, length), "ints", elements) }
}

pub(super) unsafe extern "C" fn floats(
    call: *mut Call,
    array: Passed,
    items: *mut *const f64,
    length: *mut usize,
) -> Status {
    let elements = |elements: &Elements| match elements {
        Elements::Float(items) => Some((items.as_ptr(), items.len())),
        _ => None,
    };
    // SAFETY: as the interface says.
    unsafe { lend(call, array, (items, length), "floats", elements) }
}

pub(super) unsafe extern "C" fn bools(
    call: *mut Call,
    array: Passed,
    items: *mut *const u8,
    length: *mut usize,
) -> Status {
    let elements = |elements: &Elements| match elements {
        Elements::Bool(items) => Some((items.as_ptr().cast::<u8>(), items.len())),
        _ => None,
    };
    // SAFETY: as the interface says.
    unsafe { lend(call, array, (items, length), "bools", elements) }
}

pub(super) unsafe extern "C" fn length(call: *mut Call, container: Passed, length: *mut usize) -> Status {
    let work = |record: &Record| {
        let count = match container.tag {
            tag::ARRAY => record.with_array(container, |array| Ok(array.len()))?,
            tag::MAP => record.with_map(container, |map| Ok(map.len()))?,
            other => {
                let found = kind_name(other);
                let message = format!("the plugin asked how many elements there are in {found}");
                return Err(Failure::new("wrong_kind", message));
            }
        };
        // SAFETY: the plugin passes null, or a place for it.
        unsafe { give(length, count) }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn array_get(
    call: *mut Call,
    array: Passed,
    position: usize,
    item: *mut Passed,
) -> Status {
    let work = |record: &Record| {
        let Some(found) = record.element(array, position)? else {
            let length = record.with_array(array, |array| Ok(array.len()))?;
            let message = format!("the plugin asked for element {position} of an array of {length}");
            return Err(Failure::new("out_of_bounds", message));
        };
        // SAFETY: the plugin passes null, or a place for it.
        unsafe { give(item, record.hand_out(found)?) }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn map_get(
    call: *mut Call,
    map: Passed,
    key: *const c_char,
    key_length: usize,
    item: *mut Passed,
) -> Status {
    let work = |record: &Record| -> Outcome<Status> {
        // SAFETY: the plugin passes null, or so many bytes.
        let key = unsafe { taken_key(key, key_length) }?;
        match record.with_map(map, |map| Ok(map.get(&key).cloned()))? {
            // SAFETY: the plugin passes null, or a place for it.
            Some(found) => unsafe { give(item, record.hand_out(found)?) },
            None => Ok(NOT_FOUND),
        }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn map_next(
    call: *mut Call,
    map: Passed,
    cursor: *mut usize,
    key: *mut Passed,
    item: *mut Passed,
) -> Status {
    let work = |record: &Record| -> Outcome<Status> {
        if cursor.is_null() || !cursor.is_aligned() {
            return Err(Failure::new("null_pointer", "the plugin passed no cursor"));
        }
        check_place(key)?;
        check_place(item)?;
        // SAFETY: the plugin passes a place of its own.
        let place = unsafe { cursor.read() };
        let found = record.with_map(map, |map| {
            Ok(map.entry_from(place).map(|(key, value, next)| (key.to_text(), value.clone(), next)))
        })?;
        let Some((name, value, next)) = found else { return Ok(NOT_FOUND) };
        let name: Text = name;
        // SAFETY: the plugin passes places for the three.
        unsafe {
            give(key, record.hand_out(Value::Text(name))?)?;
            give(item, record.hand_out(value)?)?;
            cursor.write(next);
        }
        Ok(OK)
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}
