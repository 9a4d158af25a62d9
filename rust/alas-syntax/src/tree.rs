//! The syntax tree: what the author wrote, with defaults filled in and nothing resolved.

use std::sync::Arc;

use crate::{Diagnostic, Locations, NodeId};

/// A parsed module, where its nodes stand, and the warnings that parsing found.
#[derive(Debug, Clone)]
pub struct Syntax {
    /// The module.
    pub module: Module,
    /// Turns the node ids of the tree into places.
    pub locations: Arc<Locations>,
    /// Findings that do not stop the program, such as unknown keys.
    pub warnings: Vec<Diagnostic>,
}

/// A module: the unit that is loaded, checked and imported.
#[derive(Debug, Clone)]
pub struct Module {
    /// The object of the module itself.
    pub node: NodeId,
    /// Its name, which may hold dots and dashes.
    pub name: Name,
    /// The functions that other modules may call; empty when there is no `exports`.
    pub exports: Vec<Name>,
    /// The modules that it names in `imports`.
    pub imports: Vec<Name>,
    /// Its type definitions.
    pub types: Vec<TypeDefinition>,
    /// Its functions, in the order of the text.
    pub functions: Vec<Function>,
}

/// A name and the node of the JSON string that holds it.
#[derive(Debug, Clone)]
pub struct Name {
    /// The string's node.
    pub node: NodeId,
    /// The name itself.
    pub text: Arc<str>,
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
}

/// The fields of a struct type, in the order of the text.
#[derive(Debug, Clone)]
pub struct Structure {
    /// Name and type of each field.
    pub fields: Vec<Parameter>,
}

/// The values of an enum type, in the order of the text.
#[derive(Debug, Clone)]
pub struct Enumeration {
    /// The strings that belong to the type. Any text is allowed here.
    pub values: Vec<Name>,
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
}

/// A function of a module.
#[derive(Debug, Clone)]
pub struct Function {
    /// The function's object.
    pub node: NodeId,
    /// Its name.
    pub name: Name,
    /// Its parameters, in order.
    pub parameters: Vec<Parameter>,
    /// The declared return type; without one the function may return anything.
    pub returns: Option<TypeExpression>,
    /// Its statements.
    pub body: Vec<Statement>,
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
