//! What heap objects cost, by account, and how often a shared one had to be copied.
//!
//! Every object bears the number of the account that paid for it, so that freeing pays the right account back, whoever
//! frees it. Who makes an object grow takes it over. The counters belong to the thread, like the values that they count.
//!
//! An account may have a limit, which stands in a [`Pool`] that all threads share which use the account. Whoever is about to
//! make something large asks for [`room`] before the memory is taken; what is small is noticed when it has been taken ([`ThreadAccounts::is_exceeded`]), so that no allocation has to be able to fail.

use std::cell::Cell;
use std::sync::Arc;
use std::{fmt, ptr};

use crate::pool::{Lease, Pool};

/// Names an account of this thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccountId(pub u16);

impl AccountId {
    /// Pays for constants of programs. They outlive the runs that use them, and a module may be dropped by another
    /// thread than the one that made it, so that this account never balances and nobody should limit it.
    pub const PROGRAMS: Self = Self(u16::MAX);
}

/// How many accounts a thread can tell apart; numbers beyond share the last.
pub(crate) const ACCOUNTS: usize = 1024;

struct Ledger {
    current: Cell<u16>,
    used: [Cell<usize>; ACCOUNTS],
    peak: [Cell<usize>; ACCOUNTS],
    /// How far the limits are below the most that there is: zero, as the memory of a new thread is, is no limit.
    below_most: [Cell<isize>; ACCOUNTS],
    /// The pools that accounts share with other threads, where they do.
    pools: [Cell<*const Pool>; ACCOUNTS],
    /// Whether an account has more in use than its limit, or had.
    exceeded: Cell<bool>,
    copies: Cell<u64>,
    freed: Cell<usize>,
    kept: Cell<*const ()>,
}

impl Ledger {
    /// What an account may use. It may have less than nothing in use: an object is also freed in another thread.
    #[inline]
    fn limit(&self, index: usize) -> isize {
        isize::MAX - self.below_most[index].get()
    }

    #[inline]
    fn set_limit(&self, index: usize, limit: usize) {
        let limit = isize::try_from(limit).unwrap_or(isize::MAX);
        self.below_most[index].set(isize::MAX - limit);
    }

    /// The pool that an account uses in this thread.
    #[inline]
    fn pool(&self, index: usize) -> Option<&Pool> {
        // SAFETY: what was entered keeps the pool until it is left, which takes the pointer away: whoever has entered it
        // promised to leave in turn.
        unsafe { self.pools[index].get().as_ref() }
    }

    /// What an account has taken from its pool.
    #[inline]
    fn taken(&self, index: usize, pool: &Pool) -> usize {
        usize::try_from(self.limit(index)).unwrap_or(0).saturating_sub(pool.allowance())
    }

    /// Makes a pool of the limit of an account, which has none yet; it stands in an `Arc` of which the ledger has one count.
    #[cold]
    fn make_pool(&self, index: usize) {
        let limit = usize::try_from(self.limit(index)).unwrap_or(0);
        let pool = Pool::new(limit);
        let used = self.used[index].get().cast_signed().max(0).cast_unsigned();
        pool.note(used);
        self.set_limit(index, used + pool.allowance());
        self.pools[index].set(Arc::into_raw(pool));
    }

    /// Gives back what an account has taken from a pool that was made of its limit.
    #[cold]
    fn end_pool(&self, index: usize) {
        // SAFETY: what was entered later was left, so that this is the pool that `make_pool` has made, with its count.
        let pool = unsafe { Arc::from_raw(self.pools[index].replace(ptr::null())) };
        pool.give_back(self.taken(index, &pool));
    }

    /// What happens when an account uses more than it may in this thread: it takes more from its pool, if it can.
    #[cold]
    fn exceed(&self, index: usize, used: isize) {
        let missing = used.saturating_sub(self.limit(index)).max(0).cast_unsigned();
        match self.pool(index).and_then(|pool| pool.take(missing)) {
            Some(taken) => {
                self.below_most[index].set(self.below_most[index].get() - taken.cast_signed());
            }
            None => self.exceeded.set(true),
        }
    }
}

thread_local! {
    static LEDGER: Ledger = const {
        Ledger {
            current: Cell::new(0),
            used: [const { Cell::new(0) }; ACCOUNTS],
            peak: [const { Cell::new(0) }; ACCOUNTS],
            below_most: [const { Cell::new(0) }; ACCOUNTS],
            pools: [const { Cell::new(ptr::null()) }; ACCOUNTS],
            exceeded: Cell::new(false),
            copies: Cell::new(0),
            freed: Cell::new(0),
            kept: Cell::new(ptr::null()),
        }
    };
}

/// The account that pays for what this thread allocates now.
#[must_use]
pub fn current() -> AccountId {
    LEDGER.with(|ledger| AccountId(ledger.current.get()))
}

/// Lets another account pay from now on and returns the one that paid before.
#[must_use = "the account that paid before is to be restored"]
pub fn switch(account: AccountId) -> AccountId {
    LEDGER.with(|ledger| AccountId(ledger.current.replace(account.0)))
}

/// Lets another account pay for what some work allocates.
pub fn paid_by<R>(account: AccountId, work: impl FnOnce() -> R) -> R {
    ThreadAccounts::current().paid_by(account, work)
}

/// The bytes that the live objects of an account take, their spare capacity included.
#[must_use]
pub fn used(account: AccountId) -> usize {
    LEDGER.with(|ledger| ledger.used[slot(account)].get())
}

/// The most bytes that the account ever had in use since [`reset_peak`].
#[must_use]
pub fn peak(account: AccountId) -> usize {
    LEDGER.with(|ledger| ledger.peak[slot(account)].get())
}

/// Starts measuring the peak of an account anew, from what it uses now.
pub fn reset_peak(account: AccountId) {
    LEDGER.with(|ledger| ledger.peak[slot(account)].set(ledger.used[slot(account)].get()));
}

/// Whether the account that pays now may take so many more bytes.
#[must_use]
pub fn room(bytes: usize) -> bool {
    bytes <= left()
}

/// How many bytes the account that pays now may still take.
#[must_use]
pub fn left() -> usize {
    LEDGER.with(|ledger| {
        let index = slot(AccountId(ledger.current.get()));
        let own = ledger.limit(index).saturating_sub(ledger.used[index].get().cast_signed());
        let shared = ledger.pool(index).map_or(0, Pool::left);
        // What is in use beyond the limit has to come out of the pool first.
        let left = own.saturating_add(isize::try_from(shared).unwrap_or(isize::MAX));
        usize::try_from(left).unwrap_or(0)
    })
}

/// Takes so many bytes from the pool of the account that pays now, for values that leave this thread; `None` when there are
/// not so many left. Without a pool there is no limit.
#[must_use]
pub fn lease(bytes: usize) -> Option<Lease> {
    ThreadAccounts::current().lease(bytes)
}

/// A pool that a thread uses for an account. It leaves the pool when it is dropped, however its work has ended, and gives back
/// what was taken.
#[derive(Debug)]
#[must_use = "the pool is left when this is dropped"]
pub struct Entered {
    accounts: ThreadAccounts,
    index: usize,
    /// The pool, which is kept, and what the account had before; none where it had this pool.
    kept: Option<(Arc<Pool>, *const Pool, isize)>,
}

impl Drop for Entered {
    #[inline]
    fn drop(&mut self) {
        let Some((pool, before, limit)) = &self.kept else { return };
        let ledger = self.accounts.ledger();
        pool.give_back(ledger.taken(self.index, pool));
        ledger.pools[self.index].set(*before);
        ledger.below_most[self.index].set(*limit);
    }
}

/// A limit that an account has in this thread. It becomes a pool when another thread needs a part of it, which most never
/// do. What held before is put back when it is dropped.
#[derive(Debug)]
#[must_use = "the limit ends when this is dropped"]
pub struct Limited {
    accounts: ThreadAccounts,
    index: usize,
    before: isize,
}

impl Drop for Limited {
    #[inline]
    fn drop(&mut self) {
        let ledger = self.accounts.ledger();
        if !ledger.pools[self.index].get().is_null() {
            ledger.end_pool(self.index);
        }
        ledger.below_most[self.index].set(self.before);
    }
}

/// The accounts of the thread that has this, for who uses them often: finding them takes as long as most of what is done
/// with them.
#[derive(Clone, Copy)]
pub struct ThreadAccounts(*const Ledger);

impl ThreadAccounts {
    /// Those of this thread.
    #[must_use]
    #[inline]
    pub fn current() -> Self {
        Self(LEDGER.with(ptr::from_ref))
    }

    /// Lets another account pay for what some work allocates.
    #[inline]
    pub fn paid_by<R>(&self, account: AccountId, work: impl FnOnce() -> R) -> R {
        // SAFETY: the work does not get the place.
        unsafe { self.paid_by_with_place(account, |_, _| work()) }
    }

    /// Lets another account pay for what some work allocates, which is told who paid before.
    ///
    /// It also gets a place for a pointer that the thread keeps, null at first. Whoever lets others pay often finds there what
    /// it would need a thread-local variable of its own for.
    ///
    /// # Safety
    ///
    /// The place is for one user, the records of native calls in `alas-abi`, which reads as a record what stands there.
    /// Nobody else writes to it.
    #[inline]
    pub unsafe fn paid_by_with_place<R>(
        &self,
        account: AccountId,
        work: impl FnOnce(AccountId, &Cell<*const ()>) -> R,
    ) -> R {
        /// Lets the account pay again that paid before, however the work ended.
        struct Back<'l>(&'l Cell<u16>, u16);

        impl Drop for Back<'_> {
            #[inline]
            fn drop(&mut self) {
                self.0.set(self.1);
            }
        }

        let ledger = self.ledger();
        let back = Back(&ledger.current, ledger.current.replace(account.0));
        work(AccountId(back.1), &ledger.kept)
    }

    /// Whether an account has, or had, more in use than its limit, since this was [cleared](Self::clear).
    #[must_use]
    #[inline]
    pub fn is_exceeded(&self) -> bool {
        self.ledger().exceeded.get()
    }

    /// Forgets it.
    #[inline]
    pub fn clear(&self) {
        self.ledger().exceeded.set(false);
    }

    /// Holds an account to a pool, beside other threads.
    ///
    /// # Safety
    ///
    /// What was entered later is left before this, also when a panic unwinds: what held before is put back.
    #[inline]
    pub unsafe fn enter(&self, account: AccountId, pool: Arc<Pool>) -> Entered {
        let (accounts, ledger) = (*self, self.ledger());
        let index = slot(account);
        let pointer = Arc::as_ptr(&pool);
        if index == slot(AccountId::PROGRAMS) || ledger.pools[index].get() == pointer {
            return Entered { accounts, index, kept: None };
        }
        let before = ledger.pools[index].replace(pointer);
        let limit = ledger.below_most[index].get();
        // An object is also freed in another thread than the one that paid for it.
        let used = ledger.used[index].get().cast_signed().max(0).cast_unsigned();
        pool.note(used);
        ledger.set_limit(index, used + pool.allowance());
        Entered { accounts, index, kept: Some((pool, before, limit)) }
    }

    /// Holds an account to a limit, which has none in this thread.
    ///
    /// # Safety
    ///
    /// As for [`enter`](Self::enter).
    #[inline]
    pub unsafe fn limit(&self, account: AccountId, limit: usize) -> Limited {
        let (accounts, ledger) = (*self, self.ledger());
        let index = slot(account);
        let before = ledger.below_most[index].get();
        if index != slot(AccountId::PROGRAMS) {
            ledger.set_limit(index, limit);
        }
        Limited { accounts, index, before }
    }

    /// The pool of the account that pays now, which is made of its limit if it has one.
    #[must_use]
    pub fn shared_pool(&self) -> Option<Arc<Pool>> {
        let ledger = self.ledger();
        let index = slot(self.payer());
        if ledger.pools[index].get().is_null() && ledger.below_most[index].get() != 0 {
            ledger.make_pool(index);
        }
        self.pool()
    }

    /// Gives back what the account that pays now has taken from its pool, but for what it uses and a little more.
    #[inline]
    pub fn trim(&self) {
        let ledger = self.ledger();
        let index = slot(AccountId(ledger.current.get()));
        if let Some(pool) = ledger.pool(index) {
            let taken = ledger.taken(index, pool);
            let used = ledger.used[index].get().cast_signed().max(0).cast_unsigned();
            let excess = Pool::excess(taken, used);
            if excess > 0 {
                pool.give_back(excess);
                ledger.set_limit(index, taken - excess + pool.allowance());
            }
        }
    }

    /// As the free function [`lease`]. What this thread has taken and does not use is leased first.
    fn lease(self, bytes: usize) -> Option<Lease> {
        let ledger = self.ledger();
        let index = slot(AccountId(ledger.current.get()));
        let Some(pool) = self.shared_pool() else { return Some(Lease::unlimited()) };
        let taken = ledger.taken(index, &pool);
        let used = ledger.used[index].get().cast_signed().max(0).cast_unsigned();
        let spare = taken.saturating_sub(used).min(bytes);
        let allowance = pool.allowance();
        let lease = Lease::take(pool, bytes, spare)?;
        ledger.set_limit(index, taken - spare + allowance);
        Some(lease)
    }

    /// Whether the account that pays now has a limit in this thread.
    #[must_use]
    #[inline]
    pub fn has_limit(&self) -> bool {
        self.ledger().below_most[slot(self.payer())].get() != 0
    }

    /// The account that pays now.
    #[must_use]
    #[inline]
    pub fn payer(&self) -> AccountId {
        AccountId(self.ledger().current.get())
    }

    /// The pool of the account that pays now.
    #[must_use]
    #[inline]
    pub fn pool(&self) -> Option<Arc<Pool>> {
        let ledger = self.ledger();
        let pool = ledger.pool(slot(AccountId(ledger.current.get())))?;
        let pointer = ptr::from_ref(pool);
        // SAFETY: the pointer is that of an `Arc`, which what was entered keeps.
        unsafe {
            Arc::increment_strong_count(pointer);
            Some(Arc::from_raw(pointer))
        }
    }

    #[inline]
    fn ledger(&self) -> &Ledger {
        // SAFETY: the ledger has no destructor, so it is there as long as its thread, which this does not leave.
        unsafe { &*self.0 }
    }
}

impl fmt::Debug for ThreadAccounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ThreadAccounts").field("is_exceeded", &self.is_exceeded()).finish()
    }
}

/// How many times this thread copied a value because an update met one with several holders.
#[must_use]
pub fn copies() -> u64 {
    LEDGER.with(|ledger| ledger.copies.get())
}

/// Counts one copy of a shared value.
pub(crate) fn count_copy() {
    LEDGER.with(|ledger| ledger.copies.set(ledger.copies.get() + 1));
}

/// About the bytes that this thread has freed since they were last taken, for whoever has the allocator give back what it keeps;
/// `None` while they are fewer than `at_least`.
#[must_use]
pub fn take_freed(at_least: usize) -> Option<usize> {
    LEDGER.with(|ledger| (ledger.freed.get() >= at_least).then(|| ledger.freed.take()))
}

/// Counts bytes as freed by this thread, beside what objects were freed.
pub fn add_freed(bytes: usize) {
    LEDGER.with(|ledger| ledger.freed.set(ledger.freed.get().wrapping_add(bytes)));
}

/// Charges an account.
pub(crate) fn charge(account: AccountId, bytes: usize) {
    LEDGER.with(|ledger| {
        let index = slot(account);
        let used = ledger.used[index].get().wrapping_add(bytes);
        ledger.used[index].set(used);
        // An account has less than nothing in use while what another thread paid for is freed in this one.
        if used.cast_signed() > ledger.peak[index].get().cast_signed() {
            ledger.peak[index].set(used);
        }
        if used.cast_signed() > ledger.limit(index) {
            ledger.exceed(index, used.cast_signed());
        }
    });
}

/// Pays an account back.
pub(crate) fn refund(account: AccountId, bytes: usize) {
    LEDGER.with(|ledger| {
        let used = &ledger.used[slot(account)];
        used.set(used.get().wrapping_sub(bytes));
        ledger.freed.set(ledger.freed.get().wrapping_add(bytes));
    });
}

fn slot(account: AccountId) -> usize {
    usize::from(account.0).min(ACCOUNTS - 1)
}
