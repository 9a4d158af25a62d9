//! What bounds a running call beside the steps that it takes: time, memory, and the share of a processor.
//!
//! A plugin has a [`Guard`], which all calls of its code enter. While one is inside, its account pays, its time limit runs, and
//! it is paced. Bounds only ever get narrower from the outside to the inside.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use alas_value::account::{self, AccountId, Entered, ThreadAccounts};
use alas_value::{Account, Pool};

use crate::turn::{Held, Inside, ThreadNumber};
use crate::{ErrorCode, Fault, Host, Interrupt, Turn};

/// What a plugin may use in a call from outside.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PluginLimits {
    /// The most bytes that its values may take at once.
    pub memory: Option<usize>,
    /// How long a call may take, from outside the plugin until it returns there.
    pub timeout: Option<Duration>,
    /// The share of one core that its calls may take together: 0.5 is half of it, 2 are two cores.
    pub cores: Option<f64>,
    /// Whether calls from outside the plugin wait for each other. The tasks of a call belong to it.
    pub one_at_a_time: bool,
}

/// Holds a plugin to its limits, in all calls of its code.
#[derive(Debug)]
pub struct Guard {
    limits: PluginLimits,
    account: Account,
    /// What its values may take, in all threads together.
    memory: Option<Arc<Pool>>,
    pace: Option<Pace>,
    turn: Option<Turn>,
}

impl Guard {
    /// A guard of a plugin that has just been loaded.
    #[must_use]
    pub fn new(limits: PluginLimits) -> Self {
        Self {
            limits,
            account: Account::open(),
            memory: limits.memory.map(Pool::new),
            pace: limits.cores.map(Pace::new),
            turn: limits.one_at_a_time.then(Turn::new),
        }
    }

    /// Waits until a call from outside may enter.
    ///
    /// # Errors
    ///
    /// What ends the program while it waits.
    pub(crate) fn take_turn(&self, host: &Host) -> Result<Held, Fault> {
        match &self.turn {
            Some(turn) => turn.enter(ThreadNumber::current(), host).map(Inside::keep),
            None => Ok(Held::FREE),
        }
    }

    /// What the plugin may use.
    #[must_use]
    pub fn limits(&self) -> PluginLimits {
        self.limits
    }
}

impl PartialEq for Guard {
    /// Whether both hold plugins to the same limits.
    fn eq(&self, other: &Self) -> bool {
        self.limits == other.limits
    }
}

/// The bounds of a call, as far as it has got.
#[derive(Debug, Default)]
pub struct Bounds {
    deadline: Cell<Deadline>,
    /// Whose code runs, if it is a plugin's.
    guard: Option<Arc<Guard>>,
    /// What the processor had spent on this thread when the pace was last kept.
    spent: Cell<Option<Duration>>,
    /// What stops the calls around this one.
    outer: Vec<Interrupt>,
}

/// When a call has to end.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Deadline {
    /// The moment, and how long the call may take that it is for.
    at: Option<(Instant, Duration)>,
    /// A time limit whose clock starts when it is first looked at. Most calls end before, and need no clock.
    pending: Option<Duration>,
}

impl Deadline {
    /// Whether there is a limit at all.
    #[inline]
    pub(crate) fn is_set(self) -> bool {
        self.at.is_some() || self.pending.is_some()
    }

    /// The deadline with its clock running.
    #[must_use]
    fn begun(self) -> Self {
        let Some(limit) = self.pending else { return self };
        let own = Instant::now().checked_add(limit).map(|at| (at, limit));
        let at = match (self.at, own) {
            (Some(outer), Some(own)) => Some(if own.0 < outer.0 { own } else { outer }),
            (outer, own) => outer.or(own),
        };
        Self { at, pending: None }
    }

    /// The deadline of a call within the call that has this one.
    #[must_use]
    pub(crate) fn within(self, limit: Option<Duration>) -> (Self, Self) {
        let outer = if limit.is_some() { self.begun() } else { self };
        (outer, Self { pending: limit.or(outer.pending), ..outer })
    }
}

/// What held before a guard was entered.
#[derive(Debug)]
pub(crate) struct Before {
    deadline: Deadline,
    guard: Option<Arc<Guard>>,
    account: AccountId,
    memory: Option<Entered>,
    /// The turn of the guard that was entered.
    held: Held,
}

impl Bounds {
    /// Begins a call from outside, within the calls around it.
    #[inline]
    pub(crate) fn begin(&self, outer: Deadline, timeout: Option<Duration>) {
        if !outer.is_set() && timeout.is_none() && !self.deadline.get().is_set() {
            return;
        }
        let own =
            if outer.is_set() || timeout.is_some() { outer.within(timeout).1 } else { Deadline::default() };
        self.deadline.set(own);
    }

    /// Has the call stop with those around it.
    pub(crate) fn stop_with(&mut self, outer: Vec<Interrupt>) {
        self.outer = outer;
    }

    /// Whether a call around this one was asked to stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.outer.iter().any(Interrupt::is_set)
    }

    /// The deadline, as far as it has begun.
    pub(crate) fn deadline(&self) -> Deadline {
        self.deadline.get()
    }

    /// Whether the code that runs belongs to the plugin already.
    #[inline]
    pub(crate) fn is_inside(&self, guard: &Arc<Guard>) -> bool {
        self.guard.as_ref().is_some_and(|inside| Arc::ptr_eq(inside, guard))
    }

    /// Whose code runs, if it is a plugin's.
    pub(crate) fn guard(&self) -> Option<&Arc<Guard>> {
        self.guard.as_ref()
    }

    /// Begins in the code of a plugin, which a call is inside of that lets this one run beside itself.
    pub(crate) fn begin_inside(&mut self, guard: Option<Arc<Guard>>) {
        self.guard = guard;
        self.start_pace();
    }

    /// Ends what [`begin_inside`](Self::begin_inside) has begun.
    pub(crate) fn end_inside(&mut self) {
        self.keep_pace_of_inner();
        self.guard = None;
        self.start_pace();
    }

    /// Enters the code of a plugin, in a turn that was taken. What is entered later is to be left before, also when a panic
    /// unwinds.
    pub(crate) fn enter(&mut self, guard: &Arc<Guard>, held: Held) -> Before {
        let (outer, own) = self.deadline.get().within(guard.limits.timeout);
        self.deadline.set(own);
        self.keep_pace_of_inner();
        let account = guard.account.id();
        // SAFETY: whoever enters leaves guards in turn.
        let memory = guard
            .memory
            .as_ref()
            .map(|pool| unsafe { ThreadAccounts::current().enter(account, pool.clone()) });
        let before = Before {
            deadline: outer,
            guard: self.guard.replace(guard.clone()),
            account: account::switch(account),
            memory,
            held,
        };
        self.start_pace();
        before
    }

    /// Leaves the code of a plugin.
    pub(crate) fn leave(&mut self, before: Before) {
        self.keep_pace_of_inner();
        let Before { deadline, guard, account, memory, held } = before;
        drop(memory);
        let _ = account::switch(account);
        self.deadline.set(deadline);
        let inner = std::mem::replace(&mut self.guard, guard);
        self.start_pace();
        if let Some(turn) = inner.as_ref().and_then(|inner| inner.turn.as_ref()) {
            held.end(turn);
        }
    }

    /// The deadline, with its clock running, for calls that the host makes meanwhile.
    #[inline]
    pub(crate) fn waiting(&self) -> Deadline {
        let deadline = self.deadline.get();
        if deadline.pending.is_none() {
            return deadline;
        }
        let begun = deadline.begun();
        self.deadline.set(begun);
        begun
    }

    /// How long the call may still take; `None` without a limit.
    #[must_use]
    pub fn time_left(&self) -> Option<Duration> {
        self.waiting().at.map(|(at, _)| at.saturating_duration_since(Instant::now()))
    }

    /// Fails when the time is over or too much memory is in use; waits when the plugin is ahead of its pace, for which it asks
    /// `stopped` now and then whether the program has to end.
    ///
    /// # Errors
    ///
    /// `timeout`, `memory_limit_exceeded`, and what `stopped` fails with.
    pub(crate) fn check(&self, mut stopped: impl FnMut() -> Result<(), Fault>) -> Result<(), Fault> {
        let accounts = ThreadAccounts::current();
        if accounts.is_exceeded() {
            accounts.clear();
            return Err(crate::size::no_room());
        }
        accounts.trim();
        self.check_time()?;
        let Some(pace) = self.pace() else { return Ok(()) };
        let mut wait = self.keep(pace);
        if wait < pace.least_wait() {
            return Ok(());
        }
        while !wait.is_zero() {
            let slice = wait.min(Pace::SLICE).min(self.time_left().unwrap_or(Pace::SLICE));
            std::thread::sleep(slice);
            stopped()?;
            self.check_time()?;
            wait = pace.spend(Duration::ZERO);
        }
        // What waiting itself took is not the plugin's.
        self.start_pace();
        Ok(())
    }

    /// Fails when the time is over.
    ///
    /// # Errors
    ///
    /// `timeout`
    #[inline]
    pub(crate) fn check_time(&self) -> Result<(), Fault> {
        if !self.deadline.get().is_set() {
            return Ok(());
        }
        match self.waiting().at {
            Some((at, limit)) if Instant::now() >= at => Err(too_long(limit)),
            _ => Ok(()),
        }
    }

    fn pace(&self) -> Option<&Pace> {
        self.guard.as_ref()?.pace.as_ref()
    }

    fn start_pace(&self) {
        self.spent.set(self.pace().map(|_| spent_on_this_thread()));
    }

    fn keep_pace_of_inner(&self) {
        if let Some(pace) = self.pace() {
            // Who is ahead waits when it next looks.
            let _ = self.keep(pace);
        }
    }

    /// Notes what was spent since this was last asked; returns how long to wait.
    fn keep(&self, pace: &Pace) -> Duration {
        let now = spent_on_this_thread();
        let since = self.spent.replace(Some(now)).unwrap_or(now);
        pace.spend(now.saturating_sub(since))
    }
}

#[cold]
fn too_long(limit: Duration) -> Fault {
    Fault::new(ErrorCode::Timeout, format!("the call took longer than the {limit:?} that it may take"))
}

/// Keeps what calls of a plugin spend of the processor, in all threads, to a share: a token bucket (Turner, *New Directions in
/// Communications*, 1986), filled at the rate of the share, which holds what fits into a short while.
#[derive(Debug)]
struct Pace {
    cores: f64,
    bucket: Mutex<Bucket>,
}

#[derive(Debug)]
struct Bucket {
    /// The seconds that may be spent; less than none while somebody has to wait.
    tokens: f64,
    filled: Instant,
}

impl Pace {
    /// How much time a plugin that was idle may catch up on.
    const BURST: f64 = 0.02;

    /// How much it may be ahead before it waits: waiting often would take more of the processor than its code.
    const AHEAD: f64 = 0.002;

    /// How long a waiting thread sleeps before it looks whether it has to stop.
    const SLICE: Duration = Duration::from_millis(5);

    fn new(cores: f64) -> Self {
        let bucket = Bucket { tokens: cores * Self::BURST, filled: Instant::now() };
        Self { cores, bucket: Mutex::new(bucket) }
    }

    /// Who would wait for less goes on.
    fn least_wait(&self) -> Duration {
        Duration::try_from_secs_f64(Self::AHEAD / self.cores).unwrap_or(Duration::MAX)
    }

    /// Takes what was spent out of the bucket; returns how long it takes until there is something in it again.
    fn spend(&self, spent: Duration) -> Duration {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let filled = now.saturating_duration_since(bucket.filled).as_secs_f64() * self.cores;
        bucket.tokens = (bucket.tokens + filled).min(self.cores * Self::BURST) - spent.as_secs_f64();
        bucket.filled = now;
        Duration::try_from_secs_f64(-bucket.tokens / self.cores).unwrap_or_default()
    }
}

/// Whether this system tells what the processor has spent on a thread, so that shares of it can be kept.
pub const CAN_PACE: bool = cfg!(unix);

/// What the processor has spent on this thread.
#[cfg(unix)]
fn spent_on_this_thread() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// Nothing is known here, and nobody asks: see [`CAN_PACE`].
#[cfg(not(unix))]
fn spent_on_this_thread() -> Duration {
    Duration::ZERO
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn inner_deadlines_never_widen_outer_ones() {
        let after = |limit| Deadline { at: None, pending: Some(limit) };
        let (outer, inner) = after(SECOND).within(Some(100 * SECOND));
        assert_eq!(inner.begun().at, outer.at);
        let (outer, inner) = after(100 * SECOND).within(Some(SECOND));
        assert!(inner.begun().at < outer.at);
        let (_, inner) = after(SECOND).within(None);
        assert_eq!(inner.pending, Some(SECOND));
        assert!(!Deadline::default().within(None).1.is_set());
    }

    #[test]
    fn a_bucket_lets_through_its_share() {
        let pace = Pace::new(0.5);
        assert_eq!(pace.spend(Duration::ZERO), Duration::ZERO);
        let wait = pace.spend(SECOND).as_secs_f64();
        assert!((1.9..=2.0).contains(&wait), "{wait}");
    }

    #[test]
    fn what_a_plugin_makes_is_on_its_account() {
        let guard = Arc::new(Guard::new(PluginLimits { memory: Some(1 << 20), ..PluginLimits::default() }));
        let mut bounds = Bounds::default();
        let before = account::current();
        let entered = bounds.enter(&guard, Held::FREE);
        assert!(bounds.is_inside(&guard));
        assert_eq!((account::current(), account::left()), (guard.account.id(), 1 << 20));
        bounds.leave(entered);
        assert_eq!(account::current(), before);
        assert!(!bounds.is_inside(&guard));
    }
}
