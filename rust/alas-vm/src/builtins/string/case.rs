//! Upper and lower case.

use alas_library::Builtin;
use alas_value::Value;

use super::super::{POLL_EVERY, read};
use super::split_piece;
use crate::{Context, Fault, size};

/// The letter whose lower case is another one at the end of a word; that of all others depends on nothing around them.
const SIGMA: char = 'Σ';

pub fn to_upper(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let text = read::text(Builtin::StringToUpper, arguments, 0)?.as_str();
    in_pieces(context, text, |_, piece, _| Ok(piece.to_uppercase()))
}

pub fn to_lower(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let text = read::text(Builtin::StringToLower, arguments, 0)?.as_str();
    in_pieces(context, text, |context, piece, start| lower(context, text, piece, start))
}

/// Puts together what is made of each piece of a text; the offset of the piece is known, too.
fn in_pieces(
    context: &mut Context<'_>,
    text: &str,
    change: impl Fn(&mut Context<'_>, &str, usize) -> Result<String, Fault>,
) -> Result<Value, Fault> {
    let mut rest = text;
    let mut result = size::buffer(rest.len())?;
    while !rest.is_empty() {
        context.poll()?;
        let (piece, behind) = split_piece(rest);
        let changed = change(context, piece, text.len() - rest.len())?;
        // Some letters become longer, so that the size is not known before.
        size::check(result.as_str().len() + changed.len())?;
        result = result.append(&changed);
        rest = behind;
    }
    Ok(Value::Text(result))
}

/// The lower case of the piece of a text that starts at an offset.
fn lower(context: &mut Context<'_>, text: &str, piece: &str, start: usize) -> Result<String, Fault> {
    let mut lowered = String::new();
    let mut done = 0;
    for (offset, sigma) in piece.match_indices(SIGMA) {
        let (before, behind) = (&text[..start + offset], &text[start + offset + sigma.len()..]);
        let ends_a_word =
            reaches_a_letter(context, before.chars().rev())? && !reaches_a_letter(context, behind.chars())?;
        lowered.push_str(&piece[done..offset].to_lowercase());
        lowered.push(if ends_a_word { 'ς' } else { 'σ' });
        done = offset + sigma.len();
    }
    if done == 0 {
        return Ok(piece.to_lowercase());
    }
    lowered.push_str(&piece[done..].to_lowercase());
    Ok(lowered)
}

/// Whether the first of the characters that does not count as part of a word's spelling, as an apostrophe does, is a
/// letter with a case.
fn reaches_a_letter(
    context: &mut Context<'_>,
    characters: impl Iterator<Item = char>,
) -> Result<bool, Fault> {
    for (number, character) in characters.enumerate() {
        if number % POLL_EVERY == POLL_EVERY - 1 {
            context.poll()?;
        }
        if let Some(is_letter) = is_letter_with_case(character) {
            return Ok(is_letter);
        }
    }
    Ok(false)
}

/// Whether a character is a letter with a case (Unicode's `Cased`); `None` for one that is passed over (`Case_Ignorable`).
///
/// The standard library knows both properties and tells neither, but what it makes of a sigma behind the character does.
fn is_letter_with_case(character: char) -> Option<bool> {
    let is_final = |text: String| text.to_lowercase().ends_with('ς');
    match character {
        'a'..='z' | 'A'..='Z' | 'Α'..='Ρ' | 'Σ'..='Ω' | 'α'..='ω' => Some(true),
        ' ' | '\n' | '0'..='9' => Some(false),
        other if !is_final(format!("A{other}{SIGMA}")) => Some(false),
        other => is_final(format!("{other}{SIGMA}")).then_some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_known() {
        let cases = [
            ('a', Some(true)),
            ('Ж', Some(true)),
            ('ς', Some(true)),
            ('ß', Some(true)),
            ('1', Some(false)),
            (' ', Some(false)),
            ('漢', Some(false)),
            ('\'', None),
            ('.', None),
            ('\u{301}', None),
            // Lower case, and passed over all the same.
            ('ʰ', None),
        ];
        for (character, expected) in cases {
            assert_eq!(is_letter_with_case(character), expected, "{character:?}");
        }
    }
}
