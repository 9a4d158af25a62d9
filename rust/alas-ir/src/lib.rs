//! The intermediate representation, and how a typed module becomes one.
//!
//! Takes an [`alas_check::Typed`], gives an [`Ir`]. For each function:
//!
//! 1. [`lower`] turns statements and expressions into blocks of three-address instructions over typed registers, and
//!    the higher-order builtins into loops, so that no standard function ever calls back into the engine;
//! 2. [`reuse`] lets a place that is read twice be read once;
//! 3. [`ownership`] decides where each counted value is moved, shared or dropped;
//! 4. [`taking`] finds the reads that may take a value out of its container, so that it can be updated in place.
//!
//! # What a consumer may rely on
//!
//! The interpreter is one consumer; a compiler is meant to be another. Both may rely on this:
//!
//! * A register has one [`Class`] for its whole life, and its value is of that class whenever it is read.
//! * A scalar register (`Bool`, `Int`, `Float`) is written before it is read on every path.
//! * A counted register (`Text`, `Array`, `Map`, `Dynamic`) is empty or owns one count. All of them start empty, except
//!   parameters, which own what the caller passed. An instruction that writes one finds it empty.
//! * An [`Operand`] is consumed: with `last`, its count moves into the instruction and the register is empty
//!   afterwards; without, the instruction takes a count of its own. A plain [`Register`] in an operand's place is only
//!   borrowed. [`Instruction::Drop`] of an empty register does nothing.
//! * Operands are consumed in the order in which [`Instruction::consumed`] visits them: of a register that appears
//!   several times, the last appearance gives the count away. What a failing instruction has not consumed
//!   is still in the registers, and is released with the frame.
//! * When [`Terminator::Return`] runs, no counted register of the frame owns anything but the result.
//! * A read with `take` may move the value out and leave void in its place, if its container has no other holder;
//!   ignoring `take` costs copies and changes nothing else.
//! * A `Jump` or `Branch` whose `back` is set is the only way round a loop; the consumer polls for interruption and
//!   counts a step there and when a function calls another, and nowhere else, so that every tier counts the same. The
//!   call from the host is free.
//! * Every instruction, and the end of every block, carries the node that a failure is reported at.
//!
//! What a consumer must not rely on: the order of blocks beyond the first being the entry, and registers being
//! assigned only once.
#![forbid(unsafe_code)]

mod builder;
mod display;
mod function;
mod instruction;
mod lower;
mod ownership;
mod places;
mod reuse;
mod taking;

pub use function::{Block, BlockId, Class, ConstantId, Function, Ir, Operand, Register, Terminator, TypeId};
pub use instruction::{Arithmetic, Compared, Comparison, Instruction, Target, Unary};
pub use lower::lower;
