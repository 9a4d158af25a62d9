//! What code may reach outside of the engine, and the way there.
//!
//! A host grants [`Asked`] rights to code, in one or more [`Layer`]s of which each has to permit what is done: what a manifest
//! asks for, for example, within what the user allows. What is not granted is out of reach, and an attempt is a [`Denial`].
//!
//! Files are reached by descriptor, beneath a folder that was opened before (with `openat2` and `RESOLVE_BENEATH` where the
//! system has it), never by comparing what a path looks like after the fact: neither `..` nor a link leads out, also not one that
//! appears while a path is walked.
//!
//! Commands run by absolute path, without a shell, in a clean environment, and end with whoever started them.
//! Hosts are granted by name, and the addresses that names lead to are looked at besides: those that are not public are reached
//! only when they were granted themselves.
//!
//! ```
//! use std::path::Path;
//! use alas_sandbox::{Access, Asked, Failure, Grants, Layer, Reach};
//!
//! let asked = Asked { read: Reach::These(vec!["/proc/version".into()]), ..Asked::default() };
//! let grants = Grants::of(vec![Layer::of(&asked, Path::new("/"))], Path::new("/"));
//! let denied = grants.read("/etc/passwd").unwrap_err();
//! assert!(matches!(denied, Failure::Denied(denial) if denial.access == Access::Read));
//! ```
#![forbid(unsafe_code)]

mod addresses;
mod commands;
mod failure;
mod files;
mod grants;
mod network;
mod paths;
#[cfg(unix)]
mod process;

pub use failure::{Access, Denial, Failure, Reason};
pub use files::{Entry, EntryKind};
pub use grants::{Asked, Grants, Layer, Reach};
pub use network::{Host, Scope};
#[cfg(unix)]
pub use process::{Order, Process};
