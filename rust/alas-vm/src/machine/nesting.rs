//! Calls from the host that happen while a program runs: a program calls a host function, which calls a program.
//!
//! Each of them runs in a machine of its own. The [`Meter`] of one that waits for a host function is kept here, so that
//! those that start meanwhile know what is used of the limits already: programs cannot escape a limit through the host.

use std::cell::{Cell, OnceCell, RefCell};
use std::ptr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use alas_value::Pool;
use alas_value::account::{self, AccountId, ThreadAccounts};

use super::{Limits, THREAD};
use crate::bounds::Deadline;
use crate::context::InterruptPointer;
use crate::{ErrorCode, Fault, Guard, Host, Interrupt};

/// What nested calls may take of the host's own stack: there is as much of it in every thread that Python or Rust starts
/// without being told otherwise.
const MAX_STACK: usize = 512 << 10;

/// The meter of the call of a thread which began last. Only when it waits for a host function can another one begin.
pub(super) struct Running(Cell<Option<Rc<Meter>>>);

impl Running {
    /// That of a thread without calls.
    pub(super) const fn new() -> Self {
        Self(Cell::new(None))
    }

    /// What a call that begins now is nested in.
    #[inline]
    pub(super) fn outer(&self) -> Outer {
        let meter = self.0.take();
        self.0.set(meter.clone());
        Outer(meter)
    }

    /// Runs a call.
    #[inline]
    pub(super) fn call<R>(&self, meter: &Rc<Meter>, work: impl FnOnce() -> R) -> R {
        /// Notes that the call around it goes on, however this one has ended.
        struct Back<'r>(&'r Running, Option<Rc<Meter>>);

        impl Drop for Back<'_> {
            fn drop(&mut self) {
                self.0.0.set(self.1.take());
            }
        }

        let _back = Back(self, self.0.replace(Some(meter.clone())));
        work()
    }
}

/// What a call may still use, and what it uses while it waits for a host function.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// The steps that may still run, without those that the machine has taken to run next.
    pub(super) steps: Cell<Option<u64>>,
    /// How deep calls may nest, those around it included.
    pub(super) depth: Cell<usize>,
    /// How many calls wait when this one does, and where the host's stack was when the first of them began.
    pub(super) calls: Cell<usize>,
    pub(super) stack: Cell<usize>,
    /// The frames of the call and of those around it, and the slots that these take, while it waits.
    pub(super) frames: Cell<usize>,
    pub(super) slots: Cell<usize>,
    /// When the call has to end, while it waits.
    pub(super) deadline: Cell<Deadline>,
    /// Steps that it shares with its tasks, since it has any.
    pub(super) shared_steps: OnceCell<Arc<AtomicU64>>,
    /// Whether it belongs to a task, whose stack counts as memory: there may be many.
    pub(super) is_of_task: Cell<bool>,
    /// How many threads of tasks there are, for calls within it and around it as well, since it has any.
    threads: OnceCell<Arc<AtomicUsize>>,
    /// What stops the call, which keeps it alive.
    interrupt: Cell<Option<InterruptPointer>>,
    /// What stops the calls around it.
    outer_interrupts: RefCell<Vec<Interrupt>>,
    /// Whether it has anything that a call with neither tasks nor calls around it has not.
    is_involved: Cell<bool>,
}

impl Meter {
    /// Takes up to so many of the steps that it shares.
    #[cold]
    pub(super) fn take_shared(&self, most: u64) -> u64 {
        let Some(shared) = self.shared_steps.get() else { return 0 };
        let take = |left: u64| Some(left.saturating_sub(most));
        shared.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).map_or(0, |left| left.min(most))
    }

    /// Begins a call within others.
    #[inline]
    pub(super) fn begin(&self, outer: &Outer, host: &mut Host) {
        self.interrupt.set(host.interrupt.pointer());
        if outer.0.is_some() {
            self.begin_within(outer, host);
        }
    }

    #[cold]
    fn begin_within(&self, outer: &Outer, host: &mut Host) {
        let Some(meter) = &outer.0 else { return };
        self.is_involved.set(true);
        if let Some(threads) = meter.threads.get() {
            let _ = self.threads.set(threads.clone());
        }
        let mut interrupts = meter.outer_interrupts.borrow().clone();
        // SAFETY: the call around this one runs, and keeps what stops it.
        interrupts.extend(meter.interrupt.get().map(|pointer| unsafe { pointer.interrupt() }));
        self.outer_interrupts.borrow_mut().clone_from(&interrupts);
        host.bounds.stop_with(interrupts);
    }

    /// Forgets what belonged to an earlier call.
    #[inline]
    pub(super) fn forget(&mut self) {
        if self.is_involved.get() {
            self.shared_steps.take();
            self.threads.take();
            self.outer_interrupts.get_mut().clear();
            self.is_involved.set(false);
        }
    }

    /// Shares with tasks the steps that may still run, if they are counted.
    fn share_steps(&self) -> Option<Arc<AtomicU64>> {
        self.is_involved.set(true);
        if self.shared_steps.get().is_none() {
            let left = self.steps.get()?;
            self.steps.set(Some(0));
            let _ = self.shared_steps.set(Arc::new(AtomicU64::new(left)));
        }
        self.shared_steps.get().cloned()
    }

    fn usage(&self) -> Usage {
        let Self { calls, stack, frames, slots, .. } = self;
        Usage { calls: calls.get(), frames: frames.get(), slots: slots.get(), stack: stack.get() }
    }
}

/// What the calls that wait in host functions use together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Usage {
    /// How many calls there are.
    pub(super) calls: usize,
    /// Their frames.
    pub(super) frames: usize,
    /// The slots that these take.
    pub(super) slots: usize,
    /// Where the host's stack was when the first of them began.
    pub(super) stack: usize,
}

impl Usage {
    /// Fails when the calls nest so deep that the host's stack may not hold another one.
    pub(super) fn check_stack(&self) -> Result<(), Fault> {
        if self.calls > 0 && self.stack.abs_diff(stack_position()) > MAX_STACK {
            let calls = self.calls;
            return Err(Fault::new(
                ErrorCode::CallDepthExceeded,
                format!(
                    "programs and host functions call each other {calls} deep, which is as far as it goes"
                ),
            ));
        }
        Ok(())
    }
}

/// The calls that a call from the host is nested in.
pub(super) struct Outer(Option<Rc<Meter>>);

impl Outer {
    /// What they use.
    pub(super) fn usage(&self) -> Usage {
        self.0.as_ref().map_or_else(Usage::default, |meter| meter.usage())
    }

    /// How deep they allow calls to nest.
    pub(super) fn depth(&self) -> Option<usize> {
        Some(self.0.as_ref()?.depth.get())
    }

    /// When they have to end.
    pub(super) fn deadline(&self) -> Deadline {
        self.0.as_ref().map_or_else(Deadline::default, |meter| meter.deadline.get())
    }

    /// The steps that are left to them, those not counted that they share with tasks.
    pub(super) fn steps(&self) -> Option<u64> {
        self.0.as_ref()?.steps.get()
    }

    /// Whether they belong to a task.
    pub(super) fn is_of_task(&self) -> bool {
        self.0.as_ref().is_some_and(|meter| meter.is_of_task.get())
    }

    /// The steps that they share with tasks.
    pub(super) fn shared_steps(&self) -> Option<&Arc<AtomicU64>> {
        self.0.as_ref()?.shared_steps.get()
    }

    /// Takes steps off those that are left to them.
    pub(super) fn charge(&self, steps: u64) {
        let Some(meter) = &self.0 else { return };
        let Some(own) = meter.steps.get() else { return };
        meter.steps.set(Some(own.saturating_sub(steps)));
        if steps > own {
            meter.take_shared(steps - own);
        }
    }
}

/// What a task takes over from the call that starts it.
#[derive(Debug)]
pub(crate) struct Inheritance {
    depth: usize,
    deadline: Deadline,
    steps: Option<Arc<AtomicU64>>,
    threads: Arc<AtomicUsize>,
    /// Who pays for its values, and from what.
    pub(crate) account: AccountId,
    pub(crate) memory: Option<Arc<Pool>>,
    /// The plugin whose code starts it, and that it begins inside of.
    pub(crate) guard: Option<Arc<Guard>>,
}

impl Inheritance {
    /// What a task takes over that the call starts which runs in this thread.
    pub(crate) fn of(host: &Host) -> Self {
        let meter = THREAD.with(|thread| thread.running.outer().0);
        let depth = meter.as_ref().map_or(Limits::default().depth, |meter| meter.depth.get());
        let steps = meter.and_then(|meter| meter.share_steps());
        let memory = ThreadAccounts::current().shared_pool();
        let guard = host.bounds.guard().cloned();
        let (deadline, threads) = (host.bounds.waiting(), Self::threads());
        Self { depth, deadline, steps, threads, account: account::current(), memory, guard }
    }

    /// How many threads of tasks there are for the call that runs in this thread, those within it and around it.
    pub(crate) fn threads() -> Arc<AtomicUsize> {
        let meter = THREAD.with(|thread| thread.running.outer().0);
        meter.map_or_else(Arc::default, |meter| {
            meter.is_involved.set(true);
            meter.threads.get_or_init(Arc::default).clone()
        })
    }

    /// The meter of the call that it comes from, as far as the task needs it.
    pub(super) fn meter(&self) -> Meter {
        let meter = Meter::default();
        meter.depth.set(self.depth);
        meter.deadline.set(self.deadline);
        meter.is_of_task.set(true);
        let _ = meter.threads.set(self.threads.clone());
        if let Some(shared) = &self.steps {
            meter.steps.set(Some(0));
            let _ = meter.shared_steps.set(shared.clone());
        }
        meter
    }
}

/// About where the host's stack is.
#[inline(never)]
pub(super) fn stack_position() -> usize {
    let marker = 0_u8;
    ptr::from_ref(std::hint::black_box(&marker)).addr()
}

#[cfg(test)]
mod tests {
    use std::panic::AssertUnwindSafe;

    use super::*;

    #[test]
    fn a_call_is_known_while_it_runs() {
        let meter = |steps, calls| {
            let (steps, calls) = (Cell::new(steps), Cell::new(calls));
            Rc::new(Meter { steps, depth: calls.clone(), calls, ..Meter::default() })
        };
        let running = Running::new();
        let (first, second) = (meter(Some(7), 1), meter(None, 2));
        running.call(&first, || {
            let outer = running.outer();
            outer.charge(5);
            assert_eq!((outer.usage().calls, outer.steps(), outer.depth()), (1, Some(2), Some(1)));
            running.call(&second, || {
                let outer = running.outer();
                outer.charge(5);
                assert_eq!((outer.usage().calls, outer.steps()), (2, None));
            });
            assert_eq!(running.outer().usage().calls, 1);
        });
        assert_eq!(first.steps.get(), Some(2));
        assert_eq!(running.outer().usage(), Usage::default());
    }

    #[test]
    fn a_panic_outside_leaves_nothing_behind() {
        let running = Running::new();
        let panics = || running.call(&Rc::default(), || panic!("on purpose"));
        assert!(std::panic::catch_unwind(AssertUnwindSafe(panics)).is_err());
        assert_eq!(running.outer().usage(), Usage::default());
    }

    #[test]
    fn the_stack_is_bounded() {
        fn deep(usage: Usage, levels: usize) -> Result<(), Fault> {
            let room = std::hint::black_box([0_u8; 4096]);
            usage.check_stack()?;
            if levels > 0 {
                deep(usage, levels - 1)?;
            }
            std::hint::black_box(room);
            Ok(())
        }
        let usage = Usage { calls: 1, stack: stack_position(), ..Usage::default() };
        assert!(deep(usage, 16).is_ok());
        assert_eq!(deep(usage, 150).err().map(|fault| fault.code()), Some(ErrorCode::CallDepthExceeded));
        assert!(deep(Usage::default(), 150).is_ok());
    }
}
