//! Finding parts of a text, and what follows from it: splitting and replacing.

use alas_library::Builtin;
use alas_value::{Array, Elements, Text, Value};
use memchr::memmem;

use super::super::map::length as length_value;
use super::super::{POLL_EVERY, read};
use crate::{Context, Fault, copying, size};

/// The least number of bytes that are searched between two looks at the interrupt.
const WINDOW: usize = 1 << 20;

/// The byte offset of the first occurrence of a part.
pub fn find(context: &mut Context<'_>, text: &str, part: &str) -> Result<Option<usize>, Fault> {
    if text.len() <= WINDOW {
        return Ok(memmem::find(text.as_bytes(), part.as_bytes()));
    }
    find_from(context, text, &memmem::Finder::new(part), 0)
}

/// The byte offset of the first occurrence of a part at some offset or behind it.
#[inline]
fn find_from(
    context: &mut Context<'_>,
    text: &str,
    part: &memmem::Finder<'_>,
    mut start: usize,
) -> Result<Option<usize>, Fault> {
    let (text, length) = (text.as_bytes(), part.needle().len());
    // Windows overlap by one byte less than the part.
    let window = WINDOW.max(2 * length);
    loop {
        let end = text.len().min(start + window);
        if let Some(offset) = part.find(&text[start..end]) {
            return Ok(Some(start + offset));
        }
        if end == text.len() {
            return Ok(None);
        }
        start = end - (length - 1);
        context.poll()?;
    }
}

/// The byte offsets of the occurrences of a part that is not empty, none overlapping another.
enum Occurrences<'a> {
    /// Of a single byte: several times faster than the general search when there are many.
    Byte(memchr::Memchr<'a>),
    Bytes {
        text: &'a str,
        part: Box<memmem::Finder<'a>>,
        /// Where the last one ended.
        from: usize,
    },
}

impl<'a> Occurrences<'a> {
    fn of(part: &'a str, text: &'a str) -> Self {
        match part.as_bytes() {
            [byte] => Self::Byte(memchr::memchr_iter(*byte, text.as_bytes())),
            part => Self::Bytes { text, part: Box::new(memmem::Finder::new(part)), from: 0 },
        }
    }

    /// How many there are.
    fn count(mut self, context: &mut Context<'_>) -> Result<usize, Fault> {
        if let Self::Byte(offsets) = self {
            return Ok(offsets.count());
        }
        let mut count = 0_usize;
        while self.next(context)?.is_some() {
            count += 1;
            if count.is_multiple_of(POLL_EVERY) {
                context.poll()?;
            }
        }
        Ok(count)
    }

    #[inline]
    fn next(&mut self, context: &mut Context<'_>) -> Result<Option<usize>, Fault> {
        match self {
            Self::Byte(offsets) => Ok(offsets.next()),
            Self::Bytes { text, part, from } => {
                let found = find_from(context, text, part, *from)?;
                if let Some(offset) = found {
                    *from = offset + part.needle().len();
                }
                Ok(found)
            }
        }
    }
}

pub fn contains(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(Builtin::StringContains, arguments)?;
    Ok(Value::Bool(find(context, text.as_str(), part.as_str())?.is_some()))
}

pub fn starts_with(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(Builtin::StringStartsWith, arguments)?;
    Ok(Value::Bool(text.as_str().starts_with(part.as_str())))
}

pub fn ends_with(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(Builtin::StringEndsWith, arguments)?;
    Ok(Value::Bool(text.as_str().ends_with(part.as_str())))
}

pub fn index_of(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    index_of_as(Builtin::StringIndexOf, context, arguments)
}

/// `string.indexOf`, and `collections.indexOf` of a string.
pub fn index_of_as(builtin: Builtin, context: &mut Context<'_>, arguments: &[Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(builtin, arguments)?;
    Ok(match find(context, text.as_str(), part.as_str())? {
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
            let mut occurrences = Occurrences::of(separator, string);
            while let Some(offset) = occurrences.next(context)? {
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
    let (mut start, mut number) = (0, 0_usize);
    let mut occurrences = Occurrences::of(old, string);
    while let Some(offset) = occurrences.next(context)? {
        if number.is_multiple_of(POLL_EVERY) {
            context.poll()?;
        }
        number += 1;
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
    copying::append(result, between, context.host)
}
