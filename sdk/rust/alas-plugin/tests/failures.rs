//! Errors and panics, in every place where the host calls the plugin.

mod host;

use std::fmt;
use std::panic::panic_any;
use std::sync::atomic::{AtomicUsize, Ordering};

use alas_plugin::{Context, Error, Result, plugin};
use alas_plugin_abi::{ABI_MAJOR, Descriptor, Host, OK};

use host::{Datum, Plugin, failure, text};

#[alas_plugin::function]
fn refuse(number: i64) -> Result<i64> {
    Err(Error::new("refused", format!("{number} is refused")))
}

#[alas_plugin::function]
fn parse(number: &str) -> Result<i64> {
    Ok(number.parse()?)
}

#[alas_plugin::function]
fn other_error(number: &str) -> Result<i64, std::num::ParseIntError> {
    number.parse()
}

/// A code of the author's own.
struct Empty;

impl From<Empty> for Error {
    fn from(_: Empty) -> Self {
        Self::new("empty", "there is nothing")
    }
}

#[alas_plugin::function]
fn own_error() -> Result<(), Empty> {
    Err(Empty)
}

#[alas_plugin::function]
fn in_the_middle() -> Vec<Result<i64>> {
    vec![Ok(1), Err(Error::new("second", "the second fails"))]
}

#[alas_plugin::function]
fn too_large(context: &Context) -> Result<()> {
    context.new_floats(usize::MAX)?;
    Ok(())
}

#[alas_plugin::function]
fn hand_on(context: &Context, name: &str) -> Result<()> {
    context.invoke(name, ())
}

#[alas_plugin::function]
fn recover(context: &Context, name: &str) -> String {
    context.invoke::<()>(name, ()).unwrap_err().code().to_owned()
}

/// Fails with an error, behind which the host has noted another one.
#[alas_plugin::function]
fn fails_earlier(context: &Context, name: &str) -> Result<()> {
    let earlier = context.invoke::<()>(name, ()).unwrap_err();
    assert!(context.new_floats(usize::MAX).is_err());
    Err(earlier)
}

/// Fails with an error, behind which a function has recovered from others.
#[alas_plugin::function]
fn fails_and_tidies_up(context: &Context, name: &str) -> Result<()> {
    let earlier = context.invoke::<()>(name, ()).unwrap_err();
    assert_eq!(context.invoke::<String>("recover", (name,))?, "host");
    Err(earlier)
}

#[alas_plugin::function]
fn panics() {
    panic!("number {}", 7);
}

#[alas_plugin::function]
fn out_of_bounds(items: &[i64]) -> i64 {
    items[3]
}

/// Panics wherever it can.
struct Mine;

impl Drop for Mine {
    fn drop(&mut self) {
        panic!("dropping panics as well");
    }
}

#[alas_plugin::function]
fn panics_with_anything() {
    panic_any(Mine);
}

#[alas_plugin::function]
fn panics_in_a_scope(context: &Context) -> Result<()> {
    context.scope(|_| panic!("inside"))
}

#[alas_plugin::function]
fn panics_later(context: &Context, name: &str) -> Result<()> {
    let _ = context.invoke::<()>(name, ());
    panic!("outside");
}

#[alas_plugin::function]
fn catches() -> bool {
    std::panic::catch_unwind(|| panic!("kept")).is_err()
}

static ENDED: AtomicUsize = AtomicUsize::new(0);

fn start(context: &Context) -> Result<()> {
    match context.config("start")? {
        Some("refuse") => Err(Error::new("refused", "not today")),
        Some("panic") => panic!("not ever"),
        _ => Ok(()),
    }
}

fn stop() {
    ENDED.fetch_add(1, Ordering::SeqCst);
    // It is printed, because nobody is told, and goes no further.
    panic!("the end (this is printed by a test that passes)");
}

plugin! {
    module: "failures",
    functions: [
        refuse, parse, other_error, own_error, in_the_middle, too_large, hand_on, recover, fails_earlier, fails_and_tidies_up, panics, out_of_bounds,
        panics_with_anything, panics_in_a_scope, panics_later, catches,
    ],
    init: start,
    shutdown: stop,
}

#[test]
fn errors_have_a_code_and_a_message() {
    let plugin = Plugin::load();
    let cases = [
        ("refuse", vec![Datum::Int(5)], failure("refused", "5 is refused")),
        ("parse", vec![text("x")], failure("failed", "invalid digit found in string")),
        ("other_error", vec![text("")], failure("failed", "cannot parse integer from empty string")),
        ("own_error", vec![], failure("empty", "there is nothing")),
        ("in_the_middle", vec![], failure("second", "the second fails")),
    ];
    for (name, arguments, expected) in cases {
        assert_eq!(plugin.call(name, &arguments), Err(expected), "{name}");
    }
    assert_eq!(plugin.call("parse", &[text("12")]), Ok(Datum::Int(12)));
}

#[test]
fn what_the_host_has_noted_is_handed_on() {
    let plugin = Plugin::load();
    assert_eq!(plugin.call("too_large", &[]), Err(failure("too_large", format!("{} elements", usize::MAX))));
    assert_eq!(plugin.call("hand_on", &[text("own_error")]), Err(failure("empty", "there is nothing")));
    let expected = failure("function_not_found", "there is no function nowhere");
    assert_eq!(plugin.call("hand_on", &[text("nowhere")]), Err(expected));
    assert_eq!(plugin.call("recover", &[text("nowhere")]), Ok(text("host")));
}

#[test]
fn the_reason_of_another_failure_is_not_handed_on() {
    let plugin = Plugin::load();
    let lost = failure("host", "the host refused, and keeps why only until it refuses something else");
    assert_eq!(plugin.call("fails_earlier", &[text("own_error")]), Err(lost));
    // Failures of calls within the call are noted with those.
    let kept = failure("empty", "there is nothing");
    assert_eq!(plugin.call("fails_and_tidies_up", &[text("own_error")]), Err(kept));
}

/// The message of the panic that a call ends with, without its place, which has to be in this file.
fn panicked(name: &str, arguments: &[Datum]) -> String {
    let why = Plugin::load().call(name, arguments).unwrap_err();
    assert_eq!(why.0, "panic");
    let place = why.1.strip_prefix("panicked at alas-plugin/tests/failures.rs:").expect(&why.1);
    let (numbers, message) = place.split_once(": ").unwrap();
    let (line, column) = numbers.split_once(':').unwrap();
    assert!(line.parse::<u32>().is_ok() && column.parse::<u32>().is_ok(), "{numbers}");
    message.to_owned()
}

#[test]
fn panics_are_errors_with_their_place() {
    assert_eq!(panicked("panics", &[]), "number 7");
    let message = panicked("out_of_bounds", &[host::ints(&[1])]);
    assert_eq!(message, "index out of bounds: the len is 1 but the index is 3");
    assert_eq!(panicked("panics_with_anything", &[]), "with a value that is no text");
    assert_eq!(panicked("panics_in_a_scope", &[]), "inside");
}

#[test]
fn panics_of_calls_within_calls_are_told_apart() {
    assert_eq!(panicked("hand_on", &[text("panics")]), "number 7");
    assert_eq!(panicked("panics_later", &[text("panics")]), "outside");
    assert_eq!(Plugin::load().call("catches", &[]), Ok(Datum::Bool(true)));
}

#[test]
fn init_may_fail() {
    let refused = Plugin::with_settings(&[("start", "refuse")]);
    assert_eq!(refused.err(), Some(failure("refused", "not today")));
    let panicked = Plugin::with_settings(&[("start", "panic")]).err().unwrap();
    assert_eq!(panicked.0, "panic");
    assert!(panicked.1.ends_with(": not ever"), "{}", panicked.1);
}

#[test]
fn shutdown_is_called_and_does_not_unwind() {
    let before = ENDED.load(Ordering::SeqCst);
    drop(Plugin::load());
    assert!(ENDED.load(Ordering::SeqCst) > before);
}

unsafe extern "C-unwind" {
    fn alas_plugin_entry(host: *const Host) -> *const Descriptor;
}

#[test]
fn another_version_of_the_interface_is_refused() {
    // SAFETY: the table has all functions, and the kit looks at its head only.
    let mut other = unsafe { (&raw const host::table::HOST).read() };
    // SAFETY: as above.
    unsafe {
        assert!(!alas_plugin_entry(&raw const other).is_null());
        other.size -= 1;
        assert!(alas_plugin_entry(&raw const other).is_null());
        other.size += 1;
        other.abi_major = ABI_MAJOR + 1;
        assert!(alas_plugin_entry(&raw const other).is_null());
        assert!(alas_plugin_entry(std::ptr::null()).is_null());
    }
}

#[test]
fn a_call_without_a_host_fails() {
    let plugin = Plugin::load();
    let function = plugin.row("panics").unwrap().function.unwrap();
    // SAFETY: null is what is tested, and the others are not looked at.
    let status = unsafe { function(std::ptr::null_mut(), std::ptr::null(), 0, std::ptr::null_mut()) };
    assert_ne!(status, OK);
}

impl fmt::Debug for Plugin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.module())
    }
}
