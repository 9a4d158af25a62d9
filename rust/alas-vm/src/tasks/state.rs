//! What a task's handle stands for.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use alas_value::{Lease, Parcel};

use crate::{ErrorCode, Fault, Interrupt};

/// What a task has come to.
pub(crate) type Ended = Result<Parcel, Fault>;

/// A task.
#[derive(Debug)]
pub(crate) struct State {
    progress: Mutex<Progress>,
    /// The number of the thread that runs it; zero while there is none.
    pub(super) runner: Arc<AtomicU64>,
    /// What the task itself takes.
    _lease: Option<Lease>,
}

/// How far a task is.
#[derive(Debug)]
enum Progress {
    /// It waits for a thread.
    Queued,
    /// It runs, and ends when this is set.
    Running(Interrupt),
    /// It does nothing, and ends at this moment.
    Sleeping(Instant),
    Over(Ended),
}

impl State {
    /// A task that waits for a thread.
    pub(crate) fn queued(lease: Lease) -> Arc<Self> {
        Arc::new(Self::new(Progress::Queued, Some(lease)))
    }

    /// A task that ends by itself; never, where the moment cannot be told.
    pub(crate) fn sleeping(until: Instant, lease: Lease) -> Arc<Self> {
        Arc::new(Self::new(Progress::Sleeping(until), Some(lease)))
    }

    fn new(progress: Progress, lease: Option<Lease>) -> Self {
        Self { progress: Mutex::new(progress), runner: Arc::default(), _lease: lease }
    }

    fn lock(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it has ended.
    pub(crate) fn is_over(&self) -> bool {
        match &*self.lock() {
            Progress::Queued | Progress::Running(_) => false,
            Progress::Sleeping(until) => *until <= Instant::now(),
            Progress::Over(_) => true,
        }
    }

    /// When it ends, if it only sleeps.
    pub(super) fn wakes(&self) -> Option<Instant> {
        match &*self.lock() {
            Progress::Sleeping(until) => Some(*until),
            _ => None,
        }
    }

    /// Tells it to end; tells whether it had not ended yet.
    pub(super) fn cancel(&self) -> bool {
        let mut progress = self.lock();
        match &*progress {
            Progress::Over(_) => return false,
            Progress::Sleeping(until) if *until <= Instant::now() => return false,
            Progress::Running(interrupt) => interrupt.set(),
            Progress::Queued | Progress::Sleeping(_) => *progress = Progress::Over(Err(cancelled())),
        }
        true
    }

    /// Notes that a thread runs it; tells whether it is still to be run.
    pub(super) fn start(&self, thread: u64, interrupt: &Interrupt) -> bool {
        let mut progress = self.lock();
        if !matches!(*progress, Progress::Queued) {
            return false;
        }
        self.runner.store(thread, Ordering::Relaxed);
        *progress = Progress::Running(interrupt.clone());
        true
    }

    /// Notes what it has come to.
    pub(super) fn end(&self, ended: Ended) {
        self.runner.store(0, Ordering::Relaxed);
        let before = std::mem::replace(&mut *self.lock(), Progress::Over(ended));
        // Not while it is locked.
        drop(before);
    }

    /// Looks at what it has come to; `None` while it has not ended. One that slept has no value.
    pub(crate) fn with_ended<R>(&self, look: impl FnOnce(Option<&mut Ended>) -> R) -> Option<R> {
        match &mut *self.lock() {
            Progress::Over(ended) => Some(look(Some(ended))),
            Progress::Sleeping(until) if *until <= Instant::now() => Some(look(None)),
            _ => None,
        }
    }
}

/// Why a task ends that was told to.
#[cold]
pub(super) fn cancelled() -> Fault {
    Fault::new(ErrorCode::Cancelled, "the task was cancelled")
}
