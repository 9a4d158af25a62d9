//! What the reader says about mistakes: expected, found, and what to do.

use super::numbers::NumberError;
use super::strings::StringError;
use crate::LONGEST_NUMBER;
use crate::findings::{Explanation, clip};

/// A message and perhaps a help.
type Words = (String, Option<String>);

/// What the grammar allows at a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expected {
    Value,
    /// The first element of an array, or its end.
    ElementOrEnd,
    /// An element behind a comma.
    Element,
    /// The first key of an object, or its end.
    KeyOrEnd,
    /// A key behind a comma.
    Key,
    Colon,
    CommaOrBracket,
    CommaOrBrace,
    EndOfText,
}

impl Expected {
    const fn describe(self) -> &'static str {
        match self {
            Self::Value | Self::Element => "a value",
            Self::ElementOrEnd => "a value or `]`",
            Self::KeyOrEnd => "a key in double quotes or `}`",
            Self::Key => "a key in double quotes",
            Self::Colon => "`:` after the key",
            Self::CommaOrBracket => "`,` or `]`",
            Self::CommaOrBrace => "`,` or `}`",
            Self::EndOfText => "the end of the text",
        }
    }

    const fn is_value(self) -> bool {
        matches!(self, Self::Value | Self::Element | Self::ElementOrEnd)
    }
}

/// Something stands where the grammar does not allow it. `opened` is the offset of the innermost open
/// bracket.
pub(super) fn unexpected(text: &str, offset: usize, expected: Expected, opened: Option<usize>) -> Words {
    let Some(character) = text[offset..].chars().next() else {
        if text.trim_ascii().is_empty() {
            return ("expected a value, found an empty text".to_owned(), None);
        }
        return (
            format!("expected {}, found the end of the text", expected.describe()),
            unclosed(text, opened),
        );
    };
    let message = format!("expected {}, found {}", expected.describe(), found(text, offset, character));
    (message, help(text, offset, character, expected, opened))
}

/// The word, number or character at the offset.
fn found(text: &str, offset: usize, character: char) -> String {
    let is_part = |other: char| other.is_alphanumeric() || matches!(other, '_' | '-' | '+' | '.');
    if is_part(character) {
        let rest = &text[offset..];
        let word = rest.find(|other| !is_part(other)).map_or(rest, |end| &rest[..end]);
        return format!("`{}`", clip(word));
    }
    match character {
        '"' => "a string".to_owned(),
        _ if character.is_control() => format!("the control character U+{:04X}", u32::from(character)),
        // A character that cannot be seen, or not be told from a space, is named as well.
        _ if !character.is_ascii() => {
            format!("`{}` (U+{:04X})", clip(character.encode_utf8(&mut [0; 4])), u32::from(character))
        }
        _ => format!("`{character}`"),
    }
}

/// The usual mistakes, from other languages and from editing.
fn help(
    text: &str,
    offset: usize,
    character: char,
    expected: Expected,
    opened: Option<usize>,
) -> Option<String> {
    let rest = &text[offset..];
    let help = match (expected, character) {
        (_, '/' | '#') => {
            "JSON has no comments; remarks on a module or function can stand under its key `meta`"
        }
        (_, '\'') => "write strings and keys in double quotes",
        (Expected::EndOfText, ',' | '}' | ']') => "there is a bracket or comma too much at the end",
        (Expected::EndOfText, _) => "a text holds one value; remove what follows it",
        (Expected::Element, ']') | (Expected::Key, '}') => "remove the comma before it",
        (Expected::Value, '}') if opened.is_some() => "put a value behind the key",
        (_, ']' | '}') => return unclosed(text, opened),
        (Expected::CommaOrBracket, ':') => "keys stand in objects: `{\"key\": value}`",
        (Expected::CommaOrBracket | Expected::CommaOrBrace, '"' | '{' | '[' | '-' | '0'..='9') => {
            "put a comma before it"
        }
        (_, '\0') => "save the text as UTF-8; a null character often means UTF-16",
        (Expected::Colon, '=') => "write `:` between key and value",
        (_, ',') => "remove the comma, or put what is missing before it",
        _ if expected.is_value() => value_help(rest)?,
        (Expected::Key | Expected::KeyOrEnd, _) => "write keys in double quotes",
        _ => return None,
    };
    Some(help.to_owned())
}

/// Values as other languages write them.
fn value_help(rest: &str) -> Option<&'static str> {
    let starts = |words: &[&str]| {
        words.iter().any(|word| rest.get(..word.len()).is_some_and(|at| at.eq_ignore_ascii_case(word)))
    };
    if starts(&["nan", "inf", "+inf"]) {
        Some("JSON numbers are finite")
    } else if starts(&["true", "false", "null"]) {
        Some("the words of JSON are `true`, `false` and `null`, in small letters")
    } else if starts(&["none", "nil", "undefined", "void"]) {
        Some("write `null`")
    } else if rest.starts_with(['+', '.']) {
        Some("numbers start with a digit or a minus sign: `1`, `-1`, `0.5`")
    } else if rest.starts_with(|first: char| first.is_alphabetic()) {
        Some("write strings in double quotes")
    } else {
        None
    }
}

/// Where the bracket stands that has no counterpart.
fn unclosed(text: &str, opened: Option<usize>) -> Option<String> {
    let opened = opened?;
    let kind = if text.as_bytes()[opened] == b'{' { "object" } else { "array" };
    let before = &text[..opened];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some(format!("the {kind} that starts at line {line}, column {column} is not closed"))
}

/// A mistake inside the string that starts at `start`.
pub(super) fn string(text: &str, error: StringError, start: usize, offset: usize) -> Words {
    let snippet = |length: usize| {
        let rest = &text[offset..];
        rest.char_indices()
            .nth(length)
            .map_or(rest, |(end, _)| &rest[..end])
            .escape_debug()
            .to_string()
            .replace("\\\\", "\\")
    };
    match error {
        StringError::Unterminated => {
            let before = &text[..start];
            let line = before.matches('\n').count() + 1;
            (format!("expected `\"`, found the end of the text; the string starts at line {line}"), None)
        }
        StringError::Control => {
            let character = text[offset..].chars().next().unwrap_or_default();
            let help = match character {
                '\n' | '\r' => "close the string before the line ends, or write `\\n` for a line break",
                '\t' => "write `\\t` for a tab",
                _ => "write it as an escape such as `\\u0001`",
            };
            let message = format!("a string holds the raw control character U+{:04X}", u32::from(character));
            (message, Some(help.to_owned()))
        }
        StringError::Escape => (
            format!("there is no escape `{}`", snippet(2)),
            Some(
                "the escapes are \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four hexadecimal digits"
                    .to_owned(),
            ),
        ),
        StringError::Hexadecimal => {
            (format!("expected four hexadecimal digits after `\\u`, found `{}`", snippet(6)), None)
        }
        StringError::LoneSurrogate => (
            format!("the escape `{}` is half of a surrogate pair", snippet(6)),
            Some("write both halves, as in `\\ud83d\\ude00`, or the character itself".to_owned()),
        ),
    }
}

/// A number that breaks off or starts wrongly.
pub(super) fn number(text: &str, error: NumberError, offset: usize) -> Words {
    let next = text[offset..].chars().next();
    let found =
        next.map_or_else(|| "the end of the text".to_owned(), |character| found(text, offset, character));
    match error {
        NumberError::NoDigits => {
            let help = next
                .filter(|character| matches!(character, 'I' | 'i' | 'N' | 'n'))
                .map(|_| "JSON numbers are finite".to_owned());
            (format!("expected a digit after the minus sign, found {found}"), help)
        }
        NumberError::LeadingZero => (
            format!("the number {found} has a leading zero"),
            Some("remove the zeros at its start".to_owned()),
        ),
        NumberError::NoFraction => (
            format!("expected a digit after the decimal point, found {found}"),
            Some("write `1.0`, not `1.`".to_owned()),
        ),
        NumberError::NoExponent => (format!("expected a digit in the exponent, found {found}"), None),
    }
}

/// A number of the right form that no int or float can hold.
pub(super) fn number_out_of_range(digits: &str, is_float: bool) -> Explanation {
    if is_float {
        Explanation::new(format!("the float {} is too large", clip(digits)))
            .help("the largest float is about 1.8e308".to_owned())
    } else {
        Explanation::new(format!("the int {} does not fit 64 bits", clip(digits))).help(format!(
            "ints go from {} to {}; add `.0` for a float, or write a string",
            i64::MIN,
            i64::MAX
        ))
    }
}

/// A number that nobody reads.
pub(super) fn long_number(bytes: usize) -> Words {
    (format!("the number has {bytes} characters, at most {LONGEST_NUMBER} are allowed"), None)
}

/// A key that its object names again.
pub(super) fn duplicate_key(key: &str) -> Explanation {
    Explanation::new(format!("the object names the key `{}` twice", clip(key)))
        .help("remove one of the two, or give it another name".to_owned())
}

/// The text starts with U+FEFF.
pub(super) fn byte_order_mark() -> Words {
    (
        "the text starts with a byte order mark".to_owned(),
        Some("save it as UTF-8 without byte order mark".to_owned()),
    )
}

/// The byte at the offset does not continue or start a character.
pub(super) fn invalid_utf8(bytes: &[u8], offset: usize) -> (String, String) {
    let help = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => "the text looks like UTF-16; save it as UTF-8",
        _ => "save the text as UTF-8",
    };
    (format!("the byte 0x{:02X} is not valid UTF-8", bytes[offset]), help.to_owned())
}
