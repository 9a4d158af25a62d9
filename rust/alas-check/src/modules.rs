//! From the name in a call to the function that it calls.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alas_library::{Builtin, is_namespace};
use alas_syntax::{ExpressionKind, Module, NodeId, Syntax};

use crate::{FunctionInterface, Interface, Interfaces, walk};

/// The namespaces of the standard library, as modules.
pub(crate) const STANDARD: &str = "std.";

/// A module that a program reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// The module's name.
    pub name: Arc<str>,
    /// The first place that names it.
    pub node: NodeId,
    /// How it is named there.
    pub via: Via,
}

/// How a program names a module that it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Via {
    /// In `imports`.
    Import,
    /// By a `builtin` call of one of its functions.
    Builtin,
}

/// The modules outside the standard library that a program reaches, each once: first its imports, then those
/// that it calls as `builtin`, in the order of the text.
#[must_use]
pub fn reached_modules(syntax: &Syntax) -> Vec<Reached> {
    let module = &syntax.module;
    let mut seen = HashSet::new();
    let mut reached = Vec::new();
    for import in module.imports.iter().filter(|import| !import.text.starts_with(STANDARD)) {
        if seen.insert(&*import.text) {
            reached.push(Reached { name: Arc::clone(&import.text), node: import.node, via: Via::Import });
        }
    }
    // A module reaches its own functions without anybody's help.
    seen.insert(&*module.name.text);
    let mut found = Vec::new();
    for function in &module.functions {
        walk::statements(function.statements(), &mut |expression| {
            if let ExpressionKind::Builtin { name, .. } = &expression.kind {
                found.push((&*name.text, name.node));
            }
        });
    }
    for (name, node) in found {
        if Builtin::find(name).is_some() {
            continue;
        }
        let Some((owner, _)) = name.rsplit_once('.') else { continue };
        if seen.insert(owner) && !owner.starts_with(STANDARD) && !is_namespace(owner) {
            reached.push(Reached { name: owner.into(), node, via: Via::Builtin });
        }
    }
    reached
}

/// A function that a call can name.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Target<'m> {
    /// Of the module itself.
    Own(u32, &'m FunctionInterface),
    /// Of another module.
    Other(&'m Arc<Interface>, u32, &'m FunctionInterface),
    /// Of the standard library.
    Standard(Builtin),
}

impl<'m> Target<'m> {
    /// The declaration, unless the function is a standard one.
    pub(crate) const fn declaration(&self) -> Option<&'m FunctionInterface> {
        match self {
            Self::Own(_, function) | Self::Other(_, _, function) => Some(function),
            Self::Standard(_) => None,
        }
    }
}

/// Why a call names no function.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unresolved<'m> {
    /// A finding elsewhere says what is wrong: the import names no module, or not all of the called module is known.
    Reported,
    /// The module is not imported.
    NotImported,
    /// The module has no such function.
    Function(&'m Interface),
    /// The module does not export the function.
    NotExported(&'m Interface),
    /// The standard namespace has no such function.
    Standard(&'m str),
    /// No module of this name is available.
    Namespace,
}

/// What an imported name stands for.
#[derive(Debug, Clone, Copy)]
enum Import<'m> {
    Standard(&'m str),
    Module(&'m Arc<Interface>),
    Missing,
}

/// Finds the functions that a module can call.
pub(crate) struct Scope<'m> {
    /// The module itself.
    pub(crate) interface: &'m Interface,
    /// The modules that it could import.
    pub(crate) interfaces: &'m Interfaces,
    imports: HashMap<&'m str, Import<'m>>,
    has_all_imports: bool,
}

impl<'m> Scope<'m> {
    /// The scope of a module.
    pub(crate) fn new(module: &'m Module, interface: &'m Interface, interfaces: &'m Interfaces) -> Self {
        let mut imports = HashMap::with_capacity(module.imports.len());
        for name in &module.imports {
            let import = match name.text.strip_prefix(STANDARD) {
                Some(namespace) if is_namespace(namespace) => Import::Standard(namespace),
                Some(_) => Import::Missing,
                None => interfaces.get(&name.text).map_or(Import::Missing, Import::Module),
            };
            imports.insert(&*name.text, import);
        }
        // The short name of a standard module gives way to a module that really has this name.
        for name in &module.imports {
            if let Some(namespace) = name.text.strip_prefix(STANDARD) {
                let import = imports[&*name.text];
                imports.entry(namespace).or_insert(import);
            }
        }
        Self { interface, interfaces, imports, has_all_imports: module.imports.complete }
    }

    /// Whether the import names a module that exists.
    pub(crate) fn is_available(&self, import: &str) -> bool {
        !matches!(self.imports.get(import), Some(Import::Missing) | None)
    }

    /// The names under which modules can be called.
    pub(crate) fn imported(&self) -> impl Iterator<Item = &'m str> + Clone {
        self.imports.keys().copied()
    }

    /// The target of `call`.
    pub(crate) fn call(&self, name: &str) -> Result<Target<'m>, Unresolved<'m>> {
        find(self.interface, name).map(|(index, function)| Target::Own(index, function))
    }

    /// The target of `module_call`.
    pub(crate) fn module_call(&self, module: &str, name: &str) -> Result<Target<'m>, Unresolved<'m>> {
        match self.imports.get(module) {
            None if self.has_all_imports => Err(Unresolved::NotImported),
            None | Some(Import::Missing) => Err(Unresolved::Reported),
            Some(Import::Module(interface)) => exported(interface, name),
            Some(Import::Standard(namespace)) => {
                let full = format!("{namespace}.{name}");
                match Builtin::find(&full) {
                    Some(builtin) => Ok(Target::Standard(builtin)),
                    None => Err(Unresolved::Standard(namespace)),
                }
            }
        }
    }

    /// The target of `builtin`.
    pub(crate) fn builtin(&self, full: &'m str) -> Result<Target<'m>, Unresolved<'m>> {
        if let Some(builtin) = Builtin::find(full) {
            return Ok(Target::Standard(builtin));
        }
        let Some((owner, name)) = full.rsplit_once('.') else { return Err(Unresolved::Namespace) };
        if is_namespace(owner) {
            return Err(Unresolved::Standard(owner));
        }
        if *owner == *self.interface.name {
            return find_exported(self.interface, name).map(|(index, function)| Target::Own(index, function));
        }
        match self.interfaces.get(owner) {
            Some(interface) => exported(interface, name),
            // It may be the name of this module.
            None if self.interface.name.is_empty() => Err(Unresolved::Reported),
            None => Err(Unresolved::Namespace),
        }
    }
}

/// The function of this name, unless it is not clear which one that is.
pub(crate) fn find<'m>(
    interface: &'m Interface,
    name: &str,
) -> Result<(u32, &'m FunctionInterface), Unresolved<'m>> {
    match interface.function(name) {
        Some(_) if interface.gaps.ambiguous.contains(name) => Err(Unresolved::Reported),
        Some(found) => Ok(found),
        None if interface.gaps.functions => Err(Unresolved::Reported),
        None => Err(Unresolved::Function(interface)),
    }
}

fn find_exported<'m>(
    interface: &'m Interface,
    name: &str,
) -> Result<(u32, &'m FunctionInterface), Unresolved<'m>> {
    let (index, function) = find(interface, name)?;
    if function.exported || interface.gaps.exports {
        Ok((index, function))
    } else {
        Err(Unresolved::NotExported(interface))
    }
}

fn exported<'m>(interface: &'m Arc<Interface>, name: &str) -> Result<Target<'m>, Unresolved<'m>> {
    find_exported(interface, name).map(|(index, function)| Target::Other(interface, index, function))
}
