//! The syntax tree: what the author wrote, with defaults filled in and nothing resolved.
//!
//! What could not be understood has a finding, and a placeholder in the tree: [`Invalid`] for a statement or
//! expression, [`TypeName::Invalid`], [`Definition::Invalid`], a [`Name`] that is not known, a [`List`] that is not
//! complete. Where there is no error, there are no placeholders.

use std::ops::Deref;
use std::sync::Arc;

use crate::findings::Findings;
use crate::{Diagnostic, Locations, NodeId};

/// A parsed module, where its nodes stand, and what parsing found.
#[derive(Debug, Clone)]
pub struct Syntax {
    /// The module.
    pub module: Module,
    /// Turns the node ids of the tree into places.
    pub locations: Arc<Locations>,
    /// Errors and warnings.
    pub findings: Findings,
}

impl Syntax {
    /// What parsing found, by position.
    #[must_use]
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        self.findings.clone().into_diagnostics(&self.locations)
    }
}

/// Things of one kind, in the order of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T> {
    /// Those that were understood.
    pub items: Vec<T>,
    /// Whether these are all. Otherwise a finding says what is wrong with the others.
    pub complete: bool,
}

impl<'l, T> IntoIterator for &'l List<T> {
    type Item = &'l T;
    type IntoIter = std::slice::Iter<'l, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T> Deref for List<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

/// A module: the unit that is loaded, checked and imported.
#[derive(Debug, Clone)]
pub struct Module {
    /// The object of the module itself.
    pub node: NodeId,
    /// Its name, which may hold dots and dashes.
    pub name: Name,
    /// The functions that other modules may call; empty when there is no `exports`.
    pub exports: List<Name>,
    /// The modules that it names in `imports`.
    pub imports: List<Name>,
    /// Its type definitions.
    pub types: List<TypeDefinition>,
    /// Its functions, in the order of the text.
    pub functions: List<Function>,
}

/// A name and the node of the JSON string that holds it.
#[derive(Debug, Clone)]
pub struct Name {
    /// The string's node; where the name is not known, that of the object which should have it.
    pub node: NodeId,
    /// The name itself. That of a module, function, type, parameter or field is empty where it is not known.
    pub text: Arc<str>,
}

impl Name {
    /// Whether the name of a module, function, type, parameter or field is missing or wrong, which a finding says.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.text.is_empty()
    }
}

/// A named type of a module.
#[derive(Debug, Clone)]
pub struct TypeDefinition {
    /// The definition's object.
    pub node: NodeId,
    /// The name that it defines.
    pub name: Name,
    /// What the name stands for.
    pub definition: Definition,
}

/// What a named type stands for.
#[derive(Debug, Clone)]
pub enum Definition {
    /// A map with exactly these fields.
    Struct(Structure),
    /// A string out of a set.
    Enum(Enumeration),
    /// Another name for a type.
    Alias(TypeExpression),
    /// It was not understood.
    Invalid,
}

/// The fields of a struct type, in the order of the text.
#[derive(Debug, Clone)]
pub struct Structure {
    /// Name and type of each field.
    pub fields: List<Parameter>,
}

/// The values of an enum type, in the order of the text.
#[derive(Debug, Clone)]
pub struct Enumeration {
    /// The strings that belong to the type. Any text is allowed here.
    pub values: List<Name>,
}

/// A type as it is written, for example `array<map<int>>`.
#[derive(Debug, Clone)]
pub struct TypeExpression {
    /// The JSON string that holds the type.
    pub node: NodeId,
    /// The type, its names not resolved yet.
    pub kind: TypeName,
}

/// The shape of a written type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeName {
    /// `int`, `Point`, or plain `array` and `map`.
    Named(Arc<str>),
    /// `array<T>`.
    Array(Box<TypeName>),
    /// `map<T>`.
    Map(Box<TypeName>),
    /// It was not understood.
    Invalid,
}

/// A function of a module.
#[derive(Debug, Clone)]
pub struct Function {
    /// The function's object.
    pub node: NodeId,
    /// Its name.
    pub name: Name,
    /// Its parameters, in order.
    pub parameters: List<Parameter>,
    /// The declared return type; without one the function may return anything.
    pub returns: Option<TypeExpression>,
    /// Its statements; `None` for a function that the host implements.
    pub body: Option<Vec<Statement>>,
}

impl Function {
    /// Its statements; none for a function that the host implements.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        self.body.as_deref().unwrap_or_default()
    }
}

/// A parameter of a function, or a field of a struct type.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The object with `name` and `type`.
    pub node: NodeId,
    /// Its name.
    pub name: Name,
    /// Its declared type.
    pub declared: TypeExpression,
}

/// A statement.
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
    /// Evaluate `value` and bind the function-local variable `target` to it.
    Assign {
        /// The variable.
        target: Name,
        /// The expression.
        value: Expression,
    },
    /// Run one of two bodies.
    If {
        /// Decides by its truth.
        condition: Expression,
        /// Runs when the condition is true.
        then: Vec<Statement>,
        /// Runs when it is false; empty when there is no `else`.
        otherwise: Vec<Statement>,
    },
    /// Run the body as long as the condition is true.
    While {
        /// Evaluated before each round.
        condition: Expression,
        /// The round.
        body: Vec<Statement>,
    },
    /// `init` once; then, as long as the condition is true, `body` and `update`.
    For {
        /// An assignment or expression statement.
        init: Option<Box<Statement>>,
        /// Evaluated before each round.
        condition: Expression,
        /// An assignment or expression statement.
        update: Option<Box<Statement>>,
        /// The round.
        body: Vec<Statement>,
    },
    /// Leave the function.
    Return {
        /// The result; `void` without one.
        value: Option<Expression>,
    },
    /// Evaluate and discard.
    Expression {
        /// The expression.
        value: Expression,
    },
    /// It was not understood.
    Invalid(Invalid),
}

/// Stands for a statement or expression that was not understood, which a finding says.
#[derive(Debug, Clone, Default)]
pub struct Invalid {
    /// The names that stand in the parts that were not understood: it may have bound variables to them.
    pub names: Vec<Arc<str>>,
    /// The parts that were understood, expressions as statements.
    pub parts: Vec<Statement>,
}

/// An expression.
#[derive(Debug, Clone)]
pub struct Expression {
    /// The expression's object.
    pub node: NodeId,
    /// What it computes.
    pub kind: ExpressionKind,
}

/// The kinds of expressions.
#[derive(Debug, Clone)]
pub enum ExpressionKind {
    /// A constant.
    Literal(Literal),
    /// The value of a local variable or parameter.
    Variable(Name),
    /// An operator between two operands.
    Binary {
        /// The operator.
        operator: BinaryOperator,
        /// Evaluated first.
        left: Box<Expression>,
        /// Evaluated second, if at all.
        right: Box<Expression>,
    },
    /// An operator before one operand.
    Unary {
        /// The operator.
        operator: UnaryOperator,
        /// The operand.
        operand: Box<Expression>,
    },
    /// A call of a function of the same module.
    Call {
        /// The function's name.
        name: Name,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
    /// A call of an exported function of an imported module.
    ModuleCall {
        /// The module's name.
        module: Name,
        /// The function's name.
        name: Name,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
    /// A call of a standard function, or of a function of any available plugin, by its full name.
    Builtin {
        /// `namespace.function`.
        name: Name,
        /// Its arguments.
        arguments: Vec<Expression>,
    },
    /// An array of these elements.
    Array(Vec<Expression>),
    /// A map of these entries, in order; a later key replaces an earlier one's value.
    Map(Vec<MapPair>),
    /// An element of an array, a character of a string, an entry of a map.
    Index {
        /// The array, string or map.
        object: Box<Expression>,
        /// The position or key.
        index: Box<Expression>,
    },
    /// A map's entry by a name that is known in advance.
    Field {
        /// The map.
        object: Box<Expression>,
        /// The name; any text.
        field: Name,
    },
    /// It was not understood.
    Invalid(Invalid),
}

/// One entry of a map literal.
#[derive(Debug, Clone)]
pub struct MapPair {
    /// The object with `key` and `value`.
    pub node: NodeId,
    /// Evaluated first.
    pub key: Expression,
    /// Evaluated second.
    pub value: Expression,
}

/// A constant.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// JSON `null`.
    Void,
    /// `true` or `false`.
    Bool(bool),
    /// A JSON number without fraction and exponent.
    Int(i64),
    /// Any other JSON number.
    Float(f64),
    /// A string, its escapes decoded.
    String(Arc<str>),
}

/// The operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
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
    /// `&&`
    And,
    /// `||`
    Or,
}

impl BinaryOperator {
    /// Every operator, in the order of the language reference.
    pub const ALL: [Self; 13] = [
        Self::Add,
        Self::Subtract,
        Self::Multiply,
        Self::Divide,
        Self::Remainder,
        Self::Equal,
        Self::NotEqual,
        Self::Less,
        Self::LessOrEqual,
        Self::Greater,
        Self::GreaterOrEqual,
        Self::And,
        Self::Or,
    ];

    /// How the operator is written in a program.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::And => "&&",
            Self::Or => "||",
        }
    }
}

/// The operators before one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnaryOperator {
    /// `-`
    Negate,
    /// `!`
    Not,
}

impl UnaryOperator {
    /// Every operator.
    pub const ALL: [Self; 2] = [Self::Negate, Self::Not];

    /// How the operator is written in a program.
    #[must_use]
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Negate => "-",
            Self::Not => "!",
        }
    }
}
