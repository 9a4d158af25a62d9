//! Text: UTF-8 behind the object header in one allocation, its characters counted, its hash remembered.

mod pieces;

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::cell::Cell;
use std::convert::Infallible;
use std::fmt;
use std::ptr::NonNull;
use std::sync::LazyLock;

use ahash::RandomState;

use crate::account;
use crate::object::Header;

/// Seeded once a process, so that nobody can prepare keys that collide.
static HASHER: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// A character of a text and its byte offset.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// The address of the text; zero for none. A text in which a place is remembered forgets it when it dies or moves,
    /// so that no other one is taken for it.
    text: usize,
    character: u32,
    offset: u32,
}

impl Place {
    const NONE: Self = Self { text: 0, character: 0, offset: 0 };
}

thread_local! {
    /// The place that was asked for last.
    static CURSOR: Cell<Place> = const { Cell::new(Place::NONE) };
}

/// The seeded hash of an int, as maps use it.
#[must_use]
#[inline]
pub(crate) fn hash_int(value: i64) -> u64 {
    HASHER.hash_one(value)
}

#[derive(Debug)]
#[repr(C)]
struct TextObject {
    header: Header,
    length: u32,
    capacity: u32,
    characters: u32,
    /// Zero until it was asked for.
    hash: Cell<u32>,
}

/// An immutable text that can grow in place while it has one holder.
#[repr(transparent)]
pub struct Text {
    pointer: NonNull<TextObject>,
}

impl Text {
    /// The longest text, in bytes.
    pub const MAX_LENGTH: usize = (u32::MAX as usize) / 2;

    /// Copies a string.
    ///
    /// # Panics
    ///
    /// When the string is longer than [`Text::MAX_LENGTH`]; whoever builds long texts checks before.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::starting_with(text, text.len())
    }

    /// A constant of a program: an update that copies it does not count as a copy of a shared value.
    #[must_use]
    pub fn constant(text: &str) -> Self {
        let constant = Self::new(text);
        constant.header().mark_constant();
        constant
    }

    /// The decimal form of an int.
    #[must_use]
    pub fn of_int(value: i64) -> Self {
        Self::new(itoa::Buffer::new().format(value))
    }

    /// The two texts, one after the other, in one allocation.
    #[must_use]
    pub fn concat(left: &str, right: &str) -> Self {
        Self::starting_with(left, left.len() + right.len()).append(right)
    }

    /// An empty text with room for so many bytes; `None` when there is no memory for it.
    ///
    /// # Panics
    ///
    /// When the capacity is above [`Text::MAX_LENGTH`]; callers check before.
    #[must_use]
    pub fn try_with_capacity(capacity: usize) -> Option<Self> {
        Self::allocate("", capacity)
    }

    fn starting_with(text: &str, capacity: usize) -> Self {
        Self::allocate(text, capacity).unwrap_or_else(|| handle_alloc_error(layout(capacity)))
    }

    #[inline]
    fn allocate(text: &str, capacity: usize) -> Option<Self> {
        assert!(capacity <= Self::MAX_LENGTH, "a text is at most {} bytes long", Self::MAX_LENGTH);
        let layout = layout(capacity);
        // SAFETY: the layout is never of size zero, because it holds the object's fixed part.
        let pointer = NonNull::new(unsafe { alloc(layout) })?;
        let pointer = pointer.cast::<TextObject>();
        let header = Header::new();
        account::charge(header.account(), layout.size());
        // SAFETY: the allocation has room for the fixed part and `capacity` bytes behind it, `text` fits them, and
        // the two do not overlap, because the allocation is new.
        unsafe {
            pointer.write(TextObject {
                header,
                length: text.len() as u32,
                capacity: capacity as u32,
                characters: count_characters(text),
                hash: Cell::new(0),
            });
            bytes(pointer).copy_from_nonoverlapping(NonNull::from(text.as_bytes()).cast(), text.len());
        }
        Some(Self { pointer })
    }

    fn object(&self) -> &TextObject {
        // SAFETY: the object lives until the last `Text` that points to it is dropped.
        unsafe { self.pointer.as_ref() }
    }

    /// The object's header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.object().header
    }

    /// The text as a string slice.
    #[must_use]
    #[inline]
    pub fn as_str(&self) -> &str {
        // SAFETY: the first `length` bytes behind the fixed part were copied from string slices, whole ones.
        unsafe {
            let slice =
                std::slice::from_raw_parts(bytes(self.pointer).as_ptr(), self.object().length as usize);
            std::str::from_utf8_unchecked(slice)
        }
    }

    /// How many characters (Unicode scalar values) the text has.
    #[must_use]
    #[inline]
    pub fn characters(&self) -> usize {
        self.object().characters as usize
    }

    /// Whether every character is one byte, so that positions and byte offsets are the same.
    #[must_use]
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.object().characters == self.object().length
    }

    /// The byte offset of a character, or of the end for the number of characters; `None` beyond.
    ///
    /// A program that walks through a text pays for each step only: the last place that was asked for is remembered.
    #[must_use]
    #[inline]
    pub fn offset(&self, character: usize) -> Option<usize> {
        if character > self.characters() {
            None
        } else if self.is_ascii() {
            Some(character)
        } else {
            Some(self.walk_to(character))
        }
    }

    /// The byte offset of a character of a text that is not all ASCII.
    fn walk_to(&self, character: usize) -> usize {
        let (before, behind) = self.known_places(character);
        let (forward, backward) = (character - before.0, behind.0 - character);
        let between = self.as_str().get(before.1..behind.1).unwrap_or_default();
        let offset = if Self::walks_backward(forward, backward) {
            before.1 + skip_backward(between, backward)
        } else {
            before.1 + skip_forward(between, forward)
        };
        let (character, known) = (character as u32, offset as u32);
        CURSOR.set(Place { text: self.pointer.addr().get(), character, offset: known });
        offset
    }

    /// The nearest characters on either side of one whose offsets are known, with their offsets.
    #[inline]
    fn known_places(&self, character: usize) -> ((usize, usize), (usize, usize)) {
        let place = CURSOR.get();
        // The start and the end are places that are always known.
        let (start, end) = ((0, 0), (self.characters(), self.as_str().len()));
        let known = (place.character as usize, place.offset as usize);
        if place.text != self.pointer.addr().get() {
            (start, end)
        } else if known.0 <= character {
            (known, end)
        } else {
            (start, known)
        }
    }

    /// Whether a character is reached from the known place behind it: walking forward is several times faster.
    #[inline]
    fn walks_backward(forward: usize, backward: usize) -> bool {
        backward < forward / 4
    }

    /// Forgets the place in this text, because its memory is about to be given back.
    #[inline]
    fn forget_place(&self) {
        if !self.is_ascii() && CURSOR.get().text == self.pointer.addr().get() {
            CURSOR.set(Place::NONE);
        }
    }

    /// The characters from one position up to another.
    #[must_use]
    pub fn slice(&self, start: usize, end: usize) -> Option<&str> {
        if start > end {
            return None;
        }
        let (start, end) = (self.offset(start)?, self.offset(end)?);
        self.as_str().get(start..end)
    }

    /// The seeded hash, computed once.
    #[must_use]
    #[inline]
    pub fn hash(&self) -> u32 {
        let known = self.object().hash.get();
        if known != 0 { known } else { self.compute_hash() }
    }

    #[cold]
    fn compute_hash(&self) -> u32 {
        let hash = hash_text(self.as_str());
        self.object().hash.set(hash);
        hash
    }

    /// About how many bytes [`append`](Self::append) takes for so many bytes more.
    #[must_use]
    #[inline]
    pub fn growth(&self, more: usize) -> usize {
        let needed = (self.object().length as usize).saturating_add(more);
        if !self.header().is_unique() {
            needed
        } else if needed <= self.object().capacity as usize {
            0
        } else {
            needed.saturating_mul(2).min(Self::MAX_LENGTH).saturating_sub(self.object().capacity as usize)
        }
    }

    /// The text with another behind it: in place, with room to spare, when this is the only holder.
    ///
    /// # Panics
    ///
    /// When the result is longer than [`Text::MAX_LENGTH`]; callers check before.
    #[must_use]
    pub fn append(mut self, more: &str) -> Self {
        if !self.header().is_unique() {
            self.header().count_copy();
            let length = self.as_str().len() + more.len();
            return Self::starting_with(self.as_str(), length).append(more);
        }
        let length = self.object().length as usize;
        let needed = length + more.len();
        assert!(needed <= Self::MAX_LENGTH, "a text is at most {} bytes long", Self::MAX_LENGTH);
        if needed > self.object().capacity as usize {
            self.grow((needed * 2).min(Self::MAX_LENGTH));
        }
        // SAFETY: the object is unique, its capacity is at least `needed`, and `more` is another string, because
        // nobody can borrow this one while it is moved into this call.
        unsafe {
            bytes(self.pointer)
                .add(length)
                .copy_from_nonoverlapping(NonNull::from(more.as_bytes()).cast(), more.len());
            let object = self.pointer.as_mut();
            object.length = needed as u32;
            object.characters += count_characters(more);
            object.hash.set(0);
        }
        self
    }

    fn grow(&mut self, capacity: usize) {
        self.forget_place();
        let (before, after) = (layout(self.object().capacity as usize), layout(capacity));
        self.header().resize(before.size(), after.size());
        // SAFETY: the pointer was allocated with the layout `before`; nothing else holds it, for it is unique.
        let pointer = unsafe { realloc(self.pointer.as_ptr().cast(), before, after.size()) };
        let Some(pointer) = NonNull::new(pointer) else { handle_alloc_error(after) };
        let pointer = pointer.cast::<TextObject>();
        self.pointer = pointer;
        // SAFETY: `realloc` kept the contents, so this is the same object in a larger allocation.
        unsafe { self.pointer.as_mut() }.capacity = capacity as u32;
    }

    /// Whether both are the same object.
    #[must_use]
    #[inline]
    pub fn is_same(&self, other: &Self) -> bool {
        self.pointer == other.pointer
    }
}

/// The seeded hash of a string; never zero.
#[must_use]
fn hash_text(text: &str) -> u32 {
    if text.len() > pieces::SHORT {
        let Ok(hash) = pieces::hash_long(text, &mut || Ok::<_, Infallible>(()));
        return hash;
    }
    (HASHER.hash_one(text) as u32).max(1)
}

fn count_characters(text: &str) -> u32 {
    if text.is_ascii() { text.len() as u32 } else { text.chars().count() as u32 }
}

/// The byte offset behind so many characters, counted from the start.
fn skip_forward(text: &str, characters: usize) -> usize {
    let mut rest = text.chars();
    if characters > 0 {
        // The library skips whole words of memory.
        rest.nth(characters - 1);
    }
    text.len() - rest.as_str().len()
}

/// The byte offset before so many characters, counted from the end.
fn skip_backward(text: &str, characters: usize) -> usize {
    let mut rest = text.chars();
    if characters > 0 {
        rest.nth_back(characters - 1);
    }
    rest.as_str().len()
}

fn layout(capacity: usize) -> Layout {
    // The sizes are bounded by `MAX_LENGTH`, so that the sum cannot overflow.
    Layout::from_size_align(size_of::<TextObject>() + capacity, align_of::<TextObject>())
        .expect("a bounded size")
}

/// Where the bytes of a text begin.
///
/// # Safety
///
/// The pointer must be to an allocation made with [`layout`].
unsafe fn bytes(pointer: NonNull<TextObject>) -> NonNull<u8> {
    // SAFETY: every allocation has the fixed part, and the bytes come right behind it.
    unsafe { pointer.add(1).cast() }
}

impl Clone for Text {
    #[inline]
    fn clone(&self) -> Self {
        self.header().retain();
        Self { pointer: self.pointer }
    }
}

impl Drop for Text {
    #[inline]
    fn drop(&mut self) {
        if self.header().release() {
            self.forget_place();
            let layout = layout(self.object().capacity as usize);
            account::refund(self.header().account(), layout.size());
            // SAFETY: this was the last holder, and the allocation was made with this layout.
            unsafe { dealloc(self.pointer.as_ptr().cast(), layout) };
        }
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other) || self.as_str() == other.as_str()
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_in_place_when_unique_and_copies_when_shared() {
        let before = account::copies();
        let mut text = Text::new("");
        for _ in 0..1000 {
            text = text.append("ä");
        }
        assert_eq!((text.characters(), text.as_str().len()), (1000, 2000));
        assert_eq!(account::copies(), before);
        let other = text.clone();
        text = text.append("!");
        assert_eq!(account::copies(), before + 1);
        assert_eq!((other.characters(), text.characters()), (1000, 1001));
    }

    #[test]
    fn positions_count_characters() {
        let text = Text::new("aäb€c");
        assert_eq!(text.slice(1, 4), Some("äb€"));
        assert_eq!(text.slice(4, 5), Some("c"));
        assert_eq!(text.slice(5, 5), Some(""));
        assert_eq!(text.slice(2, 6), None);
        assert_eq!(text.slice(3, 2), None);
    }

    #[test]
    fn the_account_is_paid_back() {
        let account = account::current();
        let before = account::used(account);
        let text = Text::new("some text").append(" and more");
        assert!(account::used(account) > before);
        drop(text);
        assert_eq!(account::used(account), before);
    }

    #[test]
    fn positions_are_right_in_any_order_and_after_changes() {
        let string = "aä€😀".repeat(500);
        let offsets: Vec<usize> =
            string.char_indices().map(|(offset, _)| offset).chain([string.len()]).collect();
        let mut text = Text::new(&string);
        let mut state = 1_usize;
        for round in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let position = if round % 3 == 0 { round % 2000 } else { (state >> 33) % offsets.len() };
            assert_eq!(text.offset(position), Some(offsets[position]), "{position}");
            if round % 1000 == 0 {
                // Another text is likely to get the memory of the one that is dropped.
                text = Text::new(&string.replacen('a', "b", round % 7));
            }
        }
        assert_eq!(text.offset(offsets.len()), None);
        let before = text.offset(1999);
        let longer = text.append("ä");
        assert_eq!((longer.offset(1999), longer.slice(2000, 2001)), (before, Some("ä")));
    }
}
