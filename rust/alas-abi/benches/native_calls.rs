//! Measures what it costs to call a function of a plugin in C, beside a direct call of it by C, in one run: `cargo bench -p
//! alas-abi`. Prints times for each call; judges nothing. Needs a C compiler, `cc`.

use std::convert::Infallible;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use alas_abi::{Level, Log, NativePlugin, Request, Signature};
use alas_engine::value::Value;
use alas_engine::{Engine, Fault, Host, Limits, NoConsole, PluginContext, Source};

/// How many calls a task makes.
const CALLS: u32 = 1_000_000;

/// How often each task runs; the best time counts.
const ROUNDS: usize = 30;

const PLUGIN: &str = r#"
#include "alas_plugin.h"
static alas_status nothing(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)args, (void)nargs, (void)result;
    return ALAS_OK;
}
static alas_status add(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    (void)call, (void)nargs;
    *result = alas_int(args[0].as_int + args[1].as_int);
    return ALAS_OK;
}
static alas_status sum(alas_call *call, const alas_value *args, size_t nargs, alas_value *result) {
    const double *items;
    size_t length;
    alas_status status = alas_floats(call, args[0], &items, &length);
    (void)nargs;
    if (status == ALAS_OK) *result = alas_float(length > 0 ? items[0] : 0);
    return status;
}
static const alas_function functions[] = {{"nothing", nothing, 0, 0}, {"add", add, 2, 0}, {"first", sum, 1, 0}};
ALAS_PLUGIN(MODULE, functions, NULL, NULL)
"#;

/// What is measured, and its name.
type Task<'t> = (&'static str, Box<dyn FnMut() + 't>);

/// A console and a log that nobody reads.
struct Silent;

impl Log for Silent {
    fn log(&self, _: &str, _: Level, _: &str) -> Result<(), Fault> {
        Ok(())
    }
}

fn main() {
    let folder = tempfile::tempdir().expect("a folder for the library");
    let engine = Engine::new();
    let signature = |name: &str, parameters: &[&str], returns: &str| Signature {
        name: name.to_owned(),
        parameters: parameters
            .iter()
            .enumerate()
            .map(|(n, kind)| (format!("p{n}"), (*kind).to_owned()))
            .collect(),
        returns: returns.to_owned(),
    };
    for (module, is_parallel) in [("native", true), ("queued", false)] {
        let library = folder.path().join(format!("{module}.so"));
        compile(folder.path(), &library, module);
        let request = Request {
            folder: folder.path(),
            library: &library,
            companions: &[],
            context: PluginContext::default(),
            module,
            functions: &[
                signature("nothing", &[], "void"),
                signature("add", &["int", "int"], "int"),
                signature("first", &["array<float>"], "float"),
            ],
            is_parallel,
            engine: engine.reference(),
            callable: Vec::new(),
            log: Arc::new(Silent),
            memory: None,
        };
        let plugin = NativePlugin::load(request).expect("the library is right");
        engine.load(plugin.module().into(), |_, _| Ok::<_, Infallible>(None)).expect("the module is right");
    }
    let source = Source { file: None, text: program().into() };
    engine.load(source.into(), |_, _| Ok::<_, Infallible>(None)).expect("the program is right");
    let limits = Limits::default();
    let run = |name: &str, length: usize| {
        let function = engine.function(name).expect("it is one of the program's");
        let mut host = host();
        let items = Value::Array(vec![0.5_f64; length].into());
        move || {
            drop(black_box(function.call(&mut [Value::Int(CALLS.into()), items.clone()], &mut host, limits)));
        }
    };
    let tasks: [Task<'_>; 7] = [
        ("an empty loop", Box::new(run("m.empty", 1))),
        ("a function of the program", Box::new(run("m.own", 1))),
        ("a native function without parameters", Box::new(run("m.nothing", 1))),
        ("a native function of two ints", Box::new(run("m.add", 1))),
        ("the same, one call at a time", Box::new(run("m.queued", 1))),
        ("a native function of an array of one float", Box::new(run("m.first", 1))),
        ("a native function of an array of a million floats", Box::new(run("m.first", 1_000_000))),
    ];
    measure(tasks);
}

fn measure<const N: usize>(mut tasks: [Task<'_>; N]) {
    let mut best = [Duration::MAX; N];
    for _ in 0..ROUNDS {
        for (time, (_, task)) in best.iter_mut().zip(&mut tasks) {
            let start = Instant::now();
            task();
            *time = start.elapsed().min(*time);
        }
    }
    for (time, (name, _)) in best.iter().zip(&tasks) {
        println!("{name:50} {:6.1} ns", time.as_secs_f64() * 1e9 / f64::from(CALLS));
    }
}

fn compile(folder: &Path, library: &Path, module: &str) {
    let source = folder.join("plugin.c");
    std::fs::write(&source, PLUGIN).expect("the source can be written");
    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/c/include");
    let mut command = Command::new("cc");
    command.args(["-O2", "-shared", "-fPIC", "-I"]).arg(header);
    command.arg(format!("-DMODULE=\"{module}\"")).arg(&source).arg("-o").arg(library);
    let status = command.status();
    assert!(status.expect("there is a C compiler").success());
}

fn host() -> Host {
    Host::new(Box::new(NoConsole))
}

/// A module of loops that differ in what they call.
fn program() -> String {
    let variable = |name: &str| format!(r#"{{"type": "variable", "name": "{name}"}}"#);
    let one = r#"{"type": "literal", "value": 1}"#;
    let add = |left: &str, right: &str| {
        format!(r#"{{"type": "binary", "op": "+", "left": {left}, "right": {right}}}"#)
    };
    let (i, n, a) = (variable("i"), variable("n"), variable("a"));
    let looping = |name: &str, body: &str| {
        format!(
            r#"{{"name": "{name}", "params": [{{"name": "n", "type": "int"}}, {{"name": "a", "type": "array<float>"}}],
            "returns": "int", "body": [
            {{"type": "for", "init": {{"type": "assign", "target": "i", "value": {{"type": "literal", "value": 0}}}},
              "cond": {{"type": "binary", "op": "<", "left": {i}, "right": {n}}},
              "update": {{"type": "assign", "target": "i", "value": {}}},
              "body": [{body}]}},
            {{"type": "return", "value": {i}}}]}}"#,
            add(&i, one)
        )
    };
    let calling = |call: &str| format!(r#"{{"type": "assign", "target": "x", "value": {{{call}}}}}"#);
    let native = |name: &str, arguments: &str| {
        calling(&format!(r#""type": "builtin", "name": "{name}", "args": [{arguments}]"#))
    };
    let functions = [
        looping("empty", ""),
        looping("own", &calling(&format!(r#""type": "call", "name": "sum", "args": [{i}, {one}]"#))),
        looping("nothing", &native("native.nothing", "")),
        looping("add", &native("native.add", &format!("{i}, {one}"))),
        looping("queued", &native("queued.add", &format!("{i}, {one}"))),
        looping("first", &native("native.first", &a)),
        format!(
            r#"{{"name": "sum", "params": [{{"name": "a", "type": "int"}}, {{"name": "b", "type": "int"}}],
            "returns": "int", "body": [{{"type": "return", "value": {}}}]}}"#,
            add(&variable("a"), &variable("b"))
        ),
    ];
    format!(r#"{{"type": "module", "name": "m", "functions": [{}]}}"#, functions.join(","))
}
