//! Collecting what is wrong while the work goes on, and turning it into diagnostics at the end.

use crate::json::Node;
use crate::{Code, Diagnostic, Locations, NodeId, Severity};

/// The most errors, and the most warnings, that are explained. A hostile text has millions.
const KEPT: usize = 1_000;

/// The most bytes of pointers: keys can be megabytes long, and every pointer below such a key repeats it.
const POINTER_BYTES: usize = 16 << 20;

/// The most characters of the program's own text that a message repeats.
const CLIPPED: usize = 60;

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The node of the pointer.
    pub(crate) node: NodeId,
    /// The byte of the line and column; mostly the node's first.
    pub(crate) offset: usize,
}

impl Place {
    /// A node's own place.
    pub(crate) fn of(node: Node<'_>) -> Self {
        Self { node: node.id(), offset: node.offset() }
    }
}

/// What a finding says.
#[derive(Debug)]
pub(crate) struct Explanation {
    message: String,
    help: Option<String>,
    first: Option<NodeId>,
}

impl Explanation {
    /// What was expected and what was found.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, first: None }
    }

    /// What to do.
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// What to do, if anybody knows.
    pub(crate) fn maybe_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }

    /// Where the thing stands with which this one is in conflict.
    pub(crate) fn first(self, first: NodeId) -> Self {
        Self { first: Some(first), ..self }
    }
}

/// Findings in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    errors: Class,
    warnings: Class,
}

/// The findings of one severity, so that a flood of warnings cannot hide an error.
#[derive(Debug, Default)]
struct Class {
    kept: Vec<(Code, Place, Explanation)>,
    dropped: usize,
    first_dropped: Option<(Code, Place)>,
}

impl Findings {
    /// Adds a finding. Its explanation is only asked for when there is room for it.
    pub(crate) fn report(&mut self, code: Code, place: Place, explain: impl FnOnce() -> Explanation) {
        let class = match code.severity() {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if class.kept.len() < KEPT {
            class.kept.push((code, place, explain()));
        } else {
            class.dropped += 1;
            class.first_dropped.get_or_insert((code, place));
        }
    }

    /// Whether the program cannot run.
    pub(crate) fn has_errors(&self) -> bool {
        !self.errors.kept.is_empty()
    }

    /// All findings by position, and behind them a note on those for which there was no room.
    pub(crate) fn into_diagnostics(self, locations: &Locations) -> Vec<Diagnostic> {
        let mut positioned = Vec::new();
        let mut notes = Vec::new();
        for class in [self.errors, self.warnings] {
            class.into_diagnostics(locations, &mut positioned, &mut notes);
        }
        positioned.sort_by_key(|(offset, _)| *offset);
        positioned.into_iter().map(|(_, diagnostic)| diagnostic).chain(notes).collect()
    }
}

impl Class {
    fn into_diagnostics(
        self,
        locations: &Locations,
        positioned: &mut Vec<(usize, Diagnostic)>,
        notes: &mut Vec<Diagnostic>,
    ) {
        let Self { kept, mut dropped, mut first_dropped } = self;
        let mut pointer_bytes = 0;
        for (code, place, explanation) in kept {
            if pointer_bytes > POINTER_BYTES {
                dropped += 1;
                first_dropped = Some((code, place));
                continue;
            }
            let location = locations.locate_offset(place.node, place.offset);
            pointer_bytes += location.pointer.len();
            let mut message = explanation.message;
            if let Some(first) = explanation.first {
                let first = locations.line_and_column(locations.offset(first));
                message = format!("{message}; the first stands at line {}, column {}", first.0, first.1);
            }
            let file = locations.file().map(str::to_owned);
            positioned
                .push((place.offset, Diagnostic { code, message, file, location, help: explanation.help }));
        }
        if let Some((code, place)) = first_dropped {
            let message =
                format!("there are {dropped} more findings, which are not listed; one of them stands here");
            let help = Some("correct the ones above first".to_owned());
            let location = locations.locate_offset(place.node, place.offset);
            let file = locations.file().map(str::to_owned);
            notes.push(Diagnostic { code, message, file, location, help });
        }
    }
}

/// The start of the program's own text, in a form that fits into one line of a message.
pub(crate) fn clip(text: &str) -> String {
    let mut clipped = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == CLIPPED {
            clipped.push('…');
            break;
        }
        match character {
            '"' | '\'' | '\\' => clipped.push(character),
            // Control characters, and those that turn the direction of a line or end it, become visible.
            _ => clipped.extend(character.escape_debug()),
        }
    }
    clipped
}
