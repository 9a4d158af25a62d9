//! Why a function fails.

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// A result whose error is an [`Error`], unless another is named.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a function fails: a short code for programs and a message for people.
///
/// Every ordinary error becomes one, so that `?` works on the results of other libraries. Such an error has the code
/// `failed`, and its message names the causes as well.
///
/// ```
/// use alas_plugin::{Error, Result};
///
/// fn percentage(text: &str) -> Result<i64> {
///     let number = text.parse()?;
///     if number > 100 {
///         return Err(Error::new("too_large", format!("expected at most 100, found {number}")));
///     }
///     Ok(number)
/// }
///
/// assert_eq!(percentage("101").unwrap_err().code(), "too_large");
/// assert_eq!(percentage("ten").unwrap_err().message(), "invalid digit found in string");
/// ```
pub struct Error {
    reason: Reason,
}

enum Reason {
    Own {
        code: Cow<'static, str>,
        message: String,
    },
    /// A function of the host has failed, and the host has noted why. It knows more than could be said here: the error of
    /// a function that was invoked stays that error. The number tells which failure it was, because the host keeps the last.
    Noted(u64),
}

/// How many failures the host has noted, in all threads.
static NOTED: AtomicU64 = AtomicU64::new(0);

thread_local! {
    /// The number of the failure that the host has noted last with the call that runs in this thread.
    static LAST: Cell<u64> = const { Cell::new(0) };
}

/// Runs a function of the host that may call functions of this plugin. Their failures are noted with calls of their own.
pub(crate) fn apart<R>(work: impl FnOnce() -> R) -> R {
    let last = LAST.get();
    let result = work();
    LAST.set(last);
    result
}

impl Error {
    /// An error with a code, in words joined by `_`, and a message.
    ///
    /// ```
    /// let error = alas_plugin::Error::new("length_mismatch", "the two have 2 and 3 elements");
    /// assert_eq!(error.to_string(), "the two have 2 and 3 elements (length_mismatch)");
    /// ```
    #[must_use]
    pub fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { reason: Reason::Own { code: code.into(), message: message.into() } }
    }

    /// The failure that the host has just noted.
    pub(crate) fn noted() -> Self {
        let number = NOTED.fetch_add(1, Ordering::Relaxed) + 1;
        LAST.set(number);
        Self { reason: Reason::Noted(number) }
    }

    /// Whether the host says more about it than this could: it still keeps why.
    pub(crate) fn is_kept_by_host(&self) -> bool {
        matches!(self.reason, Reason::Noted(number) if number == LAST.get())
    }

    /// The code; `host` where a function of the host has failed, which only the host can say more about.
    ///
    /// ```
    /// assert_eq!(alas_plugin::Error::new("empty", "there is nothing").code(), "empty");
    /// ```
    #[must_use]
    pub fn code(&self) -> &str {
        match &self.reason {
            Reason::Own { code, .. } => code,
            Reason::Noted(_) => "host",
        }
    }

    /// The message.
    ///
    /// ```
    /// assert_eq!(alas_plugin::Error::new("empty", "there is nothing").message(), "there is nothing");
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        match &self.reason {
            Reason::Own { message, .. } => message,
            Reason::Noted(_) if self.is_kept_by_host() => "the host refused, and has noted why",
            Reason::Noted(_) => "the host refused, and keeps why only until it refuses something else",
        }
    }

    /// The same error, with a message that begins with where it happened.
    ///
    /// ```
    /// let error = alas_plugin::Error::new("wrong_kind", "expected an int").at("the field `start`");
    /// assert_eq!(error.message(), "the field `start`: expected an int");
    /// ```
    #[must_use]
    pub fn at(self, place: impl fmt::Display) -> Self {
        match self.reason {
            Reason::Own { code, message } => Self::new(code, format!("{place}: {message}")),
            Reason::Noted(_) => self,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.message(), self.code())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

// An `Error` is no `std::error::Error` itself, because the two ways to make one of the other would meet.
impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        let mut message = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            message.push_str(": ");
            message.push_str(&error.to_string());
            cause = error.source();
        }
        Self::new("failed", message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Outer(std::num::ParseIntError);

    impl fmt::Display for Outer {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("the port is wrong")
        }
    }

    impl std::error::Error for Outer {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn an_ordinary_error_brings_its_causes() {
        let error = Error::from(Outer("x".parse::<u16>().unwrap_err()));
        assert_eq!(error.to_string(), "the port is wrong: invalid digit found in string (failed)");
    }

    #[test]
    fn a_place_is_added_to_own_errors_only() {
        assert_eq!(Error::new("a", "b").at("here").to_string(), "here: b (a)");
        assert!(Error::noted().at("here").is_kept_by_host());
    }
}
