//! The threads that run the tasks of a call.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use alas_value::account::ThreadAccounts;
use alas_value::{CopyError, Parcel, Value};

use super::state::{Ended, State, cancelled};
use crate::machine::{Inheritance, call_inheriting};
use crate::turn::{self, ThreadNumber};
use crate::{ErrorCode, Fault, Host, Limits, Module, size};

/// How many tasks run at once. Those that wait for others do not count.
const MOST_RUNNING: usize = 64;

/// How many threads there may be, those that wait included.
const MOST_THREADS: usize = 1024;

/// How long a thread waits before it looks whether it has to stop.
const PATIENCE: Duration = Duration::from_millis(4);

/// A host's part in the tasks of a call.
#[derive(Debug)]
pub struct Tasks {
    crew: Arc<Crew>,
    /// Whether it belongs to a thread of the crew, and not to the call that has started the first task.
    is_member: bool,
}

/// The threads that run the tasks of one call from the host.
#[derive(Debug, Default)]
struct Crew {
    work: Mutex<Work>,
    /// There is something to do, or the crew ends.
    called: Condvar,
    /// A task has ended or was cancelled, or a thread has ended.
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Work {
    queue: VecDeque<(Arc<State>, Job)>,
    running: Vec<Arc<State>>,
    /// The threads: all of them, those with nothing to do, and those that wait for tasks.
    threads: usize,
    idle: usize,
    waiting: usize,
    is_over: bool,
}

/// What a task is to do.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) module: Arc<Module>,
    pub(crate) function: u32,
    /// An array of the arguments.
    pub(crate) arguments: Parcel,
    pub(crate) timeout: Option<Duration>,
    pub(crate) inheritance: Inheritance,
    pub(crate) random: u64,
}

/// How many of several tasks have to have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Until {
    All,
    Any,
}

impl Tasks {
    fn of(host: &mut Host) -> &Self {
        host.tasks.get_or_insert_with(|| Self { crew: Arc::default(), is_member: false })
    }

    /// Has a task run as soon as there is a thread for it.
    ///
    /// # Errors
    ///
    /// When the system has no thread for it.
    pub(crate) fn start(host: &mut Host, state: &Arc<State>, job: Job) -> Result<(), Fault> {
        let crew = Self::of(host).crew.clone();
        let mut work = crew.lock();
        work.queue.push_back((state.clone(), job));
        let started = crew.call_up(work, host);
        if started.is_err() && state.cancel() {
            crew.lock().queue.retain(|(other, _)| !Arc::ptr_eq(other, state));
        }
        started
    }

    /// Tells a task to end; tells whether it had not ended yet.
    pub(crate) fn cancel(host: &mut Host, state: &State) -> bool {
        let is_cancelled = state.cancel();
        if is_cancelled {
            Self::of(host).crew.tell();
        }
        is_cancelled
    }

    /// Waits until tasks have ended, or until a moment; tells whether they have.
    ///
    /// # Errors
    ///
    /// What ends the program while it waits.
    pub(crate) fn wait(
        host: &mut Host,
        tasks: &[Arc<State>],
        until: Until,
        moment: Option<Instant>,
    ) -> Result<bool, Fault> {
        let is_done = || match until {
            Until::All => tasks.iter().all(|task| task.is_over()),
            Until::Any => tasks.iter().any(|task| task.is_over()),
        };
        if is_done() {
            return Ok(true);
        }
        let Self { crew, is_member } = Self::of(host);
        let (crew, is_member) = (crew.clone(), *is_member);
        let runners = tasks.iter().map(|task| task.runner.clone()).collect();
        let mut called_up = Ok(());
        if is_member {
            let mut work = crew.lock();
            work.waiting += 1;
            // The thread's place among those that run is free meanwhile.
            called_up = crew.call_up(work, host);
        }
        let outcome = turn::waiting_for(ThreadNumber::current(), runners, || {
            called_up?;
            loop {
                host.poll()?;
                let now = Instant::now();
                if moment.is_some_and(|moment| moment <= now) {
                    return Ok(is_done());
                }
                let work = crew.lock();
                if is_done() {
                    return Ok(true);
                }
                let next = tasks.iter().filter_map(|task| task.wakes()).chain(moment).min();
                let patience =
                    next.map_or(PATIENCE, |next| next.saturating_duration_since(now).min(PATIENCE));
                let patience = host.bounds.time_left().map_or(patience, |left| left.min(patience));
                drop(crew.changed.wait_timeout(work, patience));
            }
        });
        if is_member {
            crew.lock().waiting -= 1;
        }
        outcome
    }

    /// Ends the tasks that a call has started, with the call, and waits until they have.
    #[cold]
    pub(crate) fn close(self) {
        let Self { crew, .. } = self;
        let mut work = crew.lock();
        work.is_over = true;
        let queue = std::mem::take(&mut work.queue);
        let running = work.running.clone();
        drop(work);
        for task in queue.iter().map(|(state, _)| state).chain(&running) {
            task.cancel();
        }
        drop(queue);
        crew.called.notify_all();
        crew.tell();
        let runners = running.iter().map(|task| task.runner.clone()).collect();
        turn::waiting_for(ThreadNumber::current(), runners, || {
            let mut work = crew.lock();
            while work.threads > 0 {
                work = crew.changed.wait(work).unwrap_or_else(PoisonError::into_inner);
            }
        });
    }
}

impl Crew {
    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whoever waits that something has changed.
    fn tell(&self) {
        // Whoever has just found that it has to wait holds the lock until it does.
        drop(self.lock());
        self.changed.notify_all();
    }

    /// Has a thread do what there is to do, if another one may run.
    fn call_up(self: &Arc<Self>, mut work: MutexGuard<'_, Work>, host: &Host) -> Result<(), Fault> {
        if work.idle >= work.queue.len() {
            self.called.notify_one();
            return Ok(());
        }
        if work.threads - work.idle - work.waiting >= MOST_RUNNING {
            return Ok(());
        }
        if work.threads >= MOST_THREADS {
            let message = format!("{MOST_THREADS} tasks wait for others, which is as many as can");
            return Err(Fault::new(ErrorCode::ValueError, message));
        }
        work.threads += 1;
        drop(work);
        let crew = self.clone();
        let mut host = host.fork();
        host.tasks = Some(Tasks { crew: self.clone(), is_member: true });
        let spawned = thread::Builder::new().name("alas-task".to_owned()).spawn(move || {
            crew.work(&mut host);
            // Before the crew can be over.
            drop(host);
            crew.lock().threads -= 1;
            crew.changed.notify_all();
        });
        if let Err(error) = spawned {
            self.lock().threads -= 1;
            let message = format!("the system has no thread for another task: {error}");
            return Err(Fault::new(ErrorCode::IoError, message).caused_by(error));
        }
        Ok(())
    }

    /// Runs tasks until the crew ends.
    fn work(&self, host: &mut Host) {
        let thread = ThreadNumber::current();
        let mut work = self.lock();
        loop {
            if work.is_over {
                return;
            }
            let Some((state, job)) = work.queue.pop_front() else {
                work.idle += 1;
                work = self.called.wait(work).unwrap_or_else(PoisonError::into_inner);
                work.idle -= 1;
                continue;
            };
            host.interrupt.clear();
            if !state.start(thread.number(), &host.interrupt) {
                continue;
            }
            work.running.push(state.clone());
            drop(work);
            let ended = run(job, host);
            let is_sound = ended.is_some();
            state.end(ended.unwrap_or_else(|| Err(panicked())));
            work = self.lock();
            work.running.retain(|other| !Arc::ptr_eq(other, &state));
            self.changed.notify_all();
            if !is_sound {
                return;
            }
        }
    }
}

/// Does what a task is to do; `None` when it has panicked, and the thread may be in any state.
fn run(job: Job, host: &mut Host) -> Option<Ended> {
    let Job { module, function, arguments, timeout, inheritance, random } = job;
    host.random = random;
    let accounts = ThreadAccounts::current();
    accounts.clear();
    // SAFETY: the inheritance keeps the pool until it was left.
    let entered =
        inheritance.memory.as_ref().map(|pool| unsafe { accounts.enter(inheritance.account, pool) });
    let work = || {
        let mut arguments: Vec<Value> = match arguments.open() {
            Value::Array(list) => (0..list.len()).filter_map(|index| list.get(index)).collect(),
            _ => Vec::new(),
        };
        // The depth is that of the inheritance.
        let limits = Limits { depth: usize::MAX, timeout, ..Limits::default() };
        host.bounds.begin_inside(inheritance.guard.clone());
        let value = call_inheriting(&inheritance, (&module, function), &mut arguments, host, limits);
        host.bounds.end_inside();
        pack(&value?, host)
    };
    let ended = catch_unwind(AssertUnwindSafe(|| accounts.paid_by(inheritance.account, work)));
    if let Some(entered) = entered {
        accounts.leave(entered);
    }
    let ended = ended.ok()?;
    Some(match (ended, host.console.flush()) {
        (Ok(_), Err(error)) => {
            let message = format!("the output could not be written: {error}");
            Err(Fault::new(ErrorCode::IoError, message).caused_by(error))
        }
        (Err(fault), _) if fault.code() == ErrorCode::Cancelled => Err(cancelled()),
        (ended, _) => ended,
    })
}

/// A copy of a value for another thread.
///
/// # Errors
///
/// `memory_limit_exceeded`, and what ends the program meanwhile.
pub(crate) fn pack(value: &Value, host: &Host) -> Result<Parcel, Fault> {
    watched(host, |watch| Parcel::pack(value, watch))
}

/// Copies something while the host is asked whether to go on.
pub(crate) fn watched<T>(
    host: &Host,
    copy: impl FnOnce(&mut dyn FnMut() -> bool) -> Result<T, CopyError>,
) -> Result<T, Fault> {
    let mut stopped = None;
    let mut watch = || {
        stopped = host.poll().err();
        stopped.is_none()
    };
    copy(&mut watch).map_err(|error| match error {
        CopyError::NoRoom => size::no_room(),
        CopyError::Stopped => stopped.unwrap_or_else(size::no_room),
    })
}

#[cold]
fn panicked() -> Fault {
    Fault::new(ErrorCode::NativeError, "what the task called has panicked")
}
