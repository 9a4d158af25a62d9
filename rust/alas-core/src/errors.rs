//! From Rust errors to Python exceptions.

use alas_engine::{Diagnostic, Diagnostics, ErrorCode, Fault, RunError};
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
    let arguments = (code, error.message, file, pointer, line, column, module, function, stack);
    let made = errors(py).and_then(|errors| errors.call_method1(intern!(py, "run_error"), arguments));
    made.map_or_else(|error| error, PyErr::from_value)
}

/// The exception for an error that happened before any function ran.
pub(crate) fn early_error(py: Python<'_>, code: ErrorCode, message: impl Into<String>) -> PyErr {
    run_error(py, RunError::before_running(&Fault::new(code, message)))
}

fn errors(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import(intern!(py, "alas_core.errors"))
}
