//! Runs standard functions on values that are written as JSON.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use alas_library::Builtin;
use alas_syntax::json::{Kind, Limits, Node, read_text};
use alas_value::account::ThreadAccounts;
use alas_value::{Array, Key, Map, Text, Value};
use alas_vm::builtins::implementation;
use alas_vm::{Console, Context, Fault, Host, ModuleContext};

/// Function, arguments, expected result.
pub type Case = (&'static str, &'static str, &'static str);

/// What a function gave.
pub type Outcome = Result<Value, Fault>;

/// A console that keeps what was written; once broken, every operation fails.
#[derive(Clone, Default)]
pub struct Recorder {
    pub written: Arc<Mutex<String>>,
    pub input: Arc<Mutex<VecDeque<String>>>,
    /// How often to say that there is no line yet.
    pub looks: usize,
    pub broken: bool,
}

impl Console for Recorder {
    fn fork(&self) -> Box<dyn Console + Send> {
        Box::new(self.clone())
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("the pipe is closed"));
        }
        self.written.lock().unwrap().push_str(text);
        Ok(())
    }

    fn await_line(&mut self, _: Duration, _: usize) -> io::Result<bool> {
        let is_there = self.looks == 0;
        self.looks = self.looks.saturating_sub(1);
        Ok(is_there)
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        if self.broken {
            return Err(io::Error::other("the pipe is closed"));
        }
        Ok(self.input.lock().unwrap().pop_front())
    }
}

/// A host with this console.
pub fn host(console: Recorder) -> Host {
    Host {
        random: 42,
        environment: Arc::new(HashMap::from([("HOME".to_owned(), "/home/a".to_owned())])),
        ..Host::new(Box::new(console))
    }
}

/// A module of a program that is no plugin.
pub fn program() -> ModuleContext {
    ModuleContext::new("program")
}

/// Calls a function within a host and a module.
pub fn call(name: &str, arguments: &mut [Value], host: &mut Host, module: &ModuleContext) -> Outcome {
    let builtin = Builtin::find(name).unwrap_or_else(|| panic!("no function {name}"));
    let function = implementation(builtin).unwrap_or_else(|| panic!("{name} has no implementation"));
    function(&mut Context { host, module, accounts: ThreadAccounts::current() }, arguments)
}

/// Calls a function with arguments of any kind.
pub fn run_values(name: &str, mut arguments: Vec<Value>) -> Outcome {
    call(name, &mut arguments, &mut host(Recorder::default()), &program())
}

/// Calls a function with the elements of a JSON array.
pub fn run(name: &str, arguments: &str) -> Outcome {
    run_values(name, values(arguments))
}

/// The elements of a JSON array.
pub fn values(json: &str) -> Vec<Value> {
    let document = read_text(json, Limits::default()).unwrap_or_else(|errors| panic!("{json}: {errors:?}"));
    document.root().elements().map(build).collect()
}

/// The value of a JSON text.
pub fn value(json: &str) -> Value {
    let document = read_text(json, Limits::default()).unwrap_or_else(|errors| panic!("{json}: {errors:?}"));
    build(document.root())
}

fn build(node: Node<'_>) -> Value {
    match node.kind() {
        Kind::Null => Value::Void,
        Kind::Bool => Value::Bool(node.as_bool().unwrap()),
        Kind::Int => Value::Int(node.as_int().unwrap()),
        Kind::Float => Value::Float(node.as_float().unwrap()),
        Kind::String => match &*node.as_str().unwrap() {
            "$NaN" => Value::Float(f64::NAN),
            "$Infinity" => Value::Float(f64::INFINITY),
            "$-Infinity" => Value::Float(f64::NEG_INFINITY),
            text => Value::text(text),
        },
        Kind::Array => Value::Array(Array::from_values(node.elements().map(build).collect())),
        Kind::Object => Value::Map(
            node.members()
                .map(|member| (Key::from_text(Text::new(&member.key.as_str().unwrap())), build(member.value)))
                .collect::<Map>(),
        ),
    }
}

/// Whether two values are the same to the last bit, order of entries included; NaN is the same as NaN.
pub fn same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Float(left), Value::Float(right)) => {
            left.to_bits() == right.to_bits() || (left.is_nan() && right.is_nan())
        }
        (Value::Array(left), Value::Array(right)) => {
            let pairs = || (0..left.len()).map(|index| (left.get(index).unwrap(), right.get(index).unwrap()));
            left.len() == right.len() && pairs().all(|(left, right)| same(&left, &right))
        }
        (Value::Map(left), Value::Map(right)) => {
            let mut pairs = left.iter().zip(right.iter());
            left.len() == right.len() && pairs.all(|(left, right)| left.0 == right.0 && same(left.1, right.1))
        }
        (left, right) => left.kind() == right.kind() && alas_value::equal(left, right),
    }
}

/// What a map holds by a name; void if it has none.
pub fn entry<'a>(map: &'a Value, name: &str) -> &'a Value {
    match map {
        Value::Map(map) => map.get(&Key::from_text(Text::new(name))).unwrap_or(&Value::Void),
        other => panic!("a map is expected, found {other:?}"),
    }
}
