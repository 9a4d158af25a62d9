//! Which slot of the frame a register lives in.
//!
//! Parameters come first, as the caller lays them out; then scalars; then counted registers, in one stretch that the
//! machine clears. A register that only one block uses shares its slot with others of its class that are used before or
//! after it, there and in other blocks: it is empty when the block begins and when it ends. A scalar that is computed to be an argument lives in staging at once.

use std::collections::HashMap;

use alas_ir::{Class, Function, Instruction, Operand, Register, Terminator};

/// More slots than this do not fit the operands of an op.
const MAX_SLOTS: usize = 60_000;

/// The frame layout of a function.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) slots: Vec<u16>,
    pub(super) frame: usize,
    pub(super) empty_from: usize,
    pub(super) empty_to: usize,
    /// Every slot that can own a count, with its class, each once.
    pub(super) counted: Vec<(u16, Class)>,
    /// Registers that appear in one block only, with how often they are read there.
    pub(super) single_block_reads: Vec<Option<u32>>,
}

/// Slots that are free at a point of the code, by class.
type Free = HashMap<Class, Vec<Place>>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Unused,
    Parameter(usize),
    Scalar(usize),
    Counted(usize),
    Staging(usize),
}

/// Where and how often a register appears.
#[derive(Debug, Clone, Copy, Default)]
struct Appearance {
    block: Option<usize>,
    several: bool,
    reads: u32,
    writes: u32,
    first: usize,
    last: usize,
}

/// Lays out a frame; `None` when it has too many slots.
pub(super) fn allocate(function: &Function) -> Option<Layout> {
    let appearances = appearances(function);
    let mut places = vec![Place::Unused; function.registers.len()];
    let mut offset = 0;
    for (place, class) in places.iter_mut().zip(&function.registers).take(function.parameters) {
        *place = Place::Parameter(offset);
        offset += class.slots();
    }
    let parameters = offset;
    stage_arguments(function, &appearances, &mut places);

    // Gives the slot of a register to others, if it appears there for the last time.
    let release = |register: Register, at: (usize, usize), free: &mut Free, places: &[Place]| {
        let (number, appearance) = (register.0 as usize, appearances[register.0 as usize]);
        let last = !appearance.several && (appearance.block, appearance.last) == (Some(at.0), at.1);
        if last && matches!(places[number], Place::Scalar(_) | Place::Counted(_)) {
            let spare = free.entry(function.registers[number]).or_default();
            // An instruction may name a register twice.
            if !spare.contains(&places[number]) {
                spare.push(places[number]);
            }
        }
    };
    let (mut scalars, mut counted_slots) = (0, 0);
    for (number, appearance) in appearances.iter().enumerate() {
        if appearance.several && matches!(places[number], Place::Unused) {
            places[number] = fresh(function.registers[number], &mut scalars, &mut counted_slots);
        }
    }
    let mut free: Free = HashMap::new();
    for (block, content) in function.blocks.iter().enumerate() {
        for (position, (_, instruction)) in content.instructions.iter().enumerate() {
            if let Some(to) = instruction.written() {
                let number = to.0 as usize;
                if matches!(places[number], Place::Unused) {
                    let class = function.registers[number];
                    places[number] = free
                        .get_mut(&class)
                        .and_then(Vec::pop)
                        .unwrap_or_else(|| fresh(class, &mut scalars, &mut counted_slots));
                }
            }
            // Slots become free behind the instruction, so that none is read and written by the same one.
            each_register(instruction, |register| release(register, (block, position), &mut free, &places));
        }
        if let Terminator::Branch { condition: register, .. } | Terminator::Return(Operand { register, .. }) =
            content.terminator
        {
            release(register, (block, content.instructions.len()), &mut free, &places);
        }
    }

    let (scalar_base, counted_base) = (parameters, parameters + scalars);
    let frame = counted_base + counted_slots;
    if frame > MAX_SLOTS {
        return None;
    }
    let slot = |place: &Place| match *place {
        Place::Unused => 0,
        Place::Parameter(offset) => offset,
        Place::Scalar(offset) => scalar_base + offset,
        Place::Counted(offset) => counted_base + offset,
        Place::Staging(offset) => frame + offset,
    };
    let single =
        |appearance: &Appearance| (!appearance.several && appearance.writes == 1).then_some(appearance.reads);
    let owners = places.iter().zip(&function.registers);
    let mut counted: Vec<(u16, Class)> = owners
        .filter(|(place, class)| class.is_counted() && !matches!(place, Place::Unused))
        .map(|(place, class)| (slot(place) as u16, *class))
        .collect();
    counted.sort_unstable_by_key(|(slot, _)| *slot);
    counted.dedup_by_key(|(slot, _)| *slot);
    Some(Layout {
        counted,
        slots: places.iter().map(|place| slot(place) as u16).collect(),
        frame,
        empty_from: counted_base,
        empty_to: frame,
        single_block_reads: appearances.iter().map(single).collect(),
    })
}

fn fresh(class: Class, scalars: &mut usize, counted: &mut usize) -> Place {
    let (used, place): (&mut usize, fn(usize) -> Place) =
        if class.is_counted() { (counted, Place::Counted) } else { (scalars, Place::Scalar) };
    let offset = *used;
    *used += class.slots();
    place(offset)
}

/// Visits every register of an instruction, the written one included.
fn each_register(instruction: &Instruction, mut visit: impl FnMut(Register)) {
    instruction.borrowed(&mut visit);
    instruction.consumed(|operand| visit(operand.register));
    if let Some(to) = instruction.written() {
        visit(to);
    }
    if let Instruction::Drop { register } = instruction {
        visit(*register);
    }
}

fn appearances(function: &Function) -> Vec<Appearance> {
    let mut all = vec![Appearance::default(); function.registers.len()];
    for appearance in all.iter_mut().take(function.parameters) {
        appearance.several = true;
    }
    let mut note = |register: Register, block: usize, position: usize, read: bool| {
        let appearance = &mut all[register.0 as usize];
        match appearance.block {
            None => {
                appearance.block = Some(block);
                appearance.first = position;
            }
            Some(known) if known != block => appearance.several = true,
            Some(_) => {}
        }
        appearance.last = position;
        if read {
            appearance.reads += 1;
        } else {
            appearance.writes += 1;
        }
    };
    for (number, block) in function.blocks.iter().enumerate() {
        for (position, (_, instruction)) in block.instructions.iter().enumerate() {
            instruction.borrowed(|register| note(register, number, position, true));
            instruction.consumed(|operand| note(operand.register, number, position, true));
            if let Instruction::Drop { register } = instruction {
                note(*register, number, position, true);
            }
            if let Some(to) = instruction.written() {
                note(to, number, position, false);
            }
        }
        let end = block.instructions.len();
        match &block.terminator {
            Terminator::Branch { condition, .. } => note(*condition, number, end, true),
            Terminator::Return(operand) => note(operand.register, number, end, true),
            Terminator::Jump { .. } => {}
        }
    }
    for appearance in &mut all {
        // A register that is read before it is written there brings its value from another round of a loop.
        appearance.several |= appearance.writes > 1;
    }
    all
}

/// Puts scalars that are computed only to be an argument of a call where the callee expects them.
fn stage_arguments(function: &Function, appearances: &[Appearance], places: &mut [Place]) {
    for block in &function.blocks {
        let mut last_staging = None;
        for (position, (_, instruction)) in block.instructions.iter().enumerate() {
            if let Instruction::Call { arguments, target: alas_ir::Target::Function(_), .. } = instruction {
                let mut offset = 0;
                for argument in arguments {
                    let number = argument.register.0 as usize;
                    let (class, appearance) = (function.registers[number], appearances[number]);
                    let fits = !class.is_counted()
                        && !appearance.several
                        && (appearance.reads, appearance.writes) == (1, 1)
                        && last_staging.is_none_or(|staging| staging < appearance.first);
                    if fits {
                        places[number] = Place::Staging(offset);
                    }
                    offset += class.slots();
                }
            }
            if uses_staging(instruction) {
                last_staging = Some(position);
            }
        }
    }
}

/// Whether encoding the instruction may write to staging.
fn uses_staging(instruction: &Instruction) -> bool {
    matches!(
        instruction,
        Instruction::Call { .. }
            | Instruction::CallBuiltin { .. }
            | Instruction::CallHost { .. }
            | Instruction::Try { .. }
            | Instruction::NewArray { .. }
            | Instruction::NewMap { .. }
            | Instruction::Convert { .. }
            | Instruction::Unbox { .. }
            | Instruction::ArrayPush { .. }
            | Instruction::ArraySet { .. }
            | Instruction::MapPut { .. }
            | Instruction::DynamicNegate { .. }
    )
}
