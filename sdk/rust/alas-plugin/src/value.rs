//! Values of the host, as they are looked at.

use std::fmt;

use alas_plugin_abi::tag;

use crate::error::{Error, Result};
use crate::from_value::FromValue;
use crate::host::{Context, Handle};

/// How many handles loops of the kit make before they give them back.
pub(crate) const AT_ONCE: usize = 64;

/// What kind of value a [`Value`] is.
///
/// ```
/// use alas_plugin::{Kind, Value};
///
/// #[alas_plugin::function]
/// fn is_number(value: Value) -> bool {
///     matches!(value.kind(), Kind::Int | Kind::Float)
/// }
/// # fn main() {}
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// No value.
    Void,
    /// `true` or `false`.
    Bool,
    /// A 64-bit signed integer.
    Int,
    /// An IEEE 754 double.
    Float,
    /// A text.
    Text,
    /// An array.
    Array,
    /// A map.
    Map,
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Void => "void",
            Self::Bool => "a bool",
            Self::Int => "an int",
            Self::Float => "a float",
            Self::Text => "a text",
            Self::Array => "an array",
            Self::Map => "a map",
        })
    }
}

/// A value of any kind, for parameters that the manifest declares as `any`.
///
/// ```
/// use alas_plugin::{Kind, Result, Value};
///
/// #[alas_plugin::function]
/// fn size(value: Value) -> Result<i64> {
///     match value.kind() {
///         Kind::Text => Ok(i64::try_from(value.to::<&str>()?.chars().count())?),
///         Kind::Array => Ok(i64::try_from(value.to::<Vec<Value>>()?.len())?),
///         _ => Ok(1),
///     }
/// }
/// # fn main() {}
/// ```
///
/// It is valid until the function returns, and cannot be kept longer:
///
/// ```compile_fail,E0521
/// use std::cell::Cell;
/// use alas_plugin::Value;
///
/// thread_local! { static LAST: Cell<Option<Value<'static>>> = const { Cell::new(None) }; }
///
/// #[alas_plugin::function]
/// fn keep(value: Value) {
///     LAST.set(Some(value));
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy)]
pub struct Value<'call> {
    pub(crate) handle: Handle<'call>,
}

impl<'call> Value<'call> {
    /// What kind of value it is.
    ///
    /// ```
    /// # use alas_plugin::{Kind, Value};
    /// # #[allow(dead_code)]
    /// fn is_missing(value: Value) -> bool {
    ///     value.kind() == Kind::Void
    /// }
    /// ```
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.handle.raw().tag {
            tag::BOOL => Kind::Bool,
            tag::INT => Kind::Int,
            tag::FLOAT => Kind::Float,
            tag::TEXT => Kind::Text,
            tag::ARRAY => Kind::Array,
            tag::MAP => Kind::Map,
            // There are no others in this version of the interface.
            _ => Kind::Void,
        }
    }

    /// The value as one of Rust.
    ///
    /// # Errors
    ///
    /// It is of another kind: `wrong_kind`.
    ///
    /// ```
    /// # use alas_plugin::{Result, Value};
    /// # #[allow(dead_code)]
    /// fn doubled(value: Value) -> Result<i64> {
    ///     Ok(value.to::<i64>()? * 2)
    /// }
    /// ```
    pub fn to<T: FromValue<'call>>(self) -> Result<T> {
        T::from_value(self)
    }

    /// The same value as one of an inner scope: what is taken from it is given back with that scope.
    ///
    /// ```
    /// # use alas_plugin::{Context, Result, Value};
    /// # #[allow(dead_code)]
    /// fn longest(context: &Context, texts: Value) -> Result<i64> {
    ///     context.scope(|inner| {
    ///         let texts: Vec<&str> = texts.within(inner).to()?;
    ///         Ok(i64::try_from(texts.iter().map(|text| text.len()).max().unwrap_or(0))?)
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn within(self, scope: &Context) -> Value<'_> {
        Value { handle: scope.adopt(self.handle) }
    }

    pub(crate) fn expected(self, what: &str) -> Error {
        Error::new("wrong_kind", format!("expected {what}, found {}", self.kind()))
    }
}

impl fmt::Debug for Value<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let payload = self.handle.raw().payload;
        match self.kind() {
            Kind::Bool => (payload != 0).fmt(formatter),
            Kind::Int => payload.cast_signed().fmt(formatter),
            Kind::Float => f64::from_bits(payload).fmt(formatter),
            Kind::Text => self.handle.text().unwrap_or_default().fmt(formatter),
            other => other.fmt(formatter),
        }
    }
}

/// An array of anything, for parameters that the manifest declares as `array`.
///
/// ```
/// use alas_plugin::{Array, Kind, Result};
///
/// #[alas_plugin::function]
/// fn count_texts(items: Array) -> Result<i64> {
///     let mut count = 0;
///     items.each(|item| {
///         count += i64::from(item.kind() == Kind::Text);
///         Ok(())
///     })?;
///     Ok(count)
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy)]
pub struct Array<'call> {
    pub(crate) handle: Handle<'call>,
}

impl<'call> Array<'call> {
    /// How many elements it has.
    ///
    /// # Errors
    ///
    /// The host refuses, which it has no reason for.
    ///
    /// ```
    /// # use alas_plugin::{Array, Result};
    /// # #[allow(dead_code)]
    /// fn is_pair(items: Array) -> Result<bool> {
    ///     Ok(items.len()? == 2)
    /// }
    /// ```
    #[expect(clippy::len_without_is_empty, reason = "asking the host may fail")]
    pub fn len(self) -> Result<usize> {
        self.handle.length()
    }

    /// An element.
    ///
    /// # Errors
    ///
    /// There is no such element.
    ///
    /// ```
    /// # use alas_plugin::{Array, Result, Value};
    /// # #[allow(dead_code)]
    /// fn first<'call>(items: Array<'call>) -> Result<Value<'call>> {
    ///     items.get(0)
    /// }
    /// ```
    pub fn get(self, position: usize) -> Result<Value<'call>> {
        Ok(Value { handle: self.handle.item(position)? })
    }

    /// Does some work with each element, in a scope of its own.
    ///
    /// # Errors
    ///
    /// The first error of the work.
    ///
    /// ```
    /// # use alas_plugin::{Array, Result};
    /// # #[allow(dead_code)]
    /// fn total_length(texts: Array) -> Result<usize> {
    ///     let mut total = 0;
    ///     texts.each(|text| {
    ///         total += text.to::<&str>()?.len();
    ///         Ok(())
    ///     })?;
    ///     Ok(total)
    /// }
    /// ```
    pub fn each(self, mut work: impl FnMut(Value<'_>) -> Result<()>) -> Result<()> {
        let length = self.len()?;
        let mut position = 0;
        while position < length {
            self.handle.context().scope(|inner| {
                let array = Array { handle: inner.adopt(self.handle) };
                let end = length.min(position + AT_ONCE);
                while position < end {
                    let item = array.get(position)?;
                    position += 1;
                    work(item)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Array<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }
}

/// A map with values of anything, for parameters that the manifest declares as `map`.
///
/// ```
/// use alas_plugin::{Map, Result};
///
/// #[alas_plugin::function]
/// fn area(rectangle: Map) -> Result<f64> {
///     Ok(rectangle.field::<f64>("width")? * rectangle.field::<f64>("height")?)
/// }
/// # fn main() {}
/// ```
#[derive(Clone, Copy)]
pub struct Map<'call> {
    pub(crate) handle: Handle<'call>,
}

impl<'call> Map<'call> {
    /// How many entries it has.
    ///
    /// # Errors
    ///
    /// The host refuses, which it has no reason for.
    ///
    /// ```
    /// # use alas_plugin::{Map, Result};
    /// # #[allow(dead_code)]
    /// fn is_pair(entries: Map) -> Result<bool> {
    ///     Ok(entries.len()? == 2)
    /// }
    /// ```
    #[expect(clippy::len_without_is_empty, reason = "asking the host may fail")]
    pub fn len(self) -> Result<usize> {
        self.handle.length()
    }

    /// The value of a key; `None` when the map lacks it.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{Map, Result};
    /// # #[allow(dead_code)]
    /// fn is_named(book: Map) -> Result<bool> {
    ///     Ok(book.get("title")?.is_some())
    /// }
    /// ```
    pub fn get(self, key: &str) -> Result<Option<Value<'call>>> {
        Ok(self.handle.value_of(key)?.map(|handle| Value { handle }))
    }

    /// The value of a key as one of Rust. A key that the map lacks is void, which an `Option` takes.
    ///
    /// # Errors
    ///
    /// The map lacks the key, `missing_field`, or its value is of another kind, `wrong_kind`.
    ///
    /// ```
    /// # use alas_plugin::{Map, Result};
    /// # #[allow(dead_code)]
    /// fn title(book: Map) -> Result<String> {
    ///     let subtitle: Option<String> = book.field("subtitle")?;
    ///     Ok(subtitle.unwrap_or(book.field("title")?))
    /// }
    /// ```
    pub fn field<T: FromValue<'call>>(self, key: &str) -> Result<T> {
        let found = self.get(key)?;
        let is_missing = found.is_none();
        let value =
            found.unwrap_or(Value { handle: self.handle.context().scalar(crate::host::Scalar::Void) });
        T::from_value(value).map_err(|error| {
            if is_missing {
                return Error::new("missing_field", format!("there is no field `{key}`"));
            }
            error.at(format_args!("the field `{key}`"))
        })
    }

    /// Does some work with each entry, in a scope of its own, in the order of the map.
    ///
    /// # Errors
    ///
    /// The first error of the work.
    ///
    /// ```
    /// # use alas_plugin::{Map, Result};
    /// # #[allow(dead_code)]
    /// fn longest_key(map: Map) -> Result<usize> {
    ///     let mut longest = 0;
    ///     map.each(|key, _| {
    ///         longest = longest.max(key.len());
    ///         Ok(())
    ///     })?;
    ///     Ok(longest)
    /// }
    /// ```
    pub fn each(self, mut work: impl FnMut(&str, Value<'_>) -> Result<()>) -> Result<()> {
        let (mut cursor, mut is_at_end) = (0, false);
        while !is_at_end {
            self.handle.context().scope(|inner| {
                let map = inner.adopt(self.handle);
                for _ in 0..AT_ONCE {
                    let Some((key, handle)) = map.entry(&mut cursor)? else {
                        is_at_end = true;
                        break;
                    };
                    work(key.text()?, Value { handle })?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}

impl fmt::Debug for Map<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a map")
    }
}
