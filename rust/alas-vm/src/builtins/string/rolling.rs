//! Search for a long part, which can be stopped at any time.
//!
//! The search of the library looks at the whole part before it begins, and cannot be stopped there. Here a hash of the bytes under a
//! window as long as the part moves through the text (Karp and Rabin, *Efficient randomized pattern-matching algorithms*, 1987), so
//! that the work grows with the text and no more. The hash is seeded in each process: nobody can prepare texts that only seem to
//! match.

use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

use crate::{Context, Fault, comparing};

/// How many bytes pass between two looks at the interrupt.
const PIECE: usize = 1 << 18;

/// Arithmetic is modulo this prime, by which it takes no division.
const PRIME: u64 = (1 << 61) - 1;

static BASE: LazyLock<u64> = LazyLock::new(|| RandomState::new().hash_one(()) % (PRIME - 512) + 256);

/// The byte offset of the first occurrence of a part at some offset or behind it.
pub fn find(context: &mut Context<'_>, text: &str, part: &str, start: usize) -> Result<Option<usize>, Fault> {
    let (bytes, length) = (text.as_bytes(), part.len());
    if bytes.len() - start < length {
        return Ok(None);
    }
    let base = *BASE;
    let wanted = hash(context, part.as_bytes(), base)?;
    let mut found = hash(context, &bytes[start..start + length], base)?;
    let leaving = power(base, length);
    let mut at = start;
    loop {
        // Where a part begins that is UTF-8, a character does.
        if found == wanted
            && let Some(candidate) = text.get(at..at + length)
            && comparing::equal_strings(candidate, part, context.host)?
        {
            return Ok(Some(at));
        }
        let Some(next) = bytes.get(at + length) else { return Ok(None) };
        found = with(found, *next, base);
        found = subtract(found, multiply(u64::from(bytes[at]), leaving));
        at += 1;
        if at.is_multiple_of(PIECE) {
            context.poll()?;
        }
    }
}

fn hash(context: &mut Context<'_>, bytes: &[u8], base: u64) -> Result<u64, Fault> {
    let mut hash = 0;
    for piece in bytes.chunks(PIECE) {
        context.poll()?;
        hash = piece.iter().fold(hash, |hash, byte| with(hash, *byte, base));
    }
    Ok(hash)
}

/// The hash of the same bytes and one more.
#[inline]
fn with(hash: u64, byte: u8, base: u64) -> u64 {
    reduce(u128::from(hash) * u128::from(base) + u128::from(byte))
}

#[inline]
fn multiply(left: u64, right: u64) -> u64 {
    reduce(u128::from(left) * u128::from(right))
}

#[inline]
fn subtract(left: u64, right: u64) -> u64 {
    if left >= right { left - right } else { left + PRIME - right }
}

#[inline]
fn reduce(number: u128) -> u64 {
    let folded = (number as u64 & PRIME) + (number >> 61) as u64;
    if folded >= PRIME { folded - PRIME } else { folded }
}

fn power(base: u64, exponent: usize) -> u64 {
    (0..usize::BITS).rev().fold(1, |result, bit| {
        let squared = multiply(result, result);
        if exponent >> bit & 1 == 1 { multiply(squared, base) } else { squared }
    })
}
