//! Values as text and as JSON, without recursion.

use std::fmt::Write as _;

use crate::measure::least_length;
use crate::{Array, Elements, Key, Value, write_float, write_int};

/// Why writing a value ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteError {
    /// JSON has no NaN and no infinities.
    NotFinite,
    /// JSON has no tasks.
    Task,
    /// The value nests deeper than [`Bounds::depth`].
    TooDeep,
    /// The output would be longer than [`Bounds::length`].
    TooLong,
    /// [`Bounds::watch`] returned false.
    Stopped,
}

/// How far writing a value may go. A value may hold another one many times, so that its text can be far larger than
/// the value itself.
pub struct Bounds<'a> {
    /// How many arrays and maps may stand inside each other.
    pub depth: usize,
    /// How many bytes may be written, more or less. What is much longer is refused before it is written.
    pub length: usize,
    /// Called now and then; false ends the writing.
    pub watch: &'a mut dyn FnMut() -> bool,
}

impl<'a> Bounds<'a> {
    /// No bounds but being watched.
    fn none(watch: &'a mut dyn FnMut() -> bool) -> Self {
        Self { depth: usize::MAX, length: usize::MAX, watch }
    }
}

/// Appends the text of a value: what `io.print` writes and `+` concatenates.
pub fn write_text(value: &Value, out: &mut String) {
    let mut go_on = || true;
    let mut bounds = Bounds::none(&mut go_on);
    // Text has a form for every value, and nothing bounds it.
    write_text_within(value, &mut bounds, out).unwrap_or(());
}

/// Appends the text of a value, as far as the bounds allow.
///
/// # Errors
///
/// Any [`WriteError`] but the first two; the output then holds a part of the text.
pub fn write_text_within(value: &Value, bounds: &mut Bounds<'_>, out: &mut String) -> Result<(), WriteError> {
    match value {
        Value::Void => out.push_str("void"),
        Value::Text(text) => out.push_str(text.as_str()),
        other => write_nested(other, Style::Text, bounds, out)?,
    }
    Ok(())
}

/// Appends a value as exact JSON: floats keep a fraction or an exponent, void is `null`. With an indentation, each
/// level goes on lines of its own that start with so many more spaces.
///
/// # Errors
///
/// [`WriteError::NotFinite`] when a float in the value is NaN or infinite, [`WriteError::Task`] when there is a task in it.
pub fn write_json(value: &Value, indent: Option<usize>, out: &mut String) -> Result<(), WriteError> {
    write_json_within(value, indent, &mut Bounds::none(&mut || true), out)
}

/// Appends a value as exact JSON, as far as the bounds allow.
///
/// # Errors
///
/// Any [`WriteError`]; the output then holds a part of the text.
pub fn write_json_within(
    value: &Value,
    indent: Option<usize>,
    bounds: &mut Bounds<'_>,
    out: &mut String,
) -> Result<(), WriteError> {
    let style = match indent {
        None | Some(0) => Style::Compact,
        Some(indent) => Style::Indented(indent),
    };
    write_nested(value, style, bounds, out)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    /// `[1, "a"]`, floats as in text.
    Text,
    /// `[1,"a"]`, floats exact.
    Compact,
    /// One element a line, floats exact.
    Indented(usize),
}

impl Style {
    fn separator(self) -> &'static str {
        if self == Self::Text { ", " } else { "," }
    }

    fn colon(self) -> &'static str {
        if self == Self::Compact { ":" } else { ": " }
    }

    fn line(self, depth: usize, out: &mut String) {
        if let Self::Indented(indent) = self {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent * depth));
        }
    }
}

/// A container that is being written.
enum Open<'a> {
    Array(&'a Array, usize),
    Map(Box<dyn Iterator<Item = (&'a Key, &'a Value)> + 'a>, bool),
}

/// Once so many bytes are written, it pays to find out how many there will be.
const LONG: usize = 1 << 20;

/// How many values are written between two looks at the bounds.
const STRIDE: usize = 256;

/// Strings are written in pieces of so many bytes, so that the bounds hold inside a long one as well.
const PIECE: usize = 1 << 16;

impl Bounds<'_> {
    /// Looks whether to go on with an output of this length.
    fn check(&mut self, length: usize) -> Result<(), WriteError> {
        if length > self.length {
            return Err(WriteError::TooLong);
        }
        if (self.watch)() { Ok(()) } else { Err(WriteError::Stopped) }
    }

    /// Looks whether the whole value can be written.
    fn check_whole(&mut self, value: &Value) -> Result<(), WriteError> {
        match least_length(value, self.length, self.watch) {
            None => Err(WriteError::Stopped),
            Some(length) if length > self.length => Err(WriteError::TooLong),
            Some(_) => Ok(()),
        }
    }
}

fn write_nested(
    value: &Value,
    style: Style,
    bounds: &mut Bounds<'_>,
    out: &mut String,
) -> Result<(), WriteError> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let (mut written, mut checked, mut is_measured) = (0_usize, out.len(), false);
    begin(value, style, bounds, &mut open, out)?;
    while let Some(top) = open.last_mut() {
        written += 1;
        if written.is_multiple_of(STRIDE) || out.len() - checked > 4 * PIECE {
            checked = out.len();
            bounds.check(checked)?;
            if out.len() > LONG && !is_measured {
                is_measured = true;
                bounds.check_whole(value)?;
            }
        }
        match top {
            Open::Array(array, next) => {
                let (array, index) = (*array, *next);
                *next += 1;
                if index == array.len() {
                    close(']', index > 0, style, &mut open, out);
                } else {
                    separate(index == 0, style, open.len(), out);
                    match array.elements() {
                        Elements::Any(items) => begin(&items[index], style, bounds, &mut open, out)?,
                        packed => {
                            if let Some(item) = packed.get(index) {
                                write_leaf(&item, style, bounds, out)?;
                            }
                        }
                    }
                }
            }
            Open::Map(entries, first) => match entries.next() {
                None => {
                    let wrote = !*first;
                    close('}', wrote, style, &mut open, out);
                }
                Some((key, value)) => {
                    let first = std::mem::replace(first, false);
                    separate(first, style, open.len(), out);
                    match key {
                        Key::Int(key) => {
                            out.push('"');
                            write_int(*key, out);
                            out.push('"');
                        }
                        Key::Text(text) => write_quoted(text.as_str(), bounds, out)?,
                    }
                    out.push_str(style.colon());
                    begin(value, style, bounds, &mut open, out)?;
                }
            },
        }
    }
    Ok(())
}

/// Writes a leaf, or opens a container.
fn begin<'a>(
    value: &'a Value,
    style: Style,
    bounds: &mut Bounds<'_>,
    open: &mut Vec<Open<'a>>,
    out: &mut String,
) -> Result<(), WriteError> {
    let (bracket, container) = match value {
        Value::Array(array) => ('[', Open::Array(array, 0)),
        Value::Map(map) => ('{', Open::Map(Box::new(map.iter()), true)),
        leaf => return write_leaf(leaf, style, bounds, out),
    };
    if open.len() >= bounds.depth {
        return Err(WriteError::TooDeep);
    }
    out.push(bracket);
    open.push(container);
    Ok(())
}

fn separate(first: bool, style: Style, depth: usize, out: &mut String) {
    if !first {
        out.push_str(style.separator());
    }
    style.line(depth, out);
}

fn close(bracket: char, wrote: bool, style: Style, open: &mut Vec<Open<'_>>, out: &mut String) {
    open.pop();
    if wrote {
        style.line(open.len(), out);
    }
    out.push(bracket);
}

fn write_leaf(
    value: &Value,
    style: Style,
    bounds: &mut Bounds<'_>,
    out: &mut String,
) -> Result<(), WriteError> {
    match value {
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Int(value) => write_int(*value, out),
        Value::Float(value) if style == Style::Text => write_float(*value, out),
        Value::Float(value) if value.is_finite() => {
            let start = out.len();
            write_float(*value, out);
            if !out[start..].contains(['.', 'e']) {
                out.push_str(".0");
            }
        }
        Value::Float(_) => return Err(WriteError::NotFinite),
        Value::Text(text) => write_quoted(text.as_str(), bounds, out)?,
        Value::Task(_) if style == Style::Text => out.push_str("task"),
        Value::Task(_) => return Err(WriteError::Task),
        Value::Void | Value::Array(_) | Value::Map(_) => out.push_str("null"),
    }
    Ok(())
}

/// Appends a JSON string.
fn write_quoted(text: &str, bounds: &mut Bounds<'_>, out: &mut String) -> Result<(), WriteError> {
    out.push('"');
    let mut rest = text;
    while rest.len() > PIECE {
        bounds.check(out.len() + rest.len())?;
        let middle = (PIECE - 3..=PIECE).find(|offset| rest.is_char_boundary(*offset)).unwrap_or(PIECE);
        let (piece, behind) = rest.split_at(middle);
        write_escaped(piece, out);
        rest = behind;
    }
    write_escaped(rest, out);
    out.push('"');
    Ok(())
}

/// Appends the inside of a JSON string.
fn write_escaped(text: &str, out: &mut String) {
    let mut plain = 0;
    for (position, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0x08 => "\\b",
            0x0C => "\\f",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[plain..position]);
        plain = position + 1;
        if escape.is_empty() {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{byte:04x}");
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[plain..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Map, Text};

    fn sample() -> Value {
        let mut map = Map::new();
        map.put(Key::Int(7), Value::Float(4.0));
        map.put(Key::from_text(Text::new("a\"\n\u{1}")), Value::Array(Array::empty()));
        Value::Array(Array::new(Elements::Any(vec![Value::Map(map), Value::Void, Value::text("é")])))
    }

    #[test]
    fn three_styles() {
        let mut text = String::new();
        write_text(&sample(), &mut text);
        assert_eq!(text, "[{\"7\": 4, \"a\\\"\\n\\u0001\": []}, null, \"é\"]");
        let mut json = String::new();
        assert_eq!(write_json(&sample(), None, &mut json), Ok(()));
        assert_eq!(json, "[{\"7\":4.0,\"a\\\"\\n\\u0001\":[]},null,\"é\"]");
        let mut lines = String::new();
        assert_eq!(write_json(&Value::Array(Array::from(vec![1, 2])), Some(2), &mut lines), Ok(()));
        assert_eq!(lines, "[\n  1,\n  2\n]");
    }

    #[test]
    fn json_has_no_infinity() {
        let value = Value::Array(Array::from(vec![f64::INFINITY]));
        assert_eq!(write_json(&value, None, &mut String::new()), Err(WriteError::NotFinite));
        let mut text = String::new();
        write_text(&value, &mut text);
        assert_eq!(text, "[Infinity]");
    }

    #[test]
    fn bounds_hold() {
        let tangled = (0..60).fold(Value::Int(1), |value, _| {
            Value::Array(Array::new(Elements::Any(vec![value.clone(), value])))
        });
        let long = Value::Array(Array::new(Elements::Any(vec![Value::text(&"ä".repeat(100_000))])));
        let mut go_on = || true;
        let mut small = Bounds { depth: usize::MAX, length: 100_000, watch: &mut go_on };
        let mut out = String::new();
        assert_eq!(write_text_within(&tangled, &mut small, &mut out), Err(WriteError::TooLong));
        assert!(out.len() < 110_000);
        assert_eq!(write_json_within(&long, None, &mut small, &mut String::new()), Err(WriteError::TooLong));
        let mut large = Bounds { length: 1 << 30, ..small };
        let mut out = String::new();
        assert_eq!(write_text_within(&tangled, &mut large, &mut out), Err(WriteError::TooLong));
        // Refused when it was clear how long it would get.
        assert!(out.len() < 2 << 20);
        let mut whole = String::new();
        write_text(&long, &mut whole);
        assert_eq!(whole.len(), 200_004);
        let mut flat = Bounds { depth: 1, ..large };
        assert_eq!(write_text_within(&tangled, &mut flat, &mut String::new()), Err(WriteError::TooDeep));
        let list = Value::Array(Array::from(vec![1]));
        assert_eq!(write_text_within(&list, &mut flat, &mut String::new()), Ok(()));
    }

    #[test]
    fn writing_can_be_stopped() {
        let many = Value::Array(Array::from(vec![1; 1_000_000]));
        let long = Value::Array(Array::new(Elements::Any(vec![Value::text(&"ä".repeat(1_000_000))])));
        for value in [many, long] {
            let mut looks = 0;
            let mut watch = || {
                looks += 1;
                looks < 10
            };
            let mut out = String::new();
            assert_eq!(
                write_text_within(&value, &mut Bounds::none(&mut watch), &mut out),
                Err(WriteError::Stopped)
            );
            assert!(out.len() < 1_000_000);
        }
    }
}
