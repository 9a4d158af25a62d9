//! From blocks of instructions to one run of ops.

use std::cell::Cell;
use std::collections::HashMap;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use alas_check::FunctionReference;
use alas_ir::{
    Arithmetic, BlockId, Class, Compared, Comparison, ConstantId, Function, Instruction, Operand, Register,
    Target, Unary,
};
use alas_syntax::{Literal, NodeId};
use alas_value::Tag;

use super::allocate::{Layout, allocate};
use super::counting::{Counting, counting};
use super::jump::Fixup;
use super::op::{DynamicOperation, MapAccess, Op, Slot};
use super::{Code, Divisor, Shared};

/// Finds what a function calls in the tables of its module.
#[derive(Clone, Copy)]
pub(super) struct Links<'a> {
    /// The number of a callee in [`Shared::callees`].
    pub(super) callees: &'a dyn Fn(FunctionReference) -> u32,
    /// Whether the host implements a callee.
    pub(super) is_host: &'a dyn Fn(FunctionReference) -> bool,
    /// The number of a function of the module in [`Shared::hosts`].
    pub(super) hosts: &'a dyn Fn(u32) -> u32,
    /// The number of the name of a field in [`Shared::keys`].
    pub(super) fields: &'a dyn Fn(ConstantId) -> u16,
}

/// Encodes a function; `None` when it has more slots, constants or code than ops can address. With a counter, the code
/// counts its calls there.
pub(super) fn encode(function: &Function, links: Links<'_>, calls: Option<Arc<AtomicU64>>) -> Option<Code> {
    let layout = allocate(function)?;
    // Fused jumps reach 32,767 ops. A function that is larger is encoded again without them.
    let encoder = match Encoder::run(function, &layout, links, Options { fuse: true, count: calls.is_some() })
    {
        Some(encoder) => encoder,
        None => Encoder::run(function, &layout, links, Options { fuse: false, count: calls.is_some() })?,
    };
    Some(Code {
        name: function.name.clone(),
        node: function.node,
        ops: encoder.ops.into(),
        nodes: encoder.nodes.into(),
        wide: encoder.wide.into(),
        divisors: encoder.divisors.into(),
        frame: layout.frame,
        total: layout.frame + encoder.staging,
        empty_from: layout.empty_from,
        empty_to: layout.empty_to,
        counted: layout.counted.into(),
        parameters: function.registers[..function.parameters].into(),
        result: function.result,
        host: None,
        outside: Cell::new(std::ptr::null()),
        calls,
        shared: Cell::new(NonNull::<Shared>::dangling()),
    })
}

/// How a function is encoded.
#[derive(Clone, Copy)]
struct Options {
    /// Whether comparisons are fused with the jumps that they decide.
    fuse: bool,
    /// Whether calls are counted.
    count: bool,
}

/// The state of encoding one function.
pub(super) struct Encoder<'a> {
    pub(super) function: &'a Function,
    layout: &'a Layout,
    links: Links<'a>,
    pub(super) fuse: bool,
    pub(super) ops: Vec<Op>,
    nodes: Vec<NodeId>,
    wide: Vec<u64>,
    divisors: Vec<Divisor>,
    /// Where each of them is.
    known_wide: HashMap<u64, u32>,
    known_divisors: HashMap<i64, u16>,
    /// The most staging slots that any op uses.
    staging: usize,
    /// Small int constants of the current block that no op holds in a slot yet.
    small: HashMap<Register, i16>,
    pub(super) starts: Vec<usize>,
    pub(super) fixups: Vec<Fixup>,
    node: NodeId,
    /// Set when something does not fit its operand.
    too_large: bool,
}

impl<'a> Encoder<'a> {
    fn run(function: &'a Function, layout: &'a Layout, links: Links<'a>, options: Options) -> Option<Self> {
        let mut encoder = Self {
            function,
            layout,
            links,
            fuse: options.fuse,
            ops: Vec::new(),
            nodes: Vec::new(),
            wide: Vec::new(),
            divisors: Vec::new(),
            known_wide: HashMap::new(),
            known_divisors: HashMap::new(),
            staging: 2,
            small: HashMap::new(),
            starts: Vec::with_capacity(function.blocks.len()),
            fixups: Vec::new(),
            node: function.node,
            too_large: false,
        };
        if options.count {
            // Before the first block, to which a loop may jump.
            encoder.emit(Op::CountCall);
        }
        for (number, block) in function.blocks.iter().enumerate() {
            encoder.starts.push(encoder.ops.len());
            encoder.small.clear();
            let fused = encoder.fused_comparison(block);
            let plain = block.instructions.len() - usize::from(fused.is_some());
            let mut rest = &block.instructions[..plain];
            while let [(node, instruction), after @ ..] = rest {
                encoder.node = *node;
                rest = if let Some(counting) = counting(&encoder, rest) {
                    encoder.count_entry(&counting);
                    &rest[counting.instructions..]
                } else {
                    encoder.instruction(instruction);
                    after
                };
            }
            encoder.node = block.node;
            encoder.terminator(&block.terminator, fused, BlockId(number as u32 + 1));
        }
        let resolved = encoder.resolve_jumps();
        (resolved && !encoder.too_large && layout.frame + encoder.staging < usize::from(Slot::MAX))
            .then_some(encoder)
    }

    /// Adds to an entry of a map in place.
    fn count_entry(&mut self, counting: &Counting) {
        let access = MapAccess::new(self.class(counting.key), Class::Int, true);
        let (map, key) = (self.to(counting.map), self.slot(counting.key));
        self.node = counting.node;
        self.emit(Op::MapCount { access, map, key, amount: counting.amount });
    }

    pub(super) fn emit(&mut self, op: Op) {
        self.ops.push(op);
        self.nodes.push(self.node);
    }

    /// Takes the last op back; what replaces it is reported at a node.
    pub(super) fn replace_last(&mut self, node: NodeId) {
        self.ops.pop();
        self.nodes.pop();
        self.node = node;
    }

    pub(super) fn class(&self, register: Register) -> Class {
        self.function.registers[register.0 as usize]
    }

    /// How often a register is read, if only one block uses it and writes it once.
    pub(super) fn single_block_reads(&self, register: Register) -> Option<u32> {
        self.layout.single_block_reads[register.0 as usize]
    }

    /// The slot of a register that is written.
    pub(super) fn to(&self, register: Register) -> Slot {
        self.layout.slots[register.0 as usize]
    }

    /// The slot of a register that is read; a pending constant is put there first.
    pub(super) fn slot(&mut self, register: Register) -> Slot {
        let slot = self.to(register);
        if let Some(value) = self.small.remove(&register) {
            self.emit(Op::Int { to: slot, value: value.into() });
        }
        slot
    }

    /// The constant that a register holds, when it fits an immediate.
    pub(super) fn immediate(&self, register: Register) -> Option<i16> {
        self.small.get(&register).copied()
    }

    /// The first staging slot; notes that so many from there are needed.
    fn stage(&mut self, slots: usize) -> Slot {
        self.staging = self.staging.max(slots);
        self.layout.frame as Slot
    }

    fn count(&mut self, count: usize) -> u16 {
        u16::try_from(count).unwrap_or_else(|_| {
            self.too_large = true;
            0
        })
    }

    #[expect(
        clippy::too_many_lines,
        reason = "one arm an instruction; what is long is a function of its own"
    )]
    fn instruction(&mut self, instruction: &Instruction) {
        match instruction {
            Instruction::Scalar { to, value } => self.scalar(*to, value),
            Instruction::Text { to, value } => self.emit(Op::Text { to: self.to(*to), constant: value.0 }),
            Instruction::Void { to } => self.emit(Op::Void { to: self.to(*to) }),
            Instruction::Move { to, from } => {
                let to = self.to(*to);
                self.pass(*from, to);
            }
            Instruction::Drop { register } => {
                let (class, slot) = (self.class(*register), self.to(*register));
                self.emit(Op::Drop { class, slot });
            }
            Instruction::Box { to, from } => {
                let to = self.to(*to);
                self.pass_boxed(*from, to);
            }
            Instruction::Unbox { to, from } => {
                let (class, to) = (self.class(*to), self.to(*to));
                let from = self.staged_unless_last(*from);
                self.emit(Op::Unbox { class, to, from });
            }
            Instruction::Convert { to, from, kind } => {
                let staging = self.stage(2);
                self.pass_boxed(*from, staging);
                let kind = self.count(kind.0 as usize);
                self.emit(Op::Convert { to: self.to(*to), from: staging, kind });
            }
            Instruction::IntArithmetic { operator, to, left, right } => {
                self.int_arithmetic(*operator, *to, *left, *right);
            }
            Instruction::FloatArithmetic { operator, to, left, right } => {
                let (left, right, to) = (self.slot(*left), self.slot(*right), self.to(*to));
                self.emit(match operator {
                    Arithmetic::Add => Op::AddFloat { to, left, right },
                    Arithmetic::Subtract => Op::SubtractFloat { to, left, right },
                    Arithmetic::Multiply => Op::MultiplyFloat { to, left, right },
                    Arithmetic::Divide => Op::DivideFloat { to, left, right },
                    Arithmetic::Remainder => Op::RemainderFloat { to, left, right },
                });
            }
            Instruction::DynamicBinary { operator, to, left, right } => {
                let operation = DynamicOperation::new(*operator, left.last, right.last);
                let (left, right, to) = (self.to(left.register), self.to(right.register), self.to(*to));
                self.emit(Op::DynamicBinary { operation, to, left, right });
            }
            Instruction::DynamicNegate { to, from } => {
                let from = self.staged_unless_last(*from);
                self.emit(Op::DynamicNegate { to: self.to(*to), from });
            }
            Instruction::Compare { comparison, compared, to, left, right } => {
                let (comparison, left, right, to) =
                    (*comparison, self.slot(*left), self.slot(*right), self.to(*to));
                self.emit(match compared {
                    Compared::Ints => Op::CompareInts { comparison, to, left, right },
                    Compared::Floats => Op::CompareFloats { comparison, to, left, right },
                    Compared::IntFloat => Op::CompareIntFloat { comparison, to, left, right },
                    Compared::Texts => Op::CompareTexts { comparison, to, left, right },
                    Compared::Dynamic => Op::CompareValues { comparison, to, left, right },
                });
            }
            Instruction::Unary { operator, to, from } => self.unary(*operator, *to, *from),
            Instruction::Concat { to, left, right } => {
                let int = self.class(*right) == Class::Int;
                let (right, to) = (self.slot(*right), self.to(*to));
                if left.last {
                    self.pass(*left, to);
                    self.emit(if int {
                        Op::AppendInt { text: to, right }
                    } else {
                        Op::Append { text: to, right }
                    });
                } else {
                    let left = self.to(left.register);
                    self.emit(if int {
                        Op::ConcatInt { to, left, right }
                    } else {
                        Op::Concat { to, left, right }
                    });
                }
            }
            Instruction::NewArray { to, elements } => {
                let from = self.pass_all_boxed(elements.iter());
                let count = self.count(elements.len());
                self.emit(Op::NewArray { to: self.to(*to), from, count });
            }
            Instruction::NewMap { to, entries } => {
                let from = self.pass_all_boxed(entries.iter().flat_map(|(key, value)| [key, value]));
                let count = self.count(entries.len());
                self.emit(Op::NewMap { to: self.to(*to), from, count });
            }
            Instruction::ArrayGet { to, array, index, take } => {
                let (class, index) = (self.class(*to), self.slot(*index));
                let (array, to) = (self.to(*array), self.to(*to));
                self.emit(match class {
                    Class::Int => Op::ArrayGetInt { to, array, index },
                    Class::Float => Op::ArrayGetFloat { to, array, index },
                    class if *take => Op::TakeElement { class, to, array, index },
                    class => Op::ArrayGet { class, to, array, index },
                });
            }
            Instruction::ArrayPush { to, array, value } => {
                let op = match self.class(value.register) {
                    Class::Int => |array, value| Op::ArrayPushInt { array, value },
                    Class::Float => |array, value| Op::ArrayPushFloat { array, value },
                    _ => |array, value| Op::ArrayPush { array, value },
                };
                let array = self.updated(*to, *array);
                let value = self.value_for_update(*value);
                self.emit(op(array, value));
            }
            Instruction::ArraySet { to, array, index, value } => {
                let op = match self.class(value.register) {
                    Class::Int => |array, index, value| Op::ArraySetInt { array, index, value },
                    Class::Float => |array, index, value| Op::ArraySetFloat { array, index, value },
                    _ => |array, index, value| Op::ArraySet { array, index, value },
                };
                let index = self.slot(*index);
                let array = self.updated(*to, *array);
                let value = self.value_for_update(*value);
                self.emit(op(array, index, value));
            }
            Instruction::MapContains { to, map, key } => {
                let class = self.class(*key);
                let (map, key, to) = (self.to(*map), self.slot(*key), self.to(*to));
                self.emit(Op::MapContains { class, to, map, key });
            }
            Instruction::MapGet { to, map, key, default, take } => {
                let access = MapAccess::new(self.class(*key), self.class(*to), default.is_some());
                let access = access.taking(*take);
                let dynamic = self.class(*map) == Class::Dynamic;
                let (object, key, to) = (self.to(*map), self.slot(*key), self.to(*to));
                if let Some(default) = default {
                    self.pass(*default, to);
                }
                self.emit(if dynamic {
                    Op::MapGetOfValue { access, to, object, key }
                } else {
                    Op::MapGet { access, to, map: object, key }
                });
            }
            Instruction::MapPut { to, map, key, value } => {
                let class = self.class(value.register);
                let class = if matches!(class, Class::Int | Class::Float) { class } else { Class::Dynamic };
                let access = MapAccess::new(self.class(*key), class, false);
                let key = self.slot(*key);
                let map = self.updated(*to, *map);
                let value = self.value_for_update(*value);
                self.emit(Op::MapPut { access, map, key, value });
            }
            Instruction::Field { to, object, field, take } => {
                let (class, key) = (self.class(*to), (self.links.fields)(*field));
                let (to, slot) = (self.to(*to), self.to(*object));
                self.emit(match (self.class(*object) == Class::Map, take) {
                    (true, false) => Op::Field { class, to, map: slot, key },
                    (true, true) => Op::TakeField { class, to, map: slot, key },
                    (false, false) => Op::FieldOfValue { class, to, object: slot, key },
                    (false, true) => Op::TakeFieldOfValue { class, to, object: slot, key },
                });
            }
            Instruction::Index { to, object, index, take } => {
                let (slot, index, to) = (self.to(*object), self.slot(*index), self.to(*to));
                self.emit(match (self.class(*object) == Class::Text, take) {
                    (true, _) => Op::TextIndex { to, text: slot, index },
                    (false, false) => Op::Index { to, object: slot, index },
                    (false, true) => Op::TakeIndex { to, object: slot, index },
                });
            }
            Instruction::Call { to, target, arguments } => self.call(*to, *target, arguments),
            Instruction::Try { to, function, arguments } => {
                let (function, arguments) = (self.to(*function), self.to(*arguments));
                self.emit(Op::Try { to: self.to(*to), function, arguments });
            }
            Instruction::CallBuiltin { to, builtin, arguments } => {
                self.pass_all_boxed(arguments.iter());
                let count = self.count(arguments.len());
                self.emit(Op::Builtin { to: self.to(*to), builtin: *builtin, count });
            }
            Instruction::CallHost { to, function, arguments } => {
                self.pass_all_boxed(arguments.iter());
                let number = (self.links.hosts)(*function);
                self.emit(Op::CallHost { to: self.to(*to), number });
            }
        }
    }

    fn scalar(&mut self, register: Register, value: &Literal) {
        let to = self.to(register);
        match value {
            Literal::Bool(value) => self.emit(Op::Int { to, value: i32::from(*value) }),
            Literal::Int(value) => match (i16::try_from(*value), i32::try_from(*value)) {
                (Ok(small), _) if self.single_block_reads(register).is_some() => {
                    self.small.insert(register, small);
                }
                (_, Ok(value)) => self.emit(Op::Int { to, value }),
                _ => self.wide(to, value.cast_unsigned()),
            },
            Literal::Float(value) => self.wide(to, value.to_bits()),
            Literal::Void | Literal::String(_) => unreachable!("these have instructions of their own"),
        }
    }

    fn wide(&mut self, to: Slot, bits: u64) {
        let constant = *self.known_wide.entry(bits).or_insert_with(|| {
            self.wide.push(bits);
            self.wide.len() as u32 - 1
        });
        self.emit(Op::Wide { to, constant });
    }

    fn int_arithmetic(&mut self, operator: Arithmetic, to: Register, left: Register, right: Register) {
        let to = self.to(to);
        let immediate = self.immediate(right);
        let swapped = self.immediate(left);
        match (operator, immediate, swapped) {
            (Arithmetic::Add, Some(value), _) => {
                self.with_immediate(left, |left| Op::AddImmediate { to, left, right: value });
            }
            (Arithmetic::Add, None, Some(value)) => {
                self.with_immediate(right, |left| Op::AddImmediate { to, left, right: value });
            }
            (Arithmetic::Subtract, Some(value), _) if value != i16::MIN => {
                self.with_immediate(left, |left| Op::AddImmediate { to, left, right: -value });
            }
            (Arithmetic::Multiply, Some(value), _) => {
                self.with_immediate(left, |left| Op::MultiplyImmediate { to, left, right: value });
            }
            (Arithmetic::Multiply, None, Some(value)) => {
                self.with_immediate(right, |left| Op::MultiplyImmediate { to, left, right: value });
            }
            (Arithmetic::Divide, Some(value), _) if value > 0 => {
                let divisor = self.divisor(value.into());
                self.with_immediate(left, |left| Op::DivideConstant { to, left, divisor });
            }
            (Arithmetic::Remainder, Some(value), _) if value > 0 => {
                let divisor = self.divisor(value.into());
                self.with_immediate(left, |left| Op::RemainderConstant { to, left, divisor });
            }
            _ => {
                let (left, right) = (self.slot(left), self.slot(right));
                self.emit(match operator {
                    Arithmetic::Add => Op::AddInt { to, left, right },
                    Arithmetic::Subtract => Op::SubtractInt { to, left, right },
                    Arithmetic::Multiply => Op::MultiplyInt { to, left, right },
                    Arithmetic::Divide => Op::DivideInt { to, left, right },
                    Arithmetic::Remainder => Op::RemainderInt { to, left, right },
                });
            }
        }
    }

    /// The number of a constant divisor, which is positive.
    fn divisor(&mut self, value: i64) -> u16 {
        // Immediates are positive and small, so that their number fits.
        *self.known_divisors.entry(value).or_insert_with(|| {
            self.divisors.extend(Divisor::new(value));
            self.divisors.len() as u16 - 1
        })
    }

    fn with_immediate(&mut self, left: Register, op: impl FnOnce(Slot) -> Op) {
        let left = self.slot(left);
        self.emit(op(left));
    }

    fn unary(&mut self, operator: Unary, to: Register, from: Register) {
        let class = self.class(from);
        let (from, to) = (self.slot(from), self.to(to));
        self.emit(match operator {
            Unary::NegateInt => Op::NegateInt { to, from },
            Unary::NegateFloat => Op::NegateFloat { to, from },
            Unary::IntToFloat => Op::IntToFloat { to, from },
            Unary::Not => Op::Not { to, from },
            Unary::Truth => Op::Truth { class, to, from },
            Unary::ToText => Op::ToText { class, to, from },
            Unary::TextLength | Unary::ArrayLength | Unary::MapLength => Op::Length { class, to, from },
            Unary::SquareRoot => Op::SquareRoot { to, from },
        });
    }

    fn call(&mut self, to: Register, target: Target, arguments: &[Operand]) {
        let to = self.to(to);
        match target {
            Target::Function(function) => {
                let slots: usize =
                    arguments.iter().map(|argument| self.class(argument.register).slots()).sum();
                let mut staging = self.stage(slots);
                for argument in arguments {
                    self.pass(*argument, staging);
                    // What goes beyond the last slot is found out at the end, when the frame is measured.
                    staging = staging.wrapping_add(self.class(argument.register).slots() as Slot);
                }
                let callee = (self.links.callees)(function);
                self.emit(if (self.links.is_host)(function) {
                    Op::CallOutside { to, callee }
                } else {
                    Op::Call { to, callee }
                });
            }
            Target::Named(name) => {
                let name = self.to(name);
                self.pass_all_boxed(arguments.iter());
                let count = self.count(arguments.len());
                self.emit(Op::CallNamed { to, name, count });
            }
        }
    }

    /// Moves or shares an operand into a slot of its class.
    fn pass(&mut self, operand: Operand, to: Slot) {
        if let Some(value) = self.immediate(operand.register) {
            self.emit(Op::Int { to, value: value.into() });
            return;
        }
        let from = self.to(operand.register);
        if from == to {
            return;
        }
        self.emit(match (self.class(operand.register), operand.last) {
            (Class::Bool | Class::Int | Class::Float, _) => Op::Move { to, from },
            (Class::Dynamic, true) => Op::GiveValue { to, from },
            (Class::Dynamic, false) => Op::ShareValue { to, from },
            (_, true) => Op::Give { to, from },
            (_, false) => Op::Share { to, from },
        });
    }

    /// Moves or shares an operand into a dynamic slot.
    fn pass_boxed(&mut self, operand: Operand, to: Slot) {
        let from = self.slot(operand.register);
        let op = match self.class(operand.register) {
            Class::Bool => Op::BoxScalar { tag: Tag::Bool, to, from },
            Class::Int => Op::BoxScalar { tag: Tag::Int, to, from },
            Class::Float => Op::BoxScalar { tag: Tag::Float, to, from },
            Class::Text => boxed(Tag::Text, operand.last, to, from),
            Class::Array => boxed(Tag::Array, operand.last, to, from),
            Class::Map => boxed(Tag::Map, operand.last, to, from),
            Class::Dynamic if operand.last => Op::GiveValue { to, from },
            Class::Dynamic => Op::ShareValue { to, from },
        };
        self.emit(op);
    }

    /// Lays out operands as dynamic values in staging; returns where they begin.
    fn pass_all_boxed<'b>(&mut self, operands: impl Iterator<Item = &'b Operand>) -> Slot {
        let start = self.stage(0);
        let mut slots = 0;
        for operand in operands {
            if slots + 2 > usize::from(Slot::MAX) - self.layout.frame {
                self.too_large = true;
                break;
            }
            self.pass_boxed(*operand, start + slots as Slot);
            slots += 2;
        }
        self.stage(slots);
        start
    }

    /// The slot of a dynamic operand that the op takes; in staging when the register keeps its value.
    fn staged_unless_last(&mut self, operand: Operand) -> Slot {
        if operand.last {
            return self.to(operand.register);
        }
        let staging = self.stage(2);
        self.pass_boxed(operand, staging);
        staging
    }

    /// The value that an update stores: in its slot when it is an int or a float, else dynamic, in staging.
    fn value_for_update(&mut self, operand: Operand) -> Slot {
        if matches!(self.class(operand.register), Class::Int | Class::Float) {
            return self.slot(operand.register);
        }
        let staging = self.stage(2);
        self.pass_boxed(operand, staging);
        staging
    }

    /// Brings a container to the slot where it is updated. It comes before the value, which may be the last use of the
    /// same register: operands are consumed in the order in which ownership was decided.
    fn updated(&mut self, to: Register, container: Operand) -> Slot {
        let to = self.to(to);
        self.pass(container, to);
        to
    }

    /// The comparison that ends a block and only decides its branch.
    pub(super) fn fused_comparison(
        &self,
        block: &alas_ir::Block,
    ) -> Option<(Comparison, Compared, Register, Register)> {
        let alas_ir::Terminator::Branch { condition, .. } = &block.terminator else { return None };
        let (_, Instruction::Compare { comparison, compared, to, left, right }) =
            block.instructions.last()?
        else {
            return None;
        };
        let fits = to == condition
            && self.single_block_reads(*to) == Some(1)
            && matches!(compared, Compared::Ints | Compared::Floats);
        fits.then_some((*comparison, *compared, *left, *right))
    }
}

fn boxed(tag: Tag, last: bool, to: Slot, from: Slot) -> Op {
    if last { Op::BoxGive { tag, to, from } } else { Op::BoxShare { tag, to, from } }
}
