//! `string`: text, measured in characters.
//!
//! Functions that find nothing to do return the same text. Whoever builds a text computes its size first, checks it,
//! and fills one buffer.

mod build;
mod case;
mod rolling;
mod search;

use alas_library::Builtin;
use alas_value::{Text, Value};

use super::map::length as length_value;
use super::{array, read};
use crate::words::plural;
use crate::{Context, ErrorCode, Fault, copying, operators};

pub use build::{join, pad_end, pad_start, repeat, reverse};
pub use case::{to_lower, to_upper};
pub use search::{contains, ends_with, find, index_of, index_of_as, replace, split, starts_with};

pub fn length(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(length_value(read::text(Builtin::StringLength, arguments, 0)?.characters()))
}

pub fn trim(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    trimmed(context, read::take_text(Builtin::StringTrim, arguments, 0)?, (true, true))
}

pub fn trim_start(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    trimmed(context, read::take_text(Builtin::StringTrimStart, arguments, 0)?, (true, false))
}

pub fn trim_end(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    trimmed(context, read::take_text(Builtin::StringTrimEnd, arguments, 0)?, (false, true))
}

/// A text without the spaces at its start and at its end; the same text when there are none.
fn trimmed(context: &mut Context<'_>, text: Text, (start, end): (bool, bool)) -> Result<Value, Fault> {
    let mut chosen = text.as_str();
    while start && !chosen.is_empty() {
        let (piece, behind) = split_piece(chosen);
        let kept = piece.trim_start();
        chosen = &chosen[piece.len() - kept.len()..];
        if !kept.is_empty() || behind.is_empty() {
            break;
        }
        context.poll()?;
    }
    while end && !chosen.is_empty() {
        let (before, piece) = split_last_piece(chosen);
        let kept = piece.trim_end();
        chosen = &chosen[..before.len() + kept.len()];
        if !kept.is_empty() || before.is_empty() {
            break;
        }
        context.poll()?;
    }
    if chosen.len() == text.as_str().len() {
        return Ok(Value::Text(text));
    }
    copying::text(chosen, context.host).map(Value::Text)
}

/// Bytes that are handled in one go between two looks at the interrupt.
const PIECE: usize = 1 << 16;

/// The first piece of a text, and what is behind it.
fn split_piece(text: &str) -> (&str, &str) {
    let mut end = text.len().min(PIECE);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    text.split_at(end)
}

/// What is before the last piece of a text, and that piece.
fn split_last_piece(text: &str) -> (&str, &str) {
    let mut start = text.len().saturating_sub(PIECE);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.split_at(start)
}

pub fn concat(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let right = read::take_text(Builtin::StringConcat, arguments, 1)?;
    let left = read::take_text(Builtin::StringConcat, arguments, 0)?;
    copying::append(left, right.as_str(), context.host).map(Value::Text)
}

pub fn substring(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let start = read::int(Builtin::StringSubstring, arguments, 1)?;
    let length = read::int(Builtin::StringSubstring, arguments, 2)?;
    let text = read::take_text(Builtin::StringSubstring, arguments, 0)?;
    if length < 0 {
        return Err(read::impossible(
            Builtin::StringSubstring,
            &format!("takes a length from 0, found {length}"),
        ));
    }
    let first = usize::try_from(start).ok();
    let last = first.and_then(|first| first.checked_add(usize::try_from(length).ok()?));
    match (first, last) {
        (Some(first), Some(last)) if last <= text.characters() => slice_of(context, text, first, last),
        _ => {
            let (all, letter) = (text.characters(), plural(text.characters()));
            let message = format!(
                "{length} characters from position {start} reach outside a string of {all} character{letter}"
            );
            Err(Fault::new(ErrorCode::IndexOutOfBounds, message))
        }
    }
}

/// The characters of a range that exists.
fn slice_of(context: &mut Context<'_>, text: Text, start: usize, end: usize) -> Result<Value, Fault> {
    if (start, end) == (0, text.characters()) {
        return Ok(Value::Text(text));
    }
    let slice = text.slice_in_pieces(start, end, &mut || context.poll())?;
    copying::text(slice.unwrap_or_default(), context.host).map(Value::Text)
}

/// `collections.slice` of a string.
pub fn slice_as(
    context: &mut Context<'_>,
    builtin: Builtin,
    arguments: &mut [Value],
) -> Result<Value, Fault> {
    let text = read::take_text(builtin, arguments, 0)?;
    let (start, end) = array::bounds(builtin, arguments, text.characters())?;
    slice_of(context, text, start, end)
}

pub fn char_at(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    character(context, Builtin::StringCharAt, arguments).map(Value::text)
}

pub fn code_at(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let character = character(context, Builtin::StringCodeAt, arguments)?;
    Ok(Value::Int(character.chars().next().map_or(0, |character| i64::from(u32::from(character)))))
}

/// The character at the position that the arguments name.
fn character<'a>(
    context: &mut Context<'_>,
    builtin: Builtin,
    arguments: &'a [Value],
) -> Result<&'a str, Fault> {
    let text = read::text(builtin, arguments, 0)?;
    operators::character(text, read::int(builtin, arguments, 1)?, context.host)
}

pub fn from_code(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let code = read::int(Builtin::StringFromCode, arguments, 0)?;
    let Some(character) = u32::try_from(code).ok().and_then(char::from_u32) else {
        let text = format!("takes a Unicode code point (0 to 1114111, but for 55296 to 57343), found {code}");
        return Err(read::impossible(Builtin::StringFromCode, &text));
    };
    Ok(Value::text(character.encode_utf8(&mut [0; 4])))
}
