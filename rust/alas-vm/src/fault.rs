//! What can go wrong while a program runs.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

alas_syntax::codes! {
    /// The closed list of run-time error codes.
    pub enum ErrorCode {
        TypeError "type_error" "An operation met a value of a kind that it does not take.",
        DivisionByZero "division_by_zero" "A division or remainder by zero.",
        IndexOutOfBounds "index_out_of_bounds" "A position outside an array or a string.",
        KeyNotFound "key_not_found" "A map, an environment or a configuration has no such key.",
        ValueError "value_error" "A value of the right kind that the operation cannot use.",
        ArgumentCount "argument_count" "A call by name passes more or fewer arguments than the function takes.",
        FunctionNotFound "function_not_found" "A call by name names no function.",
        CallDepthExceeded "call_depth_exceeded" "Calls nest deeper than the limit.",
        Timeout "timeout" "The call took longer than its time limit.",
        MemoryLimitExceeded "memory_limit_exceeded" "The program asked for more memory than its limit.",
        StepLimitExceeded "step_limit_exceeded" "The program ran more steps than its limit.",
        Cancelled "cancelled" "The host or the user stopped the program.",
        PermissionDenied "permission_denied" "The program tried what was not granted.",
        PluginNotFound "plugin_not_found" "There is no such plugin.",
        PluginLoadFailed "plugin_load_failed" "A plugin could not be loaded.",
        NativeError "native_error" "A native function reported a failure.",
        PluginCrashed "plugin_crashed" "The process of a plugin died.",
        IoError "io_error" "The operating system refused an input or output operation.",
    }
}

impl ErrorCode {
    /// Whether `result.try` may turn errors of this code into a Result.
    #[must_use]
    pub const fn is_catchable(self) -> bool {
        !matches!(self, Self::Timeout | Self::MemoryLimitExceeded | Self::StepLimitExceeded | Self::Cancelled)
    }
}

/// A run-time error before its place is known: operations report it, the machine adds where and in which calls.
///
/// The content is boxed, so that a `Result` of a number and a fault stays small.
#[derive(Debug)]
pub struct Fault(Box<Content>);

#[derive(Debug)]
struct Content {
    code: ErrorCode,
    message: String,
    cause: Option<Cause>,
}

/// The failure of the host that an error follows from, for those who know what it may be. Equal only to itself.
#[derive(Debug, Clone)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

impl Cause {
    /// The failure, if it is of this type.
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }

    /// The failure.
    #[must_use]
    pub fn as_error(&self) -> &(dyn Error + 'static) {
        &*self.0
    }
}

impl PartialEq for Cause {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Cause {}

impl Fault {
    /// A fault with a message that says what was expected and what was found.
    #[must_use]
    #[cold]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(Content { code, message: message.into(), cause: None }))
    }

    /// The same fault, with the failure of the host that it follows from.
    #[must_use]
    pub fn caused_by(mut self, failure: impl Error + Send + Sync + 'static) -> Self {
        self.0.cause = Some(Cause(Arc::new(failure)));
        self
    }

    /// The same fault, with a cause that is known already.
    #[must_use]
    pub(crate) fn with_cause(mut self, cause: Cause) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The failure of the host that it follows from, if any.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.0.cause.as_ref()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code().as_str(), self.message())
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause().map(Cause::as_error)
    }
}
