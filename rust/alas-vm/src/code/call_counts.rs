//! How often functions were called, for those who ask before linking.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How often functions were called, by their full names.
///
/// Functions whose module is linked with it count every call that enters them, wherever it comes from. A function of the
/// same name in a module that is linked later goes on with the same counter, so that replacing a module loses no calls.
/// May be shared by threads.
#[derive(Debug, Default)]
pub struct CallCounts {
    counters: Mutex<BTreeMap<String, Arc<AtomicU64>>>,
}

impl CallCounts {
    /// How often each function was called, those that never were included.
    #[must_use]
    pub fn get(&self) -> BTreeMap<String, u64> {
        let counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.iter().map(|(name, counter)| (name.clone(), counter.load(Ordering::Relaxed))).collect()
    }

    /// The counter of a function.
    pub(super) fn counter(&self, module: &str, function: &str) -> Arc<AtomicU64> {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        counters.entry(format!("{module}.{function}")).or_default().clone()
    }
}
