//! Runs lowered programs: the interpreter tier, its limits, and the standard library.

pub mod builtins;
mod context;
mod convert;
mod fault;
mod operators;

pub use context::{Console, Context, Host, Interrupt, ModuleContext, PluginContext};
pub use convert::convert;
pub use fault::{ErrorCode, Fault};
