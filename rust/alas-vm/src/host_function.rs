//! Functions that are implemented outside the language.

use std::collections::HashMap;
use std::sync::Arc;

use alas_value::Value;

use crate::{Context, Fault};

/// A function that the host implements, in whatever language.
///
/// Its name, its parameters and its result are declared by the module that it belongs to, and the machine sees to it that
/// the declaration holds. Closures implement it.
///
/// ```
/// use alas_vm::{Context, Fault, HostFunction};
/// use alas_value::Value;
///
/// let answer: Box<dyn HostFunction> =
///     Box::new(|_: &mut Context<'_>, _: &mut [Value]| Ok::<_, Fault>(Value::Int(42)));
/// ```
pub trait HostFunction: Send + Sync {
    /// Calls the function.
    ///
    /// There are as many arguments as declared, each of the declared type. It takes out what it wants to own; what it
    /// leaves is dropped by the machine. The result is made to fit the declared type, and is the run-time error
    /// `native_error` when it does not.
    ///
    /// It may call functions of any module. All of these calls together are bounded by the limits of the outermost one.
    /// The machine looks for requests to stop when it returns; one that takes long asks [`Context::poll`] by itself. One
    /// that writes to the program's output by other ways flushes the [`Console`](crate::Console) before.
    ///
    /// # Errors
    ///
    /// What the function failed with; a program can catch it like any other run-time error.
    fn call(&self, context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault>;

    /// Calls the function, when all its parameters and its result are declared as ints and floats, and it has up to eight of
    /// them. This is for implementations that have a shorter way then; by default it is [`HostFunction::call`].
    ///
    /// The arguments are such numbers. `result` holds void, or another value that owns nothing, and so it does after a
    /// failure; it may be written over without being dropped.
    ///
    /// # Errors
    ///
    /// As for [`HostFunction::call`].
    fn call_numbers(
        &self,
        context: &mut Context<'_>,
        arguments: &mut [Value],
        result: &mut Value,
    ) -> Result<(), Fault> {
        *result = self.call(context, arguments)?;
        Ok(())
    }

    /// What messages call the implementation.
    fn implementer(&self) -> String {
        "the host".to_owned()
    }
}

impl<F> HostFunction for F
where
    F: Fn(&mut Context<'_>, &mut [Value]) -> Result<Value, Fault> + Send + Sync,
{
    fn call(&self, context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
        self(context, arguments)
    }
}

/// The host functions of a module, by their names.
pub type HostFunctions = HashMap<Arc<str>, Arc<dyn HostFunction>>;
