//! All records of calls that there are, for whoever has to find out which calls run.

use std::sync::{Mutex, PoisonError};

use crate::call::Record;

/// A record that any thread may ask whose call it is.
#[derive(Clone, Copy)]
struct Known(&'static Record);

// SAFETY: whose call it is, is atomic; the rest is only used by the thread whose call it is.
unsafe impl Send for Known {}

static RECORDS: Mutex<Vec<Known>> = Mutex::new(Vec::new());

/// Notes a record that is new.
pub(crate) fn note(record: &'static Record) {
    RECORDS.lock().unwrap_or_else(PoisonError::into_inner).push(Known(record));
}

/// The records of the calls that run in this thread; none at all when another thread is just noting one.
pub(crate) fn running_here() -> Vec<&'static Record> {
    let Ok(records) = RECORDS.try_lock() else { return Vec::new() };
    records.iter().map(|Known(record)| *record).filter(|record| record.runs_here()).collect()
}
