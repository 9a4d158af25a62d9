//! The end of Python.
//!
//! Python ends threads that ask for its lock while it ends, in the middle of whatever they do; the frames of Rust that
//! stand below cannot be left that way, and the process would be aborted. So all calls that still run in other threads
//! (in daemon threads, because Python waits for all others) are stopped before, and none is begun after. What they raise
//! ends the thread and is not shown.

use std::cell::OnceCell;
use std::marker::PhantomData;
use std::process;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use alas_engine::{ErrorCode, Fault};
use pyo3::exceptions::PySystemExit;
use pyo3::prelude::*;

/// How long Python waits for running calls to stop. Who waits for longer in a host function may be cut off.
const PATIENCE: Duration = Duration::from_secs(1);

/// The thread that ends Python, once it does.
static ENDING: OnceLock<ThreadId> = OnceLock::new();

/// The process that the module was loaded in; in a forked one the other threads are gone.
static PROCESS: AtomicU32 = AtomicU32::new(0);

/// How many calls run in each thread.
static THREADS: Mutex<Vec<Weak<AtomicUsize>>> = Mutex::new(Vec::new());

thread_local! {
    /// How many calls run in this thread. Only the thread itself writes it, and only while it holds Python's lock.
    static CALLS: OnceCell<Arc<AtomicUsize>> = const { OnceCell::new() };
}

/// A call that runs in this thread.
pub(crate) struct Running(PhantomData<*const ()>);

impl Running {
    /// Notes that a call begins.
    ///
    /// # Errors
    ///
    /// `SystemExit` when Python ends.
    pub(crate) fn begin(_: Python<'_>) -> PyResult<Self> {
        end_thread()?;
        CALLS.with(|calls| {
            let calls = calls.get_or_init(known_thread);
            calls.store(calls.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        });
        Ok(Self(PhantomData))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A thread that ends has taken its count along.
        let _ = CALLS.try_with(|calls| {
            if let Some(calls) = calls.get() {
                calls.store(calls.load(Ordering::Relaxed) - 1, Ordering::Release);
            }
        });
    }
}

fn known_thread() -> Arc<AtomicUsize> {
    let calls = Arc::new(AtomicUsize::new(0));
    let mut threads = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
    threads.retain(|thread| thread.strong_count() > 0);
    threads.push(Arc::downgrade(&calls));
    calls
}

/// Fails when Python ends, unless this is the thread that ends it: what it runs meanwhile may use the engine.
///
/// # Errors
///
/// `cancelled`.
pub(crate) fn check() -> Result<(), Fault> {
    match ENDING.get() {
        Some(thread) if *thread != thread::current().id() => {
            Err(Fault::new(ErrorCode::Cancelled, "Python is about to end"))
        }
        _ => Ok(()),
    }
}

/// What [`check`] does, for Python code.
///
/// # Errors
///
/// `SystemExit`.
pub(crate) fn end_thread() -> PyResult<()> {
    check().map_err(|fault| PySystemExit::new_err(fault.message().to_owned()))
}

/// Has Python stop all calls before it ends.
pub(crate) fn watch(module: &Bound<'_, PyModule>) -> PyResult<()> {
    PROCESS.store(process::id(), Ordering::Relaxed);
    let stop = wrap_pyfunction!(stop_all, module)?;
    module.py().import("atexit")?.call_method1("register", (stop,))?;
    Ok(())
}

/// Stops the calls of all other threads.
#[pyfunction]
#[pyo3(name = "_stop_all")]
fn stop_all(py: Python<'_>) {
    let own = thread::current().id();
    if ENDING.set(own).is_err() || PROCESS.load(Ordering::Relaxed) != process::id() {
        return;
    }
    py.detach(|| {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE && others_run() {
            thread::sleep(Duration::from_millis(1));
        }
    });
}

fn others_run() -> bool {
    let own = CALLS.with(|calls| calls.get().map_or(0, |calls| calls.load(Ordering::Relaxed)));
    let threads = THREADS.lock().unwrap_or_else(PoisonError::into_inner);
    let all: usize =
        threads.iter().filter_map(Weak::upgrade).map(|calls| calls.load(Ordering::Acquire)).sum();
    all > own
}
