//! Host functions that panic: what the calls held that they were called in goes back to what was before.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::thread;

use alas_engine::value::{Array, Value, account};
use alas_engine::{
    Context, Engine, Fault, Found, Guard, Host, HostModule, Interrupt, Limits, Plugin, PluginLimits, Source,
};

use crate::notation;
use crate::support::{call, define, describe, host, load};

const MEMORY: Limits = Limits { depth: 100, steps: None, memory: Some(1 << 20), timeout: None };

fn boom(_: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    panic!("on purpose")
}

/// An engine with the module `m`, which belongs to a plugin with limits where there are any. The host function `host.boom`
/// panics, and `host.caught` tells whether `m.fails` does, called within less memory than there is.
fn engine(limits: Option<PluginLimits>) -> Arc<Engine> {
    Arc::new_cyclic(|weak: &Weak<Engine>| {
        let engine = Engine::new();
        let weak = weak.clone();
        let caught = move |_: &mut Context<'_>, _: &mut [Value]| {
            let engine = weak.upgrade().expect("the engine runs");
            let left = account::left();
            let panicked = panics(&engine, &mut host(Interrupt::default()), 1 << 18);
            assert_eq!(account::left(), left);
            Ok(Value::Bool(panicked))
        };
        let module = HostModule::new("host")
            .function("boom", &[], "int", boom)
            .function("boom_at", &[("items", "array<int>")], "int", boom)
            .function("caught", &[], "bool", caught);
        define(&engine, module).expect("the module is right");
        let text = "
            fn fails -> int { return (host.boom) }
            fn holds -> int { held = (array.fill 9000 7) do (calls (array.concat held held)) return (array.get held 0) }
            fn calls given:array<int> -> int { do (host.boom_at (array.concat given given)) return (array.get given 0) }
            fn catches -> bool { return (host.caught) }
            fn fills n:int -> int { return (array.get (array.fill n 7) 0) }";
        let head = r#""name": "m", "exports": ["fails", "catches", "fills", "holds"]"#;
        let text = notation::module(text).replacen(r#""name": "m""#, head, 1);
        let source = Source { file: None, text: text.into() };
        let guard = limits.map(|limits| Arc::new(Guard::new(limits)));
        let plugin = guard.map(|guard| Plugin { guard: Some(guard), ..Plugin::default() });
        load(&engine, Found { plugin, ..source.into() }).expect("the program is right");
        engine
    })
}

/// Whether a call of `m.fails` panics, which may use so much memory.
fn panics(engine: &Engine, host: &mut Host, memory: usize) -> bool {
    panics_in(engine, "m.fails", host, memory)
}

fn panics_in(engine: &Engine, name: &str, host: &mut Host, memory: usize) -> bool {
    let function = engine.function(name).expect("the tests call what there is");
    let limits = Limits { memory: Some(memory), ..MEMORY };
    catch_unwind(AssertUnwindSafe(|| function.call(&mut [], host, limits))).is_err()
}

fn fills(engine: &Engine, count: i64) -> String {
    describe(call(engine, "m.fills", vec![Value::Int(count)], MEMORY))
}

#[test]
fn limits_end_with_the_calls_that_have_them() {
    let guarded = PluginLimits { memory: Some(1 << 19), one_at_a_time: true, ..PluginLimits::default() };
    for limits in [None, Some(guarded)] {
        let engine = engine(limits);
        let before = (account::current(), account::left());
        let mut host = host(Interrupt::default());
        for _ in 0..2 {
            assert!(panics(&engine, &mut host, 1 << 20));
            assert_eq!((account::current(), account::left()), before);
        }
        drop(Value::Array(Array::from(vec![7; 1 << 20])));
        assert_eq!(fills(&engine, 1_000), "7");
        let failure = fills(&engine, 1 << 20);
        assert!(failure.starts_with("memory_limit_exceeded"), "{failure}");
        // Nobody is inside the plugin any more.
        thread::scope(|scope| scope.spawn(|| assert_eq!(fills(&engine, 1_000), "7")).join()).unwrap();
    }
}

#[test]
fn calls_around_go_on_within_their_limits() {
    let guarded = PluginLimits { memory: Some(1 << 19), ..PluginLimits::default() };
    for limits in [None, Some(guarded)] {
        let engine = engine(limits);
        let before = (account::current(), account::left());
        assert_eq!(describe(call(&engine, "m.catches", Vec::new(), MEMORY)), "true");
        assert_eq!((account::current(), account::left()), before);
        assert_eq!(fills(&engine, 1_000), "7");
    }
}

#[test]
fn what_a_call_held_is_let_go_of() {
    let engine = engine(None);
    let used = || account::used(account::current());
    let before = used();
    for _ in 0..3 {
        assert!(panics_in(&engine, "m.holds", &mut host(Interrupt::default()), 1 << 20));
        assert_eq!(used(), before);
    }
}
