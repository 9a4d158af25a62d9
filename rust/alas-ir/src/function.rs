//! The data of the intermediate representation, but for the instructions.

use std::sync::Arc;

use alas_check::{Definitions, Interface, Type};
use alas_syntax::{Locations, NodeId};

use crate::Instruction;

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
    /// Whether the host implements it; it then consists of one [`Instruction::CallHost`].
    pub is_host: bool,
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
    /// The node that a failure there is reported at: for the way round a loop, the loop.
    pub node: NodeId,
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
