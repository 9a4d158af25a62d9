//! Where everything stands, for comparing these types with the header in C.

use core::mem::offset_of;

use crate::{Descriptor, Function, Host, Value, host, level, tag};

/// A struct: its name in C, its size, and the name and offset of each of its fields.
pub type Struct = (&'static str, usize, &'static [(&'static str, usize)]);

/// The structs, apart from the functions of the host.
pub const STRUCTS: &[Struct] = &[
    (
        "alas_value",
        size_of::<Value>(),
        &[
            ("tag", offset_of!(Value, tag)),
            ("index", offset_of!(Value, index)),
            ("as_int", offset_of!(Value, payload)),
            ("as_float", offset_of!(Value, payload)),
            ("as_bool", offset_of!(Value, payload)),
            ("handle", offset_of!(Value, payload)),
        ],
    ),
    (
        "alas_function",
        size_of::<Function>(),
        &[
            ("name", offset_of!(Function, name)),
            ("function", offset_of!(Function, function)),
            ("parameter_count", offset_of!(Function, parameter_count)),
            ("reserved", offset_of!(Function, reserved)),
        ],
    ),
    (
        "alas_descriptor",
        size_of::<Descriptor>(),
        &[
            ("abi_major", offset_of!(Descriptor, abi_major)),
            ("abi_minor", offset_of!(Descriptor, abi_minor)),
            ("size", offset_of!(Descriptor, size)),
            ("module", offset_of!(Descriptor, module)),
            ("functions", offset_of!(Descriptor, functions)),
            ("function_count", offset_of!(Descriptor, function_count)),
            ("init", offset_of!(Descriptor, init)),
            ("shutdown", offset_of!(Descriptor, shutdown)),
        ],
    ),
    (
        "alas_host",
        size_of::<Host>(),
        &[
            ("abi_major", offset_of!(Host, abi_major)),
            ("abi_minor", offset_of!(Host, abi_minor)),
            ("size", offset_of!(Host, size)),
        ],
    ),
];

/// The functions of the host: name, offset, result and parameters in C.
pub const HOST_FUNCTIONS: &[(&str, usize, &str, &[&str])] = host::FUNCTIONS;

/// Other types in C that a plugin's functions have: name, result and parameters.
pub const FUNCTION_TYPES: &[(&str, &str, &[&str])] = &[
    ("alas_native_function", "alas_status", &["alas_call *", "const alas_value *", "size_t", "alas_value *"]),
    ("alas_entry", "const alas_descriptor *", &["const alas_host *"]),
];

/// The constants.
pub const CONSTANTS: &[(&str, i64)] = &[
    ("ALAS_ABI_MAJOR", crate::ABI_MAJOR as i64),
    ("ALAS_ABI_MINOR", crate::ABI_MINOR as i64),
    ("ALAS_OK", crate::OK as i64),
    ("ALAS_ERROR", crate::ERROR as i64),
    ("ALAS_NOT_FOUND", crate::NOT_FOUND as i64),
    ("ALAS_VOID", tag::VOID as i64),
    ("ALAS_BOOL", tag::BOOL as i64),
    ("ALAS_INT", tag::INT as i64),
    ("ALAS_FLOAT", tag::FLOAT as i64),
    ("ALAS_TEXT", tag::TEXT as i64),
    ("ALAS_ARRAY", tag::ARRAY as i64),
    ("ALAS_MAP", tag::MAP as i64),
    ("ALAS_LOG_DEBUG", level::DEBUG as i64),
    ("ALAS_LOG_INFO", level::INFO as i64),
    ("ALAS_LOG_WARNING", level::WARNING as i64),
    ("ALAS_LOG_ERROR", level::ERROR as i64),
];
