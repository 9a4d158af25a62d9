//! Taking turns at an output.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// Whose turn it is to hand over what was written: consoles of tasks and of calls in other threads share an output, and what each
/// hands over stays together.
#[derive(Debug, Default)]
pub(crate) struct OutputTurn {
    owner: Mutex<Option<ThreadId>>,
    is_free: Condvar,
}

impl OutputTurn {
    fn lock(&self) -> MutexGuard<'_, Option<ThreadId>> {
        self.owner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the turn until a moment, and takes it; tells whether it is to be given back. `None` when others have it. A thread
    /// whose turn it is gets no other: what it runs while it hands over something prints in between.
    pub(crate) fn take(&self, until: Instant) -> Option<bool> {
        let current = thread::current().id();
        let mut owner = self.lock();
        loop {
            match *owner {
                None => {
                    *owner = Some(current);
                    return Some(true);
                }
                Some(other) if other == current => return Some(false),
                Some(_) => {}
            }
            let left = until.saturating_duration_since(Instant::now());
            if left == Duration::ZERO {
                return None;
            }
            owner = self.is_free.wait_timeout(owner, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Gives the turn back.
    pub(crate) fn give_back(&self) {
        *self.lock() = None;
        self.is_free.notify_one();
    }
}
