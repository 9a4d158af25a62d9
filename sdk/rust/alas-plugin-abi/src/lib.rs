//! The C interface between ALaS and plugins in native code, as Rust types.
//!
//! This is the one definition that both sides of Rust share: the host, and the kit `alas-plugin`, which is what authors
//! of plugins use. The header `alas_plugin.h` says the same in C, and says what each function does; a test of the host
//! compares the two, field by field and signature by signature ([`layout`]).
//!
//! Nothing here allocates, calls or checks anything.
#![no_std]
#![forbid(unsafe_code)]

mod host;
pub mod layout;

use core::ffi::c_char;

pub use host::Host;

/// Another major version is another interface.
pub const ABI_MAJOR: u32 = 1;

/// A minor version only adds functions at the end of [`Host`].
pub const ABI_MINOR: u32 = 0;

/// The symbol that a plugin exports, of the type [`Entry`].
pub const ENTRY_SYMBOL: &str = "alas_plugin_entry";

/// How a function has ended: one of [`OK`], [`ERROR`], [`NOT_FOUND`].
pub type Status = i32;

/// It did what it was asked to.
pub const OK: Status = 0;

/// It failed; why was noted with the call.
pub const ERROR: Status = 1;

/// There is no such key, or no further entry. Nothing is noted.
pub const NOT_FOUND: Status = 2;

/// The kinds of values, as they stand in [`Value::tag`].
pub mod tag {
    /// No value.
    pub const VOID: u32 = 0;
    /// `true` or `false`.
    pub const BOOL: u32 = 1;
    /// A 64-bit signed integer.
    pub const INT: u32 = 2;
    /// An IEEE 754 double.
    pub const FLOAT: u32 = 3;
    /// A handle of a text.
    pub const TEXT: u32 = 4;
    /// A handle of an array.
    pub const ARRAY: u32 = 5;
    /// A handle of a map.
    pub const MAP: u32 = 6;
}

/// How important a line of the log is.
pub mod level {
    /// For whoever looks for a mistake.
    pub const DEBUG: i32 = 0;
    /// What happens.
    pub const INFO: i32 = 1;
    /// What may be wrong.
    pub const WARNING: i32 = 2;
    /// What is wrong.
    pub const ERROR: i32 = 3;
}

/// A value: a tag, and a number or a handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Value {
    /// One of [`tag`].
    pub tag: u32,
    /// The host's; zero in values that are no handles.
    pub index: u32,
    /// An int, the bits of a float, 0 or 1 for a bool; the host's in a handle.
    pub payload: u64,
}

impl Value {
    /// No value.
    pub const VOID: Self = Self { tag: tag::VOID, index: 0, payload: 0 };

    /// A bool.
    #[must_use]
    pub const fn bool(value: bool) -> Self {
        Self { tag: tag::BOOL, index: 0, payload: value as u64 }
    }

    /// An int.
    #[must_use]
    pub const fn int(value: i64) -> Self {
        Self { tag: tag::INT, index: 0, payload: value.cast_unsigned() }
    }

    /// A float.
    #[must_use]
    pub const fn float(value: f64) -> Self {
        Self { tag: tag::FLOAT, index: 0, payload: value.to_bits() }
    }
}

/// A running call. What follows the pointer is the host's.
#[derive(Debug)]
#[repr(C)]
pub struct Call {
    /// What the host offers.
    pub host: *const Host,
}

/// A function of a plugin: the call, the arguments and their number, and where the result goes.
pub type NativeFunction = unsafe extern "C-unwind" fn(
    call: *mut Call,
    arguments: *const Value,
    count: usize,
    result: *mut Value,
) -> Status;

/// A row of a plugin's table.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Function {
    /// The name in the manifest, with a zero at the end.
    pub name: *const c_char,
    /// What implements it; null is a mistake.
    pub function: Option<NativeFunction>,
    /// How many parameters it has.
    pub parameter_count: u32,
    /// 0.
    pub reserved: u32,
}

/// What a plugin says about itself. It stays valid as long as the process runs.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Descriptor {
    /// The [`ABI_MAJOR`] that the plugin was built with.
    pub abi_major: u32,
    /// The [`ABI_MINOR`] that the plugin was built with.
    pub abi_minor: u32,
    /// The size of this struct.
    pub size: usize,
    /// The module's name, with a zero at the end.
    pub module: *const c_char,
    /// The plugin's table.
    pub functions: *const Function,
    /// How many rows it has.
    pub function_count: usize,
    /// Called once, before any function.
    pub init: Option<unsafe extern "C-unwind" fn(call: *mut Call) -> Status>,
    /// Called once, after the last function.
    pub shutdown: Option<unsafe extern "C-unwind" fn()>,
}

/// What [`ENTRY_SYMBOL`] is.
pub type Entry = unsafe extern "C-unwind" fn(host: *const Host) -> *const Descriptor;

const _: () = {
    let word = size_of::<usize>();
    assert!(size_of::<Value>() == 16 && align_of::<Value>() == 8);
    assert!(size_of::<Function>() == 2 * word + 8);
    assert!(size_of::<Descriptor>() == 8 + 6 * word);
    assert!(size_of::<Host>() == 8 + 25 * word);
};
