//! The functions of the host that plugins call.
//!
//! Each looks at everything it gets before it uses any of it. What is wrong is noted with the call, so that a plugin which
//! just returns the status has said why it failed.

mod build;
mod read;
mod services;

use std::ffi::c_char;
use std::slice;

use alas_engine::value::{Key, Text};
use alas_plugin_abi::{ABI_MAJOR, ABI_MINOR, Host, Status};

use crate::call::{Failure, Outcome};

/// The table that plugins get.
pub(crate) static HOST: Host = Host {
    abi_major: ABI_MAJOR,
    abi_minor: ABI_MINOR,
    size: size_of::<Host>(),
    text: read::text,
    ints: read::ints,
    floats: read::floats,
    bools: read::bools,
    length: read::length,
    array_get: read::array_get,
    map_get: read::map_get,
    map_next: read::map_next,
    new_text: build::new_text,
    new_ints: build::new_ints,
    new_floats: build::new_floats,
    new_bools: build::new_bools,
    new_array: build::new_array,
    array_push: build::array_push,
    array_truncate: build::array_truncate,
    new_map: build::new_map,
    map_put: build::map_put,
    fail: services::fail,
    log: services::log,
    config: services::config,
    invoke: services::invoke,
    should_stop: services::should_stop,
    open_scope: services::open_scope,
    close_scope: services::close_scope,
};

/// Checks a place for a result, where something is done before there is one.
fn check_place<T>(to: *mut T) -> Outcome<()> {
    if to.is_null() || !to.is_aligned() {
        return Err(Failure::new("null_pointer", "the plugin passed no place for the result"));
    }
    Ok(())
}

/// Writes a result to where the plugin wants it.
///
/// # Safety
///
/// The pointer is null, or one to where a value of this type can be written.
unsafe fn give<T>(to: *mut T, value: T) -> Outcome<Status> {
    check_place(to)?;
    // SAFETY: the caller promises that it can be written.
    unsafe { to.write(value) };
    Ok(alas_plugin_abi::OK)
}

/// A text that the plugin passes.
///
/// # Safety
///
/// The pointer is null, or one to so many bytes that stay as they are during the call.
unsafe fn taken<'t>(start: *const c_char, length: usize, what: &str) -> Outcome<&'t str> {
    if length == 0 {
        return Ok("");
    }
    if start.is_null() {
        return Err(Failure::new("null_pointer", format!("the plugin passed null for {what}")));
    }
    if length > Text::MAX_LENGTH {
        return Err(Failure::new(
            "too_large",
            format!(
                "the plugin says that {what} has {length} bytes, but a text has at most {}",
                Text::MAX_LENGTH
            ),
        ));
    }
    // SAFETY: the caller promises that the bytes are there.
    let bytes = unsafe { slice::from_raw_parts(start.cast::<u8>(), length) };
    std::str::from_utf8(bytes).map_err(|error| {
        Failure::new("invalid_utf8", format!("the plugin passed {what} that is no UTF-8: {error}"))
    })
}

/// A key that the plugin passes.
///
/// # Safety
///
/// As for [`taken`].
unsafe fn taken_key(start: *const c_char, length: usize) -> Outcome<Key> {
    // SAFETY: the caller promises the same.
    Ok(Key::from_text(Text::new(unsafe { taken(start, length, "a key") }?)))
}
