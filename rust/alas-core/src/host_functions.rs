//! Modules whose functions are Python callables.

use std::sync::{Arc, Mutex, PoisonError};

use alas_engine::value::Value;
use alas_engine::{Context, ErrorCode, Fault, Found, HostFunction};
use pyo3::exceptions::{PyException, PyTypeError};
use pyo3::prelude::*;
use pyo3::pyclass::{PyTraverseError, PyVisit};
use pyo3::types::PyTuple;

use crate::ending;
use crate::errors::{fault_of, raised_text, run_error_parts};
use crate::modules::{FunctionInfo, PluginContext};
use crate::turns::Turn;
use crate::values::{Style, from_python, to_python};

/// Name, parameters, result and implementation of a function, as Python passes them.
type Declaration<'py> = (String, Vec<(String, String)>, Option<String>, Bound<'py, PyAny>);

/// A module whose functions are Python callables.
#[pyclass(frozen, module = "alas_core")]
pub(crate) struct HostModule {
    name: String,
    functions: Vec<FunctionInfo>,
    callables: Vec<Py<PyAny>>,
    types: String,
    file: Option<String>,
    plugin: Option<alas_engine::Plugin>,
    turn: Option<Arc<alas_engine::Turn>>,
    style: Style,
}

#[pymethods]
impl HostModule {
    #[new]
    #[pyo3(signature = (name, functions, *, types=None, file=None, plugin=None, turn=None, packed_arguments=false))]
    fn new(
        name: String,
        functions: &Bound<'_, PyAny>,
        types: Option<&Bound<'_, PyAny>>,
        file: Option<String>,
        plugin: Option<PyRef<'_, PluginContext>>,
        turn: Option<PyRef<'_, Turn>>,
        packed_arguments: bool,
    ) -> PyResult<Self> {
        let mut declared = Vec::new();
        let mut callables = Vec::new();
        for function in functions.try_iter()? {
            let (function, parameters, returns, callable): Declaration<'_> = function?.extract()?;
            if !callable.is_callable() {
                let found = callable.get_type().name()?;
                let message = format!("the function {name}.{function} needs a callable, found {found}");
                return Err(PyTypeError::new_err(message));
            }
            callables.push(callable.unbind());
            let returns = returns.unwrap_or_else(|| "any".to_owned());
            declared.push(FunctionInfo { name: function, parameters, returns, exported: true });
        }
        let types = types.map_or_else(|| Ok("[]".to_owned()), json)?;
        let plugin = plugin.map(|plugin| plugin.0.clone());
        let turn = turn.map(|turn| turn.0.clone());
        let style = Style { packed: packed_arguments };
        Ok(Self { name, functions: declared, callables, types, file, plugin, turn, style })
    }

    #[getter]
    fn name(&self) -> &str {
        &self.name
    }

    #[getter]
    fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    #[getter]
    fn functions(&self) -> Vec<FunctionInfo> {
        self.functions.clone()
    }

    fn __repr__(&self) -> String {
        format!("<HostModule {}>", self.name)
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        self.callables.iter().try_for_each(|callable| visit.call(callable))
    }
}

/// What JSON can express, as the text of an array.
pub(crate) fn json(types: &Bound<'_, PyAny>) -> PyResult<String> {
    let list = types.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    types.py().import("json")?.call_method1("dumps", (list,))?.extract()
}

/// A host module in one engine. The engine owns the one reference to the Python object, so that Python's collector can
/// find out about circles that lead through both.
pub(crate) struct Binding {
    owner: Arc<Owner>,
    functions: Vec<Arc<PythonFunction>>,
    found: Found,
}

/// Holds a host module until it is not needed any more, or collected.
struct Owner(Mutex<Option<Py<HostModule>>>);

impl Owner {
    fn lock(&self) -> std::sync::MutexGuard<'_, Option<Py<HostModule>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Binding {
    fn new(py: Python<'_>, module: &Py<HostModule>) -> Self {
        let HostModule { name, functions: declared, types, file, plugin, turn, .. } = module.get();
        let owner = Arc::new(Owner(Mutex::new(Some(module.clone_ref(py)))));
        let mut host_module = alas_engine::HostModule::new(name).types(types);
        let mut functions = Vec::with_capacity(declared.len());
        for (number, FunctionInfo { name, parameters, returns, .. }) in declared.iter().enumerate() {
            let function = Arc::new(PythonFunction { owner: owner.clone(), number });
            functions.push(function.clone());
            let parameters: Vec<(&str, &str)> =
                parameters.iter().map(|(name, kind)| (&**name, &**kind)).collect();
            host_module = host_module.shared_function(name, &parameters, returns, function);
        }
        if let Some(file) = file {
            host_module = host_module.file(file);
        }
        if let Some(plugin) = plugin {
            host_module = host_module.plugin(plugin.clone());
        }
        if let Some(turn) = turn {
            host_module = host_module.turn(turn.clone());
        }
        Self { owner, functions, found: host_module.into() }
    }

    fn is_of(&self, module: &Py<HostModule>) -> bool {
        self.owner.lock().as_ref().is_some_and(|known| known.is(module))
    }

    /// Whether a module in the engine has its functions, or a call that runs.
    fn is_used(&self) -> bool {
        // This and `found` hold each of them.
        self.functions.iter().any(|function| Arc::strong_count(function) > 2)
    }
}

/// The host modules of one engine.
#[derive(Default)]
pub(crate) struct Bindings(Mutex<Vec<Binding>>);

impl Bindings {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Binding>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The host module as the engine loads it. The same one gives the same functions each time, so that the engine sees
    /// that it has not changed.
    pub(crate) fn bind(&self, py: Python<'_>, module: &Py<HostModule>) -> Found {
        if let Some(known) = self.lock().iter().find(|binding| binding.is_of(module)) {
            return known.found.clone();
        }
        let binding = Binding::new(py, module);
        let found = binding.found.clone();
        self.lock().push(binding);
        found
    }

    /// Lets go of host modules that have left the engine.
    pub(crate) fn release_unused(&self) {
        let unused: Vec<Binding> = self.lock().extract_if(.., |binding| !binding.is_used()).collect();
        // What Python does when an object goes must not find the list locked.
        drop(unused);
    }

    /// Shows Python's collector the objects that the engine holds.
    pub(crate) fn traverse(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        // Where another thread is at work nothing is shown; then nothing is collected this time.
        let Ok(bindings) = self.0.try_lock() else { return Ok(()) };
        bindings.iter().try_for_each(|binding| match binding.owner.0.try_lock() {
            Ok(module) => visit.call(&*module),
            Err(_) => Ok(()),
        })
    }

    /// Lets go of all host modules, because nobody can reach the engine any more.
    pub(crate) fn clear(&self) {
        let modules: Vec<_> = self.lock().iter().map(|binding| binding.owner.lock().take()).collect();
        drop(modules);
    }
}

/// A Python callable as a function of the engine.
struct PythonFunction {
    owner: Arc<Owner>,
    number: usize,
}

impl HostFunction for PythonFunction {
    fn call(&self, context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
        // What the callable prints comes behind what the program has printed.
        context.host.flush()?;
        ending::check()?;
        let outcome = Python::try_attach(|py| self.call_attached(py, arguments));
        outcome.unwrap_or_else(|| Err(Fault::new(ErrorCode::Cancelled, "Python has ended")))
    }
}

impl PythonFunction {
    fn call_attached(&self, py: Python<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
        let Some(module) = self.owner.lock().as_ref().map(|module| module.clone_ref(py)) else {
            return Err(Fault::new(ErrorCode::Cancelled, "Python has collected the engine"));
        };
        let module = module.get();
        let called = (|| {
            let arguments = arguments.iter_mut().map(|argument| {
                let argument = std::mem::take(argument);
                to_python(py, argument, module.style, None)
            });
            let arguments = PyTuple::new(py, arguments.collect::<PyResult<Vec<_>>>()?)?;
            let result = module.callables[self.number].bind(py).call1(arguments)?;
            // Signals are seen here even where the callable runs no Python code.
            py.check_signals()?;
            Ok(result)
        })();
        let result = called.map_err(|error| fault_of(py, error))?;
        from_python(&result).map_err(|error| module.wrong_result(py, self.number, error))
    }
}

impl HostModule {
    /// The failure of a function whose result is no value.
    fn wrong_result(&self, py: Python<'_>, number: usize, error: PyErr) -> Fault {
        if !error.is_instance_of::<PyException>(py) {
            return fault_of(py, error);
        }
        let FunctionInfo { name, returns, .. } = &self.functions[number];
        let found =
            run_error_parts(py, &error).map_or_else(|| raised_text(py, &error), |(_, message)| message);
        let message = format!(
            "`{}.{name}`, which the host implements, declares to return `{returns}`: {found}",
            self.name
        );
        Fault::new(ErrorCode::NativeError, message).caused_by(error)
    }
}
