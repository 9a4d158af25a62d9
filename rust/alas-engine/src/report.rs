//! The findings about all modules that are loaded together, limited: a hostile program reaches thousands of modules, and
//! each can have a thousand findings.

use alas_syntax::{Diagnostic, Diagnostics, Severity};

/// The most findings that are listed.
const MOST: usize = 5_000;

/// The most bytes of their texts.
const MOST_BYTES: usize = 32 << 20;

/// Findings of one module after the other.
#[derive(Debug, Default)]
pub(crate) struct Report {
    listed: Vec<Diagnostic>,
    bytes: usize,
    failed: bool,
    dropped: usize,
    first_dropped: Option<Diagnostic>,
}

impl Report {
    /// Adds the findings about a module.
    pub(crate) fn add(&mut self, diagnostics: Vec<Diagnostic>) {
        for diagnostic in diagnostics {
            self.failed |= diagnostic.severity() == Severity::Error;
            if self.listed.len() < MOST && self.bytes < MOST_BYTES {
                self.bytes += size(&diagnostic);
                self.listed.push(diagnostic);
            } else {
                self.dropped += 1;
                self.first_dropped.get_or_insert(diagnostic);
            }
        }
    }

    /// All findings, when some module has an error.
    pub(crate) fn into_result(self) -> Result<(), Diagnostics> {
        let Self { mut listed, failed, dropped, first_dropped, .. } = self;
        if !failed {
            return Ok(());
        }
        if let Some(first) = first_dropped {
            let message = format!(
                "there are {dropped} more findings in the modules, which are not listed; one of them stands here"
            );
            let help = Some("correct the ones above first".to_owned());
            listed.push(Diagnostic { message, help, ..first });
        }
        Err(Diagnostics(listed))
    }
}

fn size(diagnostic: &Diagnostic) -> usize {
    let Diagnostic { message, file, location, help, .. } = diagnostic;
    let optional = |text: &Option<String>| text.as_ref().map_or(0, String::len);
    message.len() + location.pointer.len() + optional(file) + optional(help)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alas_syntax::{Code, Location};

    fn finding(code: Code, message: &str) -> Diagnostic {
        let location = Location { pointer: String::new(), line: 1, column: 1 };
        Diagnostic { code, message: message.to_owned(), file: None, location, help: None }
    }

    #[test]
    fn warnings_alone_are_no_failure() {
        let mut report = Report::default();
        report.add(vec![finding(Code::UnknownKey, "w")]);
        assert_eq!(report.into_result(), Ok(()));
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let large = "x".repeat(MOST_BYTES / 4);
        let many = (0..MOST + 7).map(|_| finding(Code::TypeMismatch, "m")).collect();
        let few = (0..10).map(|_| finding(Code::TypeMismatch, &large)).collect();
        for (findings, listed, dropped) in [(many, MOST, "7 more"), (few, 4, "6 more")] {
            let mut report = Report::default();
            report.add(findings);
            let Diagnostics(all) = report.into_result().unwrap_err();
            assert_eq!(all.len(), listed + 1);
            assert!(all[listed].message.contains(dropped), "{}", all[listed].message);
        }
    }

    #[test]
    fn an_error_that_is_not_listed_is_a_failure() {
        let mut report = Report::default();
        report.add((0..MOST).map(|_| finding(Code::UnknownKey, "w")).collect());
        report.add(vec![finding(Code::TypeMismatch, "m")]);
        assert!(report.into_result().is_err());
    }
}
