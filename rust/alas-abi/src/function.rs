//! A native function as the engine calls it.

use std::mem::MaybeUninit;
use std::ptr;
use std::sync::Arc;

use alas_engine::value::{Kind, Value};
use alas_engine::{Context, ErrorCode, Fault, HostFunction};
use alas_plugin_abi::{Call, NativeFunction as Pointer, OK, Status, Value as Passed, tag};

use crate::call::{self, Failure, NO_TASKS, Record};
use crate::plugin::Plugin;
use crate::unwinding::{self, Ended};

/// How many arguments are passed without asking for memory.
const FEW: usize = 8;

/// A function of a plugin in native code.
pub(crate) struct NativeFunction {
    plugin: Arc<Plugin>,
    pointer: Pointer,
    name: Box<str>,
}

impl NativeFunction {
    pub(crate) fn new(plugin: Arc<Plugin>, pointer: Pointer, name: &str) -> Self {
        Self { plugin, pointer, name: name.into() }
    }
}

impl HostFunction for NativeFunction {
    #[inline]
    fn call(&self, context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
        if arguments.iter().any(|argument| argument.kind() == Kind::Task) {
            return Err(Fault::new(ErrorCode::TypeError, format!("{}: {NO_TASKS}", self.what())));
        }
        call::run(&self.plugin, (arguments, Some(context)), |record, shown| self.run(record, shown))
    }

    fn call_numbers(
        &self,
        context: &mut Context<'_>,
        arguments: &mut [Value],
        result: &mut Value,
    ) -> Result<(), Fault> {
        call::run(&self.plugin, (arguments, Some(context)), |record, shown| {
            // SAFETY: the machine passes numbers only, as it promises.
            let numbers = unsafe { record.as_numbers() };
            // What the function gives stands at once where the machine reads it, when it is a number.
            let place = ptr::from_mut(result).cast::<Passed>();
            // SAFETY: both sides of a value are of one size and alignment, and what stands there owns nothing. Now all bytes of
            // it have been written, which those of a void value need not have been.
            unsafe { place.write(Passed::VOID) };
            // SAFETY: the function gets a place for a result; nobody else looks at it meanwhile.
            let ended = unsafe { unwinding::function(self.pointer, shown, numbers, place) };
            // Only the half that tells is read here. Reading the whole at once, which was just written in two halves,
            // would wait until both are in memory.
            // SAFETY: the place holds the void that was put there, or what the function has written.
            let head = unsafe { place.cast::<u64>().read() };
            let is_number = head == tag::INT.into() || head == tag::FLOAT.into();
            match ended {
                Ended::Normally(OK) if is_number && record.is_untouched() => Ok(()),
                // SAFETY: the place is that of the result, as above.
                ended => unsafe { self.settle(record, ended, result) },
            }
        })
    }

    fn implementer(&self) -> String {
        format!("native code of the plugin `{}`", self.plugin.name())
    }
}

impl NativeFunction {
    #[inline]
    fn run(&self, record: &Record, shown: *mut Call) -> Result<Value, Fault> {
        let mut result = Passed::VOID;
        let count = record.argument_count();
        // SAFETY: the place for the result is this function's own.
        let ended = unsafe {
            if count <= FEW {
                let mut few = [MaybeUninit::uninit(); FEW];
                let few = record.pass(&mut few[..count]);
                unwinding::function(self.pointer, shown, few, &raw mut result)
            } else {
                let mut many = vec![MaybeUninit::uninit(); count];
                unwinding::function(self.pointer, shown, record.pass(&mut many), &raw mut result)
            }
        };
        self.outcome(record, ended, &result)
    }

    /// What a call comes to whose result is no number, or that has made or noted something.
    ///
    /// # Safety
    ///
    /// In the place of the result stands what the function has written over a void value.
    #[inline(never)]
    unsafe fn settle(&self, record: &Record, ended: Ended<Status>, result: &mut Value) -> Result<(), Fault> {
        let place = ptr::from_mut(result);
        // SAFETY: both sides of a value are of one size and alignment. What stands there owns nothing, and may be no value,
        // so that the machine must not see it.
        let given = unsafe {
            let given = place.cast::<Passed>().read();
            place.write(Value::Void);
            given
        };
        *result = self.outcome(record, ended, &given)?;
        Ok(())
    }

    /// What a call comes to that has ended.
    #[inline]
    fn outcome(&self, record: &Record, ended: Ended<Status>, result: &Passed) -> Result<Value, Fault> {
        match (record.take_fatal(), ended) {
            (None, Ended::Normally(OK)) => {
                record.result(result).map_err(|failure| self.wrong_result(failure))
            }
            (Some(fault), Ended::Normally(_)) => Err(fault),
            (Some(fault), Ended::Unwinding(thrown)) => {
                self.plugin.give_back(thrown);
                Err(fault)
            }
            (None, ended) => Err(self.failed(record, ended)),
        }
    }

    /// The failure of a function that did not return what it should.
    #[cold]
    fn failed(&self, record: &Record, ended: Ended<Status>) -> Fault {
        let what = self.what();
        match (ended, record.take_failure()) {
            (Ended::Unwinding(thrown), _) => native(format!(
                "{what} ended by {}, which must not leave it: catch it there, and fail with a message",
                self.plugin.give_back(thrown)
            )),
            (Ended::Normally(_), Some(Failure::Called(fault))) => fault,
            (Ended::Normally(_), Some(Failure::Refused(fault))) => {
                Fault::new(fault.code(), format!("{what} {}", fault.message()))
            }
            (Ended::Normally(_), Some(Failure::Own(failure))) => {
                let is_silent = failure.code.is_empty() && failure.message.is_empty();
                let message =
                    if is_silent { " without saying why".to_owned() } else { format!(": {failure}") };
                native(format!("{what} failed{message}")).caused_by(failure)
            }
            (Ended::Normally(status), None) => match record.misuse() {
                Some(misuse) => native(format!("{what} failed with the status {status}: {misuse}")),
                None => native(format!("{what} failed with the status {status}, without saying why")),
            },
        }
    }

    /// The failure of a function whose result is no value.
    #[cold]
    fn wrong_result(&self, failure: Failure) -> Fault {
        match failure {
            Failure::Own(failure) => {
                native(format!("the result of {}: {}", self.what(), failure.message)).caused_by(failure)
            }
            Failure::Called(fault) | Failure::Refused(fault) => fault,
        }
    }

    fn what(&self) -> String {
        format!("`{}.{}` of the plugin `{}`", self.plugin.module(), self.name, self.plugin.name())
    }
}

#[cold]
fn native(message: String) -> Fault {
    Fault::new(ErrorCode::NativeError, message)
}
