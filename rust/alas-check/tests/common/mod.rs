//! What the tests share: from a text to its findings or its typed tree.
#![allow(dead_code, reason = "each test file uses its own part of this module")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use alas_check::{Interface, Interfaces, Permissions, Typed, check};
use alas_syntax::{Diagnostic, Diagnostics, Source, parse};

/// Checks a module.
pub fn checked(text: &str, interfaces: &Interfaces, permissions: &Permissions) -> Result<Typed, Diagnostics> {
    let syntax = parse(&Source { file: None, text: text.as_bytes().to_vec() })?;
    let declared = Interface::of(&syntax, interfaces);
    check(&syntax, declared, interfaces, permissions)
}

/// All that is found in a module, warnings included.
pub fn findings(text: &str, interfaces: &Interfaces, permissions: &Permissions) -> Vec<Diagnostic> {
    match checked(text, interfaces, permissions) {
        Ok(typed) => typed.warnings,
        Err(Diagnostics(findings)) => findings,
    }
}

/// The interfaces of the modules in `tests/cases/modules`, which do not import each other.
pub fn available() -> Interfaces {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/modules");
    let mut interfaces = Interfaces::new();
    for entry in fs::read_dir(folder).expect("the folder is there") {
        let text = fs::read(entry.expect("the folder can be listed").path()).expect("the file can be read");
        let syntax = parse(&Source { file: None, text }).expect("the modules are valid");
        let declared = Interface::of(&syntax, &Interfaces::new());
        let interface = Arc::clone(&declared.interface);
        check(&syntax, declared, &Interfaces::new(), &Permissions::default()).expect("the modules are valid");
        interfaces.insert(Arc::clone(&interface.name), interface);
    }
    interfaces
}

pub mod program;

/// Checks a module that stands alone and has no findings.
pub fn typed(text: &str) -> Typed {
    match checked(text, &Interfaces::new(), &Permissions::default()) {
        Ok(typed) => typed,
        Err(findings) => panic!("unexpected findings:\n{findings}"),
    }
}
