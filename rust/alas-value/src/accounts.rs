//! Numbers for the accounts of plugins.

use std::sync::{Mutex, PoisonError};

use crate::account::{ACCOUNTS, AccountId};

/// The first account belongs to programs, the last to their constants; the one before it is shared by all plugins for which
/// there was none left.
const FIRST: u16 = 1;
const LAST: u16 = ACCOUNTS as u16 - 3;

/// Numbers that were given back, and the next that was never given.
static NUMBERS: Mutex<(Vec<u16>, u16)> = Mutex::new((Vec::new(), FIRST));

/// An account that a plugin pays from; given back with it.
#[derive(Debug)]
pub struct Account(u16);

impl Account {
    /// An account of its own, as long as there are any; then one that is shared.
    #[must_use]
    pub fn open() -> Self {
        let mut accounts = NUMBERS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = accounts.0.pop() {
            return Self(number);
        }
        if accounts.1 > LAST {
            return Self(LAST + 1);
        }
        accounts.1 += 1;
        Self(accounts.1 - 1)
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> AccountId {
        AccountId(self.0)
    }
}

impl Drop for Account {
    fn drop(&mut self) {
        if self.0 <= LAST {
            NUMBERS.lock().unwrap_or_else(PoisonError::into_inner).0.push(self.0);
        }
    }
}
