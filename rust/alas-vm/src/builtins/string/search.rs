//! Finding parts of a text, and what follows from it: splitting and replacing.

use alas_library::Builtin;
use alas_value::{Array, Elements, Text, Value};
use memchr::memmem;

use super::super::map::length as length_value;
use super::super::{POLL_EVERY, Work, read};
use super::{PIECE, rolling, split_piece};
use crate::{Context, Fault, comparing, copying, size};

/// How many bytes are searched between two looks at the interrupt.
const WINDOW: usize = 1 << 20;

/// The byte offset of the first occurrence of a part.
pub fn find(context: &mut Context<'_>, text: &str, part: &str) -> Result<Option<usize>, Fault> {
    if text.len() <= WINDOW {
        return Ok(memmem::find(text.as_bytes(), part.as_bytes()));
    }
    Sought::new(part).find_from(context, text, 0)
}

/// A part that is looked for.
enum Sought<'a> {
    /// What the library can be told in no time to speak of.
    Short(Box<memmem::Finder<'a>>),
    Long(&'a str),
}

impl<'a> Sought<'a> {
    fn new(part: &'a str) -> Self {
        if part.len() <= WINDOW { Self::Short(Box::new(memmem::Finder::new(part))) } else { Self::Long(part) }
    }

    fn len(&self) -> usize {
        match self {
            Self::Short(finder) => finder.needle().len(),
            Self::Long(part) => part.len(),
        }
    }

    /// The byte offset of the first occurrence at some offset or behind it.
    #[inline]
    fn find_from(
        &self,
        context: &mut Context<'_>,
        text: &str,
        mut start: usize,
    ) -> Result<Option<usize>, Fault> {
        let part = match self {
            Self::Short(part) => part,
            Self::Long(part) => return rolling::find(context, text, part, start),
        };
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
}

/// The byte offsets of the occurrences of a part that is not empty, none overlapping another.
enum Occurrences<'a> {
    /// Of a single byte: several times faster than the general search when there are many.
    Byte {
        text: &'a [u8],
        byte: u8,
        /// Where the window begins that is searched, and what is in it.
        start: usize,
        offsets: memchr::Memchr<'a>,
    },
    Bytes {
        text: &'a str,
        part: Sought<'a>,
        /// Where the last one ended.
        from: usize,
    },
}

impl<'a> Occurrences<'a> {
    fn of(part: &'a str, text: &'a str) -> Self {
        match part.as_bytes() {
            [byte] => {
                let text = text.as_bytes();
                let offsets = memchr::memchr_iter(*byte, &text[..text.len().min(WINDOW)]);
                Self::Byte { text, byte: *byte, start: 0, offsets }
            }
            _ => Self::Bytes { text, part: Sought::new(part), from: 0 },
        }
    }

    /// How many there are.
    fn count(mut self, context: &mut Context<'_>) -> Result<usize, Fault> {
        if let Self::Byte { text, byte, .. } = self {
            let mut count = 0;
            for window in text.chunks(WINDOW) {
                context.poll()?;
                count += memchr::memchr_iter(byte, window).count();
            }
            return Ok(count);
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
            Self::Byte { text, byte, start, offsets } => loop {
                if let Some(offset) = offsets.next() {
                    return Ok(Some(*start + offset));
                }
                let end = text.len().min(*start + WINDOW);
                if end == text.len() {
                    return Ok(None);
                }
                context.poll()?;
                *start = end;
                *offsets = memchr::memchr_iter(*byte, &text[end..text.len().min(end + WINDOW)]);
            },
            Self::Bytes { text, part, from } => {
                let found = part.find_from(context, text, *from)?;
                if let Some(offset) = found {
                    *from = offset + part.len();
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

pub fn starts_with(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(Builtin::StringStartsWith, arguments)?;
    let part = part.as_str();
    let start = text.as_str().get(..part.len());
    Ok(Value::Bool(start.map_or(Ok(false), |start| comparing::equal_strings(start, part, context.host))?))
}

pub fn ends_with(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (text, part) = text_and_part(Builtin::StringEndsWith, arguments)?;
    let (text, part) = (text.as_str(), part.as_str());
    let end = text.len().checked_sub(part.len()).and_then(|start| text.get(start..));
    Ok(Value::Bool(end.map_or(Ok(false), |end| comparing::equal_strings(end, part, context.host))?))
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
        Some(offset) => length_value(characters(context, &text.as_str()[..offset])?),
    })
}

/// How many characters a string has.
fn characters(context: &mut Context<'_>, mut rest: &str) -> Result<usize, Fault> {
    let mut count = 0;
    while rest.len() > PIECE {
        context.poll()?;
        let (piece, behind) = split_piece(rest);
        count += piece.chars().count();
        rest = behind;
    }
    Ok(count + rest.chars().count())
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
            let (mut start, mut work) = (0, Work::default());
            let mut occurrences = Occurrences::of(separator, string);
            while let Some(offset) = occurrences.next(context)? {
                work.spend(context, Work::of_bytes(offset - start))?;
                parts.push(Value::Text(copying::text(&string[start..offset], context.host)?));
                start = offset + separator.len();
            }
            parts.push(Value::Text(copying::text(&string[start..], context.host)?));
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
    let (mut start, mut work) = (0, Work::default());
    let mut occurrences = Occurrences::of(old, string);
    while let Some(offset) = occurrences.next(context)? {
        work.spend(context, Work::of_bytes(offset - start + new.len()))?;
        result = copying::fill(result, &string[start..offset], context.host)?;
        result = copying::fill(result, new, context.host)?;
        start = offset + old.len();
    }
    copying::fill(result, &string[start..], context.host).map(Value::Text)
}

/// The text with another before every character and at the end.
fn interleave(context: &mut Context<'_>, text: &Text, between: &str) -> Result<Text, Fault> {
    let string = text.as_str();
    let length = (text.characters() + 1).saturating_mul(between.len()).saturating_add(string.len());
    let mut result = size::buffer(length)?;
    let mut work = Work::default();
    for (offset, character) in string.char_indices() {
        work.spend(context, Work::of_bytes(between.len()))?;
        result = copying::fill(result, between, context.host)?;
        result = result.append(&string[offset..offset + character.len_utf8()]);
    }
    copying::append(result, between, context.host)
}
