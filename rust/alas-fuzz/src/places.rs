//! Whether a place that is told lies in the text.

use alas_engine::{Code, Diagnostic, Location};
use serde_json::Value;

/// A text, as its places are judged.
pub struct Places {
    /// How many characters each line has.
    lines: Vec<usize>,
    document: Option<Value>,
}

impl Places {
    /// The places of a text. Of one that is no JSON, or nests deeper than another reader takes, the pointers are not looked at.
    pub fn of(text: &[u8]) -> Self {
        let lines = text.split(|byte| *byte == b'\n');
        Self {
            lines: lines.map(|line| String::from_utf8_lossy(line).chars().count()).collect(),
            document: serde_json::from_slice(text).ok(),
        }
    }

    /// The text as another reader understands it.
    pub fn document(&self) -> Option<&Value> {
        self.document.as_ref()
    }

    /// Asserts that a place lies in the text, or right behind it, and that its pointer leads somewhere.
    pub fn assert_inside(&self, location: &Location) {
        self.assert_on_a_line(location);
        if let Some(document) = &self.document {
            assert!(document.pointer(&location.pointer).is_some(), "pointer of {location:?}");
        }
    }

    fn assert_on_a_line(&self, location: &Location) {
        let line = (location.line as usize).checked_sub(1).expect("lines count from one");
        let characters = *self.lines.get(line).expect("the line is in the text");
        assert!((1..=characters + 1).contains(&(location.column as usize)), "column of {location:?}");
    }

    /// Asserts that findings are well formed and lie in the text, those about other files left out.
    pub fn assert_findings(&self, findings: &[Diagnostic], file: Option<&str>) {
        // The two readers differ in which of two values of one name they take.
        let is_ambiguous = findings.iter().any(|finding| finding.code == Code::JsonDuplicateKey);
        for finding in findings {
            assert!(!finding.message.is_empty(), "{finding:?} says nothing");
            match finding.file.as_deref() == file {
                true if is_ambiguous => self.assert_on_a_line(&finding.location),
                true => self.assert_inside(&finding.location),
                false => {}
            }
        }
    }
}
