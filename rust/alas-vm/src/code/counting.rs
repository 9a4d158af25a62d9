//! Recognises `m = map.put(m, k, map.get(m, k, 0) + n)`, which counts in a map, so that one op looks the key up once.

use alas_ir::{Arithmetic, Class, Instruction, Register};
use alas_syntax::{Literal, NodeId};

use super::encode::Encoder;

/// An entry that is counted up.
pub(super) struct Counting {
    pub(super) map: Register,
    /// An int or a text.
    pub(super) key: Register,
    /// What is added; what a missing entry becomes.
    pub(super) amount: i16,
    /// Where the update is reported.
    pub(super) node: NodeId,
    /// How many instructions it takes.
    pub(super) instructions: usize,
}

/// The counting that the instructions begin with, if they do and nothing else reads what they compute in between.
pub(super) fn counting(encoder: &Encoder<'_>, instructions: &[(NodeId, Instruction)]) -> Option<Counting> {
    let [
        (_, Instruction::Scalar { to: zero, value: Literal::Int(0) }),
        (_, Instruction::MapGet { to: old, map, key, default: Some(default), take: false }),
        (_, Instruction::Scalar { to: step, value: Literal::Int(amount) }),
        (_, Instruction::IntArithmetic { operator: Arithmetic::Add, to: new, left, right }),
        (node, Instruction::MapPut { to, map: updated, key: same_key, value }),
        ..,
    ] = instructions
    else {
        return None;
    };
    let adds = (left, right) == (old, step) || (left, right) == (step, old);
    let in_place = (to, updated.register, updated.last, same_key) == (map, *map, true, key);
    let passed_on = default.register == *zero && value.register == *new;
    let once =
        [zero, old, step, new].iter().all(|register| encoder.single_block_reads(**register) == Some(1));
    let keyed = matches!(encoder.class(*key), Class::Int | Class::Text);
    let amount = i16::try_from(*amount).ok()?;
    (adds && in_place && passed_on && once && keyed && encoder.class(*map) == Class::Map)
        .then_some(Counting { map: *map, key: *key, amount, node: *node, instructions: 5 })
}
