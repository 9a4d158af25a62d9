//! The loaded modules, and calls of their functions.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};

use alas_check::{FunctionInterface, Interface};
use alas_syntax::Diagnostic;
use alas_value::Value;
use alas_vm::{CallCounts, ErrorCode, Fault, Host, Limits, Module, RunError};

use crate::host_module::Implementation;
use crate::load::{Found, LoadError, Plugin, load};
use crate::needs::{Known, Names, Need, Needs, listed};

/// A module that can be called.
#[derive(Debug)]
pub struct Loaded {
    pub(crate) module: Arc<Module>,
    pub(crate) file: Option<String>,
    pub(crate) plugin: Option<Plugin>,
    pub(crate) host: Option<Implementation>,
    pub(crate) needs: Arc<Needs>,
    pub(crate) own_warnings: Vec<Diagnostic>,
    pub(crate) warnings: Vec<Diagnostic>,
}

impl Loaded {
    /// What the module declares.
    #[must_use]
    pub fn interface(&self) -> &Arc<Interface> {
        self.module.interface()
    }

    /// The file that it came from.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// Findings about it, and about the modules that were loaded for it, that did not stop it.
    #[must_use]
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }
}

/// A function that can be called; it keeps its module alive.
#[derive(Debug, Clone)]
pub struct FunctionHandle {
    module: Arc<Module>,
    number: u32,
}

/// A function that is remembered without keeping its module alive.
#[derive(Debug, Clone)]
pub struct WeakFunctionHandle {
    module: Weak<Module>,
    number: u32,
}

impl WeakFunctionHandle {
    /// The function, if its module is still there.
    #[must_use]
    pub fn upgrade(&self) -> Option<FunctionHandle> {
        Some(FunctionHandle { module: self.module.upgrade()?, number: self.number })
    }
}

impl FunctionHandle {
    /// The name of the plugin that the function belongs to, if any.
    #[must_use]
    pub fn plugin(&self) -> Option<&str> {
        self.module.plugin_name()
    }

    /// The function, to be remembered without keeping its module alive.
    #[must_use]
    pub fn downgrade(&self) -> WeakFunctionHandle {
        WeakFunctionHandle { module: Arc::downgrade(&self.module), number: self.number }
    }

    /// The function's declaration.
    #[must_use]
    pub fn declaration(&self) -> Option<&FunctionInterface> {
        self.module.interface().functions.get(self.number as usize)
    }

    /// Calls the function. The arguments are made to fit its parameters, and taken: what is left in their places means
    /// nothing.
    ///
    /// # Errors
    ///
    /// The failure, its place, and the calls that led there.
    pub fn call(
        &self,
        arguments: &mut [Value],
        host: &mut Host,
        limits: Limits,
    ) -> Result<Value, Box<RunError>> {
        alas_vm::call(&self.module, self.number, arguments, host, limits)
    }
}

/// Keeps loaded modules. May be shared by threads.
#[derive(Debug, Default)]
pub struct Engine {
    tables: Arc<RwLock<Tables>>,
    /// How often the modules have changed.
    changes: AtomicU64,
    counts: Option<CallCounts>,
}

/// Finds functions of an engine without keeping it: for host functions that call other functions, which the engine owns.
#[derive(Debug, Clone, Default)]
pub struct EngineReference(Weak<RwLock<Tables>>);

impl EngineReference {
    /// The function of a full name, `module.function`.
    ///
    /// # Errors
    ///
    /// `function_not_found`, with the names that exist; also when the engine is gone.
    pub fn function(&self, name: &str) -> Result<FunctionHandle, Fault> {
        match self.0.upgrade() {
            Some(tables) => find(&read(&tables).modules, name),
            None => Err(Fault::new(ErrorCode::FunctionNotFound, "the engine is gone")),
        }
    }
}

#[derive(Debug, Default)]
struct Tables {
    modules: HashMap<Arc<str>, Arc<Loaded>>,
    /// Functions that were asked for by their full names; emptied whenever the modules change.
    functions: HashMap<Box<str>, FunctionHandle>,
}

impl Engine {
    /// An engine without modules.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An engine without modules, which counts the calls of the functions of plugins: those from outside, those between
    /// modules, and those within a plugin.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use alas_engine::value::Value;
    /// use alas_engine::{Context, Engine, Fault, HostModule, Plugin};
    ///
    /// let nothing = |_: &mut Context<'_>, _: &mut [Value]| Ok::<_, Fault>(Value::Void);
    /// let module = HostModule::new("host").function("f", &[], "void", nothing).plugin(Plugin::default());
    /// let engine = Engine::counting_calls();
    /// engine.load(module.into(), |_, _| Ok::<_, Infallible>(None)).unwrap();
    /// assert_eq!(engine.call_counts()["host.f"], 0);
    /// ```
    #[must_use]
    pub fn counting_calls() -> Self {
        Self { counts: Some(CallCounts::default()), ..Self::default() }
    }

    /// How often each function of a plugin was called, by its full name: those of all plugins that were ever loaded. An
    /// engine that does not count calls knows none.
    #[must_use]
    pub fn call_counts(&self) -> BTreeMap<String, u64> {
        self.counts.as_ref().map(CallCounts::get).unwrap_or_default()
    }

    /// Loads a module and all modules that it reaches, or none of them. A module of the same name is replaced; modules
    /// that already call it keep the old one. What it reaches is looked for anew, and loaded again when it has changed.
    ///
    /// `find` returns the text of a module by its name; it also gets the file of the module that names it.
    ///
    /// # Errors
    ///
    /// All findings about all of the modules, or what `find` failed with.
    pub fn load<E>(
        &self,
        root: Found,
        mut find: impl FnMut(&str, Option<&str>) -> Result<Option<Found>, E>,
    ) -> Result<Arc<Loaded>, LoadError<E>> {
        let known = self.read().modules.clone();
        let loaded = load(root, &known, self.counts.as_ref(), &mut find)?;
        let mut last = None;
        let mut tables = self.write();
        let forgotten = self.forget_functions(&mut tables);
        let mut replaced = Vec::new();
        for module in loaded {
            replaced.extend(tables.modules.insert(module.interface().name.clone(), module.clone()));
            last = Some(module);
        }
        // What goes with a module, such as the end of a plugin, may take long, and use the engine.
        drop(tables);
        drop((forgotten, replaced));
        last.ok_or_else(|| LoadError::Program(alas_syntax::Diagnostics(Vec::new())))
    }

    /// How often the modules have changed. As long as that stays the same, a name means the same function.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::Acquire)
    }

    /// Notes that the modules change; gives the functions that were known, to be dropped when the tables are free again.
    fn forget_functions(&self, tables: &mut Tables) -> HashMap<Box<str>, FunctionHandle> {
        self.changes.fetch_add(1, Ordering::Release);
        std::mem::take(&mut tables.functions)
    }

    /// What finds functions of the engine as long as it is there.
    #[must_use]
    pub fn reference(&self) -> EngineReference {
        EngineReference(Arc::downgrade(&self.tables))
    }

    /// The names of the loaded modules, sorted.
    #[must_use]
    pub fn modules(&self) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = self.read().modules.keys().cloned().collect();
        names.sort();
        names
    }

    /// What the functions of a loaded module do to the world outside, themselves or by what they call, in their order;
    /// `None` when there is no module of the name.
    #[must_use]
    pub fn needs(&self, module: &str) -> Option<Vec<Need>> {
        let modules = self.read().modules.clone();
        let (name, asked) = modules.get_key_value(module)?;
        let known: Known = modules.iter().map(|(name, one)| (name.clone(), one.needs.clone())).collect();
        let functions = |module: &str, function: u32| {
            Some(modules.get(module)?.interface().functions.get(function as usize)?.name.clone())
        };
        let count = asked.interface().functions.len() as u32;
        Some(listed(name, count, &Names { known: &known, functions: &functions }))
    }

    /// Forgets a module and tells whether there was one. Running calls, function handles and modules that call it keep
    /// it alive.
    pub fn unload(&self, name: &str) -> bool {
        let mut tables = self.write();
        let forgotten = self.forget_functions(&mut tables);
        let removed = tables.modules.remove(name);
        // As in `load`.
        drop(tables);
        drop(forgotten);
        removed.is_some()
    }

    fn read(&self) -> RwLockReadGuard<'_, Tables> {
        read(&self.tables)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Tables> {
        self.tables.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The function of a full name, `module.function`.
    ///
    /// # Errors
    ///
    /// `function_not_found`, with the names that exist.
    pub fn function(&self, name: &str) -> Result<FunctionHandle, Box<RunError>> {
        if let Some(known) = self.read().functions.get(name) {
            return Ok(known.clone());
        }
        let mut tables = self.write();
        let handle = find(&tables.modules, name).map_err(|fault| RunError::before_running(&fault))?;
        tables.functions.insert(name.into(), handle.clone());
        Ok(handle)
    }
}

fn read(tables: &RwLock<Tables>) -> RwLockReadGuard<'_, Tables> {
    tables.read().unwrap_or_else(PoisonError::into_inner)
}

fn find(modules: &HashMap<Arc<str>, Arc<Loaded>>, name: &str) -> Result<FunctionHandle, Fault> {
    let (module_name, function_name) = name.rsplit_once('.').unwrap_or((name, ""));
    let missing = |message: String| Fault::new(ErrorCode::FunctionNotFound, message);
    let Some(module) = modules.get(module_name) else {
        let mut known: Vec<&str> = modules.keys().map(|name| &**name).collect();
        known.sort_unstable();
        let known =
            if known.is_empty() { "none is".to_owned() } else { format!("loaded: {}", known.join(", ")) };
        return Err(missing(format!(
            "no module `{module_name}` is loaded ({known}); a function is named `module.function`"
        )));
    };
    let interface = module.interface();
    let Some(number) = interface.by_name.get(function_name) else {
        let known: Vec<&str> = interface.functions.iter().map(|function| &*function.name).collect();
        return Err(missing(format!(
            "the module `{module_name}` has no function `{function_name}`; it has: {}",
            known.join(", ")
        )));
    };
    Ok(FunctionHandle { module: module.module.clone(), number: *number })
}
