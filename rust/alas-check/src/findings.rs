//! Collecting what is wrong while the work goes on, and turning it into diagnostics at the end.

use std::collections::HashSet;

use alas_syntax::{Code, Diagnostic, Locations, NodeId};

/// The most findings of a module that are explained. A hostile module has millions, and explaining one takes
/// time.
const KEPT: usize = 1_000;

/// The most characters of the program's own text that a message repeats.
const CLIPPED: usize = 60;

/// What a finding says.
#[derive(Debug, Clone)]
pub(crate) struct Explanation {
    message: String,
    help: Option<String>,
}

impl Explanation {
    /// What was expected and what was found.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    /// What to do.
    pub(crate) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// What to do, if anybody knows.
    pub(crate) fn maybe_help(self, help: Option<String>) -> Self {
        Self { help, ..self }
    }
}

/// One finding, its place not computed yet.
#[derive(Debug, Clone)]
struct Finding {
    code: Code,
    node: NodeId,
    explanation: Explanation,
}

/// Findings in the order in which they were made.
#[derive(Debug, Clone, Default)]
pub(crate) struct Findings {
    kept: Vec<Finding>,
    /// A node is reported once for each code, however many ways lead to it.
    reported: HashSet<(Code, NodeId)>,
    dropped: usize,
    first_dropped: Option<(Code, NodeId)>,
}

impl Findings {
    /// Adds a finding. Its explanation is only asked for when there is room for it.
    pub(crate) fn report(&mut self, code: Code, node: NodeId, explain: impl FnOnce() -> Explanation) {
        if self.kept.len() >= KEPT {
            self.dropped += 1;
            self.first_dropped.get_or_insert((code, node));
        } else if self.reported.insert((code, node)) {
            self.kept.push(Finding { code, node, explanation: explain() });
        }
    }

    /// Whether nothing was found.
    pub(crate) const fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    /// All findings together with those of earlier stages, by position; behind them a note on those for which
    /// there was no room.
    pub(crate) fn into_diagnostics(self, earlier: &[Diagnostic], locations: &Locations) -> Vec<Diagnostic> {
        let mut diagnostics = earlier.to_vec();
        diagnostics.extend(self.kept.into_iter().map(|Finding { code, node, explanation }| {
            locations.diagnostic(code, node, explanation.message, explanation.help)
        }));
        diagnostics.sort_by_key(|diagnostic| (diagnostic.location.line, diagnostic.location.column));
        if let Some((code, node)) = self.first_dropped {
            let message = format!(
                "there are {} more findings, which are not listed; one of them stands here",
                self.dropped
            );
            let help = Some("correct the ones above first".to_owned());
            diagnostics.push(locations.diagnostic(code, node, message, help));
        }
        diagnostics
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
        if character.is_control() {
            clipped.extend(character.escape_default());
        } else {
            clipped.push(character);
        }
    }
    clipped
}
