//! The instructions of the intermediate representation.

use alas_check::FunctionReference;
use alas_library::Builtin;
use alas_syntax::{BinaryOperator, Literal};

use crate::{ConstantId, Operand, Register, TypeId};

/// An operation on two numbers of one class that gives one of that class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    /// Wraps for ints.
    Add,
    /// Wraps for ints.
    Subtract,
    /// Wraps for ints.
    Multiply,
    /// Fails on zero; ints truncate.
    Divide,
    /// Fails on zero; takes the sign of the left operand.
    Remainder,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What a comparison compares; it borrows both sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared {
    /// Two `Bool` or two `Int` registers.
    Ints,
    /// Two `Float` registers.
    Floats,
    /// An `Int` and a `Float` register, exactly.
    IntFloat,
    /// Two `Text` registers.
    Texts,
    /// Two `Dynamic` registers. Kinds without an order fail.
    Dynamic,
}

/// An operation on one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unary {
    /// `Int` to `Int`, wrapping.
    NegateInt,
    /// `Float` to `Float`.
    NegateFloat,
    /// `Int` to `Float`.
    IntToFloat,
    /// `Bool` to `Bool`.
    Not,
    /// Any class to `Bool`; borrows.
    Truth,
    /// Any class to `Text`: the text of the value; borrows.
    ToText,
    /// `Text` to `Int`: how many characters; borrows.
    TextLength,
    /// `Array` to `Int`: how many elements; borrows.
    ArrayLength,
    /// `Map` to `Int`: how many entries; borrows.
    MapLength,
    /// `Float` to `Float`; of a negative number it fails.
    SquareRoot,
}

/// What a call calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// This function; the arguments have the classes of its parameters, the result that of its result.
    Function(FunctionReference),
    /// The function of the module that the text in this borrowed register names. Arguments are checked against its
    /// parameters, and the result is `Dynamic`.
    Named(Register),
}

/// An instruction. `to` is the register that it writes.
///
/// With `take`, whatever happens next to the container that is read is that the place is written or the container is
/// dropped: the value may be moved out of a container that has no other holder (see [`crate::taking`]).
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the fields are named after their roles, which the variants explain")]
pub enum Instruction {
    /// A scalar constant.
    Scalar { to: Register, value: Literal },
    /// A text constant.
    Text { to: Register, value: ConstantId },
    /// Void, in a `Dynamic` register.
    Void { to: Register },
    /// The same value in another register of the same class.
    Move { to: Register, from: Operand },
    /// Give up what a counted register owns.
    Drop { register: Register },
    /// Put a value of any class into a `Dynamic` register.
    Box { to: Register, from: Operand },
    /// Take a value of known kind out of a `Dynamic` register.
    Unbox { to: Register, from: Operand },
    /// Make a value of any class fit a type, or fail.
    Convert { to: Register, from: Operand, kind: TypeId },
    /// Arithmetic on ints.
    IntArithmetic { operator: Arithmetic, to: Register, left: Register, right: Register },
    /// Arithmetic on floats.
    FloatArithmetic { operator: Arithmetic, to: Register, left: Register, right: Register },
    /// A binary operator but comparisons, `&&` and `||`, on `Dynamic` registers.
    DynamicBinary { operator: BinaryOperator, to: Register, left: Operand, right: Operand },
    /// `-` on a `Dynamic` register.
    DynamicNegate { to: Register, from: Operand },
    /// A comparison; `to` is a `Bool` register.
    Compare { comparison: Comparison, compared: Compared, to: Register, left: Register, right: Register },
    /// An operation on one operand.
    Unary { operator: Unary, to: Register, from: Register },
    /// Two texts, one after the other. The right one may be an `Int`, whose text is meant.
    Concat { to: Register, left: Operand, right: Register },
    /// An array of these elements, of any classes.
    NewArray { to: Register, elements: Vec<Operand> },
    /// A map of these keys and values, of any classes.
    NewMap { to: Register, entries: Vec<(Operand, Operand)> },
    /// The element at an `Int` position; `to` has the class of the elements.
    ArrayGet { to: Register, array: Register, index: Register, take: bool },
    /// The array with a value, of any class, at its end.
    ArrayPush { to: Register, array: Operand, value: Operand },
    /// The array with another element, of any class, at an `Int` position.
    ArraySet { to: Register, array: Operand, index: Register, value: Operand },
    /// Whether the map has a key, which is an `Int`, `Text` or `Dynamic` register; `to` is a `Bool` register.
    MapContains { to: Register, map: Register, key: Register },
    /// The value of a key, which is an `Int`, `Text` or `Dynamic` register; without one the default, which has the
    /// class of `to`, or a failure. The map is a `Map` or `Dynamic` register.
    MapGet { to: Register, map: Register, key: Register, default: Option<Operand>, take: bool },
    /// The map with a value, of any class, for a key.
    MapPut { to: Register, map: Operand, key: Register, value: Operand },
    /// The value of a constant key. The object is a `Map` or `Dynamic` register.
    Field { to: Register, object: Register, field: ConstantId, take: bool },
    /// An element, character or entry of a `Dynamic` or `Text` object at a `Dynamic` or `Int` position.
    Index { to: Register, object: Register, index: Register, take: bool },
    /// A call.
    Call { to: Register, target: Target, arguments: Vec<Operand> },
    /// A call of the named function with the elements of an array, whose outcome becomes a Result map.
    Try { to: Register, function: Register, arguments: Register },
    /// A call of a standard function with arguments of any classes; the result is `Dynamic`.
    CallBuiltin { to: Register, builtin: Builtin, arguments: Vec<Operand> },
    /// A call of what the host implements this function of the module with, with arguments of any classes; `to` has the
    /// class of the function's result, which the outcome is checked against.
    CallHost { to: Register, function: u32, arguments: Vec<Operand> },
}

/// The one register that an instruction writes.
macro_rules! written {
    ($instruction:expr) => {
        match $instruction {
            Instruction::Drop { .. } => None,
            Instruction::Scalar { to, .. }
            | Instruction::Text { to, .. }
            | Instruction::Void { to }
            | Instruction::Move { to, .. }
            | Instruction::Box { to, .. }
            | Instruction::Unbox { to, .. }
            | Instruction::Convert { to, .. }
            | Instruction::IntArithmetic { to, .. }
            | Instruction::FloatArithmetic { to, .. }
            | Instruction::DynamicBinary { to, .. }
            | Instruction::DynamicNegate { to, .. }
            | Instruction::Compare { to, .. }
            | Instruction::Unary { to, .. }
            | Instruction::Concat { to, .. }
            | Instruction::NewArray { to, .. }
            | Instruction::NewMap { to, .. }
            | Instruction::ArrayGet { to, .. }
            | Instruction::ArrayPush { to, .. }
            | Instruction::ArraySet { to, .. }
            | Instruction::MapContains { to, .. }
            | Instruction::MapGet { to, .. }
            | Instruction::MapPut { to, .. }
            | Instruction::Field { to, .. }
            | Instruction::Index { to, .. }
            | Instruction::Call { to, .. }
            | Instruction::Try { to, .. }
            | Instruction::CallBuiltin { to, .. }
            | Instruction::CallHost { to, .. } => Some(to),
        }
    };
}

/// Visits the registers that an instruction borrows, by reference or by mutable reference.
macro_rules! each_borrowed {
    ($instruction:expr, $visit:ident) => {
        match $instruction {
            Instruction::IntArithmetic { left, right, .. }
            | Instruction::FloatArithmetic { left, right, .. }
            | Instruction::Compare { left, right, .. } => {
                $visit(left);
                $visit(right);
            }
            Instruction::Unary { from, .. } => $visit(from),
            Instruction::Concat { right, .. } => $visit(right),
            Instruction::ArrayGet { array: object, index, .. }
            | Instruction::MapContains { map: object, key: index, .. }
            | Instruction::MapGet { map: object, key: index, .. }
            | Instruction::Index { object, index, .. } => {
                $visit(object);
                $visit(index);
            }
            Instruction::ArraySet { index, .. } => $visit(index),
            Instruction::MapPut { key, .. } => $visit(key),
            Instruction::Field { object, .. } => $visit(object),
            Instruction::Call { target: Target::Named(name), .. } => $visit(name),
            Instruction::Try { function, arguments, .. } => {
                $visit(function);
                $visit(arguments);
            }
            _ => {}
        }
    };
}

/// Visits the operands that an instruction consumes, in the order in which it takes them.
macro_rules! each_consumed {
    ($instruction:expr, $visit:ident) => {
        match $instruction {
            Instruction::Move { from, .. }
            | Instruction::Box { from, .. }
            | Instruction::Unbox { from, .. }
            | Instruction::Convert { from, .. }
            | Instruction::DynamicNegate { from, .. } => $visit(from),
            Instruction::DynamicBinary { left, right, .. } => {
                $visit(left);
                $visit(right);
            }
            Instruction::Concat { left, .. } => $visit(left),
            Instruction::ArrayPush { array: container, value, .. }
            | Instruction::ArraySet { array: container, value, .. }
            | Instruction::MapPut { map: container, value, .. } => {
                $visit(container);
                $visit(value);
            }
            Instruction::MapGet { default: Some(default), .. } => $visit(default),
            Instruction::NewMap { entries, .. } => {
                for (key, value) in entries {
                    $visit(key);
                    $visit(value);
                }
            }
            Instruction::NewArray { elements: operands, .. }
            | Instruction::Call { arguments: operands, .. }
            | Instruction::CallBuiltin { arguments: operands, .. }
            | Instruction::CallHost { arguments: operands, .. } => {
                for operand in operands {
                    $visit(operand);
                }
            }
            _ => {}
        }
    };
}

impl Instruction {
    /// The register that the instruction writes.
    #[must_use]
    pub fn written(&self) -> Option<Register> {
        written!(self).copied()
    }

    /// The register that the instruction writes, to be renamed.
    pub(crate) fn written_mut(&mut self) -> Option<&mut Register> {
        written!(self)
    }

    /// Visits the registers that the instruction borrows, scalars included.
    pub fn borrowed(&self, mut visit: impl FnMut(Register)) {
        let mut visit = |register: &Register| visit(*register);
        each_borrowed!(self, visit);
    }

    /// Visits the registers that the instruction borrows, to be renamed.
    pub(crate) fn borrowed_mut(&mut self, mut visit: impl FnMut(&mut Register)) {
        each_borrowed!(self, visit);
    }

    /// Visits the operands that the instruction consumes, in the order in which it takes them.
    pub fn consumed(&self, mut visit: impl FnMut(&Operand)) {
        each_consumed!(self, visit);
    }

    /// Visits the operands that the instruction consumes, to decide their ownership.
    pub(crate) fn consumed_mut(&mut self, mut visit: impl FnMut(&mut Operand)) {
        each_consumed!(self, visit);
    }
}
