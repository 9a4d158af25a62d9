//! Builds the blocks of one function.

use std::collections::HashMap;
use std::sync::Arc;

use alas_check::Type;
use alas_syntax::{Literal, NodeId};

use crate::{Block, BlockId, Class, ConstantId, Instruction, Operand, Register, Terminator, TypeId, Unary};

/// The tables that all functions of a module share.
#[derive(Debug, Default)]
pub(crate) struct Tables {
    constants: Vec<Arc<str>>,
    constant_ids: HashMap<Arc<str>, ConstantId>,
    types: Vec<Type>,
    type_ids: HashMap<Type, TypeId>,
}

impl Tables {
    pub(crate) fn constant(&mut self, text: &Arc<str>) -> ConstantId {
        *self.constant_ids.entry(text.clone()).or_insert_with(|| {
            self.constants.push(text.clone());
            ConstantId((self.constants.len() - 1) as u32)
        })
    }

    pub(crate) fn kind(&mut self, kind: &Type) -> TypeId {
        *self.type_ids.entry(kind.clone()).or_insert_with(|| {
            self.types.push(kind.clone());
            TypeId((self.types.len() - 1) as u32)
        })
    }

    pub(crate) fn into_parts(self) -> (Vec<Arc<str>>, Vec<Type>) {
        (self.constants, self.types)
    }
}

/// A block that may not have got its end yet.
#[derive(Debug, Default)]
struct Draft {
    instructions: Vec<(NodeId, Instruction)>,
    /// With the node that it is reported at.
    terminator: Option<(Terminator, NodeId)>,
}

/// The function under construction: registers, blocks, and where the next instruction goes.
#[derive(Debug)]
pub(crate) struct Builder {
    pub(crate) registers: Vec<Class>,
    blocks: Vec<Draft>,
    /// The blocks in the order of the text, which is how they are laid out.
    order: Vec<BlockId>,
    current: BlockId,
    /// The node that the next instructions are reported at.
    pub(crate) node: NodeId,
}

impl Builder {
    pub(crate) fn new(node: NodeId) -> Self {
        Self {
            registers: Vec::new(),
            blocks: vec![Draft::default()],
            order: vec![BlockId(0)],
            current: BlockId(0),
            node,
        }
    }

    /// A new register.
    pub(crate) fn register(&mut self, class: Class) -> Register {
        self.registers.push(class);
        Register((self.registers.len() - 1) as u32)
    }

    /// The hinted register, if its class fits and the instruction does not read it elsewhere; otherwise a new one.
    pub(crate) fn destination(
        &mut self,
        hint: Option<Register>,
        class: Class,
        reads: &[Register],
    ) -> Register {
        match hint {
            Some(register) if self.class(register) == class && !reads.contains(&register) => register,
            _ => self.register(class),
        }
    }

    pub(crate) fn class(&self, register: Register) -> Class {
        self.registers[register.0 as usize]
    }

    pub(crate) fn emit(&mut self, instruction: Instruction) {
        let node = self.node;
        self.blocks[self.current.0 as usize].instructions.push((node, instruction));
    }

    /// A new block, which nothing leads to yet.
    pub(crate) fn block(&mut self) -> BlockId {
        self.blocks.push(Draft::default());
        BlockId((self.blocks.len() - 1) as u32)
    }

    /// Goes on in another block.
    pub(crate) fn enter(&mut self, block: BlockId) {
        self.current = block;
        self.order.push(block);
    }

    /// Ends the current block. What follows without [`Builder::enter`] is unreachable and goes to a block of its own.
    pub(crate) fn end(&mut self, terminator: Terminator) {
        self.blocks[self.current.0 as usize].terminator = Some((terminator, self.node));
        let unreachable = self.block();
        self.enter(unreachable);
    }

    pub(crate) fn jump(&mut self, to: BlockId) {
        self.end(Terminator::Jump { to, back: false });
    }

    /// The finished blocks in their layout. One that never got an end is unreachable: it loops in place.
    pub(crate) fn finish(mut self) -> Vec<Block> {
        let mut places = vec![BlockId(0); self.blocks.len()];
        for (place, block) in self.order.iter().enumerate() {
            places[block.0 as usize] = BlockId(place as u32);
        }
        let renamed = |block: BlockId| places[block.0 as usize];
        let close = |block: &BlockId| {
            let draft = std::mem::take(&mut self.blocks[block.0 as usize]);
            let unreachable = (Terminator::Jump { to: *block, back: true }, self.node);
            let (terminator, node) = draft.terminator.unwrap_or(unreachable);
            let terminator = match terminator {
                Terminator::Jump { to, back } => Terminator::Jump { to: renamed(to), back },
                Terminator::Branch { condition, then, otherwise, back } => {
                    Terminator::Branch { condition, then: renamed(then), otherwise: renamed(otherwise), back }
                }
                end @ Terminator::Return(_) => end,
            };
            Block { instructions: draft.instructions, terminator, node }
        };
        self.order.iter().map(close).collect()
    }

    pub(crate) fn scalar(&mut self, hint: Option<Register>, value: Literal) -> Register {
        let class = match value {
            Literal::Bool(_) => Class::Bool,
            Literal::Int(_) => Class::Int,
            _ => Class::Float,
        };
        let to = self.destination(hint, class, &[]);
        self.emit(Instruction::Scalar { to, value });
        to
    }

    pub(crate) fn unary(&mut self, hint: Option<Register>, operator: Unary, from: Register) -> Register {
        let class = match operator {
            Unary::NegateInt | Unary::TextLength | Unary::ArrayLength | Unary::MapLength => Class::Int,
            Unary::NegateFloat | Unary::IntToFloat | Unary::SquareRoot => Class::Float,
            Unary::Not | Unary::Truth => Class::Bool,
            Unary::ToText => Class::Text,
        };
        let to = self.destination(hint, class, &[]);
        self.emit(Instruction::Unary { operator, to, from });
        to
    }

    /// The value in a register of another class, its kind being known to fit.
    pub(crate) fn coerce(&mut self, from: Register, class: Class, hint: Option<Register>) -> Register {
        let from_class = self.class(from);
        if from_class == class {
            return from;
        }
        if (from_class, class) == (Class::Int, Class::Float) {
            return self.unary(hint, Unary::IntToFloat, from);
        }
        if class == Class::Dynamic {
            let to = self.destination(hint, class, &[]);
            self.emit(Instruction::Box { to, from: Operand::from(from) });
            return to;
        }
        let dynamic = self.coerce(from, Class::Dynamic, None);
        let to = self.destination(hint, class, &[]);
        self.emit(Instruction::Unbox { to, from: Operand::from(dynamic) });
        to
    }
}
