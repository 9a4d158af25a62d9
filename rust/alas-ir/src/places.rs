//! Places inside containers: which instruction reads or writes which, and when two are the same.

use std::collections::HashMap;

use alas_library::Builtin;
use alas_syntax::Literal;

use crate::{Block, BlockId, ConstantId, Function, Instruction, Register, Terminator};

/// What names a place inside a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A constant text.
    Text(ConstantId),
    /// A constant int.
    Int(i64),
    /// What this register holds.
    Register(Register),
}

impl Place {
    /// Whether two places of one container cannot be the same.
    pub(crate) fn is_apart(self, other: Self) -> bool {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => left != right,
            (Self::Int(left), Self::Int(right)) => left != right,
            // The text of an int is a key as well.
            _ => false,
        }
    }
}

/// A place in the container that a register holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Access {
    pub(crate) container: Register,
    pub(crate) place: Place,
}

/// Where and how often the registers of a function are written.
pub(crate) struct Writes<'a> {
    /// The only write of each register that is written once; parameters do not count as written.
    single: HashMap<Register, &'a Instruction>,
    counts: Vec<u32>,
}

impl<'a> Writes<'a> {
    pub(crate) fn of(function: &'a Function) -> Self {
        let mut writes = Self { single: HashMap::new(), counts: vec![0; function.registers.len()] };
        for count in writes.counts.iter_mut().take(function.parameters) {
            *count = 1;
        }
        for (_, instruction) in function.blocks.iter().flat_map(|block| &block.instructions) {
            if let Some(to) = instruction.written() {
                writes.counts[to.0 as usize] += 1;
                writes.single.insert(to, instruction);
            }
        }
        let counts = &writes.counts;
        writes.single.retain(|register, _| counts[register.0 as usize] == 1);
        writes
    }

    /// Whether the register has one value for each time that its block runs.
    pub(crate) fn once(&self, register: Register) -> bool {
        self.counts[register.0 as usize] == 1
    }

    /// The place that a register names.
    fn place(&self, register: Register) -> Place {
        match self.constant(register) {
            Some(Instruction::Text { value, .. }) => Place::Text(*value),
            Some(Instruction::Scalar { value: Literal::Int(value), .. }) => Place::Int(*value),
            _ => Place::Register(register),
        }
    }

    /// The instruction that makes the constant in a register, if it holds one.
    pub(crate) fn constant(&self, register: Register) -> Option<&'a Instruction> {
        match self.single.get(&register)? {
            Instruction::Box { from, .. } => self.constant(from.register),
            constant @ (Instruction::Text { .. } | Instruction::Scalar { .. } | Instruction::Void { .. }) => {
                Some(constant)
            }
            Instruction::NewArray { elements, .. } if !elements.is_empty() => None,
            Instruction::NewMap { entries, .. } if !entries.is_empty() => None,
            constant @ (Instruction::NewArray { .. } | Instruction::NewMap { .. }) => Some(constant),
            _ => None,
        }
    }

    /// What an instruction reads out of a container.
    pub(crate) fn read(&self, instruction: &Instruction) -> Option<Access> {
        let (container, place) = match instruction {
            Instruction::MapGet { map, key, .. } => (*map, self.place(*key)),
            Instruction::ArrayGet { array, index, .. } => (*array, self.place(*index)),
            Instruction::Index { object, index, .. } => (*object, self.place(*index)),
            Instruction::Field { object, field, .. } => (*object, Place::Text(*field)),
            _ => return None,
        };
        Some(Access { container, place })
    }

    /// What an instruction writes in a container whose last use this is.
    pub(crate) fn update(&self, instruction: &Instruction) -> Option<Access> {
        let (container, place) = match instruction {
            Instruction::MapPut { map, key, .. } => (map, *key),
            Instruction::ArraySet { array, index, .. } => (array, *index),
            Instruction::CallBuiltin { builtin: Builtin::MapPut | Builtin::ArraySet, arguments, .. } => {
                (arguments.first()?, arguments.get(1)?.register)
            }
            _ => return None,
        };
        container.last.then(|| Access { container: container.register, place: self.place(place) })
    }
}

/// The blocks that a block leads to.
pub(crate) fn successors(terminator: &Terminator) -> impl Iterator<Item = BlockId> {
    let (first, second) = match terminator {
        Terminator::Jump { to, .. } => (Some(*to), None),
        Terminator::Branch { then, otherwise, .. } => (Some(*then), Some(*otherwise)),
        Terminator::Return(_) => (None, None),
    };
    first.into_iter().chain(second)
}

/// In how many blocks a register appears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    None,
    One,
    Several,
}

impl Home {
    /// The homes of all registers of a function.
    pub(crate) fn of_registers(function: &Function) -> Vec<Self> {
        let mut homes = vec![(Self::None, 0); function.registers.len()];
        for (number, block) in function.blocks.iter().enumerate() {
            each_register(block, |register| {
                let (home, known) = &mut homes[register.0 as usize];
                *home = match *home {
                    Self::None => Self::One,
                    Self::One if *known == number => Self::One,
                    _ => Self::Several,
                };
                *known = number;
            });
        }
        homes.into_iter().map(|(home, _)| home).collect()
    }
}

fn each_register(block: &Block, mut visit: impl FnMut(Register)) {
    for (_, instruction) in &block.instructions {
        instruction.borrowed(&mut visit);
        instruction.consumed(|operand| visit(operand.register));
        instruction.written().into_iter().for_each(&mut visit);
    }
    match &block.terminator {
        Terminator::Branch { condition, .. } => visit(*condition),
        Terminator::Return(operand) => visit(operand.register),
        Terminator::Jump { .. } => {}
    }
}
