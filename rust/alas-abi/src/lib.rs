//! Plugins in native code: loads shared libraries, and makes their functions host functions of the engine.
//!
//! ```text
//! file ─ inspect ─▶ Binary ─ open ─▶ Library ─ describe ─▶ Description ─ agree ─▶ NativePlugin ─▶ host functions
//! ```
//!
//! * [`inspect`](binary) looks at the file without running it: format, architecture, the symbol it has to export;
//! * [`open`](library) maps a copy of it, which stays mapped as long as the process runs, if its
//!   [`companions`] are those that the system would take;
//! * [`describe`](description) asks the library what it offers and checks each pointer and length that it can;
//! * [`agree`](agreement) compares that with what the manifest says;
//! * [`function`] is a function that the engine calls, [`call`] what a running call holds, and [`host`] the table of
//!   functions that the plugin may call meanwhile;
//! * [`unwinding`] keeps exceptions of other languages out of the engine.
//!
//! The C interface itself is defined by the crate `alas-plugin-abi`, which plugins share.
//!
//! What native code cannot be kept from is to crash the process; everything else that it does wrong is an error that names
//! the plugin, the function and the cause.

mod agreement;
mod binary;
mod call;
mod companions;
mod description;
mod ending;
mod error;
mod function;
mod host;
mod known;
mod library;
mod log;
mod made;
mod plugin;
mod unwinding;

pub use error::{LoadError, LoadErrorCode, NativeFailure};
pub use log::{Level, Log};
pub use plugin::{NativePlugin, Request, Signature};

/// Looks at a library's file as loading it does first, without running any of it.
///
/// # Errors
///
/// `file_not_found`, `io_error`, `wrong_format`, `wrong_architecture`, `missing_symbol`.
pub fn inspect(path: &std::path::Path) -> Result<(), LoadError> {
    binary::inspect(path).map(drop)
}
