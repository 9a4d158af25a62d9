//! `type`: the kinds of values, and conversions between them.

use alas_library::Builtin;
use alas_syntax::LONGEST_NUMBER;
use alas_value::{Kind, Number, Value};

use super::{math, read};
use crate::words::quote;
use crate::{Context, Fault, operators};

pub fn type_of(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(Value::text(arguments[0].kind().as_str()))
}

pub fn to_string(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    operators::to_text(std::mem::take(&mut arguments[0]), context.host).map(Value::Text)
}

pub fn to_int(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    const EXPECTED: &str = "an int, a float, a bool or a string";
    match &arguments[0] {
        Value::Int(value) => Ok(Value::Int(*value)),
        Value::Bool(value) => Ok(Value::Int(i64::from(*value))),
        Value::Float(value) => math::to_int(value.trunc()).map(Value::Int).ok_or_else(|| {
            let mut found = String::new();
            alas_value::write_float(*value, &mut found);
            read::impossible(
                Builtin::TypeToInt,
                &format!("takes a number within the range of the ints, found {found}"),
            )
        }),
        Value::Text(text) => int_of(Builtin::TypeToInt, text.as_str()),
        other => Err(read::wrong_kind(Builtin::TypeToInt, 0, EXPECTED, other)),
    }
}

pub fn to_float(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    const EXPECTED: &str = "an int, a float, a bool or a string";
    match &arguments[0] {
        Value::Int(value) => Ok(Value::Float(Number::Int(*value).as_float())),
        Value::Float(value) => Ok(Value::Float(*value)),
        Value::Bool(value) => Ok(Value::Float(f64::from(u8::from(*value)))),
        Value::Text(text) => float_of(Builtin::TypeToFloat, text.as_str()),
        other => Err(read::wrong_kind(Builtin::TypeToFloat, 0, EXPECTED, other)),
    }
}

pub fn parse_int(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    int_of(Builtin::TypeParseInt, read::text(Builtin::TypeParseInt, arguments, 0)?.as_str())
}

pub fn parse_float(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    float_of(Builtin::TypeParseFloat, read::text(Builtin::TypeParseFloat, arguments, 0)?.as_str())
}

fn check_length(builtin: Builtin, text: &str) -> Result<(), Fault> {
    if text.len() <= LONGEST_NUMBER {
        return Ok(());
    }
    let message = format!("takes a string of up to {LONGEST_NUMBER} bytes, found one of {}", text.len());
    Err(read::impossible(builtin, &message))
}

/// The int that a text holds: decimal digits with an optional sign.
fn int_of(builtin: Builtin, text: &str) -> Result<Value, Fault> {
    check_length(builtin, text)?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(read::impossible(builtin, &format!("found no int in the string {}", quote(text))));
    }
    text.parse().map(Value::Int).map_err(|_| {
        read::impossible(
            builtin,
            &format!("found a number outside the range of the ints in the string {}", quote(text)),
        )
    })
}

/// The float that a text holds: decimal, or one of the three names that floats without digits have.
fn float_of(builtin: Builtin, text: &str) -> Result<Value, Fault> {
    check_length(builtin, text)?;
    let parsed = match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        // The library also knows `inf`, `nan` and the like; no decimal number begins with such a letter.
        text if text
            .trim_start_matches(['+', '-'])
            .starts_with(|first: char| first.is_ascii_alphabetic()) =>
        {
            None
        }
        text => alas_syntax::parse_float(text),
    };
    parsed
        .map(Value::Float)
        .ok_or_else(|| read::impossible(builtin, &format!("found no number in the string {}", quote(text))))
}

/// Defines the functions that ask for a kind.
macro_rules! questions {
    ($($name:ident $kind:ident;)+) => {$(
        pub fn $name(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
            Ok(Value::Bool(arguments[0].kind() == Kind::$kind))
        }
    )+};
}

questions! {
    is_int Int;
    is_float Float;
    is_string Text;
    is_bool Bool;
    is_array Array;
    is_map Map;
    is_void Void;
}
