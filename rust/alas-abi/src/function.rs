//! A native function as the engine calls it.

use std::mem::MaybeUninit;
use std::sync::Arc;

use alas_engine::value::{Value, account};
use alas_engine::{Context, ErrorCode, Fault, HostFunction};
use alas_plugin_abi::{Call, NativeFunction as Pointer, OK, Status, Value as Passed};

use crate::call::{self, Failure, Record};
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
        account::paid_by_other(self.plugin.account(), |caller| {
            call::run(&self.plugin, caller, (arguments, Some(context)), |record, shown| {
                self.run(record, shown)
            })
        })
    }

    fn implementer(&self) -> &'static str {
        "native code"
    }
}

impl NativeFunction {
    #[inline]
    fn run(&self, record: &Record, shown: *mut Call) -> Result<Value, Fault> {
        let mut result = Passed::VOID;
        let count = record.argument_count();
        let ended = if let Some(numbers) = record.numbers() {
            unwinding::function(self.pointer, shown, numbers, &mut result)
        } else if count <= FEW {
            let mut few = [MaybeUninit::uninit(); FEW];
            let few = record.pass(&mut few[..count]);
            unwinding::function(self.pointer, shown, few, &mut result)
        } else {
            let mut many = vec![MaybeUninit::uninit(); count];
            unwinding::function(self.pointer, shown, record.pass(&mut many), &mut result)
        };
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
            (Ended::Normally(_), Some(Failure::Own(failure))) => {
                let message = match (&*failure.message, &*failure.code) {
                    ("", "") => format!("{what} failed without saying why"),
                    ("", code) => format!("{what} failed: {code}"),
                    (message, "") => format!("{what} failed: {message}"),
                    (message, code) => format!("{what} failed: {message} ({code})"),
                };
                native(message).caused_by(failure)
            }
            (Ended::Normally(status), None) => {
                native(format!("{what} failed with the status {status}, without saying why"))
            }
        }
    }

    /// The failure of a function whose result is no value.
    #[cold]
    fn wrong_result(&self, failure: Failure) -> Fault {
        match failure {
            Failure::Own(failure) => {
                native(format!("the result of {}: {}", self.what(), failure.message)).caused_by(failure)
            }
            Failure::Called(fault) => fault,
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
