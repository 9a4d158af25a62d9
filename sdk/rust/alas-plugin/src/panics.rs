//! Keeps panics inside the plugin.
//!
//! The kit is linked into each plugin with a standard library of its own, and so is the hook that is told of panics. While
//! a call of the plugin runs in a thread, the hook keeps what it is told, so that it becomes the message of an error;
//! panics in other threads go where they would go without the kit.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io::Write;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::Once;

thread_local! {
    /// How many calls are running in this thread, one within the other.
    static RUNNING: Cell<usize> = const { Cell::new(0) };
    /// What the hook was told last.
    static TOLD: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs the hook, once in this library.
pub(crate) fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |information| {
            if RUNNING.get() == 0 {
                previous(information);
                return;
            }
            if let Some(told) = tell(Some(describe(information))) {
                // A panic while another one is on its way may end the process, and then nobody would see any of them.
                // Where nothing can be printed, there is nothing else to do.
                let _ = writeln!(std::io::stderr(), "{told}");
                previous(information);
            }
        }));
    });
}

/// Replaces what the hook was told. In a thread that is just ending there is no place for it any more.
fn tell(message: Option<String>) -> Option<String> {
    TOLD.try_with(|told| told.replace(message)).ok().flatten()
}

/// Does some work of a call; a panic becomes a message.
pub(crate) fn catch<R>(work: impl FnOnce() -> R) -> Result<R, String> {
    RUNNING.set(RUNNING.get() + 1);
    // What is told of calls around this one stays theirs.
    let around = tell(None);
    // What the work has left half done is given up with the call, or is the author's own.
    let outcome = panic::catch_unwind(AssertUnwindSafe(work));
    let told = tell(around);
    RUNNING.set(RUNNING.get() - 1);
    outcome.map_err(|payload| {
        let message = told.unwrap_or_else(|| format!("panicked: {}", text(&*payload)));
        discard(payload);
        message
    })
}

/// Drops what a panic carried, which may panic once more.
pub(crate) fn discard(payload: Box<dyn Any + Send>) {
    if let Err(another) = panic::catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        std::mem::forget(another);
    }
}

fn describe(information: &PanicHookInfo<'_>) -> String {
    let what = text(information.payload());
    match information.location() {
        Some(location) => format!("panicked at {location}: {what}"),
        None => format!("panicked: {what}"),
    }
}

fn text(payload: &dyn Any) -> &str {
    if let Some(text) = payload.downcast_ref::<&'static str>() {
        text
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text
    } else {
        "with a value that is no text"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct PanicsWhenDropped;

    impl Drop for PanicsWhenDropped {
        fn drop(&mut self) {
            panic!("and again");
        }
    }

    #[test]
    fn a_panic_becomes_a_message_with_its_place() {
        install();
        let message = catch(|| panic!("number {}", 7)).unwrap_err();
        assert!(message.starts_with("panicked at ") && message.ends_with(": number 7"), "{message}");
        assert!(message.contains("panics.rs:"), "{message}");
        assert_eq!(catch(|| 5), Ok(5));
    }

    #[test]
    fn what_a_panic_carries_may_be_anything() {
        install();
        let message = catch(|| panic::panic_any(PanicsWhenDropped)).unwrap_err();
        assert!(message.ends_with("with a value that is no text"), "{message}");
    }

    #[test]
    fn calls_within_calls_keep_their_messages_apart() {
        install();
        let outer = catch(|| {
            let inner = catch(|| panic!("inner")).unwrap_err();
            assert!(inner.ends_with("inner"));
            panic!("outer");
        });
        assert!(outer.unwrap_err().ends_with("outer"));
        assert_eq!(RUNNING.get(), 0);
    }
}
