//! Calling functions that the host implements.

use alas_check::{FunctionInterface, Type};
use alas_value::Value;

use super::nesting::{self, Usage};
use super::{Machine, call};
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
        let usage = Usage {
            calls: self.below.calls + 1,
            frames: self.below.frames + self.frames.len(),
            slots: self.below.slots + self.frames.last().map_or(0, |frame| frame.base),
            stack: if self.below.calls == 0 { self.entered } else { self.below.stack },
        };
        let _inside = match &shared.context.turn {
            Some(turn) => Some(turn.enter(host)?),
            None => None,
        };
        let work = || {
            let mut context = Context { host: &mut *host, module: &shared.context };
            callee.function.call(&mut context, arguments)
        };
        // The steps that were handed out go on the meter meanwhile.
        let steps = &self.meter.steps;
        steps.set(steps.get().map(|left| left + self.fuel));
        self.meter.usage.set(usage);
        let outcome = nesting::waiting(&self.meter, work);
        if let Some(left) = steps.get() {
            self.fuel = self.fuel.min(left);
            steps.set(Some(left - self.fuel));
        }
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
            .map_err(|fault| wrong_result(shared, declared, callee.function.implementer(), &fault))
    }
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
