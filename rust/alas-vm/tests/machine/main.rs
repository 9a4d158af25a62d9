//! Tests of encoding and of the machine, on whole programs.

mod balance;
mod in_place;
#[path = "../../../alas-ir/tests/notation/mod.rs"]
mod notation;
mod support;
mod threads;
