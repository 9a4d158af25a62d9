//! Values that may be taken out of their containers.
//!
//! A program updates what a container holds by reading it, changing it and putting it back:
//! `m = map.put(m, "list", array.push(map.get(m, "list"), x))`. Between the read and the write the inner value would
//! have two holders, and changing it would copy it. So the read is marked `take` when whatever happens next to the
//! container, on every way from there, is that
//!
//! * the place is written, by an instruction to which the container's register gives its count, or
//! * the container is dropped.
//!
//! Then the read may move the value out and leave void behind, provided that nobody else holds the container when it
//! runs. Nobody can see the void: only this register reaches the container, and nothing reads that place through it any
//! more. That includes failures, which end the frame that the register belongs to. Reading and writing *other* places
//! in between is allowed when constants show that they are others, and so is asking for the length or for a key.
//!
//! This runs after [`crate::ownership`], on whose decisions it depends.

use crate::places::{Access, Place, Writes, successors};
use crate::{BlockId, Function, Instruction, Register, Terminator, Unary};

/// How many blocks, and how many instructions of all of them, are searched for what happens next: a function may have
/// many thousand reads with as many instructions behind each.
const REACH: usize = 32;
const INSTRUCTIONS: usize = 500;

/// Marks the reads of a function that may take.
pub(crate) fn decide(function: &mut Function) {
    let writes = Writes::of(function);
    let mut taking = Vec::new();
    for (number, block) in function.blocks.iter().enumerate() {
        for (position, (_, instruction)) in block.instructions.iter().enumerate() {
            let Some(access) = writes.read(instruction) else { continue };
            let counted =
                instruction.written().is_some_and(|to| function.registers[to.0 as usize].is_counted());
            if counted && is_taken(function, &writes, access, (number, position + 1)) {
                taking.push((number, position));
            }
        }
    }
    for (block, position) in taking {
        if let Instruction::MapGet { take, .. }
        | Instruction::ArrayGet { take, .. }
        | Instruction::Field { take, .. }
        | Instruction::Index { take, .. } = &mut function.blocks[block].instructions[position].1
        {
            *take = true;
        }
    }
}

/// What an instruction means for a place that was read.
enum Verdict {
    /// It has nothing to do with it.
    Go,
    /// It writes the place, or drops the container.
    Done,
    /// It may see the place, or changes what names it.
    Stop,
}

/// Whether all ways from a position begin, as far as the container is concerned, with a write of the place.
fn is_taken(function: &Function, writes: &Writes<'_>, access: Access, from: (usize, usize)) -> bool {
    let mut pending = vec![from];
    let mut searched: Vec<BlockId> = Vec::new();
    let mut left = INSTRUCTIONS;
    while let Some((number, position)) = pending.pop() {
        let block = &function.blocks[number];
        let rest = &block.instructions[position..];
        let verdict = rest
            .iter()
            .take(left)
            .map(|(_, instruction)| judge(writes, access, instruction))
            .find(|verdict| !matches!(verdict, Verdict::Go));
        match verdict {
            Some(Verdict::Done) => continue,
            Some(Verdict::Stop) => return false,
            Some(Verdict::Go) | None if rest.len() > left => return false,
            Some(Verdict::Go) | None => left -= rest.len(),
        }
        if matches!(block.terminator, Terminator::Return(operand) if operand.register == access.container) {
            return false;
        }
        for successor in successors(&block.terminator) {
            if !searched.contains(&successor) {
                if searched.len() == REACH {
                    return false;
                }
                searched.push(successor);
                pending.push((successor.0 as usize, 0));
            }
        }
    }
    true
}

fn judge(writes: &Writes<'_>, access: Access, instruction: &Instruction) -> Verdict {
    let container = access.container;
    if matches!(instruction, Instruction::Drop { register } if *register == container) {
        return Verdict::Done;
    }
    let written = instruction.written();
    if let Some(update) = writes.update(instruction).filter(|update| update.container == container) {
        return if update.place == access.place {
            Verdict::Done
        } else if update.place.is_apart(access.place) && written == Some(container) {
            Verdict::Go
        } else {
            Verdict::Stop
        };
    }
    let apart = writes.read(instruction).is_some_and(|read| {
        read.container == container && read.place.is_apart(access.place) && !consumes(instruction, container)
    });
    // The key stays in a map whose value is taken.
    let shape = matches!(
        instruction,
        Instruction::Unary { operator: Unary::MapLength | Unary::ArrayLength, from: object, .. }
        | Instruction::MapContains { map: object, .. } if *object == container
    );
    let names = written.map(Place::Register) == Some(access.place);
    if names || written == Some(container) || !(apart || shape) && reads(instruction, container) {
        Verdict::Stop
    } else {
        Verdict::Go
    }
}

fn consumes(instruction: &Instruction, register: Register) -> bool {
    let mut found = false;
    instruction.consumed(|operand| found |= operand.register == register);
    found
}

fn reads(instruction: &Instruction, register: Register) -> bool {
    let mut found = consumes(instruction, register);
    instruction.borrowed(|borrowed| found |= borrowed == register);
    found
}
