//! The machine: registers, frames, and the loop that runs ops.
//!
//! One machine runs one call at a time, in one thread. Calls between `ALaS` functions push a [`Frame`] and never use the
//! stack of the host, so that the depth of recursion is bounded by a number and not by the thread that happens to run.
//!
//! * [`dispatch`] runs ops until the call ends or fails; [`heavy`] are those that are more than a few instructions, with
//!   the help of [`operations`];
//! * [`slots`] is how it reads and writes registers;
//! * [`call`] enters functions by name and from the host; [`outside`] calls those of the host, and [`nesting`] bounds
//!   what comes back from there;
//! * [`unwind`] cleans up after a failure, and finds who catches it.

mod call;
mod dispatch;
mod error;
mod heavy;
mod nesting;
mod operations;
mod outside;
mod slots;
mod unwind;

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use alas_value::account::{self, AccountId, ThreadAccounts};
use alas_value::{Lease, Text, Value};

use self::nesting::{Meter, Running, Usage};
use crate::bounds::{Before, Deadline};
use crate::code::{Code, Op, Shared, Slot};
use crate::turn::ThreadNumber;
use crate::{ErrorCode, Fault, Host};

pub use call::call;
pub(crate) use call::call_inheriting;
pub use error::{ErrorPlace, RunError, StackFrame};
pub(crate) use nesting::Inheritance;

/// The most slots that frames may take together: 256 MiB.
const MAX_SLOTS: usize = 1 << 25;

/// The largest stack that an idle machine keeps: 8 MiB, enough for a recursion as deep as programs usually may go.
const KEPT_SLOTS: usize = 1 << 20;

/// How many idle machines a thread keeps. A thread has several only where programs and host functions call each other.
const MOST_IDLE: usize = 4;

/// How many polls pass between two looks at the world outside.
const CHUNK: u64 = 4096;

/// Bounds of one call from the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How often a function that the entry function calls may recurse.
    pub depth: usize,
    /// How many steps may run: rounds of loops, and calls from one function to another; any number without a limit.
    pub steps: Option<u64>,
    /// The most bytes that values may take at once; those of plugins with a limit of their own are not counted here.
    pub memory: Option<usize>,
    /// How long it may take, functions of the host included as far as they look whether they have to stop.
    pub timeout: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 10_000, steps: None, memory: None, timeout: None }
    }
}

/// What happens when a frame returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// The result goes to a register of its class.
    Plain,
    /// The result goes to a dynamic register.
    Boxed,
    /// The result, or the failure, becomes a Result map.
    Catch,
    /// The result goes to a register of its class; a plugin was entered with the call.
    Guarded,
    /// The call from the host ends.
    Entry,
}

/// A function that is running.
#[derive(Debug)]
struct Frame {
    code: *const Code,
    /// Behind the op that runs, while another frame is above this one or after a failure.
    pc: *const Op,
    /// Where the frame begins on the stack.
    base: usize,
    /// The text constants of the module, as values of this machine.
    texts: *const Text,
    /// Where the caller wants the result.
    to: Slot,
    mode: Mode,
}

/// The text constants of a module, as values of one thread.
#[derive(Debug)]
struct Constants {
    /// The module's serial; a place may have had another tenant.
    serial: u64,
    texts: Box<[Text]>,
}

/// Runs code.
#[derive(Debug)]
pub(crate) struct Machine {
    stack: Vec<u64>,
    frames: Vec<Frame>,
    /// By the place of the module.
    constants: Vec<Constants>,
    /// What the entry frame returned.
    result: Value,
    /// How many frames there may be.
    most_frames: usize,
    /// The steps that may still run, those in `fuel` not counted.
    meter: Rc<Meter>,
    /// The polls until the next look at the world outside.
    fuel: u64,
    /// How much work ops may still do until the next look at the world outside, where they do not look themselves.
    patience: i32,
    /// What the calls use that wait for this one in host functions.
    below: Usage,
    /// What held before each plugin that the call and its frames have entered.
    guards: Vec<Before>,
    /// Whether the code that runs has a deadline.
    has_deadline: bool,
    /// Whether it has a deadline, or steps that are counted.
    is_metered: bool,
    /// The accounts of the thread.
    accounts: ThreadAccounts,
    /// The thread, which stays the same.
    thread: ThreadNumber,
    /// The code of the topmost frame, while ops run.
    code: *const Code,
    /// Its text constants.
    texts: *const Text,
    /// What the stack takes, where it counts as memory.
    leases: Vec<Lease>,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            stack: Vec::new(),
            frames: Vec::new(),
            constants: Vec::new(),
            result: Value::Void,
            most_frames: 0,
            meter: Rc::default(),
            fuel: 0,
            patience: 0,
            below: Usage::default(),
            guards: Vec::new(),
            has_deadline: false,
            is_metered: false,
            accounts: ThreadAccounts::current(),
            thread: ThreadNumber::current(),
            code: std::ptr::null(),
            texts: std::ptr::null(),
            leases: Vec::new(),
        }
    }
}

/// What a thread keeps for its calls.
struct Thread {
    /// Machines that are not running, so that a call does not have to make one. A call from within a call takes another.
    #[expect(clippy::vec_box, reason = "a machine is large, and taking one out must not copy it")]
    idle: RefCell<Vec<Box<Machine>>>,
    running: Running,
}

thread_local! {
    static THREAD: Thread = const { Thread { idle: RefCell::new(Vec::new()), running: Running::new() } };
}

impl Thread {
    /// Runs some work with a machine of this thread.
    fn with_machine<R>(&self, work: impl FnOnce(&mut Machine) -> R) -> R {
        let mut machine = self.idle.borrow_mut().pop().unwrap_or_default();
        let result = work(&mut machine);
        if machine.stack.len() > KEPT_SLOTS || !machine.leases.is_empty() {
            machine.stack = Vec::new();
            machine.leases.clear();
        }
        let mut idle = self.idle.borrow_mut();
        if idle.len() < MOST_IDLE {
            idle.push(machine);
        }
        result
    }
}

impl Machine {
    /// Lets the next stretch of polls run, unless the program has to stop.
    #[cold]
    #[inline(never)]
    fn refill(&mut self, host: &mut Host) -> Result<(), Fault> {
        host.poll()?;
        let Some(left) = self.meter.steps.get() else {
            self.fuel = CHUNK;
            return Ok(());
        };
        if left == 0 {
            self.fuel = self.meter.take_shared(CHUNK);
            if self.fuel > 0 {
                return Ok(());
            }
            return Err(Fault::new(
                ErrorCode::StepLimitExceeded,
                "the program ran all the steps that its limit allows",
            ));
        }
        let chunk = CHUNK.min(left);
        self.meter.steps.set(Some(left - chunk));
        self.fuel = chunk;
        Ok(())
    }

    /// Makes room for a frame and its staging at a base.
    #[cold]
    #[inline(never)]
    fn grow(&mut self, needed: usize) -> Result<(), Fault> {
        let larger = needed.max(self.stack.len() * 2).clamp(1024, MAX_SLOTS);
        if self.meter.is_of_task.get() {
            let more = larger.saturating_sub(self.stack.len()) * size_of::<u64>();
            self.leases.push(account::lease(more).ok_or_else(crate::size::no_room)?);
        }
        if self.below.slots + needed > MAX_SLOTS
            || self.stack.try_reserve_exact(larger - self.stack.len()).is_err()
        {
            return Err(self.too_deep());
        }
        self.stack.resize(larger, 0);
        Ok(())
    }

    #[cold]
    fn too_deep(&self) -> Fault {
        // The entry function is not among those that a limit counts.
        let depth = (self.below.frames + self.frames.len()).saturating_sub(1);
        let message = format!("calls nest {depth} deep, which is more than the limit allows");
        Fault::new(ErrorCode::CallDepthExceeded, message)
    }

    /// Enters the plugin that a module belongs to, if it has limits and is not inside already.
    #[cold]
    #[inline(never)]
    fn enter_plugin(&mut self, shared: &Shared, host: &mut Host) -> Result<Mode, Fault> {
        match &shared.context.guard {
            Some(guard) if !host.bounds.is_inside(guard) => {
                let held = guard.take_turn(host)?;
                self.guards.push(host.bounds.enter(guard, held));
                self.note_deadline(host.bounds.deadline());
                Ok(Mode::Guarded)
            }
            _ => Ok(Mode::Plain),
        }
    }

    /// Notes when the code has to end that runs from now on, for calls that come while it waits.
    fn note_deadline(&mut self, deadline: Deadline) {
        self.has_deadline = deadline.is_set();
        self.is_metered = self.has_deadline || self.meter.steps.get().is_some();
        self.meter.deadline.set(deadline);
    }

    /// Leaves the plugin that was entered last.
    #[cold]
    fn leave_plugin(&mut self, host: &mut Host) {
        if let Some(before) = self.guards.pop() {
            host.bounds.leave(before);
            self.note_deadline(host.bounds.deadline());
        }
    }

    /// The text constants of a module.
    fn texts_of(&mut self, shared: &Shared) -> *const Text {
        let place = shared.place.index();
        match self.constants.get(place) {
            Some(constants) if constants.serial == shared.serial => constants.texts.as_ptr(),
            _ => self.make_texts(shared),
        }
    }

    #[cold]
    #[inline(never)]
    fn make_texts(&mut self, shared: &Shared) -> *const Text {
        let place = shared.place.index();
        while self.constants.len() <= place {
            self.constants.push(Constants { serial: 0, texts: Box::default() });
        }
        let make = || shared.texts.iter().map(|text| Text::constant(text)).collect();
        let texts = account::paid_by(AccountId::PROGRAMS, make);
        self.constants[place] = Constants { serial: shared.serial, texts };
        self.constants[place].texts.as_ptr()
    }
}
