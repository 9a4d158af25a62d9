//! Values as text and as JSON, without recursion.

use std::fmt::Write as _;

use crate::{Array, Elements, Key, Value, write_float, write_int};

/// Why a value has no JSON form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JsonError {
    /// JSON has no NaN and no infinities.
    NotFinite,
}

/// Appends the text of a value: what `io.print` writes and `+` concatenates.
pub fn write_text(value: &Value, out: &mut String) {
    match value {
        Value::Void => out.push_str("void"),
        Value::Text(text) => out.push_str(text.as_str()),
        // Text has a form for every value.
        other => write_nested(other, Style::Text, out).unwrap_or(()),
    }
}

/// Appends a value as exact JSON: floats keep a fraction or an exponent, void is `null`. With an indentation, each
/// level goes on lines of its own that start with so many more spaces.
///
/// # Errors
///
/// [`JsonError::NotFinite`] when a float in the value is NaN or infinite.
pub fn write_json(value: &Value, indent: Option<usize>, out: &mut String) -> Result<(), JsonError> {
    let style = match indent {
        None | Some(0) => Style::Compact,
        Some(indent) => Style::Indented(indent),
    };
    write_nested(value, style, out)
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

fn write_nested(value: &Value, style: Style, out: &mut String) -> Result<(), JsonError> {
    let mut open: Vec<Open<'_>> = Vec::new();
    begin(value, style, &mut open, out)?;
    while let Some(top) = open.last_mut() {
        match top {
            Open::Array(array, next) => {
                let (array, index) = (*array, *next);
                *next += 1;
                if index == array.len() {
                    close(']', index > 0, style, &mut open, out);
                } else {
                    separate(index == 0, style, open.len(), out);
                    match array.elements() {
                        Elements::Any(items) => begin(&items[index], style, &mut open, out)?,
                        packed => packed.get(index).map_or(Ok(()), |item| write_leaf(&item, style, out))?,
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
                        Key::Text(text) => write_quoted(text.as_str(), out),
                    }
                    out.push_str(style.colon());
                    begin(value, style, &mut open, out)?;
                }
            },
        }
    }
    Ok(())
}

/// Writes a leaf, or opens a container.
fn begin<'a>(value: &'a Value, style: Style, open: &mut Vec<Open<'a>>, out: &mut String) -> Result<(), JsonError> {
    match value {
        Value::Array(array) => {
            out.push('[');
            open.push(Open::Array(array, 0));
        }
        Value::Map(map) => {
            out.push('{');
            open.push(Open::Map(Box::new(map.iter()), true));
        }
        leaf => write_leaf(leaf, style, out)?,
    }
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

fn write_leaf(value: &Value, style: Style, out: &mut String) -> Result<(), JsonError> {
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
        Value::Float(_) => return Err(JsonError::NotFinite),
        Value::Text(text) => write_quoted(text.as_str(), out),
        Value::Void | Value::Array(_) | Value::Map(_) => out.push_str("null"),
    }
    Ok(())
}

/// Appends a JSON string.
fn write_quoted(text: &str, out: &mut String) {
    out.push('"');
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
    out.push('"');
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
        assert_eq!(write_json(&value, None, &mut String::new()), Err(JsonError::NotFinite));
        let mut text = String::new();
        write_text(&value, &mut text);
        assert_eq!(text, "[Infinity]");
    }
}
