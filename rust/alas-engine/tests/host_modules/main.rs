//! Modules that the host implements: what is checked before, what is checked in the run, and what comes back in.

mod checking;
mod counting;
mod nesting;
#[path = "../../../alas-ir/tests/notation/mod.rs"]
mod notation;
mod panicking;
mod running;
mod support;
mod tasks;
