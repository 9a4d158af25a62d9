//! A little host: values, calls with handles that end with scopes, settings, a log, and functions to invoke.
//!
//! It is as strict as the interface allows. Every handle has a number of its own, so that one that is used after its scope
//! has ended is found, and never taken for another.
#![allow(dead_code, reason = "each test uses a part of it")]

pub mod table;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ffi::CStr;
use std::rc::Rc;

use alas_plugin_abi::{Call, Descriptor, Function, Host, OK, Status, Value, tag};

/// A value of the host.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    Void,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(Rc<str>),
    Ints(Rc<Vec<i64>>),
    Floats(Rc<Vec<f64>>),
    Bools(Rc<Vec<u8>>),
    Array(Rc<RefCell<Vec<Datum>>>),
    Map(Rc<RefCell<Vec<(String, Datum)>>>),
}

pub fn text(text: &str) -> Datum {
    Datum::Text(text.into())
}

pub fn ints(items: &[i64]) -> Datum {
    Datum::Ints(Rc::new(items.to_vec()))
}

pub fn floats(items: &[f64]) -> Datum {
    Datum::Floats(Rc::new(items.to_vec()))
}

pub fn bools(items: &[bool]) -> Datum {
    Datum::Bools(Rc::new(items.iter().map(|item| u8::from(*item)).collect()))
}

pub fn array(items: impl IntoIterator<Item = Datum>) -> Datum {
    Datum::Array(Rc::new(RefCell::new(items.into_iter().collect())))
}

pub fn map<const N: usize>(entries: [(&str, Datum); N]) -> Datum {
    Datum::Map(Rc::new(RefCell::new(entries.map(|(key, value)| (key.to_owned(), value)).to_vec())))
}

/// Why a function failed: code and message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub String, pub String);

pub fn failure(code: &str, message: impl Into<String>) -> Failure {
    Failure(code.to_owned(), message.into())
}

/// What the host remembers between calls.
#[derive(Default)]
pub struct Surroundings {
    pub settings: BTreeMap<String, String>,
    pub log: RefCell<Vec<(i32, String)>>,
    pub is_to_stop: Cell<bool>,
    /// The most handles that a call has had at a time.
    pub most_handles: Cell<usize>,
}

/// A running call.
#[repr(C)]
pub struct Record {
    shown: Call,
    /// The handles: their numbers, which rise, and their values.
    made: RefCell<Vec<(u64, Datum)>>,
    next: Cell<u64>,
    failure: RefCell<Option<Failure>>,
    plugin: *const Plugin,
}

impl Record {
    pub fn plugin(&self) -> &Plugin {
        // SAFETY: the plugin waits for the call.
        unsafe { &*self.plugin }
    }

    pub fn surroundings(&self) -> &Surroundings {
        &self.plugin().surroundings
    }

    pub fn keep(&self, value: Datum) -> Value {
        let tag = match value {
            Datum::Void => return Value::VOID,
            Datum::Bool(value) => return Value::bool(value),
            Datum::Int(value) => return Value::int(value),
            Datum::Float(value) => return Value::float(value),
            Datum::Text(_) => tag::TEXT,
            Datum::Map(_) => tag::MAP,
            _ => tag::ARRAY,
        };
        let number = self.next.replace(self.next.get() + 1);
        let mut made = self.made.borrow_mut();
        made.push((number, value));
        let most = &self.surroundings().most_handles;
        most.set(most.get().max(made.len()));
        Value { tag, index: 7, payload: number }
    }

    pub fn value(&self, passed: Value) -> Result<Datum, Failure> {
        match passed.tag {
            tag::VOID => Ok(Datum::Void),
            tag::BOOL => Ok(Datum::Bool(passed.payload != 0)),
            tag::INT => Ok(Datum::Int(passed.payload.cast_signed())),
            tag::FLOAT => Ok(Datum::Float(f64::from_bits(passed.payload))),
            _ => {
                let made = self.made.borrow();
                let found = made.binary_search_by_key(&passed.payload, |(number, _)| *number);
                let found = found.map(|position| made[position].1.clone());
                found.map_err(|_| failure("expired_handle", "the scope of the handle has ended"))
            }
        }
    }

    pub fn scope(&self) -> usize {
        self.made.borrow().len()
    }

    pub fn end_scope(&self, scope: usize) {
        self.made.borrow_mut().truncate(scope);
    }

    pub fn fail(&self, failure: Failure) {
        self.failure.replace(Some(failure));
    }
}

unsafe extern "C-unwind" {
    fn alas_plugin_entry(host: *const Host) -> *const Descriptor;
}

/// The plugin of the test, which begins and ends with this.
pub struct Plugin {
    descriptor: &'static Descriptor,
    pub surroundings: Surroundings,
}

impl Plugin {
    pub fn load() -> Self {
        Self::with_settings(&[]).unwrap()
    }

    pub fn with_settings(settings: &[(&str, &str)]) -> Result<Self, Failure> {
        let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        // SAFETY: the kit has made it, and the table is a static one.
        let descriptor = unsafe { alas_plugin_entry(&raw const table::HOST).as_ref() }.unwrap();
        let plugin = Self { descriptor, surroundings: Surroundings { settings, ..Surroundings::default() } };
        if let Some(init) = descriptor.init {
            // SAFETY: the call is one of this host.
            plugin.run(&[], |call, _, _| unsafe { init(call) })?;
        }
        Ok(plugin)
    }

    pub fn module(&self) -> &str {
        // SAFETY: the kit has written it, with a zero at the end.
        unsafe { CStr::from_ptr(self.descriptor.module) }.to_str().unwrap()
    }

    pub fn rows(&self) -> &[Function] {
        // SAFETY: the table has so many rows.
        unsafe { std::slice::from_raw_parts(self.descriptor.functions, self.descriptor.function_count) }
    }

    pub fn row(&self, name: &str) -> Option<&Function> {
        // SAFETY: the kit has written the names, with a zero at the end.
        self.rows().iter().find(|row| unsafe { CStr::from_ptr(row.name) }.to_str() == Ok(name))
    }

    pub fn call(&self, name: &str, arguments: &[Datum]) -> Result<Datum, Failure> {
        let function = self.row(name).unwrap_or_else(|| panic!("no function {name}")).function.unwrap();
        // SAFETY: the call is one of this host, and the values are as many as it says.
        self.run(arguments, |call, values, result| unsafe {
            function(call, values.as_ptr(), values.len(), result)
        })
    }

    fn run(
        &self,
        arguments: &[Datum],
        work: impl FnOnce(*mut Call, &[Value], *mut Value) -> Status,
    ) -> Result<Datum, Failure> {
        let record = Record {
            shown: Call { host: &raw const table::HOST },
            made: RefCell::new(Vec::new()),
            next: Cell::new(1),
            failure: RefCell::new(None),
            plugin: self,
        };
        let values: Vec<Value> = arguments.iter().map(|argument| record.keep(argument.clone())).collect();
        let mut result = Value::VOID;
        let status = work((&raw const record).cast_mut().cast(), &values, &raw mut result);
        if status == OK {
            return record.value(result);
        }
        let why = record.failure.take();
        Err(why.unwrap_or_else(|| failure("", format!("the status {status}, without saying why"))))
    }
}

impl Drop for Plugin {
    fn drop(&mut self) {
        if let Some(shutdown) = self.descriptor.shutdown {
            // SAFETY: nothing of the plugin runs.
            unsafe { shutdown() }
        }
    }
}
