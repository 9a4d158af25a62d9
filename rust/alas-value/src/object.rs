//! Counted pointers to heap objects.
//!
//! [`Ref`] is what `Rc` is, with two differences: the count stands in an eight-byte header that code outside Rust can
//! address; dropping the last reference to an object that holds other objects is put on a
//! list when another drop is under way, so that no chain of values can exhaust the stack.

use std::cell::Cell;
use std::ptr::NonNull;

use crate::account::{self, AccountId};

/// What every heap object starts with.
#[derive(Debug)]
#[repr(C)]
pub struct Header {
    count: Cell<u32>,
    account: Cell<AccountId>,
    flags: Cell<u16>,
}

/// A count that got here stays here: the object leaks, which is harmless, instead of being freed too early.
const SATURATED: u32 = u32::MAX;

/// The flag of an object that is a constant of a program.
const CONSTANT: u16 = 1;

impl Header {
    /// The header of a new object with one holder, paid for by the current account.
    pub(crate) fn new() -> Self {
        Self { count: Cell::new(1), account: Cell::new(account::current()), flags: Cell::new(0) }
    }

    /// Notes one more holder.
    #[inline]
    pub fn retain(&self) {
        let count = self.count.get();
        if count != SATURATED {
            self.count.set(count + 1);
        }
    }

    /// Notes one holder less and tells whether that was the last.
    #[inline]
    #[must_use]
    pub fn release(&self) -> bool {
        let count = self.count.get();
        if count == SATURATED {
            return false;
        }
        self.count.set(count - 1);
        count == 1
    }

    /// Whether there is exactly one holder.
    #[inline]
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.count.get() == 1
    }

    /// Marks a constant of a program, which the program's code holds beside whoever else does.
    pub(crate) fn mark_constant(&self) {
        self.flags.set(self.flags.get() | CONSTANT);
    }

    /// Counts the copy that an update makes of an object with several holders. The copy of a constant is not counted:
    /// it is how a program makes a value of its own from what stands in its text.
    pub fn count_copy(&self) {
        if self.flags.get() & CONSTANT == 0 {
            account::count_copy();
        }
    }

    /// Who paid for the object.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.account.get()
    }

    /// Adjusts what is paid for the object from one size of the whole to another. Who makes it grow takes it over.
    pub(crate) fn resize(&self, before: usize, after: usize) {
        let (account, current) = (self.account.get(), account::current());
        if after < before {
            account::refund(account, before - after);
        } else if account == current {
            account::charge(account, after - before);
        } else {
            account::refund(account, before);
            self.account.set(current);
            account::charge(current, after);
        }
    }
}

/// The part of a heap object behind its header.
pub trait Body: Clone + 'static {
    /// The bytes that the body holds on the heap beside itself.
    fn heap_size(&self) -> usize;

    /// Whether the body can hold other objects that hold others.
    fn nests(&self) -> bool;
}

/// A heap object.
#[derive(Debug)]
#[repr(C)]
pub struct Object<T> {
    header: Header,
    body: T,
}

/// A counted pointer to a heap object.
#[derive(Debug)]
#[repr(transparent)]
pub struct Ref<T: Body> {
    pointer: NonNull<Object<T>>,
}

impl<T: Body> Ref<T> {
    /// Moves a body to the heap.
    pub fn new(body: T) -> Self {
        let object = Box::new(Object { header: Header::new(), body });
        account::charge(object.header.account(), size_of::<Object<T>>() + object.body.heap_size());
        Self { pointer: NonNull::from(Box::leak(object)) }
    }

    fn object(&self) -> &Object<T> {
        // SAFETY: the pointer came from a leaked box, which is freed only when the last `Ref` is dropped.
        unsafe { self.pointer.as_ref() }
    }

    /// The object's header.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.object().header
    }

    /// The body.
    #[must_use]
    #[inline]
    pub fn body(&self) -> &T {
        &self.object().body
    }

    /// Whether both point to the same object.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        self.pointer == other.pointer
    }

    /// The body, to be changed in place, if nobody else holds it.
    #[inline]
    pub fn unique(&mut self) -> Option<&mut T> {
        if self.header().is_unique() {
            // SAFETY: the count is one and `self` is borrowed mutably, so nothing else can reach the body.
            Some(unsafe { &mut self.pointer.as_mut().body })
        } else {
            None
        }
    }

    /// Changes the body, a copy of it when others hold it too, and keeps the books.
    #[inline]
    pub fn update<R>(&mut self, change: impl FnOnce(&mut T) -> R) -> R {
        self.make_unique();
        // SAFETY: the object was just made unique, and `self` is borrowed mutably.
        let object = unsafe { self.pointer.as_mut() };
        let before = object.body.heap_size();
        let result = change(&mut object.body);
        let after = object.body.heap_size();
        if before != after {
            let fixed = size_of::<Object<T>>();
            object.header.resize(fixed + before, fixed + after);
        }
        result
    }

    #[inline]
    fn make_unique(&mut self) {
        if !self.header().is_unique() {
            self.header().count_copy();
            *self = Self::new(self.body().clone());
        }
    }

    /// Takes the body out, or a copy of it when others hold it too.
    #[must_use]
    pub fn into_body(self) -> T {
        if self.header().is_unique() {
            let pointer = self.pointer;
            std::mem::forget(self);
            // SAFETY: the count was one and `self` is forgotten, so this is the only pointer to the leaked box.
            let object = unsafe { Box::from_raw(pointer.as_ptr()) };
            account::refund(object.header.account(), size_of::<Object<T>>() + object.body.heap_size());
            object.body
        } else {
            self.header().count_copy();
            self.body().clone()
        }
    }

    /// The pointer as a slot holds it. The holder's count goes with it.
    #[must_use]
    pub fn into_raw(self) -> NonNull<Object<T>> {
        let pointer = self.pointer;
        std::mem::forget(self);
        pointer
    }
}

impl<T: Body> Clone for Ref<T> {
    #[inline]
    fn clone(&self) -> Self {
        self.header().retain();
        Self { pointer: self.pointer }
    }
}

impl<T: Body> Drop for Ref<T> {
    #[inline]
    fn drop(&mut self) {
        if self.header().release() {
            bury(self.pointer);
        }
    }
}

/// A dead object that waits to be freed, and how to free it.
type Grave = (NonNull<u8>, unsafe fn(NonNull<u8>));

thread_local! {
    /// While a drop is under way: the list, on the stack of the outermost one, of what died because of it. Without a
    /// destructor, so that values can still be dropped while the thread ends.
    static GRAVES: Cell<Option<NonNull<Vec<Grave>>>> = const { Cell::new(None) };
}

/// Frees an object that nobody holds any more, and all that dies with it, without recursion.
#[cold]
#[inline(never)]
fn bury<T: Body>(pointer: NonNull<Object<T>>) {
    // SAFETY: the caller dropped the last reference; the object is still whole.
    if !unsafe { pointer.as_ref() }.body.nests() {
        // SAFETY: as above, and the object is freed once, here.
        unsafe { free::<T>(pointer.cast()) };
        return;
    }
    if let Some(mut waiting) = GRAVES.get() {
        // SAFETY: the outermost drop is further down this stack, where its list lives, and reaches the list by the same
        // pointer only, never while an object is being freed.
        unsafe { waiting.as_mut() }.push((pointer.cast(), free::<T>));
        return;
    }
    let mut list: Vec<Grave> = Vec::new();
    let mut waiting = NonNull::from(&mut list);
    GRAVES.set(Some(waiting));
    let mut next: Option<Grave> = Some((pointer.cast(), free::<T>));
    while let Some((dead, free)) = next {
        // SAFETY: the caller dropped the last reference to the first object; each other was put on the list once, when
        // its last reference was dropped. Freeing does not panic: bodies hold nothing but values and plain data.
        unsafe { free(dead) };
        // SAFETY: the list outlives the loop, and nothing else uses it now.
        next = unsafe { waiting.as_mut() }.pop();
    }
    GRAVES.set(None);
}

/// Frees an object.
///
/// # Safety
///
/// The pointer must be to an `Object<T>` that [`Ref::new`] made and that nobody holds any more.
unsafe fn free<T: Body>(pointer: NonNull<u8>) {
    // SAFETY: the caller promises that this is the leaked box, and the last pointer to it.
    let object = unsafe { Box::from_raw(pointer.cast::<Object<T>>().as_ptr()) };
    account::refund(object.header.account(), size_of::<Object<T>>() + object.body.heap_size());
}
