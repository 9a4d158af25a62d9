//! Calls of host functions: their arguments, their results and their failures.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use alas_engine::value::{Array, Key, Map, Text, Value};
use alas_engine::{Context, Engine, ErrorCode, Fault, HostModule, Interrupt, Limits, Plugin, PluginContext};

use crate::support::{call, define, describe, first, giving, host, program, run};

fn map(entries: &[(&str, Value)]) -> Value {
    let entries = entries.iter().map(|(name, value)| (Key::from_text(Text::new(name)), value.clone()));
    Value::Map(entries.collect::<Map>())
}

const TYPES: &str = r#"[
    {"name": "Point", "definition": {"kind": "struct", "fields": [{"name": "x", "type": "float"}]}},
    {"name": "Color", "definition": {"kind": "enum", "values": ["red", "green"]}}]"#;

#[test]
fn arguments_and_results_of_every_type_pass() {
    let cases = [
        ("int", "7", "7"),
        ("float", "7", "7"),
        ("float", "0.5", "0.5"),
        ("bool", "true", "true"),
        ("string", "\"ä\"", "ä"),
        ("array", "(array 1 \"a\")", "[1, \"a\"]"),
        ("array<float>", "(array 1 2)", "[1, 2]"),
        ("map", "(map \"k\" 1)", "{\"k\": 1}"),
        ("Point", "(map \"x\" 1)", "{\"x\": 1}"),
        ("Color", "\"green\"", "green"),
        ("void", "null", "void"),
        ("any", "(array null)", "[null]"),
    ];
    for (kind, argument, expected) in cases {
        let engine = Engine::new();
        let module = HostModule::new("host").types(TYPES).function("same", &[("x", kind)], kind, first);
        define(&engine, module).unwrap();
        program(
            &engine,
            &format!(
                "fn id x:any {{ return x }}
                 fn known {{ return (host.same {argument}) }}
                 fn unknown {{ return (host.same (id {argument})) }}"
            ),
        )
        .unwrap();
        assert_eq!(run(&engine, "m.known"), expected, "{kind}");
        assert_eq!(run(&engine, "m.unknown"), expected, "{kind}");
    }
}

#[test]
fn arguments_of_other_types_do_not_pass() {
    let engine = Engine::new();
    define(&engine, HostModule::new("host").function("twice", &[("x", "int")], "int", first)).unwrap();
    let from_outside = |arguments| describe(call(&engine, "host.twice", arguments, Limits::default()));
    assert_eq!(from_outside(vec![Value::Int(3)]), "3");
    assert_eq!(
        from_outside(vec![Value::text("3")]),
        "type_error: parameter `x` of `twice`: expected `int`, found a string"
    );
    assert_eq!(from_outside(vec![]), "argument_count: `host.twice` takes 1 argument, found 0");
}

type Case = (&'static str, fn() -> Value, &'static str);

#[test]
fn results_are_checked() {
    let wrong = |returns: &str, rest: &str| {
        format!("native_error: `host.f`, which the host implements, declares to return {returns}: {rest}")
    };
    let cases: [Case; 12] = [
        ("int", || Value::text("1"), "expected `int`, found a string"),
        ("int", || Value::Float(1.0), "expected `int`, found a float"),
        ("int", || Value::Void, "expected `int`, found void"),
        ("bool", || Value::Int(1), "expected `bool`, found an int"),
        ("string", || Value::Bool(true), "expected `string`, found a bool"),
        ("void", || Value::Int(1), "expected `void`, found an int"),
        ("array<int>", || Value::Array(Array::from(vec![0.5])), "element 0: expected `int`, found a float"),
        ("map<int>", || map(&[("k", Value::Void)]), "entry `k`: expected `int`, found void"),
        ("Point", || map(&[]), "expected `Point`, found a map without the field `x`"),
        ("Point", || map(&[("x", Value::Void)]), "field `x`: expected `float`, found void"),
        ("Color", || Value::text("blue"), "expected a value of `Color` (`red`, `green`), found `blue`"),
        ("task", || Value::Int(1), "expected `task`, found an int"),
    ];
    for (returns, make, rest) in cases {
        let engine = Engine::new();
        define(&engine, HostModule::new("host").types(TYPES).function("f", &[], returns, giving(make)))
            .unwrap();
        program(&engine, "fn main { return (host.f) }").unwrap();
        let declared = if returns == "void" { "nothing".to_owned() } else { format!("`{returns}`") };
        let expected = wrong(&declared, rest);
        for function in ["m.main", "host.f"] {
            assert_eq!(run(&engine, function), expected);
        }
    }
}

fn failing(_: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    let cause = std::io::Error::other("deep down");
    Err(Fault::new(ErrorCode::PermissionDenied, "not today").caused_by(cause))
}

#[test]
fn a_failure_is_that_of_the_call() {
    let engine = Engine::new();
    define(&engine, HostModule::new("host").function("f", &[("x", "string")], "int", failing)).unwrap();
    program(&engine, "fn main -> int { return (inner) } fn inner -> int { return (+ 1 (host.f \"a\")) }")
        .unwrap();
    let error = call(&engine, "m.main", Vec::new(), Limits::default()).expect_err("the function fails");
    assert_eq!((error.code, &*error.message), (ErrorCode::PermissionDenied, "not today"));
    let frames: Vec<_> =
        error.stack.iter().map(|frame| (&*frame.function, &*frame.place.location.pointer)).collect();
    assert_eq!(frames, [("inner", "/functions/1/body/0/value/right"), ("main", "/functions/0/body/0/value")]);
    let cause = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<std::io::Error>());
    assert_eq!(cause.map(ToString::to_string).as_deref(), Some("deep down"));
    assert!(
        call(&engine, "host.f", vec![Value::text("")], Limits::default())
            .is_err_and(|error| error.stack.is_empty())
    );
}

#[test]
fn failures_can_be_caught() {
    let engine = Engine::new();
    define(&engine, HostModule::new("host").function("f", &[("x", "string")], "int", failing)).unwrap();
    program(
        &engine,
        "fn fails x:string -> int { return (host.f x) }
         fn main { return (result.try \"fails\" (array \"a\")) }",
    )
    .unwrap();
    assert_eq!(
        run(&engine, "m.main"),
        r#"{"ok": false, "value": null, "error": "not today", "code": "permission_denied"}"#
    );
}

#[test]
fn a_host_function_knows_the_plugin_that_it_belongs_to() {
    let name = |context: &mut Context<'_>, _: &mut [Value]| {
        Ok::<_, Fault>(Value::text(context.module.plugin.as_ref().map_or("", |plugin| &*plugin.version)))
    };
    let context = PluginContext { name: "p".into(), version: "1.2.3".into(), ..PluginContext::default() };
    let plugin = Plugin { context, ..Plugin::default() };
    let engine = Engine::new();
    define(&engine, HostModule::new("host").function("f", &[], "string", name).plugin(plugin)).unwrap();
    assert_eq!(run(&engine, "host.f"), "1.2.3");
}

#[test]
fn requests_to_stop_are_seen_when_a_host_function_returns() {
    let engine = Engine::new();
    let interrupt = Interrupt::default();
    let calls = Arc::new(AtomicUsize::new(0));
    let (request, count) = (interrupt.clone(), calls.clone());
    let stopping = move |_: &mut Context<'_>, _: &mut [Value]| {
        if count.fetch_add(1, Ordering::Relaxed) == 9 {
            request.set();
        }
        Ok::<_, Fault>(Value::Void)
    };
    define(&engine, HostModule::new("host").function("f", &[], "void", stopping)).unwrap();
    program(&engine, "fn main { while true { do (host.f) } }").unwrap();
    let outcome = engine.function("m.main").unwrap().call(&mut [], &mut host(interrupt), Limits::default());
    assert_eq!(outcome.map_err(|error| error.code).err(), Some(ErrorCode::Cancelled));
    assert_eq!(calls.load(Ordering::Relaxed), 10);
}

#[test]
fn calls_of_host_functions_count_as_steps() {
    let engine = Engine::new();
    define(&engine, HostModule::new("host").function("f", &[], "int", giving(|| Value::Int(1)))).unwrap();
    program(&engine, "fn main -> int { do (host.f) do (host.f) return 1 }").unwrap();
    let run = |steps| {
        describe(call(&engine, "m.main", Vec::new(), Limits { steps: Some(steps), ..Limits::default() }))
    };
    assert_eq!(run(2), "1");
    assert!(run(1).starts_with("step_limit_exceeded"));
}

/// What is passed belongs to the function: it changes arrays in place.
#[test]
fn arguments_are_given_away() {
    let engine = Engine::new();
    let push = |_: &mut Context<'_>, arguments: &mut [Value]| match std::mem::take(&mut arguments[0]) {
        Value::Array(mut array) => {
            assert!(array.header().is_unique());
            array.push(Value::Int(1));
            Ok::<_, Fault>(Value::Array(array))
        }
        other => Ok(other),
    };
    define(&engine, HostModule::new("host").function("push", &[("a", "array<int>")], "array<int>", push))
        .unwrap();
    program(
        &engine,
        "fn main -> int {
            a = (array)
            for i = 0 ; (< i 100) ; i = (+ i 1) { a = (host.push a) }
            return (array.sum a)
        }",
    )
    .unwrap();
    assert_eq!(run(&engine, "m.main"), "100");
}

#[test]
fn what_is_unloaded_or_replaced_stays_with_those_who_call_it() {
    let engine = Arc::new(Engine::new());
    let weak = Arc::downgrade(&engine);
    let leaving = move |_: &mut Context<'_>, _: &mut [Value]| {
        // The module goes while it runs.
        if let Some(engine) = weak.upgrade() {
            engine.unload("host");
        }
        Ok::<_, Fault>(Value::Int(1))
    };
    define(&engine, HostModule::new("host").function("f", &[], "int", leaving)).unwrap();
    program(&engine, "fn main -> int { return (+ (host.f) (host.f)) }").unwrap();
    assert_eq!(run(&engine, "host.f"), "1");
    assert!(run(&engine, "host.f").starts_with("function_not_found"));
    assert_eq!(run(&engine, "m.main"), "2");
    define(&engine, HostModule::new("host").function("f", &[], "int", giving(|| Value::Int(5)))).unwrap();
    assert_eq!((run(&engine, "host.f"), run(&engine, "m.main")), ("5".to_owned(), "2".to_owned()));
}
