//! The types of the language, aliases resolved.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// What is known of a value before the program runs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Type {
    /// No value at all: the element type of `[]`, and what inference starts from. Never declared.
    Never,
    /// The value `void`.
    Void,
    /// `true` or `false`.
    Bool,
    /// A 64-bit signed integer.
    Int,
    /// An IEEE 754 double.
    Float,
    /// Unicode text.
    String,
    /// An array whose elements all have this type.
    Array(Box<Type>),
    /// A map whose values all have this type.
    Map(Box<Type>),
    /// A handle of a running task.
    Task,
    /// A map with exactly the fields that [`Definitions`] lists.
    Struct(NamedType),
    /// A string out of the set that [`Definitions`] lists.
    Enum(NamedType),
    /// Anything; operations on it are decided when they run.
    Any,
}

/// The module-qualified name of a struct or enum type. Types are equal when their names are.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct NamedType {
    /// The module that defines it.
    pub module: Arc<str>,
    /// Its name there.
    pub name: Arc<str>,
}

/// What a struct or enum type consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Field names and types, in the declared order.
    Struct(Vec<(Arc<str>, Type)>),
    /// The strings that belong to the type.
    Enum(EnumValues),
}

/// The strings that belong to an enum type, in the declared order.
///
/// ```
/// let values: alas_check::EnumValues = ["red".into(), "green".into()].into_iter().collect();
/// assert!(values.contains("green") && !values.contains("blue"));
/// assert_eq!(&*values[0], "red");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumValues {
    values: Vec<Arc<str>>,
    /// The same, where there are so many that looking at each would take long.
    many: Option<HashSet<Arc<str>>>,
}

impl EnumValues {
    /// Up to so many values are looked at one by one.
    const FEW: usize = 16;

    /// Whether a string belongs to the type.
    #[must_use]
    #[inline]
    pub fn contains(&self, text: &str) -> bool {
        match &self.many {
            None => self.values.iter().any(|value| **value == *text),
            Some(many) => many.contains(text),
        }
    }
}

impl FromIterator<Arc<str>> for EnumValues {
    fn from_iter<I: IntoIterator<Item = Arc<str>>>(values: I) -> Self {
        let values: Vec<Arc<str>> = values.into_iter().collect();
        let many = (values.len() > Self::FEW).then(|| values.iter().cloned().collect());
        Self { values, many }
    }
}

impl Deref for EnumValues {
    type Target = [Arc<str>];

    fn deref(&self) -> &[Arc<str>] {
        &self.values
    }
}

/// The struct and enum types that a module can meet: its own, and those of all modules that it reaches.
pub type Definitions = HashMap<NamedType, Shape>;

impl Type {
    /// An array of this type.
    #[must_use]
    pub fn array(element: Self) -> Self {
        Self::Array(Box::new(element))
    }

    /// A map of this type.
    #[must_use]
    pub fn map(value: Self) -> Self {
        Self::Map(Box::new(value))
    }

    /// The smallest type that holds the values of both: what a variable has that is assigned either.
    ///
    /// An int and a float have no common type but `any`: joining them must not turn the int into a float.
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        match (self, other) {
            (left, right) if left == right => left.clone(),
            (Self::Never, known) | (known, Self::Never) => known.clone(),
            (Self::Array(left), Self::Array(right)) => Self::array(left.join(right)),
            (Self::Map(left), Self::Map(right)) => Self::map(left.join(right)),
            (Self::Enum(_) | Self::String, Self::Enum(_) | Self::String) => Self::String,
            _ => Self::Any,
        }
    }

    /// Whether the value is a number for certain.
    #[must_use]
    pub const fn is_numeric(&self) -> bool {
        matches!(self, Self::Int | Self::Float)
    }

    /// Whether the value is text for certain: a string, or an enum value.
    #[must_use]
    pub const fn is_text(&self) -> bool {
        matches!(self, Self::String | Self::Enum(_))
    }
}

impl fmt::Display for Type {
    /// Writes the type as a program would declare it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Never => formatter.write_str("nothing"),
            Self::Void => formatter.write_str("void"),
            Self::Bool => formatter.write_str("bool"),
            Self::Int => formatter.write_str("int"),
            Self::Float => formatter.write_str("float"),
            Self::String => formatter.write_str("string"),
            Self::Task => formatter.write_str("task"),
            Self::Any => formatter.write_str("any"),
            Self::Array(element) if matches!(**element, Self::Any | Self::Never) => {
                formatter.write_str("array")
            }
            Self::Map(value) if matches!(**value, Self::Any | Self::Never) => formatter.write_str("map"),
            Self::Array(element) => write!(formatter, "array<{element}>"),
            Self::Map(value) => write!(formatter, "map<{value}>"),
            Self::Struct(named) | Self::Enum(named) => formatter.write_str(&named.name),
        }
    }
}
