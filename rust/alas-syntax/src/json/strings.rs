//! Scanning strings for their end, and decoding their escapes.

/// Why a string is not one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StringError {
    /// The text ends inside.
    Unterminated,
    /// A character below U+0020 stands inside.
    Control,
    /// A backslash is followed by something that is no escape.
    Escape,
    /// `\u` is not followed by four hexadecimal digits.
    Hexadecimal,
    /// Half of a surrogate pair.
    LoneSurrogate,
}

/// A string that was scanned.
pub(super) struct Scanned {
    /// The offset of the closing quote.
    pub(super) end: usize,
    /// Whether there are escapes to decode.
    pub(super) escaped: bool,
}

/// Finds the closing quote of the string whose first character stands at `start`, and checks its escapes.
///
/// # Errors
///
/// What is wrong, and the offset where.
pub(super) fn scan(bytes: &[u8], start: usize) -> Result<Scanned, (StringError, usize)> {
    let mut position = start;
    let mut escaped = false;
    loop {
        position = skip_plain(bytes, position);
        match bytes.get(position) {
            Some(b'"') => return Ok(Scanned { end: position, escaped }),
            Some(b'\\') => {
                escaped = true;
                position = skip_escape(bytes, position)?;
            }
            Some(_) => return Err((StringError::Control, position)),
            None => return Err((StringError::Unterminated, position)),
        }
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

/// Marks the high bit of each byte that ends a plain run. Only the lowest mark is exact: a borrow may mark
/// bytes above.
const fn special_bytes(word: u64) -> u64 {
    let control = word.wrapping_sub(ONES * 0x20);
    let quote = (word ^ (ONES * b'"' as u64)).wrapping_sub(ONES);
    let backslash = (word ^ (ONES * b'\\' as u64)).wrapping_sub(ONES);
    (control | quote | backslash) & !word & HIGH_BITS
}

/// The offset of the next quote, backslash or control character, or of the end. Eight bytes at a time,
/// because most of a program's text stands inside strings.
fn skip_plain(bytes: &[u8], mut position: usize) -> usize {
    while let Some(&chunk) = bytes.get(position..).and_then(<[u8]>::first_chunk::<8>) {
        let special = special_bytes(u64::from_le_bytes(chunk));
        if special != 0 {
            return position + (special.trailing_zeros() / 8) as usize;
        }
        position += 8;
    }
    while let Some(&byte) = bytes.get(position) {
        if byte < 0x20 || byte == b'"' || byte == b'\\' {
            break;
        }
        position += 1;
    }
    position
}

/// The offset behind the escape whose backslash stands at `position`.
fn skip_escape(bytes: &[u8], position: usize) -> Result<usize, (StringError, usize)> {
    match bytes.get(position + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(position + 2),
        Some(b'u') => match unit(bytes, position)? {
            0xD800..=0xDBFF => {
                let low = position + 6;
                if bytes.get(low) == Some(&b'\\')
                    && bytes.get(low + 1) == Some(&b'u')
                    && (0xDC00..=0xDFFF).contains(&unit(bytes, low)?)
                {
                    return Ok(low + 6);
                }
                Err((StringError::LoneSurrogate, position))
            }
            0xDC00..=0xDFFF => Err((StringError::LoneSurrogate, position)),
            _ => Ok(position + 6),
        },
        Some(_) => Err((StringError::Escape, position)),
        None => Err((StringError::Unterminated, bytes.len())),
    }
}

/// The UTF-16 unit of the `\u` escape at `position`.
fn unit(bytes: &[u8], position: usize) -> Result<u32, (StringError, usize)> {
    let mut value = 0;
    for offset in position + 2..position + 6 {
        match bytes.get(offset).map(|&byte| char::from(byte).to_digit(16)) {
            Some(Some(digit)) => value = value * 16 + digit,
            Some(None) => return Err((StringError::Hexadecimal, position)),
            None => return Err((StringError::Unterminated, bytes.len())),
        }
    }
    Ok(value)
}

/// Replaces the escapes of a string that [`scan`] has checked.
pub(super) fn decode(raw: &str) -> String {
    let mut decoded = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(backslash) = rest.find('\\') {
        decoded.push_str(&rest[..backslash]);
        let escape = rest.as_bytes()[backslash + 1];
        let mut behind = backslash + 2;
        decoded.push(match escape {
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let bytes = rest.as_bytes();
                let mut scalar = unit(bytes, backslash).unwrap_or_default();
                behind = backslash + 6;
                if (0xD800..=0xDBFF).contains(&scalar) {
                    let low = unit(bytes, behind).unwrap_or_default();
                    scalar = 0x1_0000 + ((scalar - 0xD800) << 10) + (low - 0xDC00);
                    behind += 6;
                }
                char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            // A quote, a slash or a backslash stands for itself.
            other => char::from(other),
        });
        rest = &rest[behind..];
    }
    decoded.push_str(rest);
    decoded
}
