//! The typed tree: every name resolved, every expression typed, every conversion explicit.

use std::sync::Arc;

use alas_syntax::{BinaryOperator, Diagnostic, Literal, Locations, NodeId, UnaryOperator};

use crate::{Definitions, Interface, Type};

pub use alas_library::Builtin;

/// A module that has passed every check.
#[derive(Debug, Clone)]
pub struct Typed {
    /// What it declares.
    pub interface: Arc<Interface>,
    /// The other modules that it calls, each once; [`FunctionReference::module`] counts in this list.
    pub modules: Vec<Arc<Interface>>,
    /// Its functions, in the order of [`Interface::functions`].
    pub functions: Vec<Function>,
    /// The struct and enum types that its checks may name.
    pub definitions: Arc<Definitions>,
    /// Turns node ids into places.
    pub locations: Arc<Locations>,
    /// Findings that do not stop the program.
    pub warnings: Vec<Diagnostic>,
}

/// A function, ready to be lowered.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name.
    pub name: Arc<str>,
    /// The function's object.
    pub node: NodeId,
    /// Its parameters, then its other variables.
    pub locals: Vec<Local>,
    /// How many of the locals are parameters.
    pub parameter_count: usize,
    /// The declared result, or `any`.
    pub returns: Type,
    /// Its statements; `None` for a function that the host implements.
    pub body: Option<Vec<Statement>>,
}

/// A parameter or variable of a function.
///
/// A parameter to which the body assigns a value of another type is wider here than its declared type.
#[derive(Debug, Clone)]
pub struct Local {
    /// Its name.
    pub name: Arc<str>,
    /// A type that fits every value it ever holds.
    pub kind: Type,
}

/// An index into [`Function::locals`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalId(pub u32);

/// A statement and its place.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The statement's object.
    pub node: NodeId,
    /// What it does.
    pub kind: StatementKind,
}

/// The kinds of statements.
#[derive(Debug, Clone)]
pub enum StatementKind {
    /// Bind a variable. The variable's type is the join of all that is assigned to it, so the value's type
    /// may be narrower, for example `int` where the variable is `any`; that needs no check, only another
    /// representation.
    Assign(LocalId, Expression),
    /// Condition, body when true, body when false.
    If(Expression, Vec<Statement>, Vec<Statement>),
    /// A loop; a `while` has neither `init` nor `update`.
    Loop {
        /// Runs once, before.
        init: Option<Box<Statement>>,
        /// Decides before each round.
        condition: Expression,
        /// Runs after each round.
        update: Option<Box<Statement>>,
        /// The round.
        body: Vec<Statement>,
    },
    /// Leave the function; the value has the function's result type. Without a value: `void`.
    Return(Option<Expression>),
    /// Evaluate and discard.
    Discard(Expression),
}

/// An expression, its type and its place.
#[derive(Debug, Clone)]
pub struct Expression {
    /// The expression's object.
    pub node: NodeId,
    /// A type that fits every value it can yield.
    pub kind: Type,
    /// What it computes.
    pub value: ExpressionKind,
}

/// The kinds of expressions.
#[derive(Debug, Clone)]
pub enum ExpressionKind {
    /// A constant. A string that stands where an enum is declared has that enum's type.
    Literal(Literal),
    /// A variable that is assigned on every path to here.
    Variable(LocalId),
    /// Any operator but `&&` and `||` has operands of types that it accepts, as far as they are known.
    Binary(BinaryOperator, Box<Expression>, Box<Expression>),
    /// An operator before its operand.
    Unary(UnaryOperator, Box<Expression>),
    /// A call of a function that is written in the language; the arguments have the types that its parameters
    /// declare.
    Call(FunctionReference, Vec<Expression>),
    /// A call of a standard function; the count of arguments fits its signature. The types of arguments are
    /// as inferred: the function itself checks what was not known, and an `int` may stand where it takes a
    /// `float`.
    Builtin(Builtin, Vec<Callee>, Vec<Expression>),
    /// An array of these elements, each of the element type, or of any type when that is `any`. Where an
    /// array type is declared, the literal has that type, so that `[]` is an `array<int>` there.
    Array(Vec<Expression>),
    /// A map of these keys and values, in order. A key is a string, int, float, bool, or `any`. Its type is a
    /// struct where one is declared and the keys are literals: it then has exactly the declared fields, each
    /// of its type, in the order of the text.
    Map(Vec<(Expression, Expression)>),
    /// An element, character or entry.
    Index(Box<Expression>, Box<Expression>),
    /// A map's entry by name.
    Field(Box<Expression>, Arc<str>),
    /// The operand, made to fit [`Expression::kind`]: an int widened to a float, or a dynamic value checked.
    /// The place of a failure is the node of this expression.
    Convert(Box<Expression>),
}

/// Names a function of this module or of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct FunctionReference {
    /// `None`: this module. Otherwise an index into [`Typed::modules`].
    pub module: Option<u32>,
    /// An index into [`Interface::functions`] of that module.
    pub function: u32,
}

/// How a higher-order builtin (`array.map`, `result.try`, …) finds the function that its text argument names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Callee {
    /// The name is a literal: this function, whose parameter count was checked.
    Known(FunctionReference),
    /// The name is computed: it is looked up among the module's functions when the call runs.
    Dynamic,
}
