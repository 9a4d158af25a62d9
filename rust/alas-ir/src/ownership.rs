//! Who owns a counted value, and until when.
//!
//! Lowering leaves open whether an operand's value moves or is shared, and never drops anything. This pass decides both
//! from liveness: the last use of a value moves it, so that updates can happen in place; a value that is only borrowed
//! by its last use is dropped right behind it; one that dies on one of two ways is dropped where that way begins.
//!
//! Liveness is the textbook backward data-flow analysis (Aho, Lam, Sethi, Ullman, *Compilers*, section 9.2.5), over the
//! counted registers that cross from one block to another only: sets of all registers at all blocks would grow with the
//! square of a function's size. For the same reason blocks between which nothing changes share their sets.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::places::{Home, successors};
use crate::{Block, BlockId, Class, Function, Instruction, Operand, Register, Terminator};

/// Decides the ownership of all operands of a function, removes its unreachable blocks, and adds the drops.
pub(crate) fn decide(function: &mut Function) {
    remove_unreachable(function);
    let crossing = Crossing::of(function);
    let live = Liveness::of(function, &crossing);
    let mut live_now = LiveNow::of(function, &crossing);
    for block in 0..function.blocks.len() {
        live_now.begin(live.at_end(function, block));
        let drops = dying_on_the_way(function, &crossing, &live, block);
        let old = std::mem::take(&mut function.blocks[block].instructions);
        if let Terminator::Return(operand) = &mut function.blocks[block].terminator
            && live_now.counts(operand.register)
        {
            operand.last = true;
            live_now.insert(operand.register);
        }
        let mut reversed = Vec::with_capacity(old.len() + 4);
        for (node, mut instruction) in old.into_iter().rev() {
            let after = settle(&mut instruction, &mut live_now, &mut function.registers);
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
    live: &mut LiveNow<'_>,
    classes: &mut Vec<Class>,
) -> Vec<Instruction> {
    let mut after = Vec::new();
    let written = instruction.written();
    let unused = written.filter(|register| live.counts(*register) && !live.contains(*register));
    if let Some(register) = written {
        live.remove(register);
    }
    let mut borrowed: Vec<Register> = Vec::new();
    instruction.borrowed(|register| {
        if live.counts(register) && !borrowed.contains(&register) {
            borrowed.push(register);
        }
    });
    let mut pending: Vec<Register> = Vec::new();
    instruction.consumed(|operand| pending.push(operand.register));
    settle_operands(instruction, live, &borrowed, &pending);
    for register in &borrowed {
        if live.contains(*register) {
            continue;
        }
        after.push(Instruction::Drop { register: *register });
        if written == Some(*register) {
            // The borrowed value must outlive the instruction, so that the result has to wait elsewhere.
            classes.push(classes[register.0 as usize]);
            let waiting = Register((classes.len() - 1) as u32);
            if let Some(to) = instruction.written_mut() {
                *to = waiting;
            }
            after.push(Instruction::Move { to: *register, from: Operand { register: waiting, last: true } });
        }
    }
    after.extend(unused.map(|register| Instruction::Drop { register }));
    borrowed.into_iter().chain(pending).for_each(|register| live.insert(register));
    after
}

/// Decides which operands give their counts away: those that nothing needs again, be it a later operand of the same
/// instruction.
fn settle_operands(
    instruction: &mut Instruction,
    live: &LiveNow<'_>,
    borrowed: &[Register],
    pending: &[Register],
) {
    // How often the operands from here on name a register: a literal may have thousands.
    let mut remaining: HashMap<Register, usize> = HashMap::new();
    for register in pending.iter().filter(|register| live.counts(**register)) {
        *remaining.entry(*register).or_default() += 1;
    }
    instruction.consumed_mut(|operand: &mut Operand| {
        if let Some(count) = remaining.get_mut(&operand.register) {
            *count -= 1;
            operand.last =
                *count == 0 && !live.contains(operand.register) && !borrowed.contains(&operand.register);
        }
    });
}

/// What lives at the end of a predecessor but not at the start of this block. At the entry: unused parameters.
fn dying_on_the_way(
    function: &Function,
    crossing: &Crossing,
    live: &Liveness,
    block: usize,
) -> Vec<Register> {
    let here = &live.at_start[block];
    let ends: Vec<Rc<BitSet>> =
        live.predecessors[block].iter().map(|predecessor| live.at_end(function, *predecessor)).collect();
    if block != 0 && ends.iter().all(|end| Rc::ptr_eq(end, here)) {
        return Vec::new();
    }
    let mut arriving = BitSet::new(crossing.registers.len());
    for end in &ends {
        arriving.union(end);
    }
    if block == 0 {
        let parameters = (0..function.parameters).map(|number| Register(number as u32));
        parameters.filter_map(|register| crossing.index(register)).for_each(|index| arriving.insert(index));
    }
    arriving.subtract(here);
    arriving.iter().map(|index| crossing.registers[index]).collect()
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

/// The counted registers that matter beyond a block, numbered without gaps: parameters, and those that appear in several
/// blocks. All others, which are most, live and die between two instructions of one block.
struct Crossing {
    registers: Vec<Register>,
    indices: Vec<Option<usize>>,
}

impl Crossing {
    fn of(function: &Function) -> Self {
        let mut crossing = Self { registers: Vec::new(), indices: vec![None; function.registers.len()] };
        let homes = Home::of_registers(function);
        for (number, class) in function.registers.iter().enumerate() {
            if class.is_counted() && (number < function.parameters || homes[number] == Home::Several) {
                crossing.indices[number] = Some(crossing.registers.len());
                crossing.registers.push(Register(number as u32));
            }
        }
        crossing
    }

    fn index(&self, register: Register) -> Option<usize> {
        self.indices[register.0 as usize]
    }
}

/// What lives at one point of a block: what lives at its end, but for the registers that were passed on the way back.
///
/// A register is looked up when it is met. Writing down all that live would take time for each variable at each block.
struct LiveNow<'c> {
    crossing: &'c Crossing,
    counted: Vec<bool>,
    at_end: Rc<BitSet>,
    /// The block, counted from one, for which it was last noted whether a register lives, and what.
    noted: Vec<(u32, bool)>,
    block: u32,
}

impl<'c> LiveNow<'c> {
    fn of(function: &Function, crossing: &'c Crossing) -> Self {
        let counted: Vec<bool> = function.registers.iter().map(|class| class.is_counted()).collect();
        let noted = vec![(0, false); counted.len()];
        Self { crossing, counted, at_end: Rc::new(BitSet::new(0)), noted, block: 0 }
    }

    /// Goes to the end of the next block.
    fn begin(&mut self, at_end: Rc<BitSet>) {
        self.at_end = at_end;
        self.block += 1;
    }

    /// Whether the register is a counted one. Registers that this pass adds are settled where they are added.
    fn counts(&self, register: Register) -> bool {
        self.counted[register.0 as usize]
    }

    fn contains(&self, register: Register) -> bool {
        match self.noted[register.0 as usize] {
            (block, lives) if block == self.block => lives,
            _ => self.crossing.index(register).is_some_and(|index| self.at_end.contains(index)),
        }
    }

    fn insert(&mut self, register: Register) {
        if self.counts(register) {
            self.noted[register.0 as usize] = (self.block, true);
        }
    }

    fn remove(&mut self, register: Register) {
        self.noted[register.0 as usize] = (self.block, false);
    }
}

/// What lives at the edges of each block.
struct Liveness {
    at_start: Vec<Rc<BitSet>>,
    predecessors: Vec<Vec<usize>>,
    nothing: Rc<BitSet>,
}

impl Liveness {
    fn of(function: &Function, crossing: &Crossing) -> Self {
        let (count, size) = (function.blocks.len(), crossing.registers.len());
        let mut predecessors = vec![Vec::new(); count];
        for (number, block) in function.blocks.iter().enumerate() {
            for successor in successors(&block.terminator) {
                predecessors[successor.0 as usize].push(number);
            }
        }
        let effects: Vec<Effects> =
            function.blocks.iter().map(|block| Effects::of(block, crossing)).collect();
        let nothing = Rc::new(BitSet::new(size));
        let mut live = Self { at_start: vec![nothing.clone(); count], predecessors, nothing };
        let mut pending: Vec<usize> = (0..count).collect();
        let mut waiting = vec![true; count];
        while let Some(block) = pending.pop() {
            waiting[block] = false;
            let mut at_start = live.at_end(function, block);
            for index in &effects[block].defined {
                if at_start.contains(*index) {
                    Rc::make_mut(&mut at_start).remove(*index);
                }
            }
            for index in &effects[block].used {
                if !at_start.contains(*index) {
                    Rc::make_mut(&mut at_start).insert(*index);
                }
            }
            if !Rc::ptr_eq(&at_start, &live.at_start[block]) && at_start != live.at_start[block] {
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

    fn at_end(&self, function: &Function, block: usize) -> Rc<BitSet> {
        let starts = successors(&function.blocks[block].terminator)
            .map(|successor| &self.at_start[successor.0 as usize]);
        starts.fold(self.nothing.clone(), |all, start| {
            let is_nothing = |set: &Rc<BitSet>| Rc::ptr_eq(set, &self.nothing);
            if Rc::ptr_eq(&all, start) || is_nothing(start) || (!is_nothing(&all) && all.contains_all(start))
            {
                all
            } else if is_nothing(&all) || start.contains_all(&all) {
                start.clone()
            } else {
                let mut all = all;
                Rc::make_mut(&mut all).union(start);
                all
            }
        })
    }
}

/// The registers that a block reads before it writes them, and those that it writes without having read them.
#[derive(Default)]
struct Effects {
    used: Vec<usize>,
    defined: Vec<usize>,
}

impl Effects {
    fn of(block: &Block, crossing: &Crossing) -> Self {
        let mut seen: HashSet<usize> = HashSet::new();
        let mut effects = Self::default();
        for (_, instruction) in &block.instructions {
            let mut read = |register: Register| {
                effects.used.extend(crossing.index(register).filter(|index| seen.insert(*index)));
            };
            instruction.borrowed(&mut read);
            instruction.consumed(|operand| read(operand.register));
            let written = instruction.written().and_then(|register| crossing.index(register));
            effects.defined.extend(written.filter(|index| seen.insert(*index)));
        }
        if let Terminator::Return(operand) = &block.terminator {
            effects.used.extend(crossing.index(operand.register).filter(|index| seen.insert(*index)));
        }
        effects
    }
}

/// A set of small numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
struct BitSet(Vec<u64>);

impl BitSet {
    fn new(size: usize) -> Self {
        Self(vec![0; size.div_ceil(64)])
    }

    /// The members, in order.
    fn iter(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().filter(|(_, word)| **word != 0).flat_map(|(number, word)| {
            (0..64).filter(move |bit| word >> bit & 1 != 0).map(move |bit| number * 64 + bit)
        })
    }

    fn contains(&self, index: usize) -> bool {
        self.0[index / 64] >> (index % 64) & 1 != 0
    }

    fn contains_all(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(word, more)| more & !word == 0)
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
