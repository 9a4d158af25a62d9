//! What takes long with a large map, in pieces: copying it, indexing its entries anew, closing its gaps.
//!
//! Whoever can be stopped calls these before the change of which they take the long part. `look` is called between pieces; when it
//! fails, the map is as it was, or empty where its entries were on the move, and the failure is passed on.

use hashbrown::HashTable;

use super::{Entries, Index, Key, KeyRef, Map, Slot, hash_at};
use crate::Text;
use crate::object::Ref;

/// Maps with so many entries, vacancies included, are changed in one go.
const SMALL: usize = 1 << 8;

/// How many entries are handled between two looks: a look into the text of a key takes a tenth of a microsecond.
const PIECE: usize = 1 << 14;

/// Tables up to so many bytes are copied in one go, which is faster than indexing the entries anew.
const SMALL_TABLE: usize = 16 << 20;

impl Map {
    /// Whether a [`put`](Self::put) takes long.
    #[must_use]
    #[inline]
    pub fn put_is_long(&self, key: KeyRef<'_>) -> bool {
        let entries = self.0.body();
        entries.slots.len() > SMALL
            && (!self.header().is_unique() || entries.has_gaps_to_close() || entries.is_outgrown_by(key))
    }

    /// Whether a [`remove`](Self::remove) may take long.
    #[must_use]
    #[inline]
    pub fn remove_is_long(&self) -> bool {
        self.0.body().slots.len() > SMALL
    }

    /// Does of a [`put`](Self::put) that follows what takes long.
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn prepare_put<E>(
        &mut self,
        key: KeyRef<'_>,
        look: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        self.prepare(look)?;
        let entries = self.0.body();
        if entries.has_gaps_to_close() {
            self.close_gaps(look)
        } else if entries.is_outgrown_by(key) {
            self.reindex(look)
        } else {
            Ok(())
        }
    }

    /// Does of a [`remove`](Self::remove) that follows what takes long.
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn prepare_remove<E>(
        &mut self,
        key: KeyRef<'_>,
        look: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        let Some(position) = self.0.body().position(key) else { return Ok(()) };
        self.prepare(look)?;
        let entries = self.0.body();
        if entries.live - 1 < entries.slots.len() / 4 {
            self.close_gaps(look)
        } else if matches!(entries.index, Index::Dense) && position + 1 < entries.slots.len() {
            self.reindex(look)
        } else {
            Ok(())
        }
    }

    /// Copies the map if others hold it too.
    fn prepare<E>(&mut self, look: &mut impl FnMut() -> Result<(), E>) -> Result<(), E> {
        if !self.header().is_unique() {
            let copy = self.0.body().copied(look)?;
            self.header().count_copy();
            self.0 = Ref::new(copy);
        }
        Ok(())
    }

    fn reindex<E>(&mut self, look: &mut impl FnMut() -> Result<(), E>) -> Result<(), E> {
        self.0.update(|entries| {
            entries.index = indexed(&entries.slots, with_reserve(entries.live), look)?;
            Ok(())
        })
    }

    /// The entries are not in the map while they move, so that it is never seen half done.
    fn close_gaps<E>(&mut self, look: &mut impl FnMut() -> Result<(), E>) -> Result<(), E> {
        self.0.update(|entries| {
            let Entries { mut slots, live, .. } = std::mem::replace(entries, Entries::with_capacity(0));
            let mut end = 0;
            for position in 0..slots.len() {
                if position.is_multiple_of(PIECE) {
                    look()?;
                }
                if slots[position].is_some() {
                    slots.swap(end, position);
                    end += 1;
                }
            }
            while slots.len() > end {
                look()?;
                slots.truncate(end.max(slots.len().saturating_sub(PIECE)));
            }
            entries.index = indexed(&slots, with_reserve(live), look)?;
            (entries.slots, entries.live) = (slots, live);
            Ok(())
        })
    }

    /// The key of the map that a text is, found in pieces where it takes long to compare texts: the very object, which is found
    /// again without looking into it.
    ///
    /// # Errors
    ///
    /// What `look` fails with.
    pub fn key_of_long_text<E>(
        &self,
        text: &Text,
        look: &mut impl FnMut() -> Result<(), E>,
    ) -> Result<Option<Text>, E> {
        let entries = self.0.body();
        text.hash_in_pieces(look)?;
        let places: Vec<u32> = match &entries.index {
            Index::Dense => Vec::new(),
            Index::Scan => (0..entries.slots.len() as u32).collect(),
            Index::Table(table) => table.iter_hash(KeyRef::Text(text).hash()).copied().collect(),
        };
        for place in places {
            if let Some(Key::Text(candidate)) = entries.key_at(place)
                && candidate.as_str().len() == text.as_str().len()
                && candidate.hash_in_pieces(look)? == text.hash()
                && candidate.equals_in_pieces(text, look)?
            {
                return Ok(Some(candidate.clone()));
            }
        }
        Ok(None)
    }
}

impl Entries {
    /// Whether adding an entry closes the gaps before.
    #[inline]
    fn has_gaps_to_close(&self) -> bool {
        self.slots.len() == self.slots.capacity() && self.live < self.slots.len() / 2
    }

    /// Whether adding an entry with this key indexes all entries anew.
    #[inline]
    fn is_outgrown_by(&self, key: KeyRef<'_>) -> bool {
        match (&self.index, key) {
            (Index::Dense, KeyRef::Int(value)) => {
                usize::try_from(value).map_or(true, |position| position > self.slots.len())
            }
            (Index::Dense, KeyRef::Text(_)) => true,
            (Index::Scan, _) => self.slots.len() == super::SMALL,
            (Index::Table(table), _) => table.len() == table.capacity(),
        }
    }

    fn copied<E>(&self, look: &mut impl FnMut() -> Result<(), E>) -> Result<Self, E> {
        let mut slots = Vec::with_capacity(self.slots.len());
        for piece in self.slots.chunks(PIECE) {
            look()?;
            slots.extend_from_slice(piece);
        }
        let index = match &self.index {
            Index::Table(table) if table.allocation_size() > SMALL_TABLE => {
                let is_full = table.len() == table.capacity();
                let capacity = if is_full { with_reserve(self.live) } else { table.capacity() };
                indexed(&slots, capacity, look)?
            }
            index => index.clone(),
        };
        Ok(Self { slots, live: self.live, index, last: self.last.clone() })
    }
}

/// How many entries a new table has room for.
fn with_reserve(entries: usize) -> usize {
    entries + entries / 2
}

/// A table of the slots, with room for so many entries.
fn indexed<E>(slots: &[Slot], capacity: usize, look: &mut impl FnMut() -> Result<(), E>) -> Result<Index, E> {
    look()?;
    let mut table = HashTable::with_capacity(capacity);
    for (number, piece) in slots.chunks(PIECE).enumerate() {
        look()?;
        for (offset, slot) in piece.iter().enumerate() {
            if let Some((key, _)) = slot {
                let position = (number * PIECE + offset) as u32;
                table.insert_unique(key.hash(), position, |other| hash_at(slots, *other));
            }
        }
    }
    Ok(Index::Table(table))
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    use crate::{Value, account};

    /// More than are handled between two looks.
    const COUNT: i64 = 50_000;

    const GO_ON: fn() -> Result<(), Infallible> = || Ok(());

    fn map(step: i64) -> Map {
        (0..COUNT).map(|number| (Key::Int(number * step), Value::Int(number))).collect()
    }

    /// A map that is full, one with gaps, a list, and one of texts.
    fn samples() -> Vec<Map> {
        let (mut full, mut number) = (map(3), -10);
        while !full.put_is_long(KeyRef::Int(number)) {
            full.put(Key::Int(number), Value::Void);
            number -= 1;
        }
        let mut sparse = map(2);
        (0..COUNT * 3 / 4).for_each(|number| sparse.remove(&Key::Int(number * 2)));
        let names = (0..COUNT).map(|number| (Key::from_text(Text::new(&format!("x{number}"))), Value::Void));
        vec![full, sparse, map(1), names.collect()]
    }

    fn listed(map: &Map) -> Vec<String> {
        map.iter().map(|entry| format!("{entry:?}")).collect()
    }

    /// All that was put in is found, in the same order as without pieces.
    fn check(changed: &Map, expected: &Map) {
        assert_eq!(changed.len(), expected.len());
        assert!(listed(changed) == listed(expected));
        assert!(
            changed
                .iter()
                .all(|(key, value)| changed.get(key).is_some_and(|found| std::ptr::eq(found, value)))
        );
    }

    #[test]
    fn prepared_changes_are_the_same_changes() {
        let keys = [
            Key::Int(-5),
            Key::Int(COUNT),
            Key::Int(0),
            Key::Int(COUNT * 2 - 2),
            Key::from_text(Text::new("x7")),
        ];
        for sample in samples() {
            for key in &keys {
                let (mut changed, mut expected) = (sample.clone(), sample.clone());
                let Ok(()) = changed.prepare_put(key.as_ref(), &mut GO_ON.clone());
                changed.put(key.clone(), Value::Bool(true));
                expected.put(key.clone(), Value::Bool(true));
                check(&changed, &expected);
                let Ok(()) = changed.prepare_remove(key.as_ref(), &mut GO_ON.clone());
                changed.remove(key);
                expected.remove(key);
                check(&changed, &expected);
                let (mut changed, mut expected) = (sample.clone(), sample.clone());
                let Ok(()) = changed.prepare_remove(key.as_ref(), &mut GO_ON.clone());
                changed.remove(key);
                expected.remove(key);
                check(&changed, &expected);
            }
        }
    }

    #[test]
    fn what_was_stopped_is_whole_or_empty() {
        let key = Key::from_text(Text::new("new"));
        for sample in samples() {
            for (stop, is_shared) in [(1, true), (3, true), (1, false), (2, false), (5, false)] {
                let mut looks = 0;
                let mut look = || {
                    looks += 1;
                    if looks == stop { Err(()) } else { Ok(()) }
                };
                let mut map: Map = sample.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
                let other = is_shared.then(|| map.clone());
                let before = account::used(account::current());
                if map.prepare_put(key.as_ref(), &mut look).is_err() && !map.is_empty() {
                    check(&map, &sample);
                    assert!(other.is_none_or(|other| other.is_same(&map)));
                    assert_eq!(account::used(account::current()), before);
                }
            }
        }
    }

    #[test]
    fn long_keys_are_found_by_their_object() {
        let long = |last: &str| Text::new(&format!("{}{last}", "long ".repeat(1 << 20)));
        for others in [0, 100] {
            let mut map: Map = (0..others).map(|number| (Key::Int(number), Value::Void)).collect();
            map.put(Key::from_text(long("a")), Value::Int(1));
            let Ok(found) = map.key_of_long_text(&long("a"), &mut GO_ON.clone());
            assert!(found.is_some_and(|found| map.find(KeyRef::Text(&found)).is_some()));
            assert_eq!(map.key_of_long_text(&long("b"), &mut GO_ON.clone()), Ok(None));
        }
    }
}
