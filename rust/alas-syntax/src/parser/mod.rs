//! From JSON to the syntax tree.
//!
//! Takes a [`Document`], gives a [`Syntax`], which has all findings about it. It works from the
//! outside in: each object of the language has a table of its keys in `shapes`; `object` reads an object by
//! its table and reports what is missing, unknown or of the wrong kind; `module`, `statement` and
//! `expression` build the tree from what it returns; `names` and `types` read the strings that have a
//! grammar of their own.
//!
//! A part that is wrong is reported once, by whoever looks at it first, and replaced by a placeholder that keeps what
//! was understood of it. The functions that build the tree take what they are given: a slot that is empty or holds the
//! wrong kind of JSON has been reported when they see it. A required key that is missing and was probably misspelt is
//! taken from where it stands, so that the tree is what its author meant.
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

use crate::findings::{Explanation, Findings};
use crate::json::{Document, Kind, Node};
use crate::{Code, Diagnostics, Locations, Module, Source, Syntax, json};
use names::Names;

/// Reads a module. What is wrong with the objects of the language stands in the tree's findings.
///
/// # Errors
///
/// What keeps the text from being a JSON object, in the order of the text.
///
/// ```
/// use alas_syntax::{Source, parse};
///
/// let text = br#"{"type": "module", "name": "hello", "functions": [{"name": "main", "body": []}]}"#;
/// let syntax = parse(&Source { file: None, text: text.to_vec() }).unwrap();
/// assert_eq!(&*syntax.module.functions[0].name.text, "main");
/// ```
pub fn parse(source: &Source) -> Result<Syntax, Diagnostics> {
    parse_dialect(source, Dialect::Program)
}

/// Reads what a host module declares: a module whose functions have no `body`, because the host implements them. It has
/// no `exports`, because other modules may call each of them.
///
/// # Errors
///
/// As for [`parse`].
///
/// ```
/// use alas_syntax::{Source, parse_host_module};
///
/// let text = br#"{"type": "module", "name": "clock", "functions": [{"name": "now", "returns": "int"}]}"#;
/// let syntax = parse_host_module(&Source { file: None, text: text.to_vec() }).unwrap();
/// assert!(syntax.findings.is_empty());
/// assert!(syntax.module.functions[0].body.is_none());
/// ```
pub fn parse_host_module(source: &Source) -> Result<Syntax, Diagnostics> {
    parse_dialect(source, Dialect::HostModule)
}

fn parse_dialect(source: &Source, dialect: Dialect) -> Result<Syntax, Diagnostics> {
    let (document, findings) = json::read_whole(source)?;
    let mut parser = Parser { document: &document, dialect, names: Names::default(), findings };
    let module = parser.root(document.root());
    let findings = parser.findings;
    let locations = Locations::new(source.file.clone(), document);
    match module {
        Some(module) => Ok(Syntax { module, locations: Arc::new(locations), findings }),
        None => Err(Diagnostics(findings.into_diagnostics(&locations))),
    }
}

/// What a text may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dialect {
    /// A module in the language.
    Program,
    /// The declarations of a module that the host implements.
    HostModule,
}

/// The state of the work.
struct Parser<'d> {
    /// What is parsed; looked at for the places of names that were read before.
    document: &'d Document,
    dialect: Dialect,
    names: Names,
    findings: Findings,
}

impl Parser<'_> {
    /// The module that the document is, if it is an object.
    fn root(&mut self, root: Node<'_>) -> Option<Module> {
        if root.kind() == Kind::Object {
            return Some(self.module(root));
        }
        self.report(Code::WrongKind, root, || {
            Explanation::new(format!("a module is an object, found {}", root.kind().describe()))
                .help("write `{\"type\": \"module\", \"name\": \"…\", \"functions\": […]}`")
        });
        None
    }
}
