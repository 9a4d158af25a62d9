//! Calls of the host's functions: one of the two modules with unsafe code.
//!
//! Three things have to hold, and everything in here keeps them:
//!
//! * A [`Context`] exists only while its call runs, on the stack of the function that has made it, and nobody gets more than
//!   a reference to it.
//! * A [`Handle`] of the lifetime `'call` stays valid as long as that lifetime. The host takes handles back when a scope
//!   ends, whoever has made them. So a handle that is made through the context of an outer scope, while an inner scope is
//!   open, keeps the inner scope from being closed: see [`Scopes`].
//! * What a handle lends does not change: arrays and maps are changed only by the builders, which give up their handle
//!   before anybody can look at it.

use std::ffi::c_char;
use std::ptr::NonNull;
use std::slice;

use alas_plugin_abi::{Call, Host, NOT_FOUND, OK, Status, Value as Raw, tag};

use crate::error::{Error, Result, apart};
use crate::scopes::Scopes;

/// The call that a function runs in: its way to the host.
///
/// A function gets it by having `&Context` as its first parameter. Everything that comes from the host bears the lifetime
/// of this reference, so that nothing can be kept until later calls. It does not leave the thread of the call.
///
/// ```
/// use alas_plugin::{Context, Level, Result};
///
/// #[alas_plugin::function]
/// fn greet(context: &Context, name: &str) -> Result<String> {
///     let greeting = context.config("greeting")?.unwrap_or("Hello");
///     context.log(Level::Debug, "somebody is greeted");
///     Ok(format!("{greeting}, {name}!"))
/// }
/// # fn main() {}
/// ```
///
/// ```compile_fail,E0277
/// #[alas_plugin::function]
/// fn elsewhere(context: &alas_plugin::Context) {
///     std::thread::scope(|threads| {
///         threads.spawn(|| context.should_stop());
///     });
/// }
/// # fn main() {}
/// ```
pub struct Context {
    call: NonNull<Call>,
    scopes: NonNull<Scopes>,
    /// How many scopes are around this one; the call itself is the scope 0.
    depth: usize,
}

/// A value of the host: a number, or a handle that is valid for the lifetime.
#[derive(Clone, Copy)]
pub(crate) struct Handle<'call> {
    context: &'call Context,
    raw: Raw,
}

impl Context {
    /// The context of a call.
    ///
    /// # Safety
    ///
    /// The pointer is what the host has passed to the function that runs, and both outlive the context.
    pub(crate) unsafe fn new(call: NonNull<Call>, scopes: &Scopes) -> Self {
        Self { call, scopes: NonNull::from(scopes), depth: 0 }
    }

    fn host(&self) -> &Host {
        // SAFETY: a call begins with a pointer to the host's table, which is there as long as the process. The entry of the
        // plugin has checked that it is large enough.
        unsafe { &*(*self.call.as_ptr()).host }
    }

    fn scopes(&self) -> &Scopes {
        // SAFETY: whoever has made the context promises that they outlive it.
        unsafe { self.scopes.as_ref() }
    }

    /// A handle that the host has just made, or a number.
    fn made(&self, raw: Raw) -> Handle<'_> {
        if matches!(raw.tag, tag::TEXT | tag::ARRAY | tag::MAP) {
            self.scopes().keep(self.depth);
        }
        Handle { context: self, raw }
    }

    /// An argument of the function.
    ///
    /// # Safety
    ///
    /// The value is one that the host has passed with this call.
    pub(crate) unsafe fn argument(&self, raw: Raw) -> Handle<'_> {
        Handle { context: self, raw }
    }

    /// A value that is no handle.
    pub(crate) fn scalar(&self, value: Scalar) -> Handle<'_> {
        let raw = match value {
            Scalar::Void => Raw::VOID,
            Scalar::Bool(value) => Raw::bool(value),
            Scalar::Int(value) => Raw::int(value),
            Scalar::Float(value) => Raw::float(value),
        };
        Handle { context: self, raw }
    }

    /// The same value as one of this context's scope.
    pub(crate) fn adopt<'call>(&'call self, handle: Handle<'_>) -> Handle<'call> {
        if handle.context.depth > self.depth {
            self.made(handle.raw)
        } else {
            Handle { context: self, raw: handle.raw }
        }
    }

    /// Runs a function of the host that makes a value.
    fn make(&self, make: impl FnOnce(&Host, *mut Call, *mut Raw) -> Status) -> Result<Handle<'_>> {
        let mut raw = Raw::VOID;
        succeeded(make(self.host(), self.call.as_ptr(), &raw mut raw))?;
        Ok(self.made(raw))
    }

    /// Like [`Self::make`], where there may be nothing.
    fn find(&self, find: impl FnOnce(&Host, *mut Call, *mut Raw) -> Status) -> Result<Option<Handle<'_>>> {
        let mut raw = Raw::VOID;
        match find(self.host(), self.call.as_ptr(), &raw mut raw) {
            NOT_FOUND => Ok(None),
            status => succeeded(status).map(|()| Some(self.made(raw))),
        }
    }

    pub(crate) fn make_text(&self, text: &str) -> Result<Handle<'_>> {
        // SAFETY: the bytes are there, and so is the place for the handle.
        self.make(|host, call, made| unsafe { (host.new_text)(call, start(text), text.len(), made) })
    }

    pub(crate) fn make_array(&self, capacity: usize) -> Result<Handle<'_>> {
        // SAFETY: the place for the handle is there.
        self.make(|host, call, made| unsafe { (host.new_array)(call, capacity, made) })
    }

    pub(crate) fn make_map(&self, capacity: usize) -> Result<Handle<'_>> {
        // SAFETY: the place for the handle is there.
        self.make(|host, call, made| unsafe { (host.new_map)(call, capacity, made) })
    }

    /// Makes an array of so many zeros, and lends them. Nobody may look at the array while they are borrowed.
    #[expect(clippy::mut_from_ref, reason = "the elements are the host's, and each time others")]
    pub(crate) fn make_packed<T: Element>(&self, length: usize) -> Result<(Handle<'_>, &mut [T])> {
        let mut items = std::ptr::null_mut();
        // SAFETY: the places for the two are there.
        let make = |host: &Host, call, made| unsafe { T::maker(host)(call, length, &raw mut items, made) };
        let handle = self.make(make)?;
        if length == 0 {
            return Ok((handle, &mut []));
        }
        // SAFETY: the host lends so many zeros, which are elements, for as long as the handle is valid, and nobody else
        // uses them: the only way to them is the handle.
        let items = unsafe { slice::from_raw_parts_mut(items.cast(), length) };
        Ok((handle, items))
    }

    pub(crate) fn setting(&self, key: &str) -> Result<Option<Handle<'_>>> {
        // SAFETY: the bytes are there, and so is the place for the handle.
        self.find(|host, call, found| unsafe { (host.config)(call, start(key), key.len(), found) })
    }

    pub(crate) fn call_by_name(&self, name: &str, arguments: &[Handle<'_>]) -> Result<Handle<'_>> {
        let arguments: Vec<Raw> = arguments.iter().map(|handle| handle.raw).collect();
        let (values, count) = (arguments.as_ptr(), arguments.len());
        self.make(|host, call, result| {
            // SAFETY: the bytes and the values are there, and so is the place for the result.
            apart(|| unsafe { (host.invoke)(call, start(name), name.len(), values, count, result) })
        })
    }

    pub(crate) fn write_log(&self, level: i32, message: &str) {
        // Nothing depends on whether the line was written.
        // SAFETY: the bytes are there.
        let _ = unsafe { (self.host().log)(self.call.as_ptr(), level, start(message), message.len()) };
    }

    pub(crate) fn is_to_stop(&self) -> bool {
        // SAFETY: the call runs.
        unsafe { (self.host().should_stop)(self.call.as_ptr()) != 0 }
    }

    pub(crate) fn fail(&self, code: &str, message: &str) -> Status {
        // SAFETY: the bytes are there.
        unsafe {
            (self.host().fail)(self.call.as_ptr(), start(code), code.len(), start(message), message.len())
        }
    }

    /// Does some work in a scope; see [`Context::scope`].
    pub(crate) fn in_scope<R>(&self, work: impl FnOnce(&Context) -> Result<R>) -> Result<R> {
        let mut number = 0;
        // SAFETY: the place for the number is there.
        succeeded(unsafe { (self.host().open_scope)(self.call.as_ptr(), &raw mut number) })?;
        let (depth, kept_before) = self.scopes().open();
        let inner = Self { call: self.call, scopes: self.scopes, depth };
        let scope = OpenScope { inner, number, kept_before };
        work(&scope.inner)
    }
}

/// A scope that ends when this is dropped, however the work has ended.
struct OpenScope {
    inner: Context,
    /// The host's number of it.
    number: usize,
    kept_before: usize,
}

impl Drop for OpenScope {
    fn drop(&mut self) {
        if self.inner.scopes().end(self.kept_before) {
            // What can be said about a failure was said when the scope was opened.
            // SAFETY: handles of this scope are gone, because their lifetime has ended, and it holds no others.
            let _ = unsafe { (self.inner.host().close_scope)(self.inner.call.as_ptr(), self.number) };
        }
    }
}

/// A value that is no handle.
#[derive(Clone, Copy)]
pub(crate) enum Scalar {
    Void,
    Bool(bool),
    Int(i64),
    Float(f64),
}

impl<'call> Handle<'call> {
    pub(crate) fn context(self) -> &'call Context {
        self.context
    }

    pub(crate) fn raw(self) -> Raw {
        self.raw
    }

    /// Lends the bytes of a text.
    pub(crate) fn text(self) -> Result<&'call str> {
        let (mut bytes, mut length) = (std::ptr::null(), 0);
        let (host, call) = (self.context.host(), self.context.call.as_ptr());
        // SAFETY: the places for the two are there.
        succeeded(unsafe { (host.text)(call, self.raw, &raw mut bytes, &raw mut length) })?;
        if length == 0 {
            return Ok("");
        }
        // SAFETY: the host lends so many bytes of UTF-8 for as long as the handle is valid, and they do not change.
        Ok(unsafe { str::from_utf8_unchecked(slice::from_raw_parts(bytes.cast(), length)) })
    }

    /// Lends the elements of a packed array.
    pub(crate) fn packed<T: Element>(self) -> Result<&'call [T]> {
        let (mut items, mut length) = (std::ptr::null(), 0);
        let lend = T::lender(self.context.host());
        // SAFETY: the places for the two are there.
        succeeded(unsafe { lend(self.context.call.as_ptr(), self.raw, &raw mut items, &raw mut length) })?;
        if length == 0 {
            return Ok(&[]);
        }
        // SAFETY: the host lends so many elements for as long as the handle is valid, and they do not change. Bools are
        // bytes that are 0 or 1, which is what a `bool` of Rust is.
        Ok(unsafe { slice::from_raw_parts(items.cast(), length) })
    }

    /// How many elements or entries there are.
    pub(crate) fn length(self) -> Result<usize> {
        let mut length = 0;
        let (host, call) = (self.context.host(), self.context.call.as_ptr());
        // SAFETY: the place for the number is there.
        succeeded(unsafe { (host.length)(call, self.raw, &raw mut length) })?;
        Ok(length)
    }

    pub(crate) fn item(self, position: usize) -> Result<Self> {
        // SAFETY: the place for the element is there.
        self.context.make(|host, call, item| unsafe { (host.array_get)(call, self.raw, position, item) })
    }

    pub(crate) fn value_of(self, key: &str) -> Result<Option<Self>> {
        // SAFETY: the bytes are there, and so is the place for the value.
        self.context
            .find(|host, call, item| unsafe { (host.map_get)(call, self.raw, start(key), key.len(), item) })
    }

    /// The entry of a map at the cursor, which moves on.
    pub(crate) fn entry(self, cursor: &mut usize) -> Result<Option<(Self, Self)>> {
        let mut key = Raw::VOID;
        // SAFETY: the cursor is there, and so are the places for key and value.
        let found = self.context.find(|host, call, item| unsafe {
            (host.map_next)(call, self.raw, cursor, &raw mut key, item)
        })?;
        Ok(found.map(|item| (self.context.made(key), item)))
    }

    /// Appends to an array that a builder holds.
    pub(crate) fn push(self, item: Handle<'_>) -> Result<()> {
        let (host, call) = (self.context.host(), self.context.call.as_ptr());
        // SAFETY: the call runs; the builder has lent no elements of the array.
        succeeded(unsafe { (host.array_push)(call, self.raw, item.raw) })
    }

    /// Shortens an array that a builder holds.
    pub(crate) fn truncate(self, length: usize) -> Result<()> {
        let (host, call) = (self.context.host(), self.context.call.as_ptr());
        // SAFETY: the call runs; the builder no longer lends the elements of the array.
        succeeded(unsafe { (host.array_truncate)(call, self.raw, length) })
    }

    /// Stores a value in a map that a builder holds.
    pub(crate) fn put(self, key: &str, item: Handle<'_>) -> Result<()> {
        let (host, call) = (self.context.host(), self.context.call.as_ptr());
        // SAFETY: the call runs, and the bytes are there.
        succeeded(unsafe { (host.map_put)(call, self.raw, start(key), key.len(), item.raw) })
    }
}

fn succeeded(status: Status) -> Result<()> {
    if status == OK { Ok(()) } else { Err(Error::noted()) }
}

fn start(text: &str) -> *const c_char {
    text.as_ptr().cast()
}

/// How the host lends the elements of an array.
pub type Lender<S> = unsafe extern "C" fn(*mut Call, Raw, *mut *const S, *mut usize) -> Status;

/// How the host makes an array, and lends it to be filled.
pub type Maker<S> = unsafe extern "C" fn(*mut Call, usize, *mut *mut S, *mut Raw) -> Status;

/// What packed arrays hold: `i64`, `f64` and `bool`.
///
/// ```
/// use alas_plugin::{Element, Packed};
///
/// fn fill<T: Element>(array: &mut Packed<T>, item: T) {
///     array.fill(item);
/// }
/// ```
///
/// # Safety
///
/// What the host has in memory, `Stored`, is laid out as the type, and zero is one of its values.
pub unsafe trait Element: Copy + 'static {
    /// What the host has in memory.
    #[doc(hidden)]
    type Stored;

    #[doc(hidden)]
    fn lender(host: &Host) -> Lender<Self::Stored>;

    #[doc(hidden)]
    fn maker(host: &Host) -> Maker<Self::Stored>;
}

macro_rules! element {
    ($kind:ty, $stored:ty, $lender:ident, $maker:ident) => {
        // SAFETY: the host has ints and floats as they are, and a bool as a byte that is 0 or 1.
        unsafe impl Element for $kind {
            type Stored = $stored;

            fn lender(host: &Host) -> Lender<$stored> {
                host.$lender
            }

            fn maker(host: &Host) -> Maker<$stored> {
                host.$maker
            }
        }
    };
}

element!(i64, i64, ints, new_ints);
element!(f64, f64, floats, new_floats);
element!(bool, u8, bools, new_bools);
