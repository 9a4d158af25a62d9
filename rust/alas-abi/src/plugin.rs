//! A plugin whose library is open, and how it gets there.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alas_engine::value::Account;
use alas_engine::value::account::{self, AccountId};
use alas_engine::{EngineReference, Fault, HostModule, PluginContext};
use alas_plugin_abi::OK;

use crate::agreement::agree;
use crate::binary::inspect;
use crate::call::{self, Failure};
use crate::description::{Description, describe};
use crate::error::{LoadError, LoadErrorCode as Code};
use crate::function::NativeFunction;
use crate::library;
use crate::log::{Level, Log};
use crate::unwinding::{self, Catching, Ended, Thrown};

/// A function as the manifest describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Its name.
    pub name: String,
    /// The names and types of its parameters.
    pub parameters: Vec<(String, String)>,
    /// The type of its result.
    pub returns: String,
}

/// What loading a plugin takes.
pub struct Request<'r> {
    /// The plugin's own folder.
    pub folder: &'r Path,
    /// The library.
    pub library: &'r Path,
    /// Other libraries in the folder that it may need.
    pub companions: &'r [PathBuf],
    /// What the plugin's code can read of its manifest.
    pub context: PluginContext,
    /// The name of its module.
    pub module: &'r str,
    /// The functions that the library has to have, and no others.
    pub functions: &'r [Signature],
    /// Whether calls may overlap; otherwise they take turns.
    pub is_parallel: bool,
    /// Where functions are that it may call.
    pub engine: EngineReference,
    /// The modules and plugins of which it may call functions, beside its own.
    pub callable: Vec<String>,
    /// Takes what it writes to the log.
    pub log: Arc<dyn Log>,
    /// The most bytes that the values may take at once that it makes.
    pub memory: Option<usize>,
}

/// What the functions of a plugin share. The plugin's `shutdown` runs when the last of them has gone.
pub(crate) struct Plugin {
    context: PluginContext,
    module: String,
    account: Account,
    engine: EngineReference,
    callable: Vec<String>,
    log: Arc<dyn Log>,
    memory: Option<usize>,
    shutdown: Option<unsafe extern "C-unwind" fn()>,
    catching: Option<Catching>,
    /// Of a library that others may use too, once it has joined them.
    shared: Option<&'static library::Shared>,
}

impl Plugin {
    pub(crate) fn name(&self) -> &str {
        &self.context.name
    }

    pub(crate) fn module(&self) -> &str {
        &self.module
    }

    pub(crate) fn config(&self, key: &str) -> Option<&str> {
        self.context.config.get(key).map(String::as_str)
    }

    #[inline]
    pub(crate) fn account(&self) -> AccountId {
        self.account.id()
    }

    /// Whether its values may take so many bytes more.
    pub(crate) fn has_room(&self, bytes: usize) -> bool {
        let Some(limit) = self.memory else { return true };
        // Less than nothing, where values were freed that another thread has made.
        let used = account::used(self.account()).cast_signed();
        let wanted = used.saturating_add(isize::try_from(bytes).unwrap_or(isize::MAX));
        wanted <= isize::try_from(limit).unwrap_or(isize::MAX)
    }

    /// Gives back what one of its functions has thrown; says what it was.
    pub(crate) fn give_back(&self, thrown: Thrown) -> &'static str {
        thrown.give_back(self.catching)
    }

    pub(crate) fn engine(&self) -> &EngineReference {
        &self.engine
    }

    /// Whether functions of a module may be called, which may belong to a plugin.
    pub(crate) fn may_call(&self, module: &str, owner: Option<&str>) -> bool {
        let is_named = |name: &str| self.callable.iter().any(|callable| callable == name);
        module == self.module || is_named(module) || owner.is_some_and(is_named)
    }

    /// Writes a line to the log.
    ///
    /// # Errors
    ///
    /// What is to end the program.
    pub(crate) fn log(&self, level: Level, message: &str) -> Result<(), Fault> {
        self.log.log(self.name(), level, message)
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        match self.shared {
            Some(shared) => shared.leave(|| self.end()),
            None => self.end(),
        }
    }
}

impl Plugin {
    fn end(&self) {
        if let Some(shutdown) = self.shutdown
            && let Ended::Unwinding(thrown) = unwinding::shutdown(shutdown)
        {
            let what = thrown.give_back(self.catching);
            // No program waits for it that could be ended.
            let _ = self.log(Level::Warning, &format!("`shutdown` ended by {what}, which must not leave it"));
        }
    }
}

/// A plugin in native code that can become a part of an engine.
#[derive(Clone)]
pub struct NativePlugin {
    plugin: Arc<Plugin>,
    module: HostModule,
}

impl fmt::Debug for NativePlugin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("NativePlugin").field("module", &self.plugin.module).finish_non_exhaustive()
    }
}

impl NativePlugin {
    /// Opens a library, compares it with the manifest, and has it begin.
    ///
    /// # Errors
    ///
    /// Why the library cannot be used. What could be seen without running anything of it was looked at before.
    pub fn load(request: Request<'_>) -> Result<Self, LoadError> {
        let binary = inspect(request.library)?;
        // The plugin finds its companions until it has begun.
        let (library, _place) = library::open(&binary, request.folder, request.companions)?;
        let at_file = |error: LoadError| LoadError {
            message: format!("{}: {}", request.library.display(), error.message),
            ..error
        };
        let description = describe(library).map_err(at_file)?;
        agree(&description, request.module, request.functions).map_err(at_file)?;
        let mut plugin = Plugin {
            context: request.context,
            module: request.module.to_owned(),
            account: Account::open(),
            engine: request.engine,
            callable: request.callable,
            log: request.log,
            memory: request.memory,
            shutdown: None,
            catching: library.catching,
            shared: None,
        };
        let mut begin = || begin(&mut plugin, &description).map_err(at_file);
        match library.shared {
            Some(shared) => shared.join(begin)?,
            None => begin()?,
        }
        plugin.shared = library.shared;
        plugin.shutdown = description.shutdown;
        let plugin = Arc::new(plugin);
        let pointers: HashMap<&str, _> =
            description.functions.iter().map(|row| (&*row.name, row.function)).collect();
        let mut module = HostModule::new(request.module).file(request.library.display().to_string());
        for signature in request.functions {
            let parameters: Vec<(&str, &str)> =
                signature.parameters.iter().map(|(name, kind)| (&**name, &**kind)).collect();
            // The two agree, so there is a pointer for each.
            let Some(pointer) = pointers.get(&*signature.name) else { continue };
            let function = NativeFunction::new(plugin.clone(), *pointer, &signature.name);
            module = module.function(&signature.name, &parameters, &signature.returns, function);
        }
        if !request.is_parallel {
            module = module.turn(library.shared.map_or_else(Arc::default, |shared| shared.turn.clone()));
        }
        Ok(Self { plugin, module })
    }

    /// The module of its functions, without what the engine needs to know of the plugin, and without types.
    #[must_use]
    pub fn module(&self) -> HostModule {
        self.module.clone()
    }

    /// Who pays for what its functions make.
    #[must_use]
    pub fn account(&self) -> AccountId {
        self.plugin.account()
    }
}

/// Has a plugin begin.
fn begin(plugin: &mut Plugin, description: &Description) -> Result<(), LoadError> {
    let Some(init) = description.init else { return Ok(()) };
    let (ended, failure, fatal, misuse) = call::run(plugin, (&mut [], None), |record, shown| {
        (unwinding::init(init, shown), record.take_failure(), record.take_fatal(), record.misuse())
    });
    if let Some(fault) = fatal {
        match ended {
            // What has begun is to end.
            Ended::Normally(OK) => plugin.shutdown = description.shutdown,
            Ended::Normally(_) => {}
            Ended::Unwinding(thrown) => drop(plugin.give_back(thrown)),
        }
        let cause = fault.cause().cloned();
        let message = format!("`init` was stopped: {}", fault.message());
        return Err(LoadError { cause, ..LoadError::new(Code::InitFailed, message) });
    }
    let reason = match (ended, failure) {
        (Ended::Normally(OK), _) => return Ok(()),
        (Ended::Unwinding(thrown), _) => {
            format!("it ended by {}, which must not leave it", thrown.give_back(plugin.catching))
        }
        (Ended::Normally(_), Some(Failure::Own(failure))) => failure.to_string(),
        (Ended::Normally(_), Some(Failure::Called(fault))) => fault.to_string(),
        (Ended::Normally(_), Some(Failure::Refused(fault))) => format!("it {}", fault.message()),
        (Ended::Normally(status), None) => match misuse {
            Some(misuse) => format!("it returned the status {status}: {misuse}"),
            None => format!("it returned the status {status}, without saying why"),
        },
    };
    Err(LoadError::new(Code::InitFailed, format!("`init` failed: {reason}")))
}
