//! From the JSON text of a module to its syntax tree.
//!
//! Takes a [`Source`], gives a [`Syntax`] with all [`Findings`] about it, or the [`Diagnostics`] that explain why the
//! text is no JSON object.
//! The work goes in two steps, each with one type in and one type out:
//!
//! 1. [`json::read`]: text → [`json::Document`], a flat tape of JSON nodes with their byte offsets. It
//!    enforces RFC 8259 and the limits of the language on size and nesting.
//! 2. [`parse`]: document → [`Syntax`]. It knows which keys an object of the language has and how names and
//!    types are written, but not what they stand for: that is the checker's work.
//!
//! Every node of the tree carries a [`NodeId`], which [`Locations`] turns into a JSON pointer, a line and a
//! column when somebody asks, so that correct programs do not pay for positions they never print.
#![forbid(unsafe_code)]

mod codes;
mod decimal;
mod diagnostic;
mod findings;
mod hybrid;
pub mod json;
mod lines;
mod location;
mod parser;
mod pieces;
mod tree;

pub use decimal::{LONGEST_NUMBER, parse_float};
pub use diagnostic::{Code, Diagnostic, Diagnostics, Severity};
pub use findings::{Explanation, Findings, clip};
pub use location::{Location, Locations, NodeId};
pub use parser::{parse, parse_host_module};
pub use pieces::pieces;
pub use tree::{
    BinaryOperator, Definition, Enumeration, Expression, ExpressionKind, Function, Invalid, List, Literal,
    MapPair, Module, Name, Parameter, Statement, StatementKind, Structure, Syntax, TypeDefinition,
    TypeExpression, TypeName, UnaryOperator,
};

/// The text of a module and where it came from.
#[derive(Debug, Clone)]
pub struct Source {
    /// The path shown in messages, when the text came from a file.
    pub file: Option<String>,
    /// The bytes as they were read; [`json::read`] checks that they are UTF-8.
    pub text: Vec<u8>,
}
