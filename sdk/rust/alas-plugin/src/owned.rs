//! Values of any kind that belong to the plugin.

use crate::error::{Error, Result};
use crate::from_value::{self, FromValue};
use crate::host::Context;
use crate::into_value::{self, IntoValue};
use crate::value::{Array, Kind, Map, Value};

/// How deeply an [`OwnedValue`] may be nested, so that looking at it does not use up the stack.
const DEEPEST: usize = 200;

/// A value of any kind that belongs to the plugin, so that it can be kept between calls.
///
/// ```
/// use alas_plugin::OwnedValue;
///
/// #[alas_plugin::function]
/// fn book(title: &str, pages: i64) -> OwnedValue {
///     OwnedValue::Map(vec![
///         ("title".to_owned(), OwnedValue::Text(title.to_owned())),
///         ("pages".to_owned(), OwnedValue::Int(pages)),
///     ])
/// }
/// # fn main() {}
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub enum OwnedValue {
    /// No value.
    #[default]
    Void,
    /// `true` or `false`.
    Bool(bool),
    /// A 64-bit signed integer.
    Int(i64),
    /// An IEEE 754 double.
    Float(f64),
    /// A text.
    Text(String),
    /// An array.
    Array(Vec<OwnedValue>),
    /// A map: its entries in their order.
    Map(Vec<(String, OwnedValue)>),
}

impl FromValue<'_> for OwnedValue {
    fn from_value(value: Value<'_>) -> Result<Self> {
        copy(value, DEEPEST)
    }

    fn from_array(array: Array<'_>) -> Result<Vec<Self>> {
        from_value::vector(array)
    }
}

fn copy(value: Value<'_>, deepest: usize) -> Result<OwnedValue> {
    if deepest == 0 {
        return Err(Error::new("too_deep", format!("a value is nested more than {DEEPEST} deep")));
    }
    Ok(match value.kind() {
        Kind::Void => OwnedValue::Void,
        Kind::Bool => OwnedValue::Bool(value.to()?),
        Kind::Int => OwnedValue::Int(value.to()?),
        Kind::Float => OwnedValue::Float(value.to()?),
        Kind::Text => OwnedValue::Text(value.to()?),
        Kind::Array => {
            let mut items = Vec::new();
            value.to::<Array>()?.each(|item| {
                items.push(copy(item, deepest - 1)?);
                Ok(())
            })?;
            OwnedValue::Array(items)
        }
        Kind::Map => {
            let mut entries = Vec::new();
            value.to::<Map>()?.each(|key, item| {
                entries.push((key.to_owned(), copy(item, deepest - 1)?));
                Ok(())
            })?;
            OwnedValue::Map(entries)
        }
    })
}

impl IntoValue for OwnedValue {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        match self {
            Self::Void => context.value(()),
            Self::Bool(value) => context.value(value),
            Self::Int(value) => context.value(value),
            Self::Float(value) => context.value(value),
            Self::Text(value) => context.value(value),
            Self::Array(items) => context.value(items),
            Self::Map(entries) => into_value::map(entries.len(), entries, context),
        }
    }
}
