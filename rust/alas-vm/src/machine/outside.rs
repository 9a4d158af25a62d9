//! Calling functions that the host implements.

use std::mem::{self, ManuallyDrop, MaybeUninit};
use std::slice;
use std::sync::atomic::Ordering;

use alas_check::{FunctionInterface, Type};
use alas_ir::Class;
use alas_value::Value;

use super::Machine;
use super::slots;
use crate::code::{Code, FEW_NUMBERS, HostCallee, Numbers, Shared};
use crate::turn::Inside;
use crate::{Context, ErrorCode, Fault, Host, convert};

/// How many arguments are passed without asking for memory.
const FEW: usize = 8;

impl Machine {
    /// Calls a function of any module that the host implements, whose arguments are staged, and stores its result.
    ///
    /// # Errors
    ///
    /// The failure of the call.
    ///
    /// # Safety
    ///
    /// At `staging` stand the arguments for the callee, which the host implements; `to` is a slot for its result.
    #[inline(never)]
    pub(super) unsafe fn call_outside(
        &mut self,
        callee: &Code,
        (staging, to): (*mut u64, *mut u64),
        host: &mut Host,
    ) -> Result<(), Fault> {
        if (self.fuel == 0 || self.frames.len() >= self.most_frames)
            && let Err(fault) = self.check_call(host)
        {
            // SAFETY: the caller promises that the arguments stand there.
            unsafe { Self::abandon(staging, callee) };
            return Err(fault);
        }
        self.fuel -= 1;
        if let Some(calls) = &callee.calls {
            calls.fetch_add(1, Ordering::Relaxed);
        }
        let shared = callee.shared();
        // SAFETY: `link` has set the pointer for all functions that the host implements, to what the module keeps.
        let outside = unsafe { &*callee.outside.get() };
        if let Some(numbers) = &outside.numbers {
            let mut few = [const { MaybeUninit::uninit() }; FEW_NUMBERS];
            // SAFETY: the caller promises that the arguments stand there, which are numbers of these kinds.
            let arguments = unsafe { take_numbers(numbers, callee.parameters.len(), staging, &mut few) };
            // A number, which owns nothing, is let go of without a look at what it is.
            let mut result = ManuallyDrop::new(Value::Void);
            // SAFETY: staging is a part of the stack.
            let slots = unsafe { staging.offset_from_unsigned(self.stack.as_ptr()) };
            self.leave_for(shared, (1, slots), host, |context| {
                outside.function.call_numbers(context, arguments, &mut result)
            })?;
            if host.interrupt.is_set()
                && let Err(fault) = host.poll()
            {
                // What is no number owns something.
                drop(ManuallyDrop::into_inner(result));
                return Err(fault);
            }
            let given = (&raw const result).cast::<u64>();
            // SAFETY: a value is a tag and a payload in two slots; that of a number is its bits, for which the caller promises
            // a slot of its class.
            unsafe {
                if given.read() == numbers.result {
                    *to = given.add(1).read();
                    return Ok(());
                }
                return store_other(callee, outside, to, ManuallyDrop::into_inner(result), host);
            }
        }
        // SAFETY: as the caller promises.
        unsafe { self.enter_with_any(callee, (staging, to), host) }
    }

    /// Calls a host function that takes or gives something else than numbers, and stores its result.
    ///
    /// # Safety
    ///
    /// As for [`Machine::call_outside`].
    #[inline(never)]
    unsafe fn enter_with_any(
        &mut self,
        callee: &Code,
        (staging, to): (*mut u64, *mut u64),
        host: &mut Host,
    ) -> Result<(), Fault> {
        let shared = callee.shared();
        let outside = &shared.hosts[callee.host.unwrap_or_default() as usize];
        let result = if callee.parameters.len() <= FEW {
            let mut few = [const { MaybeUninit::uninit() }; FEW];
            // SAFETY: the caller promises that the arguments stand there.
            let arguments = Arguments(unsafe { take_staged(callee, staging, &mut few) });
            self.enter_host((shared, outside), 1, &mut *arguments.0, host)?
        } else {
            // SAFETY: as above.
            unsafe { self.enter_with_many(callee, staging, host)? }
        };
        // SAFETY: the caller promises a slot for the result, which is of the class that the declaration asks for.
        unsafe { slots::store(callee.result, to, result) }
    }

    /// Calls a host function of many parameters.
    ///
    /// # Safety
    ///
    /// At `staging` stand the arguments for the callee, which the host implements.
    #[cold]
    #[inline(never)]
    unsafe fn enter_with_many(
        &mut self,
        callee: &Code,
        staging: *mut u64,
        host: &mut Host,
    ) -> Result<Value, Fault> {
        let mut many = Vec::new();
        many.resize_with(callee.parameters.len(), MaybeUninit::uninit);
        // SAFETY: the caller promises that the arguments stand there.
        let arguments = unsafe { take_staged(callee, staging, &mut many) };
        self.call_host(callee.shared(), (callee.host.unwrap_or_default(), 1), arguments, host)
    }

    /// What has to be looked at now and then before a call, and whether calls nest too deep.
    #[cold]
    #[inline(never)]
    fn check_call(&mut self, host: &mut Host) -> Result<(), Fault> {
        if self.fuel == 0 {
            self.refill(host)?;
        }
        if self.frames.len() >= self.most_frames { Err(self.too_deep()) } else { Ok(()) }
    }

    /// Calls a host function of a module; its result fits the declared type.
    ///
    /// The arguments fit their declared types, and own nothing afterwards. A function without a frame of its own counts as
    /// one all the same: the number of such frames stands beside that of the function.
    #[inline(never)]
    pub(super) fn call_host(
        &mut self,
        shared: &Shared,
        (number, own_frames): (u32, usize),
        arguments: &mut [Value],
        host: &mut Host,
    ) -> Result<Value, Fault> {
        let arguments = Arguments(arguments);
        self.enter_host((shared, &shared.hosts[number as usize]), own_frames, &mut *arguments.0, host)
    }

    /// Calls a host function; whoever calls this lets go of the arguments.
    fn enter_host(
        &mut self,
        (shared, callee): (&Shared, &HostCallee),
        own_frames: usize,
        arguments: &mut [Value],
        host: &mut Host,
    ) -> Result<Value, Fault> {
        let slots = self.frames.last().map_or(0, |frame| frame.base);
        let result = self.leave_for(shared, (own_frames, slots), host, |context| {
            callee.function.call(context, arguments)
        })?;
        if host.interrupt.is_set() {
            host.poll()?;
        }
        if callee.exact == Some(result.kind()) {
            return Ok(result);
        }
        fitting(shared, callee, result, host)
    }

    /// Does the work of a host function in its turn, while the meter knows what the calls that wait for it use.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "it is most of what a call costs, and there are two callers")]
    fn leave_for<R>(
        &mut self,
        shared: &Shared,
        (own_frames, slots): (usize, usize),
        host: &mut Host,
        work: impl FnOnce(&mut Context<'_>) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        // It ends at the end of this function, where it stands: moving it would cost more than ending it.
        let _inside = match &shared.context.turn {
            None => Inside::FREE,
            Some(turn) => turn.enter(self.thread, host)?,
        };
        self.meter.frames.set(self.below.frames + self.frames.len() + own_frames);
        self.meter.slots.set(self.below.slots + slots);
        if self.is_metered {
            self.hand_over(host);
        }
        let accounts = self.accounts;
        let left = Left(self);
        let outcome = work(&mut Context { host, module: &shared.context, accounts });
        mem::forget(left);
        if self.is_metered {
            self.take_back();
        }
        outcome
    }

    /// Puts on the meter what calls that come while this one waits have to know: when it has to end, and the steps that
    /// were handed out.
    #[inline(never)]
    fn hand_over(&self, host: &Host) {
        if self.has_deadline {
            self.meter.deadline.set(host.bounds.waiting());
        }
        let steps = &self.meter.steps;
        steps.set(steps.get().map(|left| left + self.fuel));
    }

    /// Takes the steps back that such calls have left.
    #[inline(never)]
    fn take_back(&mut self) {
        if let Some(left) = self.meter.steps.get() {
            self.fuel = self.fuel.min(left);
            self.meter.steps.set(Some(left - self.fuel));
        }
    }
}

/// A machine that a host function was called from. Only a panic drops this: it ends the call, with all that its frames own.
struct Left<'m>(&'m mut Machine);

impl Drop for Left<'_> {
    #[cold]
    fn drop(&mut self) {
        while !self.0.frames.is_empty() {
            self.0.discard();
        }
    }
}

/// Arguments of a host function. What it has left of them is let go of at the end, also when it panics.
struct Arguments<'a>(&'a mut [Value]);

impl Drop for Arguments<'_> {
    #[inline]
    fn drop(&mut self) {
        for argument in &mut *self.0 {
            if matches!(argument, Value::Text(_) | Value::Array(_) | Value::Map(_) | Value::Task(_)) {
                *argument = Value::Void;
            }
        }
    }
}

/// Moves staged arguments to places for as many.
///
/// # Safety
///
/// At `staging` stand the arguments for the callee, for which there are enough places.
#[inline]
unsafe fn take_staged<'p>(
    callee: &Code,
    staging: *mut u64,
    places: &'p mut [MaybeUninit<Value>],
) -> &'p mut [Value] {
    let mut slot = staging;
    for (place, class) in places.iter_mut().zip(&callee.parameters) {
        // SAFETY: the caller promises that the arguments stand there, one after the other.
        unsafe {
            match class {
                Class::Int => place.write(Value::Int((*slot).cast_signed())),
                class => place.write(slots::take(*class, slot)),
            };
            slot = slot.add(class.slots());
        }
    }
    // SAFETY: so many were written.
    unsafe { slice::from_raw_parts_mut(places.as_mut_ptr().cast::<Value>(), callee.parameters.len()) }
}

/// Moves staged numbers to places for as many.
///
/// # Safety
///
/// At `staging` stand so many arguments, no more than there are places, which are numbers of these kinds.
#[inline]
unsafe fn take_numbers<'p>(
    numbers: &Numbers,
    count: usize,
    staging: *const u64,
    places: &'p mut [MaybeUninit<[u64; 2]>; FEW_NUMBERS],
) -> &'p mut [Value] {
    for index in 0..count {
        // SAFETY: the caller promises that the numbers stand there, one after the other, and as many places and tags.
        unsafe {
            let bits = *staging.add(index);
            places.get_unchecked_mut(index).write([*numbers.parameters.get_unchecked(index), bits]);
        }
    }
    // SAFETY: so many were written, each as a value is: a tag and a payload in two slots.
    unsafe { slice::from_raw_parts_mut(places.as_mut_ptr().cast::<Value>(), count) }
}

/// Stores a result that is not yet as the declared type has it.
///
/// # Safety
///
/// `to` is a slot of the class of the callee's result.
#[inline(never)]
unsafe fn store_other(
    callee: &Code,
    outside: &HostCallee,
    to: *mut u64,
    result: Value,
    host: &Host,
) -> Result<(), Fault> {
    let fitted = fitting(callee.shared(), outside, result, host)?;
    // SAFETY: as the caller promises.
    unsafe { slots::store(callee.result, to, fitted) }
}

/// The result as the declared type has it.
#[inline(never)]
fn fitting(shared: &Shared, callee: &HostCallee, result: Value, host: &Host) -> Result<Value, Fault> {
    let declared = &shared.interface.functions[callee.number as usize];
    convert(result, &declared.returns, &shared.definitions, host).map_err(|fault| {
        // Only what is wrong with the result is the function's fault.
        if fault.code().is_catchable() {
            wrong_result(shared, declared, &callee.function.implementer(), &fault)
        } else {
            fault
        }
    })
}

#[cold]
fn wrong_result(shared: &Shared, declared: &FunctionInterface, implementer: &str, fault: &Fault) -> Fault {
    let FunctionInterface { name, returns, .. } = declared;
    let returns = match returns {
        Type::Void => "nothing".to_owned(),
        returns => format!("`{returns}`"),
    };
    let message = format!(
        "`{}.{name}`, which {implementer} implements, declares to return {returns}: {}",
        shared.interface.name,
        fault.message()
    );
    Fault::new(ErrorCode::NativeError, message)
}
