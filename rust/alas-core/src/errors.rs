//! From Rust errors to Python exceptions, and from what Python code raises to faults of the engine.

use std::io;

use alas_abi::{LoadError, NativeFailure};
use alas_engine::sandbox::{Denial, Reason};
use alas_engine::{Cause, Diagnostic, Diagnostics, ErrorCode, Fault, RunError};
use pyo3::exceptions::{PyException, PyKeyboardInterrupt};
use pyo3::intern;
use pyo3::prelude::*;

/// A finding as Python gets it: code, severity, message, file, pointer, line, column, help.
pub(crate) type Finding =
    (&'static str, &'static str, String, Option<String>, String, u32, u32, Option<String>);

/// A finding as Python gets it.
pub(crate) fn finding(diagnostic: &Diagnostic) -> Finding {
    (
        diagnostic.code.as_str(),
        diagnostic.severity().as_str(),
        diagnostic.message.clone(),
        diagnostic.file.clone(),
        diagnostic.location.pointer.clone(),
        diagnostic.location.line,
        diagnostic.location.column,
        diagnostic.help.clone(),
    )
}

/// The exception for a program that does not check.
pub(crate) fn program_error(py: Python<'_>, diagnostics: &Diagnostics) -> PyErr {
    let findings: Vec<Finding> = diagnostics.0.iter().map(finding).collect();
    let made = errors(py).and_then(|errors| errors.call_method1(intern!(py, "program_error"), (findings,)));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// The exception for a library that cannot be loaded, or the one that stopped the loading.
pub(crate) fn native_load_error(py: Python<'_>, error: &LoadError) -> PyErr {
    if let Some(stopped) = error.cause.as_ref().and_then(|cause| raised(py, cause)) {
        return stopped;
    }
    let arguments = (error.code.as_str(), error.message.as_str());
    let made = errors(py).and_then(|errors| errors.call_method1(intern!(py, "NativeLoadError"), arguments));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// The exception for a run-time error.
pub(crate) fn run_error(py: Python<'_>, error: RunError) -> PyErr {
    let code = error.code.as_str();
    let innermost = error.stack.first().map(|frame| {
        let location = &frame.place.location;
        (
            frame.place.file.clone(),
            location.pointer.clone(),
            location.line,
            location.column,
            frame.module.to_string(),
            frame.function.to_string(),
        )
    });
    let (file, pointer, line, column, module, function) = innermost.unwrap_or_default();
    let stack: Vec<(String, String, String, u32, u32)> = error
        .stack
        .into_iter()
        .map(|frame| {
            let location = frame.place.location;
            (
                frame.module.to_string(),
                frame.function.to_string(),
                location.pointer,
                location.line,
                location.column,
            )
        })
        .collect();
    let cause = error.cause.as_ref().and_then(|cause| raised(py, cause));
    let arguments = (code, error.message, file, pointer, line, column, module, function, stack);
    let made = errors(py).and_then(|errors| errors.call_method1(intern!(py, "run_error"), arguments));
    let made = made.map_or_else(|error| error, PyErr::from_value);
    made.set_cause(py, cause);
    if let Some(failure) = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<NativeFailure>())
        && !failure.code.is_empty()
    {
        // An attribute of a class of our own; an exception that came instead of it is left as it is.
        let _ = made.value(py).setattr(intern!(py, "native_code"), &failure.code);
    }
    if let Some(denial) = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<Denial>()) {
        // As above.
        let _ = made.value(py).setattr(intern!(py, "access"), denial.access.as_str());
        if denial.reason != Some(Reason::LeadsOut) {
            let _ = made.value(py).setattr(intern!(py, "target"), &denial.target);
        }
    }
    made
}

/// The exception that an error follows from, if Python code raised one.
fn raised(py: Python<'_>, cause: &Cause) -> Option<PyErr> {
    let failure = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let behind = failure.and_then(|failure| failure.downcast_ref());
    cause.downcast_ref::<PyErr>().or(behind).map(|error| error.clone_ref(py))
}

/// What an exception that stops a program, such as `KeyboardInterrupt`, is in the engine.
pub(crate) fn stopped(py: Python<'_>, error: PyErr) -> Fault {
    let message = if error.is_instance_of::<PyKeyboardInterrupt>(py) {
        "the user stopped the program".to_owned()
    } else {
        format!("the host stopped the program: {}", raised_text(py, &error))
    };
    Fault::new(ErrorCode::Cancelled, message).caused_by(error)
}

/// What an exception that a callable raised is in the engine. A run-time error stays what it is.
pub(crate) fn fault_of(py: Python<'_>, error: PyErr) -> Fault {
    if !error.is_instance_of::<PyException>(py) {
        return stopped(py, error);
    }
    let Some((code, message)) = run_error_parts(py, &error) else {
        return Fault::new(ErrorCode::NativeError, raised_text(py, &error)).caused_by(error);
    };
    // What stopped the program is of interest, and not the calls that it stopped.
    let stopped_by = if code == ErrorCode::Cancelled { error.cause(py) } else { None };
    Fault::new(code, message).caused_by(stopped_by.unwrap_or(error))
}

/// Code and message of an exception that is a run-time error.
pub(crate) fn run_error_parts(py: Python<'_>, error: &PyErr) -> Option<(ErrorCode, String)> {
    let value = error.value(py);
    let class = errors(py).and_then(|errors| errors.getattr(intern!(py, "RunError"))).ok()?;
    if !value.is_instance(&class).unwrap_or(false) {
        return None;
    }
    let code: String = value.getattr(intern!(py, "code")).and_then(|code| code.extract()).ok()?;
    let code = ErrorCode::ALL.iter().find(|known| known.as_str() == code)?;
    let message: String = value.getattr(intern!(py, "message")).and_then(|text| text.extract()).ok()?;
    Some((*code, message))
}

/// The most characters of an exception's own text that a message repeats.
const SHOWN: usize = 2_000;

/// An exception's class and text: `ValueError: no such thing`.
pub(crate) fn raised_text(py: Python<'_>, error: &PyErr) -> String {
    let name = error.get_type(py).name().map_or_else(|_| "exception".to_owned(), |name| name.to_string());
    // Whatever making its text raises must not hide the exception.
    let text =
        error.value(py).str().map_or_else(|_| String::new(), |text| text.to_string_lossy().into_owned());
    match text.char_indices().nth(SHOWN) {
        _ if text.is_empty() => name,
        None => format!("{name}: {text}"),
        Some((end, _)) => format!("{name}: {}…", &text[..end]),
    }
}

/// The exception for an error that happened before any function ran.
pub(crate) fn early_error(py: Python<'_>, code: ErrorCode, message: impl Into<String>) -> PyErr {
    run_error(py, *RunError::before_running(&Fault::new(code, message)))
}

fn errors(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import(intern!(py, "alas_core.errors"))
}
