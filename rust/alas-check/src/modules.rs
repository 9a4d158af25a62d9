//! From the name in a call to the function that it calls.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alas_library::{Builtin, PENDING, is_namespace};
use alas_syntax::{Expression, ExpressionKind, Module, NodeId, Statement, StatementKind, Syntax};

use crate::{FunctionInterface, Interface, Interfaces};

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
        builtins(&function.body, &mut found);
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

fn builtins<'m>(statements: &'m [Statement], found: &mut Vec<(&'m str, NodeId)>) {
    for statement in statements {
        match &statement.kind {
            StatementKind::Assign { value, .. } | StatementKind::Expression { value } => {
                builtins_in(value, found);
            }
            StatementKind::If { condition, then, otherwise } => {
                builtins_in(condition, found);
                builtins(then, found);
                builtins(otherwise, found);
            }
            StatementKind::While { condition, body } => {
                builtins_in(condition, found);
                builtins(body, found);
            }
            StatementKind::For { init, condition, update, body } => {
                for single in init.iter().chain(update) {
                    builtins(std::slice::from_ref(single), found);
                }
                builtins_in(condition, found);
                builtins(body, found);
            }
            StatementKind::Return { value } => builtins_in_all(value.as_slice(), found),
        }
    }
}

fn builtins_in<'m>(expression: &'m Expression, found: &mut Vec<(&'m str, NodeId)>) {
    match &expression.kind {
        ExpressionKind::Literal(_) | ExpressionKind::Variable(_) => {}
        ExpressionKind::Binary { left, right, .. } => {
            builtins_in(left, found);
            builtins_in(right, found);
        }
        ExpressionKind::Unary { operand, .. } => builtins_in(operand, found),
        ExpressionKind::Call { arguments, .. } | ExpressionKind::ModuleCall { arguments, .. } => {
            builtins_in_all(arguments, found);
        }
        ExpressionKind::Builtin { name, arguments } => {
            found.push((&name.text, name.node));
            builtins_in_all(arguments, found);
        }
        ExpressionKind::Array(elements) => builtins_in_all(elements, found),
        ExpressionKind::Map(pairs) => {
            for pair in pairs {
                builtins_in(&pair.key, found);
                builtins_in(&pair.value, found);
            }
        }
        ExpressionKind::Index { object, index } => {
            builtins_in(object, found);
            builtins_in(index, found);
        }
        ExpressionKind::Field { object, .. } => builtins_in(object, found),
    }
}

fn builtins_in_all<'m>(expressions: &'m [Expression], found: &mut Vec<(&'m str, NodeId)>) {
    for expression in expressions {
        builtins_in(expression, found);
    }
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
    /// The import of the module has been reported already.
    Import,
    /// The module is not imported.
    NotImported,
    /// The module has no such function.
    Function(&'m Interface),
    /// The module does not export the function.
    NotExported(&'m Interface),
    /// The standard namespace has no such function.
    Standard(&'m str),
    /// The standard function is not offered by this version.
    Pending,
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
        Self { interface, interfaces, imports }
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
        match self.interface.function(name) {
            Some((index, function)) => Ok(Target::Own(index, function)),
            None => Err(Unresolved::Function(self.interface)),
        }
    }

    /// The target of `module_call`.
    pub(crate) fn module_call(&self, module: &str, name: &str) -> Result<Target<'m>, Unresolved<'m>> {
        match self.imports.get(module) {
            None => Err(Unresolved::NotImported),
            Some(Import::Missing) => Err(Unresolved::Import),
            Some(Import::Module(interface)) => exported(interface, name),
            Some(Import::Standard(namespace)) => {
                let full = format!("{namespace}.{name}");
                match Builtin::find(&full) {
                    Some(builtin) => Ok(Target::Standard(builtin)),
                    None if PENDING.contains(&&*full) => Err(Unresolved::Pending),
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
            return Err(if PENDING.contains(&full) {
                Unresolved::Pending
            } else {
                Unresolved::Standard(owner)
            });
        }
        if *owner == *self.interface.name {
            return match self.interface.function(name) {
                Some((index, function)) if function.exported => Ok(Target::Own(index, function)),
                Some(_) => Err(Unresolved::NotExported(self.interface)),
                None => Err(Unresolved::Function(self.interface)),
            };
        }
        self.interfaces.get(owner).map_or(Err(Unresolved::Namespace), |interface| exported(interface, name))
    }
}

fn exported<'m>(interface: &'m Arc<Interface>, name: &str) -> Result<Target<'m>, Unresolved<'m>> {
    match interface.function(name) {
        Some((index, function)) if function.exported => Ok(Target::Other(interface, index, function)),
        Some(_) => Err(Unresolved::NotExported(interface)),
        None => Err(Unresolved::Function(interface)),
    }
}
