//! From JSON to the syntax tree.
//!
//! Takes a [`Document`], gives a [`Syntax`] or all findings about it. It works from the
//! outside in: each object of the language has a table of its keys in `shapes`; `object` reads an object by
//! its table and reports what is missing, unknown or of the wrong kind; `module`, `statement` and
//! `expression` build the tree from what it returns; `names` and `types` read the strings that have a
//! grammar of their own.
//!
//! A part that is wrong is reported once and replaced by a placeholder, so that the parts around and inside
//! it are visited as well. Placeholders never leave this module: a tree is handed out only when there is no
//! error.
//!
//! Recursion is as deep as the JSON, which the reader limits.

mod expression;
mod module;
mod names;
mod object;
mod shapes;
mod statement;
mod suggest;
mod types;

use std::sync::Arc;

use crate::findings::Findings;
use crate::json::Document;
use crate::{Diagnostics, Locations, Source, Syntax, json};
use names::Names;

/// Reads a module.
///
/// # Errors
///
/// Everything that is wrong with the text, in the order of the text: mistakes of JSON or, when there are
/// none, all mistakes in the objects of the language together with the warnings.
///
/// ```
/// use alas_syntax::{Source, parse};
///
/// let text = br#"{"type": "module", "name": "hello", "functions": [{"name": "main", "body": []}]}"#;
/// let syntax = parse(&Source { file: None, text: text.to_vec() }).unwrap();
/// assert_eq!(&*syntax.module.functions[0].name.text, "main");
/// ```
pub fn parse(source: &Source) -> Result<Syntax, Diagnostics> {
    let document = json::read(source)?;
    let mut parser = Parser { document: &document, names: Names::default(), findings: Findings::default() };
    let module = parser.module(document.root());
    let findings = parser.findings;
    let failed = findings.has_errors();
    let locations = Locations::new(source.file.clone(), document);
    let findings = findings.into_diagnostics(&locations);
    if failed {
        return Err(Diagnostics(findings));
    }
    Ok(Syntax { module, locations: Arc::new(locations), warnings: findings })
}

/// The state of the work.
struct Parser<'d> {
    /// What is parsed; looked at for the places of names that were read before.
    document: &'d Document,
    names: Names,
    findings: Findings,
}
