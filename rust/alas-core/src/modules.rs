//! What describes modules, plugins and the language to Python.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use alas_engine::{Builtin, Code, ErrorCode, Found, Guard, Loaded, Permissions, Plugin, PluginLimits};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::errors::{Finding, finding};
use crate::native::NativeModule;
use crate::rights::{Rights, grants};

/// The part of a plugin's manifest that its own code can read, and what the manifest declares to use.
#[pyclass(frozen, module = "alas_core")]
#[derive(Clone)]
pub(crate) struct PluginContext(pub(crate) Plugin);

#[pymethods]
impl PluginContext {
    #[new]
    #[pyo3(signature = (name, version, *, config=HashMap::new(), environment=HashMap::new(), capabilities=None, allowed_apis=None, memory=None, timeout=None, cores=None, one_at_a_time=false, async_functions=BTreeSet::new(), rights=Vec::new()))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        name: String,
        version: String,
        config: HashMap<String, String>,
        environment: HashMap<String, String>,
        capabilities: Option<Vec<String>>,
        allowed_apis: Option<Vec<String>>,
        memory: Option<usize>,
        timeout: Option<u64>,
        cores: Option<f64>,
        one_at_a_time: bool,
        async_functions: BTreeSet<String>,
        rights: Vec<PyRef<'_, Rights>>,
    ) -> PyResult<Self> {
        let timeout = timeout.map(Duration::from_micros);
        let limits = PluginLimits { memory, timeout, cores, one_at_a_time };
        if cores.is_some_and(|cores| !cores.is_finite() || cores <= 0.0) {
            return Err(PyValueError::new_err("`cores` is a positive number"));
        }
        Ok(Self(Plugin {
            context: alas_engine::PluginContext {
                name,
                version,
                config,
                environment,
                grants: grants(rights),
            },
            permissions: Permissions {
                capabilities: capabilities.map(|names| names.into_iter().collect()),
                allowed_apis,
            },
            async_functions,
            guard: (limits != PluginLimits::default()).then(|| Arc::new(Guard::new(limits))),
        }))
    }
}

/// The text of a module, as a resolver hands it to the engine.
#[pyclass(frozen, module = "alas_core", from_py_object)]
#[derive(Clone)]
pub(crate) struct Source(pub(crate) Found);

#[pymethods]
impl Source {
    #[new]
    #[pyo3(signature = (text, file=None, plugin=None, *, native=None))]
    fn new(
        text: Vec<u8>,
        file: Option<String>,
        plugin: Option<PyRef<'_, PluginContext>>,
        native: Option<PyRef<'_, NativeModule>>,
    ) -> Self {
        let source = alas_engine::Source { file, text };
        let plugin = plugin.map(|plugin| plugin.0.clone());
        match native {
            Some(native) => Self(Found { plugin, ..native.within(source) }),
            None => Self(Found { plugin, ..source.into() }),
        }
    }
}

/// What a module declares about one function.
#[pyclass(frozen, get_all, module = "alas_core")]
#[derive(Clone)]
pub(crate) struct FunctionInfo {
    pub(crate) name: String,
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) returns: String,
    pub(crate) exported: bool,
}

/// A module that has passed every check and can be called.
#[pyclass(frozen, module = "alas_core")]
pub(crate) struct LoadedModule(pub(crate) Arc<Loaded>);

#[pymethods]
impl LoadedModule {
    #[getter]
    fn name(&self) -> &str {
        &self.0.interface().name
    }

    #[getter]
    fn file(&self) -> Option<&str> {
        self.0.file()
    }

    #[getter]
    fn functions(&self) -> Vec<FunctionInfo> {
        let describe = |function: &alas_engine::pipeline::FunctionInterface| FunctionInfo {
            name: function.name.to_string(),
            parameters: function
                .parameters
                .iter()
                .map(|parameter| (parameter.name.to_string(), parameter.kind.to_string()))
                .collect(),
            returns: function.returns.to_string(),
            exported: function.exported,
        };
        self.0.interface().functions.iter().map(describe).collect()
    }

    #[getter]
    fn warnings(&self) -> Vec<Finding> {
        self.0.warnings().iter().map(finding).collect()
    }
}

/// Name, signature, capabilities and documentation of every standard function, in the order of the table.
#[pyfunction]
pub(crate) fn library() -> Vec<(&'static str, &'static str, Vec<&'static str>, &'static str)> {
    let describe = |builtin: &Builtin| {
        let row = builtin.row();
        let capabilities = row.capabilities.iter().map(|capability| capability.as_str()).collect();
        (row.name, row.signature, capabilities, row.documentation)
    };
    Builtin::ALL.iter().map(describe).collect()
}

/// Code, severity and meaning of every diagnostic.
#[pyfunction]
pub(crate) fn diagnostic_codes() -> Vec<(&'static str, &'static str, &'static str)> {
    Code::ALL.iter().map(|code| (code.as_str(), code.severity().as_str(), code.meaning())).collect()
}

/// Code and meaning of every run-time error.
#[pyfunction]
pub(crate) fn error_codes() -> Vec<(&'static str, &'static str)> {
    ErrorCode::ALL.iter().map(|code| (code.as_str(), code.meaning())).collect()
}
