//! How large one value may get, and how much all values of a plugin together.
//!
//! Sizes are checked before memory is taken: an operation that would make a larger value, or for which its plugin's account
//! has no room, ends in `memory_limit_exceeded` instead of bringing the host down. What is small is not asked for: the
//! machine notices behind each op when an account has too much in use.

use alas_value::{Array, Elements, Map, Text, Value, account};

use crate::{ErrorCode, Fault};

/// The most bytes that one value may take, its nested values not counted: 1 GiB.
pub const VALUE_BYTES: usize = 1 << 30;

const _: () = assert!(VALUE_BYTES <= Text::MAX_LENGTH);

/// What takes no more is not asked for before.
const SMALL: usize = 16 << 10;

/// The bytes of a map's entry.
pub const ENTRY: usize = 32;

/// Checks the size of a value that is about to be made, in bytes.
///
/// # Errors
///
/// `memory_limit_exceeded` above [`VALUE_BYTES`], and when the account has no room for it.
#[inline]
pub fn check(bytes: usize) -> Result<(), Fault> {
    check_one(bytes)?;
    check_room(bytes)
}

/// Checks the size of a value alone, however much of it is there already.
///
/// # Errors
///
/// `memory_limit_exceeded` above [`VALUE_BYTES`].
#[inline]
pub fn check_one(bytes: usize) -> Result<(), Fault> {
    if bytes > VALUE_BYTES { Err(too_large()) } else { Ok(()) }
}

/// Checks that the account which pays now has room for so many bytes more.
///
/// # Errors
///
/// `memory_limit_exceeded` when it has not.
#[inline]
pub fn check_room(bytes: usize) -> Result<(), Fault> {
    if bytes > SMALL && !account::room(bytes) { Err(no_room()) } else { Ok(()) }
}

/// The most bytes that a value may take which is about to be made.
#[must_use]
pub fn most() -> usize {
    account::left().clamp(SMALL, VALUE_BYTES)
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

/// Checks that an element of an array may be replaced.
///
/// # Errors
///
/// As for [`check`].
#[inline]
pub fn check_set(array: &Array, value: &Value) -> Result<(), Fault> {
    check_one(array.len().saturating_mul(array.elements().bytes_each_with(value)))?;
    check_room(array.growth(0, value))
}

/// Checks that an array may get one more element.
///
/// # Errors
///
/// As for [`check`].
#[inline]
pub fn check_push(array: &Array, value: &Value) -> Result<(), Fault> {
    check_one((array.len() + 1).saturating_mul(array.elements().bytes_each_with(value)))?;
    check_room(array.growth(1, value))
}

/// Checks that an array may get all elements of another behind its own.
///
/// # Errors
///
/// As for [`check`].
pub fn check_extend(array: &Array, more: &Elements) -> Result<(), Fault> {
    let Some(first) = more.get(0) else { return Ok(()) };
    let each = array.elements().bytes_each_with(&first).max(more.bytes_each());
    check_one((array.len() + more.len()).saturating_mul(each))?;
    check_room(array.growth(more.len(), &first))
}

/// Checks that a map may get one more entry.
///
/// # Errors
///
/// As for [`check`].
#[inline]
pub fn check_put(map: &Map) -> Result<(), Fault> {
    check_one((map.len() + 1).saturating_mul(ENTRY))?;
    check_room(map.growth())
}

/// Checks that a text may get so many bytes more.
///
/// # Errors
///
/// As for [`check`].
#[inline]
pub fn check_append(text: &Text, more: usize) -> Result<(), Fault> {
    check_one(text.as_str().len().saturating_add(more))?;
    check_room(text.growth(more))
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

/// The error of a text that would be longer than [`most`].
#[cold]
#[must_use]
pub fn too_long() -> Fault {
    if most() < VALUE_BYTES { no_room() } else { too_large() }
}

/// The error of what an account has no room for.
#[cold]
#[must_use]
pub fn no_room() -> Fault {
    let message = "there is no memory left of what the program or plugin may use at once";
    Fault::new(ErrorCode::MemoryLimitExceeded, message)
}

#[cold]
fn no_memory() -> Fault {
    Fault::new(ErrorCode::MemoryLimitExceeded, "the system has no memory left for the result")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_elements_count_less() {
        assert!(check_count(VALUE_BYTES / 8, 8).is_ok());
        assert!(check_count(VALUE_BYTES / 8 + 1, 8).is_err());
        assert!(check_count(usize::MAX, 16).is_err());
        assert!(vector::<i64>(usize::MAX).is_err());
        assert!(buffer(VALUE_BYTES + 1).is_err());
        assert_eq!(text("abc").unwrap().as_str(), "abc");
    }
}
