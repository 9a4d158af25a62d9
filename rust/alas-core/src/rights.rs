//! What code may reach outside, as Python grants it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alas_engine::sandbox::{Asked, Grants, Layer, Reach, Scope};
use alas_engine::{DenialObserver, Denied};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// Rights of which one source says that they are granted. A right is a list of what it reaches, or `None` for everything.
#[pyclass(frozen, module = "alas_core")]
pub(crate) struct Rights(Arc<Layer>);

#[pymethods]
impl Rights {
    #[new]
    #[pyo3(
        signature = (*, read=Some(Vec::new()), write=Some(Vec::new()), run=Some(Vec::new()), network=Some(Vec::new())),
        text_signature = "(*, read=(), write=(), run=(), network=())"
    )]
    fn new(
        read: Option<Vec<String>>,
        write: Option<Vec<String>>,
        run: Option<Vec<String>>,
        network: Option<Vec<String>>,
    ) -> PyResult<Self> {
        if let Some(wrong) = network.iter().flatten().find(|text| text.parse::<Scope>().is_err()) {
            let message = format!("expected a host such as example.com or example.com:443, found {wrong:?}");
            return Err(PyValueError::new_err(message));
        }
        let reach = |list: Option<Vec<String>>| list.map_or(Reach::Everything, Reach::These);
        let asked =
            Asked { read: reach(read), write: reach(write), run: reach(run), network: reach(network) };
        Ok(Self(Layer::of(&asked, &working_folder())))
    }
}

/// What code may reach outside that has these rights, of which each has to be enough; without any it reaches nothing.
pub(crate) fn grants(rights: Vec<PyRef<'_, Rights>>) -> Arc<Grants> {
    let folder = working_folder();
    let mut layers: Vec<_> = rights.into_iter().map(|rights| rights.0.clone()).collect();
    if layers.is_empty() {
        layers.push(Layer::of(&Asked::default(), &folder));
    }
    Arc::new(Grants::of(layers, &folder))
}

fn working_folder() -> PathBuf {
    // One that was removed holds nothing.
    std::env::current_dir().unwrap_or_else(|_| Path::new("/").to_owned())
}

/// Tells Python of attempts at what was not granted: plugin, module, function, the word for what was tried, and the target.
pub(crate) fn observer(observer: &Py<PyAny>, py: Python<'_>) -> DenialObserver {
    let observer = observer.clone_ref(py);
    Arc::new(move |denied: &Denied<'_>| {
        let Denied { plugin, module, function, denial } = *denied;
        Python::attach(|py| {
            let told = observer.call1(py, (plugin, module, function, denial.access.as_str(), &denial.target));
            if let Err(error) = told {
                error.write_unraisable(py, None);
            }
        });
    })
}
