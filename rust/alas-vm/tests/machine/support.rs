//! What the tests share: linking a program and calling it.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use alas_check::{Interface, Interfaces, Permissions, Typed};
use alas_syntax::Source;
use alas_value::{Value, write_text};
use alas_vm::{Console, Host, Limits, LinkError, Module, ModuleContext, RunError};

use crate::notation;

/// A console that nobody reads, and without input.
struct Nowhere;

impl Console for Nowhere {
    fn fork(&self) -> Box<dyn Console + Send> {
        Box::new(Self)
    }

    fn write(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        Ok(None)
    }
}

pub fn host() -> Host {
    Host::new(Box::new(Nowhere))
}

/// The typed tree of a program that stands alone; `None` when the checks reject it.
pub fn typed(text: Vec<u8>) -> Option<Typed> {
    let syntax = alas_syntax::parse(&Source { file: None, text }).ok()?;
    let imports = Interfaces::new();
    let declared = Interface::of(&syntax, &imports);
    alas_check::check(&syntax, declared, &imports, &Permissions::default()).ok()
}

pub fn link(typed: &Typed) -> Result<Arc<Module>, LinkError> {
    let context = ModuleContext::new(typed.interface.name.clone());
    alas_vm::link(&alas_ir::lower(typed), context, Vec::new(), &HashMap::new(), None)
}

/// A module in the notation of the tests.
pub fn module(text: &str) -> Arc<Module> {
    let json = notation::module(text);
    let typed = typed(json.clone().into_bytes()).unwrap_or_else(|| panic!("the checks reject {json}"));
    link(&typed).expect("the program is small")
}

pub fn call(
    module: &Arc<Module>,
    name: &str,
    mut arguments: Vec<Value>,
    limits: Limits,
) -> Result<Value, Box<RunError>> {
    let number = module.interface().by_name[name];
    alas_vm::call(module, number, &mut arguments, &mut host(), limits)
}

/// What `main` comes to: the text of its result, or the code of its failure.
pub fn outcome(module: &Arc<Module>, limits: Limits) -> String {
    match call(module, "main", Vec::new(), limits) {
        Ok(value) => {
            let mut text = String::new();
            write_text(&value, &mut text);
            text
        }
        Err(error) => error.code.as_str().to_owned(),
    }
}
