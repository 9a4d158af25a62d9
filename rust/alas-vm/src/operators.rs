//! What the operators do to dynamic values.
//!
//! The machine calls these where the types of operands are not known before the program runs; where they are, it has
//! instructions of its own and shares the helpers for ints and floats.

use std::cmp::Ordering;

use alas_syntax::{BinaryOperator, UnaryOperator};
use alas_value::{Array, Bounds, Key, Number, Text, Value, write_float, write_text_within};

use crate::comparing::{equal, find, order};
use crate::copying::{append, concatenate, join};
use crate::words::{no_such_key, outside_array, outside_text};
use crate::{ErrorCode, Fault, Host, copying, size};

/// Applies an operator to two values.
///
/// `&&` and `||` yield the bool of both truths; whoever must not evaluate the right side decides that before.
///
/// # Errors
///
/// `type_error` for operands that the operator does not take, `division_by_zero`, and `memory_limit_exceeded` for a
/// text or an array that would be too large, and what the host stops the program with while a long text is made.
#[inline]
pub fn binary(operator: BinaryOperator, left: Value, right: Value, host: &Host) -> Result<Value, Fault> {
    match operator {
        BinaryOperator::Add => add(left, right, host),
        BinaryOperator::Subtract
        | BinaryOperator::Multiply
        | BinaryOperator::Divide
        | BinaryOperator::Remainder => arithmetic(operator, &left, &right),
        BinaryOperator::Equal => equal(&left, &right, host).map(Value::Bool),
        BinaryOperator::NotEqual => equal(&left, &right, host).map(|equal| Value::Bool(!equal)),
        BinaryOperator::Less
        | BinaryOperator::LessOrEqual
        | BinaryOperator::Greater
        | BinaryOperator::GreaterOrEqual => compare(operator, &left, &right, host),
        BinaryOperator::And => Ok(Value::Bool(left.truth() && right.truth())),
        BinaryOperator::Or => Ok(Value::Bool(left.truth() || right.truth())),
    }
}

/// Applies an operator to one value.
///
/// # Errors
///
/// `type_error` for the negative of what is not a number.
#[inline]
pub fn unary(operator: UnaryOperator, operand: &Value) -> Result<Value, Fault> {
    match (operator, operand) {
        (UnaryOperator::Not, value) => Ok(Value::Bool(!value.truth())),
        (UnaryOperator::Negate, Value::Int(value)) => Ok(Value::Int(value.wrapping_neg())),
        (UnaryOperator::Negate, Value::Float(value)) => Ok(Value::Float(-value)),
        (UnaryOperator::Negate, other) => {
            let message = format!("unary `-` takes a number, found {}", other.kind().describe());
            Err(Fault::new(ErrorCode::TypeError, message))
        }
    }
}

/// `left + right`: the left operand grows in place when nobody else holds it.
fn add(left: Value, right: Value, host: &Host) -> Result<Value, Fault> {
    match (left, right) {
        (Value::Int(left), Value::Int(right)) => Ok(Value::Int(left.wrapping_add(right))),
        (Value::Text(left), Value::Text(right)) => append(left, right.as_str(), host).map(Value::Text),
        (Value::Text(left), right) => {
            let right = written(&right, host)?;
            append(left, &right, host).map(Value::Text)
        }
        (left, Value::Text(right)) => {
            let left = written(&left, host)?;
            size::check(left.len() + right.as_str().len())?;
            join(&left, right.as_str(), host).map(Value::Text)
        }
        (Value::Array(left), Value::Array(right)) => concatenate(left, right, host).map(Value::Array),
        (left, right) => match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => Ok(Value::Float(left.as_float() + right.as_float())),
            _ => Err(wrong_kinds("+", "two numbers, two arrays, or a string and any value", &left, &right)),
        },
    }
}

fn arithmetic(operator: BinaryOperator, left: &Value, right: &Value) -> Result<Value, Fault> {
    match (left.as_number(), right.as_number()) {
        (Some(Number::Int(left)), Some(Number::Int(right))) => {
            arithmetic_of_ints(operator, left, right).map(Value::Int)
        }
        (Some(left), Some(right)) => {
            arithmetic_of_floats(operator, left.as_float(), right.as_float()).map(Value::Float)
        }
        _ => Err(wrong_kinds(operator.symbol(), "two numbers", left, right)),
    }
}

fn arithmetic_of_ints(operator: BinaryOperator, left: i64, right: i64) -> Result<i64, Fault> {
    match operator {
        BinaryOperator::Subtract => Ok(left.wrapping_sub(right)),
        BinaryOperator::Multiply => Ok(left.wrapping_mul(right)),
        BinaryOperator::Divide => divide_int(left, right),
        BinaryOperator::Remainder => remainder_int(left, right),
        other => unreachable!("`{}` is no arithmetic operator", other.symbol()),
    }
}

fn arithmetic_of_floats(operator: BinaryOperator, left: f64, right: f64) -> Result<f64, Fault> {
    match operator {
        BinaryOperator::Subtract => Ok(left - right),
        BinaryOperator::Multiply => Ok(left * right),
        BinaryOperator::Divide => divide_float(left, right),
        BinaryOperator::Remainder => remainder_float(left, right),
        other => unreachable!("`{}` is no arithmetic operator", other.symbol()),
    }
}

/// The quotient without its fraction; that of the smallest int and -1 wraps.
///
/// # Errors
///
/// `division_by_zero`
#[inline]
pub fn divide_int(left: i64, right: i64) -> Result<i64, Fault> {
    if right == 0 { Err(division_by_zero("/")) } else { Ok(left.wrapping_div(right)) }
}

/// The remainder, with the sign of the left operand.
///
/// # Errors
///
/// `division_by_zero`
#[inline]
pub fn remainder_int(left: i64, right: i64) -> Result<i64, Fault> {
    if right == 0 { Err(division_by_zero("%")) } else { Ok(left.wrapping_rem(right)) }
}

/// The quotient.
///
/// # Errors
///
/// `division_by_zero`, for either zero.
#[inline]
pub fn divide_float(left: f64, right: f64) -> Result<f64, Fault> {
    if right == 0.0 { Err(division_by_zero("/")) } else { Ok(left / right) }
}

/// The remainder, with the sign of the left operand.
///
/// # Errors
///
/// `division_by_zero`, for either zero.
#[inline]
pub fn remainder_float(left: f64, right: f64) -> Result<f64, Fault> {
    if right == 0.0 { Err(division_by_zero("%")) } else { Ok(left % right) }
}

#[cold]
fn division_by_zero(symbol: &str) -> Fault {
    Fault::new(ErrorCode::DivisionByZero, format!("the right operand of `{symbol}` is zero"))
}

/// Which of two numbers or two texts comes first.
pub(crate) fn compare(
    operator: BinaryOperator,
    left: &Value,
    right: &Value,
    host: &Host,
) -> Result<Value, Fault> {
    let comparable = matches!((left, right), (Value::Text(_), Value::Text(_)))
        || (left.as_number().is_some() && right.as_number().is_some());
    if !comparable {
        return Err(wrong_kinds(operator.symbol(), "two numbers or two strings", left, right));
    }
    // Without an order, that is with a NaN, every comparison is false.
    let holds = order(left, right, host)?.is_some_and(|order| match operator {
        BinaryOperator::Less => order == Ordering::Less,
        BinaryOperator::LessOrEqual => order != Ordering::Greater,
        BinaryOperator::Greater => order == Ordering::Greater,
        BinaryOperator::GreaterOrEqual => order != Ordering::Less,
        other => unreachable!("`{}` does not compare", other.symbol()),
    });
    Ok(Value::Bool(holds))
}

#[cold]
fn wrong_kinds(symbol: &str, expected: &str, left: &Value, right: &Value) -> Fault {
    let (left, right) = (left.kind().describe(), right.kind().describe());
    Fault::new(ErrorCode::TypeError, format!("`{symbol}` takes {expected}, found {left} and {right}"))
}

/// `object[index]`: an element of an array, a character of a string, or an entry of a map.
///
/// # Errors
///
/// `type_error`, `index_out_of_bounds`, `key_not_found`, and what the host stops the program with.
#[inline]
pub fn index(object: &Value, index: &Value, host: &Host) -> Result<Value, Fault> {
    match (object, index) {
        (Value::Array(array), Value::Int(position)) => element(array, *position),
        (Value::Text(text), Value::Int(position)) => character(text, *position, host).map(Value::text),
        (Value::Map(map), index) => {
            let key = key_of(index)?;
            find(map, key.as_ref(), host)?.cloned().ok_or_else(|| no_such_key(&key.to_text()))
        }
        (Value::Array(_) | Value::Text(_), other) => {
            let (object, found) = (object.kind().describe(), other.kind().describe());
            Err(Fault::new(ErrorCode::TypeError, format!("{object} is indexed by an int, found {found}")))
        }
        (other, _) => {
            let found = other.kind().describe();
            let message = format!("only arrays, strings and maps can be indexed, found {found}");
            Err(Fault::new(ErrorCode::TypeError, message))
        }
    }
}

/// The element at a position.
///
/// # Errors
///
/// `index_out_of_bounds`
#[inline]
pub fn element(array: &Array, position: i64) -> Result<Value, Fault> {
    let found = usize::try_from(position).ok().and_then(|position| array.get(position));
    found.ok_or_else(|| outside_array(position, array.len()))
}

/// The character at a position.
///
/// # Errors
///
/// `index_out_of_bounds`, and what the host stops the program with.
#[inline]
pub fn character<'t>(text: &'t Text, position: i64, host: &Host) -> Result<&'t str, Fault> {
    let found = usize::try_from(position).ok().filter(|position| *position < text.characters());
    let found = match found {
        Some(position) => text.slice_in_pieces(position, position + 1, &mut || host.poll())?,
        None => None,
    };
    found.ok_or_else(|| outside_text(position, text.characters()))
}

/// `object.name`: a map's entry.
///
/// # Errors
///
/// `type_error` when the object is no map, `key_not_found`.
#[inline]
pub fn field(object: &Value, name: &Key) -> Result<Value, Fault> {
    match object {
        // The name may be a constant that threads share: it is copied, because its count is not theirs to change.
        Value::Map(map) => {
            map.get(name).cloned().ok_or_else(|| no_such_key(&Text::new(&name.as_ref().to_string())))
        }
        other => {
            let found = other.kind().describe();
            let message = format!("only maps have fields: `.{}` found {found}", name.as_ref());
            Err(Fault::new(ErrorCode::TypeError, message))
        }
    }
}

/// The key of a map that a value stands for: a string, or the text of an int, float or bool.
///
/// # Errors
///
/// `type_error` for any other kind.
#[inline]
pub fn key_of(value: &Value) -> Result<Key, Fault> {
    match value {
        Value::Text(text) => Ok(Key::from_text(text.clone())),
        Value::Int(value) => Ok(Key::Int(*value)),
        Value::Float(value) => {
            let mut text = String::new();
            write_float(*value, &mut text);
            Ok(Key::from_text(Text::new(&text)))
        }
        Value::Bool(value) => Ok(Key::Text(Text::new(if *value { "true" } else { "false" }))),
        other => {
            let found = other.kind().describe();
            Err(Fault::new(
                ErrorCode::TypeError,
                format!("a key is a string, int, float or bool, found {found}"),
            ))
        }
    }
}

/// The text of a value; a string is itself.
///
/// # Errors
///
/// `memory_limit_exceeded` when the text would be too long, and what the host stops the program with meanwhile.
pub fn to_text(value: Value, host: &Host) -> Result<Text, Fault> {
    match value {
        Value::Text(text) => Ok(text),
        other => copying::text(&written(&other, host)?, host),
    }
}

/// The text of a value that is not a string.
fn written(value: &Value, host: &Host) -> Result<String, Fault> {
    let mut out = String::new();
    let mut stopped = None;
    let mut watch = || {
        stopped = host.poll().err();
        stopped.is_none()
    };
    let mut bounds = Bounds { depth: usize::MAX, length: size::most(), watch: &mut watch };
    let finished = write_text_within(value, &mut bounds, &mut out);
    match finished {
        Ok(()) => Ok(out),
        Err(_) => Err(stopped.unwrap_or_else(size::too_long)),
    }
}

#[cfg(test)]
mod tests;
