//! Collecting what is wrong while the work goes on, and turning it into diagnostics at the end.
//!
//! The stages that look at a module add to one collection, so that all findings about it are sorted, counted and
//! limited together.

use std::collections::HashSet;

use crate::json::Node;
use crate::{Code, Diagnostic, Locations, NodeId, Severity};

/// The most errors, and the most warnings, that are explained. A hostile text has millions.
const KEPT: usize = 1_000;

/// The most bytes of pointers: keys can be megabytes long, and every pointer below such a key repeats it.
const POINTER_BYTES: usize = 16 << 20;

/// The most characters of the program's own text that a message repeats.
const CLIPPED: usize = 60;

/// The most bytes of a message or help: whatever it repeats, it stays readable.
const LONGEST: usize = 2_000;

/// Where a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    /// The node of the pointer.
    pub(crate) node: NodeId,
    /// The byte of the line and column; the node's first unless something else is said.
    pub(crate) offset: Option<usize>,
}

impl Place {
    /// A node's own place.
    pub(crate) const fn of(node: Node<'_>) -> Self {
        Self::at(node.id())
    }

    /// The place of the node with this id.
    pub(crate) const fn at(node: NodeId) -> Self {
        Self { node, offset: None }
    }

    fn offset(self, locations: &Locations) -> usize {
        self.offset.unwrap_or_else(|| locations.offset(self.node))
    }
}

/// What a finding says.
#[derive(Debug, Clone)]
pub struct Explanation {
    message: String,
    help: Option<String>,
    first: Option<NodeId>,
}

impl Explanation {
    /// What was expected and what was found.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None, first: None }
    }

    /// What to do.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// What to do, if anybody knows.
    #[must_use]
    pub fn maybe_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }

    /// Where the thing stands with which this one is in conflict.
    pub(crate) fn first(self, first: NodeId) -> Self {
        Self { first: Some(first), ..self }
    }
}

/// One finding, its line and pointer not computed yet.
#[derive(Debug, Clone)]
struct Finding {
    code: Code,
    place: Place,
    explanation: Explanation,
}

/// What was found about one module, in the order in which it was found.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    errors: Class,
    warnings: Class,
    /// What was reported about which node.
    reported: HashSet<(Code, NodeId)>,
}

/// The findings of one severity, so that a flood of warnings cannot hide an error.
#[derive(Debug, Clone, Default)]
struct Class {
    kept: Vec<Finding>,
    dropped: usize,
    first_dropped: Option<(Code, Place)>,
}

impl Findings {
    /// Adds a finding about a node, unless one of this code is known already: a node is reported once, however
    /// many ways lead to it. The explanation is only asked for when there is room for it.
    pub fn report(&mut self, code: Code, node: NodeId, explain: impl FnOnce() -> Explanation) {
        if !self.reported.contains(&(code, node)) {
            self.add(code, Place::at(node), explain);
        }
    }

    /// Adds a finding whatever else is known about its node.
    pub(crate) fn add(&mut self, code: Code, place: Place, explain: impl FnOnce() -> Explanation) {
        let class = self.class(code);
        if class.kept.len() >= KEPT {
            class.drop_one(code, place);
            return;
        }
        class.kept.push(Finding { code, place, explanation: explain() });
        self.reported.insert((code, place.node));
    }

    /// Takes back a finding about a node; what is reported instead says more.
    pub(crate) fn take_back(&mut self, code: Code, node: NodeId) {
        if self.reported.remove(&(code, node)) {
            let is_meant = |finding: &Finding| (finding.code, finding.place.node) == (code, node);
            self.class(code).kept.retain(|finding| !is_meant(finding));
        }
    }

    /// Adds what another stage has found.
    pub fn extend(&mut self, others: Self) {
        for class in [others.errors, others.warnings] {
            for Finding { code, place, explanation } in class.kept {
                if !self.reported.contains(&(code, place.node)) {
                    self.add(code, place, || explanation);
                }
            }
            if let Some((code, place)) = class.first_dropped {
                let own = self.class(code);
                own.dropped += class.dropped;
                own.first_dropped.get_or_insert((code, place));
            }
        }
    }

    /// Whether nothing was found.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.errors.kept.is_empty() && self.warnings.kept.is_empty()
    }

    /// Whether the program cannot run.
    #[must_use]
    pub const fn has_errors(&self) -> bool {
        !self.errors.kept.is_empty()
    }

    /// All findings by position, and behind them a note on those for which there was no room.
    #[must_use]
    pub fn into_diagnostics(self, locations: &Locations) -> Vec<Diagnostic> {
        let mut positioned = Vec::new();
        let mut notes = Vec::new();
        for class in [self.errors, self.warnings] {
            class.into_diagnostics(locations, &mut positioned, &mut notes);
        }
        positioned.sort_by_key(|(offset, _)| *offset);
        positioned.into_iter().map(|(_, diagnostic)| diagnostic).chain(notes).collect()
    }

    const fn class(&mut self, code: Code) -> &mut Class {
        match code.severity() {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        }
    }
}

impl Class {
    fn drop_one(&mut self, code: Code, place: Place) {
        self.dropped += 1;
        self.first_dropped.get_or_insert((code, place));
    }

    fn into_diagnostics(
        mut self,
        locations: &Locations,
        positioned: &mut Vec<(usize, Diagnostic)>,
        notes: &mut Vec<Diagnostic>,
    ) {
        let mut pointer_bytes = 0;
        for Finding { code, place, explanation } in std::mem::take(&mut self.kept) {
            if pointer_bytes > POINTER_BYTES {
                self.drop_one(code, place);
                continue;
            }
            let offset = place.offset(locations);
            let location = locations.locate_offset(place.node, offset);
            pointer_bytes += location.pointer.len();
            let mut message = shortened(explanation.message);
            if let Some(first) = explanation.first {
                let first = locations.line_and_column(locations.offset(first));
                message = format!("{message}; the first stands at line {}, column {}", first.0, first.1);
            }
            let file = locations.file().map(str::to_owned);
            let help = explanation.help.map(shortened);
            positioned.push((offset, Diagnostic { code, message, file, location, help }));
        }
        if let Some((code, place)) = self.first_dropped {
            let message = format!(
                "there are {} more findings, which are not listed; one of them stands here",
                self.dropped
            );
            let help = Some("correct the ones above first".to_owned());
            let location = locations.locate_offset(place.node, place.offset(locations));
            let file = locations.file().map(str::to_owned);
            notes.push(Diagnostic { code, message, file, location, help });
        }
    }
}

fn shortened(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

/// The start of the program's own text, in a form that fits into one line of a message.
#[must_use]
pub fn clip(text: &str) -> String {
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
