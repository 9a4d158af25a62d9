//! A running call of a native function: its values, and how it failed.
//!
//! A plugin may keep the pointer to a call, and handles of its values, longer than it should. So the record of a call never
//! goes: it is used again for later calls of the same thread, and begins each of them with a new serial number, which every
//! handle of the call bears. A pointer that is used when its call has ended, or in another thread, finds a record that
//! belongs to nobody or to somebody else; a handle that is used in another call has the wrong serial.

use std::cell::{Cell, RefCell};
use std::ptr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use alas_engine::value::account::{self, AccountId, ThreadAccounts};
use alas_engine::value::{Kind, Value};
use alas_engine::{Context, Fault, size};
use alas_plugin_abi::{Call, Status, Value as Passed, tag};

use crate::ending;
use crate::error::NativeFailure;
use crate::host::HOST;
use crate::known;
use crate::made::Made;
use crate::plugin::Plugin;

mod handles;

pub(crate) use handles::{NO_TASKS, kind_name, too_large};

/// The record of a call. It begins with what plugins see of it.
#[repr(C)]
pub(crate) struct Record {
    shown: Call,
    /// The thread whose call it is; zero while there is no call.
    thread: AtomicUsize,
    /// The thread whose record it is.
    home: Cell<usize>,
    /// That of the call. Only the thread whose record it is changes it.
    serial: AtomicU64,
    /// The call that another thread than its own has used last.
    used_elsewhere: AtomicU64,
    /// The call within which its plugin has used last what is no running call.
    used_nothing: Cell<u64>,
    arguments: Cell<*mut Value>,
    argument_count: Cell<usize>,
    /// What surrounds the call; null while a plugin begins.
    context: Cell<*mut Context<'static>>,
    plugin: Cell<*const Plugin>,
    /// Who paid before the call began.
    caller: Cell<AccountId>,
    /// Whether any of the next three holds anything.
    is_used: Cell<bool>,
    made: RefCell<Made>,
    failure: RefCell<Option<Failure>>,
    /// What ends the program, whatever the function returns.
    fatal: RefCell<Option<Fault>>,
    /// The record that is free as well.
    next: Cell<*const Record>,
}

/// Why a function fails, as far as it is known.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The plugin has said so, or it has made a mistake.
    Own(NativeFailure),
    /// A function that it has called has failed.
    Called(Fault),
    /// It has called a function that it may not call, that does not exist, or that takes other arguments.
    Refused(Fault),
}

impl Failure {
    /// A mistake in using the interface, or what the plugin has said.
    #[cold]
    pub(crate) fn new(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Own(NativeFailure { code: code.into(), message: message.into() })
    }
}

/// What a function of the host comes to.
pub(crate) type Outcome<T> = Result<T, Failure>;

/// Records that threads have left behind when they ended.
static LEFT: Mutex<Vec<Left>> = Mutex::new(Vec::new());

struct Left(&'static Record);

// SAFETY: the record of a thread that has ended is used by nobody; whoever takes it off the list is its only user.
unsafe impl Send for Left {}

/// Serials of different records do not meet as long as there are no more than 2^16 of them, which is as many calls at once, and
/// none makes more than 2^48 calls, which takes half a year of calls of 50 ns without a pause. Where they meet all the same, a
/// handle that was kept for too long may mean a value of another call, and is no wild read.
static NEXT_RECORD: AtomicU64 = AtomicU64::new(0);
const SERIALS: u32 = 48;

thread_local! {
    /// Its address tells this thread from all that live.
    static THREAD: u8 = const { 0 };
    /// Leaves the records to others when the thread ends.
    static LEAVER: Leaver = const { Leaver };
}

/// The place where the thread keeps those of its records that are free.
#[derive(Clone, Copy)]
struct Free<'p>(&'p Cell<*const ()>);

impl Free<'_> {
    #[inline]
    fn take(self) -> *const Record {
        self.0.get().cast()
    }

    #[inline]
    fn set(self, record: *const Record) {
        self.0.set(record.cast());
    }
}

/// Answers whoever uses no call, or a call that does not run in this thread. The failure is noted with those that may have done
/// it: the calls of the plugin that do run here.
#[cold]
fn misused(record: Option<&Record>) -> Status {
    match record {
        Some(record) if record.thread.load(Ordering::Relaxed) != 0 => {
            record.used_elsewhere.store(record.serial(), Ordering::Relaxed);
        }
        _ => known::running_here()
            .into_iter()
            .filter(|record| record.plugin().account() == account::current())
            .for_each(|record| record.used_nothing.set(record.serial())),
    }
    alas_plugin_abi::ERROR
}

struct Leaver;

impl Drop for Leaver {
    fn drop(&mut self) {
        let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
        let accounts = ThreadAccounts::current();
        // SAFETY: the place is for these records.
        let mut record: *const Record = unsafe {
            accounts.paid_by_with_place(account::current(), |_, kept| kept.replace(ptr::null()).cast())
        };
        // SAFETY: records live for ever.
        while let Some(free) = unsafe { record.as_ref() } {
            record = free.next.get();
            left.push(Left(free));
        }
    }
}

fn this_thread() -> usize {
    THREAD.with(|marker| ptr::from_ref(marker).addr())
}

/// Runs a call, for which the plugin pays: the work gets its record, and what the plugin gets. `context` is what surrounds
/// the call; a plugin that begins has none.
#[inline]
pub(crate) fn run<R>(
    plugin: &Plugin,
    (arguments, context): (&mut [Value], Option<&mut Context<'_>>),
    work: impl FnOnce(&Record, *mut Call) -> R,
) -> R {
    let accounts = context.as_ref().map_or_else(ThreadAccounts::current, |context| context.accounts);
    let pay = |caller, kept: &Cell<*const ()>| {
        let free = Free(kept);
        // SAFETY: records live for ever, and only this thread reaches its free ones.
        let record = unsafe { free.take().as_ref() }.unwrap_or_else(|| new_record());
        free.set(record.next.get());
        record.serial.store(record.serial() + 1, Ordering::Relaxed);
        record.arguments.set(arguments.as_mut_ptr());
        record.argument_count.set(arguments.len());
        record.context.set(context.map_or(ptr::null_mut(), |context| ptr::from_mut(context).cast()));
        record.plugin.set(plugin);
        record.caller.set(caller);
        record.thread.store(record.home.get(), Ordering::Relaxed);
        let running = Running { record, free };
        work(record, ptr::from_ref(running.record).cast_mut().cast())
    };
    // SAFETY: the place is for these records, and nothing but them is put there.
    unsafe { accounts.paid_by_with_place(plugin.account(), pay) }
}

/// A call that runs. Ends with the record given back.
struct Running<'f> {
    record: &'static Record,
    free: Free<'f>,
}

impl Drop for Running<'_> {
    #[inline]
    fn drop(&mut self) {
        let Self { record, free } = self;
        record.thread.store(0, Ordering::Relaxed);
        if record.is_used.get() {
            record.clear();
        }
        record.next.set(free.take());
        free.set(*record);
    }
}

#[cold]
#[inline(never)]
fn new_record() -> &'static Record {
    // So that its records are left to others when this thread ends.
    LEAVER.with(|_| ());
    let left = LEFT.lock().unwrap_or_else(PoisonError::into_inner).pop();
    if let Some(Left(record)) = left {
        record.home.set(this_thread());
        record.next.set(ptr::null());
        return record;
    }
    let number = NEXT_RECORD.fetch_add(1, Ordering::Relaxed);
    let record: &Record = Box::leak(Box::new(Record {
        shown: Call { host: &raw const HOST },
        thread: AtomicUsize::new(0),
        home: Cell::new(this_thread()),
        serial: AtomicU64::new(number << SERIALS),
        used_elsewhere: AtomicU64::new(number << SERIALS),
        used_nothing: Cell::new(number << SERIALS),
        arguments: Cell::new(ptr::null_mut()),
        argument_count: Cell::new(0),
        context: Cell::new(ptr::null_mut()),
        plugin: Cell::new(ptr::null()),
        caller: Cell::new(AccountId(0)),
        is_used: Cell::new(false),
        made: RefCell::new(Made::default()),
        failure: RefCell::new(None),
        fatal: RefCell::new(None),
        next: Cell::new(ptr::null()),
    }));
    known::note(record);
    ending::watch();
    record
}

impl Record {
    /// Does the work of a function of the host, and notes why it failed.
    ///
    /// # Safety
    ///
    /// The pointer is null, or one that a plugin has got for a call, however long ago.
    #[inline]
    pub(crate) unsafe fn serve(call: *mut Call, work: impl FnOnce(&Self) -> Outcome<Status>) -> Status {
        // SAFETY: the caller promises that it is null or a record; records live for ever, and what other threads may write
        // to one that is not this thread's is atomic.
        let record = unsafe { call.cast::<Self>().as_ref() };
        let Some(record) = record.filter(|record| record.runs_here()) else { return misused(record) };
        match work(record) {
            Ok(status) => status,
            Err(failure) => {
                record.note(failure);
                alas_plugin_abi::ERROR
            }
        }
    }

    #[inline]
    fn serial(&self) -> u64 {
        self.serial.load(Ordering::Relaxed)
    }

    /// Why a call fails that has not noted why, as far as it can be known.
    #[cold]
    pub(crate) fn misuse(&self) -> Option<&'static str> {
        if self.used_elsewhere.load(Ordering::Relaxed) == self.serial() {
            return Some("another thread used the call: only the thread that makes a call can use it");
        }
        let message =
            "the plugin used a call that was over, or null: a call is valid until the function returns";
        (self.used_nothing.get() == self.serial()).then_some(message)
    }

    #[cold]
    #[inline(never)]
    fn clear(&self) {
        self.is_used.set(false);
        self.made.borrow_mut().clear();
        self.failure.take();
        self.fatal.take();
    }

    #[cold]
    pub(crate) fn note(&self, failure: Failure) {
        self.is_used.set(true);
        self.failure.replace(Some(failure));
    }

    #[cold]
    pub(crate) fn end_program(&self, fault: Fault) {
        self.is_used.set(true);
        self.fatal.replace(Some(fault));
    }

    pub(crate) fn take_failure(&self) -> Option<Failure> {
        self.failure.take()
    }

    #[inline]
    pub(crate) fn take_fatal(&self) -> Option<Fault> {
        if self.is_used.get() { self.fatal.take() } else { None }
    }

    pub(crate) fn plugin(&self) -> &Plugin {
        // SAFETY: the function that runs keeps its plugin, and only a call that runs is asked.
        unsafe { &*self.plugin.get() }
    }

    /// Checks that the values of the plugin may take so many bytes more.
    pub(crate) fn check_room(&self, bytes: usize) -> Outcome<()> {
        if self.plugin().has_room(bytes) { Ok(()) } else { Err(too_large(&size::no_room())) }
    }

    pub(crate) fn caller(&self) -> AccountId {
        self.caller.get()
    }

    /// Whether a call with this record runs in this thread.
    #[inline]
    pub(crate) fn runs_here(&self) -> bool {
        self.thread.load(Ordering::Relaxed) == this_thread()
    }

    /// Uses what surrounds the call; `None` while a plugin begins, and while something uses it already.
    pub(crate) fn with_context<R>(&self, work: impl FnOnce(&mut Context<'_>) -> R) -> Option<R> {
        // Out of reach meanwhile: a plugin that is called back may have kept the pointer to this call.
        let context = self.context.replace(ptr::null_mut());
        // SAFETY: the context outlives the call, and is not used by the function that waits for the plugin; nor by anybody
        // else here, because the pointer was taken.
        let result = unsafe { context.as_mut() }.map(work);
        self.context.set(context);
        result
    }
}

// What a plugin holds is the record, and numbers are passed as they are.
const _: () = {
    assert!(std::mem::offset_of!(Record, shown) == 0);
    assert!(size_of::<Value>() == size_of::<Passed>());
    assert!(cfg!(target_endian = "little"), "numbers are passed as they are in this order of bytes only");
    assert!(align_of::<Value>() == align_of::<Passed>());
    assert!(Kind::Int as u32 == tag::INT && Kind::Float as u32 == tag::FLOAT);
};
