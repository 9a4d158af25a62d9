//! Reads the arguments of a standard function, each checked for its kind.
//!
//! The name of the function and of the parameter for the message of a failure come from the library's table.

use alas_library::Builtin;
use alas_value::{Array, Key, Map, Number, Text, Value};

use crate::{ErrorCode, Fault, operators};

/// Defines a reader that borrows, and one that takes the value out of the slice, for a kind of heap object.
macro_rules! readers {
    ($($borrow:ident $take:ident $variant:ident $type:ty, $expected:literal, $word:literal;)+) => {$(
        #[doc = concat!("The ", $word, " at a position.")]
        #[inline]
        pub fn $borrow(builtin: Builtin, arguments: &[Value], position: usize) -> Result<&$type, Fault> {
            match &arguments[position] {
                Value::$variant(value) => Ok(value),
                other => Err(wrong_kind(builtin, position, $expected, other)),
            }
        }

        #[doc = concat!("The ", $word, " at a position, owned.")]
        #[inline]
        pub fn $take(builtin: Builtin, arguments: &mut [Value], position: usize) -> Result<$type, Fault> {
            match std::mem::take(&mut arguments[position]) {
                Value::$variant(value) => Ok(value),
                other => Err(wrong_kind(builtin, position, $expected, &other)),
            }
        }
    )+};
}

readers! {
    text take_text Text Text, "a string", "string";
    array take_array Array Array, "an array", "array";
    map take_map Map Map, "a map", "map";
}

/// The int at a position.
#[inline]
pub fn int(builtin: Builtin, arguments: &[Value], position: usize) -> Result<i64, Fault> {
    match &arguments[position] {
        Value::Int(value) => Ok(*value),
        other => Err(wrong_kind(builtin, position, "an int", other)),
    }
}

/// The number at a position.
#[inline]
pub fn number(builtin: Builtin, arguments: &[Value], position: usize) -> Result<Number, Fault> {
    let value = &arguments[position];
    value.as_number().ok_or_else(|| wrong_kind(builtin, position, "a number", value))
}

/// The number at a position as a float.
#[inline]
pub fn float(builtin: Builtin, arguments: &[Value], position: usize) -> Result<f64, Fault> {
    number(builtin, arguments, position).map(Number::as_float)
}

/// The key of a map at a position.
#[inline]
pub fn key(builtin: Builtin, arguments: &[Value], position: usize) -> Result<Key, Fault> {
    let value = &arguments[position];
    operators::key_of(value).map_err(|_| wrong_kind(builtin, position, "a string, int, float or bool", value))
}

/// The argument at a position, taken out; `None` when the call left it out.
#[inline]
pub fn take_optional(arguments: &mut [Value], position: usize) -> Option<Value> {
    arguments.get_mut(position).map(std::mem::take)
}

/// The error of an argument of the wrong kind: "`array.get` takes an int as its index, found a string".
#[cold]
pub fn wrong_kind(builtin: Builtin, position: usize, expected: &str, found: &Value) -> Fault {
    let found = found.kind().describe();
    let parameters = &builtin.signature().parameters;
    let role = match parameters.get(position).map_or("", |parameter| parameter.name) {
        letter if letter.len() == 1 => format!("its argument `{letter}`"),
        name => format!("its {name}"),
    };
    let message = format!("`{}` takes {expected} as {role}, found {found}", builtin.row().name);
    Fault::new(ErrorCode::TypeError, message)
}

/// The error of a value that the function cannot use; the text goes on after the function's name.
#[cold]
pub fn impossible(builtin: Builtin, text: &str) -> Fault {
    Fault::new(ErrorCode::ValueError, format!("`{}` {text}", builtin.row().name))
}
