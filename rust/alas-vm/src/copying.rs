//! Copies of what is large: a piece at a time, so that a program can be stopped meanwhile.
//!
//! Copying takes a nanosecond for some bytes, and as long again for memory that the system has to find. So what others hold
//! too is copied here before it is changed, when it is large; what is small is copied where it is changed.

use std::ops::Range;

use alas_value::{Array, Elements, Kind, Text, Value};

use crate::{Fault, Host, size};

/// About the bytes of a piece.
const PIECE: usize = 1 << 20;

/// What takes no more bytes is copied in one go.
const BRIEF: usize = 1 << 18;

/// The pieces of a range of elements, which take no more than values of any form do.
fn pieces(range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    const STEP: usize = PIECE / size_of::<Value>();
    range.clone().step_by(STEP).map(move |start| start..(start + STEP).min(range.end))
}

fn append_range(to: &mut Elements, from: &Elements, range: Range<usize>, host: &Host) -> Result<(), Fault> {
    for piece in pieces(range) {
        host.poll()?;
        to.extend_from(from, piece);
    }
    Ok(())
}

/// Copies a large array that others hold too, so that changing it copies nothing. That there is room was checked.
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn own(array: &mut Array, host: &Host) -> Result<(), Fault> {
    if array.copy_size() > BRIEF { own_large(array, host) } else { Ok(()) }
}

#[cold]
#[inline(never)]
fn own_large(array: &mut Array, host: &Host) -> Result<(), Fault> {
    let mut copy = array.elements().empty_like(array.len());
    append_range(&mut copy, array.elements(), 0..array.len(), host)?;
    array.replace_by_copy(copy);
    Ok(())
}

/// The same, and gives the array the form in which the value may stand among its elements.
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn own_with(array: &mut Array, value: &Value, host: &Host) -> Result<(), Fault> {
    let elements = array.elements();
    let keeps_form = elements.bytes_each_with(value) == elements.bytes_each();
    if keeps_form || array.size() <= BRIEF { own(array, host) } else { own_in_any_form(array, host) }
}

#[cold]
#[inline(never)]
fn own_in_any_form(array: &mut Array, host: &Host) -> Result<(), Fault> {
    let mut copy = Elements::Any(Vec::with_capacity(array.len() + 1));
    append_range(&mut copy, array.elements(), 0..array.len(), host)?;
    array.replace_by_copy(copy);
    Ok(())
}

/// The elements from a position up to another. That there is room was checked.
///
/// # Errors
///
/// What the host stops the program with.
pub fn slice(elements: &Elements, range: Range<usize>, host: &Host) -> Result<Elements, Fault> {
    if range.len() * size_of::<Value>() <= BRIEF {
        return Ok(elements.slice(range.start, range.end));
    }
    let mut slice = elements.empty_like(range.len());
    append_range(&mut slice, elements, range, host)?;
    Ok(slice)
}

/// The elements of two arrays in one, in place when nobody else holds the left one.
///
/// # Errors
///
/// `memory_limit_exceeded` when the array would be too long, and what the host stops the program with.
pub fn concatenate(mut left: Array, right: Array, host: &Host) -> Result<Array, Fault> {
    let Some(first) = right.get(0) else { return Ok(left) };
    if left.is_empty() {
        return Ok(right);
    }
    size::check_extend(&left, right.elements())?;
    own_with(&mut left, &first, host)?;
    if right.size() <= BRIEF {
        left.update(|elements| elements.extend(right.elements()));
        return Ok(left);
    }
    left.update(|elements| elements.reserve(right.len()));
    for piece in pieces(0..right.len()) {
        host.poll()?;
        left.update(|elements| elements.extend_from(right.elements(), piece));
    }
    Ok(left)
}

/// An array of values, packed if possible.
///
/// # Errors
///
/// What the host stops the program with.
pub fn packed(values: Vec<Value>, host: &Host) -> Result<Array, Fault> {
    if values.len() * size_of::<Value>() <= BRIEF {
        return Ok(Array::from_values(values));
    }
    let kind = values[0].kind();
    let mut is_packed = matches!(kind, Kind::Int | Kind::Float | Kind::Bool);
    for piece in values.chunks(PIECE / size_of::<Value>()) {
        host.poll()?;
        is_packed = is_packed && piece.iter().all(|value| value.kind() == kind);
        if !is_packed {
            return Ok(Array::new(Elements::Any(values)));
        }
    }
    let mut elements = Elements::for_value(&values[0], values.len());
    let values = Elements::Any(values);
    append_range(&mut elements, &values, 0..values.len(), host)?;
    Ok(Array::new(elements))
}

/// A text with another behind it, in place when nobody else holds it.
///
/// # Errors
///
/// `memory_limit_exceeded` when the text would be too long, and what the host stops the program with.
#[inline]
pub fn append(text: Text, more: &str, host: &Host) -> Result<Text, Fault> {
    size::check_append(&text, more.len())?;
    let is_copied = !text.header().is_unique();
    if more.len() > BRIEF || (is_copied && text.as_str().len() > BRIEF) {
        append_large(text, more, host)
    } else {
        Ok(text.append(more))
    }
}

#[cold]
#[inline(never)]
fn append_large(text: Text, more: &str, host: &Host) -> Result<Text, Fault> {
    if text.header().is_unique() {
        return append_pieces(text, more, host);
    }
    text.header().count_copy();
    join(text.as_str(), more, host)
}

/// A text of a string that was built within the bounds.
///
/// # Errors
///
/// As for [`size::check`], and what the host stops the program with.
#[inline]
pub fn text(string: &str, host: &Host) -> Result<Text, Fault> {
    if string.len() <= BRIEF {
        size::check(string.len())?;
        return Ok(Text::new(string));
    }
    append_pieces(size::buffer(string.len())?, string, host)
}

/// Two texts in a new one. That there is room was checked.
///
/// # Errors
///
/// `memory_limit_exceeded` when there is no memory, and what the host stops the program with.
pub fn join(left: &str, right: &str, host: &Host) -> Result<Text, Fault> {
    let length = left.len() + right.len();
    if length <= BRIEF {
        return Ok(Text::concat(left, right));
    }
    let text = Text::try_with_capacity(length).ok_or_else(size::too_large)?;
    append_pieces(append_pieces(text, left, host)?, right, host)
}

/// A text that nobody else holds and that has room for the string, with the string behind it.
///
/// # Errors
///
/// What the host stops the program with.
#[inline]
pub fn fill(text: Text, more: &str, host: &Host) -> Result<Text, Fault> {
    if more.len() <= BRIEF { Ok(text.append(more)) } else { append_pieces(text, more, host) }
}

#[cold]
#[inline(never)]
fn append_pieces(mut text: Text, more: &str, host: &Host) -> Result<Text, Fault> {
    for piece in alas_syntax::pieces(more, PIECE) {
        host.poll()?;
        text = text.append(piece);
    }
    Ok(text)
}
