//! Handles of work that runs beside the program.

use std::any::Any;
use std::ptr;
use std::sync::Arc;

use crate::object::{Body, Ref};

/// A handle of work that runs beside the program. What it stands for belongs to whoever runs that work.
#[derive(Debug, Clone)]
#[repr(transparent)]
pub struct Task(Ref<Handle>);

/// What a task stands for.
pub type Work = Arc<dyn Any + Send + Sync>;

#[derive(Debug, Clone)]
struct Handle(Work);

impl Body for Handle {
    fn heap_size(&self) -> usize {
        0
    }

    fn nests(&self) -> bool {
        false
    }
}

impl Task {
    /// A handle.
    #[must_use]
    pub fn new(work: Work) -> Self {
        Self(Ref::new(Handle(work)))
    }

    /// What it stands for.
    #[must_use]
    pub fn work(&self) -> &Work {
        &self.0.body().0
    }

    /// Whether both stand for the same.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        ptr::addr_eq(Arc::as_ptr(self.work()), Arc::as_ptr(other.work()))
    }
}
