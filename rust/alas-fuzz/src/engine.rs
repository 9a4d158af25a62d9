//! Text to what its functions return: what was checked runs, within its limits, to the same end however it is run, and
//! leaves nothing behind.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alas_check::Type;
use alas_engine::value::account::{self, AccountId, ThreadAccounts};
use alas_engine::value::{Bounds, Value, write_json_within, write_text_within};
use alas_engine::{Engine, ErrorCode, FunctionHandle, Guard, Host, Limits, Plugin, PluginLimits, RunError};

use crate::Verdict;
use crate::arguments::Maker;
use crate::checker::{FILE, load};
use crate::console::{Recorder, Written};
use crate::places::Places;

/// How many functions of an input are called.
const FUNCTIONS: usize = 4;

const MEBIBYTE: usize = 1 << 20;

/// Small, so that a run is short. What many steps and builtins do together is bounded by the time.
const LIMITS: Limits = Limits {
    depth: 200,
    steps: Some(3_000),
    memory: Some(MEBIBYTE / 2),
    timeout: Some(Duration::from_millis(200)),
};

/// How much later than its time a run may end. Others have the processor, too; the delay itself is measured by a benchmark.
const LATE: Duration = Duration::from_secs(4);

/// What was run, and how, decides nothing about this.
#[derive(Debug, PartialEq)]
struct Outcome {
    written: Written,
    result: Result<String, (ErrorCode, String, String)>,
}

pub fn run(input: &[u8]) -> Verdict {
    let engine = Engine::new();
    let Ok(loaded) = load(&engine, input, None) else { return Verdict::Refused };
    let places = Places::of(input);
    let interface = loaded.interface();
    let module = &interface.name;
    let seed = hash(input);
    let guarded = (seed.is_multiple_of(4) && names_none(input, BY_PLUGIN)).then(|| guarded(input));
    for (number, function) in interface.functions.iter().take(FUNCTIONS).enumerate() {
        let name = format!("{module}.{}", function.name);
        let call = |engine: &Engine, limits: Limits| {
            let handle = engine.function(&name).expect("the module declares it");
            let mut maker = Maker::new(&interface.definitions, seed ^ number as u64);
            balanced(|| {
                let arguments: Vec<Value> =
                    function.parameters.iter().map(|parameter| maker.make(&parameter.kind)).collect();
                called(&handle, arguments, limits, &places, &function.returns)
            })
        };
        let first = call(&engine, LIMITS);
        if !names_none(input, BY_TIME) || ends_by_chance(&first) {
            continue;
        }
        // Whoever has the processor meanwhile decides how long it takes the next time.
        let again = Limits { timeout: None, ..LIMITS };
        let wider = Limits { memory: Some(64 * MEBIBYTE), ..again };
        assert_eq!(first, call(&engine, again), "{name}, run again");
        assert_eq!(first, call(&engine, wider), "{name}, within wider limits");
        if let Some(engine) = &guarded {
            assert_eq!(first, call(engine, again), "{name}, in a plugin");
        }
    }
    Verdict::Accepted
}

/// The engine with the input as a part of a plugin that has limits.
fn guarded(input: &[u8]) -> Engine {
    let limits = PluginLimits {
        memory: Some(64 * MEBIBYTE),
        timeout: Some(Duration::from_secs(60)),
        cores: Some(4.0),
        one_at_a_time: true,
    };
    let guard = Some(Arc::new(Guard::new(limits)));
    let engine = Engine::counting_calls();
    load(&engine, input, Some(Plugin { guard, ..Plugin::default() })).expect("as a program it was loaded");
    engine
}

/// Runs something that has to give back all the memory that it takes.
fn balanced(work: impl FnOnce() -> Outcome) -> Outcome {
    let account = account::current();
    let before = account::used(account);
    let outcome = work();
    assert_eq!(account::current(), account, "another account pays now");
    assert_eq!(account::used(account), before, "memory is not given back");
    assert!(!ThreadAccounts::current().is_exceeded(), "an account stays exceeded");
    outcome
}

fn called(
    handle: &FunctionHandle,
    mut arguments: Vec<Value>,
    limits: Limits,
    places: &Places,
    returns: &Type,
) -> Outcome {
    let console = Recorder::default();
    let mut host = Host::new(Box::new(console.clone()));
    host.random = 7;
    let account = account::current();
    account::reset_peak(account);
    let begun = Instant::now();
    let result = handle.call(&mut arguments, &mut host, limits);
    if let Some(timeout) = limits.timeout {
        assert!(begun.elapsed() <= timeout + LATE, "{:?} for a run of {timeout:?}", begun.elapsed());
    }
    let most = limits.memory.unwrap_or(usize::MAX).saturating_add(MEBIBYTE);
    assert!(account::peak(account) <= most, "{} bytes, where {most} are allowed", account::peak(account));
    let result = match result {
        Ok(value) => {
            assert!(fits(&value, returns), "{value:?} for a result of the type {returns}");
            Ok(text_of(&value))
        }
        Err(error) => {
            assert_error(&error, places);
            let place = error.stack.first().map(|frame| format!("{:?}", frame.place)).unwrap_or_default();
            Err((error.code, error.message, place))
        }
    };
    Outcome { written: console.written(), result }
}

fn assert_error(error: &RunError, places: &Places) {
    assert!(!error.message.is_empty(), "{error:?} says nothing");
    for frame in error.stack.iter().filter(|frame| frame.place.file.as_deref() == Some(FILE)) {
        places.assert_inside(&frame.place.location);
    }
}

/// Whether a value is what a function with this result may return, as far as its kind says.
fn fits(value: &Value, kind: &Type) -> bool {
    match kind {
        Type::Never | Type::Void => matches!(value, Value::Void),
        Type::Bool => matches!(value, Value::Bool(_)),
        Type::Int => matches!(value, Value::Int(_)),
        Type::Float => matches!(value, Value::Float(_)),
        Type::String | Type::Enum(_) => matches!(value, Value::Text(_)),
        Type::Array(_) => matches!(value, Value::Array(_)),
        Type::Map(_) | Type::Struct(_) => matches!(value, Value::Map(_)),
        Type::Any | Type::Task => true,
    }
}

/// The start of a value's text; what is shared within a value makes it long. That it has JSON is looked at besides.
fn text_of(value: &Value) -> String {
    account::paid_by(AccountId::PROGRAMS, || {
        let (mut text, mut json) = (String::new(), String::new());
        let mut go_on = || true;
        let mut bounds = Bounds { depth: 100, length: 100_000, watch: &mut go_on };
        // What was written before a bound ended it is as good.
        let _ = write_text_within(value, &mut bounds, &mut text);
        if write_json_within(value, None, &mut bounds, &mut json).is_ok() {
            let read = serde_json::from_str::<serde_json::Value>(&json);
            assert!(read.is_ok(), "what is written as JSON is none: {json}");
        }
        text
    })
}

/// Whether a text names nothing of these. A name may also be written with escapes.
fn names_none(input: &[u8], names: &[&str]) -> bool {
    let text = String::from_utf8_lossy(input);
    !text.contains("\\u") && !names.iter().any(|name| text.contains(name))
}

/// Depends on when it runs.
const BY_TIME: &[&str] = &["time.", "std.time", "async.", "std.async"];

/// Is told another thing in a plugin.
const BY_PLUGIN: &[&str] = &["plugin", "env", "fs", "net", "process", "File"];

/// Whether a run ended because of a limit that says where by accident.
fn ends_by_chance(outcome: &Outcome) -> bool {
    matches!(&outcome.result, Err((ErrorCode::Timeout | ErrorCode::MemoryLimitExceeded, _, _)))
}

fn hash(input: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    hasher.finish()
}
