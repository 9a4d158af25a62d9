//! What can go wrong: loading a library, and a function that fails.

use std::error::Error;
use std::fmt;

use alas_engine::Cause;

alas_syntax::codes! {
    /// Why a library cannot be loaded.
    pub enum LoadErrorCode {
        FileNotFound "file_not_found" "There is no such library.",
        IoError "io_error" "The library cannot be read or copied.",
        WrongFormat "wrong_format" "The file is no shared library of this operating system.",
        WrongArchitecture "wrong_architecture" "The library is for another processor.",
        MissingSymbol "missing_symbol" "The library does not export `alas_plugin_entry`.",
        CannotOpen "cannot_open" "The system's loader refuses the library, for example because it needs another one.",
        SecondGoRuntime "second_go_runtime" "The process has another plugin in Go already, and can hold one Go runtime.",
        CompanionConflict "companion_conflict" "The process has opened another companion library of the same name.",
        WrongVersion "wrong_version" "The library does not work with this version of the interface.",
        InvalidDescriptor "invalid_descriptor" "What the library says about itself cannot be used.",
        Disagreement "disagreement" "The library and the manifest describe different functions.",
        InitFailed "init_failed" "The plugin's own `init` failed.",
    }
}

/// Why a library was not loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The kind of problem.
    pub code: LoadErrorCode,
    /// What is wrong, with the plugin, and what to do.
    pub message: String,
    /// What stopped the loading, where that was not the plugin's fault.
    pub cause: Option<Cause>,
}

impl LoadError {
    pub(crate) fn new(code: LoadErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), cause: None }
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code.as_str(), self.message)
    }
}

impl Error for LoadError {}

/// How a function said that it failed: the cause of the `native_error` that programs see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeFailure {
    /// The plugin's own code, for programs.
    pub code: String,
    /// What went wrong, for people.
    pub message: String,
}

impl fmt::Display for NativeFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&*self.message, &*self.code) {
            ("", "") => formatter.write_str("it did not say why"),
            ("", only) | (only, "") => formatter.write_str(only),
            (message, code) => write!(formatter, "{message} ({code})"),
        }
    }
}

impl Error for NativeFailure {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_says_what_it_knows() {
        let rows = [
            ("", "", "it did not say why"),
            ("broken", "", "broken"),
            ("", "it is broken", "it is broken"),
            ("broken", "it is broken", "it is broken (broken)"),
        ];
        for (code, message, expected) in rows {
            let failure = NativeFailure { code: code.to_owned(), message: message.to_owned() };
            assert_eq!(failure.to_string(), expected);
        }
    }
}
