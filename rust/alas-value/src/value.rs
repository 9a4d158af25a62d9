//! The dynamic value: a tag and a payload in sixteen bytes.

use crate::{Array, Map, Number, Task, Text};

/// Any value of the language.
///
/// The layout is part of the contract with the engine, which keeps dynamic values as two neighbouring 64-bit slots:
/// the tag in the first, the payload at the start of the second. A tag as wide as a slot leaves no gap between the two:
/// a gap would be copied in pieces, which is slower than the rest of a map's update.
#[derive(Debug, Clone, Default)]
#[repr(C, u64)]
pub enum Value {
    /// No value: the result of a function without one, and JSON's `null`.
    #[default]
    Void = Tag::Void as u64,
    /// `true` or `false`.
    Bool(bool) = Tag::Bool as u64,
    /// A 64-bit signed integer.
    Int(i64) = Tag::Int as u64,
    /// An IEEE 754 double.
    Float(f64) = Tag::Float as u64,
    /// Text.
    Text(Text) = Tag::Text as u64,
    /// An array.
    Array(Array) = Tag::Array as u64,
    /// A map with text keys, in insertion order.
    Map(Map) = Tag::Map as u64,
    /// A handle of work that runs beside the program.
    Task(Task) = Tag::Task as u64,
}

const _: () = assert!(size_of::<Value>() == 16 && align_of::<Value>() == 8);

/// The tag of a [`Value`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Tag {
    /// [`Value::Void`]; zero, so that a cleared slot is void.
    Void = 0,
    /// [`Value::Bool`]
    Bool = 1,
    /// [`Value::Int`]
    Int = 2,
    /// [`Value::Float`]
    Float = 3,
    /// [`Value::Text`]; from here on the payload is a counted pointer.
    Text = 4,
    /// [`Value::Array`]
    Array = 5,
    /// [`Value::Map`]
    Map = 6,
    /// [`Value::Task`]
    Task = 7,
}

/// Another word for [`Tag`], where the memory layout does not matter.
pub type Kind = Tag;

impl Tag {
    /// The kind's name in messages and in `type.typeOf`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Void => "void",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float",
            Self::Text => "string",
            Self::Array => "array",
            Self::Map => "map",
            Self::Task => "task",
        }
    }

    /// The kind's name with its article, for messages: `an int`.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Void => "void",
            Self::Bool => "a bool",
            Self::Int => "an int",
            Self::Float => "a float",
            Self::Text => "a string",
            Self::Array => "an array",
            Self::Map => "a map",
            Self::Task => "a task",
        }
    }
}

impl Value {
    /// The kind of the value.
    #[must_use]
    #[inline]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Void => Kind::Void,
            Self::Bool(_) => Kind::Bool,
            Self::Int(_) => Kind::Int,
            Self::Float(_) => Kind::Float,
            Self::Text(_) => Kind::Text,
            Self::Array(_) => Kind::Array,
            Self::Map(_) => Kind::Map,
            Self::Task(_) => Kind::Task,
        }
    }

    /// Whether the value counts as true in a condition: all but `false`, `0`, `0.0`, `""`, `[]`, `{}` and void.
    #[must_use]
    #[inline]
    pub fn truth(&self) -> bool {
        match self {
            Self::Void => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Text(text) => !text.as_str().is_empty(),
            Self::Array(array) => !array.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Task(_) => true,
        }
    }

    /// The number, if the value is one.
    #[must_use]
    #[inline]
    pub const fn as_number(&self) -> Option<Number> {
        match self {
            Self::Int(value) => Some(Number::Int(*value)),
            Self::Float(value) => Some(Number::Float(*value)),
            _ => None,
        }
    }

    /// A new text value.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(Text::new(text))
    }
}
