//! What a module declares: all that other modules need to know to call it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alas_syntax::Findings;

use crate::{Definitions, Type};

/// The declarations of a module, its types resolved.
#[derive(Debug, Clone)]
pub struct Interface {
    /// The module's name.
    pub name: Arc<str>,
    /// Every function, in the order of the text; the host may call any, other modules only the exported.
    pub functions: Vec<FunctionInterface>,
    /// Where a function stands in [`Interface::functions`].
    pub by_name: HashMap<Arc<str>, u32>,
    /// The struct and enum types that the module defines or can meet.
    pub definitions: Arc<Definitions>,
    /// What the module's own type names stand for, aliases included: modules that import it may use these
    /// names.
    pub types: HashMap<Arc<str>, Type>,
    /// What findings about the module keep others from knowing.
    pub(crate) gaps: Gaps,
}

/// What is not known of a module that has errors, so that others do not repeat them. A module without errors has none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gaps {
    /// Whether it may have functions that are not listed.
    pub(crate) functions: bool,
    /// Whether it may have types that are not listed.
    pub(crate) types: bool,
    /// Whether it may export functions that are not marked.
    pub(crate) exports: bool,
    /// The names that several functions bear.
    pub(crate) ambiguous: HashSet<Arc<str>>,
}

/// What reading a module's declarations gives.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The declarations. What could not be resolved is `any` there, so that other modules can be checked
    /// nevertheless.
    pub interface: Arc<Interface>,
    /// What is wrong with them; [`check`](crate::check) reports it together with the rest.
    pub(crate) findings: Findings,
}

impl Interface {
    /// The interface of a module that exists but could not be read. Whoever imports it is checked as if it had all that
    /// is asked of it.
    #[must_use]
    pub fn unknown(name: Arc<str>) -> Self {
        Self {
            name,
            functions: Vec::new(),
            by_name: HashMap::new(),
            definitions: Arc::default(),
            types: HashMap::new(),
            gaps: Gaps { functions: true, types: true, exports: true, ambiguous: HashSet::new() },
        }
    }

    /// The function of this name and where it stands.
    #[must_use]
    pub fn function(&self, name: &str) -> Option<(u32, &FunctionInterface)> {
        let index = *self.by_name.get(name)?;
        Some((index, self.functions.get(index as usize)?))
    }

    /// The names of the functions that other modules may call.
    pub(crate) fn exported(&self) -> impl Iterator<Item = &str> + Clone {
        self.functions.iter().filter(|function| function.exported).map(|function| &*function.name)
    }
}

impl Interface {
    /// Has calls of these functions by other modules start tasks.
    pub fn start_tasks<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) {
        for name in names {
            if let Some(number) = self.by_name.get(name) {
                self.functions[*number as usize].is_async = true;
            }
        }
    }
}

impl FunctionInterface {
    /// What a call by another module, or by its own, gives.
    pub(crate) fn result(&self, by_other: bool) -> Type {
        if by_other && self.is_async { Type::Task } else { self.returns.clone() }
    }
}

/// The declaration of one function.
#[derive(Debug, Clone)]
pub struct FunctionInterface {
    /// Its name.
    pub name: Arc<str>,
    /// Its parameters, in order.
    pub parameters: Vec<ParameterInterface>,
    /// The declared result, or `any`.
    pub returns: Type,
    /// Whether other modules may call it.
    pub exported: bool,
    /// Whether a call by another module starts a task.
    pub is_async: bool,
    /// Whether the parameters are all; a finding says what is wrong with the others.
    pub(crate) has_all_parameters: bool,
}

/// The declaration of one parameter.
#[derive(Debug, Clone)]
pub struct ParameterInterface {
    /// Its name.
    pub name: Arc<str>,
    /// Its declared type.
    pub kind: Type,
}

/// The interfaces of the modules that a module reaches, by the name under which it calls them.
pub type Interfaces = HashMap<Arc<str>, Arc<Interface>>;
