//! Words for messages.

use alas_value::Text;

use crate::{ErrorCode, Fault};

/// Texts in messages are cut after so many characters: a message is for reading.
const SHOWN: usize = 60;

/// A text of the program for a message: in backticks, cut when long, control characters escaped.
pub fn quote(text: &str) -> String {
    let mut quoted: String = text.chars().take(SHOWN).flat_map(escape).collect();
    if text.chars().nth(SHOWN).is_some() {
        quoted.push('…');
    }
    format!("`{quoted}`")
}

/// What a program holds must not be able to drive the terminal that shows the message.
fn escape(character: char) -> impl Iterator<Item = char> {
    let harmless = !character.is_control() && !('\u{200E}'..='\u{202E}').contains(&character);
    let escaped = (!harmless).then(|| character.escape_default());
    harmless.then_some(character).into_iter().chain(escaped.into_iter().flatten())
}

/// `s` unless there is exactly one.
pub fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// The error of a position outside an array.
#[cold]
pub fn outside_array(position: i64, length: usize) -> Fault {
    let message = format!("position {position} is outside an array of {length} element{}", plural(length));
    Fault::new(ErrorCode::IndexOutOfBounds, message)
}

/// The error of a position outside a string.
#[cold]
pub fn outside_text(position: i64, length: usize) -> Fault {
    let message = format!("position {position} is outside a string of {length} character{}", plural(length));
    Fault::new(ErrorCode::IndexOutOfBounds, message)
}

/// The error of a key that a map does not have.
#[cold]
pub fn no_such_key(key: &Text) -> Fault {
    Fault::new(ErrorCode::KeyNotFound, format!("the map has no key {}", quote(key.as_str())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_short_and_harmless() {
        assert_eq!(quote("a b"), "`a b`");
        assert_eq!(quote("\u{1b}[31m\n"), "`\\u{1b}[31m\\n`");
        assert_eq!(quote(&"é".repeat(100)), format!("`{}…`", "é".repeat(60)));
        assert_eq!(quote("\u{202E}x"), "`\\u{202e}x`");
    }
}
