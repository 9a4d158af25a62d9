//! Who owns a counted value, and until when.
//!
//! Lowering leaves open whether an operand's value moves or is shared, and never drops anything. This pass decides both
//! from liveness: the last use of a value moves it, so that updates can happen in place; a value that is only borrowed
//! by its last use is dropped right behind it; one that dies on one of two ways is dropped where that way begins.
//!
//! Liveness is the textbook backward data-flow analysis (Aho, Lam, Sethi, Ullman, *Compilers*, section 9.2.5), over the
//! counted registers only.

use crate::places::successors;
use crate::{Block, BlockId, Function, Instruction, Operand, Register, Terminator};

/// Decides the ownership of all operands of a function, removes its unreachable blocks, and adds the drops.
pub(crate) fn decide(function: &mut Function) {
    remove_unreachable(function);
    let counted = Counted::of(function);
    let live = Liveness::of(function, &counted);
    for block in 0..function.blocks.len() {
        let mut live_now = live.at_end[block].clone();
        let drops: Vec<Register> = dying_on_the_way(function, &counted, &live, block);
        let old = std::mem::take(&mut function.blocks[block].instructions);
        if let Terminator::Return(operand) = &mut function.blocks[block].terminator
            && let Some(index) = counted.index(operand.register)
        {
            operand.last = true;
            live_now.insert(index);
        }
        let mut reversed = Vec::with_capacity(old.len() + 4);
        for (node, mut instruction) in old.into_iter().rev() {
            let after = settle(&mut instruction, &counted, &mut live_now, &mut function.registers);
            reversed.extend(after.into_iter().rev().map(|instruction| (node, instruction)));
            reversed.push((node, instruction));
        }
        let node = function.node;
        reversed.extend(drops.into_iter().map(|register| (node, Instruction::Drop { register })));
        reversed.reverse();
        function.blocks[block].instructions = reversed;
    }
}

/// Settles one instruction, given what lives after it; returns what has to follow it.
fn settle(
    instruction: &mut Instruction,
    counted: &Counted,
    live: &mut BitSet,
    classes: &mut Vec<crate::Class>,
) -> Vec<Instruction> {
    let mut after = Vec::new();
    let written = instruction.written();
    let written_index = written.and_then(|register| counted.index(register));
    let unused = written_index.is_some_and(|index| !live.contains(index));
    if let Some(index) = written_index {
        live.remove(index);
    }
    let mut borrowed = Vec::new();
    instruction.borrowed(|register| {
        if let Some(index) = counted.index(register)
            && !borrowed.contains(&(register, index))
        {
            borrowed.push((register, index));
        }
    });
    let mut pending: Vec<Register> = Vec::new();
    instruction.consumed(|operand| pending.push(operand.register));
    let mut position = 0;
    instruction.consumed_mut(|operand: &mut Operand| {
        position += 1;
        if let Some(index) = counted.index(operand.register) {
            let needed_again = live.contains(index)
                || pending[position..].contains(&operand.register)
                || borrowed.iter().any(|(register, _)| *register == operand.register);
            operand.last = !needed_again;
        }
    });
    for (register, index) in &borrowed {
        if !live.contains(*index) {
            after.push(Instruction::Drop { register: *register });
            if written == Some(*register) {
                // The borrowed value must outlive the instruction, so that the result has to wait elsewhere.
                classes.push(classes[register.0 as usize]);
                let waiting = Register((classes.len() - 1) as u32);
                if let Some(to) = instruction.written_mut() {
                    *to = waiting;
                }
                let from = Operand { register: waiting, last: true };
                after.push(Instruction::Move { to: *register, from });
            }
        }
    }
    if unused && let Some(register) = written {
        after.push(Instruction::Drop { register });
    }
    for (_, index) in borrowed {
        live.insert(index);
    }
    for register in pending {
        if let Some(index) = counted.index(register) {
            live.insert(index);
        }
    }
    after
}

/// What lives at the end of a predecessor but not at the start of this block. At the entry: unused parameters.
fn dying_on_the_way(function: &Function, counted: &Counted, live: &Liveness, block: usize) -> Vec<Register> {
    let mut arriving = BitSet::new(counted.registers.len());
    for predecessor in &live.predecessors[block] {
        arriving.union(&live.at_end[*predecessor]);
    }
    if block == 0 {
        for parameter in 0..function.parameters {
            if let Some(index) = counted.index(Register(parameter as u32)) {
                arriving.insert(index);
            }
        }
    }
    let dies = |index: &usize| arriving.contains(*index) && !live.at_start[block].contains(*index);
    (0..counted.registers.len()).filter(dies).map(|index| counted.registers[index]).collect()
}

fn remove_unreachable(function: &mut Function) {
    let mut renamed: Vec<Option<BlockId>> = vec![None; function.blocks.len()];
    let mut pending = vec![BlockId(0)];
    let mut reached = vec![false; function.blocks.len()];
    while let Some(block) = pending.pop() {
        if !std::mem::replace(&mut reached[block.0 as usize], true) {
            pending.extend(successors(&function.blocks[block.0 as usize].terminator));
        }
    }
    let mut next = 0;
    for (old, reached) in reached.iter().enumerate() {
        if *reached {
            renamed[old] = Some(BlockId(next));
            next += 1;
        }
    }
    let rename = |block: &mut BlockId| *block = renamed[block.0 as usize].unwrap_or(*block);
    let mut old = 0;
    function.blocks.retain(|_| {
        old += 1;
        reached[old - 1]
    });
    for block in &mut function.blocks {
        match &mut block.terminator {
            Terminator::Jump { to, .. } => rename(to),
            Terminator::Branch { then, otherwise, .. } => {
                rename(then);
                rename(otherwise);
            }
            Terminator::Return(_) => {}
        }
    }
}

/// The counted registers, numbered without gaps.
struct Counted {
    registers: Vec<Register>,
    indices: Vec<Option<usize>>,
}

impl Counted {
    fn of(function: &Function) -> Self {
        let mut counted = Self { registers: Vec::new(), indices: vec![None; function.registers.len()] };
        for (number, class) in function.registers.iter().enumerate() {
            if class.is_counted() {
                counted.indices[number] = Some(counted.registers.len());
                counted.registers.push(Register(number as u32));
            }
        }
        counted
    }

    fn index(&self, register: Register) -> Option<usize> {
        // Registers that this pass adds are settled where they are added.
        self.indices.get(register.0 as usize).copied().flatten()
    }
}

/// What lives at the edges of each block.
struct Liveness {
    at_start: Vec<BitSet>,
    at_end: Vec<BitSet>,
    predecessors: Vec<Vec<usize>>,
}

impl Liveness {
    fn of(function: &Function, counted: &Counted) -> Self {
        let (count, size) = (function.blocks.len(), counted.registers.len());
        let mut predecessors = vec![Vec::new(); count];
        for (number, block) in function.blocks.iter().enumerate() {
            for successor in successors(&block.terminator) {
                predecessors[successor.0 as usize].push(number);
            }
        }
        let effects: Vec<(BitSet, BitSet)> =
            function.blocks.iter().map(|block| effects(block, counted, size)).collect();
        let mut live = Self {
            at_start: vec![BitSet::new(size); count],
            at_end: vec![BitSet::new(size); count],
            predecessors,
        };
        let mut pending: Vec<usize> = (0..count).collect();
        let mut waiting = vec![true; count];
        while let Some(block) = pending.pop() {
            waiting[block] = false;
            let mut at_end = BitSet::new(size);
            for successor in successors(&function.blocks[block].terminator) {
                at_end.union(&live.at_start[successor.0 as usize]);
            }
            let (used, defined) = &effects[block];
            let mut at_start = at_end.clone();
            at_start.subtract(defined);
            at_start.union(used);
            live.at_end[block] = at_end;
            if at_start != live.at_start[block] {
                live.at_start[block] = at_start;
                for predecessor in &live.predecessors[block] {
                    if !std::mem::replace(&mut waiting[*predecessor], true) {
                        pending.push(*predecessor);
                    }
                }
            }
        }
        live
    }
}

/// The registers that a block reads before it writes them, and those that it writes.
fn effects(block: &Block, counted: &Counted, size: usize) -> (BitSet, BitSet) {
    let (mut used, mut defined) = (BitSet::new(size), BitSet::new(size));
    for (_, instruction) in &block.instructions {
        let mut read = |register: Register| {
            if let Some(index) = counted.index(register)
                && !defined.contains(index)
            {
                used.insert(index);
            }
        };
        instruction.borrowed(&mut read);
        instruction.consumed(|operand| read(operand.register));
        if let Some(index) = instruction.written().and_then(|register| counted.index(register)) {
            defined.insert(index);
        }
    }
    if let Terminator::Return(operand) = &block.terminator
        && let Some(index) = counted.index(operand.register)
        && !defined.contains(index)
    {
        used.insert(index);
    }
    (used, defined)
}

/// A set of small numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct BitSet(Vec<u64>);

impl BitSet {
    fn new(size: usize) -> Self {
        Self(vec![0; size.div_ceil(64)])
    }

    fn contains(&self, index: usize) -> bool {
        self.0[index / 64] >> (index % 64) & 1 != 0
    }

    fn insert(&mut self, index: usize) {
        self.0[index / 64] |= 1 << (index % 64);
    }

    fn remove(&mut self, index: usize) {
        self.0[index / 64] &= !(1 << (index % 64));
    }

    fn union(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, more)| *word |= more);
    }

    fn subtract(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(word, less)| *word &= !less);
    }
}
