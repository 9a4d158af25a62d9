//! Tests of encoding and of the machine, on whole programs.

mod balance;
mod encode;
mod in_place;
mod limits;
#[path = "../../../alas-ir/tests/notation/mod.rs"]
mod notation;
mod output;
mod support;
mod tasks;
mod threads;
