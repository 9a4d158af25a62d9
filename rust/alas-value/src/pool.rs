//! Memory that several threads use together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The bytes that an account may have in use in all threads together.
///
/// A thread [enters](crate::account::ThreadAccounts::enter) the pool while it runs what the account pays for. It takes more
/// from the pool than it needs at once, so that few allocations reach what all threads share, and gives back what it does
/// not use. What is left of a thread's values when it has left is not counted: it belongs to whoever holds it.
#[derive(Debug)]
pub struct Pool {
    limit: usize,
    taken: AtomicUsize,
}

/// What a thread may use without taking it from the pool, so that short calls do not touch it.
const ALLOWANCE: usize = 16 << 10;

/// A thread that needs more takes so much at once, if there is so much.
const PIECE: usize = 64 << 10;

/// A thread keeps so much more than it uses.
const SPARE: usize = 256 << 10;

impl Pool {
    /// A pool of which nothing was taken.
    #[must_use]
    pub fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, taken: AtomicUsize::new(0) })
    }

    /// What may be in use at once.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// What a thread may use without taking it from the pool.
    #[inline]
    pub(crate) fn allowance(&self) -> usize {
        ALLOWANCE.min(self.limit)
    }

    /// What can still be taken.
    pub(crate) fn left(&self) -> usize {
        (self.limit - self.allowance()).saturating_sub(self.taken.load(Ordering::Relaxed))
    }

    /// Takes so much, whether there is as much or not: it is in use already.
    pub(crate) fn note(&self, bytes: usize) {
        if bytes > 0 {
            self.taken.fetch_add(bytes, Ordering::Relaxed);
        }
    }

    /// Takes at least so much, or nothing; returns how much.
    pub(crate) fn take(&self, least: usize) -> Option<usize> {
        let most = self.limit - self.allowance();
        let mut given = 0;
        let grow = |taken: usize| {
            given = most.saturating_sub(taken).min(least.max(PIECE));
            (given >= least).then(|| taken + given)
        };
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grow).ok().map(|_| given)
    }

    /// Takes so much, or nothing; tells whether it did.
    fn take_exactly(&self, bytes: usize) -> bool {
        let most = self.limit - self.allowance();
        let grow = |taken: usize| taken.checked_add(bytes).filter(|sum| *sum <= most);
        self.taken.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grow).is_ok()
    }

    pub(crate) fn give_back(&self, bytes: usize) {
        if bytes > 0 {
            self.taken.fetch_sub(bytes, Ordering::Relaxed);
        }
    }

    /// How much of what a thread has taken it should give back, while it uses so much of it.
    pub(crate) fn excess(taken: usize, used: usize) -> usize {
        let spare = taken.saturating_sub(used);
        if spare > SPARE { spare - PIECE } else { 0 }
    }
}

/// A part of a pool, taken for what no thread has on its account.
#[derive(Debug)]
pub struct Lease {
    pool: Option<Arc<Pool>>,
    bytes: usize,
}

impl Lease {
    /// A lease of what is not limited.
    pub(crate) fn unlimited() -> Self {
        Self { pool: None, bytes: 0 }
    }

    /// Takes so much from a pool, of which a part was taken before; `None` when there is not so much left.
    pub(crate) fn take(pool: Arc<Pool>, bytes: usize, part: usize) -> Option<Self> {
        pool.take_exactly(bytes - part).then(|| Self { pool: Some(pool), bytes })
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(pool) = &self.pool {
            pool.give_back(self.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{self, AccountId, ThreadAccounts};
    use crate::{Account, Array, Elements, Value};

    /// Runs some work in a thread of its own that an account of this number pays for, held to a pool.
    fn inside<R: Send>(pool: &Arc<Pool>, account: AccountId, work: impl FnOnce() -> R + Send) -> R {
        let inside = || {
            let accounts = ThreadAccounts::current();
            // SAFETY: nothing is entered in this thread that is not left before.
            let _entered = unsafe { accounts.enter(account, pool.clone()) };
            accounts.paid_by(account, work)
        };
        std::thread::scope(|scope| scope.spawn(inside).join().unwrap())
    }

    fn bytes(count: usize) -> Value {
        Value::Array(Array::new(Elements::Bool(vec![false; count])))
    }

    #[test]
    fn what_is_freed_is_counted_until_somebody_asks() {
        let pool = Pool::new(1 << 20);
        let freed = inside(&pool, AccountId(0), || {
            let kept = bytes(1000);
            drop(bytes(5000));
            let first = account::take_freed(5000).unwrap();
            drop(kept);
            assert_eq!(account::take_freed(5000), None);
            account::add_freed(100);
            [first, account::take_freed(0).unwrap(), account::take_freed(0).unwrap()]
        });
        assert!((5000..5200).contains(&freed[0]), "{freed:?}");
        assert!((1100..1300).contains(&freed[1]), "{freed:?}");
        assert_eq!(freed[2], 0);
    }

    #[test]
    fn threads_share_a_pool() {
        let (pool, account) = (Pool::new(1 << 20), Account::open());
        inside(&pool, account.id(), || {
            let _held = bytes(700_000);
            assert!(!ThreadAccounts::current().is_exceeded());
            let other = || {
                assert!(!account::room(400_000) && account::room(300_000));
                let _few = bytes(300_000);
                assert!(!ThreadAccounts::current().is_exceeded());
                let _many = bytes(100_000);
                ThreadAccounts::current().is_exceeded()
            };
            assert!(inside(&pool, account.id(), other));
        });
        assert_eq!(pool.taken.load(Ordering::Relaxed), 0);
        assert!(inside(&pool, account.id(), || account::room(1 << 20)));
    }

    #[test]
    fn a_single_thread_may_use_all_of_it_and_no_more() {
        let account = Account::open();
        for limit in [1_000, ALLOWANCE, ALLOWANCE + 1, 1 << 20] {
            let pool = Pool::new(limit);
            let left = |count: usize| {
                inside(&pool, account.id(), || {
                    let _value = bytes(count);
                    (ThreadAccounts::current().is_exceeded(), account::left())
                })
            };
            let (is_exceeded, rest) = left(500);
            assert!(!is_exceeded && rest < limit - 500 && rest > limit - 600, "{limit}: {rest}");
            assert!(left(limit).0, "{limit}");
            assert!(!left(limit - 100).0, "{limit}");
            assert_eq!(pool.taken.load(Ordering::Relaxed), 0);
        }
    }

    #[test]
    fn what_is_in_use_beyond_a_limit_is_no_room() {
        let (pool, account) = (Pool::new(1 << 20), Account::open());
        inside(&pool, account.id(), || {
            let few = bytes(1_000);
            let many = bytes(2 << 20);
            assert_eq!(account::left(), 0);
            assert!(account::room(0) && !account::room(1));
            drop((few, many));
            assert!(account::room(1 << 20));
        });
    }

    #[test]
    fn what_is_no_longer_used_goes_back() {
        let (pool, account) = (Pool::new(4 << 20), Account::open());
        inside(&pool, account.id(), || {
            drop(bytes(3 << 20));
            assert!(!inside(&pool, account.id(), || account::room(2 << 20)));
            ThreadAccounts::current().trim();
            assert!(inside(&pool, account.id(), || account::room(2 << 20)));
        });
    }

    #[test]
    fn what_leaves_a_thread_is_leased() {
        let (pool, account) = (Pool::new(1 << 20), Account::open());
        let lease = inside(&pool, account.id(), || {
            assert!(account::lease(1 << 20).is_none());
            account::lease(900_000)
        });
        assert!(!inside(&pool, account.id(), || account::room(200_000)));
        drop(lease);
        assert!(inside(&pool, account.id(), || account::room(200_000)));
        assert!(account::lease(usize::MAX).is_some());
    }
}
