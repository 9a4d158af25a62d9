//! The threads that run the tasks of a call.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use alas_value::account::{self, ThreadAccounts};
use alas_value::{CopyError, Parcel, Value};

use super::state::{Cancelled, Ended, State, cancelled};
use crate::machine::{Inheritance, call_inheriting};
use crate::turn::{Joining, ThreadNumber};
use crate::{ErrorCode, Fault, Host, Limits, Module, size};

/// How many tasks run at once. Those that wait do not count, and go on at once when they have waited.
const MOST_RUNNING: usize = 64;

/// How many threads there may be, those that wait included, for a call and all calls within it.
const MOST_THREADS: usize = 1024;

/// How long the call itself waits before it looks whether it has to stop. Its tasks are woken when they have to.
const PATIENCE: Duration = Duration::from_millis(4);
const PATIENCE_OF_TASKS: Duration = Duration::from_millis(100);

/// What a thread takes beside the values of its task, about.
const THREAD_BYTES: usize = 64 << 10;

/// A host's part in the tasks of a call. Dropping that of the call itself ends the tasks.
#[derive(Debug)]
pub struct Tasks {
    crew: Arc<Crew>,
    /// Whether it belongs to a thread of the crew, and not to the call that has started the first task.
    is_member: bool,
}

/// The threads that run the tasks of one call from the host.
#[derive(Debug)]
struct Crew {
    work: Mutex<Work>,
    /// There is something to do, or the crew ends.
    called: Condvar,
    /// How many threads there are, those of the crews of calls around this one and within it included.
    threads: Arc<AtomicUsize>,
    /// The bytes that threads have freed which have ended.
    freed: AtomicUsize,
}

#[derive(Debug, Default)]
struct Work {
    queue: VecDeque<(Arc<State>, Job)>,
    running: Vec<Arc<State>>,
    handles: Vec<JoinHandle<()>>,
    /// The threads: all of them, those with nothing to do, and those that wait.
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
        host.tasks.get_or_insert_with(|| Self {
            crew: Arc::new(Crew {
                work: Mutex::default(),
                called: Condvar::new(),
                threads: Inheritance::threads(),
                freed: AtomicUsize::new(0),
            }),
            is_member: false,
        })
    }

    /// Has a task run as soon as there is a thread for it.
    ///
    /// # Errors
    ///
    /// When there is no thread for it, or what was printed before cannot be written.
    pub(crate) fn start(host: &mut Host, state: &Arc<State>, job: Job) -> Result<(), Fault> {
        // What the task prints comes behind it.
        host.flush()?;
        let crew = Self::of(host).crew.clone();
        let mut work = crew.lock();
        work.queue.push_back((state.clone(), job));
        let started = crew.call_up(work, host);
        if started.is_err() && state.is_queued() {
            crew.cancel(state);
        }
        started
    }

    /// Tells a task to end; tells whether it had not ended yet.
    pub(crate) fn cancel(host: &mut Host, state: &Arc<State>) -> bool {
        Self::of(host).crew.cancel(state) != Cancelled::Not
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
        let mut waiting = Waiting { tasks, until, first: 0 };
        if waiting.is_done() {
            return Ok(true);
        }
        let Self { crew, is_member } = Self::of(host);
        let (crew, is_member) = (crew.clone(), *is_member);
        let patience = if is_member { PATIENCE_OF_TASKS } else { PATIENCE };
        let runners = tasks.iter().map(|task| task.runner.clone()).collect();
        let joining = Joining::begin(ThreadNumber::current(), runners);
        let called_up = if is_member { crew.pause(host) } else { Ok(()) };
        let outcome = loop {
            if let Err(fault) = host.poll() {
                break Err(fault);
            }
            let wakes = waiting.watch();
            if waiting.is_done() {
                break Ok(true);
            }
            if let Err(fault) = &called_up
                && waiting.needs_thread()
            {
                break Err(Fault::new(fault.code(), fault.message()));
            }
            let now = Instant::now();
            if moment.is_some_and(|moment| moment <= now) {
                break Ok(false);
            }
            let next = wakes.into_iter().chain(moment).min();
            let patience = next.map_or(patience, |next| next.saturating_duration_since(now).min(patience));
            thread::park_timeout(host.bounds.time_left().map_or(patience, |left| left.min(patience)));
        };
        waiting.unwatch();
        // Others may be in the code of plugins in the place of this call; if it has to end, they have to.
        let stopped = joining.end(|| host.poll(), || crew.cancel_all());
        if is_member {
            crew.lock().waiting -= 1;
        }
        match (outcome, stopped) {
            (Ok(_), Some(fault)) => Err(fault),
            (outcome, _) => outcome,
        }
    }

    /// Whether it belongs to a task.
    pub(crate) fn is_of_task(&self) -> bool {
        self.is_member
    }

    /// Notes that the thread of the host waits for something else than tasks, if it is one of a crew: another may run meanwhile.
    pub(crate) fn pause(host: &Host) -> Option<Pause> {
        let Self { crew, .. } = host.tasks.as_ref().filter(|tasks| tasks.is_member)?;
        // Without another thread the others have to wait.
        let _ = crew.pause(host);
        Some(Pause(crew.clone()))
    }
}

impl Drop for Tasks {
    /// Ends the tasks that a call has started, with the call, and waits until they have.
    fn drop(&mut self) {
        if !self.is_member {
            self.crew.close();
        }
    }
}

/// A thread that waits. Ends with it.
#[derive(Debug)]
pub(crate) struct Pause(Arc<Crew>);

impl Drop for Pause {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}

/// Tasks that are waited for.
struct Waiting<'t> {
    tasks: &'t [Arc<State>],
    until: Until,
    /// Those before have ended.
    first: usize,
}

impl Waiting<'_> {
    fn is_done(&mut self) -> bool {
        match self.until {
            Until::All => {
                while self.tasks.get(self.first).is_some_and(|task| task.is_over()) {
                    self.first += 1;
                }
                self.first == self.tasks.len()
            }
            Until::Any => self.tasks.iter().any(|task| task.is_over()),
        }
    }

    /// Those of which one has to end before it is worth looking again.
    fn next(&self) -> &[Arc<State>] {
        match self.until {
            Until::All => self.tasks.get(self.first..=self.first).unwrap_or_default(),
            Until::Any => self.tasks,
        }
    }

    /// Has the thread woken when it is worth looking again; returns when that is, if it is known.
    fn watch(&self) -> Option<Instant> {
        self.next().iter().filter_map(|task| task.watch()).min()
    }

    fn unwatch(&self) {
        self.next().iter().for_each(|task| task.unwatch());
    }

    /// Whether nothing goes on unless there is a thread for one of them.
    fn needs_thread(&self) -> bool {
        self.next().iter().all(|task| task.is_queued())
    }
}

impl Crew {
    fn lock(&self) -> MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn cancel(&self, state: &Arc<State>) -> Cancelled {
        let outcome = state.cancel();
        if outcome == Cancelled::Queued {
            let mut work = self.lock();
            let position = work.queue.iter().position(|(other, _)| Arc::ptr_eq(other, state));
            let removed = position.and_then(|position| work.queue.remove(position));
            // What it holds is dropped without the lock.
            drop(work);
            drop(removed);
        }
        outcome
    }

    /// Tells all tasks to end.
    fn cancel_all(&self) {
        let mut work = self.lock();
        let queue = std::mem::take(&mut work.queue);
        let running = work.running.clone();
        drop(work);
        for task in queue.iter().map(|(state, _)| state).chain(&running) {
            task.cancel();
        }
    }

    /// Ends all tasks and threads, and waits until they have ended.
    #[cold]
    fn close(&self) {
        self.lock().is_over = true;
        self.cancel_all();
        self.called.notify_all();
        let mut work = self.lock();
        let runners = work.running.iter().map(|task| task.runner.clone()).collect();
        let mut handles = std::mem::take(&mut work.handles);
        drop(work);
        let joining = Joining::begin(ThreadNumber::current(), runners);
        while !handles.is_empty() {
            for handle in handles.drain(..) {
                // A thread that has panicked has ended.
                let _ = handle.join();
            }
            handles = std::mem::take(&mut self.lock().handles);
        }
        let _ = joining.end(|| Ok(()), || ());
        account::add_freed(self.freed.swap(0, Ordering::Relaxed));
    }

    /// Notes that a thread waits, and has another one run if there is something to do.
    fn pause(self: &Arc<Self>, host: &Host) -> Result<(), Fault> {
        let mut work = self.lock();
        work.waiting += 1;
        self.call_up(work, host)
    }

    /// Has a thread do what there is to do, if another one may run.
    fn call_up(self: &Arc<Self>, mut work: MutexGuard<'_, Work>, host: &Host) -> Result<(), Fault> {
        if work.idle >= work.queue.len() {
            self.called.notify_one();
            return Ok(());
        }
        if work.is_over || work.threads - work.idle - work.waiting >= MOST_RUNNING {
            return Ok(());
        }
        if self.threads.fetch_add(1, Ordering::Relaxed) >= MOST_THREADS {
            self.threads.fetch_sub(1, Ordering::Relaxed);
            let message = format!("{MOST_THREADS} tasks wait, which is as many as can");
            return Err(Fault::new(ErrorCode::ValueError, message));
        }
        work.threads += 1;
        drop(work);
        let place = Place(self.clone());
        let lease = account::lease(THREAD_BYTES).ok_or_else(size::no_room)?;
        let mut host = host.fork();
        host.tasks = Some(Tasks { crew: self.clone(), is_member: true });
        let spawned = thread::Builder::new().name("alas-task".to_owned()).spawn(move || {
            place.0.work(&mut host);
            drop((host, lease));
            place.0.freed.fetch_add(account::take_freed(0).unwrap_or_default(), Ordering::Relaxed);
            drop(place);
        });
        match spawned {
            Ok(handle) => {
                self.lock().handles.push(handle);
                Ok(())
            }
            Err(error) => {
                let message = format!("the system has no thread for another task: {error}");
                Err(Fault::new(ErrorCode::IoError, message).caused_by(error))
            }
        }
    }

    /// Runs tasks until the crew ends.
    fn work(self: &Arc<Self>, host: &mut Host) {
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
                // It was cancelled just now. What it holds is dropped without the lock.
                drop(work);
                drop((state, job));
                work = self.lock();
                continue;
            }
            work.running.push(state.clone());
            drop(work);
            let ended = run(job, host);
            let is_sound = ended.is_some();
            state.end(ended.unwrap_or_else(|| Err(panicked())));
            work = self.lock();
            let position = work.running.iter().position(|other| Arc::ptr_eq(other, &state));
            let removed = position.map(|position| work.running.swap_remove(position));
            drop(work);
            drop((state, removed));
            work = self.lock();
            if !is_sound {
                // Another thread goes on in the place of this one.
                work.waiting += 1;
                let _ = self.call_up(work, host);
                self.lock().waiting -= 1;
                return;
            }
        }
    }
}

/// The place of a thread in its crew. Ends with it.
struct Place(Arc<Crew>);

impl Drop for Place {
    fn drop(&mut self) {
        let Self(crew) = self;
        crew.lock().threads -= 1;
        crew.threads.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Does what a task is to do; `None` when it has panicked, and the thread may be in any state.
fn run(job: Job, host: &mut Host) -> Option<Ended> {
    let Job { module, function, arguments, timeout, inheritance, random } = job;
    host.random = random;
    let accounts = ThreadAccounts::current();
    accounts.clear();
    // SAFETY: what calls enter is left when they end, however they do.
    let entered =
        inheritance.memory.as_ref().map(|pool| unsafe { accounts.enter(inheritance.account, pool.clone()) });
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
    drop(entered);
    let ended = ended.ok()?;
    Some(match ended {
        Err(fault) if fault.code() == ErrorCode::Cancelled => Err(cancelled()),
        ended => ended,
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
