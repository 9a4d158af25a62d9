//! A native function as the engine calls it.

use std::sync::Arc;

use alas_engine::value::{Value, account};
use alas_engine::{Context, ErrorCode, Fault, HostFunction};
use alas_plugin_abi::{NativeFunction as Pointer, OK, Status, Value as Passed};

use crate::call::{Failure, Record, Running};
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
        let caller = account::switch(self.plugin.account());
        let running = Running::begin(&self.plugin, caller, arguments).within(context);
        let record = running.record();
        let mut result = Passed::VOID;
        let ended = if arguments.len() <= FEW {
            let mut few = [Passed::VOID; FEW];
            for (index, (place, argument)) in few.iter_mut().zip(&*arguments).enumerate() {
                *place = record.argument(index, argument);
            }
            unwinding::function(self.pointer, running.shown(), &few[..arguments.len()], &mut result)
        } else {
            let each = |(index, argument)| record.argument(index, argument);
            let many: Vec<Passed> = arguments.iter().enumerate().map(each).collect();
            unwinding::function(self.pointer, running.shown(), &many, &mut result)
        };
        let outcome = match (record.take_fatal(), ended) {
            (None, Ended::Normally(OK)) => {
                record.result(result).map_err(|failure| self.wrong_result(failure))
            }
            (Some(fault), _) => Err(fault),
            (None, ended) => Err(self.failed(record, &ended)),
        };
        drop(running);
        let _ = account::switch(caller);
        outcome
    }

    fn implementer(&self) -> &'static str {
        "native code"
    }
}

impl NativeFunction {
    /// The failure of a function that did not return what it should.
    #[cold]
    fn failed(&self, record: &Record, ended: &Ended<Status>) -> Fault {
        let what = self.what();
        match (ended, record.take_failure()) {
            (Ended::Unwinding(thrown), _) => native(format!(
                "{what} ended by {thrown}, which must not leave it: catch it there, and fail with a message"
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
