//! Where a value meets a declared type: whether it fits, and what has to be done so that it does.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use alas_syntax::{Code, Literal};

use crate::function::FunctionChecker;
use crate::shapes::{Found, Shapes};
use crate::{Expression, ExpressionKind, NamedType, Type, suggest};
use alas_syntax::{Explanation, clip};

/// How a value of one type fits a place of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fit {
    /// Every value does, as it is.
    Free,
    /// It has to be widened or checked when the program runs.
    Convert,
    /// No value does, except that of empty arrays and maps.
    Impossible,
}

/// How a value of type `from` fits where `to` is declared.
pub(crate) fn fit(from: &Type, to: &Type, shapes: &Shapes<'_>) -> Fit {
    match (from, to) {
        (from, to) if from == to => Fit::Free,
        (_, Type::Any) | (Type::Never, _) | (Type::Enum(_), Type::String) => Fit::Free,
        (Type::Any, _) | (Type::Int, Type::Float) | (Type::String, Type::Enum(_)) => Fit::Convert,
        (Type::Array(from), Type::Array(to)) | (Type::Map(from), Type::Map(to)) => fit(from, to, shapes),
        (Type::Enum(_), Type::Enum(_))
        | (Type::Struct(_), Type::Map(_) | Type::Struct(_))
        | (Type::Map(_), Type::Struct(_)) => shapes.fit(from, to, || fit_parts(from, to, shapes)),
        _ => Fit::Impossible,
    }
}

/// As [`fit`] for types that are compared by what they consist of.
fn fit_parts(from: &Type, to: &Type, shapes: &Shapes<'_>) -> Fit {
    match (from, to) {
        (Type::Enum(_), _) => match (shapes.values(from), shapes.values(to)) {
            (Some(from), Some(to)) if !share_any(from, to) => Fit::Impossible,
            _ => Fit::Convert,
        },
        (_, Type::Map(to)) => {
            let Some(fields) = shapes.fields(from) else { return Fit::Convert };
            fields.iter().map(|(_, from)| fit_inside(from, to, shapes)).max().unwrap_or(Fit::Free)
        }
        (Type::Map(from), _) => {
            let Some(fields) = shapes.fields(to) else { return Fit::Convert };
            let empty = **from == Type::Never && !fields.is_empty();
            let worst = fields.iter().map(|(_, to)| fit_inside(from, to, shapes)).max();
            if empty { Fit::Impossible } else { worst.unwrap_or(Fit::Convert).max(Fit::Convert) }
        }
        _ => fit_fields(from, to, shapes).unwrap_or(Fit::Convert),
    }
}

/// As [`fit`] for what stands in a field. Structs there are left to the run, because struct types can be
/// recursive.
fn fit_inside(from: &Type, to: &Type, shapes: &Shapes<'_>) -> Fit {
    let has_struct = |mut kind: &Type| {
        while let Type::Array(inner) | Type::Map(inner) = kind {
            kind = inner;
        }
        matches!(kind, Type::Struct(_))
    };
    if from == to || *to == Type::Any {
        Fit::Free
    } else if has_struct(from) || has_struct(to) {
        Fit::Convert
    } else {
        fit(from, to, shapes)
    }
}

/// Two structs fit when they have the same fields; nothing when a definition is not known.
fn fit_fields(from: &Type, to: &Type, shapes: &Shapes<'_>) -> Option<Fit> {
    let fields = shapes.fields(to)?;
    if shapes.fields(from)?.len() != fields.len() {
        return Some(Fit::Impossible);
    }
    let mut worst = Fit::Convert;
    for (name, to) in fields {
        match shapes.field(from, name) {
            Found::Field(from) => worst = worst.max(fit_inside(from, to, shapes)),
            Found::Nothing => return Some(Fit::Impossible),
            Found::Undefined => return None,
        }
    }
    Some(worst)
}

fn share_any(some: &[Arc<str>], others: &[Arc<str>]) -> bool {
    let some: HashSet<&Arc<str>> = some.iter().collect();
    others.iter().any(|other| some.contains(other))
}

/// What a declared type belongs to, for messages.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Role<'r> {
    /// A parameter of the function of this name.
    Parameter(&'r str, &'r str),
    /// The result of the function of this name.
    Result(&'r str),
    /// A field of a struct type.
    Field(&'r NamedType, &'r str),
    /// The elements of an array that stands there.
    Elements(&'r Self),
    /// The values of a map that stands there.
    Values(&'r Self),
}

impl fmt::Display for Role<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Parameter(function, parameter) => {
                write!(formatter, "the parameter `{parameter}` of `{function}`")
            }
            Self::Result(function) => write!(formatter, "the result of `{function}`"),
            Self::Field(structure, field) => write!(formatter, "the field `{field}` of `{}`", structure.name),
            Self::Elements(outer) => write!(formatter, "the elements of {outer}"),
            Self::Values(outer) => write!(formatter, "the values of {outer}"),
        }
    }
}

/// The entries of a map literal.
type Pairs = Vec<(Expression, Expression)>;

impl FunctionChecker<'_, '_> {
    /// Makes a value fit a declared type, or reports that it cannot.
    pub(crate) fn coerce(&mut self, value: Expression, expected: &Type, role: &Role<'_>) -> Expression {
        let Expression { node, kind, value } = value;
        let fit = fit(&kind, expected, self.shapes);
        match (value, expected) {
            // An empty literal is typed by its place, so that whoever builds it knows what will be added.
            (value, _) if kind == *expected || *expected == Type::Any => Expression { node, kind, value },
            (ExpressionKind::Array(elements), Type::Array(element))
                if fit != Fit::Free || has_empty(&kind) =>
            {
                let role = Role::Elements(role);
                let elements = elements.into_iter().map(|value| self.coerce(value, element, &role)).collect();
                Expression { node, kind: expected.clone(), value: ExpressionKind::Array(elements) }
            }
            (ExpressionKind::Map(pairs), Type::Map(entry)) if fit != Fit::Free || has_empty(&kind) => {
                let role = Role::Values(role);
                let coerce = |(key, value)| (key, self.coerce(value, entry, &role));
                let pairs = pairs.into_iter().map(coerce).collect();
                Expression { node, kind: expected.clone(), value: ExpressionKind::Map(pairs) }
            }
            (ExpressionKind::Map(pairs), Type::Struct(structure)) if has_constant_keys(&pairs) => self
                .literal_to_struct(
                    Expression { node, kind, value: ExpressionKind::Map(Vec::new()) },
                    pairs,
                    structure,
                ),
            (ExpressionKind::Literal(Literal::Int(int)), Type::Float) => {
                #[expect(
                    clippy::cast_precision_loss,
                    reason = "the language widens ints to the nearest float"
                )]
                let float = int as f64;
                Expression { node, kind: Type::Float, value: ExpressionKind::Literal(Literal::Float(float)) }
            }
            (ExpressionKind::Literal(Literal::String(text)), Type::Enum(_)) => self.literal_to_enum(
                Expression { node, kind, value: ExpressionKind::Literal(Literal::String(text)) },
                expected,
                role,
            ),
            (value, _) => {
                let value = Expression { node, kind, value };
                match fit {
                    Fit::Free => value,
                    Fit::Convert => convert(value, expected),
                    Fit::Impossible => {
                        self.mismatch(&value, expected, role);
                        convert(value, expected)
                    }
                }
            }
        }
    }

    /// Reports a value that never fits.
    pub(crate) fn mismatch(&mut self, value: &Expression, expected: &Type, role: &Role<'_>) {
        let found = self.describe(value);
        let (expected_name, found) = tell_apart(expected, &value.kind, found);
        self.findings.report(Code::TypeMismatch, value.node, || {
            Explanation::new(format!("expected {expected_name} for {role}, found {found}"))
                .maybe_help(conversion_help(&value.kind, expected))
        });
    }

    /// A literal string where an enum value is expected.
    fn literal_to_enum(&mut self, value: Expression, expected: &Type, role: &Role<'_>) -> Expression {
        let ExpressionKind::Literal(Literal::String(text)) = &value.value else { return value };
        let Some(known) = self.shapes.has_value(expected, text) else { return convert(value, expected) };
        if !known {
            let values = self.shapes.values(expected).unwrap_or_default();
            self.findings.report(Code::TypeMismatch, value.node, || {
                let message = format!("expected {expected} for {role}, found the string \"{}\"", clip(text));
                let what = format!("values of `{expected}`");
                let names = values.iter().map(|value| &**value);
                let help = match suggest::nearest(text, names.clone()) {
                    Some(meant) => {
                        format!("did you mean \"{meant}\"? The {what} are {}", suggest::list(names))
                    }
                    None => suggest::help(text, &what, names),
                };
                Explanation::new(message).help(help)
            });
        }
        Expression { kind: expected.clone(), ..value }
    }

    /// A map literal with distinct literal keys where a struct is expected: each entry is checked on its own,
    /// after which the map is known to be one.
    fn literal_to_struct(&mut self, map: Expression, pairs: Pairs, structure: &NamedType) -> Expression {
        let expected = Type::Struct(structure.clone());
        let Some(fields) = self.shapes.fields(&expected) else {
            return convert(Expression { value: ExpressionKind::Map(pairs), ..map }, &expected);
        };
        let mut present = HashSet::new();
        let mut coerced = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let ExpressionKind::Literal(Literal::String(name)) = &key.value else { continue };
            let name = Arc::clone(name);
            let value = if let Found::Field(kind) = self.shapes.field(&expected, &name) {
                let value = self.coerce(value, kind, &Role::Field(structure, &name));
                present.insert(name);
                value
            } else {
                self.unknown_field(key.node, structure, &name);
                value
            };
            coerced.push((key, value));
        }
        let missing = || fields.iter().map(|(name, _)| &**name).filter(|name| !present.contains(*name));
        if present.len() < fields.len() {
            self.findings.report(Code::TypeMismatch, map.node, || {
                let message = format!(
                    "expected all fields of the struct `{}`, found a map without {}",
                    structure.name,
                    suggest::list(missing())
                );
                Explanation::new(message)
                    .help("a struct value has exactly the declared fields; add the missing ones")
            });
        }
        Expression { kind: expected, value: ExpressionKind::Map(coerced), ..map }
    }
}

/// Whether all keys are literal strings and no two are equal, so that what the map will hold is known.
fn has_constant_keys(pairs: &[(Expression, Expression)]) -> bool {
    let mut seen = HashSet::with_capacity(pairs.len());
    pairs.iter().all(|(key, _)| match &key.value {
        ExpressionKind::Literal(Literal::String(name)) => seen.insert(name),
        _ => false,
    })
}

/// Whether some array or map in the literal's type is always empty: the place of the literal says what it is for.
fn has_empty(mut kind: &Type) -> bool {
    while let Type::Array(inner) | Type::Map(inner) = kind {
        kind = inner;
    }
    *kind == Type::Never
}

fn convert(value: Expression, to: &Type) -> Expression {
    Expression { node: value.node, kind: to.clone(), value: ExpressionKind::Convert(Box::new(value)) }
}

/// The names of two types, with their modules where the plain names are equal.
fn tell_apart(expected: &Type, found: &Type, description: String) -> (String, String) {
    let plain = expected.to_string();
    match (expected, found) {
        (Type::Struct(one) | Type::Enum(one), Type::Struct(other) | Type::Enum(other))
            if one.name == other.name =>
        {
            (format!("{}.{}", one.module, one.name), format!("{}.{}", other.module, other.name))
        }
        _ => (plain, description),
    }
}

/// What to do with a task where its value is wanted.
pub(crate) const AWAIT_HELP: &str =
    "wait for the task with `async.await`, which gives a Result with its value";

/// How to get from one type to the other.
pub(crate) fn conversion_help(found: &Type, expected: &Type) -> Option<String> {
    let help = match (found, expected) {
        (Type::Task, _) => AWAIT_HELP,
        (Type::Float, Type::Int) => "convert it with `type.toInt`, `math.round`, `math.floor` or `math.ceil`",
        (Type::String | Type::Bool, Type::Int) => "convert it with `type.toInt`",
        (Type::String | Type::Bool, Type::Float) => "convert it with `type.toFloat`",
        (Type::Void, _) => "a function without `return`, or with a `return` without value, gives void",
        (_, Type::String) => "convert it with `type.toString`",
        (_, Type::Bool) => "compare it, or write `!` twice to get its truth",
        (Type::Map(_), Type::Struct(_)) => {
            "a struct value has exactly the declared fields, each of its declared type"
        }
        (Type::Array(_), Type::Array(_)) => "convert the elements one by one, for example with `array.map`",
        _ => return None,
    };
    Some(help.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Definitions, Shape};

    fn named(name: &str) -> NamedType {
        NamedType { module: "m".into(), name: name.into() }
    }

    fn definitions() -> Definitions {
        let structure = |fields: &[(&str, Type)]| {
            Shape::Struct(fields.iter().map(|(name, kind)| ((*name).into(), kind.clone())).collect())
        };
        let list = Type::array(Type::Struct(named("Node")));
        let tree = Type::array(Type::Struct(named("Tree")));
        Definitions::from([
            (named("Point"), structure(&[("x", Type::Int), ("y", Type::Int)])),
            (named("Position"), structure(&[("x", Type::Float), ("y", Type::Float)])),
            (named("Name"), structure(&[("x", Type::String), ("y", Type::String)])),
            (named("Empty"), structure(&[])),
            (named("Node"), structure(&[("next", list.clone()), ("other", list)])),
            (named("Tree"), structure(&[("next", tree.clone()), ("other", tree)])),
            (named("Color"), Shape::Enum(["red".into(), "green".into()].into_iter().collect())),
            (named("Light"), Shape::Enum(["red".into(), "amber".into()].into_iter().collect())),
            (named("Size"), Shape::Enum(["small".into()].into_iter().collect())),
        ])
    }

    #[test]
    fn every_pair_of_types() {
        let structure = |name| Type::Struct(named(name));
        let variants = |name| Type::Enum(named(name));
        let table = [
            (Type::Int, Type::Int, Fit::Free),
            (Type::Int, Type::Float, Fit::Convert),
            (Type::Float, Type::Int, Fit::Impossible),
            (Type::String, Type::Int, Fit::Impossible),
            (Type::Any, Type::Int, Fit::Convert),
            (Type::Int, Type::Any, Fit::Free),
            (Type::Void, Type::Int, Fit::Impossible),
            (Type::array(Type::Int), Type::array(Type::Any), Fit::Free),
            (Type::array(Type::Any), Type::array(Type::Int), Fit::Convert),
            (Type::array(Type::Int), Type::array(Type::Float), Fit::Convert),
            (Type::array(Type::String), Type::array(Type::Int), Fit::Impossible),
            (Type::array(Type::Never), Type::array(Type::Int), Fit::Free),
            (Type::array(Type::Int), Type::map(Type::Int), Fit::Impossible),
            (Type::map(Type::Never), Type::map(Type::Int), Fit::Free),
            (Type::map(Type::Never), structure("Point"), Fit::Impossible),
            (Type::map(Type::Never), structure("Empty"), Fit::Convert),
            (Type::map(Type::Any), structure("Point"), Fit::Convert),
            (Type::map(Type::String), structure("Point"), Fit::Impossible),
            (structure("Point"), Type::map(Type::Any), Fit::Free),
            (structure("Point"), Type::map(Type::Int), Fit::Free),
            (structure("Point"), Type::map(Type::Float), Fit::Convert),
            (structure("Point"), Type::map(Type::String), Fit::Impossible),
            (structure("Point"), structure("Position"), Fit::Convert),
            (structure("Point"), structure("Name"), Fit::Impossible),
            (structure("Point"), structure("Empty"), Fit::Impossible),
            (structure("Node"), structure("Tree"), Fit::Convert),
            (structure("Node"), Type::map(Type::array(Type::map(Type::Int))), Fit::Convert),
            (variants("Color"), Type::String, Fit::Free),
            (Type::String, variants("Color"), Fit::Convert),
            (variants("Color"), variants("Light"), Fit::Convert),
            (variants("Color"), variants("Size"), Fit::Impossible),
        ];
        let definitions = definitions();
        for (from, to, expected) in table {
            assert_eq!(fit(&from, &to, &Shapes::new(&definitions)), expected, "{from} to {to}");
        }
    }
}
