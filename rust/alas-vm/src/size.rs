//! How large one value may get.
//!
//! Sizes are checked before memory is taken: an operation that would make a larger value ends in
//! `memory_limit_exceeded` instead of bringing the host down.

use alas_value::{Elements, Text, Value};

use crate::{ErrorCode, Fault};

/// The most bytes that one value may take, its nested values not counted: 1 GiB.
pub const VALUE_BYTES: usize = 1 << 30;

const _: () = assert!(VALUE_BYTES <= Text::MAX_LENGTH);

/// The bytes of an element that is not packed.
const DYNAMIC: usize = size_of::<Value>();

/// The bytes of a map's entry.
const ENTRY: usize = 32;

/// Checks the size of a value that is about to be made, in bytes.
///
/// # Errors
///
/// `memory_limit_exceeded` above [`VALUE_BYTES`].
#[inline]
pub fn check(bytes: usize) -> Result<(), Fault> {
    if bytes > VALUE_BYTES { Err(too_large()) } else { Ok(()) }
}

/// Checks a number of elements of so many bytes each.
///
/// # Errors
///
/// As for [`check`].
#[inline]
pub fn check_count(count: usize, bytes_each: usize) -> Result<(), Fault> {
    check(count.saturating_mul(bytes_each))
}

/// Checks that an array may get one more element.
///
/// # Errors
///
/// As for [`check`].
#[inline]
pub fn check_push(elements: &Elements, value: &Value) -> Result<(), Fault> {
    check_count(elements.len() + 1, bytes_each(elements, value))
}

/// Checks that an array may get all elements of another behind its own.
///
/// # Errors
///
/// As for [`check`].
pub fn check_extend(elements: &Elements, more: &Elements) -> Result<(), Fault> {
    let each = more.get(0).map_or(0, |first| bytes_each(elements, &first).max(element_bytes(more)));
    check_count(elements.len() + more.len(), each)
}

/// Checks that a map may hold so many entries.
///
/// # Errors
///
/// As for [`check`].
#[inline]
pub fn check_entries(count: usize) -> Result<(), Fault> {
    check_count(count, ENTRY)
}

/// A text of a string that was built within the bounds.
///
/// # Errors
///
/// As for [`check`].
pub fn text(text: &str) -> Result<Text, Fault> {
    let result = buffer(text.len())?;
    Ok(result.append(text))
}

/// An empty text with room for so many bytes.
///
/// # Errors
///
/// As for [`check`]; also when the system has no such memory.
pub fn buffer(bytes: usize) -> Result<Text, Fault> {
    check(bytes)?;
    Text::try_with_capacity(bytes).ok_or_else(no_memory)
}

/// A vector with room for so many elements.
///
/// # Errors
///
/// As for [`check`]; also when the system has no such memory.
pub fn vector<T>(count: usize) -> Result<Vec<T>, Fault> {
    check_count(count, size_of::<T>())?;
    let mut items = Vec::new();
    items.try_reserve_exact(count).map_err(|_| no_memory())?;
    Ok(items)
}

/// The error of a value that would be too large.
#[cold]
#[must_use]
pub fn too_large() -> Fault {
    let message =
        format!("the result would be larger than the {} MiB that one value may take", VALUE_BYTES >> 20);
    Fault::new(ErrorCode::MemoryLimitExceeded, message)
}

#[cold]
fn no_memory() -> Fault {
    Fault::new(ErrorCode::MemoryLimitExceeded, "the system has no memory left for the result")
}

/// What an element takes once the value stands among the elements.
#[inline]
fn bytes_each(elements: &Elements, value: &Value) -> usize {
    match (elements, value) {
        (Elements::Int(_), Value::Int(_)) | (Elements::Float(_), Value::Float(_)) => 8,
        (Elements::Bool(_), Value::Bool(_)) => 1,
        _ => DYNAMIC,
    }
}

fn element_bytes(elements: &Elements) -> usize {
    match elements {
        Elements::Int(_) | Elements::Float(_) => 8,
        Elements::Bool(_) => 1,
        Elements::Any(_) => DYNAMIC,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_elements_count_less() {
        let ints = Elements::Int(vec![1]);
        assert!(check_count(VALUE_BYTES / 8, 8).is_ok());
        assert!(check_count(VALUE_BYTES / 8 + 1, 8).is_err());
        assert!(check_count(usize::MAX, 16).is_err());
        assert_eq!(bytes_each(&ints, &Value::Int(1)), 8);
        assert_eq!(bytes_each(&ints, &Value::Float(1.0)), 16);
        assert!(vector::<i64>(usize::MAX).is_err());
        assert!(buffer(VALUE_BYTES + 1).is_err());
        assert_eq!(text("abc").unwrap().as_str(), "abc");
    }
}
