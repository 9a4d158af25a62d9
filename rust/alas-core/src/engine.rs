//! The engine class.

use std::cell::Cell;
use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use alas_engine::sandbox::Grants;
use alas_engine::value::{Value, account};
use alas_engine::{
    Bounds, Fault, Found, FunctionHandle, Host, Interrupt, Limits, LoadError, Loaded, WeakFunctionHandle,
};
use crossbeam_queue::ArrayQueue;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pyclass::{PyTraverseError, PyVisit};
use pyo3::types::{PyInt, PyString, PyTuple};
use smallvec::SmallVec;

use crate::console::{Endpoints, PythonConsole};
use crate::ending::{self, Running};
use crate::errors::{program_error, run_error, stopped};
use crate::host_functions::{Bindings, HostModule};
use crate::memory::{self, Texts};
use crate::modules::{LoadedModule, PluginContext, Source};
use crate::native::{Library, NativeModule};
use crate::output::OutputTurn;
use crate::rights::{self, Rights, grants};
use crate::values::{Style, put_from_python, to_python};

/// How often a running program looks for signals.
const SIGNAL_INTERVAL: Duration = Duration::from_millis(20);

/// The increment of a `SplitMix64` sequence: each call draws its random numbers from a point of its own.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// How many arguments are passed without asking for memory.
const FEW: usize = 8;

/// How many hosts of calls that have ended are kept.
const MOST_IDLE: usize = 64;

/// Loads modules and calls their functions.
#[pyclass(frozen, subclass, module = "alas_core")]
pub(crate) struct Engine {
    inner: alas_engine::Engine,
    limits: Limits,
    style: Style,
    endpoints: Arc<Endpoints>,
    environment: Arc<HashMap<String, String>>,
    grants: Arc<Grants>,
    denied: Option<Py<PyAny>>,
    interrupts: Interrupts,
    random: AtomicU64,
    host_modules: Bindings,
    /// What calls have needed beside the engine, kept for the next ones.
    ///
    /// In a box, because Python does not place objects as far apart in memory as a queue wants to be.
    idle: Box<ArrayQueue<Box<Host>>>,
    /// Dropped last.
    texts: Texts,
}

// What Python's allocator promises of the place of an object.
const _: () = assert!(align_of::<Engine>() <= 16);

/// An argument that is to be a number that is not negative.
enum Natural<'py> {
    Known(u64),
    Given(Bound<'py, PyAny>),
}

impl<'py> FromPyObject<'_, 'py> for Natural<'py> {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self::Given(object.to_owned()))
    }
}

impl Natural<'_> {
    fn get(self, name: &str) -> PyResult<u64> {
        let object = match self {
            Self::Known(number) => return Ok(number),
            Self::Given(object) => object,
        };
        let expected = format!("`{name}` is an int from 0 to 2**64 - 1");
        if let Ok(number) = object.cast::<PyInt>() {
            return number
                .extract()
                .map_err(|_| PyValueError::new_err(format!("{expected}, found {number}")));
        }
        Err(PyTypeError::new_err(format!("{expected}, found {}", object.get_type().name()?)))
    }
}

/// Lets a value be used where the thread does not change although the compiler cannot see it.
struct SameThread<T>(T);

// SAFETY: only used across `Python::detach`, which runs its closure in the calling thread.
unsafe impl<T> Send for SameThread<T> {}

impl<T> SameThread<T> {
    fn into_inner(self) -> T {
        self.0
    }
}

#[pymethods]
impl Engine {
    #[new]
    #[pyo3(
        signature = (*, depth=Natural::Known(10_000), steps=None, memory=None, timeout=None, random_seed=None, environment=None, rights=Vec::new(), denied=None, write=None, write_within=None, read_line=None, await_line=None, line_buffered=false, packed_results=false, count_calls=false),
        text_signature = "(*, depth=10000, steps=None, memory=None, timeout=None, random_seed=None, environment=None, rights=(), denied=None, write=None, write_within=None, read_line=None, await_line=None, line_buffered=False, packed_results=False, count_calls=False)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are keywords in Python")]
    fn new(
        depth: Natural<'_>,
        steps: Option<Natural<'_>>,
        memory: Option<Natural<'_>>,
        timeout: Option<Natural<'_>>,
        random_seed: Option<Natural<'_>>,
        environment: Option<HashMap<String, String>>,
        rights: Vec<PyRef<'_, Rights>>,
        denied: Option<Py<PyAny>>,
        write: Option<Py<PyAny>>,
        write_within: Option<Py<PyAny>>,
        read_line: Option<Py<PyAny>>,
        await_line: Option<Py<PyAny>>,
        line_buffered: bool,
        packed_results: bool,
        count_calls: bool,
    ) -> PyResult<Self> {
        let seed = random_seed.map(|seed| seed.get("random_seed")).transpose()?;
        let seed = seed.unwrap_or_else(|| RandomState::new().hash_one(0));
        let depth = usize::try_from(depth.get("depth")?).unwrap_or(usize::MAX);
        let steps = steps.map(|steps| steps.get("steps")).transpose()?;
        let memory = memory.map(|memory| memory.get("memory")).transpose()?;
        let memory = memory.map(|memory| usize::try_from(memory).unwrap_or(usize::MAX));
        let timeout = timeout.map(|timeout| timeout.get("timeout")).transpose()?.map(Duration::from_micros);
        Ok(Self {
            inner: if count_calls {
                alas_engine::Engine::counting_calls()
            } else {
                alas_engine::Engine::new()
            },
            limits: Limits { depth, steps, memory, timeout },
            style: Style { packed: packed_results },
            endpoints: Arc::new(Endpoints {
                write,
                write_within,
                read_line,
                await_line,
                line_buffered,
                turn: OutputTurn::default(),
            }),
            environment: Arc::new(environment.unwrap_or_default()),
            grants: grants(rights),
            denied,
            interrupts: Interrupts::default(),
            random: AtomicU64::new(seed),
            host_modules: Bindings::default(),
            idle: Box::new(ArrayQueue::new(MOST_IDLE)),
            texts: Texts::default(),
        })
    }

    fn load(&self, py: Python<'_>, source: Source, resolve: &Bound<'_, PyAny>) -> PyResult<LoadedModule> {
        let bytes = Cell::new(source.0.source.text.len());
        let find = |name: &str, importer: Option<&str>| -> PyResult<Option<Found>> {
            let found = resolve.call1((name, importer))?;
            if let Ok(module) = found.cast::<HostModule>() {
                return Ok(Some(self.host_modules.bind(py, module.as_unbound())));
            }
            if let Ok(module) = found.cast::<NativeModule>() {
                return Ok(Some(module.get().found()));
            }
            let found: Option<Source> = found.extract()?;
            bytes.set(bytes.get() + found.as_ref().map_or(0, |found| found.0.source.text.len()));
            Ok(found.map(|source| source.0))
        };
        let outcome = self.finish_loading(py, self.inner.load(source.0, find));
        self.texts.note(py, bytes.get());
        outcome
    }

    fn define(&self, py: Python<'_>, module: &Bound<'_, PyAny>) -> PyResult<LoadedModule> {
        let found = match module.cast::<NativeModule>() {
            Ok(native) => native.get().found(),
            Err(_) => self.host_modules.bind(py, module.cast::<HostModule>()?.as_unbound()),
        };
        self.finish_loading(py, self.inner.load(found, |_, _| Ok(None)))
    }

    fn open_library(
        &self,
        py: Python<'_>,
        library: Library,
        plugin: &Bound<'_, PluginContext>,
    ) -> PyResult<NativeModule> {
        NativeModule::open(py, &self.inner, library, plugin.get())
    }

    fn modules(&self) -> Vec<String> {
        self.inner.modules().iter().map(ToString::to_string).collect()
    }

    /// Function, standard function, capabilities and way of each thing that a module does outside.
    fn needs(&self, module: &str) -> Vec<Effect> {
        let needs = self.inner.needs(module).unwrap_or_default().into_iter();
        needs
            .map(|need| {
                let builtin = need.builtin.map(|builtin| builtin.row().name);
                (need.function.to_string(), builtin, need.capabilities, need.way)
            })
            .collect()
    }

    fn unload(&self, py: Python<'_>, name: &str) -> bool {
        // A plugin may end with it, which may take long.
        let was_there = py.detach(|| self.inner.unload(name));
        self.host_modules.release_unused();
        was_there
    }

    #[pyo3(signature = (function, /, *arguments))]
    fn call(&self, py: Python<'_>, function: &str, arguments: &Bound<'_, PyTuple>) -> PyResult<Py<PyAny>> {
        let handle = self.inner.function(function).map_err(|error| run_error(py, *error))?;
        self.run(py, &handle, arguments, None)
    }

    /// A function by its full name, for whoever calls it often.
    #[pyo3(signature = (name, otherwise, is_direct))]
    fn function(slf: Bound<'_, Self>, name: String, otherwise: Py<PyAny>, is_direct: Py<PyAny>) -> Function {
        Function { engine: slf.unbind(), name, otherwise, is_direct, known: Mutex::new(None) }
    }

    fn interrupt(&self) {
        self.interrupts.set_all();
    }

    #[expect(clippy::unused_self, reason = "the counters may move from the thread to the engine")]
    fn statistics(&self) -> HashMap<&'static str, u64> {
        let account = account::current();
        HashMap::from([
            ("copies", account::copies()),
            ("memory_used", account::used(account) as u64),
            ("memory_peak", account::peak(account) as u64),
        ])
    }

    fn call_counts(&self) -> BTreeMap<String, u64> {
        self.inner.call_counts()
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.denied)?;
        self.host_modules.traverse(&visit)
    }

    fn __clear__(&self) {
        self.host_modules.clear();
    }
}

/// One of the tuples of `Engine.needs`.
type Effect = (String, Option<&'static str>, Vec<&'static str>, Vec<String>);

impl Engine {
    /// Calls a function with Python values.
    fn run(
        &self,
        py: Python<'_>,
        handle: &FunctionHandle,
        arguments: &Bound<'_, PyTuple>,
        cancellation: Option<&Cancellation>,
    ) -> PyResult<Py<PyAny>> {
        // Dropped last, with Python's lock.
        let _running = Running::begin(py)?;
        let mut values = SmallVec::<[Value; FEW]>::new();
        for argument in arguments.iter_borrowed() {
            values.push(Value::Void);
            if let Some(place) = values.last_mut() {
                put_from_python(&argument, place)?;
            }
        }
        let mut host = self.start(py);
        if let Some(cancellation) = cancellation {
            cancellation.attach(&host.interrupt);
        }
        let limits = self.limits;
        let deadline = limits.timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        // The handle is dropped here and not by the work, because it may be the last that holds Python objects.
        let work = SameThread((&mut values[..], handle, &mut host));
        let outcome = py.detach(move || {
            let (values, handle, host) = work.into_inner();
            SameThread(handle.call(values, host, limits))
        });
        if let Some(cancellation) = cancellation {
            cancellation.detach(&host.interrupt);
        }
        // If there is no room, it is dropped here.
        let _ = self.idle.push(host);
        ending::end_thread()?;
        let outcome = match outcome.into_inner() {
            Ok(value) => to_python(py, value, self.style, deadline),
            Err(error) => Err(run_error(py, *error)),
        };
        memory::give_back(py);
        outcome
    }

    fn finish_loading(
        &self,
        py: Python<'_>,
        outcome: Result<Arc<Loaded>, LoadError<PyErr>>,
    ) -> PyResult<LoadedModule> {
        self.host_modules.release_unused();
        match outcome {
            Ok(loaded) => Ok(LoadedModule(loaded)),
            Err(LoadError::Program(diagnostics)) => Err(program_error(py, &diagnostics)),
            Err(LoadError::Find(error)) => Err(error),
        }
    }

    /// What a call needs: that of an earlier call, or new.
    fn start(&self, py: Python<'_>) -> Box<Host> {
        let mut host = self.idle.pop().unwrap_or_else(|| Box::new(self.new_host(py)));
        host.random = self.random.fetch_add(GOLDEN, Ordering::Relaxed);
        host.interrupt.clear();
        host
    }

    fn new_host(&self, py: Python<'_>) -> Host {
        Host {
            console: Box::new(PythonConsole::new(self.endpoints.clone())),
            random: 0,
            environment: self.environment.clone(),
            interrupt: self.interrupts.make(),
            watch: Some(watch()),
            grants: self.grants.clone(),
            denied: self.denied.as_ref().map(|observer| rights::observer(observer, py)),
            bounds: Bounds::default(),
            tasks: None,
        }
    }
}

/// What stops the calls of an engine, one for each host.
#[derive(Default)]
struct Interrupts(Mutex<Vec<Interrupt>>);

impl Interrupts {
    fn lock(&self) -> MutexGuard<'_, Vec<Interrupt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One for another host.
    fn make(&self) -> Interrupt {
        let interrupt = Interrupt::default();
        let mut all = self.lock();
        all.retain(|other| !other.is_abandoned());
        all.push(interrupt.clone());
        interrupt
    }

    /// Stops every call that runs.
    fn set_all(&self) {
        self.lock().iter().for_each(Interrupt::set);
    }
}

/// Calls that can be stopped by themselves.
#[pyclass(frozen, module = "alas_core")]
pub(crate) struct Cancellation {
    engine: Py<Engine>,
    calls: Mutex<Calls>,
}

#[derive(Default)]
struct Calls {
    is_cancelled: bool,
    running: Vec<Interrupt>,
}

#[pymethods]
impl Cancellation {
    #[new]
    fn new(engine: Py<Engine>) -> Self {
        Self { engine, calls: Mutex::default() }
    }

    /// Calls a function as the engine does, unless it was cancelled.
    #[pyo3(signature = (function, /, *arguments))]
    fn call(&self, py: Python<'_>, function: &str, arguments: &Bound<'_, PyTuple>) -> PyResult<Py<PyAny>> {
        let engine = self.engine.get();
        let handle = engine.inner.function(function).map_err(|error| run_error(py, *error))?;
        engine.run(py, &handle, arguments, Some(self))
    }

    /// Stops the calls that run, and those that come.
    fn cancel(&self) {
        let mut calls = self.lock();
        calls.is_cancelled = true;
        calls.running.iter().for_each(Interrupt::set);
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.engine)
    }
}

impl Cancellation {
    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a call that begins, which this stops.
    fn attach(&self, interrupt: &Interrupt) {
        let mut calls = self.lock();
        if calls.is_cancelled {
            interrupt.set();
        }
        calls.running.push(interrupt.clone());
    }

    /// Notes that a call has ended.
    fn detach(&self, interrupt: &Interrupt) {
        self.lock().running.retain(|other| !other.is_same(interrupt));
    }
}

/// A function of an engine that was looked up before.
#[pyclass(frozen, module = "alas_core")]
pub(crate) struct Function {
    engine: Py<Engine>,
    name: String,
    /// Called in its place, with the name before the arguments, when the engine has no such function, or not directly.
    otherwise: Py<PyAny>,
    /// Says of the name whether the function may be called directly.
    is_direct: Py<PyAny>,
    /// The function, if it may be called directly, and how often the modules had changed when it was looked for.
    known: Mutex<Option<(u64, Option<WeakFunctionHandle>)>>,
}

#[pymethods]
impl Function {
    #[pyo3(signature = (*arguments))]
    fn __call__(&self, py: Python<'_>, arguments: &Bound<'_, PyTuple>) -> PyResult<Py<PyAny>> {
        let engine = self.engine.get();
        if let Some(handle) = self.find(py, &engine.inner)? {
            return engine.run(py, &handle, arguments, None);
        }
        let mut all = vec![PyString::new(py, &self.name).into_any()];
        all.extend(arguments.iter());
        self.otherwise.call1(py, PyTuple::new(py, all)?)
    }

    fn __repr__(&self) -> String {
        format!("<Function {}>", self.name.escape_debug())
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.engine)?;
        visit.call(&self.otherwise)?;
        visit.call(&self.is_direct)
    }
}

impl Function {
    fn lock(&self) -> MutexGuard<'_, Option<(u64, Option<WeakFunctionHandle>)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, py: Python<'_>, engine: &alas_engine::Engine) -> PyResult<Option<FunctionHandle>> {
        let changes = engine.changes();
        if let Some((then, handle)) = &*self.lock()
            && *then == changes
        {
            return Ok(handle.as_ref().and_then(WeakFunctionHandle::upgrade));
        }
        // Not while the lock is held, because this is Python code.
        let is_direct = self.is_direct.call1(py, (&self.name,))?.is_truthy(py)?;
        let found = engine.function(&self.name).ok();
        // One that is not there may be loaded by whoever is called in its place, which changes the modules.
        *self.lock() = found
            .is_some()
            .then(|| (changes, found.as_ref().filter(|_| is_direct).map(FunctionHandle::downgrade)));
        Ok(found.filter(|_| is_direct))
    }
}

/// Looks for signals now and then; a signal whose handler raises stops the program.
fn watch() -> Box<dyn Fn() -> Result<(), Fault> + Send> {
    let last = Cell::new(Instant::now());
    Box::new(move || {
        if last.get().elapsed() < SIGNAL_INTERVAL {
            return Ok(());
        }
        last.set(Instant::now());
        ending::check()?;
        Python::attach(|py| py.check_signals().map_err(|error| stopped(py, error)))
    })
}
