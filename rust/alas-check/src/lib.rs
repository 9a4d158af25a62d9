//! From the syntax tree of a module to its typed tree.
//!
//! Takes a [`alas_syntax::Syntax`] and the [`Interface`]s of the modules that it reaches, gives a [`Typed`]
//! or all the findings that keep it from running. It works in this order:
//!
//! 1. [`reached_modules`]: the names of the modules that a module needs, so that somebody can find them.
//! 2. [`Interface::of`]: what a module declares, without looking at any body; the interfaces of its imports come
//!    before its own. Interfaces of all modules exist before any module is checked, so that modules are checked
//!    one by one, in any order.
//! 3. [`check`]: each function: resolve its names, infer the types of its local variables to a fixed point, check
//!    every expression, decide definite assignment and returns, and insert the conversions that values need where
//!    they meet a declared type.
//!
//! The typed tree has no names left to look up. Whoever consumes it may rely on: every expression's type is right
//! for every value that the expression can yield; where a value may not fit what its place declares, a
//! [`ExpressionKind::Convert`] stands between them; a variable is read only after it was assigned; no expression
//! and no variable is of type [`Type::Never`], which only stands for the elements of arrays and maps that are
//! always empty. What fits as it is has no conversion: an `array<int>` where an `array` is declared, an enum for a
//! string, a struct for a map, an always empty array for any array.
#![forbid(unsafe_code)]

mod assignment;
mod builtin;
mod call;
mod called;
mod check;
mod containment;
mod convert;
mod declare;
mod expression;
mod function;
mod infer;
mod interface;
mod modules;
mod permissions;
mod resolve;
mod rules;
mod shapes;
mod suggest;
mod typed;
mod types;
mod unresolved;
mod walk;

pub use check::check;
pub use interface::{Declared, FunctionInterface, Interface, Interfaces, ParameterInterface};
pub use modules::{Reached, Via, reached_modules};
pub use permissions::Permissions;
pub use typed::{
    Builtin, Callee, Expression, ExpressionKind, Function, FunctionReference, Local, LocalId, Statement,
    StatementKind, Typed,
};
pub use types::{Definitions, EnumValues, NamedType, Shape, Type};
