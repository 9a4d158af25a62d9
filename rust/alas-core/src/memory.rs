//! Giving memory back to the system.
//!
//! The C library keeps what was freed in small pieces for the next time, which for a call that has held hundreds of megabytes
//! is more than a host expects to be gone. It gives whole pages back when it is asked to.

use alas_engine::value::account;
use pyo3::Python;

/// So many freed bytes are worth asking: to free them took longer. What is given back takes about 10 ms for 100 MiB.
const MUCH: usize = 32 << 20;

/// Gives back what the C library keeps, if this thread has freed much since the last time.
pub(crate) fn give_back(py: Python<'_>) {
    if account::take_freed(MUCH).is_some() {
        py.detach(trim);
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[cold]
fn trim() {
    // SAFETY: the function takes any number, may be called at any time in any thread, and touches only what is free.
    unsafe { libc::malloc_trim(0) };
}

/// Other C libraries give back by themselves.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn trim() {}
