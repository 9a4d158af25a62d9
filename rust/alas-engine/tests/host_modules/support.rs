//! What the tests share: loading programs with host modules, and calling them.

use std::convert::Infallible;

use alas_engine::value::{Value, write_text};
use alas_engine::{
    Context, Engine, Fault, Found, Host, HostModule, Interrupt, Limits, LoadError, NoConsole, RunError,
    Source,
};

use crate::notation;

pub fn host(interrupt: Interrupt) -> Host {
    Host { interrupt, ..Host::new(Box::new(NoConsole)) }
}

/// A host function that returns what this gives.
pub fn giving(
    make: impl Fn() -> Value + Send + Sync,
) -> impl Fn(&mut Context<'_>, &mut [Value]) -> Result<Value, Fault> + Send + Sync {
    move |_, _| Ok(make())
}

/// A host function that returns its first argument.
#[expect(clippy::unnecessary_wraps, reason = "all host functions have this type")]
pub fn first(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(std::mem::take(&mut arguments[0]))
}

/// Loads a module and nothing else.
pub fn define(engine: &Engine, module: HostModule) -> Result<(), String> {
    load(engine, module.into())
}

/// Loads the module `m` in the notation of the tests; what it reaches is loaded already.
pub fn program(engine: &Engine, text: &str) -> Result<(), String> {
    load(engine, Source { file: None, text: notation::module(text).into() }.into())
}

/// Loads a module; its findings as `code pointer`.
pub fn load(engine: &Engine, found: Found) -> Result<(), String> {
    match engine.load(found, |_, _| Ok::<_, Infallible>(None)) {
        Ok(_) => Ok(()),
        Err(LoadError::Program(findings)) => {
            let lines =
                findings.0.iter().map(|one| format!("{} {}", one.code.as_str(), one.location.pointer));
            Err(lines.collect::<Vec<_>>().join(", "))
        }
        Err(LoadError::Find(never)) => match never {},
    }
}

pub fn call(
    engine: &Engine,
    function: &str,
    mut arguments: Vec<Value>,
    limits: Limits,
) -> Result<Value, Box<RunError>> {
    engine.function(function)?.call(&mut arguments, &mut host(Interrupt::default()), limits)
}

/// What a function of no parameters comes to: the text of its result, or its failure.
pub fn run(engine: &Engine, function: &str) -> String {
    describe(call(engine, function, Vec::new(), Limits::default()))
}

pub fn describe(outcome: Result<Value, Box<RunError>>) -> String {
    match outcome {
        Ok(value) => {
            let mut text = String::new();
            write_text(&value, &mut text);
            text
        }
        Err(error) => format!("{}: {}", error.code.as_str(), error.message),
    }
}
