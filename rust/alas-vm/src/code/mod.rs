//! Executable code: what the machine runs, made from the intermediate representation.
//!
//! 1. [`allocate`] gives each register of a function its slot in the frame;
//! 2. [`encode`] turns blocks into one run of [`Op`]s;
//! 3. [`module`] links the functions of a module with those that they call.

mod allocate;
mod call_counts;
mod counting;
mod divisor;
mod encode;
mod jump;
mod module;
mod op;

pub use call_counts::CallCounts;
pub(crate) use divisor::Divisor;
pub(crate) use module::{FEW_NUMBERS, HostCallee, Numbers, Shared};
pub use module::{LinkError, LinkProblem, Module, link};
pub(crate) use op::{MapAccess, Op, Slot};

use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use alas_ir::Class;
use alas_syntax::NodeId;

/// A function, ready to run.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) name: Arc<str>,
    pub(crate) node: NodeId,
    pub(crate) ops: Box<[Op]>,
    /// The node of each op, for errors.
    pub(crate) nodes: Box<[NodeId]>,
    /// Ints that do not fit an op, and floats, as bits.
    pub(crate) wide: Box<[u64]>,
    /// Constants that are divided by.
    pub(crate) divisors: Box<[Divisor]>,
    /// The slots of the frame; staging begins behind them.
    pub(crate) frame: usize,
    /// Frame and staging together.
    pub(crate) total: usize,
    /// The slots that start empty: counted ones that are no parameters.
    pub(crate) empty_from: usize,
    pub(crate) empty_to: usize,
    /// Every slot that can own a count, with its class.
    pub(crate) counted: Box<[(Slot, Class)]>,
    /// The classes of the parameters, in order.
    pub(crate) parameters: Box<[Class]>,
    pub(crate) result: Class,
    /// Where it stands in [`Shared::hosts`], if the host implements it; it then has no text of its own.
    pub(crate) host: Option<u32>,
    /// How often it was called. Somebody asks for it if the code begins with [`Op::CountCall`].
    pub(crate) calls: Option<Arc<AtomicU64>>,
    /// What all functions of the module share. The module owns both, so that this pointer lives as long as the code.
    pub(crate) shared: Cell<NonNull<Shared>>,
    /// What the host implements it with, in [`Shared::hosts`]; null for all others.
    pub(crate) outside: Cell<*const HostCallee>,
}

impl Code {
    /// What all functions of the module share.
    pub(crate) fn shared(&self) -> &Shared {
        // SAFETY: `module::link` sets the pointer to a box that the module owns beside this code and never replaces.
        unsafe { self.shared.get().as_ref() }
    }
}
