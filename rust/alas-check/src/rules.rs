//! The types of operators, `index` and `field`: one place for inference and for checking, so that both agree.
//!
//! The rules are monotone: a wider operand never gives a narrower result. [`Type::Never`] as an operand means
//! that nothing is known yet; its results are `Never` as well, until inference settles.

use alas_syntax::{BinaryOperator, Literal, UnaryOperator};

use crate::Type;
use crate::resolve::nesting;
use crate::shapes::{Found, Shapes};

/// How deep the arrays and maps in an inferred type nest. Deeper ones are `any`, because in a loop `a = [a]`
/// would grow forever.
const INFERRED_NESTING: usize = 8;

/// Which operand of a binary operator is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The left one, whatever the other is.
    Left,
    /// The right one, whatever the other is.
    Right,
    /// Each of them.
    Both,
    /// Neither alone: they do not go together.
    Together,
}

/// Why an `index` or `field` is impossible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum AccessFault {
    /// The object has no parts.
    Object,
    /// The index is of the wrong type; this is what it should be.
    Index(&'static str),
    /// The struct has no such field.
    Field,
}

/// The type of a constant.
pub(crate) const fn literal(literal: &Literal) -> Type {
    match literal {
        Literal::Void => Type::Void,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Float(_) => Type::Float,
        Literal::String(_) => Type::String,
    }
}

/// The result of a binary operator whose operands matter for its type, and of every operator that can be
/// misused.
pub(crate) fn binary(operator: BinaryOperator, left: &Type, right: &Type) -> Result<Type, Fault> {
    use BinaryOperator as Op;
    match operator {
        Op::Add => add(left, right),
        Op::Subtract | Op::Multiply | Op::Divide | Op::Remainder => {
            match (takes_number(left), takes_number(right)) {
                (true, true) => Ok(arithmetic(left, right)),
                (false, true) => Err(Fault::Left),
                (true, false) => Err(Fault::Right),
                (false, false) => Err(Fault::Both),
            }
        }
        Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual => compare(left, right),
        Op::Equal | Op::NotEqual | Op::And | Op::Or => Ok(Type::Bool),
    }
}

/// The result of an operator before one operand; `None` when the operand does not fit.
pub(crate) fn unary(operator: UnaryOperator, operand: &Type) -> Option<Type> {
    match operator {
        UnaryOperator::Not => Some(Type::Bool),
        UnaryOperator::Negate => takes_number(operand).then(|| operand.clone()),
    }
}

fn is_open(kind: &Type) -> bool {
    matches!(kind, Type::Any | Type::Never)
}

fn takes_number(kind: &Type) -> bool {
    kind.is_numeric() || is_open(kind)
}

fn arithmetic(left: &Type, right: &Type) -> Type {
    match (left, right) {
        (Type::Never, _) | (_, Type::Never) => Type::Never,
        (Type::Any, _) | (_, Type::Any) => Type::Any,
        (Type::Int, Type::Int) => Type::Int,
        _ => Type::Float,
    }
}

fn add(left: &Type, right: &Type) -> Result<Type, Fault> {
    if left.is_text() || right.is_text() {
        return Ok(Type::String);
    }
    match (left, right) {
        (Type::Never, _) | (_, Type::Never) => Ok(Type::Never),
        // The other side may be text.
        (Type::Any, _) | (_, Type::Any) => Ok(Type::Any),
        (Type::Array(left), Type::Array(right)) => Ok(capped(Type::array(left.join(right)))),
        (left, right) if left.is_numeric() && right.is_numeric() => Ok(arithmetic(left, right)),
        (left, right) => {
            let adds = |kind: &Type| kind.is_numeric() || matches!(kind, Type::Array(_));
            Err(match (adds(left), adds(right)) {
                (false, true) => Fault::Left,
                (true, false) => Fault::Right,
                (true, true) | (false, false) => Fault::Together,
            })
        }
    }
}

fn compare(left: &Type, right: &Type) -> Result<Type, Fault> {
    let has_order = |kind: &Type| takes_number(kind) || kind.is_text();
    match (has_order(left), has_order(right)) {
        (false, true) => Err(Fault::Left),
        (true, false) => Err(Fault::Right),
        (false, false) => Err(Fault::Both),
        (true, true) => {
            let mixed = left.is_numeric() && right.is_text() || left.is_text() && right.is_numeric();
            if mixed { Err(Fault::Together) } else { Ok(Type::Bool) }
        }
    }
}

/// Whether a value of the type can be the key of a map, as far as is known.
pub(crate) fn is_key(kind: &Type) -> bool {
    takes_number(kind) || kind.is_text() || matches!(kind, Type::Bool)
}

/// The result of `index`. `constant` is the index when it is a literal string.
pub(crate) fn index(
    object: &Type,
    index: &Type,
    constant: Option<&str>,
    shapes: &Shapes<'_>,
) -> Result<Type, AccessFault> {
    const KEY: &str = "a string, int, float or bool";
    let position = |result: &Type| match index {
        Type::Int | Type::Any | Type::Never => Ok(result.clone()),
        _ => Err(AccessFault::Index("int")),
    };
    match object {
        Type::Array(element) => position(element),
        Type::String | Type::Enum(_) => position(&Type::String),
        Type::Any | Type::Never | Type::Map(_) | Type::Struct(_) if !is_key(index) => {
            Err(AccessFault::Index(KEY))
        }
        Type::Any | Type::Never => Ok(object.clone()),
        Type::Map(value) => Ok((**value).clone()),
        Type::Struct(_) => match constant {
            Some(name) => field(object, name, shapes),
            None => Ok(shapes.entries(object).unwrap_or(Type::Any)),
        },
        _ => Err(AccessFault::Object),
    }
}

/// The result of `field`.
pub(crate) fn field(object: &Type, name: &str, shapes: &Shapes<'_>) -> Result<Type, AccessFault> {
    match object {
        Type::Any | Type::Never => Ok(object.clone()),
        Type::Map(value) => Ok((**value).clone()),
        Type::Struct(_) => match shapes.field(object, name) {
            Found::Field(kind) => Ok(kind.clone()),
            Found::Nothing => Err(AccessFault::Field),
            Found::Undefined => Ok(Type::Any),
        },
        _ => Err(AccessFault::Object),
    }
}

/// The join of all; `Never` of none.
pub(crate) fn join_all<'t>(kinds: impl Iterator<Item = &'t Type>) -> Type {
    let mut joined = Type::Never;
    for kind in kinds {
        if joined == Type::Any {
            break;
        }
        joined = joined.join(kind);
    }
    joined
}

/// The type with what nests too deeply replaced by `any`.
pub(crate) fn capped(kind: Type) -> Type {
    if nesting(&kind) <= INFERRED_NESTING { kind } else { cut(&kind, INFERRED_NESTING) }
}

fn cut(kind: &Type, levels: usize) -> Type {
    match kind {
        Type::Array(_) | Type::Map(_) if levels == 0 => Type::Any,
        Type::Array(element) => Type::array(cut(element, levels - 1)),
        Type::Map(value) => Type::map(cut(value, levels - 1)),
        other => other.clone(),
    }
}
