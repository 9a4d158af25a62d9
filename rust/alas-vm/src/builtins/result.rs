//! `result`: Results, by which programs and functions tell success from failure.
//!
//! A Result is a map `{ok, value, error}`. Results that other functions make may hold more and other entries; what makes
//! a map a Result is a bool under `ok`.

use alas_library::Builtin;
use alas_value::{Key, Map, Text, Value};

use super::read;
use crate::words::quote;
use crate::{Context, ErrorCode, Fault, operators};

/// The Result of a success.
pub fn success(value: Value) -> Value {
    build(true, value, Text::new(""))
}

/// The Result of a failure, without a code.
pub fn failure(message: Text) -> Value {
    build(false, Value::Void, message)
}

/// The Result that an error was turned into.
pub fn failure_with_code(message: &str, code: &str) -> Value {
    Value::Map(failed(message, code))
}

/// The same, to be added to.
pub fn failed(message: &str, code: &str) -> Map {
    let mut result = map(false, Value::Void, Text::new(message));
    result.put(name("code"), Value::text(code));
    result
}

/// The Result of a success, to be added to.
pub fn succeeded_with(value: Value) -> Map {
    map(true, value, Text::new(""))
}

fn build(ok: bool, value: Value, error: Text) -> Value {
    Value::Map(map(ok, value, error))
}

fn map(ok: bool, value: Value, error: Text) -> Map {
    let mut result = Map::with_capacity(4);
    result.put(name("ok"), Value::Bool(ok));
    result.put(name("value"), value);
    result.put(name("error"), Value::Text(error));
    result
}

fn name(name: &str) -> Key {
    Key::Text(Text::new(name))
}

pub fn ok(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(success(std::mem::take(&mut arguments[0])))
}

pub fn error(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(failure(read::take_text(Builtin::ResultError, arguments, 0)?))
}

pub fn is_ok(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    succeeded(Builtin::ResultIsOk, read::map(Builtin::ResultIsOk, arguments, 0)?).map(Value::Bool)
}

pub fn is_error(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let ok = succeeded(Builtin::ResultIsError, read::map(Builtin::ResultIsError, arguments, 0)?)?;
    Ok(Value::Bool(!ok))
}

pub fn get_value(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::ResultGetValue;
    let result = read::map(builtin, arguments, 0)?;
    if !succeeded(builtin, result)? {
        let message = match result.get(&name("error")) {
            Some(error) => operators::to_text(error.clone(), context.host)?,
            None => Text::new(""),
        };
        // The message of the failure is the point here, so that it stays as it is.
        let message =
            if message.as_str().is_empty() { "a failure without a message" } else { message.as_str() };
        return Err(Fault::new(ErrorCode::ValueError, message));
    }
    let value = result.get(&name("value")).cloned();
    value.ok_or_else(|| read::impossible(builtin, "found a success without an entry `value`"))
}

pub fn get_error(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::ResultGetError;
    let result = read::map(builtin, arguments, 0)?;
    if succeeded(builtin, result)? {
        return Err(read::impossible(builtin, "takes a failure, found a success"));
    }
    match result.get(&name("error")) {
        Some(Value::Text(error)) => Ok(Value::Text(error.clone())),
        _ => Err(read::impossible(builtin, "found a failure without a string under `error`")),
    }
}

/// Whether a Result is a success.
fn succeeded(builtin: Builtin, result: &Map) -> Result<bool, Fault> {
    if let Some(Value::Bool(ok)) = result.get(&name("ok")) {
        return Ok(*ok);
    }
    let keys: Vec<String> = result.iter().take(4).map(|(key, _)| quote(key.to_text().as_str())).collect();
    let keys =
        if keys.is_empty() { "no entries".to_owned() } else { format!("the keys {}", keys.join(", ")) };
    Err(read::impossible(builtin, &format!("takes a Result, a map with a bool under `ok`, found {keys}")))
}
