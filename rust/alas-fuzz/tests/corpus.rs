//! Every input that was kept, and every program of the tests and examples, on every target; and programs that are grown
//! and changed, so that what makes them is tried where no fuzzer is built.

use std::fs;
use std::path::{Path, PathBuf};

use alas_fuzz::{Target, Verdict, mutate};

/// The files below a folder that end so.
fn files(folder: &Path, end: &str, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, end, found);
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
}

fn seeds() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    for folder in ["examples/programs", "examples/plugins", "tests/conformance/cases"] {
        files(&root.join(folder), ".alas.json", &mut found);
    }
    for folder in ["rust/alas-syntax/tests/programs", "rust/alas-check/tests/cases"] {
        files(&root.join(folder), ".json", &mut found);
    }
    files(&root.join("rust/alas-syntax/tests/hostile"), "", &mut found);
    found.sort();
    found
}

/// Tries inputs, and names the one that breaks a promise.
fn try_all(target: Target, inputs: &[PathBuf]) -> usize {
    let verdicts = inputs.iter().map(|path| {
        let input = fs::read(path).unwrap();
        let attempt = std::panic::catch_unwind(|| target.run(&input));
        attempt.unwrap_or_else(|_| panic!("{} breaks a promise of the {}", path.display(), target.name()))
    });
    verdicts.filter(|verdict| *verdict == Verdict::Accepted).count()
}

fn try_kept(target: Target) {
    let mut kept = Vec::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name()), "", &mut kept);
    assert!(!kept.is_empty());
    try_all(target, &kept);
    assert!(try_all(target, &seeds()) > 50);
}

#[test]
fn the_parser_keeps_its_promises() {
    try_kept(Target::Parser);
}

#[test]
fn the_checker_keeps_its_promises() {
    try_kept(Target::Checker);
}

#[test]
fn the_engine_keeps_its_promises() {
    try_kept(Target::Engine);
}

#[test]
fn what_is_grown_and_changed_is_often_right() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut right = 0;
    let mut input = mutate::new_program(&mut random);
    for round in 0..600 {
        right += usize::from(Target::Engine.run(&input) == Verdict::Accepted);
        let other = mutate::new_program(&mut random);
        input = match round % 4 {
            0 => mutate::cross(&input, &other, &mut random).unwrap(),
            1 => mutate::change_tree(&input, &mut random).unwrap(),
            2 => {
                let _ = Target::Parser.run(&mutate::change_text(&input, &mut random));
                input
            }
            _ => other,
        };
    }
    assert!((20..580).contains(&right), "{right} of 600 are right");
}

#[test]
fn targets_have_names() {
    for target in Target::ALL {
        assert_eq!(Target::of_name(target.name()), Some(target));
    }
    assert_eq!(Target::of_name("nothing"), None);
}
