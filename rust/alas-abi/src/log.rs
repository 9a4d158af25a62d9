//! Where lines go that plugins write to the log.

use alas_engine::Fault;

/// How important a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For whoever looks for a mistake.
    Debug,
    /// What happens.
    Info,
    /// What may be wrong.
    Warning,
    /// What is wrong.
    Error,
}

impl Level {
    /// The level of a number; one that is none is as important as it is high.
    pub(crate) fn of(number: i32) -> Self {
        match number {
            ..=alas_plugin_abi::level::DEBUG => Self::Debug,
            alas_plugin_abi::level::INFO => Self::Info,
            alas_plugin_abi::level::WARNING => Self::Warning,
            _ => Self::Error,
        }
    }
}

/// Takes lines of the log, from any thread.
pub trait Log: Send + Sync {
    /// Takes a line of a plugin. It may hold any characters, line ends among them.
    ///
    /// # Errors
    ///
    /// What is to end the program, such as a user who interrupts it. A log that only cannot write its line keeps that to
    /// itself.
    fn log(&self, plugin: &str, level: Level, message: &str) -> Result<(), Fault>;
}
