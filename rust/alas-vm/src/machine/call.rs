//! Entering functions: from the host, and by name.

use std::mem::take;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use alas_check::Type;
use alas_value::account::{self, Entered, Limited};
use alas_value::{Lease, Pool, Value};

use super::nesting::{self, Inheritance, Outer, Running, Usage};
use super::{Frame, Limits, Machine, Mode, RunError, THREAD, Thread, slots};
use crate::bounds::{Bounds, Deadline};
use crate::code::{Code, Module, Slot};
use crate::{ErrorCode, Fault, Host, convert};

/// Calls a function of a module, by its number in the interface.
///
/// The arguments are made to fit the declared types of the parameters, and taken: what is left in their places means
/// nothing. The result is of the declared result type.
///
/// # Errors
///
/// A [`RunError`] with the place and the stack of the failure.
pub fn call(
    module: &Arc<Module>,
    function: u32,
    arguments: &mut [Value],
    host: &mut Host,
    limits: Limits,
) -> Result<Value, Box<RunError>> {
    let Some(code) = module.code(function) else {
        let fault =
            Fault::new(ErrorCode::FunctionNotFound, format!("the module has no function number {function}"));
        return Err(RunError::before_running(&fault));
    };
    THREAD.with(|thread| thread.call((code, function), arguments, host, limits))
}

impl Thread {
    /// Calls a function within the calls of this thread that wait for it.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "otherwise the result is handed over by memory, twice")]
    fn call(
        &self,
        (code, function): (&Code, u32),
        arguments: &mut [Value],
        host: &mut Host,
        limits: Limits,
    ) -> Result<Value, Box<RunError>> {
        let outer = self.running.outer();
        let below = outer.usage();
        below.check_stack().map_err(|fault| RunError::before_running(&fault))?;
        if below.calls > 0 && host.tasks.is_some() {
            return self.call_beside_tasks((code, function), arguments, host, limits);
        }
        self.with_machine(|machine| {
            let steps = machine.prepare(&outer, below, limits);
            let outcome = machine.bounded((&outer, limits), code, host, |machine, host| {
                machine.run_entry(&self.running, (code, function), arguments, host)
            });
            if host.tasks.is_some() {
                end_tasks(host);
            }
            machine.settle(steps, &outer);
            outcome
        })
    }
}

/// Has the console hand over what a call has written, while its limits still hold.
#[inline]
fn hand_over_output(outcome: Result<Value, Box<RunError>>, host: &mut Host) -> Result<Value, Box<RunError>> {
    match &outcome {
        Ok(_) => host.flush().map_err(|fault| RunError::before_running(&fault))?,
        Err(error) => match host.flush_after(error.code) {
            // Whoever stops the program wants to see that it was stopped.
            Err(fault) if fault.code() == ErrorCode::Cancelled => {
                return Err(RunError::before_running(&fault));
            }
            _ => {}
        },
    }
    outcome
}

/// Ends the tasks that a call has started; those of a task's own crew go on.
#[cold]
fn end_tasks(host: &mut Host) {
    if host.tasks.as_ref().is_some_and(|tasks| !tasks.is_of_task()) {
        host.tasks = None;
    }
}

/// Calls a function for a task, which takes over what limits the call that has started it.
///
/// # Errors
///
/// As for [`call`].
pub(crate) fn call_inheriting(
    inheritance: &Inheritance,
    (module, function): (&Arc<Module>, u32),
    arguments: &mut [Value],
    host: &mut Host,
    limits: Limits,
) -> Result<Value, Fault> {
    let meter = Rc::new(inheritance.meter());
    let call =
        |thread: &Thread| thread.running.call(&meter, || call(module, function, arguments, host, limits));
    THREAD.with(call).map_err(Fault::from)
}

impl Thread {
    /// The same for a call that comes with the host of a call around it, whose tasks are not its own.
    #[cold]
    #[inline(never)]
    fn call_beside_tasks(
        &self,
        callee: (&Code, u32),
        arguments: &mut [Value],
        host: &mut Host,
        limits: Limits,
    ) -> Result<Value, Box<RunError>> {
        let tasks = host.tasks.take();
        let outcome = self.call(callee, arguments, host, limits);
        host.tasks = tasks;
        outcome
    }
}

/// The smaller of two limits.
fn fewer(one: Option<u64>, other: Option<u64>) -> Option<u64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (limit, None) | (None, limit) => limit,
    }
}

/// What a call from the host has entered. It is left when this is dropped, however the call has ended: a host function may
/// have panicked, and the thread goes on.
struct Within<'c> {
    machine: &'c mut Machine,
    host: &'c mut Host,
    /// The bounds of the call around it, which goes on with them.
    around: Option<Bounds>,
    /// Left last.
    _memory: Option<Held>,
}

/// What holds the values of a call to its limit.
enum Held {
    /// The limit of an account that had none.
    Alone { _limited: Limited },
    /// Calls around it that have less.
    ByOthers,
    /// A pool of its own, which was taken from those around it.
    Within { _entered: Entered, _lease: Option<Lease> },
}

impl Drop for Within<'_> {
    #[inline]
    fn drop(&mut self) {
        // The plugin of the entry function; after a panic, also those that frames have entered.
        while let Some(before) = self.machine.guards.pop() {
            self.host.bounds.leave(before);
        }
        if self.machine.has_deadline {
            self.machine.note_deadline(Deadline::default());
        }
        if let Some(around) = self.around.take() {
            self.host.bounds = around;
        }
    }
}

/// How a frame is entered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entrance {
    pub(super) base: usize,
    pub(super) to: Slot,
    pub(super) mode: Mode,
}

impl Machine {
    /// Sets what the calls around a call from the host, and its own limits, leave to it; returns the steps.
    #[inline]
    fn prepare(&mut self, outer: &Outer, below: Usage, limits: Limits) -> Option<u64> {
        // The entry function and the first that it calls come on top of what may recurse.
        let depth = outer.depth().map_or(limits.depth, |depth| depth.min(limits.depth));
        self.most_frames = depth.saturating_add(2).saturating_sub(below.frames);
        self.below = below;
        let steps = fewer(limits.steps, outer.steps());
        match Rc::get_mut(&mut self.meter) {
            Some(meter) => meter.forget(),
            // Somebody still knows the meter of an earlier call.
            None => self.meter = Rc::default(),
        }
        let mut steps = steps;
        if let Some(shared) = outer.shared_steps() {
            match limits.steps {
                // What it may run by itself is taken off what is shared when it has ended.
                Some(limit) => {
                    let left = outer.steps().unwrap_or(0).saturating_add(shared.load(Ordering::Relaxed));
                    steps = Some(limit.min(left));
                }
                None => drop(self.meter.shared_steps.set(shared.clone())),
            }
        }
        self.meter.steps.set(steps);
        self.is_metered = self.has_deadline || steps.is_some();
        self.meter.is_of_task.set(outer.is_of_task());
        self.meter.depth.set(depth);
        self.meter.calls.set(below.calls + 1);
        self.meter.stack.set(if below.calls == 0 { nesting::stack_position() } else { below.stack });
        steps
    }

    /// Does the work of a call from the host in the time and the memory that it may take.
    #[inline]
    fn bounded<R>(
        &mut self,
        (outer, limits): (&Outer, Limits),
        code: &Code,
        host: &mut Host,
        work: impl FnOnce(&mut Self, &mut Host) -> Result<R, Box<RunError>>,
    ) -> Result<R, Box<RunError>> {
        // A call from within a call may come with the same host.
        let around = (self.below.calls > 0).then(|| take(&mut host.bounds));
        self.meter.begin(outer, host);
        host.bounds.begin(outer.deadline(), limits.timeout);
        if around.is_none() {
            self.accounts.clear();
        }
        let memory = limits.memory.map(|limit| self.hold_to(limit));
        let within = Within { machine: self, host, around, _memory: memory };
        let (machine, host) = (&mut *within.machine, &mut *within.host);
        let guard = code.shared().context.guard.as_ref().filter(|_| code.host.is_none());
        match guard {
            // A task begins inside.
            Some(guard) if !host.bounds.is_inside(guard) => {
                let held = guard.take_turn(host).map_err(|fault| RunError::before_running(&fault))?;
                machine.guards.push(host.bounds.enter(guard, held));
                machine.note_deadline(host.bounds.deadline());
            }
            _ => {
                if host.bounds.deadline().is_set() {
                    machine.note_deadline(host.bounds.deadline());
                }
            }
        }
        work(machine, host)
    }

    /// Holds the values of a call to so many bytes, unless the calls around it have less to begin with.
    #[inline]
    fn hold_to(&self, limit: usize) -> Held {
        if self.accounts.has_limit() {
            return self.hold_within(limit);
        }
        // SAFETY: a call leaves what it has entered, and what its frames have, before the calls around it do.
        Held::Alone { _limited: unsafe { self.accounts.limit(self.accounts.payer(), limit) } }
    }

    /// The same within calls that have a limit. What the call may use by a limit of its own is taken from them meanwhile.
    #[cold]
    fn hold_within(&self, limit: usize) -> Held {
        let account = self.accounts.payer();
        if self.accounts.shared_pool().is_none_or(|outer| outer.limit() <= limit) {
            return Held::ByOthers;
        }
        let bytes = limit.min(account::left());
        let lease = account::lease(bytes);
        let bytes = if lease.is_some() { bytes } else { 0 };
        let pool = Pool::new(account::used(account).saturating_add(bytes));
        // SAFETY: as above.
        Held::Within { _entered: unsafe { self.accounts.enter(account, pool) }, _lease: lease }
    }

    /// Takes the steps that a call has run off those of the calls around it.
    fn settle(&self, before: Option<u64>, outer: &Outer) {
        let (Some(before), Some(own)) = (before, self.meter.steps.get()) else { return };
        match (self.meter.shared_steps.get(), outer.shared_steps()) {
            // They use the same steps: what was taken and not run goes back there.
            (Some(shared), Some(outers)) if Arc::ptr_eq(shared, outers) => {
                shared.fetch_add(own.saturating_sub(before), Ordering::Relaxed);
                outer.charge(before.saturating_sub(own));
            }
            (shared, _) => {
                let left = own + shared.map_or(0, |shared| shared.load(Ordering::Relaxed));
                outer.charge(before.saturating_sub(left));
            }
        }
    }

    /// Calls a function that the host implements for the host itself: nothing runs here but that.
    fn call_host_alone(
        &mut self,
        code: &Code,
        number: u32,
        arguments: &mut [Value],
        host: &mut Host,
    ) -> Result<Value, Fault> {
        if self.most_frames == 0 {
            return Err(self.too_deep());
        }
        if let Some(calls) = &code.calls {
            calls.fetch_add(1, Ordering::Relaxed);
        }
        self.fuel = 0;
        self.call_host(code.shared(), (number, 1), arguments, host)
    }

    /// Runs a function for the host.
    #[inline]
    fn run_entry(
        &mut self,
        running: &Running,
        (code, function): (&Code, u32),
        arguments: &mut [Value],
        host: &mut Host,
    ) -> Result<Value, Box<RunError>> {
        let before_running = |fault: Fault| RunError::before_running(&fault);
        fit(code, function, arguments, host).map_err(before_running)?;
        let meter = self.meter.clone();
        if let Some(number) = code.host {
            return running.call(&meter, || {
                let outcome = self.call_host_alone(code, number, arguments, host);
                hand_over_output(outcome.map_err(before_running), host)
            });
        }
        self.enter(code, arguments, Entrance { base: 0, to: 0, mode: Mode::Entry })
            .map_err(before_running)?;
        running.call(&meter, || hand_over_output(self.run(host), host))
    }

    /// Runs the entry frame to its end.
    fn run(&mut self, host: &mut Host) -> Result<Value, Box<RunError>> {
        loop {
            match self.dispatch(host) {
                Ok(()) => return Ok(take(&mut self.result)),
                Err(fault) => self.unwind(&fault, host)?,
            }
        }
    }

    /// Pushes the frame of a function whose arguments are known to fit, and takes them.
    pub(super) fn enter(
        &mut self,
        code: &Code,
        arguments: &mut [Value],
        entrance: Entrance,
    ) -> Result<(), Fault> {
        if self.frames.len() >= self.most_frames {
            return Err(self.too_deep());
        }
        let needed = entrance.base + code.total;
        if needed > self.stack.len() {
            self.grow(needed)?;
        }
        let texts = self.texts_of(code.shared());
        let Entrance { base, to, mode } = entrance;
        self.stack[base..base + code.empty_to].fill(0);
        // Pushed before the arguments are stored, so that what is already there is released if one does not fit.
        self.frames.push(Frame { code, pc: code.ops.as_ptr(), base, texts, to, mode });
        let mut offset = base;
        for (class, value) in code.parameters.iter().zip(arguments) {
            // SAFETY: the slots lie inside the stack, belong to no other frame, and own nothing.
            let stored = unsafe { slots::store(*class, self.stack.as_mut_ptr().add(offset), take(value)) };
            if let Err(fault) = stored {
                self.discard();
                return Err(fault);
            }
            offset += class.slots();
        }
        Ok(())
    }

    /// Enters the function of a module that a text names.
    pub(super) fn enter_by_name(
        &mut self,
        caller: &Code,
        name: &str,
        arguments: &mut [Value],
        entrance: Entrance,
        host: &Host,
    ) -> Result<(), Fault> {
        let shared = caller.shared();
        let Some(number) = shared.interface.by_name.get(name).copied() else {
            let message = format!(
                "the module `{}` has no function {}",
                shared.interface.name,
                crate::words::quote(name)
            );
            return Err(Fault::new(ErrorCode::FunctionNotFound, message));
        };
        // SAFETY: the callee belongs to the same module as the caller, which is running.
        let code = unsafe { shared.functions[number as usize].as_ref() };
        fit(code, number, arguments, host)?;
        self.enter(code, arguments, entrance)
    }

    /// Drops the arguments that were laid out for a call that does not take place.
    ///
    /// # Safety
    ///
    /// `staging` is where the arguments for the callee stand.
    pub(super) unsafe fn abandon(staging: *mut u64, callee: &Code) {
        let mut slot = staging;
        for class in &callee.parameters {
            // SAFETY: the caller promises that the arguments stand there, one after the other.
            unsafe {
                if class.is_counted() {
                    slots::clear(*class, slot);
                }
                slot = slot.add(class.slots());
            }
        }
    }

    /// Ends the entry frame: its result is for the host.
    pub(super) fn finish(&mut self, value: Value) {
        self.result = value;
    }
}

/// Makes arguments fit the parameters of a function.
fn fit(code: &Code, number: u32, arguments: &mut [Value], host: &Host) -> Result<(), Fault> {
    let shared = code.shared();
    let parameters = &shared.interface.functions[number as usize].parameters;
    if parameters.len() != arguments.len() {
        let (expected, found) = (parameters.len(), arguments.len());
        let message = format!(
            "`{}.{}` takes {expected} argument{}, found {found}",
            shared.interface.name,
            code.name,
            crate::words::plural(expected)
        );
        return Err(Fault::new(ErrorCode::ArgumentCount, message));
    }
    for (parameter, argument) in parameters.iter().zip(arguments) {
        if fits_as_it_is(&parameter.kind, argument) {
            continue;
        }
        *argument = convert(take(argument), &parameter.kind, &shared.definitions, host).map_err(|fault| {
            let message = format!("parameter `{}` of `{}`: {}", parameter.name, code.name, fault.message());
            Fault::new(fault.code(), message)
        })?;
    }
    Ok(())
}

/// Whether a value needs no look inside to be of a type.
pub(super) fn fits_as_it_is(kind: &Type, value: &Value) -> bool {
    matches!(
        (kind, value),
        (Type::Any, _)
            | (Type::Int, Value::Int(_))
            | (Type::Float, Value::Float(_))
            | (Type::Bool, Value::Bool(_))
            | (Type::String, Value::Text(_))
            | (Type::Void, Value::Void)
    )
}
