//! Values on their way from one thread to another.
//!
//! Counts are not atomic, so that no object may be reached from two threads. What is sent is a copy of all objects that a
//! value holds; objects that it holds several times are copied once, so that the copy is no larger than the value.

use std::ptr;

use ahash::RandomState;
use hashbrown::HashMap;

use crate::account::{self, AccountId};
use crate::object::Header;
use crate::pool::Lease;
use crate::{Array, Elements, Key, Map, Task, Text, Value};

/// Why a value was not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyError {
    /// The account that pays has no room for the copy.
    NoRoom,
    /// Whoever watches the work stopped it.
    Stopped,
}

/// How many elements and bytes of text are copied between two looks at whether to go on.
const PIECE: usize = 1 << 16;

/// What copying an element counts as, in bytes of text.
const ELEMENT: usize = 16;

/// Texts up to this size are copied each time they are met.
const SHORT: usize = 64;

/// A value that any thread may open, which holds nothing that others hold.
///
/// While it is on its way, its bytes are on no thread's account, but leased from the pool of the account that pays for them.
#[derive(Debug)]
pub struct Parcel {
    /// Void where it was opened.
    value: Value,
    account: AccountId,
    bytes: usize,
    lease: Option<Lease>,
}

// SAFETY: all objects that the value holds were made by `pack`, which gave them to nobody else, so that whoever has the
// parcel is the only one to reach them; handles of tasks in it are shared by atomic counts.
unsafe impl Send for Parcel {}

impl Parcel {
    /// Copies a value, for which the account pays that pays now. `watch` is called now and then, and stops it by false.
    ///
    /// # Errors
    ///
    /// [`CopyError`]
    pub fn pack(value: &Value, watch: &mut dyn FnMut() -> bool) -> Result<Self, CopyError> {
        let account = account::current();
        let before = account::used(account);
        let value = copy(value, watch)?;
        let bytes = account::used(account).wrapping_sub(before);
        // What the copy took from the pool is what is leased.
        account::refund(account, bytes);
        let Some(lease) = account::lease(bytes) else {
            // It is paid back when the copy is dropped.
            account::charge(account, bytes);
            return Err(CopyError::NoRoom);
        };
        Ok(Self { value, account, bytes, lease: Some(lease) })
    }

    /// Takes the value out, for which this thread pays from now on.
    #[must_use]
    pub fn open(mut self) -> Value {
        self.arrive();
        std::mem::take(&mut self.value)
    }

    /// Copies the value for this thread.
    ///
    /// # Errors
    ///
    /// [`CopyError`]
    pub fn copy(&mut self, watch: &mut dyn FnMut() -> bool) -> Result<Value, CopyError> {
        copy(&self.value, watch)
    }

    fn arrive(&mut self) {
        self.lease = None;
        account::charge(self.account, std::mem::take(&mut self.bytes));
    }
}

impl Drop for Parcel {
    fn drop(&mut self) {
        // What is freed is paid back to the account of the thread that frees it, which never had it on its account.
        drop(std::mem::take(&mut self.value));
        self.arrive();
    }
}

/// An array or a map whose copy is being made.
enum Open<'a> {
    Array {
        header: &'a Header,
        items: std::slice::Iter<'a, Value>,
        made: Vec<Value>,
    },
    Map {
        header: &'a Header,
        entries: Box<dyn Iterator<Item = (&'a Key, &'a Value)> + 'a>,
        made: Map,
        key: Key,
    },
}

/// Copies a value with all that it holds, without recursion.
fn copy(value: &Value, watch: &mut dyn FnMut() -> bool) -> Result<Value, CopyError> {
    let scratch = Scratch { account: account::current(), bytes: 0 };
    let mut copying = Copying { made: HashMap::default(), scratch, work: 0, watch };
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut done = copying.begin(value, &mut open)?;
    loop {
        let Some(last) = open.last_mut() else { return Ok(done.unwrap_or_default()) };
        let next = match last {
            Open::Array { items, made, .. } => {
                made.extend(done.take());
                items.next()
            }
            Open::Map { entries, made, key, .. } => {
                if let Some(value) = done.take() {
                    made.put(std::mem::replace(key, Key::Int(0)), value);
                }
                match entries.next() {
                    Some((name, value)) => {
                        *key = copying.key(name)?;
                        Some(value)
                    }
                    None => None,
                }
            }
        };
        done = match (next, open.pop()) {
            (Some(next), Some(last)) => {
                open.push(last);
                copying.begin(next, &mut open)?
            }
            (None, Some(last)) => Some(copying.finish(last)?),
            (_, None) => None,
        };
    }
}

/// What copying takes beside the copy, which is paid for while it lasts.
struct Scratch {
    account: AccountId,
    bytes: usize,
}

impl Scratch {
    fn add(&mut self, bytes: usize) {
        account::charge(self.account, bytes);
        self.bytes += bytes;
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        account::refund(self.account, self.bytes);
    }
}

struct Copying<'w> {
    /// The copies of objects that may be met again.
    made: HashMap<*const Header, Value, RandomState>,
    scratch: Scratch,
    work: usize,
    watch: &'w mut dyn FnMut() -> bool,
}

impl Copying<'_> {
    /// The copy of a value; none where it is an array or a map that was opened.
    fn begin<'a>(&mut self, value: &'a Value, open: &mut Vec<Open<'a>>) -> Result<Option<Value>, CopyError> {
        self.charge(ELEMENT)?;
        Ok(Some(match value {
            Value::Void => Value::Void,
            Value::Bool(value) => Value::Bool(*value),
            Value::Int(value) => Value::Int(*value),
            Value::Float(value) => Value::Float(*value),
            Value::Task(task) => Value::Task(Task::new(task.work().clone())),
            Value::Text(text) => Value::Text(self.text(text)?),
            Value::Array(array) => {
                if let Some(made) = self.find(array.header()) {
                    return Ok(Some(made));
                }
                self.take_room(array.len() * array.elements().bytes_each())?;
                match array.elements() {
                    Elements::Any(items) => {
                        let made = Vec::with_capacity(items.len());
                        let items = items.iter();
                        self.push(open, Open::Array { header: array.header(), items, made })?;
                        return Ok(None);
                    }
                    packed => {
                        let made = Value::Array(Array::new(packed.clone()));
                        self.keep(array.header(), || made.clone())?;
                        made
                    }
                }
            }
            Value::Map(map) => {
                if let Some(made) = self.find(map.header()) {
                    return Ok(Some(made));
                }
                self.take_room(map.size())?;
                let entries = Box::new(map.iter());
                let made = Map::with_capacity(map.len());
                self.push(open, Open::Map { header: map.header(), entries, made, key: Key::Int(0) })?;
                return Ok(None);
            }
        }))
    }

    fn push<'a>(&mut self, open: &mut Vec<Open<'a>>, next: Open<'a>) -> Result<(), CopyError> {
        if open.len() == open.capacity() {
            let before = open.capacity() * size_of::<Open<'_>>();
            self.take_room(2 * before)?;
            open.reserve(1);
            self.scratch.add(open.capacity() * size_of::<Open<'_>>() - before);
        }
        open.push(next);
        Ok(())
    }

    fn finish(&mut self, open: Open<'_>) -> Result<Value, CopyError> {
        let (header, made) = match open {
            Open::Array { header, made, .. } => (header, Value::Array(Array::new(Elements::Any(made)))),
            Open::Map { header, made, .. } => (header, Value::Map(made)),
        };
        self.keep(header, || made.clone())?;
        Ok(made)
    }

    fn key(&mut self, key: &Key) -> Result<Key, CopyError> {
        Ok(match key {
            Key::Int(value) => Key::Int(*value),
            Key::Text(text) => Key::Text(self.text(text)?),
        })
    }

    fn text(&mut self, text: &Text) -> Result<Text, CopyError> {
        let length = text.as_str().len();
        if length <= SHORT {
            self.charge(length)?;
            return Ok(Text::new(text.as_str()));
        }
        if let Some(Value::Text(made)) = self.find(text.header()) {
            return Ok(made);
        }
        self.take_room(length)?;
        let made = Text::new(text.as_str());
        self.keep(text.header(), || Value::Text(made.clone()))?;
        Ok(made)
    }

    /// The copy of an object that was met before. It is another holder of it, within what is copied.
    fn find(&self, header: &Header) -> Option<Value> {
        if header.is_unique() { None } else { self.made.get(&ptr::from_ref(header)).cloned() }
    }

    /// Keeps the copy of an object that may be met again: somebody else holds it as well.
    fn keep(&mut self, header: &Header, made: impl FnOnce() -> Value) -> Result<(), CopyError> {
        if header.is_unique() {
            return Ok(());
        }
        if self.made.len() == self.made.capacity() {
            let before = self.made.allocation_size();
            // The larger table is filled from the one before.
            self.take_room(2 * before)?;
            self.made.reserve(1);
            self.scratch.add(self.made.allocation_size() - before);
        }
        self.made.insert(ptr::from_ref(header), made());
        Ok(())
    }

    fn take_room(&mut self, bytes: usize) -> Result<(), CopyError> {
        if !account::room(bytes) {
            return Err(CopyError::NoRoom);
        }
        self.charge(bytes)
    }

    fn charge(&mut self, work: usize) -> Result<(), CopyError> {
        self.work += work;
        if self.work < PIECE {
            return Ok(());
        }
        self.work = 0;
        if (self.watch)() { Ok(()) } else { Err(CopyError::Stopped) }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;
    use crate::account::ThreadAccounts;
    use crate::{Account, Pool, equal, write_json};

    fn pack(value: &Value) -> Parcel {
        Parcel::pack(value, &mut || true).unwrap()
    }

    /// Runs some work that may use so many bytes; also whether it has used more.
    fn held_to<R>(limit: usize, work: impl FnOnce() -> R) -> (R, bool) {
        let (pool, owner) = (Pool::new(limit), Account::open());
        let accounts = ThreadAccounts::current();
        // SAFETY: nothing is entered by the work that is not left by it.
        let _entered = unsafe { accounts.enter(owner.id(), pool.clone()) };
        accounts.clear();
        let result = accounts.paid_by(owner.id(), work);
        (result, accounts.is_exceeded())
    }

    fn sample() -> Value {
        let long = Value::text(&"ä".repeat(1_000));
        let map: Map = [
            (Key::Int(7), Value::Array(Array::from(vec![1, 2]))),
            (Key::Text(Text::new("k")), long.clone()),
            (Key::Text(Text::new("v")), Value::Void),
        ]
        .into_iter()
        .collect();
        let floats = Value::Array(Array::from(vec![0.5]));
        Value::Array(Array::from_values(vec![Value::Map(map), long, Value::Bool(true), floats]))
    }

    #[test]
    fn another_thread_gets_the_same_value() {
        let account = account::current();
        let before = account::used(account);
        let value = sample();
        let parcel = pack(&value);
        let json = thread::spawn(move || {
            let value = parcel.open();
            let mut json = String::new();
            write_json(&value, None, &mut json).unwrap();
            drop(value);
            assert_eq!(account::used(account::current()), 0);
            json
        });
        let mut expected = String::new();
        write_json(&value, None, &mut expected).unwrap();
        assert_eq!(json.join().unwrap(), expected);
        drop(value);
        assert_eq!(account::used(account), before);
    }

    #[test]
    fn what_is_shared_stays_shared() {
        let mut value = Value::text(&"x".repeat(1_000));
        for _ in 0..60 {
            value = Value::Array(Array::from_values(vec![value.clone(), value]));
        }
        let before = account::used(account::current());
        let copied = pack(&value).open();
        assert!(account::used(account::current()) - before < 20_000);
        assert!(equal(&value, &copied));
    }

    #[test]
    fn keys_are_copied_as_values_are() {
        let maps = |keys: &mut dyn FnMut() -> Text| {
            let map = |number| Value::Map(Map::from_iter([(Key::Text(keys()), Value::Int(number))]));
            Value::Array(Array::from_values((0..100).map(map).collect()))
        };
        let key = Text::new(&"k".repeat(10_000));
        let shared = maps(&mut || key.clone());
        let before = account::used(account::current());
        let copied = pack(&shared).open();
        assert!(account::used(account::current()) - before < 50_000);
        assert!(equal(&shared, &copied));

        let several = maps(&mut || Text::new(key.as_str()));
        let mut looks = 0;
        let mut watch = || {
            looks += 1;
            true
        };
        drop(Parcel::pack(&several, &mut watch).unwrap());
        assert!(looks >= 14, "{looks}");
        let outcome = held_to(500_000, || Parcel::pack(&several, &mut || true).err());
        assert_eq!(outcome, (Some(CopyError::NoRoom), false));
    }

    #[test]
    fn depth_does_not_matter() {
        let nested =
            (0..200_000).fold(Value::Int(1), |value, _| Value::Array(Array::from_values(vec![value])));
        assert!(equal(&nested, &pack(&nested).open()));
    }

    #[test]
    fn a_copy_can_be_stopped_and_refused() {
        let value = Value::Array(Array::from_values(vec![Value::text("a"); 100_000]));
        assert_eq!(Parcel::pack(&value, &mut || false).err(), Some(CopyError::Stopped));
        let outcome = held_to(200_000, || Parcel::pack(&value, &mut || true).err());
        assert_eq!(outcome, (Some(CopyError::NoRoom), false));
    }

    #[test]
    fn copies_of_what_nobody_else_holds_ask_for_room() {
        let map: Map = (0..20_000).map(|number| (Key::Int(number), Value::Void)).collect();
        let values = [Value::Map(map), Value::Array(Array::from(vec![7; 100_000]))];
        for value in values {
            let outcome = held_to(500_000, || Parcel::pack(&value, &mut || true).err());
            assert_eq!(outcome, (Some(CopyError::NoRoom), false));
        }
    }

    #[test]
    fn a_value_and_its_copy_are_all_that_has_to_fit() {
        let (outcome, is_exceeded) = held_to(1 << 20, || {
            let value = Value::Array(Array::from(vec![7; 60_000]));
            let parcel = Parcel::pack(&value, &mut || true)?;
            assert!(account::left() < 100_000);
            // The third would be one too many, and leaves the books as they were.
            let left = account::left();
            assert_eq!(Parcel::pack(&value, &mut || true).err(), Some(CopyError::NoRoom));
            assert_eq!(account::left(), left);
            drop(value);
            let value = parcel.open();
            Parcel::pack(&value, &mut || true)
        });
        assert!(outcome.is_ok() && !is_exceeded);
        drop(outcome);
    }

    #[test]
    fn a_parcel_that_is_dropped_needs_no_room() {
        let (fits, is_exceeded) = held_to(1 << 20, || {
            let parcel = pack(&Value::Array(Array::from(vec![7; 40_000])));
            let others = account::lease(account::left() - (16 << 10));
            drop(parcel);
            others.is_some()
        });
        assert!(fits && !is_exceeded);
    }

    #[test]
    fn what_copying_takes_beside_the_copy_is_paid_for() {
        // Of each text, the copy is about as large as its place in the table of what may be met again.
        let texts: Vec<Value> = (0..10_000).map(|_| Value::text(&"x".repeat(SHORT + 1))).collect();
        let value = Value::Array(Array::from_values(texts.iter().chain(&texts).cloned().collect()));
        let nested = (0..10_000).fold(Value::Void, |value, _| Value::Array(Array::from_values(vec![value])));
        for value in [value, nested] {
            let account = account::current();
            let before = account::used(account);
            account::reset_peak(account);
            let parcel = pack(&value);
            assert_eq!(account::used(account), before);
            assert!(account::peak(account) - before > parcel.bytes + 200_000);
        }
    }

    #[test]
    fn an_unopened_parcel_leaves_nothing() {
        let before = account::used(account::current());
        let mut parcel = pack(&sample());
        assert_eq!(account::used(account::current()), before);
        assert!(equal(&parcel.copy(&mut || true).unwrap(), &sample()));
        drop(parcel);
        assert_eq!(account::used(account::current()), before);
    }

    #[test]
    fn a_task_goes_with_what_it_stands_for() {
        let work = Arc::new(());
        let task = Value::Task(Task::new(work.clone()));
        let parcel = pack(&task);
        assert_eq!(Arc::strong_count(&work), 3);
        assert!(equal(&task, &parcel.open()));
    }
}
