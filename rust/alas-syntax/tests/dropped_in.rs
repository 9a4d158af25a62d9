//! Runs `parse` on every file of `tests/hostile` (texts that are no JSON, or JSON at its limits) and
//! `tests/findings` (JSON that breaks the rules of the language), and compares the diagnostics with the
//! `.expected` file beside it.
//!
//! To add a case, drop in a `.json` file and run the test with `ALAS_UPDATE_EXPECTED=1`, then read what it
//! wrote.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use alas_syntax::{Code, Diagnostic, Diagnostics, Severity, Source, parse};

/// The codes that this crate emits; the others belong to the checker.
const CODES: &[Code] = &[
    Code::JsonSyntax,
    Code::JsonDuplicateKey,
    Code::JsonTooDeep,
    Code::JsonTooLarge,
    Code::NumberOutOfRange,
    Code::MissingKey,
    Code::WrongKind,
    Code::UnknownKey,
    Code::UnknownNode,
    Code::UnknownOperator,
    Code::InvalidName,
    Code::DuplicateName,
    Code::UnknownBuiltin,
    Code::UnknownType,
];

/// A text over the limit is made by a test in `limits.rs` rather than kept as a file.
const WITHOUT_FILE: &[Code] = &[Code::JsonTooLarge];

fn files() -> Vec<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut files: Vec<PathBuf> = ["hostile", "findings"]
        .into_iter()
        .flat_map(|folder| fs::read_dir(tests.join(folder)).expect("the folder is there"))
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    assert!(files.len() > 100, "the corpus is complete");
    files
}

fn diagnostics(path: &Path) -> Vec<Diagnostic> {
    let text = fs::read(path).expect("the file can be read");
    match parse(&Source { file: None, text }) {
        Ok(syntax) => syntax.diagnostics(),
        Err(Diagnostics(diagnostics)) => diagnostics,
    }
}

fn describe(diagnostics: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let Diagnostic { code, message, location, help, .. } = diagnostic;
        let severity = diagnostic.severity().as_str();
        let _ = writeln!(
            text,
            "{location} {severity} {} at {:?}\n    {message}",
            code.as_str(),
            location.pointer
        );
        if let Some(help) = help {
            let _ = writeln!(text, "    help: {help}");
        }
    }
    if text.is_empty() { "no findings\n".to_owned() } else { text }
}

#[test]
fn every_file_gives_the_expected_diagnostics() {
    let update = std::env::var_os("ALAS_UPDATE_EXPECTED").is_some();
    let mut wrong = Vec::new();
    for path in files() {
        let found = describe(&diagnostics(&path));
        let expected = path.with_extension("expected");
        if update {
            fs::write(&expected, &found).expect("the expectation can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "other diagnostics than expected:\n{}", wrong.join("\n"));
}

#[test]
fn there_is_a_tree_unless_the_text_is_no_json_object() {
    for path in files() {
        let text = fs::read(&path).expect("the file can be read");
        let stops = |diagnostic: &Diagnostic| {
            matches!(diagnostic.code, Code::JsonSyntax | Code::JsonTooDeep)
                || diagnostic.code == Code::WrongKind && diagnostic.location.pointer.is_empty()
        };
        let stopped = diagnostics(&path).iter().any(stops);
        let parsed = parse(&Source { file: None, text });
        assert_eq!(parsed.is_err(), stopped, "{}", path.display());
        let Ok(syntax) = parsed else { continue };
        let errors = syntax.diagnostics().iter().any(|diagnostic| diagnostic.severity() == Severity::Error);
        assert_eq!(syntax.findings.has_errors(), errors, "{}", path.display());
    }
}

#[test]
fn diagnostics_are_sorted_by_position() {
    for path in files() {
        let diagnostics = diagnostics(&path);
        let place = |diagnostic: &Diagnostic| (diagnostic.location.line, diagnostic.location.column);
        assert!(diagnostics.is_sorted_by_key(place), "{}", path.display());
    }
}

#[test]
fn every_code_has_a_file_and_no_other_code_appears() {
    let found: BTreeSet<&str> = files()
        .iter()
        .flat_map(|path| diagnostics(path))
        .map(|diagnostic| diagnostic.code.as_str())
        .collect();
    let expected: BTreeSet<&str> =
        CODES.iter().filter(|code| !WITHOUT_FILE.contains(code)).map(|code| code.as_str()).collect();
    assert_eq!(found, expected);
}

#[test]
fn messages_are_one_printable_line() {
    for path in files() {
        for diagnostic in diagnostics(&path) {
            let texts = [Some(&diagnostic.message), diagnostic.help.as_ref()];
            for text in texts.into_iter().flatten() {
                assert!(!text.chars().any(char::is_control), "{}: {text:?}", path.display());
                assert!(text.chars().count() < 400, "{}: {text}", path.display());
            }
        }
    }
}
