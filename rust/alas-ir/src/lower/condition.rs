//! Conditions: expressions that decide where control goes, without a value in between.

use alas_check::{Expression, ExpressionKind};
use alas_syntax::{BinaryOperator, Literal, UnaryOperator};

use super::Lowering;
use crate::{BlockId, Class, Instruction, Operand, Register, Terminator, Unary};

impl Lowering<'_> {
    /// Goes to `then` when the expression is true, otherwise to `otherwise`. With `back`, the way to `then` closes a
    /// loop.
    pub(super) fn condition(
        &mut self,
        expression: &Expression,
        then: BlockId,
        otherwise: BlockId,
        back: bool,
    ) {
        match &expression.value {
            ExpressionKind::Literal(literal) => {
                let end = if is_true(literal) {
                    Terminator::Jump { to: then, back }
                } else {
                    Terminator::Jump { to: otherwise, back: false }
                };
                self.builder.end(end);
            }
            ExpressionKind::Binary(BinaryOperator::And, left, right) => {
                let middle = self.builder.block();
                self.condition(left, middle, otherwise, false);
                self.builder.enter(middle);
                self.condition(right, then, otherwise, back);
            }
            ExpressionKind::Binary(BinaryOperator::Or, left, right) => {
                let middle = self.builder.block();
                self.condition(left, then, middle, back);
                self.builder.enter(middle);
                self.condition(right, then, otherwise, back);
            }
            // Only the way to `then` may close a loop, so the two cannot be swapped there.
            ExpressionKind::Unary(UnaryOperator::Not, operand) if !back => {
                self.condition(operand, otherwise, then, false);
            }
            _ => {
                let register = self.expression(expression, None);
                let condition = self.truth(register, None);
                self.builder.end(Terminator::Branch { condition, then, otherwise, back });
            }
        }
    }

    /// Whether the value in a register is true.
    pub(super) fn truth(&mut self, register: Register, hint: Option<Register>) -> Register {
        if self.builder.class(register) == Class::Bool {
            return register;
        }
        self.builder.unary(hint, Unary::Truth, register)
    }

    /// The value of `left && right` or `left || right`.
    pub(super) fn short_circuit(
        &mut self,
        operator: BinaryOperator,
        left: &Expression,
        right: &Expression,
    ) -> Register {
        // A register of its own: the right side may read the variable that the result is meant for.
        let to = self.builder.register(Class::Bool);
        let (more, end) = (self.builder.block(), self.builder.block());
        self.truth_into(left, to);
        let (then, otherwise) = if operator == BinaryOperator::And { (more, end) } else { (end, more) };
        self.builder.end(Terminator::Branch { condition: to, then, otherwise, back: false });
        self.builder.enter(more);
        self.truth_into(right, to);
        self.builder.jump(end);
        self.builder.enter(end);
        to
    }

    fn truth_into(&mut self, expression: &Expression, to: Register) {
        let register = self.expression(expression, Some(to));
        let register = self.truth(register, Some(to));
        if register != to {
            self.builder.emit(Instruction::Move { to, from: Operand::from(register) });
        }
    }
}

fn is_true(literal: &Literal) -> bool {
    match literal {
        Literal::Void => false,
        Literal::Bool(value) => *value,
        Literal::Int(value) => *value != 0,
        Literal::Float(value) => *value != 0.0,
        Literal::String(text) => !text.is_empty(),
    }
}
