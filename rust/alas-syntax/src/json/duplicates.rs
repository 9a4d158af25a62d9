//! Finding keys that an object names twice.
//!
//! While an object is read, each key sets one of 64 bits. Only when a bit was set before can there be a
//! duplicate, and only then are the keys compared: pairwise when they are few, else through a hash map
//! whose hash nobody can foresee, so that hostile keys do not make the comparison quadratic.

use std::borrow::Cow;
use std::collections::HashMap;

use super::explain;
use super::node::Node;
use super::tape::Document;
use crate::findings::{Findings, Place};
use crate::{Code, NodeId};

/// The most keys that are compared pairwise.
const FEW: usize = 16;

/// The bit of a key, from its length and outer characters: they differ for the keys of the language.
pub(super) const fn bit(key: &[u8]) -> u64 {
    let (first, last) = match key {
        [] => (0, 0),
        [only] => (*only, *only),
        [first, .., last] => (*first, *last),
    };
    let mixed = (key.len() as u32).wrapping_mul(0x85EB) ^ ((first as u32) << 8) ^ (last as u32);
    1 << (mixed.wrapping_mul(0x9E37_79B1) >> 26)
}

/// How many keys are compared between two questions whether to go on.
const STRIDE: usize = 4096;

/// About the bytes that a key takes while it is compared.
const KEY: usize = 64;

/// Reports each key that was named before in one of these objects; `None` when `go_on` says no.
pub(super) fn find_all(
    document: &Document,
    suspects: &[NodeId],
    findings: &mut Findings,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Option<()> {
    let mut count = 0_usize;
    let mut ask = || {
        count += 1;
        (!count.is_multiple_of(STRIDE) || go_on(document.size() + count * KEY)).then_some(())
    };
    for object in suspects.iter().filter_map(|id| document.node(*id)) {
        let report = |second: Node<'_>, first| {
            findings.add(Code::JsonDuplicateKey, Place::of(second), || {
                explain::duplicate_key(&text(second)).first(first)
            });
        };
        find(object, report, &mut ask)?;
    }
    Some(())
}

/// Calls `report` with each key of the object that was named before, and with the one that was first; ends at a key for which
/// `ask` gives nothing.
fn find(
    object: Node<'_>,
    mut report: impl FnMut(Node<'_>, NodeId),
    ask: &mut impl FnMut() -> Option<()>,
) -> Option<()> {
    let keys: Vec<Node<'_>> = object.members().map(|member| member.key).collect();
    if keys.len() <= FEW {
        for (count, second) in keys.iter().enumerate() {
            ask()?;
            if let Some(first) = keys[..count].iter().find(|first| first.as_str() == second.as_str()) {
                report(*second, first.id());
            }
        }
        return Some(());
    }
    let mut seen: HashMap<Cow<'_, str>, NodeId> = HashMap::with_capacity(keys.len());
    for key in keys {
        ask()?;
        let first = *seen.entry(text(key)).or_insert(key.id());
        if first != key.id() {
            report(key, first);
        }
    }
    Some(())
}

fn text(key: Node<'_>) -> Cow<'_, str> {
    key.as_str().unwrap_or_default()
}
