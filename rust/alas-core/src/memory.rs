//! Giving memory back to the system.
//!
//! The C library keeps what was freed in small pieces for the next time, which for a call that has held hundreds of megabytes
//! is more than a host expects to be gone. It gives whole pages back when it is asked to.

use std::sync::atomic::{AtomicUsize, Ordering};

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

/// About the bytes that are taken and freed while a module is loaded, and later with it, for each byte of its text.
const FOR_EACH_BYTE: usize = 8;

/// The texts that were loaded. What was made of them is given back when this is dropped, behind it.
#[derive(Debug, Default)]
pub(crate) struct Texts(AtomicUsize);

impl Texts {
    /// Notes that modules were loaded whose texts have so many bytes, or that they were refused.
    pub(crate) fn note(&self, py: Python<'_>, bytes: usize) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
        account::add_freed(bytes * FOR_EACH_BYTE);
        give_back(py);
    }
}

impl Drop for Texts {
    fn drop(&mut self) {
        if *self.0.get_mut() >= MUCH / FOR_EACH_BYTE {
            trim();
        }
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
