//! One call at a time: the turns that calls of a plugin take unless its code may run in several threads at once.
//!
//! A call keeps its turn until it returns, also while it calls programs, and through them perhaps other plugins. So two
//! threads could wait for each other for ever: each in the code of a plugin whose turn the other one needs. The rule that
//! excludes it: a call may enter when the call that is inside waits for the calling thread, directly or through further
//! turns. One that comes back to its own plugin in the same thread is the simplest case. The call inside goes on only after
//! the one that has entered has returned, so that the plugin's code never runs in two threads at once; so it waits for that
//! one as well, which counts like any other waiting.
//!
//! A turn that is free is taken by one atomic operation. Whoever has to wait does so under one lock for all turns, because
//! who waits for whom leads from turn to turn.

use std::collections::{HashMap, HashSet};
use std::mem::ManuallyDrop;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{Fault, Host, Tasks};

/// How long a thread waits before it looks whether its program has to stop.
const PATIENCE: Duration = Duration::from_millis(20);

/// How long it waits the first time. Whoever leaves may miss one that has just begun to wait.
const FIRST_LOOK: Duration = Duration::from_micros(100);

/// The number of no thread.
const NOBODY: u64 = 0;

/// Tells a thread from all others, living or gone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ThreadNumber(u64);

impl ThreadNumber {
    /// That of this thread.
    pub(crate) fn current() -> Self {
        Self(THREAD.with(|thread| *thread))
    }

    pub(crate) fn number(self) -> u64 {
        self.0
    }
}

/// The turn of a plugin.
#[derive(Debug, Default)]
pub struct Turn {
    /// The thread whose call is inside.
    owner: AtomicU64,
}

/// Who waits, for all turns together.
#[derive(Debug, Default)]
struct Waiting {
    /// The address of the turn that each thread waits for, and who owns it when it is asked.
    awaited: HashMap<u64, TurnAddress>,
    /// The threads that each thread waits for in other ways; zero for what no thread does yet.
    joined: HashMap<u64, Vec<Arc<AtomicU64>>>,
    /// The threads that each thread has lent turns to. It goes on only when they have given them back.
    borrowers: HashMap<u64, Vec<u64>>,
}

/// A turn that a thread waits for. The thread keeps the turn alive while it waits.
#[derive(Debug, Clone, Copy)]
struct TurnAddress(*const Turn);

// SAFETY: only looked at under the lock, and only while the waiting thread borrows the turn; a turn itself may be shared.
unsafe impl Send for TurnAddress {}

static WAITING: Mutex<Option<Waiting>> = Mutex::new(None);
static CHANGED: Condvar = Condvar::new();
/// How many threads wait, for whoever leaves without the lock.
static WAITERS: AtomicUsize = AtomicUsize::new(0);
static NEXT_THREAD: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static THREAD: u64 = NEXT_THREAD.fetch_add(1, Ordering::Relaxed);
}

/// A call that has its turn.
#[derive(Debug)]
#[must_use = "the turn ends when this is dropped"]
pub(crate) struct Inside<'t> {
    /// The turn to give back; none where the thread had it before.
    turn: Option<&'t Turn>,
    /// To whom: to nobody, or to a thread that waits for this one.
    before: u64,
}

impl Inside<'_> {
    /// A call that needs no turn.
    pub(crate) const FREE: Self = Self { turn: None, before: NOBODY };

    /// Lets the turn end by [`Held::end`].
    pub(crate) fn keep(self) -> Held {
        let inside = ManuallyDrop::new(self);
        Held(inside.turn.map(|_| inside.before))
    }
}

/// What a call keeps of its turn that ends elsewhere than where it has begun.
#[derive(Debug)]
#[must_use = "the turn is to be ended"]
pub(crate) struct Held(Option<u64>);

impl Held {
    /// That of a call that needs no turn.
    pub(crate) const FREE: Self = Self(None);

    /// Ends the turn, which is that one.
    pub(crate) fn end(self, turn: &Turn) {
        if let Some(before) = self.0 {
            drop(Inside { turn: Some(turn), before });
        }
    }
}

impl Turn {
    /// A turn that nobody has.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Waits until the call may run, which this thread makes.
    ///
    /// # Errors
    ///
    /// What ends the program while it waits.
    #[inline]
    pub(crate) fn enter(&self, thread: ThreadNumber, host: &Host) -> Result<Inside<'_>, Fault> {
        let ThreadNumber(thread) = thread;
        match self.owner.compare_exchange(NOBODY, thread, Ordering::Acquire, Ordering::Relaxed) {
            Ok(_) => Ok(Inside { turn: Some(self), before: NOBODY }),
            Err(owner) if owner == thread => Ok(Inside::FREE),
            Err(_) => self.wait(thread, host),
        }
    }

    #[cold]
    #[inline(never)]
    fn wait(&self, thread: u64, host: &Host) -> Result<Inside<'_>, Fault> {
        let _pause = Tasks::pause(host);
        let mut guard = lock();
        WAITERS.fetch_add(1, Ordering::SeqCst);
        waiting(&mut guard).awaited.insert(thread, TurnAddress(self));
        // Others may enter because this thread waits.
        CHANGED.notify_all();
        let (mut stopped, mut patience) = (None, FIRST_LOOK);
        let before = loop {
            let state = waiting(&mut guard);
            // While others are in the code of plugins in its place, it neither enters nor gives up.
            if !state.borrowers.contains_key(&thread) {
                if stopped.is_some() {
                    break None;
                }
                match self.owner.compare_exchange(NOBODY, thread, Ordering::SeqCst, Ordering::SeqCst) {
                    Ok(_) => break Some(NOBODY),
                    Err(owner) if state.waits_for(owner, thread) => {
                        self.owner.store(thread, Ordering::SeqCst);
                        state.borrowers.entry(owner).or_default().push(thread);
                        break Some(owner);
                    }
                    Err(_) => {}
                }
            }
            guard = CHANGED.wait_timeout(guard, patience).unwrap_or_else(PoisonError::into_inner).0;
            patience = (patience * 2).min(PATIENCE);
            if stopped.is_none() {
                // Not under the lock: what looks for signals may wait for a thread that needs the lock.
                drop(guard);
                stopped = host.poll().err();
                guard = lock();
            }
        };
        waiting(&mut guard).awaited.remove(&thread);
        WAITERS.fetch_sub(1, Ordering::SeqCst);
        drop(guard);
        match (before, stopped) {
            (Some(before), _) => Ok(Inside { turn: Some(self), before }),
            (None, Some(fault)) => Err(fault),
            (None, None) => unreachable!("a thread stops waiting because it may enter or has to stop"),
        }
    }
}

impl Turn {
    /// Gives the turn back to the thread that has lent it, and wakes all who wait.
    #[cold]
    #[inline(never)]
    fn give_back(&self, lender: u64) {
        let mut guard = lock();
        let borrower = self.owner.swap(lender, Ordering::SeqCst);
        let borrowers = &mut waiting(&mut guard).borrowers;
        if let Some(threads) = borrowers.get_mut(&lender) {
            if let Some(position) = threads.iter().position(|thread| *thread == borrower) {
                threads.swap_remove(position);
            }
            if threads.is_empty() {
                borrowers.remove(&lender);
            }
        }
        wake(&guard);
    }
}

impl Waiting {
    /// Whether a thread waits for another one, directly or through others: for the owner of a turn, or for a borrower.
    fn waits_for(&self, thread: u64, other: u64) -> bool {
        let mut seen = HashSet::new();
        let mut next = vec![thread];
        while let Some(current) = next.pop() {
            if !seen.insert(current) {
                continue;
            }
            // SAFETY: the thread that waits borrows the turn until it has taken itself off the list, under the lock.
            let owner =
                self.awaited.get(&current).map(|turn| unsafe { &*turn.0 }.owner.load(Ordering::SeqCst));
            let borrowers = self.borrowers.get(&current).into_iter().flatten().copied();
            let joined = self.joined.get(&current).into_iter().flatten();
            let joined =
                joined.map(|thread| thread.load(Ordering::Relaxed)).filter(|thread| *thread != NOBODY);
            for waited in owner.into_iter().chain(borrowers).chain(joined) {
                if waited == other {
                    return true;
                }
                next.push(waited);
            }
        }
        false
    }
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        let Some(turn) = self.turn else { return };
        if self.before != NOBODY {
            turn.give_back(self.before);
            return;
        }
        turn.owner.store(NOBODY, Ordering::Release);
        if WAITERS.load(Ordering::Relaxed) > 0 {
            wake(&lock());
        }
    }
}

/// A thread that waits for others, for whatever they do. Turns that it has may be borrowed by them meanwhile.
#[must_use = "it ends by `end`"]
pub(crate) struct Joining {
    thread: u64,
    /// What it has waited for before, if it waits within a wait.
    before: Option<Vec<Arc<AtomicU64>>>,
}

impl Joining {
    /// Notes whom a thread waits for, each told by a place for its number, which may change meanwhile.
    pub(crate) fn begin(thread: ThreadNumber, others: Vec<Arc<AtomicU64>>) -> Self {
        let ThreadNumber(thread) = thread;
        let before = waiting(&mut lock()).joined.insert(thread, others);
        if WAITERS.load(Ordering::SeqCst) > 0 {
            // Others may enter because this thread waits.
            CHANGED.notify_all();
        }
        Self { thread, before }
    }

    /// Notes that it waits no longer, once others have given back what it has lent them. `poll` is asked meanwhile whether it
    /// has to stop, and `stop` told once when it has; returns why.
    pub(crate) fn end(self, poll: impl Fn() -> Result<(), Fault>, stop: impl FnOnce()) -> Option<Fault> {
        let Self { thread, before } = self;
        let (mut stop, mut stopped) = (Some(stop), None);
        let mut guard = lock();
        while waiting(&mut guard).borrowers.contains_key(&thread) {
            guard = CHANGED.wait_timeout(guard, PATIENCE).unwrap_or_else(PoisonError::into_inner).0;
            if stopped.is_none() {
                drop(guard);
                stopped = poll().err();
                if stopped.is_some()
                    && let Some(stop) = stop.take()
                {
                    stop();
                }
                guard = lock();
            }
        }
        let joined = &mut waiting(&mut guard).joined;
        match before {
            Some(before) => drop(joined.insert(thread, before)),
            None => drop(joined.remove(&thread)),
        }
        stopped
    }
}

/// Wakes all who wait. Under the lock, so that it reaches whoever has found that it has to.
#[cold]
#[inline(never)]
fn wake(_lock: &MutexGuard<'static, Option<Waiting>>) {
    CHANGED.notify_all();
}

fn lock() -> MutexGuard<'static, Option<Waiting>> {
    WAITING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn waiting<'g>(guard: &'g mut MutexGuard<'static, Option<Waiting>>) -> &'g mut Waiting {
    guard.get_or_insert_with(Waiting::default)
}
