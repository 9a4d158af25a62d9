//! Finding parts of a text, and what follows from it: splitting and replacing.

use alas_library::Builtin;
use alas_value::{Array, Elements, Text, Value};
use memchr::memmem;

use super::super::map::length as length_value;
use super::super::{POLL_EVERY, read};
use crate::{Context, Fault, operators, size};

/// The byte offset of the first occurrence of a part.
pub fn find(text: &str, part: &str) -> Option<usize> {
    memmem::find(text.as_bytes(), part.as_bytes())
}

/// The byte offsets of the occurrences of a part that is not empty, none overlapping another.
enum Occurrences<'a> {
    /// Of a single byte: several times faster than the general search when there are many.
    Byte(memchr::Memchr<'a>),
    Bytes(Box<memmem::FindIter<'a, 'a>>),
}

impl<'a> Occurrences<'a> {
    fn of(part: &'a str, text: &'a str) -> Self {
        match part.as_bytes() {
            [byte] => Self::Byte(memchr::memchr_iter(*byte, text.as_bytes())),
            part => Self::Bytes(Box::new(memmem::find_iter(text.as_bytes(), part))),
        }
    }

    /// How many there are.
    fn count(self, context: &mut Context<'_>) -> Result<usize, Fault> {
        match self {
            Self::Byte(offsets) => Ok(offsets.count()),
            Self::Bytes(offsets) => {
                let mut count = 0_usize;
                for _ in *offsets {
                    count += 1;
                    if count.is_multiple_of(POLL_EVERY) {
                        context.poll()?;
                    }
                }
                Ok(count)
            }
        }
    }
}

impl Iterator for Occurrences<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        match self {
            Self::Byte(offsets) => offsets.next(),
            Self::Bytes(offsets) => offsets.next(),
        }
    }
}

pub fn contains(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(Builtin::StringContains, arguments)?;
    Ok(Value::Bool(find(text.as_str(), part.as_str()).is_some()))
}

pub fn starts_with(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(Builtin::StringStartsWith, arguments)?;
    Ok(Value::Bool(text.as_str().starts_with(part.as_str())))
}

pub fn ends_with(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(Builtin::StringEndsWith, arguments)?;
    Ok(Value::Bool(text.as_str().ends_with(part.as_str())))
}

pub fn index_of(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    index_of_as(Builtin::StringIndexOf, arguments)
}

/// `string.indexOf`, and `collections.indexOf` of a string.
pub fn index_of_as(builtin: Builtin, arguments: &[Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(builtin, arguments)?;
    Ok(match find(text.as_str(), part.as_str()) {
        None => Value::Int(-1),
        Some(offset) if text.is_ascii() => length_value(offset),
        Some(offset) => length_value(text.as_str()[..offset].chars().count()),
    })
}

fn text_and_part(builtin: Builtin, arguments: &[Value]) -> Result<(&Text, &Text), Fault> {
    Ok((read::text(builtin, arguments, 0)?, read::text(builtin, arguments, 1)?))
}

/// What a part of a split text takes beside its characters: the element of the array and the text object.
const PART: usize = size_of::<Value>() + 40;

pub fn split(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, separator) = text_and_part(Builtin::StringSplit, arguments)?;
    let string = text.as_str();
    let parts = if separator.as_str().is_empty() {
        let mut parts = room(text.characters(), string)?;
        for (offset, character) in string.char_indices() {
            if parts.len().is_multiple_of(POLL_EVERY) {
                context.poll()?;
            }
            parts.push(Value::text(&string[offset..offset + character.len_utf8()]));
        }
        parts
    } else {
        let separator = separator.as_str();
        let count = Occurrences::of(separator, string).count(context)?;
        if count == 0 {
            vec![Value::Text(text.clone())]
        } else {
            let mut parts = room(count + 1, string)?;
            let mut start = 0;
            for offset in Occurrences::of(separator, string) {
                if parts.len().is_multiple_of(POLL_EVERY) {
                    context.poll()?;
                }
                parts.push(Value::text(&string[start..offset]));
                start = offset + separator.len();
            }
            parts.push(Value::text(&string[start..]));
            parts
        }
    };
    Ok(Value::Array(Array::new(Elements::Any(parts))))
}

/// Room for so many parts of a text.
fn room(parts: usize, text: &str) -> Result<Vec<Value>, Fault> {
    size::check(parts.saturating_mul(PART).saturating_add(text.len()))?;
    size::vector(parts)
}

pub fn replace(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::StringReplace;
    let (old, new) = (read::text(builtin, arguments, 1)?, read::text(builtin, arguments, 2)?);
    let text = read::text(builtin, arguments, 0)?;
    let (string, old, new) = (text.as_str(), old.as_str(), new.as_str());
    if old.is_empty() {
        return interleave(context, text, new).map(Value::Text);
    }
    let count = Occurrences::of(old, string).count(context)?;
    if count == 0 {
        return Ok(Value::Text(text.clone()));
    }
    let length = string.len() - count * old.len() + count.saturating_mul(new.len());
    let mut result = size::buffer(length)?;
    let mut start = 0;
    for (number, offset) in Occurrences::of(old, string).enumerate() {
        if number.is_multiple_of(POLL_EVERY) {
            context.poll()?;
        }
        result = result.append(&string[start..offset]).append(new);
        start = offset + old.len();
    }
    Ok(Value::Text(result.append(&string[start..])))
}

/// The text with another before every character and at the end.
fn interleave(context: &mut Context<'_>, text: &Text, between: &str) -> Result<Text, Fault> {
    let string = text.as_str();
    let length = (text.characters() + 1).saturating_mul(between.len()).saturating_add(string.len());
    let mut result = size::buffer(length)?;
    for (number, (offset, character)) in string.char_indices().enumerate() {
        if number.is_multiple_of(POLL_EVERY) {
            context.poll()?;
        }
        result = result.append(between).append(&string[offset..offset + character.len_utf8()]);
    }
    operators::append(result, between)
}
