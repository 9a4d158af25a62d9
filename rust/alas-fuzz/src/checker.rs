//! Text to linked module: nothing crashes, findings lie in the text, and a module without findings of errors is linked.

use std::convert::Infallible;
use std::sync::Arc;

use alas_engine::{
    Diagnostics, Engine, Found, LoadError, Loaded, Permissions, Plugin, Severity, Source, pipeline,
};

use crate::Verdict;
use crate::places::Places;

/// What the text of an input is said to come from.
pub const FILE: &str = "input.alas.json";

/// A module that inputs may import.
const HELPER: &str = include_str!("helper.alas.json");

pub fn run(input: &[u8]) -> Verdict {
    let places = Places::of(input);
    let free = load(&Engine::new(), input, None);
    // A plugin that declares little is checked for what it uses besides.
    let capabilities = Some(["io".to_owned()].into());
    let allowed_apis = Some(vec!["std.math".to_owned(), "std.io.print".to_owned(), "helper.*".to_owned()]);
    let narrow = Plugin { permissions: Permissions { capabilities, allowed_apis }, ..Plugin::default() };
    let narrow = load(&Engine::new(), input, Some(narrow));
    for outcome in [&free, &narrow] {
        match outcome {
            Ok(loaded) => places.assert_findings(loaded.warnings(), Some(FILE)),
            Err(Diagnostics(findings)) => {
                let has_errors = findings.iter().any(|finding| finding.severity() == Severity::Error);
                assert!(has_errors, "a module is refused without an error: {findings:?}");
                places.assert_findings(findings, Some(FILE));
            }
        }
    }
    assert!(free.is_ok() || narrow.is_err(), "who may less is refused less");
    if free.is_ok() {
        assert_errors_of_parser_are_errors_of_checker(input);
        Verdict::Accepted
    } else {
        Verdict::Refused
    }
}

/// Loads an input, as a program or as a part of a plugin.
pub fn load(engine: &Engine, input: &[u8], plugin: Option<Plugin>) -> Result<Arc<Loaded>, Diagnostics> {
    let found =
        |file: &str, text: &[u8]| Found::from(Source { file: Some(file.to_owned()), text: text.to_vec() });
    let root = Found { plugin, ..found(FILE, input) };
    let find = |name: &str, _: Option<&str>| {
        let helper = (name == "helper").then(|| found("helper.alas.json", HELPER.as_bytes()));
        Ok::<_, Infallible>(helper)
    };
    engine.load(root, find).map_err(|error| match error {
        LoadError::Program(findings) => findings,
        LoadError::Find(never) => match never {},
    })
}

fn assert_errors_of_parser_are_errors_of_checker(input: &[u8]) {
    let syntax = pipeline::parse(&Source { file: None, text: input.to_vec() }).expect("it was loaded");
    let findings = syntax.diagnostics();
    let is_error = |finding: &&alas_engine::Diagnostic| finding.severity() == Severity::Error;
    assert_eq!(findings.iter().find(is_error), None, "the parser's error stopped nobody");
}
