//! What the signatures of standard functions accept and return.

use alas_library::{Pattern, Signature};
use alas_syntax::{Expression, ExpressionKind, Literal};

use crate::modules::Scope;
use crate::shapes::Shapes;
use crate::{Type, rules};

/// Whether a value of the type may be one that the pattern accepts.
pub(crate) fn accepts(pattern: &Pattern, kind: &Type, shapes: &Shapes<'_>) -> bool {
    if matches!(kind, Type::Any | Type::Never) {
        return true;
    }
    match pattern {
        Pattern::Any | Pattern::Variable | Pattern::Returned | Pattern::Part => true,
        Pattern::Void => *kind == Type::Void,
        Pattern::Bool => *kind == Type::Bool,
        Pattern::Task => *kind == Type::Task,
        Pattern::Int => *kind == Type::Int,
        Pattern::Float | Pattern::Number | Pattern::IntOrAny => kind.is_numeric(),
        Pattern::String | Pattern::Function(_) | Pattern::FunctionOfArray => kind.is_text(),
        Pattern::Key | Pattern::Scalar => rules::is_key(kind),
        Pattern::Ordered => kind.is_numeric() || kind.is_text(),
        Pattern::Sequence => kind.is_text() || matches!(kind, Type::Array(_)),
        Pattern::Collection => {
            kind.is_text() || matches!(kind, Type::Array(_) | Type::Map(_) | Type::Struct(_))
        }
        Pattern::Array(element) => match kind {
            Type::Array(found) => accepts(element, found, shapes),
            _ => false,
        },
        Pattern::Map(value) => shapes.entries(kind).is_some_and(|found| accepts(value, &found, shapes)),
    }
}

/// The pattern of an argument, when that of the first argument is known.
pub(crate) fn resolved<'p>(pattern: &'p Pattern, first: Option<&Type>) -> &'p Pattern {
    match (pattern, first) {
        (Pattern::Part, Some(Type::Map(_) | Type::Struct(_))) => &Pattern::Key,
        (Pattern::Part, Some(first)) if first.is_text() => &Pattern::String,
        _ => pattern,
    }
}

/// The first of several types that cannot be ordered with those before it, and what these are.
pub(crate) fn out_of_order<'t>(kinds: impl Iterator<Item = &'t Type>) -> Option<(usize, Pattern)> {
    let mut texts = None;
    for (position, kind) in kinds.enumerate().filter(|(_, kind)| kind.is_numeric() || kind.is_text()) {
        match texts {
            Some(true) if !kind.is_text() => return Some((position, Pattern::String)),
            Some(false) if kind.is_text() => return Some((position, Pattern::Number)),
            _ => texts = Some(kind.is_text()),
        }
    }
    None
}

/// What a pattern accepts, for messages.
pub(crate) fn describe(pattern: &Pattern) -> String {
    match pattern {
        Pattern::Any | Pattern::Variable | Pattern::Returned | Pattern::Part => "any".to_owned(),
        Pattern::Void => "void".to_owned(),
        Pattern::Bool => "bool".to_owned(),
        Pattern::Task => "task".to_owned(),
        Pattern::Int => "int".to_owned(),
        Pattern::Float => "float".to_owned(),
        Pattern::String => "string".to_owned(),
        Pattern::Key | Pattern::Scalar => "a string, int, float or bool".to_owned(),
        Pattern::Ordered => "int, float or string".to_owned(),
        Pattern::Number | Pattern::IntOrAny => "int or float".to_owned(),
        Pattern::Sequence => "array or string".to_owned(),
        Pattern::Collection => "array, map or string".to_owned(),
        Pattern::Array(element) => match &**element {
            Pattern::Any | Pattern::Variable | Pattern::Returned => "array".to_owned(),
            Pattern::Number => "array of numbers".to_owned(),
            Pattern::Ordered => "array of numbers or of strings".to_owned(),
            element => format!("array<{}>", describe(element)),
        },
        Pattern::Map(value) => match &**value {
            Pattern::Any | Pattern::Variable | Pattern::Returned => "map".to_owned(),
            value => format!("map<{}>", describe(value)),
        },
        Pattern::Function(_) | Pattern::FunctionOfArray => "the name of a function (a string)".to_owned(),
    }
}

/// Whether the result's type depends on the types of the arguments.
pub(crate) fn depends_on_arguments(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Variable | Pattern::Ordered | Pattern::Number | Pattern::IntOrAny | Pattern::Sequence => {
            true
        }
        Pattern::Array(inner) | Pattern::Map(inner) => depends_on_arguments(inner),
        _ => false,
    }
}

/// The type that the function named by a higher-order function's argument returns.
pub(crate) fn returned(scope: &Scope<'_>, signature: &Signature, arguments: &[Expression]) -> Type {
    let function =
        signature.parameters.iter().zip(arguments).find(|(parameter, _)| {
            matches!(parameter.pattern, Pattern::Function(_) | Pattern::FunctionOfArray)
        });
    match function.map(|(_, argument)| &argument.kind) {
        Some(ExpressionKind::Literal(Literal::String(name))) => scope
            .call(name)
            .ok()
            .and_then(|target| target.declaration())
            .map_or(Type::Any, |found| found.returns.clone()),
        _ => Type::Any,
    }
}

/// What the arguments of a call give the variables of its signature.
struct Bindings {
    variable: Type,
    number: Type,
    first: Type,
    sequence: Type,
    returned: Type,
}

/// The result type of a call with arguments of these types.
pub(crate) fn result(signature: &Signature, arguments: &[Type], returned: Type, shapes: &Shapes<'_>) -> Type {
    let mut bindings = Bindings {
        variable: Type::Never,
        number: Type::Never,
        first: arguments.first().cloned().unwrap_or(Type::Any),
        sequence: Type::Any,
        returned,
    };
    for (parameter, argument) in signature.parameters.iter().zip(arguments) {
        bindings.bind(&parameter.pattern, argument, shapes);
    }
    rules::capped(bindings.instantiate(&signature.result))
}

impl Bindings {
    fn bind(&mut self, pattern: &Pattern, argument: &Type, shapes: &Shapes<'_>) {
        match pattern {
            Pattern::Variable | Pattern::Ordered => self.variable = self.variable.join(argument),
            Pattern::Number => self.number = both_numbers(&self.number, argument),
            Pattern::Sequence => {
                self.sequence = match argument {
                    Type::Array(_) | Type::Never => argument.clone(),
                    Type::String | Type::Enum(_) => Type::String,
                    _ => Type::Any,
                }
            }
            Pattern::Array(element) => match argument {
                Type::Array(found) => self.bind(element, found, shapes),
                Type::Never => {}
                _ => self.bind(element, &Type::Any, shapes),
            },
            Pattern::Map(value) => match argument {
                Type::Never => {}
                _ => {
                    self.bind(value, &shapes.entries(argument).unwrap_or(Type::Any), shapes);
                }
            },
            _ => {}
        }
    }

    fn instantiate(&self, pattern: &Pattern) -> Type {
        match pattern {
            Pattern::Void => Type::Void,
            Pattern::Bool => Type::Bool,
            Pattern::Task => Type::Task,
            Pattern::Int => Type::Int,
            Pattern::Float => Type::Float,
            Pattern::String => Type::String,
            Pattern::Number => self.number.clone(),
            Pattern::IntOrAny => match &self.first {
                Type::Array(element) if **element == Type::Int => Type::Int,
                Type::Array(element) if **element == Type::Never => Type::Never,
                Type::Never => Type::Never,
                _ => Type::Any,
            },
            Pattern::Sequence => self.sequence.clone(),
            Pattern::Variable | Pattern::Ordered => self.variable.clone(),
            Pattern::Returned => self.returned.clone(),
            Pattern::Array(element) => Type::array(self.instantiate(element)),
            Pattern::Map(value) => Type::map(self.instantiate(value)),
            Pattern::Any
            | Pattern::Key
            | Pattern::Scalar
            | Pattern::Part
            | Pattern::Collection
            | Pattern::Function(_)
            | Pattern::FunctionOfArray => Type::Any,
        }
    }
}

/// The result of a function of two numbers: an int of two ints, otherwise a float, which one float suffices
/// to know.
fn both_numbers(one: &Type, other: &Type) -> Type {
    match (one, other) {
        (Type::Never, known) | (known, Type::Never) if known.is_numeric() || *known == Type::Never => {
            known.clone()
        }
        (Type::Int, Type::Int) => Type::Int,
        (Type::Float, other) | (other, Type::Float) if other.is_numeric() || *other == Type::Any => {
            Type::Float
        }
        _ => Type::Any,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Definitions;
    use alas_library::Builtin;

    fn result_of(name: &str, arguments: &[Type]) -> String {
        let signature = Builtin::find(name).expect("a standard function").signature();
        result(signature, arguments, Type::Bool, &Shapes::new(&Definitions::new())).to_string()
    }

    #[test]
    fn results_follow_the_arguments() {
        let ints = || Type::array(Type::Int);
        let table: &[(&str, &[Type], &str)] = &[
            ("math.abs", &[Type::Int], "int"),
            ("math.abs", &[Type::Float], "float"),
            ("math.abs", &[Type::Any], "any"),
            ("math.max", &[Type::Int, Type::Int], "int"),
            ("math.max", &[Type::Int, Type::Float], "float"),
            ("math.max", &[Type::Any, Type::Int], "any"),
            ("math.max", &[Type::Any, Type::Float], "float"),
            ("math.max", &[Type::Never, Type::Int], "int"),
            ("math.sqrt", &[Type::Int], "float"),
            ("collections.append", &[ints(), Type::Int], "array<int>"),
            ("collections.append", &[ints(), Type::Float], "array"),
            ("collections.append", &[Type::array(Type::Never), Type::Int], "array<int>"),
            ("collections.append", &[Type::Any, Type::Int], "array"),
            ("collections.slice", &[Type::String, Type::Int], "string"),
            ("collections.slice", &[ints(), Type::Int], "array<int>"),
            ("array.get", &[ints(), Type::Int], "int"),
            ("array.get", &[ints(), Type::Int, Type::String], "any"),
            ("array.sum", &[ints()], "int"),
            ("array.sum", &[Type::array(Type::Float)], "any"),
            ("array.sum", &[Type::array(Type::Never)], "nothing"),
            ("array.map", &[ints(), Type::String], "array<bool>"),
            ("array.filter", &[ints(), Type::String], "array<int>"),
            ("map.put", &[Type::map(Type::Int), Type::String, Type::Int], "map<int>"),
            ("map.get", &[Type::map(Type::Int), Type::String], "int"),
            ("map.keys", &[Type::Any], "array<string>"),
            ("map.entries", &[Type::Any], "array<map>"),
        ];
        for (name, arguments, expected) in table {
            assert_eq!(result_of(name, arguments), *expected, "{name}{arguments:?}");
        }
    }
}
