//! The table of the standard library: every function's name, signature, capability and documentation.
//!
//! The checker reads the signatures, the engine matches on [`Builtin`], the documentation prints the rows: there is no
//! other list of standard functions. A new function is a row in [`table`] and an arm in the engine, and the compiler
//! asks for the arm.
#![forbid(unsafe_code)]

mod signature;
mod table;

use std::collections::HashMap;
use std::sync::LazyLock;

pub use signature::{Parameter, Pattern, Signature};
pub use table::Builtin;

/// What a function does beyond computing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Capability {
    /// Reading from and writing to the console.
    Io,
    /// Files and folders.
    Filesystem,
    /// Commands.
    Process,
    /// Hosts in networks.
    Network,
}

impl Capability {
    /// The word that a manifest declares.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Io => "io",
            Self::Filesystem => "filesystem",
            Self::Process => "process",
            Self::Network => "network",
        }
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The full name, `namespace.function`.
    pub name: &'static str,
    /// The signature as it is written in the documentation.
    pub signature: &'static str,
    /// What a module must declare to call it; nothing for a function that only computes.
    pub capabilities: &'static [Capability],
    /// What the function does, and which errors it ends in.
    pub documentation: &'static str,
}

impl Builtin {
    /// The function of this full name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        static BY_NAME: LazyLock<HashMap<&'static str, Builtin>> =
            LazyLock::new(|| Builtin::ALL.iter().map(|builtin| (builtin.row().name, *builtin)).collect());
        BY_NAME.get(name).copied()
    }

    /// The function's parsed signature.
    #[must_use]
    pub fn signature(self) -> &'static Signature {
        static SIGNATURES: LazyLock<Vec<Signature>> = LazyLock::new(|| {
            Builtin::ALL.iter().map(|builtin| Signature::parse(builtin.row().signature)).collect()
        });
        &SIGNATURES[self as usize]
    }

    /// The part of the name before the dot.
    #[must_use]
    pub fn namespace(self) -> &'static str {
        self.row().name.split_once('.').map_or("", |(namespace, _)| namespace)
    }
}

/// Whether the standard library has a namespace of this name.
#[must_use]
pub fn is_namespace(name: &str) -> bool {
    let belongs = |full: &str| full.split_once('.').is_some_and(|(namespace, _)| namespace == name);
    Builtin::ALL.iter().any(|builtin| belongs(builtin.row().name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_signature_parses_and_every_name_is_unique() {
        for builtin in Builtin::ALL {
            assert_eq!(Builtin::find(builtin.row().name), Some(*builtin));
            let optional_from = builtin.signature().required();
            let optional = &builtin.signature().parameters[optional_from..];
            assert!(optional.iter().all(|parameter| parameter.optional), "{}", builtin.row().name);
            assert!(builtin.row().documentation.ends_with('.'), "{}", builtin.row().name);
        }
    }
}
