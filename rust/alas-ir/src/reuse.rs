//! Reads of what was just read.
//!
//! A program that updates a value deep inside another one names the way to it twice: once to read it and once to write
//! it, as in `a = array.set(a, i, map.put(a[i], "n", a[i].n + 1))`. The second `a[i]` gets the register of the first.
//! That is less work, and leaves one reader, so that [`crate::taking`] can let it take the value.
//!
//! Only registers that are written once take part, and only within a block: values never change, so that what was read
//! stays right for as long as the registers of container and key do.

use std::collections::HashMap;

use crate::places::{Access, Home, Place, Writes};
use crate::{Function, Instruction, Register, Terminator};

/// A read whose result can be used again.
struct Known<'a> {
    access: Access,
    /// What an absent key gives: the constant that makes it.
    default: Option<&'a Instruction>,
    to: Register,
}

/// Lets reads of the same place in a block share a register.
pub(crate) fn reuse_reads(function: &mut Function) {
    let renamed = find(function);
    if renamed.is_empty() {
        return;
    }
    let rename = |register: &mut Register| {
        // A read that is reused is itself none that was replaced, so that one step is enough.
        if let Some(first) = renamed.get(register) {
            *register = *first;
        }
    };
    for block in &mut function.blocks {
        let replaced = |instruction: &Instruction| {
            instruction.written().is_some_and(|register| renamed.contains_key(&register))
        };
        block.instructions.retain(|(_, instruction)| !replaced(instruction));
        for (_, instruction) in &mut block.instructions {
            instruction.borrowed_mut(rename);
            instruction.consumed_mut(|operand| rename(&mut operand.register));
        }
        match &mut block.terminator {
            Terminator::Branch { condition, .. } => rename(condition),
            Terminator::Return(operand) => rename(&mut operand.register),
            Terminator::Jump { .. } => {}
        }
    }
}

/// The registers of reads that repeat another one, with the register of that one.
fn find(function: &Function) -> HashMap<Register, Register> {
    let writes = Writes::of(function);
    let homes = Home::of_registers(function);
    let mut renamed: HashMap<Register, Register> = HashMap::new();
    for block in &function.blocks {
        let mut known: Vec<Known<'_>> = Vec::new();
        for (_, instruction) in &block.instructions {
            let Some(to) = instruction.written() else { continue };
            if let Some(mut access) = writes.read(instruction) {
                access.container = *renamed.get(&access.container).unwrap_or(&access.container);
                if let Place::Register(register) = &mut access.place {
                    *register = *renamed.get(register).unwrap_or(register);
                }
                let local = writes.once(to) && homes[to.0 as usize] == Home::One;
                let first = known.iter().find(|known| {
                    known.access == access
                        && function.registers[known.to.0 as usize] == function.registers[to.0 as usize]
                        && same_default(&writes, known.default, instruction)
                });
                match first {
                    Some(first) if local => {
                        renamed.insert(to, first.to);
                        continue;
                    }
                    None if local && known.len() < LONGEST => {
                        if let Ok(default) = default(&writes, instruction) {
                            known.push(Known { access, default, to });
                        }
                        continue;
                    }
                    _ => {}
                }
            }
            known.retain(|known| known.access.container != to && known.access.place != Place::Register(to));
        }
    }
    renamed
}

/// How many reads are remembered at once, so that long blocks stay cheap.
const LONGEST: usize = 32;

/// The constant that stands for an absent key; an error when it is not a constant.
fn default<'a>(writes: &Writes<'a>, read: &Instruction) -> Result<Option<&'a Instruction>, ()> {
    match read {
        Instruction::MapGet { default: Some(default), .. } => {
            writes.constant(default.register).map(Some).ok_or(())
        }
        _ => Ok(None),
    }
}

fn same_default(writes: &Writes<'_>, known: Option<&Instruction>, read: &Instruction) -> bool {
    match (known, default(writes, read)) {
        (None, Ok(None)) => true,
        (Some(left), Ok(Some(right))) => match (left, right) {
            (Instruction::Text { value: left, .. }, Instruction::Text { value: right, .. }) => left == right,
            (Instruction::Scalar { value: left, .. }, Instruction::Scalar { value: right, .. }) => {
                left == right
            }
            (Instruction::Void { .. }, Instruction::Void { .. })
            | (Instruction::NewArray { .. }, Instruction::NewArray { .. })
            | (Instruction::NewMap { .. }, Instruction::NewMap { .. }) => true,
            _ => false,
        },
        _ => false,
    }
}
