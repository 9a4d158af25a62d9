//! Measures what it costs to call a function that the host implements, beside a direct call of it and a call between
//! functions of a program, in one run: `cargo bench -p alas-engine`. Prints times for each call; judges nothing.

use std::convert::Infallible;
use std::hint::black_box;
use std::time::{Duration, Instant};

use alas_engine::value::Value;
use alas_engine::value::account::ThreadAccounts;
use alas_engine::{Context, Engine, Fault, Host, HostFunction, HostModule, Limits, NoConsole, Source};

/// How many calls a task makes.
const CALLS: u32 = 1_000_000;

/// How often each task runs; the best time counts.
const ROUNDS: usize = 30;

/// What is measured, and its name.
type Task<'t> = (&'static str, Box<dyn FnMut() + 't>);

#[expect(clippy::unnecessary_wraps, reason = "all host functions have this type")]
fn nothing(_: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    Ok(Value::Void)
}

#[expect(clippy::unnecessary_wraps, reason = "all host functions have this type")]
fn add(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(match arguments {
        [Value::Int(left), Value::Int(right)] => Value::Int(left.wrapping_add(*right)),
        _ => Value::Void,
    })
}

fn main() {
    let engine = Engine::new();
    let module = HostModule::new("host").function("nothing", &[], "void", nothing).function(
        "add",
        &[("left", "int"), ("right", "int")],
        "int",
        add,
    );
    engine.load(module.into(), |_, _| Ok::<_, Infallible>(None)).expect("the module is right");
    let source = Source { file: None, text: program().into() };
    engine.load(source.into(), |_, _| Ok::<_, Infallible>(None)).expect("the program is right");
    let run = |name: &str, limits: Limits| {
        let function = engine.function(name).expect("it is one of the program's");
        let mut host = host();
        move || drop(black_box(function.call(&mut [Value::Int(CALLS.into())], &mut host, limits)))
    };
    let unlimited = Limits::default();
    let limited = Limits { steps: Some(u64::MAX), ..unlimited };
    let direct: Box<dyn HostFunction> = Box::new(add);
    let mut tasks: [Task<'_>; 6] = [
        ("an empty loop", Box::new(run("m.empty", unlimited))),
        ("a function of the program", Box::new(run("m.own", unlimited))),
        ("a host function without parameters", Box::new(run("m.nothing", unlimited))),
        ("a host function of two ints", Box::new(run("m.add", unlimited))),
        ("a host function of two ints, steps limited", Box::new(run("m.add", limited))),
        ("the same function, called by Rust", Box::new(move || call_directly(&*direct))),
    ];
    let mut best = [Duration::MAX; 6];
    for _ in 0..ROUNDS {
        for (time, (_, task)) in best.iter_mut().zip(&mut tasks) {
            let start = Instant::now();
            task();
            *time = start.elapsed().min(*time);
        }
    }
    for (time, (name, _)) in best.iter().zip(&tasks) {
        println!("{name:45} {:6.1} ns", time.as_secs_f64() * 1e9 / f64::from(CALLS));
    }
}

fn host() -> Host {
    Host::new(Box::new(NoConsole))
}

fn call_directly(function: &dyn HostFunction) {
    let mut host = host();
    let module = alas_vm::ModuleContext::new("m");
    let mut context = Context { host: &mut host, module: &module, accounts: ThreadAccounts::current() };
    for number in 0..CALLS {
        let mut arguments = [Value::Int(black_box(number).into()), Value::Int(1)];
        drop(black_box(function.call(&mut context, &mut arguments)));
    }
}

/// A module of loops that differ in what they call.
fn program() -> String {
    let variable = |name: &str| format!(r#"{{"type": "variable", "name": "{name}"}}"#);
    let one = r#"{"type": "literal", "value": 1}"#;
    let add = |left: &str, right: &str| {
        format!(r#"{{"type": "binary", "op": "+", "left": {left}, "right": {right}}}"#)
    };
    let (i, n) = (variable("i"), variable("n"));
    let looping = |name: &str, body: &str| {
        format!(
            r#"{{"name": "{name}", "params": [{{"name": "n", "type": "int"}}], "returns": "int", "body": [
            {{"type": "for", "init": {{"type": "assign", "target": "i", "value": {{"type": "literal", "value": 0}}}},
              "cond": {{"type": "binary", "op": "<", "left": {i}, "right": {n}}},
              "update": {{"type": "assign", "target": "i", "value": {}}},
              "body": [{body}]}},
            {{"type": "return", "value": {i}}}]}}"#,
            add(&i, one)
        )
    };
    let calling = |call: &str| format!(r#"{{"type": "assign", "target": "x", "value": {{{call}}}}}"#);
    let functions = [
        looping("empty", ""),
        looping("own", &calling(&format!(r#""type": "call", "name": "sum", "args": [{i}, {one}]"#))),
        looping("nothing", &calling(r#""type": "builtin", "name": "host.nothing", "args": []"#)),
        looping("add", &calling(&format!(r#""type": "builtin", "name": "host.add", "args": [{i}, {one}]"#))),
        format!(
            r#"{{"name": "sum", "params": [{{"name": "a", "type": "int"}}, {{"name": "b", "type": "int"}}],
            "returns": "int", "body": [{{"type": "return", "value": {}}}]}}"#,
            add(&variable("a"), &variable("b"))
        ),
    ];
    format!(r#"{{"type": "module", "name": "m", "functions": [{}]}}"#, functions.join(","))
}
