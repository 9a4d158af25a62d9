//! Statements.

use alas_check::{Expression, Statement, StatementKind};

use super::Lowering;
use crate::{Class, Instruction, Operand, Terminator};

impl Lowering<'_> {
    pub(super) fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        self.builder.node = statement.node;
        match &statement.kind {
            StatementKind::Assign(local, value) => {
                let target = self.local(*local);
                let register = self.expression(value, Some(target));
                let class = self.builder.class(target);
                let register = self.builder.coerce(register, class, Some(target));
                if register != target {
                    self.builder.emit(Instruction::Move { to: target, from: Operand::from(register) });
                }
            }
            StatementKind::If(condition, then, otherwise) => self.if_statement(condition, then, otherwise),
            StatementKind::Loop { init, condition, update, body } => {
                if let Some(init) = init {
                    self.statement(init);
                }
                let (round, test, after) = (self.builder.block(), self.builder.block(), self.builder.block());
                self.builder.jump(test);
                self.builder.enter(round);
                self.statements(body);
                if let Some(update) = update {
                    self.statement(update);
                }
                self.builder.jump(test);
                self.builder.enter(test);
                self.builder.node = statement.node;
                self.condition(condition, round, after, true);
                self.builder.enter(after);
            }
            StatementKind::Return(value) => match value {
                None => self.return_void(),
                Some(value) => {
                    let register = self.expression(value, None);
                    let class = Class::of(self.returns);
                    let register = self.builder.coerce(register, class, None);
                    self.builder.end(Terminator::Return(Operand::from(register)));
                }
            },
            StatementKind::Discard(value) => {
                self.expression(value, None);
            }
        }
    }

    fn if_statement(&mut self, condition: &Expression, then: &[Statement], otherwise: &[Statement]) {
        let (then_block, after) = (self.builder.block(), self.builder.block());
        let otherwise_block = if otherwise.is_empty() { after } else { self.builder.block() };
        self.condition(condition, then_block, otherwise_block, false);
        self.builder.enter(then_block);
        self.statements(then);
        self.builder.jump(after);
        if !otherwise.is_empty() {
            self.builder.enter(otherwise_block);
            self.statements(otherwise);
            self.builder.jump(after);
        }
        self.builder.enter(after);
    }
}
