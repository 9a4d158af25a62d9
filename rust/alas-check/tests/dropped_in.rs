//! Checks every module of `tests/cases` and compares the diagnostics with the `.expected` file beside it.
//!
//! To add a case, drop in an `.alas.json` file and run the test with `ALAS_UPDATE_EXPECTED=1`, then read what
//! it wrote. A case may import the modules of `tests/cases/modules`. Files whose names start with `valid`
//! have no findings.

mod common;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use alas_check::Permissions;
use alas_syntax::{Code, Diagnostic};

use common::{available, findings};

/// The codes that this crate emits and `permissions.rs` does not test; the others belong to earlier stages.
const CODES: &[Code] = &[
    Code::UnknownVariable,
    Code::UnassignedVariable,
    Code::UnknownFunction,
    Code::UnknownBuiltin,
    Code::UnknownModule,
    Code::NotExported,
    Code::UnknownExport,
    Code::UnknownType,
    Code::UnknownField,
    Code::ArgumentCount,
    Code::TypeMismatch,
    Code::MissingReturn,
];

fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = fs::read_dir(folder).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the folder can be listed").path())
        .filter(|path| path.to_string_lossy().ends_with(".alas.json"))
        .collect();
    files.sort();
    assert!(files.len() >= 17, "the corpus is complete");
    files
}

fn diagnostics(path: &Path) -> Vec<Diagnostic> {
    let text = fs::read_to_string(path).expect("the file can be read");
    findings(&text, &available(), &Permissions::default())
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
        let expected = path.with_extension("").with_extension("expected");
        if update {
            fs::write(&expected, &found).expect("the expectation can be written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != found {
            wrong.push(format!("{}:\n{found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "other diagnostics than expected:\n{}", wrong.join("\n"));
}

#[test]
fn valid_modules_have_no_findings_and_the_others_have() {
    for path in files() {
        let name = path.file_name().expect("a file has a name").to_string_lossy().into_owned();
        let found = diagnostics(&path);
        assert_eq!(found.is_empty(), name.starts_with("valid"), "{name}:\n{}", describe(&found));
    }
}

#[test]
fn diagnostics_are_sorted_by_position_and_distinct() {
    for path in files() {
        let found = diagnostics(&path);
        let place = |diagnostic: &Diagnostic| (diagnostic.location.line, diagnostic.location.column);
        assert!(found.is_sorted_by_key(place), "{}", path.display());
        let distinct: BTreeSet<_> = found.iter().map(|found| (found.code.as_str(), place(found))).collect();
        assert_eq!(distinct.len(), found.len(), "{}", path.display());
    }
}

#[test]
fn every_code_has_a_file() {
    let found: BTreeSet<&str> = files()
        .iter()
        .flat_map(|path| diagnostics(path))
        .map(|diagnostic| diagnostic.code.as_str())
        .collect();
    let missing: Vec<&str> =
        CODES.iter().map(|code| code.as_str()).filter(|code| !found.contains(code)).collect();
    assert!(missing.is_empty(), "no case has {missing:?}");
}

#[test]
fn messages_are_one_printable_line() {
    for path in files() {
        for diagnostic in diagnostics(&path) {
            for text in [Some(&diagnostic.message), diagnostic.help.as_ref()].into_iter().flatten() {
                assert!(!text.chars().any(char::is_control), "{}: {text:?}", path.display());
                assert!(text.chars().count() < 400, "{}: {text}", path.display());
            }
        }
    }
}
