//! From values of the host to values of Rust.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

use alas_plugin_abi::tag;

use crate::error::Result;
use crate::host::Element;
use crate::value::{Array, Kind, Map, Value};

/// A type that parameters of functions can have.
///
/// `&str` and slices of numbers borrow the memory of the host; others are copied. Structs with named fields and enums
/// without fields can derive it.
///
/// ```
/// use alas_plugin::{FromValue, Result};
///
/// #[derive(FromValue)]
/// struct Point {
///     x: f64,
///     y: f64,
/// }
///
/// #[alas_plugin::function]
/// fn distance(from: Point, to: Point) -> f64 {
///     (from.x - to.x).hypot(from.y - to.y)
/// }
/// # fn main() {}
/// ```
///
/// A type that cannot come from the host is refused when the plugin is compiled:
///
/// ```compile_fail,E0277
/// #[alas_plugin::function]
/// fn wait(time: std::time::Duration) {}
/// # fn main() {}
/// ```
///
/// So is a parameter that would live longer than the call:
///
/// ```compile_fail
/// #[alas_plugin::function]
/// fn keep(text: &'static str) {}
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a plugin's function",
    label = "no value of ALaS becomes this type",
    note = "parameters are `i64`, `f64`, `bool`, `&str`, `String`, `&[i64]`, `&[f64]`, `&[bool]`, `Vec<T>`, `Option<T>`, \
            `HashMap<String, T>`, `BTreeMap<String, T>`, `Value`, `Array`, `Map`, `OwnedValue`, and types of your own with \
            `#[derive(FromValue)]`"
)]
pub trait FromValue<'call>: Sized {
    /// Makes it of a value.
    ///
    /// # Errors
    ///
    /// The value is of another kind: `wrong_kind`.
    ///
    /// ```
    /// use alas_plugin::{Error, FromValue, Result, Value};
    ///
    /// struct Percentage(i64);
    ///
    /// impl<'call> FromValue<'call> for Percentage {
    ///     fn from_value(value: Value<'call>) -> Result<Self> {
    ///         match value.to()? {
    ///             number @ 0..=100 => Ok(Self(number)),
    ///             number => Err(Error::new("out_of_range", format!("{number} is no percentage"))),
    ///         }
    ///     }
    /// }
    /// ```
    fn from_value(value: Value<'call>) -> Result<Self>;

    /// Makes a vector of an array.
    #[doc(hidden)]
    fn from_array(array: Array<'call>) -> Result<Vec<Self>> {
        let length = array.len()?;
        let mut items = Vec::with_capacity(length);
        for position in 0..length {
            let item = Self::from_value(array.get(position)?);
            items.push(item.map_err(|error| error.at(format_args!("element {position}")))?);
        }
        Ok(items)
    }
}

/// Makes a vector of an array, whose items borrow nothing, so that handles are given back on the way.
///
/// # Errors
///
/// An element is of another kind.
pub fn vector<T: for<'item> FromValue<'item>>(array: Array<'_>) -> Result<Vec<T>> {
    let mut items = Vec::with_capacity(array.len()?);
    array.each(|item| {
        let item = T::from_value(item);
        items.push(item.map_err(|error| error.at(format_args!("element {}", items.len())))?);
        Ok(())
    })?;
    Ok(items)
}

impl<'call> FromValue<'call> for Value<'call> {
    fn from_value(value: Value<'call>) -> Result<Self> {
        Ok(value)
    }
}

impl<'call> FromValue<'call> for Array<'call> {
    fn from_value(value: Value<'call>) -> Result<Self> {
        if value.kind() == Kind::Array {
            Ok(Self { handle: value.handle })
        } else {
            Err(value.expected("an array"))
        }
    }
}

impl<'call> FromValue<'call> for Map<'call> {
    fn from_value(value: Value<'call>) -> Result<Self> {
        if value.kind() == Kind::Map {
            Ok(Self { handle: value.handle })
        } else {
            Err(value.expected("a map"))
        }
    }
}

impl FromValue<'_> for () {
    fn from_value(value: Value<'_>) -> Result<Self> {
        if value.kind() == Kind::Void { Ok(()) } else { Err(value.expected("void")) }
    }
}

impl FromValue<'_> for bool {
    fn from_value(value: Value<'_>) -> Result<Self> {
        let raw = value.handle.raw();
        if raw.tag == tag::BOOL { Ok(raw.payload != 0) } else { Err(value.expected("a bool")) }
    }

    fn from_array(array: Array<'_>) -> Result<Vec<Self>> {
        copied(array)
    }
}

impl FromValue<'_> for i64 {
    fn from_value(value: Value<'_>) -> Result<Self> {
        let raw = value.handle.raw();
        if raw.tag == tag::INT { Ok(raw.payload.cast_signed()) } else { Err(value.expected("an int")) }
    }

    fn from_array(array: Array<'_>) -> Result<Vec<Self>> {
        copied(array)
    }
}

impl FromValue<'_> for f64 {
    fn from_value(value: Value<'_>) -> Result<Self> {
        let raw = value.handle.raw();
        match raw.tag {
            tag::FLOAT => Ok(Self::from_bits(raw.payload)),
            // Where the manifest declares `any`, programs that write 2 for 2.0 mean the same.
            #[expect(
                clippy::cast_precision_loss,
                reason = "the nearest float is what the language takes, too"
            )]
            tag::INT => Ok(raw.payload.cast_signed() as Self),
            _ => Err(value.expected("a float")),
        }
    }

    fn from_array(array: Array<'_>) -> Result<Vec<Self>> {
        copied(array)
    }
}

/// Copies a packed array as it is, and the elements of another one by one.
fn copied<T: Element + for<'item> FromValue<'item>>(array: Array<'_>) -> Result<Vec<T>> {
    match array.handle.packed::<T>() {
        Ok(items) => Ok(items.to_vec()),
        Err(_) => vector(array),
    }
}

macro_rules! slice {
    ($kind:ty) => {
        impl<'call> FromValue<'call> for &'call [$kind] {
            fn from_value(value: Value<'call>) -> Result<Self> {
                value.to::<Array>()?.handle.packed()
            }
        }
    };
}

slice!(i64);
slice!(f64);
slice!(bool);

impl<'call> FromValue<'call> for &'call str {
    fn from_value(value: Value<'call>) -> Result<Self> {
        if value.kind() == Kind::Text { value.handle.text() } else { Err(value.expected("a text")) }
    }
}

impl FromValue<'_> for String {
    fn from_value(value: Value<'_>) -> Result<Self> {
        value.to().map(str::to_owned)
    }

    fn from_array(array: Array<'_>) -> Result<Vec<Self>> {
        vector(array)
    }
}

impl<'call, T: FromValue<'call>> FromValue<'call> for Vec<T> {
    fn from_value(value: Value<'call>) -> Result<Self> {
        T::from_array(value.to()?)
    }
}

impl<'call, T: FromValue<'call>> FromValue<'call> for Option<T> {
    fn from_value(value: Value<'call>) -> Result<Self> {
        if value.kind() == Kind::Void { Ok(None) } else { T::from_value(value).map(Some) }
    }
}

impl<'call, T: FromValue<'call>, S: BuildHasher + Default> FromValue<'call> for HashMap<String, T, S> {
    fn from_value(value: Value<'call>) -> Result<Self> {
        entries(value)
    }
}

impl<'call, T: FromValue<'call>> FromValue<'call> for BTreeMap<String, T> {
    fn from_value(value: Value<'call>) -> Result<Self> {
        entries(value)
    }
}

/// Collects the entries of a map.
pub(crate) fn entries<'call, T, C>(value: Value<'call>) -> Result<C>
where
    T: FromValue<'call>,
    C: FromIterator<(String, T)>,
{
    let map: Map<'call> = value.to()?;
    let mut cursor = 0;
    let next = || {
        let (key, handle) = match map.handle.entry(&mut cursor) {
            Ok(found) => found?,
            Err(error) => return Some(Err(error)),
        };
        Some(key.text().and_then(|key| {
            let item = T::from_value(Value { handle });
            Ok((key.to_owned(), item.map_err(|error| error.at(format_args!("the key `{key}`")))?))
        }))
    };
    std::iter::from_fn(next).collect()
}
