//! What a running program has around it: the console, chance, the plugin that it belongs to, the interrupt.

use std::collections::HashMap;
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};
use std::time::Duration;

use alas_sandbox::{Denial, Grants};
use alas_value::account::ThreadAccounts;

use crate::{Bounds, ErrorCode, Fault, Guard, Module, Tasks, Turn, size};

/// How long to wait for something outside before looking whether the program has to stop.
const PATIENCE: Duration = Duration::from_millis(4);

/// Where `io.print` writes and `io.readLine` reads.
pub trait Console {
    /// Writes text to the output, or takes it to be handed over by [`flush`](Self::flush).
    ///
    /// # Errors
    ///
    /// What the operating system reports. One of the kind [`Interrupted`](io::ErrorKind::Interrupted) stops the program,
    /// here, when flushing and when reading.
    fn write(&mut self, text: &str) -> io::Result<()>;

    /// Reads the next line without its line end; `None` at the end of the input.
    ///
    /// # Errors
    ///
    /// What the operating system reports, and input that is not UTF-8.
    fn read_line(&mut self) -> io::Result<Option<String>>;

    /// Waits for a line, so that the program can be stopped meanwhile: for no longer than `patience`, and for no line of more
    /// bytes than `most`. Tells whether [`read_line`](Self::read_line) has one now, or has come to the end.
    ///
    /// A console that cannot wait for a while says so at once, and waits in `read_line`, where nothing stops the program.
    ///
    /// # Errors
    ///
    /// What the operating system reports; [`OutOfMemory`](io::ErrorKind::OutOfMemory) for a line that is too long.
    fn await_line(&mut self, _patience: Duration, _most: usize) -> io::Result<bool> {
        Ok(true)
    }

    /// Whether what it holds back is so much that it has to be handed over before more is written.
    fn is_full(&self) -> bool {
        false
    }

    /// Hands over what was written and is still held back, so that the program can be stopped meanwhile: waits for no longer than
    /// `patience` for a reader. Tells whether all is handed over.
    ///
    /// A console that cannot wait for a while waits for as long as it takes, and nothing stops the program.
    ///
    /// # Errors
    ///
    /// What the operating system reports.
    fn flush(&mut self, _patience: Duration) -> io::Result<bool> {
        Ok(true)
    }

    /// Forgets what was written and is still held back.
    fn discard(&mut self) {}

    /// Another console for the same output and input, to be used by another thread.
    fn fork(&self) -> Box<dyn Console + Send>;
}

/// A console where nobody reads and nobody writes: what is written is lost, and there are no lines.
///
/// ```
/// let host = alas_vm::Host::new(Box::new(alas_vm::NoConsole));
/// assert!(host.poll().is_ok());
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct NoConsole;

impl Console for NoConsole {
    fn write(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        Ok(None)
    }

    fn fork(&self) -> Box<dyn Console + Send> {
        Box::new(Self)
    }
}

/// By this another thread stops running programs.
///
/// Clones share the requests. Each holds how many it has dealt with, so that a request stops the calls that run when it
/// is made, and none that starts later.
#[derive(Debug, Clone, Default)]
pub struct Interrupt {
    requests: Arc<AtomicU64>,
    dealt_with: u64,
}

impl Interrupt {
    /// Asks the running programs to stop with `cancelled` at their next check.
    pub fn set(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether both pass on the same requests.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.requests, &other.requests)
    }

    /// The same without a count, for who knows that it outlives the pointer.
    #[inline]
    pub(crate) fn pointer(&self) -> Option<InterruptPointer> {
        let requests = NonNull::new(Arc::as_ptr(&self.requests).cast_mut())?;
        Some(InterruptPointer { requests, dealt_with: self.dealt_with })
    }

    /// Whether nobody else has a clone, so that no program can be asked by this any more.
    #[must_use]
    pub fn is_abandoned(&self) -> bool {
        Arc::strong_count(&self.requests) == 1
    }

    /// Forgets the requests made so far; called when a program starts.
    pub fn clear(&mut self) {
        self.dealt_with = self.requests.load(Ordering::Relaxed);
    }

    /// Whether the program was asked to stop.
    #[must_use]
    #[inline]
    pub fn is_set(&self) -> bool {
        self.requests.load(Ordering::Relaxed) != self.dealt_with
    }
}

/// An [`Interrupt`] without a count.
#[derive(Debug, Clone, Copy)]
pub(crate) struct InterruptPointer {
    requests: NonNull<AtomicU64>,
    dealt_with: u64,
}

impl InterruptPointer {
    /// The interrupt.
    ///
    /// # Safety
    ///
    /// It is still there.
    pub(crate) unsafe fn interrupt(self) -> Interrupt {
        let Self { requests, dealt_with } = self;
        // SAFETY: the caller promises that it is there; the pointer came from its `Arc`.
        let requests = unsafe {
            Arc::increment_strong_count(requests.as_ptr());
            Arc::from_raw(requests.as_ptr())
        };
        Interrupt { requests, dealt_with }
    }
}

/// What all modules of a run share.
pub struct Host {
    /// The console.
    pub console: Box<dyn Console + Send>,
    /// The state of `math.random`: a `SplitMix64` generator.
    pub random: u64,
    /// The environment variables that programs may see.
    pub environment: Arc<HashMap<String, String>>,
    /// Stops the run from outside.
    pub interrupt: Interrupt,
    /// Asked now and then, for example for signals; a failure stops the run.
    pub watch: Option<Box<dyn Fn() -> Result<(), Fault> + Send>>,
    /// What programs may reach outside; plugins have their own.
    pub grants: Arc<Grants>,
    /// Told of each attempt at what was not granted.
    pub denied: Option<DenialObserver>,
    /// How much time and memory is left; set when a call begins.
    pub bounds: Bounds,
    /// The tasks of the call that runs, as soon as there are any.
    pub tasks: Option<Tasks>,
}

impl Host {
    /// A host with a console, which lets programs see and reach nothing else.
    #[must_use]
    pub fn new(console: Box<dyn Console + Send>) -> Self {
        Self {
            console,
            random: 0,
            environment: Arc::default(),
            interrupt: Interrupt::default(),
            watch: None,
            grants: Arc::default(),
            denied: None,
            bounds: Bounds::default(),
            tasks: None,
        }
    }

    /// A host for a call that runs beside those with this one: it writes to the same output and may reach the same, but it
    /// is stopped by itself, and nobody watches it.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            environment: self.environment.clone(),
            grants: self.grants.clone(),
            denied: self.denied.clone(),
            ..Self::new(self.console.fork())
        }
    }

    /// Looks whether the program has to stop.
    ///
    /// # Errors
    ///
    /// `cancelled` when it was asked to, `timeout` or `memory_limit_exceeded` when it has used up what it may, or what
    /// watching it failed with.
    pub fn poll(&self) -> Result<(), Fault> {
        self.look_outside()?;
        self.bounds.check(|| self.look_outside())
    }

    /// Has the console hand over all that was written. What it has not handed over when this fails is lost.
    ///
    /// # Errors
    ///
    /// `io_error` when it cannot be written, and as for [`poll`](Self::poll) while nobody takes it.
    pub fn flush(&mut self) -> Result<(), Fault> {
        self.flush_while(Self::poll)
    }

    /// Has the console hand over what a program has written that has failed.
    ///
    /// # Errors
    ///
    /// Why the program has to stop while nobody takes it. One that was stopped before waits only for a moment.
    pub(crate) fn flush_after(&mut self, code: ErrorCode) -> Result<(), Fault> {
        if matches!(code, ErrorCode::Timeout | ErrorCode::Cancelled) {
            if !matches!(self.console.flush(PATIENCE), Ok(true)) {
                self.console.discard();
            }
            return Ok(());
        }
        // What it had to keep to, but for the time, is of the past.
        self.flush_while(|host| {
            host.look_outside()?;
            host.bounds.check_time()
        })
    }

    fn flush_while(&mut self, go_on: impl Fn(&Self) -> Result<(), Fault>) -> Result<(), Fault> {
        loop {
            let outcome = match self.console.flush(self.patience()) {
                Ok(true) => return Ok(()),
                Ok(false) => go_on(self),
                Err(error) => Err(unwritten("the output could not be written", error)),
            };
            if outcome.is_err() {
                self.console.discard();
                return outcome;
            }
        }
    }

    /// How long to wait for something outside before the next [`poll`](Self::poll): no longer than the call may take.
    pub(crate) fn patience(&self) -> Duration {
        self.bounds.time_left().map_or(PATIENCE, |left| left.min(PATIENCE))
    }

    fn look_outside(&self) -> Result<(), Fault> {
        if self.interrupt.is_set() || self.bounds.is_stopped() {
            return Err(Fault::new(ErrorCode::Cancelled, "the program was stopped from outside"));
        }
        self.watch.as_ref().map_or(Ok(()), |watch| watch())
    }
}

/// What an error of the console means for the program.
pub(crate) fn unwritten(what: &str, error: io::Error) -> Fault {
    let fault = match error.kind() {
        io::ErrorKind::OutOfMemory => size::no_room(),
        io::ErrorKind::Interrupted => {
            Fault::new(ErrorCode::Cancelled, format!("the program was stopped at the console: {error}"))
        }
        _ => Fault::new(ErrorCode::IoError, format!("{what}: {error}")),
    };
    fault.caused_by(error)
}

/// What the standard library tells a module about itself.
///
/// ```
/// let context = alas_vm::ModuleContext { turn: None, ..alas_vm::ModuleContext::new("numbers") };
/// assert_eq!(&*context.name, "numbers");
/// ```
#[derive(Debug, Clone)]
pub struct ModuleContext {
    /// The module's name.
    pub name: Arc<str>,
    /// The plugin that the module belongs to, if any.
    pub plugin: Option<PluginContext>,
    /// What the host implements of it runs one call at a time, if there is a turn to take.
    pub turn: Option<Arc<Turn>>,
    /// What holds its code to the limits of its plugin.
    pub guard: Option<Arc<Guard>>,
    /// The module itself, once it was linked.
    pub itself: OnceLock<Weak<Module>>,
}

impl ModuleContext {
    /// A module that belongs to no plugin.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), plugin: None, turn: None, guard: None, itself: OnceLock::new() }
    }
}

/// The part of a plugin's manifest that its own code can read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PluginContext {
    /// The plugin's name.
    pub name: String,
    /// The plugin's version.
    pub version: String,
    /// `implementation.config`
    pub config: HashMap<String, String>,
    /// `runtime.environment`
    pub environment: HashMap<String, String>,
    /// What it may reach outside.
    pub grants: Arc<Grants>,
}

/// Is told of attempts at what was not granted.
pub type DenialObserver = Arc<dyn Fn(&Denied<'_>) + Send + Sync>;

/// An attempt at what was not granted.
#[derive(Debug, Clone, Copy)]
pub struct Denied<'a> {
    /// The plugin whose code it was; `None` for a program's.
    pub plugin: Option<&'a str>,
    /// The module, and the function in there.
    pub module: &'a str,
    /// The function.
    pub function: &'a str,
    /// What was tried.
    pub denial: &'a Denial,
}

/// What a standard function gets beside its arguments.
pub struct Context<'a> {
    /// What all modules share.
    pub host: &'a mut Host,
    /// The module that calls.
    pub module: &'a ModuleContext,
    /// The accounts of the thread that runs the call.
    pub accounts: ThreadAccounts,
}

impl Context<'_> {
    /// What the code that calls may reach outside.
    #[must_use]
    pub fn grants(&self) -> &Arc<Grants> {
        self.module.plugin.as_ref().map_or(&self.host.grants, |plugin| &plugin.grants)
    }

    /// Called by long work every few thousand units, so that it can be stopped.
    ///
    /// # Errors
    ///
    /// As for [`Host::poll`].
    pub fn poll(&self) -> Result<(), Fault> {
        self.host.poll()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A host that stops nothing.
    pub(crate) fn host() -> Host {
        Host::new(Box::new(NoConsole))
    }
}
