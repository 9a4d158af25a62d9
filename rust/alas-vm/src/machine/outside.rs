//! Calling functions that the host implements.

use std::ptr::NonNull;

use alas_check::{FunctionInterface, Type};
use alas_value::Value;

use super::{Machine, call, nesting};
use crate::code::Shared;
use crate::{Context, ErrorCode, Fault, Host, convert};

impl Machine {
    /// Calls a host function of a module; its result fits the declared type.
    ///
    /// The arguments fit their declared types, and are void afterwards.
    #[inline(never)]
    pub(super) fn call_host(
        &mut self,
        shared: &Shared,
        number: u32,
        arguments: &mut [Value],
        host: &mut Host,
    ) -> Result<Value, Fault> {
        let callee = &shared.hosts[number as usize];
        let declared = &shared.interface.functions[callee.number as usize];
        let work = || {
            let mut context = Context { host: &mut *host, module: &shared.context };
            callee.function.call(&mut context, arguments)
        };
        // SAFETY: the work does not know the machine, and this function goes on with it only afterwards.
        let outcome = unsafe { nesting::waiting(NonNull::from(&mut *self), work) };
        for argument in arguments {
            *argument = Value::Void;
        }
        let result = outcome?;
        if host.interrupt.is_set() {
            host.poll()?;
        }
        if call::fits_as_it_is(&declared.returns, &result) {
            return Ok(result);
        }
        convert(result, &declared.returns, &shared.definitions)
            .map_err(|fault| wrong_result(shared, declared, &fault))
    }
}

#[cold]
fn wrong_result(shared: &Shared, declared: &FunctionInterface, fault: &Fault) -> Fault {
    let FunctionInterface { name, returns, .. } = declared;
    let returns = match returns {
        Type::Void => "nothing".to_owned(),
        returns => format!("`{returns}`"),
    };
    let message = format!(
        "`{}.{name}`, which the host implements, declares to return {returns}: {}",
        shared.interface.name,
        fault.message()
    );
    Fault::new(ErrorCode::NativeError, message)
}
