//! The turns that calls of a plugin take.

use std::sync::Arc;

use pyo3::prelude::*;

/// What lets one call at a time run.
#[pyclass(frozen, module = "alas_core")]
pub(crate) struct Turn(pub(crate) Arc<alas_engine::Turn>);

#[pymethods]
impl Turn {
    #[new]
    fn new() -> Self {
        Self(Arc::default())
    }
}
