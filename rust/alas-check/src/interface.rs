//! What a module declares: all that other modules need to know to call it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::findings::Findings;
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
