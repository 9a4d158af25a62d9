//! Whatever a program does and however it ends, it leaves nothing behind.
//!
//! Values are charged to the account that is current when they are made; constants, which outlive a run, to an account
//! of their own. So the account of a run must stand where it stood as soon as the run's result is dropped.

use std::fs;
use std::path::{Path, PathBuf};

use alas_value::account::{AccountId, copies, switch, used};
use alas_vm::Limits;

use crate::support::{call, link, typed};

const ACCOUNT: AccountId = AccountId(7);

fn programs(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            programs(&path, found);
        } else if path.to_string_lossy().ends_with(".alas.json") {
            found.push(path);
        }
    }
}

/// Runs every function without parameters under growing step limits, so that runs also end in the middle.
fn run_all(paths: &[PathBuf], steps: &[Option<u64>]) -> usize {
    let outer = switch(ACCOUNT);
    let mut runs = 0;
    for path in paths {
        let Some(typed) = fs::read(path).ok().and_then(typed) else { continue };
        let Ok(module) = link(&typed) else { continue };
        for function in &module.interface().functions {
            if !function.parameters.is_empty() {
                continue;
            }
            for steps in steps {
                let before = used(ACCOUNT);
                let limits = Limits { depth: 200, steps: *steps, ..Limits::default() };
                drop(call(&module, &function.name, Vec::new(), limits));
                assert_eq!(
                    used(ACCOUNT),
                    before,
                    "{}: `{}` with {steps:?} steps",
                    path.display(),
                    function.name
                );
                runs += 1;
            }
        }
    }
    let _ = switch(outer);
    runs
}

#[test]
fn the_cases_leave_nothing_behind() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/conformance/cases");
    let mut paths = Vec::new();
    programs(&folder, &mut paths);
    paths.sort();
    let runs = run_all(&paths, &[Some(0), Some(1), Some(2), Some(5), Some(20), Some(100_000)]);
    assert!(runs > 500, "only {runs} runs: where are the cases?");
}

/// The programs of a folder, such as thousands of random ones.
#[test]
#[ignore = "needs ALAS_PROGRAMS, a folder with programs"]
fn the_programs_of_a_folder_leave_nothing_behind() {
    let folder = std::env::var("ALAS_PROGRAMS").expect("ALAS_PROGRAMS names a folder");
    let mut paths = Vec::new();
    programs(Path::new(&folder), &mut paths);
    paths.sort();
    let runs = run_all(&paths, &[Some(3), Some(40), Some(1_000_000)]);
    println!("{runs} runs, {} copies", copies());
}
