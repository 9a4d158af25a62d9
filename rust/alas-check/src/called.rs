//! The other modules that a module calls, numbered in the order of the first call.

use std::collections::HashMap;
use std::sync::Arc;

use crate::modules::{Scope, Target};
use crate::{FunctionReference, Interface};

/// The list behind [`FunctionReference::module`].
#[derive(Default)]
pub(crate) struct Called {
    list: Vec<Arc<Interface>>,
    by_name: HashMap<Arc<str>, u32>,
}

impl Called {
    /// Names a function of this or another module.
    pub(crate) fn reference(&mut self, target: &Target<'_>) -> Option<FunctionReference> {
        match target {
            Target::Own(function, _) => Some(FunctionReference { module: None, function: *function }),
            Target::Other(interface, function, _) => {
                let list = &mut self.list;
                let module = *self.by_name.entry(Arc::clone(&interface.name)).or_insert_with(|| {
                    list.push(Arc::clone(interface));
                    list.len() as u32 - 1
                });
                Some(FunctionReference { module: Some(module), function: *function })
            }
            Target::Standard(_) => None,
        }
    }

    /// The name of a referenced function, for messages.
    pub(crate) fn name(&self, reference: FunctionReference, scope: &Scope<'_>) -> Option<String> {
        let function = reference.function as usize;
        match reference.module {
            None => Some(scope.interface.functions.get(function)?.name.to_string()),
            Some(module) => {
                let interface = self.list.get(module as usize)?;
                Some(format!("{}.{}", interface.name, interface.functions.get(function)?.name))
            }
        }
    }

    /// The modules, in their numbers' order.
    pub(crate) fn into_modules(self) -> Vec<Arc<Interface>> {
        self.list
    }
}
