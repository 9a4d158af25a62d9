//! What a task's handle stands for.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::Instant;

use alas_value::{Lease, Parcel, account};

use crate::{ErrorCode, Fault, Interrupt};

/// What a task takes beside its values, about.
pub(crate) const TASK_BYTES: usize = 512;

/// What a call of a task has come to.
pub(super) type Ended = Result<Parcel, Fault>;

/// What a task has come to.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// It has done nothing until its time was over.
    Slept,
    /// What its function has returned.
    Returned(Arc<Mutex<Parcel>>),
    Failed(Arc<Fault>),
}

/// A task.
#[derive(Debug)]
pub(crate) struct State {
    inner: Mutex<Inner>,
    /// The number of the thread that runs it; zero while there is none.
    pub(super) runner: Arc<AtomicU64>,
    /// What the task itself takes.
    _lease: Lease,
}

#[derive(Debug)]
struct Inner {
    progress: Progress,
    /// Who is told when it has ended.
    waiters: Vec<Thread>,
}

/// How far a task is.
#[derive(Debug)]
enum Progress {
    /// It waits for a thread.
    Queued,
    /// It runs in a thread, and ends when this is set.
    Running(Interrupt, Thread),
    /// It does nothing, and ends at this moment.
    Sleeping(Instant),
    Over(Outcome),
}

/// What becomes of a task that is told to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancelled {
    /// It had ended before.
    Not,
    /// It never begins, and is to be taken off the queue.
    Queued,
    /// It has ended, or will do so soon.
    Told,
}

impl State {
    /// A task that waits for a thread.
    pub(crate) fn queued(lease: Lease) -> Arc<Self> {
        Arc::new(Self::new(Progress::Queued, lease))
    }

    /// A task that has failed before it could begin.
    pub(crate) fn failed(fault: Fault, lease: Lease) -> Arc<Self> {
        Arc::new(Self::new(Progress::Over(Outcome::Failed(Arc::new(fault))), lease))
    }

    /// A task that does nothing, and ends by itself.
    pub(crate) fn sleeping(until: Instant, lease: Lease) -> Arc<Self> {
        Arc::new(Self::new(Progress::Sleeping(until), lease))
    }

    fn new(progress: Progress, lease: Lease) -> Self {
        let inner = Mutex::new(Inner { progress, waiters: Vec::new() });
        Self { inner, runner: Arc::default(), _lease: lease }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it has come to; `None` while it has not ended.
    pub(crate) fn outcome(&self) -> Option<Outcome> {
        match &self.lock().progress {
            Progress::Queued | Progress::Running(..) => None,
            Progress::Sleeping(until) => (*until <= Instant::now()).then_some(Outcome::Slept),
            Progress::Over(outcome) => Some(outcome.clone()),
        }
    }

    /// Whether it has ended.
    pub(crate) fn is_over(&self) -> bool {
        match &self.lock().progress {
            Progress::Queued | Progress::Running(..) => false,
            Progress::Sleeping(until) => *until <= Instant::now(),
            Progress::Over(_) => true,
        }
    }

    /// Whether it waits for a thread.
    pub(super) fn is_queued(&self) -> bool {
        matches!(self.lock().progress, Progress::Queued)
    }

    /// Has this thread told when it ends, unless it has; returns when that will be, if it only sleeps.
    pub(super) fn watch(&self) -> Option<Instant> {
        let mut inner = self.lock();
        let current = thread::current();
        if !inner.waiters.iter().any(|waiter| waiter.id() == current.id()) {
            inner.waiters.push(current);
        }
        match &inner.progress {
            Progress::Sleeping(until) => Some(*until),
            _ => None,
        }
    }

    /// Has this thread not told any more.
    pub(super) fn unwatch(&self) {
        let id = thread::current().id();
        self.lock().waiters.retain(|waiter| waiter.id() != id);
    }

    /// Tells it to end.
    pub(super) fn cancel(&self) -> Cancelled {
        let mut inner = self.lock();
        let outcome = match &inner.progress {
            Progress::Over(_) => return Cancelled::Not,
            Progress::Sleeping(until) if *until <= Instant::now() => return Cancelled::Not,
            Progress::Running(interrupt, runner) => {
                interrupt.set();
                // It may wait for something.
                runner.unpark();
                return Cancelled::Told;
            }
            Progress::Queued => Cancelled::Queued,
            Progress::Sleeping(_) => Cancelled::Told,
        };
        inner.finish(Outcome::Failed(Arc::new(cancelled())));
        outcome
    }

    /// Notes that this thread runs it; tells whether it is still to be run.
    pub(super) fn start(&self, number: u64, interrupt: &Interrupt) -> bool {
        let mut inner = self.lock();
        if !matches!(inner.progress, Progress::Queued) {
            return false;
        }
        self.runner.store(number, Ordering::Relaxed);
        inner.progress = Progress::Running(interrupt.clone(), thread::current());
        true
    }

    /// Notes what it has come to.
    pub(super) fn end(&self, ended: Ended) {
        self.runner.store(0, Ordering::Relaxed);
        self.lock().finish(match ended {
            Ok(parcel) => Outcome::Returned(Arc::new(Mutex::new(parcel))),
            Err(fault) => Outcome::Failed(Arc::new(fault)),
        });
    }
}

impl Inner {
    fn finish(&mut self, outcome: Outcome) {
        self.progress = Progress::Over(outcome);
        self.waiters.drain(..).for_each(|waiter| waiter.unpark());
    }
}

thread_local! {
    /// While a task is dropped: what other tasks that are dropped with it have returned.
    static GRAVES: RefCell<Option<Vec<Arc<Mutex<Parcel>>>>> = const { RefCell::new(None) };
}

impl Drop for State {
    /// Drops what it has returned without recursion: that may hold the handle of a task, whose value holds another, and so on.
    fn drop(&mut self) {
        account::add_freed(TASK_BYTES);
        let inner = self.inner.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Progress::Over(Outcome::Returned(parcel)) = &inner.progress else { return };
        let parcel = parcel.clone();
        inner.progress = Progress::Queued;
        let buried = GRAVES.try_with(|graves| match &mut *graves.borrow_mut() {
            Some(list) => {
                list.push(parcel.clone());
                true
            }
            none => {
                *none = Some(Vec::new());
                false
            }
        });
        drop(parcel);
        if buried == Ok(false) {
            let next = || GRAVES.with(|graves| graves.borrow_mut().as_mut().and_then(Vec::pop));
            while let Some(parcel) = next() {
                drop(parcel);
            }
            GRAVES.set(None);
        }
    }
}

/// Why a task ends that was told to.
#[cold]
pub(super) fn cancelled() -> Fault {
    Fault::new(ErrorCode::Cancelled, "the task was cancelled")
}
