//! Bytes to syntax tree: nothing crashes, every finding lies in the text, and what is JSON here is JSON elsewhere.

use alas_engine::{Code, Diagnostics, Severity, Source, pipeline};

use crate::Verdict;
use crate::places::Places;

pub fn run(input: &[u8]) -> Verdict {
    let source = Source { file: None, text: input.to_vec() };
    let places = Places::of(input);
    // The same text may declare the functions of a host.
    if let Ok(syntax) = pipeline::parse_host_module(&source) {
        places.assert_findings(&syntax.diagnostics(), None);
    }
    match pipeline::parse(&source) {
        Ok(syntax) => {
            let findings = syntax.diagnostics();
            places.assert_findings(&findings, None);
            let has_errors = findings.iter().any(|finding| finding.severity() == Severity::Error);
            if has_errors { Verdict::Refused } else { Verdict::Accepted }
        }
        Err(Diagnostics(findings)) => {
            assert!(!findings.is_empty(), "a text is refused without a finding");
            places.assert_findings(&findings, None);
            let is_json = !findings.iter().any(|finding| finding.code == Code::JsonSyntax);
            assert!(
                is_json || places.document().is_none(),
                "what another reader takes is no JSON here: {findings:?}"
            );
            Verdict::Refused
        }
    }
}
