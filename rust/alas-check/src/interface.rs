//! What a module declares: all that other modules need to know to call it.

use std::collections::HashMap;
use std::sync::Arc;

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
