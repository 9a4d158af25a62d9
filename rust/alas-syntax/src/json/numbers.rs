//! Scanning numbers for their end, and checking that they fit.

use crate::{LONGEST_NUMBER, parse_float};

/// Why a number is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberError {
    /// A minus sign is not followed by a digit.
    NoDigits,
    /// A zero is followed by another digit.
    LeadingZero,
    /// The decimal point is not followed by a digit.
    NoFraction,
    /// The exponent has no digit.
    NoExponent,
}

/// A number that was scanned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scanned {
    /// The offset behind its last character.
    pub(super) end: usize,
    /// Whether it has a fraction or an exponent.
    pub(super) is_float: bool,
    /// Whether its value fits an int, or is finite as a float.
    pub(super) fits: bool,
}

/// Finds the end of the number that starts at `start` with a digit or a minus sign.
///
/// # Errors
///
/// What is wrong, and the offset where.
pub(super) fn scan(text: &str, start: usize) -> Result<Scanned, (NumberError, usize)> {
    let bytes = text.as_bytes();
    let mut position = start + usize::from(bytes.get(start) == Some(&b'-'));
    match bytes.get(position) {
        Some(b'0') => {
            position += 1;
            if bytes.get(position).is_some_and(u8::is_ascii_digit) {
                return Err((NumberError::LeadingZero, position - 1));
            }
        }
        Some(b'1'..=b'9') => position = skip_digits(bytes, position),
        _ => return Err((NumberError::NoDigits, position)),
    }
    let mut is_float = false;
    let mut has_exponent = false;
    if bytes.get(position) == Some(&b'.') {
        is_float = true;
        position = expect_digits(bytes, position + 1, NumberError::NoFraction)?;
    }
    if matches!(bytes.get(position), Some(b'e' | b'E')) {
        is_float = true;
        has_exponent = true;
        position += 1 + usize::from(matches!(bytes.get(position + 1), Some(b'+' | b'-')));
        position = expect_digits(bytes, position, NumberError::NoExponent)?;
    }
    let digits = &text[start..position];
    // Short numbers fit whatever their digits are, so that only long ones are converted here.
    let fits = if digits.len() > LONGEST_NUMBER {
        false
    } else if is_float {
        (!has_exponent && digits.len() <= 300) || parse_float(digits).is_some_and(f64::is_finite)
    } else {
        digits.len() <= 18 || digits.parse::<i64>().is_ok()
    };
    Ok(Scanned { end: position, is_float, fits })
}

fn skip_digits(bytes: &[u8], mut position: usize) -> usize {
    while bytes.get(position).is_some_and(u8::is_ascii_digit) {
        position += 1;
    }
    position
}

fn expect_digits(bytes: &[u8], position: usize, error: NumberError) -> Result<usize, (NumberError, usize)> {
    let end = skip_digits(bytes, position);
    if end == position { Err((error, position)) } else { Ok(end) }
}
