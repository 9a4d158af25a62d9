//! The data of the intermediate representation.

use std::sync::Arc;

use alas_check::{Definitions, FunctionReference, Interface, Type};
use alas_library::Builtin;
use alas_syntax::{BinaryOperator, Literal, Locations, NodeId};

/// A lowered module.
#[derive(Debug, Clone)]
pub struct Ir {
    /// What the module declares; its functions and [`Ir::functions`] correspond.
    pub interface: Arc<Interface>,
    /// The modules that [`FunctionReference::module`] counts in.
    pub modules: Vec<Arc<Interface>>,
    /// The functions.
    pub functions: Vec<Function>,
    /// Text constants, and the names of fields.
    pub constants: Vec<Arc<str>>,
    /// The types that [`Instruction::Convert`] names.
    pub types: Vec<Type>,
    /// The struct and enum types behind them.
    pub definitions: Arc<Definitions>,
    /// Turns nodes into places.
    pub locations: Arc<Locations>,
}

/// A lowered function.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name.
    pub name: Arc<str>,
    /// The function's object.
    pub node: NodeId,
    /// The class of each register; the first ones are the parameters.
    pub registers: Vec<Class>,
    /// How many registers are parameters.
    pub parameters: usize,
    /// The class of the result; `Dynamic` for functions that return void.
    pub result: Class,
    /// The blocks; the first is the entry.
    pub blocks: Vec<Block>,
}

/// How a register holds its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// Zero or one.
    Bool,
    /// A 64-bit int.
    Int,
    /// A double.
    Float,
    /// A counted pointer to a text.
    Text,
    /// A counted pointer to an array.
    Array,
    /// A counted pointer to a map.
    Map,
    /// A tag and a payload: anything, void included.
    Dynamic,
}

impl Class {
    /// The class that holds values of a type.
    #[must_use]
    pub const fn of(kind: &Type) -> Self {
        match kind {
            Type::Bool => Self::Bool,
            Type::Int => Self::Int,
            Type::Float => Self::Float,
            Type::String | Type::Enum(_) => Self::Text,
            Type::Array(_) => Self::Array,
            Type::Map(_) | Type::Struct(_) => Self::Map,
            Type::Never | Type::Void | Type::Task | Type::Any => Self::Dynamic,
        }
    }

    /// Whether registers of the class own counts.
    #[must_use]
    pub const fn is_counted(self) -> bool {
        matches!(self, Self::Text | Self::Array | Self::Map | Self::Dynamic)
    }

    /// How many 64-bit slots a register of the class takes.
    #[must_use]
    pub const fn slots(self) -> usize {
        if matches!(self, Self::Dynamic) { 2 } else { 1 }
    }
}

/// Names a register of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Register(pub u32);

/// Names a block of a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BlockId(pub u32);

/// An index into [`Ir::constants`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConstantId(pub u32);

/// An index into [`Ir::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeId(pub u32);

/// A consumed operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operand {
    /// Where the value is.
    pub register: Register,
    /// Whether the register gives its count away. Means nothing for scalars.
    pub last: bool,
}

impl From<Register> for Operand {
    /// An operand whose ownership is not decided yet.
    fn from(register: Register) -> Self {
        Self { register, last: false }
    }
}

/// A run of instructions with one entry and one end.
#[derive(Debug, Clone)]
pub struct Block {
    /// The instructions and the nodes that their failures are reported at.
    pub instructions: Vec<(NodeId, Instruction)>,
    /// Where control goes.
    pub terminator: Terminator,
}

/// The end of a block.
#[derive(Debug, Clone, PartialEq)]
pub enum Terminator {
    /// Go on there.
    Jump {
        /// The next block.
        to: BlockId,
        /// Whether this closes a loop.
        back: bool,
    },
    /// Go one of two ways.
    Branch {
        /// A `Bool` register.
        condition: Register,
        /// The next block when it is true.
        then: BlockId,
        /// The next block when it is false.
        otherwise: BlockId,
        /// Whether the way to `then` closes a loop.
        back: bool,
    },
    /// Leave the function with a value of its result class.
    Return(Operand),
}

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
    ArrayGet { to: Register, array: Register, index: Register },
    /// The array with a value, of any class, at its end.
    ArrayPush { to: Register, array: Operand, value: Operand },
    /// The array with another element, of any class, at an `Int` position.
    ArraySet { to: Register, array: Operand, index: Register, value: Operand },
    /// The value of a key, which is an `Int`, `Text` or `Dynamic` register; without one the default, which has the
    /// class of `to`, or a failure.
    MapGet { to: Register, map: Register, key: Register, default: Option<Operand> },
    /// The map with a value, of any class, for a key.
    MapPut { to: Register, map: Operand, key: Register, value: Operand },
    /// The value of a constant key. The object is a `Map` or `Dynamic` register.
    Field { to: Register, object: Register, field: ConstantId },
    /// An element, character or entry of a `Dynamic` or `Text` object at a `Dynamic` or `Int` position.
    Index { to: Register, object: Register, index: Register },
    /// A call.
    Call { to: Register, target: Target, arguments: Vec<Operand> },
    /// A call of the named function with the elements of an array, whose outcome becomes a Result map.
    Try { to: Register, function: Register, arguments: Register },
    /// A call of a standard function with arguments of any classes; the result is `Dynamic`.
    CallBuiltin { to: Register, builtin: Builtin, arguments: Vec<Operand> },
}

impl Instruction {
    /// The register that the instruction writes.
    #[must_use]
    pub const fn written(&self) -> Option<Register> {
        match self {
            Self::Drop { .. } => None,
            Self::Scalar { to, .. }
            | Self::Text { to, .. }
            | Self::Void { to }
            | Self::Move { to, .. }
            | Self::Box { to, .. }
            | Self::Unbox { to, .. }
            | Self::Convert { to, .. }
            | Self::IntArithmetic { to, .. }
            | Self::FloatArithmetic { to, .. }
            | Self::DynamicBinary { to, .. }
            | Self::DynamicNegate { to, .. }
            | Self::Compare { to, .. }
            | Self::Unary { to, .. }
            | Self::Concat { to, .. }
            | Self::NewArray { to, .. }
            | Self::NewMap { to, .. }
            | Self::ArrayGet { to, .. }
            | Self::ArrayPush { to, .. }
            | Self::ArraySet { to, .. }
            | Self::MapGet { to, .. }
            | Self::MapPut { to, .. }
            | Self::Field { to, .. }
            | Self::Index { to, .. }
            | Self::Call { to, .. }
            | Self::Try { to, .. }
            | Self::CallBuiltin { to, .. } => Some(*to),
        }
    }

    /// The register that the instruction writes, to be renamed.
    pub(crate) fn written_mut(&mut self) -> Option<&mut Register> {
        match self {
            Self::Drop { .. } => None,
            Self::Scalar { to, .. }
            | Self::Text { to, .. }
            | Self::Void { to }
            | Self::Move { to, .. }
            | Self::Box { to, .. }
            | Self::Unbox { to, .. }
            | Self::Convert { to, .. }
            | Self::IntArithmetic { to, .. }
            | Self::FloatArithmetic { to, .. }
            | Self::DynamicBinary { to, .. }
            | Self::DynamicNegate { to, .. }
            | Self::Compare { to, .. }
            | Self::Unary { to, .. }
            | Self::Concat { to, .. }
            | Self::NewArray { to, .. }
            | Self::NewMap { to, .. }
            | Self::ArrayGet { to, .. }
            | Self::ArrayPush { to, .. }
            | Self::ArraySet { to, .. }
            | Self::MapGet { to, .. }
            | Self::MapPut { to, .. }
            | Self::Field { to, .. }
            | Self::Index { to, .. }
            | Self::Call { to, .. }
            | Self::Try { to, .. }
            | Self::CallBuiltin { to, .. } => Some(to),
        }
    }

    /// Visits the registers that the instruction borrows, scalars included.
    pub fn borrowed(&self, mut visit: impl FnMut(Register)) {
        match self {
            Self::IntArithmetic { left, right, .. }
            | Self::FloatArithmetic { left, right, .. }
            | Self::Compare { left, right, .. } => {
                visit(*left);
                visit(*right);
            }
            Self::Unary { from, .. } => visit(*from),
            Self::Concat { right, .. } => visit(*right),
            Self::ArrayGet { array, index, .. } => {
                visit(*array);
                visit(*index);
            }
            Self::ArraySet { index, .. } => visit(*index),
            Self::MapGet { map, key, .. } => {
                visit(*map);
                visit(*key);
            }
            Self::MapPut { key, .. } => visit(*key),
            Self::Field { object, .. } => visit(*object),
            Self::Index { object, index, .. } => {
                visit(*object);
                visit(*index);
            }
            Self::Call { target: Target::Named(name), .. } => visit(*name),
            Self::Try { function, arguments, .. } => {
                visit(*function);
                visit(*arguments);
            }
            _ => {}
        }
    }

    /// Visits the operands that the instruction consumes, in the order in which it takes them.
    pub fn consumed(&self, mut visit: impl FnMut(&Operand)) {
        // One list serves both visitors; the copy is as cheap as a second match would be long.
        let mut copy = self.clone();
        copy.consumed_mut(|operand| visit(operand));
    }

    /// Visits the operands that the instruction consumes, to decide their ownership.
    pub fn consumed_mut(&mut self, mut visit: impl FnMut(&mut Operand)) {
        match self {
            Self::Move { from, .. }
            | Self::Box { from, .. }
            | Self::Unbox { from, .. }
            | Self::Convert { from, .. }
            | Self::DynamicNegate { from, .. } => visit(from),
            Self::DynamicBinary { left, right, .. } => {
                visit(left);
                visit(right);
            }
            Self::Concat { left, .. } => visit(left),
            Self::ArrayPush { array, value, .. } | Self::ArraySet { array, value, .. } => {
                visit(array);
                visit(value);
            }
            Self::MapPut { map, value, .. } => {
                visit(map);
                visit(value);
            }
            Self::MapGet { default: Some(default), .. } => visit(default),
            Self::NewArray { elements, .. } => elements.iter_mut().for_each(visit),
            Self::NewMap { entries, .. } => {
                for (key, value) in entries {
                    visit(key);
                    visit(value);
                }
            }
            Self::Call { arguments, .. } | Self::CallBuiltin { arguments, .. } => {
                arguments.iter_mut().for_each(visit)
            }
            _ => {}
        }
    }
}
