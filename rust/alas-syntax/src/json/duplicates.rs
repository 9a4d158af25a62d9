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

/// Reports each key that was named before in one of these objects.
pub(super) fn find_all(document: &Document, suspects: &[NodeId], findings: &mut Findings) {
    for object in suspects.iter().filter_map(|id| document.node(*id)) {
        find(object, |second, first| {
            findings.add(Code::JsonDuplicateKey, Place::of(second), || {
                explain::duplicate_key(&text(second)).first(first)
            });
        });
    }
}

/// Calls `report` with each key of the object that was named before, and with the one that was first.
fn find(object: Node<'_>, mut report: impl FnMut(Node<'_>, NodeId)) {
    let keys: Vec<Node<'_>> = object.members().map(|member| member.key).collect();
    if keys.len() <= FEW {
        for (count, second) in keys.iter().enumerate() {
            if let Some(first) = keys[..count].iter().find(|first| first.as_str() == second.as_str()) {
                report(*second, first.id());
            }
        }
        return;
    }
    let mut seen: HashMap<Cow<'_, str>, NodeId> = HashMap::with_capacity(keys.len());
    for key in keys {
        let first = *seen.entry(text(key)).or_insert(key.id());
        if first != key.id() {
            report(key, first);
        }
    }
}

fn text(key: Node<'_>) -> Cow<'_, str> {
    key.as_str().unwrap_or_default()
}
