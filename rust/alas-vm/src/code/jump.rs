//! The ends of blocks: jumps, fused with the comparison that decides them where possible.

use alas_ir::{BlockId, Class, Compared, Comparison, Instruction, Register, Terminator};
use alas_syntax::Literal;

use super::encode::Encoder;
use super::op::{Near, Op, Slot};

/// A jump whose distance is not known yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fixup {
    at: usize,
    target: BlockId,
}

/// A comparison that only decides a branch.
type Fused = (Comparison, Compared, Register, Register);

/// What a conditional jump needs to know.
#[derive(Debug, Clone, Copy)]
enum Operands {
    Ints(Slot, Slot),
    Immediate(Slot, i16),
    Floats(Slot, Slot),
}

impl Encoder<'_> {
    /// Ends a block; `next` is the block that follows in the code.
    pub(super) fn terminator(&mut self, terminator: &Terminator, fused: Option<Fused>, next: BlockId) {
        match terminator {
            Terminator::Jump { to, back: true } => self.jump(Op::Loop { by: 0 }, *to),
            Terminator::Jump { to, back: false } => {
                if *to == next {
                    self.fuse_step(next);
                } else {
                    self.jump_unless_next(*to, next);
                }
            }
            Terminator::Return(operand) => {
                let from = self.slot(operand.register);
                let dynamic = self.class(operand.register) == Class::Dynamic;
                self.emit(if dynamic { Op::ReturnValue { from } } else { Op::Return { from } });
            }
            Terminator::Branch { condition, then, otherwise, back } => {
                let test = fused.map(|(comparison, compared, left, right)| {
                    self.operands(comparison, compared, left, right)
                });
                if *back {
                    let op = test.and_then(|(comparison, operands)| {
                        self.fuse.then(|| looping(comparison, operands))?
                    });
                    let op = match (op, test) {
                        (Some(op), _) => op,
                        (None, Some(test)) => {
                            let condition = self.compared(test, *condition);
                            Op::LoopIf { condition, by: 0 }
                        }
                        (None, None) => Op::LoopIf { condition: self.slot(*condition), by: 0 },
                    };
                    self.jump(op, *then);
                    self.jump_unless_next(*otherwise, next);
                } else if *then == next {
                    let op = self.conditional(test, *condition, false);
                    self.jump(op, *otherwise);
                } else {
                    let op = self.conditional(test, *condition, true);
                    self.jump(op, *then);
                    self.jump_unless_next(*otherwise, next);
                }
            }
        }
    }

    /// Fuses the increment that ends a block with the test that follows, which closes the loop. The test itself stays:
    /// the loop is entered there, and a loop that ends passes it once more.
    fn fuse_step(&mut self, next: BlockId) {
        let function = self.function;
        let Some(block) = function.blocks.get(next.0 as usize) else { return };
        let Some((comparison, Compared::Ints, left, right)) = self.fused_comparison(block) else { return };
        let Terminator::Branch { then, back: true, .. } = block.terminator else { return };
        let began = self.starts.last().copied().unwrap_or_default();
        let counter = match self.ops.last() {
            Some(Op::AddImmediate { to, left, right: 1 }) if to == left && self.ops.len() > began => *to,
            _ => return,
        };
        if !self.fuse || self.to(left) != counter {
            return;
        }
        let by = 0;
        let op = match (block.instructions.as_slice(), comparison) {
            ([_], Comparison::Less) => Op::StepLessInt { counter, limit: self.to(right), by },
            ([_], Comparison::LessOrEqual) => Op::StepLessEqualInt { counter, limit: self.to(right), by },
            ([(_, constant), _], Comparison::Less | Comparison::LessOrEqual) => {
                let Some(limit) = small_constant(constant, right) else { return };
                if comparison == Comparison::Less {
                    Op::StepLessImmediate { counter, limit, by }
                } else {
                    Op::StepLessEqualImmediate { counter, limit, by }
                }
            }
            _ => return,
        };
        self.replace_last(block.node);
        self.jump(op, then);
    }

    fn jump(&mut self, op: Op, target: BlockId) {
        self.fixups.push(Fixup { at: self.ops.len(), target });
        self.emit(op);
    }

    fn jump_unless_next(&mut self, to: BlockId, next: BlockId) {
        if to != next {
            self.jump(Op::Jump { by: 0 }, to);
        }
    }

    /// The jump that is taken when the condition has a value.
    fn conditional(&mut self, test: Option<(Comparison, Operands)>, condition: Register, when: bool) -> Op {
        if let Some(test) = test {
            if let Some(op) = self.fuse.then(|| jumping(test.0, test.1, when)).flatten() {
                return op;
            }
            let condition = self.compared(test, condition);
            return if when { Op::JumpIf { condition, by: 0 } } else { Op::JumpUnless { condition, by: 0 } };
        }
        let condition = self.slot(condition);
        if when { Op::JumpIf { condition, by: 0 } } else { Op::JumpUnless { condition, by: 0 } }
    }

    /// Puts the result of a comparison that could not be fused into its register.
    fn compared(&mut self, (comparison, operands): (Comparison, Operands), condition: Register) -> Slot {
        let to = self.slot(condition);
        let op = match operands {
            Operands::Ints(left, right) => Op::CompareInts { comparison, to, left, right },
            Operands::Floats(left, right) => Op::CompareFloats { comparison, to, left, right },
            // The result's own slot holds the constant for as long as it is needed.
            Operands::Immediate(left, value) => {
                self.emit(Op::Int { to, value: value.into() });
                Op::CompareInts { comparison, to, left, right: to }
            }
        };
        self.emit(op);
        to
    }

    fn operands(
        &mut self,
        comparison: Comparison,
        compared: Compared,
        left: Register,
        right: Register,
    ) -> (Comparison, Operands) {
        if compared == Compared::Floats {
            return (comparison, Operands::Floats(self.slot(left), self.slot(right)));
        }
        if let Some(value) = self.immediate(right) {
            return (comparison, Operands::Immediate(self.slot(left), value));
        }
        if let Some(value) = self.immediate(left) {
            return (mirrored(comparison), Operands::Immediate(self.slot(right), value));
        }
        (comparison, Operands::Ints(self.slot(left), self.slot(right)))
    }

    /// Fills in the distances; tells whether all of them fit.
    pub(super) fn resolve_jumps(&mut self) -> bool {
        for Fixup { at, target } in std::mem::take(&mut self.fixups) {
            let (from, to) = (at + 1, self.starts[target.0 as usize]);
            let distance = to.cast_signed() - from.cast_signed();
            if !set_distance(&mut self.ops[at], distance) {
                return false;
            }
        }
        true
    }
}

/// The value of an instruction that puts a small int into a register.
fn small_constant(instruction: &Instruction, register: Register) -> Option<i16> {
    match instruction {
        Instruction::Scalar { to, value: Literal::Int(value) } if *to == register => {
            i16::try_from(*value).ok()
        }
        _ => None,
    }
}

fn set_distance(op: &mut Op, distance: isize) -> bool {
    match op {
        Op::Jump { by }
        | Op::JumpIf { by, .. }
        | Op::JumpUnless { by, .. }
        | Op::Loop { by }
        | Op::LoopIf { by, .. } => i32::try_from(distance).map(|distance| *by = distance).is_ok(),
        Op::JumpLessInt { by, .. }
        | Op::JumpLessEqualInt { by, .. }
        | Op::JumpEqualInt { by, .. }
        | Op::JumpNotEqualInt { by, .. }
        | Op::JumpLessImmediate { by, .. }
        | Op::JumpLessEqualImmediate { by, .. }
        | Op::JumpGreaterImmediate { by, .. }
        | Op::JumpGreaterEqualImmediate { by, .. }
        | Op::JumpEqualImmediate { by, .. }
        | Op::JumpNotEqualImmediate { by, .. }
        | Op::JumpLessFloat { by, .. }
        | Op::JumpLessEqualFloat { by, .. }
        | Op::JumpNotLessFloat { by, .. }
        | Op::JumpNotLessEqualFloat { by, .. }
        | Op::LoopLessInt { by, .. }
        | Op::LoopLessEqualInt { by, .. }
        | Op::LoopNotEqualInt { by, .. }
        | Op::LoopLessImmediate { by, .. }
        | Op::LoopLessEqualImmediate { by, .. }
        | Op::LoopGreaterImmediate { by, .. }
        | Op::LoopGreaterEqualImmediate { by, .. }
        | Op::LoopNotEqualImmediate { by, .. }
        | Op::StepLessInt { by, .. }
        | Op::StepLessEqualInt { by, .. }
        | Op::StepLessImmediate { by, .. }
        | Op::StepLessEqualImmediate { by, .. }
        | Op::LoopLessFloat { by, .. }
        | Op::LoopLessEqualFloat { by, .. } => {
            Near::try_from(distance).map(|distance| *by = distance).is_ok()
        }
        _ => unreachable!("only jumps have a distance"),
    }
}

/// The comparison that holds of (b, a) when the given one holds of (a, b).
fn mirrored(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal | Comparison::NotEqual => comparison,
        Comparison::Less => Comparison::Greater,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::Greater => Comparison::Less,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
    }
}

/// The comparison of ints that holds when the given one does not.
fn negated(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

/// The fused jump that is taken when the comparison has a value, if there is one.
fn jumping(comparison: Comparison, operands: Operands, when: bool) -> Option<Op> {
    let by = 0;
    Some(match operands {
        Operands::Ints(left, right) => match if when { comparison } else { negated(comparison) } {
            Comparison::Equal => Op::JumpEqualInt { left, right, by },
            Comparison::NotEqual => Op::JumpNotEqualInt { left, right, by },
            Comparison::Less => Op::JumpLessInt { left, right, by },
            Comparison::LessOrEqual => Op::JumpLessEqualInt { left, right, by },
            Comparison::Greater => Op::JumpLessInt { left: right, right: left, by },
            Comparison::GreaterOrEqual => Op::JumpLessEqualInt { left: right, right: left, by },
        },
        Operands::Immediate(left, right) => match if when { comparison } else { negated(comparison) } {
            Comparison::Equal => Op::JumpEqualImmediate { left, right, by },
            Comparison::NotEqual => Op::JumpNotEqualImmediate { left, right, by },
            Comparison::Less => Op::JumpLessImmediate { left, right, by },
            Comparison::LessOrEqual => Op::JumpLessEqualImmediate { left, right, by },
            Comparison::Greater => Op::JumpGreaterImmediate { left, right, by },
            Comparison::GreaterOrEqual => Op::JumpGreaterEqualImmediate { left, right, by },
        },
        // With NaN, "not less" is something else than "greater or equal".
        Operands::Floats(left, right) => match (comparison, when) {
            (Comparison::Less, true) => Op::JumpLessFloat { left, right, by },
            (Comparison::Less, false) => Op::JumpNotLessFloat { left, right, by },
            (Comparison::LessOrEqual, true) => Op::JumpLessEqualFloat { left, right, by },
            (Comparison::LessOrEqual, false) => Op::JumpNotLessEqualFloat { left, right, by },
            (Comparison::Greater, true) => Op::JumpLessFloat { left: right, right: left, by },
            (Comparison::Greater, false) => Op::JumpNotLessFloat { left: right, right: left, by },
            (Comparison::GreaterOrEqual, true) => Op::JumpLessEqualFloat { left: right, right: left, by },
            (Comparison::GreaterOrEqual, false) => Op::JumpNotLessEqualFloat { left: right, right: left, by },
            (Comparison::Equal | Comparison::NotEqual, _) => return None,
        },
    })
}

/// The fused jump that closes a loop when the comparison holds, if there is one.
fn looping(comparison: Comparison, operands: Operands) -> Option<Op> {
    let by = 0;
    Some(match (operands, comparison) {
        (Operands::Ints(left, right), Comparison::Less) => Op::LoopLessInt { left, right, by },
        (Operands::Ints(left, right), Comparison::LessOrEqual) => Op::LoopLessEqualInt { left, right, by },
        (Operands::Ints(left, right), Comparison::Greater) => {
            Op::LoopLessInt { left: right, right: left, by }
        }
        (Operands::Ints(left, right), Comparison::GreaterOrEqual) => {
            Op::LoopLessEqualInt { left: right, right: left, by }
        }
        (Operands::Ints(left, right), Comparison::NotEqual) => Op::LoopNotEqualInt { left, right, by },
        (Operands::Immediate(left, right), Comparison::Less) => Op::LoopLessImmediate { left, right, by },
        (Operands::Immediate(left, right), Comparison::LessOrEqual) => {
            Op::LoopLessEqualImmediate { left, right, by }
        }
        (Operands::Immediate(left, right), Comparison::Greater) => {
            Op::LoopGreaterImmediate { left, right, by }
        }
        (Operands::Immediate(left, right), Comparison::GreaterOrEqual) => {
            Op::LoopGreaterEqualImmediate { left, right, by }
        }
        (Operands::Immediate(left, right), Comparison::NotEqual) => {
            Op::LoopNotEqualImmediate { left, right, by }
        }
        (Operands::Floats(left, right), Comparison::Less) => Op::LoopLessFloat { left, right, by },
        (Operands::Floats(left, right), Comparison::LessOrEqual) => {
            Op::LoopLessEqualFloat { left, right, by }
        }
        (Operands::Floats(left, right), Comparison::Greater) => {
            Op::LoopLessFloat { left: right, right: left, by }
        }
        (Operands::Floats(left, right), Comparison::GreaterOrEqual) => {
            Op::LoopLessEqualFloat { left: right, right: left, by }
        }
        (Operands::Ints(..) | Operands::Immediate(..), Comparison::Equal)
        | (Operands::Floats(..), Comparison::Equal | Comparison::NotEqual) => return None,
    })
}
