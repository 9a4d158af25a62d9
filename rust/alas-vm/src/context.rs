//! What a running program has around it: the console, chance, the plugin that it belongs to, the interrupt.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{ErrorCode, Fault};

/// Where `io.print` writes and `io.readLine` reads.
pub trait Console {
    /// Writes text to the output.
    ///
    /// # Errors
    ///
    /// What the operating system reports.
    fn write(&mut self, text: &str) -> io::Result<()>;

    /// Reads the next line without its line end; `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// What the operating system reports, and input that is not UTF-8.
    fn read_line(&mut self) -> io::Result<Option<String>>;
}

/// A flag by which another thread stops a running program.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Asks the program to stop with `cancelled` at its next check.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Takes the request back, for the next call.
    pub fn clear(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// Whether the program was asked to stop.
    #[must_use]
    #[inline]
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// What all modules of a run share.
pub struct Host {
    /// The console.
    pub console: Box<dyn Console>,
    /// The state of `math.random`: a `SplitMix64` generator.
    pub random: u64,
    /// The environment variables that programs may see.
    pub environment: Arc<HashMap<String, String>>,
    /// Stops the run from outside.
    pub interrupt: Interrupt,
    /// Asked now and then, for example for signals; true stops the run.
    pub watch: Option<Box<dyn Fn() -> bool>>,
}

impl Host {
    /// Looks whether the program has to stop.
    ///
    /// # Errors
    ///
    /// `cancelled` when it was asked to.
    pub fn poll(&self) -> Result<(), Fault> {
        if self.interrupt.is_set() || self.watch.as_ref().is_some_and(|watch| watch()) {
            return Err(Fault::new(ErrorCode::Cancelled, "the program was stopped from outside"));
        }
        Ok(())
    }
}

/// What the standard library tells a module about itself.
#[derive(Debug, Clone)]
pub struct ModuleContext {
    /// The module's name.
    pub name: Arc<str>,
    /// The plugin that the module belongs to, if any.
    pub plugin: Option<PluginContext>,
}

/// The part of a plugin's manifest that its own code can read.
#[derive(Debug, Clone, Default)]
pub struct PluginContext {
    /// The plugin's name.
    pub name: String,
    /// The plugin's version.
    pub version: String,
    /// `implementation.config`
    pub config: HashMap<String, String>,
    /// `runtime.environment`
    pub environment: HashMap<String, String>,
}

/// What a standard function gets beside its arguments.
pub struct Context<'a> {
    /// What all modules share.
    pub host: &'a mut Host,
    /// The module that calls.
    pub module: &'a ModuleContext,
}

impl Context<'_> {
    /// Called by long work every few thousand units, so that it can be stopped.
    ///
    /// # Errors
    ///
    /// `cancelled` when the program was asked to stop.
    pub fn poll(&self) -> Result<(), Fault> {
        self.host.poll()
    }
}
