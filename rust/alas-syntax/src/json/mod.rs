//! Strict and fast reading of JSON (RFC 8259) into a flat tape of nodes.
//!
//! Takes bytes, gives a [`Document`] or the findings that explain why there is none. It serves two readers:
//! the parser of modules, and the `json.parse` function of the language, which hands in its own [`Limits`].
//!
//! What it promises:
//!
//! * One pass and no allocation per node: a node is eight bytes on the tape, and text is decoded when it is
//!   asked for.
//! * No recursion: nesting costs an entry on a list, so that no text can overflow the stack.
//! * A [`Document`] is right throughout: its text is UTF-8, its escapes are whole, no object names a key
//!   twice, and every number fits its type. The accessors of [`Node`] therefore cannot fail halfway.
//!
//! A mistake of syntax ends the reading, since nothing after it can be trusted. Duplicate keys and numbers
//! out of range do not: all of them are reported together.
//!
//! Stricter than RFC 8259 asks for: duplicate keys, a byte order mark, lone surrogates, integers beyond 64
//! bits and floats beyond the range of a double are errors.

mod duplicates;
mod explain;
mod node;
mod numbers;
mod reader;
mod strings;
mod tape;

use crate::findings::Findings;
use crate::{Code, Diagnostic, Diagnostics, Location, Source};

pub use node::{Elements, Kind, Member, Members, Node};
pub use tape::Document;
use tape::Tape;

/// How much text, and how deeply nested, the reader accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest text, in bytes; more than [`Limits::MODULE`] allows has no effect.
    pub bytes: usize,
    /// How many arrays and objects may stand inside each other.
    pub depth: usize,
}

impl Limits {
    /// The limits of a module: 64 MiB, nested 512 deep.
    pub const MODULE: Self = Self { bytes: 64 << 20, depth: 512 };
}

impl Default for Limits {
    fn default() -> Self {
        Self::MODULE
    }
}

/// Reads the text of a module, within [`Limits::MODULE`].
///
/// # Errors
///
/// The first mistake of syntax, or a limit that was exceeded, and all duplicate keys and numbers out of
/// range before it.
pub fn read(source: &Source) -> Result<Document, Diagnostics> {
    let (document, findings) = read_whole(source)?;
    without_errors(source.file.as_deref(), document, findings)
}

/// Reads the text of a module, and goes on where the text is JSON but names a key twice or has a number out of range.
///
/// # Errors
///
/// The first mistake of syntax, or a limit that was exceeded, and what was found before it.
pub(crate) fn read_whole(source: &Source) -> Result<(Document, Findings), Diagnostics> {
    let file = source.file.as_deref();
    let limits = Limits::MODULE;
    if source.text.len() > limits.bytes {
        return Err(too_large(file, source.text.len(), limits));
    }
    match std::str::from_utf8(&source.text) {
        Ok(text) => read_within(file, text, limits, &mut |_| true).unwrap_or_else(|| Err(never_stopped())),
        Err(error) => Err(invalid_utf8(file, &source.text, error.valid_up_to())),
    }
}

/// Reads any JSON text, within limits of the caller's choice.
///
/// # Errors
///
/// As for [`read`].
///
/// ```
/// use alas_syntax::json::{self, Limits};
///
/// let document = json::read_text(r#"{"a": [1, 2.5]}"#, Limits::default()).unwrap();
/// let (key, value) = document.root().members().next().map(|member| (member.key, member.value)).unwrap();
/// assert_eq!(key.as_str().as_deref(), Some("a"));
/// assert_eq!(value.elements().next().and_then(|element| element.as_int()), Some(1));
/// ```
pub fn read_text(text: &str, limits: Limits) -> Result<Document, Diagnostics> {
    read_text_while(text, limits, &mut |_| true).unwrap_or_else(|| Err(never_stopped()))
}

/// Reads any JSON text, and asks now and then whether to go on, at the bytes of memory that it takes by then; `None` when it is
/// told not to.
///
/// ```
/// use alas_syntax::json::{self, Limits};
///
/// let long = format!("[{}1]", "1,".repeat(100_000));
/// assert!(json::read_text_while(&long, Limits::default(), &mut |_| false).is_none());
/// ```
pub fn read_text_while(
    text: &str,
    limits: Limits,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Option<Result<Document, Diagnostics>> {
    let limits = Limits { bytes: limits.bytes.min(Limits::MODULE.bytes), ..limits };
    if text.len() > limits.bytes {
        return Some(Err(too_large(None, text.len(), limits)));
    }
    let outcome = read_within(None, text, limits, go_on)?;
    Some(outcome.and_then(|(document, findings)| without_errors(None, document, findings)))
}

fn never_stopped() -> Diagnostics {
    unreachable!("a reading that is told to go on does")
}

/// Reads text whose size was checked; `None` when `go_on` says no.
fn read_within(
    file: Option<&str>,
    text: &str,
    limits: Limits,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Option<Result<(Document, Findings), Diagnostics>> {
    let mut findings = Findings::default();
    let tape = reader::read(text, limits, &mut findings, go_on)?;
    let document = Document::new_while(text, tape.entries, go_on)?;
    duplicates::find_all(&document, &tape.suspects, &mut findings, go_on)?;
    Some(if tape.complete { Ok((document, findings)) } else { Err(explained(file, document, findings)) })
}

fn without_errors(
    file: Option<&str>,
    document: Document,
    findings: Findings,
) -> Result<Document, Diagnostics> {
    if findings.has_errors() { Err(explained(file, document, findings)) } else { Ok(document) }
}

fn explained(file: Option<&str>, document: Document, findings: Findings) -> Diagnostics {
    let locations = crate::Locations::new(file.map(str::to_owned), document);
    Diagnostics(findings.into_diagnostics(&locations))
}

/// The text is not looked at, so that the finding stands at its start.
fn too_large(file: Option<&str>, bytes: usize, limits: Limits) -> Diagnostics {
    Diagnostics(vec![Diagnostic {
        code: Code::JsonTooLarge,
        message: format!("the text has {bytes} bytes, at most {} are allowed", limits.bytes),
        file: file.map(str::to_owned),
        location: Location { pointer: String::new(), line: 1, column: 1 },
        help: Some("split the text into several smaller ones".to_owned()),
    }])
}

/// Everything before the first wrong byte is text, so that the finding has a place like any other.
fn invalid_utf8(file: Option<&str>, bytes: &[u8], valid: usize) -> Diagnostics {
    let text = String::from_utf8_lossy(&bytes[..valid]);
    // What the reader says about the cut text is of no interest, only how far it came.
    let tape = reader::read(&text, Limits::MODULE, &mut Findings::default(), &mut |_| true);
    let Some(Tape { entries, innermost, .. }) = tape else { return never_stopped() };
    let locations = crate::Locations::new(file.map(str::to_owned), Document::new(&text, entries));
    let (message, help) = explain::invalid_utf8(bytes, valid);
    Diagnostics(vec![Diagnostic {
        code: Code::JsonSyntax,
        message,
        file: file.map(str::to_owned),
        location: locations.locate_offset(innermost, valid),
        help: Some(help),
    }])
}
