//! `array`: arrays, with fast paths for packed ones.

use std::cmp::Ordering;

use alas_library::Builtin;
use alas_value::{Array, Elements, Number, Value, compare_numbers};

use super::{PIECE, POLL_EVERY, Work, read, sort};
use crate::words::{outside_array, plural};
use crate::{Context, ErrorCode, Fault, changing, comparing, copying, size};

pub fn get(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let position = read::int(Builtin::ArrayGet, arguments, 1)?;
    let array = read::array(Builtin::ArrayGet, arguments, 0)?;
    let found = usize::try_from(position).ok().and_then(|position| array.get(position));
    let length = array.len();
    found.or_else(|| read::take_optional(arguments, 2)).ok_or_else(|| outside_array(position, length))
}

pub fn set(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let mut array = read::take_array(Builtin::ArraySet, arguments, 0)?;
    let position = place(read::int(Builtin::ArraySet, arguments, 1)?, &array)?;
    let value = std::mem::take(&mut arguments[2]);
    size::check_set(&array, &value)?;
    copying::own_with(&mut array, &value, context.host)?;
    array.update(|elements| elements.set(position, value));
    Ok(Value::Array(array))
}

pub fn push(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    push_as(context, Builtin::ArrayPush, arguments)
}

/// `array.push`, and `collections.append`.
#[inline]
pub fn push_as(context: &mut Context<'_>, builtin: Builtin, arguments: &mut [Value]) -> Result<Value, Fault> {
    let mut array = read::take_array(builtin, arguments, 0)?;
    let value = std::mem::take(&mut arguments[1]);
    size::check_push(&array, &value)?;
    copying::own_with(&mut array, &value, context.host)?;
    array.push(value);
    Ok(Value::Array(array))
}

pub fn pop(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let mut array = read::take_array(Builtin::ArrayPop, arguments, 0)?;
    if array.is_empty() {
        return Err(Fault::new(
            ErrorCode::IndexOutOfBounds,
            "`array.pop` needs at least one element, the array is empty",
        ));
    }
    size::check_room(array.copy_size())?;
    copying::own(&mut array, context.host)?;
    array.update(Elements::pop);
    Ok(Value::Array(array))
}

pub fn insert(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let mut array = read::take_array(Builtin::ArrayInsert, arguments, 0)?;
    let position = read::int(Builtin::ArrayInsert, arguments, 1)?;
    let allowed = usize::try_from(position).ok().filter(|position| *position <= array.len());
    let Some(position) = allowed else {
        let message = format!(
            "position {position} is neither inside nor right behind an array of {} element{}",
            array.len(),
            plural(array.len())
        );
        return Err(Fault::new(ErrorCode::IndexOutOfBounds, message));
    };
    let value = std::mem::take(&mut arguments[2]);
    size::check_push(&array, &value)?;
    changing::insert(&mut array, position, value, context.host)?;
    Ok(Value::Array(array))
}

pub fn remove(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    remove_as(context, Builtin::ArrayRemove, arguments)
}

/// `array.remove`, and `collections.remove`.
pub fn remove_as(
    context: &mut Context<'_>,
    builtin: Builtin,
    arguments: &mut [Value],
) -> Result<Value, Fault> {
    let mut array = read::take_array(builtin, arguments, 0)?;
    let position = place(read::int(builtin, arguments, 1)?, &array)?;
    size::check_room(array.copy_size())?;
    changing::remove(&mut array, position, context.host)?;
    Ok(Value::Array(array))
}

/// A position of an element that exists.
fn place(position: i64, array: &Array) -> Result<usize, Fault> {
    let inside = usize::try_from(position).ok().filter(|position| *position < array.len());
    inside.ok_or_else(|| outside_array(position, array.len()))
}

pub fn concat(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let right = read::take_array(Builtin::ArrayConcat, arguments, 1)?;
    let left = read::take_array(Builtin::ArrayConcat, arguments, 0)?;
    copying::concatenate(left, right, context.host).map(Value::Array)
}

pub fn slice(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    slice_as(context, Builtin::ArraySlice, arguments)
}

/// `array.slice`, and `collections.slice` of an array.
pub fn slice_as(
    context: &mut Context<'_>,
    builtin: Builtin,
    arguments: &mut [Value],
) -> Result<Value, Fault> {
    let array = read::take_array(builtin, arguments, 0)?;
    let (start, end) = bounds(builtin, arguments, array.len())?;
    if (start, end) == (0, array.len()) {
        return Ok(Value::Array(array));
    }
    size::check_count(end - start, array.elements().bytes_each())?;
    Ok(Value::Array(Array::new(copying::slice(array.elements(), start..end, context.host)?)))
}

/// The start and end of a slice: the arguments behind the sequence.
pub fn bounds(builtin: Builtin, arguments: &[Value], length: usize) -> Result<(usize, usize), Fault> {
    let start = read::int(builtin, arguments, 1)?;
    let end = if arguments.len() > 2 { Some(read::int(builtin, arguments, 2)?) } else { None };
    let first = usize::try_from(start).ok();
    let last = end.map_or(Some(length), |end| usize::try_from(end).ok());
    match (first, last) {
        (Some(first), Some(last)) if first <= last && last <= length => Ok((first, last)),
        _ => {
            let end = end.map_or_else(|| "the end".to_owned(), |end| end.to_string());
            let message = format!("a slice from {start} to {end} does not fit a length of {length}");
            Err(Fault::new(ErrorCode::IndexOutOfBounds, message))
        }
    }
}

pub fn reverse(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let mut array = read::take_array(Builtin::ArrayReverse, arguments, 0)?;
    size::check_room(array.copy_size())?;
    changing::reverse(&mut array, context.host)?;
    Ok(Value::Array(array))
}

pub fn fill(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let count = read::int(Builtin::ArrayFill, arguments, 0)?;
    let Ok(count) = usize::try_from(count) else {
        return Err(read::impossible(Builtin::ArrayFill, &format!("takes a count from 0, found {count}")));
    };
    Ok(Value::Array(Array::new(match std::mem::take(&mut arguments[1]) {
        Value::Int(value) => Elements::Int(filled(context, count, &value)?),
        Value::Float(value) => Elements::Float(filled(context, count, &value)?),
        Value::Bool(value) => Elements::Bool(filled(context, count, &value)?),
        value => Elements::Any(filled(context, count, &value)?),
    })))
}

fn filled<T: Clone>(context: &mut Context<'_>, count: usize, value: &T) -> Result<Vec<T>, Fault> {
    let mut items = size::vector(count)?;
    while items.len() < count {
        context.poll()?;
        items.resize((items.len() + PIECE).min(count), value.clone());
    }
    Ok(items)
}

pub fn range(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let start = read::int(Builtin::ArrayRange, arguments, 0)?;
    let end = read::int(Builtin::ArrayRange, arguments, 1)?;
    let step = if arguments.len() > 2 { read::int(Builtin::ArrayRange, arguments, 2)? } else { 1 };
    let count = match step {
        0 => return Err(read::impossible(Builtin::ArrayRange, "takes a step other than 0")),
        1.. if start < end => start.abs_diff(end).div_ceil(step.unsigned_abs()),
        ..0 if start > end => start.abs_diff(end).div_ceil(step.unsigned_abs()),
        _ => 0,
    };
    let count = usize::try_from(count).map_err(|_| size::too_large())?;
    let mut items: Vec<i64> = size::vector(count)?;
    let mut next = start;
    while items.len() < count {
        context.poll()?;
        let piece = (count - items.len()).min(PIECE);
        // All items lie between start and end; only the one behind the last may wrap, and that one is not used.
        items.extend((0_i64..).take(piece).map(|number| next.wrapping_add(number.wrapping_mul(step))));
        next = items.last().map_or(start, |last| last.wrapping_add(step));
    }
    Ok(Value::Array(Array::from(items)))
}

pub fn sum(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let array = read::array(Builtin::ArraySum, arguments, 0)?;
    match array.elements() {
        Elements::Int(items) => {
            let mut sum = 0_i64;
            for piece in items.chunks(PIECE) {
                context.poll()?;
                sum = piece.iter().fold(sum, |sum, item| sum.wrapping_add(*item));
            }
            Ok(Value::Int(sum))
        }
        Elements::Float(items) if !items.is_empty() => {
            let mut sum = 0.0;
            for piece in items.chunks(PIECE) {
                context.poll()?;
                sum = piece.iter().fold(sum, |sum, item| sum + item);
            }
            Ok(Value::Float(sum))
        }
        elements => sum_dynamic(context, elements),
    }
}

fn sum_dynamic(context: &mut Context<'_>, elements: &Elements) -> Result<Value, Fault> {
    let mut sum = Number::Int(0);
    for position in 0..elements.len() {
        if position.is_multiple_of(POLL_EVERY) {
            context.poll()?;
        }
        let item = elements.get(position).unwrap_or_default();
        sum = match (sum, item.as_number()) {
            (Number::Int(sum), Some(Number::Int(item))) => Number::Int(sum.wrapping_add(item)),
            (sum, Some(item)) => Number::Float(sum.as_float() + item.as_float()),
            (_, None) => return Err(wrong_element(Builtin::ArraySum, "numbers", &item, position)),
        };
    }
    Ok(match sum {
        Number::Int(sum) => Value::Int(sum),
        Number::Float(sum) => Value::Float(sum),
    })
}

/// The error of an element of the wrong kind.
#[cold]
pub fn wrong_element(builtin: Builtin, expected: &str, found: &Value, position: usize) -> Fault {
    let found = found.kind().describe();
    let message = format!(
        "`{}` takes an array of {expected}, found {found} at position {position}",
        builtin.row().name
    );
    Fault::new(ErrorCode::TypeError, message)
}

pub fn sort(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let mut array = read::take_array(Builtin::ArraySort, arguments, 0)?;
    let order = Order::of(Builtin::ArraySort, context, array.elements())?;
    if array.len() < 2 {
        return Ok(Value::Array(array));
    }
    size::check_room(array.copy_size())?;
    copying::own(&mut array, context.host)?;
    let sorted = match array.into_elements() {
        Elements::Int(items) => Elements::Int(sort::sorted(context, items)?),
        Elements::Float(items) => Elements::Float(sort::sorted(context, items)?),
        Elements::Any(items) if order == Order::Texts => Elements::Any(sort::texts(context, items)?),
        Elements::Any(items) => Elements::Any(sort::sorted(context, items)?),
        elements @ Elements::Bool(_) => elements,
    };
    Ok(Value::Array(Array::new(sorted)))
}

/// What all elements of an array are, so that they have an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Numbers,
    Texts,
}

impl Order {
    fn of(builtin: Builtin, context: &mut Context<'_>, elements: &Elements) -> Result<Self, Fault> {
        const EXPECTED: &str = "numbers or of strings";
        let items = match elements {
            Elements::Int(_) | Elements::Float(_) => return Ok(Self::Numbers),
            Elements::Bool(items) => match items.first() {
                None => return Ok(Self::Numbers),
                Some(first) => return Err(wrong_element(builtin, EXPECTED, &Value::Bool(*first), 0)),
            },
            Elements::Any(items) => items,
        };
        let order = if matches!(items.first(), Some(Value::Text(_))) { Self::Texts } else { Self::Numbers };
        for (position, item) in items.iter().enumerate() {
            if position.is_multiple_of(POLL_EVERY) {
                context.poll()?;
            }
            let expected = match (order, item) {
                (Self::Texts, Value::Text(_)) | (Self::Numbers, Value::Int(_) | Value::Float(_)) => continue,
                _ if position == 0 => EXPECTED,
                (Self::Texts, _) => "strings",
                (Self::Numbers, _) => "numbers",
            };
            return Err(wrong_element(builtin, expected, item, position));
        }
        Ok(order)
    }
}

/// The order of `array.sort`: NaN comes last.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "sorting compares by reference")]
pub fn compare_floats(left: &f64, right: &f64) -> Ordering {
    left.partial_cmp(right).unwrap_or_else(|| left.is_nan().cmp(&right.is_nan()))
}

/// The order of `array.sort` for values that were found to be all numbers or all texts.
pub fn compare_dynamic(left: &Value, right: &Value) -> Ordering {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) if left.is_same(right) => Ordering::Equal,
        (Value::Text(left), Value::Text(right)) => left.as_str().cmp(right.as_str()),
        _ => match (left.as_number(), right.as_number()) {
            (Some(left), Some(right)) => compare_numbers(left, right)
                .unwrap_or_else(|| left.as_float().is_nan().cmp(&right.as_float().is_nan())),
            _ => Ordering::Equal,
        },
    }
}

pub fn min(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    extreme(Builtin::ArrayMin, context, arguments, Ordering::Less)
}

pub fn max(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    extreme(Builtin::ArrayMax, context, arguments, Ordering::Greater)
}

/// The first element that no other one precedes in the wanted direction.
fn extreme(
    builtin: Builtin,
    context: &mut Context<'_>,
    arguments: &[Value],
    wanted: Ordering,
) -> Result<Value, Fault> {
    let array = read::array(builtin, arguments, 0)?;
    if array.is_empty() {
        return Err(read::impossible(builtin, "needs at least one element, the array is empty"));
    }
    Order::of(builtin, context, array.elements())?;
    match array.elements() {
        Elements::Int(items) => first_extreme(context, items, wanted, i64::cmp).map(Value::Int),
        Elements::Float(items) => first_extreme(context, items, wanted, compare_floats).map(Value::Float),
        Elements::Any(items) => {
            let mut work = Work::default();
            let mut best = &items[0];
            for item in items {
                work.charge(context, item)?;
                let order = match (item, best) {
                    (Value::Text(item), Value::Text(best)) => {
                        comparing::order_texts(item, best, context.host)?
                    }
                    _ => compare_dynamic(item, best),
                };
                if order == wanted {
                    best = item;
                }
            }
            Ok(best.clone())
        }
        Elements::Bool(_) => unreachable!("bools were found to have no order"),
    }
}

fn first_extreme<T: Clone>(
    context: &mut Context<'_>,
    items: &[T],
    wanted: Ordering,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Result<T, Fault> {
    let mut best = &items[0];
    for piece in items.chunks(PIECE) {
        context.poll()?;
        best = piece.iter().fold(best, |best, item| if compare(item, best) == wanted { item } else { best });
    }
    Ok(best.clone())
}
