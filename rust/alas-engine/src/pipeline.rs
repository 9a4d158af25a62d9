//! The way of a program, from text to code.
//!
//! ```text
//! Source ─ parse ─▶ Syntax ─ declare ─▶ Interface
//!                      └────── check ─▶ Typed ─ lower ─▶ Ir ─ link ─▶ Module ─ call ─▶ Value
//! ```
//!
//! A [`Syntax`] may have errors, with placeholders where they stand, so that the checker adds its findings to those of
//! the parser. A [`Typed`] has neither.
//!
//! Each arrow is one function with one type in and one type out; what a stage needs of other modules is their
//! [`Interface`]s when checking, and the linked [`Module`]s when linking. The functions of a host module go the same way
//! without bodies, and are linked with what implements them.

use std::sync::Arc;

pub use alas_check::{Declared, FunctionInterface, Interface, Interfaces, Permissions, Typed};
pub use alas_ir::Ir;
pub use alas_syntax::{Diagnostics, Source, Syntax};
pub use alas_vm::{CallCounts, HostFunctions, LinkError, LinkProblem, Module, ModuleContext};

/// Text to syntax tree.
///
/// # Errors
///
/// What keeps the text from being a JSON object; all else stands in the tree's findings.
pub fn parse(source: &Source) -> Result<Syntax, Diagnostics> {
    alas_syntax::parse(source)
}

/// Text to syntax tree, of a module whose functions have no bodies because the host implements them.
///
/// # Errors
///
/// As for [`parse`].
pub fn parse_host_module(source: &Source) -> Result<Syntax, Diagnostics> {
    alas_syntax::parse_host_module(source)
}

/// Text to syntax tree, of a module of which the host implements some functions: those that a host module declares.
///
/// # Errors
///
/// As for [`parse`], for the text of either.
pub fn parse_hybrid_module(source: &Source, declarations: &Source) -> Result<Syntax, Diagnostics> {
    let host = alas_syntax::parse_host_module(declarations)?;
    let findings = host.diagnostics();
    if findings.is_empty() {
        Ok(alas_syntax::parse(source)?.with_host_functions(&host))
    } else {
        Err(Diagnostics(findings))
    }
}

/// Syntax tree to what the module declares.
#[must_use]
pub fn declare(syntax: &Syntax, imports: &Interfaces) -> Declared {
    Interface::of(syntax, imports)
}

/// Syntax tree to typed tree.
///
/// # Errors
///
/// All findings about the module, those of the parser included.
pub fn check(
    syntax: &Syntax,
    declared: Declared,
    imports: &Interfaces,
    permissions: &Permissions,
) -> Result<Typed, Diagnostics> {
    alas_check::check(syntax, declared, imports, permissions)
}

/// Typed tree to intermediate representation.
#[must_use]
pub fn lower(typed: &Typed) -> Ir {
    alas_ir::lower(typed)
}

/// Intermediate representation to executable code; the modules are those that [`Ir::modules`] lists, and the host
/// functions implement what has no body. With `counts`, the functions count their calls there.
///
/// # Errors
///
/// The first function that is too large to be encoded, or that nobody implements.
pub fn link(
    ir: &Ir,
    context: ModuleContext,
    modules: Vec<Arc<Module>>,
    host: &HostFunctions,
    counts: Option<&CallCounts>,
) -> Result<Arc<Module>, LinkError> {
    alas_vm::link(ir, context, modules, host, counts)
}
