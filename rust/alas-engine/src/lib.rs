//! Loads and runs programs: what an embedder in Rust depends on.
//!
//! * [`pipeline`] shows the way of a program's text to executable code, stage by stage;
//! * [`load`](Engine::load) walks it for a module and all modules that it reaches;
//! * [`Engine`] keeps loaded modules and calls their functions.
#![forbid(unsafe_code)]

mod engine;
mod graph;
mod host_module;
mod load;
mod needs;
pub mod pipeline;
mod report;

pub use alas_check::Permissions;
pub use alas_library::{Builtin, Capability, is_namespace};
pub use alas_sandbox as sandbox;
pub use alas_syntax::{Code, Diagnostic, Diagnostics, Location, Severity, Source, pieces};
pub use alas_value as value;
pub use alas_vm::{
    Bounds, CAN_PACE, Cause, Console, Context, DenialObserver, Denied, ErrorCode, ErrorPlace, Fault, Guard,
    Host, HostFunction, HostFunctions, Interrupt, Limits, ModuleContext, NoConsole, PluginContext,
    PluginLimits, RunError, StackFrame, Turn, size,
};
pub use engine::{Engine, EngineReference, FunctionHandle, Loaded, WeakFunctionHandle};
pub use host_module::{HostModule, Implementation};
pub use load::{Found, LoadError, Plugin};
pub use needs::Need;
