//! The tables, one for each namespace.

mod array;
mod r#async;
mod collections;
mod json;
mod kinds;
mod map;
mod math;
mod plugin;
mod result;
mod string;
mod time;

use crate::support::Case;

/// All cases.
pub fn all() -> impl Iterator<Item = Case> {
    let tables: [&[Case]; 11] = [
        array::CASES,
        r#async::CASES,
        collections::CASES,
        json::CASES,
        kinds::CASES,
        map::CASES,
        math::CASES,
        plugin::CASES,
        result::CASES,
        string::CASES,
        time::CASES,
    ];
    tables.into_iter().flatten().copied()
}
