//! The table of the host's functions.

use core::ffi::c_char;

use crate::{Call, Status, Value};

/// Defines [`Host`], and how each of its functions looks in C.
macro_rules! host {
    ($($(#[$documentation:meta])* $name:ident($($parameter:ident: $kind:ty = $c:literal),*) -> $returns:ty = $c_returns:literal;)+) => {
        /// What the host offers to plugins. `alas_plugin.h` says what each function does.
        #[derive(Debug)]
        #[repr(C)]
        pub struct Host {
            /// The host's [`ABI_MAJOR`](crate::ABI_MAJOR).
            pub abi_major: u32,
            /// The host's [`ABI_MINOR`](crate::ABI_MINOR).
            pub abi_minor: u32,
            /// The size of this table.
            pub size: usize,
            $($(#[$documentation])* pub $name: unsafe extern "C" fn(call: *mut Call, $($parameter: $kind),*) -> $returns,)+
        }

        /// For each function of [`Host`]: its name, its offset, its result and its parameters in C.
        pub(crate) const FUNCTIONS: &[(&str, usize, &str, &[&str])] = &[
            $((stringify!($name), core::mem::offset_of!(Host, $name), $c_returns, &["alas_call *", $($c),*]),)+
        ];
    };
}

host! {
    /// Lends the bytes of a text.
    text(text: Value = "alas_value", bytes: *mut *const c_char = "const char **", length: *mut usize = "size_t *") -> Status = "alas_status";
    /// Lends the elements of an array of ints.
    ints(array: Value = "alas_value", items: *mut *const i64 = "const int64_t **", length: *mut usize = "size_t *") -> Status = "alas_status";
    /// Lends the elements of an array of floats.
    floats(array: Value = "alas_value", items: *mut *const f64 = "const double **", length: *mut usize = "size_t *") -> Status = "alas_status";
    /// Lends the elements of an array of bools.
    bools(array: Value = "alas_value", items: *mut *const u8 = "const uint8_t **", length: *mut usize = "size_t *") -> Status = "alas_status";
    /// Says how many elements or entries there are.
    length(container: Value = "alas_value", length: *mut usize = "size_t *") -> Status = "alas_status";
    /// Gets an element of any array.
    array_get(array: Value = "alas_value", position: usize = "size_t", item: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Gets the value of a key.
    map_get(map: Value = "alas_value", key: *const c_char = "const char *", key_length: usize = "size_t", item: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Gets the next entry.
    map_next(map: Value = "alas_value", cursor: *mut usize = "size_t *", key: *mut Value = "alas_value *", item: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Makes a text.
    new_text(bytes: *const c_char = "const char *", length: usize = "size_t", text: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Makes an array of ints, to be filled.
    new_ints(length: usize = "size_t", items: *mut *mut i64 = "int64_t **", array: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Makes an array of floats, to be filled.
    new_floats(length: usize = "size_t", items: *mut *mut f64 = "double **", array: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Makes an array of bools, to be filled.
    new_bools(length: usize = "size_t", items: *mut *mut u8 = "uint8_t **", array: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Makes an empty array.
    new_array(capacity: usize = "size_t", array: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Appends to an array of this call.
    array_push(array: Value = "alas_value", item: Value = "alas_value") -> Status = "alas_status";
    /// Shortens an array of this call.
    array_truncate(array: Value = "alas_value", length: usize = "size_t") -> Status = "alas_status";
    /// Makes an empty map.
    new_map(capacity: usize = "size_t", map: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Stores a value in a map of this call.
    map_put(map: Value = "alas_value", key: *const c_char = "const char *", key_length: usize = "size_t", item: Value = "alas_value") -> Status = "alas_status";
    /// Notes why the function fails.
    fail(code: *const c_char = "const char *", code_length: usize = "size_t", message: *const c_char = "const char *", message_length: usize = "size_t") -> Status = "alas_status";
    /// Writes a line to the log.
    log(level: i32 = "int32_t", message: *const c_char = "const char *", length: usize = "size_t") -> Status = "alas_status";
    /// Gets a setting of the manifest.
    config(key: *const c_char = "const char *", key_length: usize = "size_t", text: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Calls a function by name.
    invoke(name: *const c_char = "const char *", name_length: usize = "size_t", arguments: *const Value = "const alas_value *", count: usize = "size_t", result: *mut Value = "alas_value *") -> Status = "alas_status";
    /// Says whether the call has to end.
    should_stop() -> i32 = "int32_t";
    /// Begins a scope.
    open_scope(scope: *mut usize = "size_t *") -> Status = "alas_status";
    /// Ends a scope.
    close_scope(scope: usize = "size_t") -> Status = "alas_status";
}
