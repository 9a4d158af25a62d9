//! Plugins in C, loaded and called as programs call them: what is lent, what is accounted, what is refused.

use std::collections::HashMap;
use std::convert::Infallible;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;

use alas_abi::{Level, LoadError, LoadErrorCode, Log, NativePlugin, Request, Signature};
use alas_engine::value::{Array, Elements, Value, account};
use alas_engine::{
    Engine, ErrorCode, Fault, FunctionHandle, Host, Limits, NoConsole, PluginContext, RunError,
};
use tempfile::TempDir;

const PLUGIN: &str = include_str!("plugin.c");

/// The functions of the plugin: name, types of the parameters, type of the result.
const FUNCTIONS: &[(&str, &[&str], &str)] = &[
    ("add", &["int", "int"], "int"),
    ("address", &["array<float>"], "int"),
    ("make", &["int"], "array<float>"),
    ("made_at", &["int"], "any"),
    ("same", &["any"], "any"),
    ("bools", &["int"], "array<bool>"),
    ("count_true", &["array<bool>"], "int"),
    ("swap", &["map"], "map"),
    ("many", &["int", "int", "int", "int", "int", "int", "int", "int", "int", "string"], "string"),
    ("keep", &["string"], "void"),
    ("use_kept", &[], "string"),
    ("other_thread", &["string"], "bool"),
    ("scopes", &["array"], "int"),
    ("setting", &["string"], "string"),
    ("again", &["int"], "int"),
    ("say", &["string"], "int"),
    ("fill", &["int"], "void"),
];

/// How many bytes the values may take that the plugin makes.
const MEMORY: usize = 1 << 20;

/// A console and a log that are not looked at.
struct Silent;

impl Log for Silent {
    fn log(&self, _: &str, _: Level, _: &str) -> Result<(), Fault> {
        Ok(())
    }
}

/// What takes lines of the log and keeps them.
#[derive(Default)]
struct Lines(Mutex<Vec<(String, Level, String)>>);

impl Log for Lines {
    fn log(&self, plugin: &str, level: Level, message: &str) -> Result<(), Fault> {
        self.0.lock().unwrap().push((plugin.to_owned(), level, message.to_owned()));
        Ok(())
    }
}

/// A log that ends the program at a certain line.
struct Ending(&'static str);

impl Log for Ending {
    fn log(&self, _: &str, _: Level, message: &str) -> Result<(), Fault> {
        if message == self.0 { Err(Fault::new(ErrorCode::Cancelled, "enough")) } else { Ok(()) }
    }
}

fn compile(folder: &Path, source: &str) {
    let file = folder.join("plugin.c");
    std::fs::write(&file, source).unwrap();
    let header = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk/c/include");
    let mut command = Command::new("cc");
    command.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-O1", "-shared", "-fPIC", "-pthread"]);
    command.arg("-I").arg(header).arg(&file).arg("-o").arg(folder.join("plugin.so"));
    assert!(command.status().unwrap().success());
}

fn signatures() -> Vec<Signature> {
    let parameters = |kinds: &[&str]| {
        kinds.iter().enumerate().map(|(number, kind)| (format!("p{number}"), (*kind).to_owned())).collect()
    };
    let describe = |(name, kinds, returns): &(&str, &[&str], &str)| Signature {
        name: (*name).to_owned(),
        parameters: parameters(kinds),
        returns: (*returns).to_owned(),
    };
    FUNCTIONS.iter().map(describe).collect()
}

/// The plugin in an engine.
struct Loaded {
    engine: Engine,
    plugin: NativePlugin,
    _folder: TempDir,
}

impl Loaded {
    fn new(log: Arc<dyn Log>) -> Self {
        Self::try_new(log).unwrap()
    }

    fn try_new(log: Arc<dyn Log>) -> Result<Self, LoadError> {
        let folder = tempfile::tempdir().unwrap();
        compile(folder.path(), PLUGIN);
        let engine = Engine::new();
        let context = PluginContext {
            name: "test-plugin".to_owned(),
            config: HashMap::from([("mode".to_owned(), "fast".to_owned())]),
            ..PluginContext::default()
        };
        let plugin = NativePlugin::load(Request {
            folder: folder.path(),
            library: &folder.path().join("plugin.so"),
            companions: &[],
            context: context.clone(),
            module: "native",
            functions: &signatures(),
            is_parallel: true,
            engine: engine.reference(),
            callable: Vec::new(),
            log,
            memory: Some(MEMORY),
        })?;
        let module = plugin.module().plugin(alas_engine::Plugin { context, ..Default::default() });
        engine.load(module.into(), |_, _| Ok::<_, Infallible>(None)).unwrap();
        Ok(Self { engine, plugin, _folder: folder })
    }

    fn function(&self, name: &str) -> FunctionHandle {
        self.engine.function(&format!("native.{name}")).unwrap()
    }

    fn call(&self, name: &str, mut arguments: Vec<Value>) -> Result<Value, Box<RunError>> {
        self.function(name).call(&mut arguments, &mut host(), Limits::default())
    }
}

fn host() -> Host {
    Host::new(Box::new(NoConsole))
}

fn loaded() -> Loaded {
    Loaded::new(Arc::new(Silent))
}

fn floats(items: &[f64]) -> Array {
    Array::from(items.to_vec())
}

/// Where elements are, as a plugin tells it.
fn address_of(items: &[f64]) -> i64 {
    i64::try_from(items.as_ptr().addr()).unwrap()
}

fn int(value: &Value) -> i64 {
    match value {
        Value::Int(value) => *value,
        other => panic!("expected an int, found {other:?}"),
    }
}

#[test]
fn numbers_and_other_values_come_and_go() {
    let plugin = loaded();
    assert_eq!(int(&plugin.call("add", vec![Value::Int(2), Value::Int(40)]).unwrap()), 42);
    let mut ints: Vec<Value> = (1..10).map(Value::Int).collect();
    ints.push(Value::text("ä!"));
    let Value::Text(text) = plugin.call("many", ints).unwrap() else { panic!("expected a text") };
    assert_eq!(text.as_str(), "45 ä!");
    let entries = [("a", Value::Int(1)), ("b", Value::text("x"))];
    let map = entries.map(|(key, value)| (alas_engine::value::Key::from_text(key.into()), value));
    let Value::Map(swapped) = plugin.call("swap", vec![Value::Map(map.into_iter().collect())]).unwrap()
    else {
        panic!("expected a map")
    };
    let keys: Vec<String> = swapped.iter().map(|(key, _)| key.to_text().as_str().to_owned()).collect();
    assert_eq!(keys, ["b", "a"]);
}

#[test]
fn packed_arrays_are_lent_and_taken_without_copies() {
    let plugin = loaded();
    let array = floats(&[1.0, 2.0, 3.0]);
    let Elements::Float(items) = array.elements() else { panic!("expected floats") };
    let address = address_of(items);
    let copies = account::copies();
    assert_eq!(int(&plugin.call("address", vec![Value::Array(array.clone())]).unwrap()), address);
    // A result that is an argument is the argument.
    let Value::Array(same) = plugin.call("same", vec![Value::Array(array.clone())]).unwrap() else {
        panic!("expected an array")
    };
    assert!(same.is_same(&array));
    // A pair of the address that the plugin has filled, and the array.
    let Value::Array(pair) = plugin.call("made_at", vec![Value::Int(4)]).unwrap() else {
        panic!("expected an array")
    };
    let (filled, made) = (pair.get(0).unwrap(), pair.get(1).unwrap());
    let Value::Array(made) = made else { panic!("expected an array") };
    let Elements::Float(items) = made.elements() else { panic!("expected floats") };
    assert_eq!((int(&filled), items.as_slice()), (address_of(items), &[0.5, 1.5, 2.5, 3.5][..]));
    assert_eq!(account::copies(), copies);
}

#[test]
fn what_a_plugin_makes_is_on_its_account() {
    let plugin = loaded();
    let (own, caller) = (plugin.plugin.account(), account::current());
    assert_ne!(own, caller);
    let before = account::used(own);
    let result = plugin.call("make", vec![Value::Int(1_000)]).unwrap();
    assert!(account::used(own) - before >= 8_000);
    assert_eq!(account::current(), caller);
    drop(result);
    assert_eq!(account::used(own), before);
    // Also when the function fails after it has made something.
    assert!(plugin.call("make", vec![Value::Int(i64::MAX)]).is_err());
    assert_eq!(account::used(own), before);
}

#[test]
fn what_a_plugin_makes_has_a_limit() {
    let plugin = loaded();
    let own = plugin.plugin.account();
    let before = account::used(own);
    for kind in 0..9 {
        account::reset_peak(own);
        let error = plugin.call("fill", vec![Value::Int(kind)]).unwrap_err();
        assert!(error.message.ends_with("(too_large)"), "{kind}: {}", error.message);
        // What is small may be a little more than there is room for.
        let most = account::peak(own);
        assert!(most > MEMORY / 3 && most < MEMORY + 16_384, "{kind}: {most}");
        assert_eq!(account::used(own), before);
    }
    let made = i64::try_from(MEMORY / 8 - 100).unwrap();
    let first = plugin.call("make", vec![Value::Int(made)]).unwrap();
    assert!(plugin.call("make", vec![Value::Int(made)]).is_err());
    drop(first);
    plugin.call("make", vec![Value::Int(made)]).unwrap();
}

#[test]
fn bytes_become_bools() {
    let plugin = loaded();
    let Value::Array(array) = plugin.call("bools", vec![Value::Int(5)]).unwrap() else {
        panic!("expected an array")
    };
    let Elements::Bool(items) = array.elements() else { panic!("expected bools") };
    assert_eq!(*items, [false, true, true, true, true]);
    assert_eq!(int(&plugin.call("count_true", vec![Value::Array(array.clone())]).unwrap()), 4);
}

#[test]
fn handles_and_calls_that_are_kept_are_refused() {
    let plugin = loaded();
    plugin.call("keep", vec![Value::text("secret")]).unwrap();
    let error = plugin.call("use_kept", vec![]).unwrap_err();
    assert_eq!(error.code, ErrorCode::NativeError);
    assert!(error.message.contains("`native.use_kept` of the plugin `test-plugin`"), "{}", error.message);
    assert!(error.message.contains("expired_handle"), "{}", error.message);
    // Another thread gets nothing from a call.
    assert!(matches!(plugin.call("other_thread", vec![Value::text("secret")]), Ok(Value::Bool(true))));
}

#[test]
fn scopes_give_handles_back() {
    let plugin = loaded();
    let items = (0..1_000).map(|number| Value::text(&number.to_string())).collect();
    let array = Value::Array(Array::from_values(items));
    assert_eq!(int(&plugin.call("scopes", vec![array]).unwrap()), 2_890);
}

#[test]
fn settings_and_the_log() {
    let lines = Arc::new(Lines::default());
    let plugin = Loaded::new(lines.clone());
    let Value::Text(mode) = plugin.call("setting", vec![Value::text("mode")]).unwrap() else {
        panic!("expected a text")
    };
    assert_eq!(mode.as_str(), "fast");
    let error = plugin.call("setting", vec![Value::text("other")]).unwrap_err();
    assert!(error.message.contains("there is no such setting (no_setting)"), "{}", error.message);
    let expected = ("test-plugin".to_owned(), Level::Info, "began".to_owned());
    assert_eq!(lines.0.lock().unwrap()[0], expected);
}

#[test]
fn what_ends_the_program_in_the_log_ends_it() {
    let plugin = Loaded::new(Arc::new(Ending("stop")));
    assert_eq!(int(&plugin.call("say", vec![Value::text("go on")]).unwrap()), 1);
    let error = plugin.call("say", vec![Value::text("stop")]).unwrap_err();
    assert_eq!((error.code, &*error.message), (ErrorCode::Cancelled, "enough"));
    let refused = Loaded::try_new(Arc::new(Ending("began"))).err().expect("`init` writes that it began");
    assert_eq!(refused.code, LoadErrorCode::InitFailed);
    assert!(refused.message.ends_with("`init` was stopped: enough"), "{}", refused.message);
}

#[test]
fn calls_nest_as_deep_as_calls_may() {
    let plugin = loaded();
    assert_eq!(int(&plugin.call("again", vec![Value::Int(20)]).unwrap()), 20);
    let error = plugin.call("again", vec![Value::Int(1_000_000)]).unwrap_err();
    assert_eq!(error.code, ErrorCode::CallDepthExceeded);
    let shallow = Limits { depth: 10, ..Limits::default() };
    let outcome = plugin.function("again").call(&mut [Value::Int(50)], &mut host(), shallow);
    assert_eq!(outcome.unwrap_err().code, ErrorCode::CallDepthExceeded);
}

#[test]
fn threads_have_records_of_their_own() {
    let plugin = Arc::new(loaded());
    let work = |plugin: Arc<Loaded>| {
        move || {
            for number in 0..200 {
                let array = Value::Array(floats(&[f64::from(number)]));
                let Ok(Value::Array(same)) = plugin.call("same", vec![array]) else { return false };
                if !matches!(same.get(0), Some(Value::Float(found)) if found.to_bits() == f64::from(number).to_bits())
                {
                    return false;
                }
            }
            true
        }
    };
    for _ in 0..3 {
        let threads: Vec<_> = (0..4).map(|_| thread::spawn(work(plugin.clone()))).collect();
        assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
    }
}

#[test]
fn a_library_that_is_none_is_refused_before_it_runs() {
    let folder = tempfile::tempdir().unwrap();
    let library = folder.path().join("plugin.so");
    let refused = || {
        let request = Request {
            folder: folder.path(),
            library: &library,
            companions: &[],
            context: PluginContext::default(),
            module: "native",
            functions: &[],
            is_parallel: true,
            engine: Engine::new().reference(),
            callable: Vec::new(),
            log: Arc::new(Silent),
            memory: None,
        };
        NativePlugin::load(request).unwrap_err().code
    };
    assert_eq!(refused(), LoadErrorCode::FileNotFound);
    for content in [&b""[..], b"\x7fELF", b"not a library"] {
        std::fs::write(&library, content).unwrap();
        assert_eq!(refused(), LoadErrorCode::WrongFormat);
    }
    compile(folder.path(), "int nothing(void);\nint nothing(void) { return 0; }\n");
    assert_eq!(refused(), LoadErrorCode::MissingSymbol);
    let whole = std::fs::read(&library).unwrap();
    for length in (0..whole.len()).step_by(97) {
        std::fs::write(&library, &whole[..length]).unwrap();
        assert!(matches!(refused(), LoadErrorCode::WrongFormat | LoadErrorCode::MissingSymbol));
    }
}
