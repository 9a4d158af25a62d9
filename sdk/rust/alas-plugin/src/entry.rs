//! What the host calls: one of the two modules with unsafe code.
//!
//! Everything that the host calls ends in one of the functions of this module, so that the macros write safe code only.
//! No panic leaves them.

use std::ffi::CStr;
use std::ptr::NonNull;
use std::slice;

use alas_plugin_abi::{
    ABI_MAJOR, ABI_MINOR, Call, Descriptor, ERROR, Function, Host, OK, Status, Value as Raw,
};

use crate::error::{Error, Result};
use crate::from_value::FromValue;
use crate::host::Context;
use crate::into_value::IntoValue;
use crate::panics;
use crate::scopes::Scopes;
use crate::value::Value;

/// A function of a plugin, as the attribute makes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no function of a plugin",
    label = "this is listed in `plugin!`",
    note = "write `#[alas_plugin::function]` above the function"
)]
pub trait PluginFunction {
    /// Its name in the manifest.
    const NAME: &'static CStr;
    /// How many parameters it has, the context not counted.
    const PARAMETER_COUNT: u32;

    /// Calls it.
    ///
    /// # Errors
    ///
    /// An argument is not what it needs, or the function fails.
    fn run(arguments: Arguments<'_>) -> Result<Value<'_>>;
}

/// What `plugin!` makes of `init`.
pub trait PluginInit {
    /// Calls it.
    ///
    /// # Errors
    ///
    /// It fails.
    fn run(context: &Context) -> Result<()>;
}

/// What `plugin!` makes of `shutdown`.
pub trait PluginShutdown {
    /// Calls it.
    fn run();
}

/// What `init` may return.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the result of `init`",
    note = "`init` is a `fn(&Context)` or a `fn(&Context) -> Result<()>`"
)]
pub trait InitOutcome {
    /// The same as a result.
    ///
    /// # Errors
    ///
    /// It is an error.
    fn outcome(self) -> Result<()>;
}

impl InitOutcome for () {
    fn outcome(self) -> Result<()> {
        Ok(())
    }
}

impl<E: Into<Error>> InitOutcome for Result<(), E> {
    fn outcome(self) -> Result<()> {
        self.map_err(Into::into)
    }
}

/// The arguments of a call.
#[derive(Clone, Copy)]
pub struct Arguments<'call> {
    context: &'call Context,
    values: &'call [Raw],
}

impl<'call> Arguments<'call> {
    /// The context of the call.
    #[must_use]
    pub fn context(self) -> &'call Context {
        self.context
    }

    /// An argument.
    ///
    /// # Errors
    ///
    /// It is not what the function needs.
    pub fn get<T: FromValue<'call>>(self, position: usize, name: &str) -> Result<T> {
        let Some(raw) = self.values.get(position) else {
            return Err(Error::new("argument_count", format!("the parameter `{name}` has no argument")));
        };
        // SAFETY: the host has passed it with this call.
        let handle = unsafe { self.context.argument(*raw) };
        T::from_value(Value { handle }).map_err(|error| error.at(format_args!("the parameter `{name}`")))
    }

    /// The result of the function.
    ///
    /// # Errors
    ///
    /// The function has failed, or the host cannot make a value of what it has returned.
    pub fn give(self, result: impl IntoValue) -> Result<Value<'call>> {
        result.into_value(self.context)
    }
}

/// Does some work of a call, and tells the host how it has failed.
///
/// # Safety
///
/// The pointer is what the host has passed to the function that runs.
unsafe fn serve(call: *mut Call, work: impl FnOnce(&Context) -> Result<()>) -> Status {
    let Some(call) = NonNull::new(call) else { return ERROR };
    let scopes = Scopes::new();
    // SAFETY: the caller promises it, and both outlive the context.
    let context = unsafe { Context::new(call, &scopes) };
    match panics::catch(|| work(&context)) {
        Ok(Ok(())) => OK,
        // The host has noted why.
        Ok(Err(error)) if error.is_kept_by_host() => ERROR,
        Ok(Err(error)) => context.fail(error.code(), error.message()),
        Err(message) => context.fail("panic", &message),
    }
}

unsafe extern "C-unwind" fn function<F: PluginFunction>(
    call: *mut Call,
    arguments: *const Raw,
    count: usize,
    result: *mut Raw,
) -> Status {
    let work = |context: &Context| {
        let expected = F::PARAMETER_COUNT as usize;
        if count != expected {
            let message = format!("expected {expected} as the number of arguments, found {count}");
            return Err(Error::new("argument_count", message));
        }
        let values = if count == 0 {
            &[]
        } else {
            // SAFETY: the host passes so many arguments, which stay until the function returns.
            unsafe { slice::from_raw_parts(arguments, count) }
        };
        let value = F::run(Arguments { context, values })?;
        // SAFETY: the host passes a place for the result.
        unsafe { result.write(value.handle.raw()) };
        Ok(())
    };
    // SAFETY: the host passes the call.
    unsafe { serve(call, work) }
}

unsafe extern "C-unwind" fn init<I: PluginInit>(call: *mut Call) -> Status {
    // SAFETY: the host passes the call.
    unsafe { serve(call, I::run) }
}

unsafe extern "C-unwind" fn shutdown<S: PluginShutdown>() {
    // There is nobody to tell of a panic but the hook, which has printed it.
    if let Err(payload) = std::panic::catch_unwind(S::run) {
        panics::discard(payload);
    }
}

/// A row of a plugin's table.
#[repr(transparent)]
pub struct Row(Function);

// SAFETY: the row holds pointers to constants.
unsafe impl Sync for Row {}

impl Row {
    /// The row of a function.
    #[must_use]
    pub const fn of<F: PluginFunction>() -> Self {
        Self(Function {
            name: F::NAME.as_ptr(),
            function: Some(function::<F>),
            parameter_count: F::PARAMETER_COUNT,
            reserved: 0,
        })
    }
}

/// What a plugin says about itself.
#[repr(transparent)]
pub struct Plugin(Descriptor);

// SAFETY: the descriptor holds pointers to constants.
unsafe impl Sync for Plugin {}

impl Plugin {
    /// A plugin with a module's name and functions.
    #[must_use]
    pub const fn new(module: &'static CStr, functions: &'static [Row]) -> Self {
        Self(Descriptor {
            abi_major: ABI_MAJOR,
            abi_minor: ABI_MINOR,
            size: size_of::<Descriptor>(),
            module: module.as_ptr(),
            functions: functions.as_ptr().cast(),
            function_count: functions.len(),
            init: None,
            shutdown: None,
        })
    }

    /// The same with a function that is called first.
    #[must_use]
    pub const fn with_init<I: PluginInit>(mut self) -> Self {
        self.0.init = Some(init::<I>);
        self
    }

    /// The same with a function that is called last.
    #[must_use]
    pub const fn with_shutdown<S: PluginShutdown>(mut self) -> Self {
        self.0.shutdown = Some(shutdown::<S>);
        self
    }
}

/// Answers the host, which has just opened the library: null when it is another one than this kit knows.
///
/// # Safety
///
/// The pointer is what the host has passed to the entry of the plugin.
pub unsafe fn enter(host: *const Host, plugin: &'static Plugin) -> *const Descriptor {
    // SAFETY: the host passes its table, which begins with these in every version.
    let fits =
        !host.is_null() && unsafe { (*host).abi_major == ABI_MAJOR && (*host).size >= size_of::<Host>() };
    if !fits {
        return std::ptr::null();
    }
    match std::panic::catch_unwind(panics::install) {
        Ok(()) => &raw const plugin.0,
        Err(payload) => {
            panics::discard(payload);
            std::ptr::null()
        }
    }
}
