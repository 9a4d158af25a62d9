//! Calls from the host that happen while a program runs: a program calls a host function, which calls a program.
//!
//! Each of them runs in a machine of its own. A machine that waits for a host function is noted here, so that those that
//! start meanwhile know what is used of the limits already: programs cannot escape a limit through the host.

use std::cell::Cell;
use std::ptr::{self, NonNull};

use super::Machine;
use crate::{ErrorCode, Fault};

/// What nested calls may take of the host's own stack: there is as much of it in every thread that Python or Rust starts
/// without being told otherwise.
const MAX_STACK: usize = 512 << 10;

thread_local! {
    /// The machine of this thread that called a host function last and waits for it.
    static WAITING: Cell<Option<NonNull<Machine>>> = const { Cell::new(None) };
}

/// What the calls that wait in host functions use together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Usage {
    /// How many calls there are.
    pub(super) calls: usize,
    /// Their frames.
    pub(super) frames: usize,
    /// The slots that these take.
    pub(super) slots: usize,
    /// Where the host's stack was when the first of them began to wait.
    pub(super) stack: usize,
}

impl Usage {
    pub(super) const NONE: Self = Self { calls: 0, frames: 0, slots: 0, stack: 0 };

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

/// Does some work while a machine waits for it.
///
/// # Safety
///
/// Nothing else uses the machine until this returns.
#[inline]
pub(super) unsafe fn waiting<R>(machine: NonNull<Machine>, work: impl FnOnce() -> R) -> R {
    /// Notes that a machine goes on, however the work ended.
    struct Back(Option<NonNull<Machine>>);

    impl Drop for Back {
        fn drop(&mut self) {
            WAITING.set(self.0);
        }
    }

    let _back = Back(WAITING.replace(Some(machine)));
    work()
}

/// The calls that a call from the host is nested in.
pub(super) struct Outer(Option<NonNull<Machine>>);

impl Outer {
    /// Those of this thread.
    pub(super) fn of_this_thread() -> Self {
        Self(WAITING.get())
    }

    fn machine(&mut self) -> Option<&mut Machine> {
        // SAFETY: the machine waits for a host function further down this thread's stack, and `waiting` promises that
        // nothing else uses it.
        self.0.map(|mut machine| unsafe { machine.as_mut() })
    }

    /// What they use.
    pub(super) fn usage(&mut self) -> Usage {
        self.machine().map_or(Usage::NONE, |machine| machine.usage())
    }

    /// The steps that are left to them.
    pub(super) fn steps(&mut self) -> Option<u64> {
        self.machine().and_then(|machine| Some(machine.steps? + machine.fuel))
    }

    /// Takes steps off those that are left to them.
    pub(super) fn charge(&mut self, steps: u64) {
        if let Some(machine) = self.machine()
            && let Some(left) = machine.steps
        {
            let left = (left + machine.fuel).saturating_sub(steps);
            machine.fuel = machine.fuel.min(left);
            machine.steps = Some(left - machine.fuel);
        }
    }
}

impl Machine {
    /// What this call, which waits in a host function, uses together with those around it.
    fn usage(&self) -> Usage {
        Usage {
            calls: self.below.calls + 1,
            frames: self.below.frames + self.frames.len(),
            slots: self.below.slots + self.frames.last().map_or(0, |frame| frame.base),
            stack: if self.below.calls == 0 { self.entered } else { self.below.stack },
        }
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
    use super::*;

    #[test]
    fn a_machine_is_known_while_it_waits() {
        let mut machine = Machine { steps: Some(4), fuel: 3, ..Machine::default() };
        let work = || {
            let mut outer = Outer::of_this_thread();
            outer.charge(5);
            (outer.usage().calls, outer.steps())
        };
        // SAFETY: nothing uses the machine meanwhile.
        let known = unsafe { waiting(NonNull::from(&mut machine), work) };
        assert_eq!(known, (1, Some(2)));
        assert_eq!((machine.steps, machine.fuel), (Some(0), 2));
        assert_eq!(Outer::of_this_thread().usage(), Usage::NONE);
        assert_eq!(Outer::of_this_thread().steps(), None);
    }

    #[test]
    fn a_panic_outside_leaves_nothing_behind() {
        let panics = || {
            let mut machine = Machine::default();
            // SAFETY: nothing uses the machine meanwhile.
            unsafe { waiting(NonNull::from(&mut machine), || panic!("on purpose")) }
        };
        assert!(std::panic::catch_unwind(panics).is_err());
        assert_eq!(Outer::of_this_thread().usage(), Usage::NONE);
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
        let usage = Usage { calls: 1, stack: stack_position(), ..Usage::NONE };
        assert!(deep(usage, 16).is_ok());
        assert_eq!(deep(usage, 150).err().map(|fault| fault.code()), Some(ErrorCode::CallDepthExceeded));
        assert!(deep(Usage::NONE, 150).is_ok());
    }
}
