//! The stages that are fuzzed.

use crate::{checker, engine, parser};

/// What is fuzzed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Bytes to syntax tree.
    Parser,
    /// Text to linked module, or findings.
    Checker,
    /// Text to what its functions return, or errors.
    Engine,
}

/// What became of an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// There were findings.
    Refused,
    /// It is what the target takes.
    Accepted,
}

impl Target {
    /// Every target.
    pub const ALL: [Self; 3] = [Self::Parser, Self::Checker, Self::Engine];

    /// The word for it on the command line, and its folder in the corpus.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parser => "parser",
            Self::Checker => "checker",
            Self::Engine => "engine",
        }
    }

    /// The target of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }

    /// Tries an input.
    ///
    /// # Panics
    ///
    /// Where a promise is broken: that is what fuzzing looks for.
    #[must_use]
    pub fn run(self, input: &[u8]) -> Verdict {
        match self {
            Self::Parser => parser::run(input),
            Self::Checker => checker::run(input),
            Self::Engine => engine::run(input),
        }
    }
}
