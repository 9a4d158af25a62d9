//! A run-time error with its place and the calls that led there.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use alas_syntax::{Location, Locations, NodeId};

use crate::{Cause, ErrorCode, Fault};

/// Where an error happened: file, pointer, line and column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorPlace {
    /// The module's file, when it came from one.
    pub file: Option<String>,
    /// The node.
    pub location: Location,
}

impl ErrorPlace {
    /// The place of a node.
    #[must_use]
    pub fn of(locations: &Locations, node: NodeId) -> Self {
        Self { file: locations.file().map(str::to_owned), location: locations.locate(node) }
    }
}

/// One running function when an error happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackFrame {
    /// The module.
    pub module: Arc<str>,
    /// The function.
    pub function: Arc<str>,
    /// The node that failed, or the call that led to the next inner frame.
    pub place: ErrorPlace,
}

/// Why a call from the host failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunError {
    /// The code.
    pub code: ErrorCode,
    /// What was expected and what was found.
    pub message: String,
    /// The running functions, the innermost first, without those that the host implements. Of a deep recursion the
    /// middle is left out. Empty when no function ran yet.
    pub stack: Vec<StackFrame>,
    /// The failure of the host that it follows from, if any.
    pub cause: Option<Cause>,
}

impl RunError {
    /// An error that happened before any function ran. In a box, so that a result with one stays small.
    #[must_use]
    #[cold]
    pub fn before_running(fault: &Fault) -> Box<Self> {
        Box::new(Self::with_stack(fault, Vec::new()))
    }

    /// An error that happened while these functions ran, the innermost first.
    pub(super) fn with_stack(fault: &Fault, stack: Vec<StackFrame>) -> Self {
        Self { code: fault.code(), message: fault.message().to_owned(), stack, cause: fault.cause().cloned() }
    }
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(frame) = self.stack.first() {
            let file = frame.place.file.as_deref().unwrap_or("<text>");
            write!(formatter, "{file}:{}: ", frame.place.location)?;
        }
        write!(formatter, "{}: {}", self.code.as_str(), self.message)
    }
}

impl From<Box<RunError>> for Fault {
    /// The same failure for a caller whose own place will be added.
    fn from(error: Box<RunError>) -> Self {
        let fault = Self::new(error.code, error.message);
        match error.cause {
            Some(cause) => fault.with_cause(cause),
            None => fault,
        }
    }
}

impl Error for RunError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(Cause::as_error)
    }
}
