//! Plugins in native code.

use std::path::PathBuf;
use std::sync::Arc;

use alas_abi::{Level, LoadErrorCode, Log, NativePlugin, Request, Signature};
use alas_engine::value::Value;
use alas_engine::{Context, Engine, ErrorCode, Fault, Found};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;

use crate::errors::{native_load_error, stopped};
use crate::host_functions::json;
use crate::modules::{FunctionInfo, PluginContext};

/// Name, parameters and result of a function, as Python passes them.
type Declaration = (String, Vec<(String, String)>, Option<String>);

/// A module whose functions are native code, or the native half of a module.
#[pyclass(frozen, module = "alas_core")]
pub(crate) struct NativeModule {
    name: String,
    file: String,
    functions: Vec<FunctionInfo>,
    module: alas_engine::HostModule,
}

#[pymethods]
impl NativeModule {
    #[staticmethod]
    fn declared(py: Python<'_>, library: Library) -> PyResult<Self> {
        let types = json(library.types.bind(py))?;
        let functions = functions_of(library.functions);
        let mut module = alas_engine::HostModule::new(&library.module).types(types);
        for function in &functions {
            let parameters: Vec<(&str, &str)> =
                function.parameters.iter().map(|(name, kind)| (&**name, &**kind)).collect();
            module = module.function(&function.name, &parameters, &function.returns, not_open);
        }
        Ok(Self { name: library.module, file: library.file.display().to_string(), functions, module })
    }

    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    #[getter]
    fn file(&self) -> &str {
        &self.file
    }

    #[getter]
    fn functions(&self) -> Vec<FunctionInfo> {
        self.functions.clone()
    }

    fn __repr__(&self) -> String {
        format!("<NativeModule {}>", self.name)
    }
}

/// Where a plugin's library is, and what it has to be like.
#[derive(FromPyObject)]
pub(crate) struct Library {
    folder: PathBuf,
    file: PathBuf,
    companions: Vec<PathBuf>,
    module: String,
    functions: Vec<Declaration>,
    types: Py<PyAny>,
    callable: Vec<String>,
    is_parallel: bool,
    log: Py<PyAny>,
}

/// What implements functions of a library that was only looked at.
fn not_open(_: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    Err(Fault::new(ErrorCode::NativeError, "the library is not open: the module was only checked"))
}

fn functions_of(declared: Vec<Declaration>) -> Vec<FunctionInfo> {
    let describe = |(name, parameters, returns): Declaration| {
        let returns = returns.unwrap_or_else(|| "any".to_owned());
        FunctionInfo { name, parameters, returns, exported: true }
    };
    declared.into_iter().map(describe).collect()
}

impl NativeModule {
    /// Opens a library for an engine.
    pub(crate) fn open(
        py: Python<'_>,
        engine: &Engine,
        library: Library,
        plugin: &PluginContext,
    ) -> PyResult<Self> {
        let types = json(library.types.bind(py))?;
        let functions = functions_of(library.functions);
        let signatures: Vec<Signature> = functions
            .iter()
            .map(|one| Signature {
                name: one.name.clone(),
                parameters: one.parameters.clone(),
                returns: one.returns.clone(),
            })
            .collect();
        let request = Request {
            folder: &library.folder,
            library: &library.file,
            companions: &library.companions,
            context: plugin.0.context.clone(),
            module: &library.module,
            functions: &signatures,
            is_parallel: library.is_parallel,
            engine: engine.reference(),
            callable: library.callable,
            log: Arc::new(PythonLog(library.log)),
            memory: plugin.0.guard.as_ref().and_then(|guard| guard.limits().memory),
        };
        // Constructors of the library run, which may take long.
        let loaded = py.detach(|| NativePlugin::load(request));
        let loaded = loaded.map_err(|error| native_load_error(py, &error))?;
        // Nothing but its memory is held to limits, by the library's own module: a guard would take time in each call.
        let unguarded = alas_engine::Plugin { guard: None, ..plugin.0.clone() };
        let module = loaded.module().types(types).plugin(unguarded);
        Ok(Self { name: library.module, file: library.file.display().to_string(), functions, module })
    }

    /// The module as the engine loads it.
    pub(crate) fn found(&self) -> Found {
        self.module.clone().into()
    }

    /// The module as the native half of a module in the language.
    pub(crate) fn within(&self, source: alas_engine::Source) -> Found {
        self.module.clone().within(source)
    }
}

/// Hands lines of the log to Python.
struct PythonLog(Py<PyAny>);

impl Log for PythonLog {
    fn log(&self, plugin: &str, level: Level, message: &str) -> Result<(), Fault> {
        // The levels of Python's `logging`.
        let number = match level {
            Level::Debug => 10,
            Level::Info => 20,
            Level::Warning => 30,
            Level::Error => 40,
        };
        let written = Python::try_attach(|py| match self.0.call1(py, (plugin, number, message)) {
            // What is no ordinary exception is meant for the program, such as an interrupt that Python delivers here.
            Err(error) if !error.is_instance_of::<PyException>(py) => Err(stopped(py, error)),
            // A log that fails must not fail the plugin.
            _ => Ok(()),
        });
        // While Python ends there is no log.
        written.unwrap_or(Ok(()))
    }
}

/// Looks at a library's file without running any of it.
#[pyfunction]
pub(crate) fn inspect_library(py: Python<'_>, path: PathBuf) -> PyResult<()> {
    let inspected = py.detach(move || alas_abi::inspect(&path));
    inspected.map_err(|error| native_load_error(py, &error))
}

/// Code and meaning of everything that can keep a library from being loaded.
#[pyfunction]
pub(crate) fn native_load_codes() -> Vec<(&'static str, &'static str)> {
    LoadErrorCode::ALL.iter().map(|code| (code.as_str(), code.meaning())).collect()
}
