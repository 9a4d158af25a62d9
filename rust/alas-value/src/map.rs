//! Maps: entries in insertion order, found through a seeded hash.
//!
//! The entries stand in a vector; removing one leaves a vacancy that is swept when vacancies outnumber entries. A map
//! whose keys are the ints 0, 1, 2, … in order needs no search; one of a few entries is searched from the start; any
//! other has a hash table of positions beside the vector.
//!
//! A key is a text. A text that is the decimal form of an int is kept as that int, so that maps with numeric keys, in
//! whichever spelling the program used, never build the text unless someone asks for it.

mod pieces;

use std::cell::Cell;
use std::fmt;

use hashbrown::HashTable;

use crate::object::{Body, Header, Ref};
use crate::text::hash_int;
use crate::{Text, Value};

/// Maps up to this size are searched without a table.
const SMALL: usize = 8;

/// A key of a map.
#[derive(Debug, Clone)]
pub enum Key {
    /// The text of this int.
    Int(i64),
    /// A text that is not the text of an int.
    Text(Text),
}

impl Key {
    /// The key that a text is.
    #[must_use]
    #[inline]
    pub fn from_text(text: Text) -> Self {
        match int_of(text.as_str()) {
            Some(value) => Self::Int(value),
            None => Self::Text(text),
        }
    }

    /// The key's text.
    #[must_use]
    pub fn to_text(&self) -> Text {
        self.as_ref().to_text()
    }

    /// The key, to be looked up.
    #[must_use]
    #[inline]
    pub fn as_ref(&self) -> KeyRef<'_> {
        match self {
            Self::Int(value) => KeyRef::Int(*value),
            Self::Text(text) => KeyRef::Text(text),
        }
    }

    #[inline]
    fn hash(&self) -> u64 {
        self.as_ref().hash()
    }
}

/// A key to look up, which takes no count of its text.
#[derive(Debug, Clone, Copy)]
pub enum KeyRef<'a> {
    /// As [`Key::Int`].
    Int(i64),
    /// As [`Key::Text`].
    Text(&'a Text),
}

impl<'a> KeyRef<'a> {
    /// The key's text.
    #[must_use]
    pub fn to_text(self) -> Text {
        match self {
            Self::Int(value) => Text::of_int(value),
            Self::Text(text) => text.clone(),
        }
    }

    /// The key, to be stored.
    #[must_use]
    pub fn to_key(self) -> Key {
        match self {
            Self::Int(value) => Key::Int(value),
            Self::Text(text) => Key::Text(text.clone()),
        }
    }

    /// The key that a text is.
    #[must_use]
    #[inline]
    pub fn of_text(text: &'a Text) -> Self {
        match int_of(text.as_str()) {
            Some(value) => Self::Int(value),
            None => Self::Text(text),
        }
    }

    #[inline]
    fn hash(self) -> u64 {
        match self {
            Self::Int(value) => hash_int(value),
            // Spread over the upper bits, from which the table takes its tags.
            Self::Text(text) => u64::from(text.hash()).wrapping_mul(0x9E37_79B9_7F4A_7C15),
        }
    }

    #[inline]
    fn is(self, other: &Key) -> bool {
        match (self, other) {
            (Self::Int(left), Key::Int(right)) => left == *right,
            (Self::Text(left), Key::Text(right)) => {
                left.is_same(right) || (left.hash() == right.hash() && left.as_str() == right.as_str())
            }
            _ => false,
        }
    }
}

impl fmt::Display for KeyRef<'_> {
    /// The key's text, of which nothing takes a count.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(value) => write!(formatter, "{value}"),
            Self::Text(text) => formatter.write_str(text.as_str()),
        }
    }
}

impl PartialEq for Key {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.as_ref().is(other)
    }
}

impl Eq for Key {}

/// The int whose decimal form the text is, if there is one.
#[inline]
fn int_of(text: &str) -> Option<i64> {
    match text.as_bytes().first() {
        Some(b'-' | b'0'..=b'9') => parse_int(text),
        _ => None,
    }
}

#[inline(never)]
fn parse_int(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    match digits {
        [b'0'] if digits.len() == bytes.len() => Some(0),
        [b'1'..=b'9', ..] if digits.len() <= 19 && digits.iter().all(u8::is_ascii_digit) => text.parse().ok(),
        _ => None,
    }
}

/// An entry, or the vacancy that a removed one left.
type Slot = Option<(Key, Value)>;

/// How the position of a key is found.
#[derive(Debug, Clone)]
enum Index {
    /// Every slot holds the key that is its own position, as in a list: nothing to search.
    Dense,
    /// There are few slots: they are searched from the start.
    Scan,
    /// Positions by the hashes of their keys.
    Table(HashTable<u32>),
}

/// The body of a map.
#[derive(Debug, Clone)]
pub struct Entries {
    slots: Vec<Slot>,
    live: usize,
    index: Index,
    /// The position that was found last, a guess for the next search: programs read a key and then write it.
    last: Cell<u32>,
}

impl Body for Entries {
    fn heap_size(&self) -> usize {
        let table = if let Index::Table(table) = &self.index { table.allocation_size() } else { 0 };
        self.slots.capacity() * size_of::<Slot>() + table
    }

    fn nests(&self) -> bool {
        self.live > 0
    }
}

impl Entries {
    fn with_capacity(capacity: usize) -> Self {
        Self { slots: Vec::with_capacity(capacity), live: 0, index: Index::Dense, last: Cell::new(0) }
    }

    #[inline]
    fn position(&self, key: KeyRef<'_>) -> Option<usize> {
        match (&self.index, key) {
            (Index::Dense, KeyRef::Int(value)) => {
                usize::try_from(value).ok().filter(|position| *position < self.slots.len())
            }
            (Index::Dense, KeyRef::Text(_)) => None,
            (Index::Scan, _) => self.scan(key),
            (Index::Table(table), _) => {
                let guess = self.last.get();
                if self.key_at(guess).is_some_and(|candidate| key.is(candidate)) {
                    return Some(guess as usize);
                }
                self.search(table, key)
            }
        }
    }

    #[inline(never)]
    fn scan(&self, key: KeyRef<'_>) -> Option<usize> {
        self.slots.iter().position(|slot| slot.as_ref().is_some_and(|(other, _)| key.is(other)))
    }

    #[inline(never)]
    fn search(&self, table: &HashTable<u32>, key: KeyRef<'_>) -> Option<usize> {
        let holds = |position: &u32| self.key_at(*position).is_some_and(|candidate| key.is(candidate));
        let found = table.find(key.hash(), holds)?;
        self.last.set(*found);
        Some(*found as usize)
    }

    #[inline]
    fn key_at(&self, position: u32) -> Option<&Key> {
        self.slots.get(position as usize).and_then(|slot| slot.as_ref()).map(|(key, _)| key)
    }

    /// The value at a position that [`Entries::position`] found.
    #[inline]
    fn value_mut(&mut self, position: usize) -> Option<&mut Value> {
        self.slots.get_mut(position).and_then(Option::as_mut).map(|(_, value)| value)
    }

    /// Adds an entry whose key is not there yet.
    fn add(&mut self, key: Key, value: Value) {
        if self.slots.len() == self.slots.capacity() && self.live < self.slots.len() / 2 {
            self.sweep();
        }
        if matches!(&self.index, Index::Table(table) if table.len() == table.capacity()) {
            // Indexing the slots anew reads them in order; a table that grows by itself would read them at random.
            self.rebuild();
        }
        let position = self.slots.len();
        if let Index::Table(table) = &mut self.index {
            let slots = &self.slots;
            table.insert_unique(key.hash(), position as u32, |other| hash_at(slots, *other));
        }
        let stays_dense = matches!(key, Key::Int(value) if usize::try_from(value) == Ok(position));
        self.slots.push(Some((key, value)));
        self.live += 1;
        self.last.set(position as u32);
        let outgrown = match self.index {
            Index::Dense => !stays_dense,
            Index::Scan => self.slots.len() > SMALL,
            Index::Table(_) => false,
        };
        if outgrown {
            self.rebuild();
        }
    }

    fn remove(&mut self, key: &Key) {
        let Some(position) = self.position(key.as_ref()) else { return };
        if let Index::Table(table) = &mut self.index
            && let Ok(entry) = table.find_entry(key.hash(), |candidate| *candidate as usize == position)
        {
            entry.remove();
        }
        self.live -= 1;
        if self.live == 0 {
            self.slots.clear();
            self.index = Index::Dense;
        } else if position + 1 == self.slots.len() {
            self.slots.pop();
        } else {
            self.slots[position] = None;
            if matches!(self.index, Index::Dense) || self.live < self.slots.len() / 4 {
                self.sweep();
            }
        }
    }

    /// Closes the gaps that removed entries left.
    fn sweep(&mut self) {
        self.slots.retain(Option::is_some);
        self.rebuild();
    }

    /// Indexes the slots anew, with room for as many again; they are not dense.
    fn rebuild(&mut self) {
        if self.slots.len() <= SMALL {
            self.index = Index::Scan;
            return;
        }
        let slots = &self.slots;
        let mut table = HashTable::with_capacity(slots.len() * 2);
        for (position, slot) in slots.iter().enumerate() {
            if let Some((key, _)) = slot {
                table.insert_unique(key.hash(), position as u32, |other| hash_at(slots, *other));
            }
        }
        self.index = Index::Table(table);
    }
}

/// The hash of the key at a position, for the table to grow by.
fn hash_at(slots: &[Slot], position: u32) -> u64 {
    slots.get(position as usize).and_then(|slot| slot.as_ref()).map_or(0, |(key, _)| key.hash())
}

/// An immutable map that is updated in place while it has one holder.
#[derive(Debug, Clone)]
#[repr(transparent)]
pub struct Map(Ref<Entries>);

impl Map {
    /// A map without entries.
    #[must_use]
    pub fn new() -> Self {
        Self::with_capacity(0)
    }

    /// A map without entries, with room for so many.
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Ref::new(Entries::with_capacity(capacity)))
    }

    /// The object's header.
    #[must_use]
    pub fn header(&self) -> &Header {
        self.0.header()
    }

    /// The number of entries.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.0.body().live
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    #[must_use]
    #[inline]
    pub fn get(&self, key: &Key) -> Option<&Value> {
        self.find(key.as_ref())
    }

    /// The value of a key that is only borrowed.
    #[must_use]
    #[inline]
    pub fn find(&self, key: KeyRef<'_>) -> Option<&Value> {
        let entries = self.0.body();
        entries.position(key).and_then(|position| entries.slots[position].as_ref()).map(|(_, value)| value)
    }

    /// The value of a key, moved out when nobody else holds the map. Its place then holds void, and is soon written.
    #[must_use]
    #[inline]
    pub fn take(&mut self, key: KeyRef<'_>) -> Option<Value> {
        match self.0.unique() {
            Some(entries) => {
                let position = entries.position(key)?;
                entries.value_mut(position).map(std::mem::take)
            }
            None => self.find(key).cloned(),
        }
    }

    /// The int that is stored for a key, to be changed in place, if it is one and nobody else holds the map.
    #[inline]
    pub fn int_mut(&mut self, key: KeyRef<'_>) -> Option<&mut i64> {
        let entries = self.0.unique()?;
        let position = entries.position(key)?;
        match entries.value_mut(position) {
            Some(Value::Int(value)) => Some(value),
            _ => None,
        }
    }

    /// About how many bytes an update takes that adds an entry.
    #[must_use]
    #[inline]
    pub fn growth(&self) -> usize {
        let entries = self.0.body();
        let is_full = entries.slots.len() == entries.slots.capacity()
            || matches!(&entries.index, Index::Table(table) if table.len() == table.capacity());
        let doubled = if is_full { self.size() } else { 0 };
        self.copy_size().saturating_add(doubled)
    }

    /// How many bytes the entries take, what they hold themselves not counted.
    #[must_use]
    #[inline]
    pub fn size(&self) -> usize {
        self.0.body().heap_size()
    }

    /// How many bytes an update takes that adds nothing: those of a copy when others hold the map too.
    #[must_use]
    #[inline]
    pub fn copy_size(&self) -> usize {
        if self.header().is_unique() { 0 } else { self.size() }
    }

    /// Stores a value for a key, in the key's old place or at the end.
    #[inline]
    pub fn put(&mut self, key: Key, value: Value) {
        // Replacing a value changes no size, so that the books need no look.
        let position = self.0.body().position(key.as_ref());
        if let Some(position) = position
            && let Some(old) = self.0.unique().and_then(|entries| entries.value_mut(position))
        {
            *old = value;
            return;
        }
        self.0.update(|entries| match position.and_then(|position| entries.value_mut(position)) {
            Some(old) => *old = value,
            None => entries.add(key, value),
        });
    }

    /// Removes a key; a map without it stays the same object.
    pub fn remove(&mut self, key: &Key) {
        if self.get(key).is_some() {
            self.0.update(|entries| entries.remove(key));
        }
    }

    /// Keys and values, in insertion order.
    #[must_use]
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&Key, &Value)> {
        self.0.body().slots.iter().flatten().map(|(key, value)| (key, value))
    }

    /// The first entry at a place or behind it, and the place behind that entry. Places start at zero, and are those of one
    /// state of the map.
    #[must_use]
    pub fn entry_from(&self, place: usize) -> Option<(&Key, &Value, usize)> {
        let slots = self.0.body().slots.get(place..)?;
        let offset = slots.iter().position(Option::is_some)?;
        slots[offset].as_ref().map(|(key, value)| (key, value, place + offset + 1))
    }

    /// Whether both are the same object.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.is_same(&other.0)
    }
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl FromIterator<(Key, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let mut map = Self::with_capacity(entries.size_hint().0);
        entries.for_each(|(key, value)| map.put(key, value));
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        Key::from_text(Text::new(text))
    }

    #[test]
    fn texts_of_ints_are_int_keys() {
        let ints = ["0", "7", "-7", "9223372036854775807", "-9223372036854775808"];
        assert!(ints.iter().all(|text| matches!(key(text), Key::Int(_))));
        assert!(ints.iter().all(|text| key(text).to_text().as_str() == *text));
        let texts = [
            "",
            "-",
            "-0",
            "00",
            "07",
            "+7",
            "1.0",
            "9223372036854775808",
            "1a",
            "99999999999999999999",
            "١",
        ];
        assert!(texts.iter().all(|text| matches!(key(text), Key::Text(_))));
    }

    #[test]
    fn agrees_with_a_plain_list_under_random_updates() {
        let mut map = Map::new();
        let mut model: Vec<(String, i64)> = Vec::new();
        let mut state = 12345_u64;
        for round in 0..20_000_i64 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            // Phases of dense ints, of mixed keys, and of few keys take the map through all its forms.
            let number = match (round / 500) % 3 {
                0 => (round % 40).cast_unsigned(),
                1 => (state >> 33) % 40,
                _ => (state >> 33) % 3,
            };
            let prefix = if (round / 500) % 3 == 1 && state & 1 == 0 { "k" } else { "" };
            let name = format!("{prefix}{number}");
            if (state >> 20).is_multiple_of(3) {
                map.remove(&key(&name));
                model.retain(|(candidate, _)| *candidate != name);
            } else {
                map.put(key(&name), Value::Int(round));
                match model.iter_mut().find(|(candidate, _)| *candidate == name) {
                    Some((_, value)) => *value = round,
                    None => model.push((name, round)),
                }
            }
            assert_eq!(map.len(), model.len());
        }
        let listed: Vec<(String, i64)> = map
            .iter()
            .map(|(key, value)| match value {
                Value::Int(value) => (key.to_text().as_str().to_owned(), *value),
                _ => unreachable!("only ints were stored"),
            })
            .collect();
        assert_eq!(listed, model);
        let (mut place, mut walked) = (0, 0);
        while let Some((key, _, next)) = map.entry_from(place) {
            assert_eq!(key.to_text().as_str(), model[walked].0);
            (place, walked) = (next, walked + 1);
        }
        assert_eq!(walked, model.len());
        assert!(map.entry_from(usize::MAX).is_none());
    }
}
