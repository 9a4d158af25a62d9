//! What fuzzing tries with an input, and how inputs are made from others.
//!
//! * [`Target`] names what is fuzzed; [`Target::run`] tries one input, and panics where a promise is broken;
//! * [`mutate`] makes an input from another one, knowing the grammar of the language: most of what random bytes change
//!   is no JSON, and most of what random JSON changes is no program;
//! * `main.rs` hands both to libFuzzer, which keeps the inputs that reach new code and changes them further.
//!
//! An input is the text of a module, also for the engine, so that every input is a file that can be read, run and kept.
//! `tests/corpus.rs` tries those in `corpus/` with each run of the tests: short ones that a long run found to reach what
//! others do not, and each input that has shown a defect. `tests/conformance/test_fuzzed.py` compares those of the engine with the
//! reference evaluator.
#![forbid(unsafe_code)]

mod arguments;
mod checker;
mod console;
mod engine;
pub mod mutate;
mod parser;
mod places;
mod target;

pub use target::{Target, Verdict};
