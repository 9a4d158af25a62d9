//! What takes long with a long text, in pieces. `look` is called between pieces; what it fails with ends the work.

use std::cmp::Ordering;
use std::hash::{BuildHasher, Hasher};

use super::{HASHER, Text};

/// How many bytes are handled between two looks.
const PIECE: usize = 1 << 20;

/// Texts up to so many bytes are handled in one go.
pub(super) const SHORT: usize = 1 << 18;

/// How many characters are passed between two looks.
const STRIDE: usize = PIECE / 4;

impl Text {
    /// Whether the text is long enough for work on it to be done in pieces.
    #[must_use]
    #[inline]
    pub fn is_long(&self) -> bool {
        self.as_str().len() > SHORT
    }

    /// As [`hash`](Self::hash).
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn hash_in_pieces<E>(&self, look: &mut impl FnMut() -> Result<(), E>) -> Result<u32, E> {
        if self.is_long() && self.object().hash.get() == 0 {
            self.object().hash.set(hash_long(self.as_str(), look)?);
        }
        Ok(self.hash())
    }

    /// Whether two texts are equal.
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn equals_in_pieces<E>(
        &self,
        other: &Self,
        look: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<bool, E> {
        let equal_lengths = self.as_str().len() == other.as_str().len();
        Ok(self.is_same(other) || (equal_lengths && self.compare_in_pieces(other, look)?.is_eq()))
    }

    /// The order of two texts by code point.
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn compare_in_pieces<E>(
        &self,
        other: &Self,
        look: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Ordering, E> {
        // The order of UTF-8 bytes is the order of code points.
        let (left, right) = (self.as_str().as_bytes(), other.as_str().as_bytes());
        if self.is_long() && other.is_long() && !self.is_same(other) {
            for (left, right) in left.chunks(PIECE).zip(right.chunks(PIECE)) {
                look()?;
                // The last pieces may differ in length, as the texts then do.
                let order = left.cmp(right);
                if order.is_ne() {
                    return Ok(order);
                }
            }
            return Ok(left.len().cmp(&right.len()));
        }
        Ok(if self.is_same(other) { Ordering::Equal } else { left.cmp(right) })
    }

    /// As [`offset`](Self::offset).
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn offset_in_pieces<E>(
        &self,
        character: usize,
        look: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Option<usize>, E> {
        if self.is_long() && !self.is_ascii() && character <= self.characters() {
            while let Some(stop) = self.stop_before(character) {
                look()?;
                // The next walk begins where this one ends.
                self.walk_to(stop);
            }
        }
        Ok(self.offset(character))
    }

    /// Where to stop on the way to a character that is far from each known place.
    fn stop_before(&self, character: usize) -> Option<usize> {
        let (before, behind) = self.known_places(character);
        let (forward, backward) = (character - before.0, behind.0 - character);
        if forward.min(backward) <= STRIDE {
            None
        } else if Self::walks_backward(forward, backward) {
            Some(behind.0 - STRIDE)
        } else {
            Some(before.0 + STRIDE)
        }
    }

    /// As [`slice`](Self::slice).
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn slice_in_pieces<E>(
        &self,
        start: usize,
        end: usize,
        look: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Option<&str>, E> {
        if start > end {
            return Ok(None);
        }
        let (start, end) = (self.offset_in_pieces(start, look)?, self.offset_in_pieces(end, look)?);
        Ok(start.zip(end).and_then(|(start, end)| self.as_str().get(start..end)))
    }
}

/// The hash of a long string; never zero.
pub(super) fn hash_long<E>(text: &str, look: &mut impl FnMut() -> Result<(), E>) -> Result<u32, E> {
    let mut hasher = HASHER.build_hasher();
    for piece in text.as_bytes().chunks(PIECE) {
        look()?;
        hasher.write(piece);
    }
    Ok((hasher.finish() as u32).max(1))
}
