//! Native code that ends the process.
//!
//! Nothing holds native code, so a plugin may call `exit`. Whoever started the process would take that for a success: the exit
//! code may be zero, and what was printed may be lost. So what the program has printed is written, the plugin is named, and the
//! code is one of failure. What ends a process without `exit`, as a signal, `_exit`, or `os.Exit` of Go, is not noticed.

use std::ffi::c_int;
use std::process;
use std::sync::Once;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::known;

/// The exit code of a process that a plugin has ended: an internal software error, as in `sysexits.h`.
const SOFTWARE: c_int = 70;

/// How long somebody may take to read what the program has printed.
const PATIENCE: Duration = Duration::from_secs(1);

unsafe extern "C" {
    fn atexit(work: extern "C" fn()) -> c_int;
    fn _exit(code: c_int) -> !;
}

/// Looks for running calls when the process ends.
pub(crate) fn watch() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        PROCESS.store(process::id(), Ordering::Relaxed);
        // SAFETY: the function takes no arguments and stays where it is, since nobody unloads this library.
        let _ = unsafe { atexit(at_exit) };
    });
}

/// The process that native code was first called in; one that was forked from it may end as it likes.
static PROCESS: AtomicU32 = AtomicU32::new(0);

extern "C" fn at_exit() {
    if PROCESS.load(Ordering::Relaxed) != process::id() {
        return;
    }
    let running = known::running_here();
    let Some(record) = running.first() else { return };
    let plugin = record.plugin().name().to_owned();
    let _ = record.with_context(|context| context.host.console.flush(PATIENCE));
    eprintln!(
        "fatal error: native code of the plugin `{plugin}` has ended the process, which only its host may do"
    );
    // SAFETY: the process ends here, as it was about to.
    unsafe { _exit(SOFTWARE) }
}
