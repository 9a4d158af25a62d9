//! The values of a call, as its plugin has them: numbers as they are, all else as handles.
//!
//! A handle is a position: the first are the arguments, which stay where the machine has them, and behind them come the
//! values that the call has made or looked up.

use std::mem::MaybeUninit;
use std::slice;

use alas_engine::value::{Array, Elements, Map, Text, Value};
use alas_engine::{Fault, size};
use alas_plugin_abi::{Value as Passed, tag};

use super::{Failure, Outcome, Record};
use crate::made;

impl Record {
    // --- From values to handles ---

    /// A value as the plugin gets it. Scalars stay what they are; others are kept, and become handles.
    pub(crate) fn hand_out(&self, value: Value) -> Outcome<Passed> {
        Ok(match value {
            Value::Void => Passed::VOID,
            Value::Bool(value) => Passed::bool(value),
            Value::Int(value) => Passed::int(value),
            Value::Float(value) => Passed::float(value),
            Value::Text(_) => self.keep(tag::TEXT, value)?,
            Value::Array(_) => self.keep(tag::ARRAY, value)?,
            Value::Map(_) => self.keep(tag::MAP, value)?,
            Value::Task(_) => return Err(Failure::new("wrong_kind", NO_TASKS)),
        })
    }

    fn keep(&self, tag: u32, value: Value) -> Outcome<Passed> {
        let mut made = self.made.borrow_mut();
        let index = (self.argument_count.get() as u32).checked_add(made.next()).ok_or_else(made::too_many)?;
        self.is_used.set(true);
        made.push(value)?;
        Ok(Passed { tag, index, payload: self.serial() })
    }

    pub(crate) fn argument_count(&self) -> usize {
        self.argument_count.get()
    }

    /// The arguments as they are: ints and floats look the same on both sides.
    ///
    /// # Safety
    ///
    /// All of them are ints and floats.
    #[inline]
    pub(crate) unsafe fn as_numbers(&self) -> &[Passed] {
        // SAFETY: the arguments are the machine's and stay until the call ends. A value is a tag of eight bytes and, for a
        // number, eight bytes of payload; the lower half of the tag is the tag that is passed, and the upper half is zero, as
        // the index of what is no handle.
        unsafe { slice::from_raw_parts(self.arguments.get().cast(), self.argument_count.get()) }
    }

    /// Whether nothing was made, noted or asked for that would outlast the function.
    #[inline]
    pub(crate) fn is_untouched(&self) -> bool {
        !self.is_used.get()
    }

    /// The arguments as the plugin gets them, in places for as many.
    #[inline]
    pub(crate) fn pass<'p>(&self, places: &'p mut [MaybeUninit<Passed>]) -> &'p [Passed] {
        for (index, place) in places.iter_mut().enumerate() {
            // SAFETY: there are as many arguments as places, which are the machine's and stay until the call ends.
            let value = unsafe { &*self.arguments.get().add(index) };
            place.write(self.argument(index, value));
        }
        // SAFETY: each was written.
        unsafe { slice::from_raw_parts(places.as_ptr().cast(), places.len()) }
    }

    #[inline]
    fn argument(&self, index: usize, value: &Value) -> Passed {
        let handle = |tag| Passed { tag, index: index as u32, payload: self.serial() };
        match value {
            Value::Int(value) => Passed::int(*value),
            Value::Float(value) => Passed::float(*value),
            // Tasks were refused before.
            Value::Void | Value::Task(_) => Passed::VOID,
            Value::Bool(value) => Passed::bool(*value),
            Value::Text(_) => handle(tag::TEXT),
            Value::Array(_) => handle(tag::ARRAY),
            Value::Map(_) => handle(tag::MAP),
        }
    }

    // --- From handles to values ---

    /// Uses the value of a handle, which has to be of a kind.
    #[inline]
    fn look<R>(&self, handle: Passed, wanted: u32, work: impl FnOnce(&Value) -> Outcome<R>) -> Outcome<R> {
        if handle.tag != wanted {
            return Err(wrong_kind(wanted, handle));
        }
        if handle.payload != self.serial() {
            return Err(expired());
        }
        let Some(number) = self.number(handle) else {
            // SAFETY: the arguments are the machine's, which leaves them alone until the call ends; this is one of them.
            return work(unsafe { &*self.arguments.get().add(handle.index as usize) });
        };
        match self.made.borrow().get(number) {
            Some(value) => work(value),
            None => Err(expired()),
        }
    }

    /// The number of a value that the call has made; `None` for an argument.
    #[inline]
    fn number(&self, handle: Passed) -> Option<u32> {
        handle.index.checked_sub(self.argument_count.get() as u32)
    }

    /// Whether a handle is one of this call, with the tag of its value.
    fn check(&self, handle: Passed) -> Outcome<()> {
        self.look(handle, handle.tag, |value| {
            if value.kind() as u32 == handle.tag { Ok(()) } else { Err(mislabelled(value)) }
        })
    }

    pub(crate) fn with_text<R>(&self, handle: Passed, work: impl FnOnce(&Text) -> Outcome<R>) -> Outcome<R> {
        self.look(handle, tag::TEXT, |value| match value {
            Value::Text(text) => work(text),
            other => Err(mislabelled(other)),
        })
    }

    pub(crate) fn with_array<R>(
        &self,
        handle: Passed,
        work: impl FnOnce(&Array) -> Outcome<R>,
    ) -> Outcome<R> {
        self.look(handle, tag::ARRAY, |value| match value {
            Value::Array(array) => work(array),
            other => Err(mislabelled(other)),
        })
    }

    pub(crate) fn with_map<R>(&self, handle: Passed, work: impl FnOnce(&Map) -> Outcome<R>) -> Outcome<R> {
        self.look(handle, tag::MAP, |value| match value {
            Value::Map(map) => work(map),
            other => Err(mislabelled(other)),
        })
    }

    /// Changes a value that this call has made. Its elements may go elsewhere.
    pub(crate) fn change<R>(
        &self,
        handle: Passed,
        wanted: u32,
        work: impl FnOnce(&mut Value) -> Outcome<R>,
    ) -> Outcome<R> {
        let number = self.own(handle, wanted)?;
        // The plugin may not use the pointer to its elements any more.
        self.settle(handle);
        self.made.borrow_mut().forget_raw(number);
        self.work_on(number, work)
    }

    /// Changes a value that this call has made, and leaves its elements where they are: the plugin may still write bytes
    /// into an array of bools.
    pub(crate) fn change_in_place<R>(
        &self,
        handle: Passed,
        wanted: u32,
        work: impl FnOnce(&mut Value) -> Outcome<R>,
    ) -> Outcome<R> {
        let number = self.own(handle, wanted)?;
        self.work_on(number, work)
    }

    /// The number of a value that this call has made.
    fn own(&self, handle: Passed, wanted: u32) -> Outcome<u32> {
        if handle.tag != wanted {
            return Err(wrong_kind(wanted, handle));
        }
        self.check(handle)?;
        self.number(handle).ok_or_else(|| {
            Failure::new(
                "read_only",
                "an argument cannot be changed, because values never change: make a new array or map",
            )
        })
    }

    fn work_on<R>(&self, number: u32, work: impl FnOnce(&mut Value) -> Outcome<R>) -> Outcome<R> {
        match self.made.borrow_mut().get_mut(number) {
            Some(value) => work(value),
            None => Err(expired()),
        }
    }

    /// A value that the plugin passes, to be kept by something else.
    pub(crate) fn value(&self, passed: Passed) -> Outcome<Value> {
        Ok(match passed.tag {
            tag::VOID => Value::Void,
            tag::BOOL => Value::Bool(passed.payload != 0),
            tag::INT => Value::Int(passed.payload.cast_signed()),
            tag::FLOAT => Value::Float(f64::from_bits(passed.payload)),
            tag::TEXT => self.with_text(passed, |text| Ok(Value::Text(text.clone())))?,
            tag::ARRAY => {
                let is_raw = self.is_raw(passed);
                self.with_array(passed, |array| {
                    Ok(Value::Array(if is_raw { self.bools_of(array)? } else { array.clone() }))
                })?
            }
            tag::MAP => self.with_map(passed, |map| Ok(Value::Map(map.clone())))?,
            other => return Err(no_such_kind(other)),
        })
    }

    /// The result that the function returns. A handle gives up its value: the call ends.
    #[inline]
    pub(crate) fn result(&self, passed: &Passed) -> Outcome<Value> {
        if passed.tag == tag::INT {
            return Ok(Value::Int(passed.payload.cast_signed()));
        }
        if passed.tag == tag::FLOAT {
            return Ok(Value::Float(f64::from_bits(passed.payload)));
        }
        self.other_result(*passed)
    }

    #[inline(never)]
    fn other_result(&self, passed: Passed) -> Outcome<Value> {
        match passed.tag {
            tag::VOID => Ok(Value::Void),
            tag::BOOL => Ok(Value::Bool(passed.payload != 0)),
            tag::TEXT | tag::ARRAY | tag::MAP => {
                self.settle(passed);
                self.check(passed)?;
                let Some(number) = self.number(passed) else {
                    // SAFETY: the plugin has returned, and the machine drops what is left of the arguments, of which this is
                    // one.
                    return Ok(std::mem::take(unsafe {
                        &mut *self.arguments.get().add(passed.index as usize)
                    }));
                };
                Ok(self.made.borrow_mut().get_mut(number).map(std::mem::take).unwrap_or_default())
            }
            other => Err(no_such_kind(other)),
        }
    }

    /// Notes that the plugin may write any bytes into an array of bools that it has made.
    pub(crate) fn mark_raw(&self, handle: Passed) -> Outcome<()> {
        if let Some(number) = self.number(handle) {
            self.made.borrow_mut().mark_raw(number)?;
        }
        Ok(())
    }

    fn is_raw(&self, handle: Passed) -> bool {
        let made = self.made.borrow();
        made.has_raw() && self.number(handle).is_some_and(|number| made.is_raw(number))
    }

    /// An element of an array.
    pub(crate) fn element(&self, handle: Passed, position: usize) -> Outcome<Option<Value>> {
        let is_raw = self.is_raw(handle);
        self.with_array(handle, |array| {
            let byte = if is_raw { raw_byte(array, position) } else { None };
            Ok(byte.map(|byte| Value::Bool(byte != 0)).or_else(|| array.get(position)))
        })
    }

    /// The bools that the bytes of an array are now, for others to keep: the plugin may write into its own later.
    fn bools_of(&self, array: &Array) -> Outcome<Array> {
        self.check_room(array.len())?;
        let mut bools = size::vector(array.len()).map_err(|fault| too_large(&fault))?;
        bools.extend((0..array.len()).map_while(|position| raw_byte(array, position)).map(|byte| byte != 0));
        Ok(Array::new(Elements::Bool(bools)))
    }

    /// Makes bools of the bytes that the plugin may have written into an array of them.
    pub(crate) fn settle(&self, handle: Passed) {
        if !self.is_raw(handle) {
            return;
        }
        let Some(number) = self.number(handle) else { return };
        let mut made = self.made.borrow_mut();
        let Some(Value::Array(array)) = made.get_mut(number) else { return };
        if let Some(Elements::Bool(items)) = array.unique_elements() {
            let bytes = items.as_mut_ptr().cast::<u8>();
            for position in 0..items.len() {
                // SAFETY: the vector has so many bytes, which nobody reads as bools before this.
                unsafe {
                    let byte = bytes.add(position);
                    if byte.read() > 1 {
                        byte.write(1);
                    }
                }
            }
        }
    }

    // --- Scopes ---

    pub(crate) fn open_scope(&self) -> Outcome<usize> {
        self.is_used.set(true);
        self.made.borrow_mut().open_scope()
    }

    /// Closes a scope, and those that were opened within it.
    pub(crate) fn close_scope(&self, scope: usize) -> Outcome<()> {
        self.made.borrow_mut().close_scope(scope)
    }
}

/// Why a value is not passed.
pub(crate) const NO_TASKS: &str = "a task cannot be passed to native code: await it, and pass what it gives";

/// The byte at a position of an array of bools that may hold any bytes.
fn raw_byte(array: &Array, position: usize) -> Option<u8> {
    match array.elements() {
        Elements::Bool(items) if position < items.len() => {
            // SAFETY: the position is inside, and a byte may be anything.
            Some(unsafe { items.as_ptr().cast::<u8>().add(position).read() })
        }
        _ => None,
    }
}

/// A value that would be too large.
pub(crate) fn too_large(fault: &Fault) -> Failure {
    Failure::new("too_large", fault.message().to_owned())
}

pub(crate) const fn kind_name(kind: u32) -> &'static str {
    match kind {
        tag::VOID => "void",
        tag::BOOL => "a bool",
        tag::INT => "an int",
        tag::FLOAT => "a float",
        tag::TEXT => "a text",
        tag::ARRAY => "an array",
        tag::MAP => "a map",
        _ => "something that is no value",
    }
}

#[cold]
fn wrong_kind(wanted: u32, found: Passed) -> Failure {
    Failure::new(
        "wrong_kind",
        format!("the plugin asked for {}, but the value is {}", kind_name(wanted), kind_name(found.tag)),
    )
}

#[cold]
fn mislabelled(found: &Value) -> Failure {
    Failure::new(
        "invalid_handle",
        format!("the plugin passed a handle with a wrong tag: the value is {}", found.kind().describe()),
    )
}

#[cold]
fn no_such_kind(found: u32) -> Failure {
    Failure::new(
        "invalid_value",
        format!("the plugin passed a value with the tag {found}, which there is none of"),
    )
}

#[cold]
fn expired() -> Failure {
    Failure::new(
        "expired_handle",
        "the plugin used a handle whose call or scope has ended: a handle is valid until the function returns",
    )
}
