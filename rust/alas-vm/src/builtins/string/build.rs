//! Building texts out of others.

use alas_library::Builtin;
use alas_value::{Elements, Text, Value};

use super::super::array::wrong_element;
use super::super::{POLL_EVERY, Work, read};
use super::{PIECE, split_last_piece};
use crate::{Context, Fault, copying, size};

pub fn join(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::StringJoin;
    let parts = read::array(builtin, arguments, 0)?;
    let separator = read::text(builtin, arguments, 1)?.as_str();
    let parts = match parts.elements() {
        Elements::Any(parts) => parts.as_slice(),
        packed => match packed.get(0) {
            Some(first) => return Err(wrong_element(builtin, "strings", &first, 0)),
            None => &[],
        },
    };
    let mut length = parts.len().saturating_sub(1).saturating_mul(separator.len());
    for (position, part) in parts.iter().enumerate() {
        if position.is_multiple_of(POLL_EVERY) {
            context.poll()?;
        }
        let Value::Text(part) = part else { return Err(wrong_element(builtin, "strings", part, position)) };
        length = length.saturating_add(part.as_str().len());
    }
    if let [Value::Text(only)] = parts {
        return Ok(Value::Text(only.clone()));
    }
    let mut result = size::buffer(length)?;
    let mut work = Work::default();
    for (position, part) in parts.iter().enumerate() {
        if let Value::Text(part) = part {
            work.spend(context, Work::of_bytes(separator.len() + part.as_str().len()))?;
            if position > 0 {
                result = copying::fill(result, separator, context.host)?;
            }
            result = copying::fill(result, part.as_str(), context.host)?;
        }
    }
    Ok(Value::Text(result))
}

pub fn repeat(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let count = read::int(Builtin::StringRepeat, arguments, 1)?;
    let text = read::take_text(Builtin::StringRepeat, arguments, 0)?;
    let Ok(count) = usize::try_from(count) else {
        return Err(read::impossible(Builtin::StringRepeat, &format!("takes a count from 0, found {count}")));
    };
    if count == 1 || text.as_str().is_empty() {
        return Ok(Value::Text(text));
    }
    let result = size::buffer(text.as_str().len().saturating_mul(count))?;
    append_times(context, result, text.as_str(), count).map(Value::Text)
}

/// Appends a string so many times to a buffer that has room for it.
fn append_times(
    context: &mut Context<'_>,
    mut buffer: Text,
    text: &str,
    count: usize,
) -> Result<Text, Fault> {
    if text.len() > PIECE {
        for _ in 0..count {
            context.poll()?;
            buffer = copying::fill(buffer, text, context.host)?;
        }
        return Ok(buffer);
    }
    // Short texts are put together to pieces first.
    let block_count = (PIECE / text.len()).clamp(1, count.max(1));
    let block = text.repeat(block_count);
    for _ in 0..count / block_count {
        context.poll()?;
        buffer = buffer.append(&block);
    }
    Ok(buffer.append(&block[..count % block_count * text.len()]))
}

pub fn pad_start(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, missing) = padding(Builtin::StringPadStart, arguments)?;
    let Some((fill, count)) = missing else { return Ok(Value::Text(text)) };
    let padding = filled(context, "", &fill, count)?;
    copying::append(padding, text.as_str(), context.host).map(Value::Text)
}

pub fn pad_end(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, missing) = padding(Builtin::StringPadEnd, arguments)?;
    let Some((fill, count)) = missing else { return Ok(Value::Text(text)) };
    filled(context, text.as_str(), &fill, count).map(Value::Text)
}

/// The text, and with what and how many characters it is to be filled up, if it is too short.
type Padding = (Text, Option<(Text, usize)>);

fn padding(builtin: Builtin, arguments: &mut [Value]) -> Result<Padding, Fault> {
    let length = read::int(builtin, arguments, 1)?;
    let fill = if arguments.len() > 2 { read::take_text(builtin, arguments, 2)? } else { Text::new(" ") };
    let text = read::take_text(builtin, arguments, 0)?;
    if fill.as_str().is_empty() {
        return Err(read::impossible(
            builtin,
            "takes a fill of at least one character, found an empty string",
        ));
    }
    let missing = usize::try_from(length).unwrap_or(0).saturating_sub(text.characters());
    Ok((text, (missing > 0).then_some((fill, missing))))
}

/// A string with so many characters behind it, taken from the fill over and over.
fn filled(context: &mut Context<'_>, text: &str, fill: &Text, count: usize) -> Result<Text, Fault> {
    let (whole, rest) = (count / fill.characters(), count % fill.characters());
    let end = fill.slice_in_pieces(0, rest, &mut || context.poll())?.unwrap_or_default();
    let length = whole.saturating_mul(fill.as_str().len()).saturating_add(end.len());
    let buffer = size::buffer(length.saturating_add(text.len()))?;
    let mut result = copying::fill(buffer, text, context.host)?;
    result = append_times(context, result, fill.as_str(), whole)?;
    copying::fill(result, end, context.host)
}

pub fn reverse(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let text = read::text(Builtin::StringReverse, arguments, 0)?;
    let mut result = size::buffer(text.as_str().len())?;
    let mut rest = text.as_str();
    while !rest.is_empty() {
        context.poll()?;
        let (before, piece) = split_last_piece(rest);
        result = result.append(&reversed(piece));
        rest = before;
    }
    Ok(Value::Text(result))
}

fn reversed(text: &str) -> String {
    if text.is_ascii() {
        let bytes = text.bytes().rev().collect();
        // Turned around, bytes of one character each are still text.
        return String::from_utf8(bytes).unwrap_or_default();
    }
    text.chars().rev().collect()
}
