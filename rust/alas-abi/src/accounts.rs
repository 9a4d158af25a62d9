//! The memory accounts of plugins.

use std::sync::{Mutex, PoisonError};

use alas_engine::value::account::AccountId;

/// The first account belongs to programs, and the engine counts the last together with all beyond.
const FIRST: u16 = 1;
const LAST: u16 = 254;

/// Numbers that were given back, and the next that was never given.
static ACCOUNTS: Mutex<(Vec<u16>, u16)> = Mutex::new((Vec::new(), FIRST));

/// An account that a plugin pays from; given back with it.
#[derive(Debug)]
pub(crate) struct Account(u16);

impl Account {
    /// An account of its own, as long as there are any; then one that is shared.
    pub(crate) fn open() -> Self {
        let mut accounts = ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = accounts.0.pop() {
            return Self(number);
        }
        if accounts.1 > LAST {
            return Self(LAST + 1);
        }
        accounts.1 += 1;
        Self(accounts.1 - 1)
    }

    pub(crate) fn id(&self) -> AccountId {
        AccountId(self.0)
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        if self.0 <= LAST {
            ACCOUNTS.lock().unwrap_or_else(PoisonError::into_inner).0.push(self.0);
        }
    }
}
