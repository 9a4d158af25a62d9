//! Host functions that call programs, which call host functions.

use std::sync::{Arc, Weak};

use alas_engine::value::Value;
use alas_engine::{Context, Engine, Fault, HostModule, Interrupt, Limits};

use crate::support::{call, define, describe, host, program};

/// An engine whose host function `host.call` calls a function with an int, each time with these limits.
fn engine(limits: Limits) -> Arc<Engine> {
    Arc::new_cyclic(|weak: &Weak<Engine>| {
        let engine = Engine::new();
        let weak = weak.clone();
        let calling = move |_: &mut Context<'_>, arguments: &mut [Value]| {
            let engine = weak.upgrade().expect("the engine runs");
            let [Value::Text(name), argument] = arguments else { unreachable!("it declares a string") };
            let function = engine.function(name.as_str()).expect("the tests call what there is");
            let argument = std::mem::take(argument);
            let outcome = function.call(&mut [argument], &mut host(Interrupt::default()), limits);
            outcome.map_err(|error| Fault::new(error.code, error.message))
        };
        let module =
            HostModule::new("host").function("call", &[("f", "string"), ("n", "int")], "int", calling);
        define(&engine, module).expect("the module is right");
        let text = r#"
            fn nested n:int -> int {
                if (<= n 0) { return 0 }
                return (+ 1 (host.call "m.nested" (- n 1)))
            }
            fn down n:int -> int { if (<= n 0) { return 0 } return (+ 1 (down (- n 1))) }
            fn rounds n:int -> int { for i = 0 ; (< i n) ; i = (+ i 1) { } return i }
            fn deep n:int -> int {
                if (<= n 0) { return (host.call "m.down" 100) }
                return (deep (- n 1))
            }
            fn often n:int -> int {
                for i = 0 ; (< i n) ; i = (+ i 1) { do (host.call "m.rounds" 10) }
                return i
            }
            fn caught n:int { return (result.try "nested" (array n)) }"#;
        program(&engine, text).expect("the program is right");
        engine
    })
}

fn run(engine: &Engine, function: &str, n: i64, limits: Limits) -> String {
    describe(call(engine, function, vec![Value::Int(n)], limits))
}

#[test]
fn programs_and_host_functions_call_each_other() {
    let engine = engine(Limits::default());
    assert_eq!(run(&engine, "m.nested", 20, Limits::default()), "20");
}

#[test]
fn endless_nesting_ends_with_an_error() {
    let engine = engine(Limits { depth: usize::MAX, ..Limits::default() });
    let limits = Limits { depth: usize::MAX, ..Limits::default() };
    for function in ["m.nested", "m.caught"] {
        assert!(run(&engine, function, i64::MAX, limits).contains("call_depth_exceeded"), "{function}");
    }
    // Nothing of it is left.
    assert_eq!(run(&engine, "m.nested", 20, limits), "20");
    assert_eq!(run(&engine, "m.down", 9_000, limits), "9000");
}

#[test]
fn the_depth_is_that_of_all_nested_calls() {
    let engine = engine(Limits { depth: 1_000, ..Limits::default() });
    let limits = Limits { depth: 1_000, ..Limits::default() };
    assert_eq!(run(&engine, "m.deep", 800, limits), "100");
    let outcome = run(&engine, "m.deep", 950, limits);
    assert!(outcome.starts_with("call_depth_exceeded: calls nest 1001 deep"), "{outcome}");
}

#[test]
fn the_steps_are_those_of_the_outermost_call() {
    // Each round is a step, a call of the host function, and ten steps of the nested call.
    let cases = [
        (None, 120, "10"),
        (None, 119, "step_limit_exceeded"),
        (Some(10), 120, "10"),
        (Some(9), 500, "step_limit_exceeded"),
    ];
    for (inner, steps, expected) in cases {
        let engine = engine(Limits { steps: inner, ..Limits::default() });
        let limits = Limits { steps: Some(steps), ..Limits::default() };
        let outcome = run(&engine, "m.often", 10, limits);
        assert!(outcome.starts_with(expected), "{inner:?} {steps}: {outcome}");
    }
}
