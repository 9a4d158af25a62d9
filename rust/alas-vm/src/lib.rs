//! Runs lowered programs: the interpreter tier, its limits, and the standard library.

mod bounds;
pub mod builtins;
mod changing;
mod code;
mod comparing;
mod context;
mod convert;
mod copying;
mod fault;
mod host_function;
mod machine;
pub mod operators;
pub mod size;
mod tasks;
mod turn;
mod words;

pub use bounds::{Bounds, CAN_PACE, Guard, PluginLimits};
pub use code::{CallCounts, LinkError, LinkProblem, Module, link};
pub use context::{
    Console, Context, DenialObserver, Denied, Host, Interrupt, ModuleContext, NoConsole, PluginContext,
};
pub use convert::convert;
pub use fault::{Cause, ErrorCode, Fault};
pub use host_function::{HostFunction, HostFunctions};
pub use machine::{ErrorPlace, Limits, RunError, StackFrame, call};
pub use tasks::Tasks;
pub use turn::Turn;
