//! What is no value: failing, the log, the configuration, calling back, stopping, scopes.

use std::ffi::c_char;
use std::slice;

use alas_engine::value::{Text, Value, account};
use alas_engine::{ErrorCode, Fault, FunctionHandle, Limits, RunError, is_namespace};
use alas_plugin_abi::{Call, ERROR, NOT_FOUND, OK, Status, Value as Passed};

use super::{check_place, give, taken};
use crate::call::{Failure, Outcome, Record};
use crate::log::Level;

/// The longest message of a plugin, in bytes.
const LONGEST_MESSAGE: usize = 100_000;

/// The longest name of a function, with that of its module, in bytes.
const LONGEST_NAME: usize = 1_000;

/// The most arguments of a call.
const MOST_ARGUMENTS: usize = 10_000;

/// A message for people: never refused, because something has gone wrong already.
///
/// # Safety
///
/// The pointer is null, or one to so many bytes.
unsafe fn message(start: *const c_char, length: usize) -> String {
    if start.is_null() || length > Text::MAX_LENGTH {
        return String::new();
    }
    // SAFETY: the caller promises that the bytes are there; only the first of them are looked at.
    let bytes = unsafe { slice::from_raw_parts(start.cast::<u8>(), length.min(LONGEST_MESSAGE)) };
    String::from_utf8_lossy(bytes).into_owned()
}

pub(super) unsafe extern "C" fn fail(
    call: *mut Call,
    code: *const c_char,
    code_length: usize,
    text: *const c_char,
    text_length: usize,
) -> Status {
    let work = |record: &Record| {
        // SAFETY: the plugin passes null, or so many bytes.
        let (code, text) = unsafe { (message(code, code_length), message(text, text_length)) };
        record.note(Failure::new(code, text));
        Ok(ERROR)
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn log(
    call: *mut Call,
    level: i32,
    text: *const c_char,
    length: usize,
) -> Status {
    let work = |record: &Record| {
        // SAFETY: the plugin passes null, or so many bytes.
        let text = unsafe { message(text, length) };
        match record.plugin().log(Level::of(level), &text) {
            Ok(()) => Ok(OK),
            Err(fault) => Err(stopped(record, fault)),
        }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn config(
    call: *mut Call,
    key: *const c_char,
    key_length: usize,
    text: *mut Passed,
) -> Status {
    let work = |record: &Record| {
        // SAFETY: the plugin passes null, or so many bytes.
        let key = unsafe { taken(key, key_length, "a key") }?;
        match record.plugin().config(key) {
            Some(found) => {
                record.check_room(found.len())?;
                // SAFETY: the plugin passes null, or a place for it.
                unsafe { give(text, record.hand_out(Value::text(found))?) }
            }
            None => Ok(NOT_FOUND),
        }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn invoke(
    call: *mut Call,
    name: *const c_char,
    name_length: usize,
    arguments: *const Passed,
    count: usize,
    result: *mut Passed,
) -> Status {
    let work = |record: &Record| {
        check_place(result)?;
        // SAFETY: the plugin passes null, or so many bytes.
        let name = unsafe { taken(name, name_length, "the name of a function") }?;
        // SAFETY: the plugin passes null, or so many values.
        let values = unsafe { passed(record, arguments, count) }?;
        let value = run(record, name, values)?;
        // SAFETY: the plugin passes a place for it.
        unsafe { give(result, record.hand_out(value)?) }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

/// The values of an array that the plugin passes.
///
/// # Safety
///
/// The pointer is null, or one to so many values.
unsafe fn passed(record: &Record, start: *const Passed, count: usize) -> Outcome<Vec<Value>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if start.is_null() || !start.is_aligned() {
        return Err(Failure::new(
            "null_pointer",
            "the plugin passed no arguments where it says there are some",
        ));
    }
    if count > MOST_ARGUMENTS {
        return Err(Failure::new("too_large", format!("the plugin says that it passes {count} arguments")));
    }
    // SAFETY: the caller promises that they are there.
    unsafe { slice::from_raw_parts(start, count) }.iter().map(|value| record.value(*value)).collect()
}

/// Calls a function that the plugin names.
fn run(record: &Record, name: &str, mut arguments: Vec<Value>) -> Outcome<Value> {
    if name.len() > LONGEST_NAME {
        let found = name.len();
        let message = format!("the name of a function has at most {LONGEST_NAME} bytes, found {found}");
        return Err(Failure::new("too_large", message));
    }
    let plugin = record.plugin();
    let full = if name.contains('.') { name.to_owned() } else { format!("{}.{name}", plugin.module()) };
    let module = full.rsplit_once('.').map_or("", |(module, _)| module);
    let found = plugin.engine().function(&full);
    let owner = found.as_ref().ok().and_then(FunctionHandle::plugin);
    if !plugin.may_call(module, owner) {
        let standard = module.strip_prefix("std.").unwrap_or(module);
        let advice = if found.is_err() && is_namespace(standard) {
            "the standard library is for code in ALaS; native code has its own language's".to_owned()
        } else {
            format!("add the plugin with the module `{}` to its dependencies", module.escape_debug())
        };
        let message = format!(
            "native code may call functions of its own module and of its dependencies only; {advice}"
        );
        return Err(refused(&full, ErrorCode::PermissionDenied, &message));
    }
    let function = found.map_err(|fault| refused(&full, fault.code(), fault.message()))?;
    let is_exported = function.declaration().is_some_and(|declaration| declaration.exported);
    if module != plugin.module() && !is_exported {
        let message = format!("the module `{}` does not export it", module.escape_debug());
        return Err(refused(&full, ErrorCode::FunctionNotFound, &message));
    }
    // What limits the outermost call holds for this one, too.
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    let own = account::switch(record.caller());
    let outcome = record.with_context(|context| function.call(&mut arguments, context.host, limits));
    let _ = account::switch(own);
    match outcome {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) if is_wrong_use(&error) => Err(refused(&full, error.code, &error.message)),
        Some(Err(error)) => {
            let is_catchable = error.code.is_catchable();
            let fault = Fault::from(error);
            if is_catchable {
                return Err(Failure::Called(fault));
            }
            Err(stopped(record, fault))
        }
        None => Err(Failure::new(
            "not_now",
            "no function can be called before the plugin has begun, nor by a call that waits for another one",
        )),
    }
}

/// Whether a function was called with other arguments than it takes.
fn is_wrong_use(error: &RunError) -> bool {
    let is_about_arguments = matches!(error.code, ErrorCode::TypeError | ErrorCode::ArgumentCount);
    is_about_arguments && error.stack.is_empty() && error.cause.is_none()
}

/// The failure of a plugin that calls a function which it cannot call.
#[cold]
fn refused(function: &str, code: ErrorCode, reason: &str) -> Failure {
    Failure::Refused(Fault::new(code, format!("called `{}`: {reason}", function.escape_debug())))
}

/// Ends the program, whatever the function returns; what the plugin hears of it.
#[cold]
fn stopped(record: &Record, fault: Fault) -> Failure {
    record.end_program(fault);
    Failure::new("stopped", "the program is to end")
}

pub(super) unsafe extern "C" fn should_stop(call: *mut Call) -> i32 {
    let work = |record: &Record| {
        let polled = record.with_context(|context| context.poll());
        if let Some(Err(fault)) = polled {
            record.end_program(fault);
            return Ok(1);
        }
        Ok(0)
    };
    // A call that is over has nothing to do any more, which is what an error says here.
    // SAFETY: plugins pass what they got.
    i32::from(unsafe { Record::serve(call, work) } != 0)
}

pub(super) unsafe extern "C" fn open_scope(call: *mut Call, scope: *mut usize) -> Status {
    let work = |record: &Record| {
        check_place(scope)?;
        // SAFETY: the plugin passes a place for it.
        unsafe { give(scope, record.open_scope()?) }
    };
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, work) }
}

pub(super) unsafe extern "C" fn close_scope(call: *mut Call, scope: usize) -> Status {
    // SAFETY: plugins pass what they got.
    unsafe { Record::serve(call, |record| record.close_scope(scope).map(|()| OK)) }
}
