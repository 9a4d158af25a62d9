//! The values that a call has made or looked up, and its scopes.

use alas_engine::value::Value;

use crate::call::{Failure, Outcome};

/// The values that a call has made or looked up.
#[derive(Default)]
pub(crate) struct Made {
    /// Each with its number. Numbers grow, and no value gets that of another one, also when that has been given back.
    values: Vec<(u32, Value)>,
    /// The numbers of arrays of bools of which the plugin may write any bytes.
    raw: Vec<u32>,
    next: u32,
    /// The scopes that are open: the number of each, and how many values there were when it began.
    scopes: Vec<(usize, usize)>,
    next_scope: usize,
}

impl Made {
    /// The number of the value that comes next.
    pub(crate) fn next(&self) -> u32 {
        self.next
    }

    /// Adds the value that comes next.
    pub(crate) fn push(&mut self, value: Value) -> Outcome<()> {
        let Some(next) = self.next.checked_add(1) else { return Err(too_many()) };
        reserve(&mut self.values)?;
        self.values.push((self.next, value));
        self.next = next;
        Ok(())
    }

    fn position(&self, number: u32) -> Option<usize> {
        // Where no scope was closed, a value stands at its number.
        match self.values.get(number as usize) {
            Some((found, _)) if *found == number => Some(number as usize),
            _ => self.values.binary_search_by_key(&number, |(number, _)| *number).ok(),
        }
    }

    pub(crate) fn get(&self, number: u32) -> Option<&Value> {
        self.position(number).map(|position| &self.values[position].1)
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut Value> {
        self.position(number).map(|position| &mut self.values[position].1)
    }

    /// Notes that the plugin may write any bytes into an array of bools, which is the value that was added last.
    pub(crate) fn mark_raw(&mut self, number: u32) -> Outcome<()> {
        reserve(&mut self.raw)?;
        self.raw.push(number);
        Ok(())
    }

    pub(crate) fn is_raw(&self, number: u32) -> bool {
        self.raw.binary_search(&number).is_ok()
    }

    pub(crate) fn has_raw(&self) -> bool {
        !self.raw.is_empty()
    }

    /// Notes that no other bytes may be in an array of bools than those of bools.
    pub(crate) fn forget_raw(&mut self, number: u32) {
        if let Ok(position) = self.raw.binary_search(&number) {
            self.raw.remove(position);
        }
    }

    /// Opens a scope; returns its number.
    pub(crate) fn open_scope(&mut self) -> Outcome<usize> {
        reserve(&mut self.scopes)?;
        let number = self.next_scope;
        self.scopes.push((number, self.values.len()));
        self.next_scope += 1;
        Ok(number)
    }

    /// Closes a scope, and those that were opened within it.
    pub(crate) fn close_scope(&mut self, scope: usize) -> Outcome<()> {
        let Some(depth) = self.scopes.iter().rposition(|(number, _)| *number == scope) else {
            return Err(Failure::new("scope_closed", "the scope is closed already, or was never opened"));
        };
        let values = self.scopes[depth].1;
        self.scopes.truncate(depth);
        self.truncate(values);
        Ok(())
    }

    /// Gives all values back but the first ones.
    fn truncate(&mut self, count: usize) {
        if let Some((first, _)) = self.values.get(count) {
            self.raw.truncate(self.raw.partition_point(|raw| raw < first));
        }
        self.values.truncate(count);
    }

    pub(crate) fn clear(&mut self) {
        empty(&mut self.values);
        empty(&mut self.raw);
        empty(&mut self.scopes);
        self.next = 0;
    }
}

/// For how many entries a list keeps its memory until the next call.
const KEPT: usize = 1_024;

/// Drops what is in a list, and its memory where one call has needed very much.
fn empty<T>(list: &mut Vec<T>) {
    if list.capacity() > KEPT {
        *list = Vec::new();
    } else {
        list.clear();
    }
}

/// Makes room for one more in a list of what a call has made.
fn reserve<T>(list: &mut Vec<T>) -> Outcome<()> {
    list.try_reserve(1).map_err(|_| {
        Failure::new("too_large", "the system has no memory left for what the call has made: use scopes")
    })
}

/// The failure of a call that has used up the numbers that there are.
#[cold]
pub(crate) fn too_many() -> Failure {
    Failure::new("too_many_handles", "the call has used 2^32 handles")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_of_a_large_call_is_given_back() {
        let mut made = Made::default();
        for (count, is_kept) in [(KEPT / 2, true), (KEPT * 4, false)] {
            for number in 0..count {
                made.values.push((number as u32, Value::Void));
                made.raw.push(number as u32);
                made.scopes.push((number, number));
            }
            made.clear();
            assert!(made.values.is_empty() && made.raw.is_empty() && made.scopes.is_empty());
            let kept = [made.values.capacity(), made.raw.capacity(), made.scopes.capacity()];
            assert!(kept.iter().all(|capacity| (*capacity > 0) == is_kept), "{kept:?}");
        }
    }
}
