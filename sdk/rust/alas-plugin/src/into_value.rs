//! From values of Rust to values of the host.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use crate::error::{Error, Result};
use crate::host::{Context, Element, Scalar};
use crate::value::{Array, Map, Value};

/// A type that results of functions can have.
///
/// A `Result` is what is in it, or makes the function fail. Structs with named fields and enums without fields can derive
/// it.
///
/// ```
/// use alas_plugin::IntoValue;
///
/// #[derive(IntoValue)]
/// struct Range {
///     least: i64,
///     greatest: i64,
/// }
///
/// #[alas_plugin::function]
/// fn range(numbers: &[i64]) -> Option<Range> {
///     let (least, greatest) = (numbers.iter().min()?, numbers.iter().max()?);
///     Some(Range { least: *least, greatest: *greatest })
/// }
/// # fn main() {}
/// ```
///
/// A type that the host has nothing for is refused when the plugin is compiled:
///
/// ```compile_fail,E0277
/// #[alas_plugin::function]
/// fn now() -> std::time::Instant {
///     std::time::Instant::now()
/// }
/// # fn main() {}
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the result of a plugin's function",
    label = "this type becomes no value of ALaS",
    note = "results are `()`, `i64`, `f64`, `bool`, `&str`, `String`, `Vec<T>`, `Option<T>`, `HashMap<String, T>`, \
            `BTreeMap<String, T>`, `Ints`, `Floats`, `Bools`, `ArrayBuilder`, `MapBuilder`, `Value`, `OwnedValue`, types of \
            your own with `#[derive(IntoValue)]`, and `Result` of any of these"
)]
pub trait IntoValue: Sized {
    /// Makes a value of it.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// use alas_plugin::{Context, IntoValue, Result, Value};
    ///
    /// struct Percentage(i64);
    ///
    /// impl IntoValue for Percentage {
    ///     fn into_value(self, context: &Context) -> Result<Value<'_>> {
    ///         context.value(self.0)
    ///     }
    /// }
    /// ```
    fn into_value(self, context: &Context) -> Result<Value<'_>>;

    /// Makes an array of many.
    #[doc(hidden)]
    fn into_array(items: Vec<Self>, context: &Context) -> Result<Value<'_>> {
        let mut array = context.new_array(items.len())?;
        array.extend(items)?;
        array.into_value(context)
    }
}

impl IntoValue for Value<'_> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        Ok(self.within(context))
    }
}

impl IntoValue for Array<'_> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        Value { handle: self.handle }.into_value(context)
    }
}

impl IntoValue for Map<'_> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        Value { handle: self.handle }.into_value(context)
    }
}

impl IntoValue for () {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        Ok(Value { handle: context.scalar(Scalar::Void) })
    }
}

impl IntoValue for bool {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        Ok(Value { handle: context.scalar(Scalar::Bool(self)) })
    }

    fn into_array(items: Vec<Self>, context: &Context) -> Result<Value<'_>> {
        copied(&items, context)
    }
}

impl IntoValue for i64 {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        Ok(Value { handle: context.scalar(Scalar::Int(self)) })
    }

    fn into_array(items: Vec<Self>, context: &Context) -> Result<Value<'_>> {
        copied(&items, context)
    }
}

impl IntoValue for f64 {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        Ok(Value { handle: context.scalar(Scalar::Float(self)) })
    }

    fn into_array(items: Vec<Self>, context: &Context) -> Result<Value<'_>> {
        copied(&items, context)
    }
}

fn copied<'call, T: Element>(items: &[T], context: &'call Context) -> Result<Value<'call>> {
    let (handle, places) = context.make_packed(items.len())?;
    places.copy_from_slice(items);
    Ok(Value { handle })
}

macro_rules! slice {
    ($kind:ty) => {
        impl IntoValue for &[$kind] {
            fn into_value(self, context: &Context) -> Result<Value<'_>> {
                copied(self, context)
            }
        }
    };
}

slice!(i64);
slice!(f64);
slice!(bool);

impl IntoValue for &str {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        Ok(Value { handle: context.make_text(self)? })
    }
}

impl IntoValue for String {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        self.as_str().into_value(context)
    }
}

impl IntoValue for Cow<'_, str> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        (*self).into_value(context)
    }
}

impl<T: IntoValue> IntoValue for Vec<T> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        T::into_array(self, context)
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        match self {
            Some(value) => value.into_value(context),
            None => ().into_value(context),
        }
    }
}

impl<T: IntoValue, E: Into<Error>> IntoValue for Result<T, E> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        self.map_err(Into::into)?.into_value(context)
    }
}

impl<T: IntoValue, S> IntoValue for HashMap<String, T, S> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        // The order of the host's maps can be seen, and that of a hash map is another one each time.
        let mut entries: Vec<_> = self.into_iter().collect();
        entries.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        map(entries.len(), entries, context)
    }
}

impl<T: IntoValue> IntoValue for BTreeMap<String, T> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        map(self.len(), self, context)
    }
}

/// Makes a map of entries.
pub(crate) fn map<T: IntoValue>(
    length: usize,
    entries: impl IntoIterator<Item = (String, T)>,
    context: &Context,
) -> Result<Value<'_>> {
    let mut map = context.new_map(length)?;
    map.extend(entries)?;
    map.into_value(context)
}

/// The arguments of a function that is invoked: a tuple, or a slice of values of one type.
///
/// ```
/// # use alas_plugin::{Context, Result};
/// # #[allow(dead_code)]
/// fn joined(context: &Context, words: Vec<String>) -> Result<String> {
///     context.invoke("join", (words, ", "))
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the arguments of a function",
    note = "arguments are a tuple of at most eight, such as `(1, \"one\")`, or `(1,)` for a single one; or a `Vec`"
)]
pub trait IntoArguments {
    /// Makes values of them.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{Context, IntoArguments, Result};
    /// # #[allow(dead_code)]
    /// fn count(context: &Context) -> Result<usize> {
    ///     Ok((1, "one").into_arguments(context)?.len())
    /// }
    /// ```
    fn into_arguments(self, context: &Context) -> Result<Vec<Value<'_>>>;
}

impl<T: IntoValue> IntoArguments for Vec<T> {
    fn into_arguments(self, context: &Context) -> Result<Vec<Value<'_>>> {
        self.into_iter().map(|item| item.into_value(context)).collect()
    }
}

impl IntoArguments for () {
    fn into_arguments(self, _: &Context) -> Result<Vec<Value<'_>>> {
        Ok(Vec::new())
    }
}

macro_rules! tuple {
    ($($kind:ident $item:ident),+) => {
        impl<$($kind: IntoValue),+> IntoArguments for ($($kind,)+) {
            fn into_arguments(self, context: &Context) -> Result<Vec<Value<'_>>> {
                let ($($item,)+) = self;
                Ok(vec![$($item.into_value(context)?),+])
            }
        }
    };
}

tuple!(A a);
tuple!(A a, B b);
tuple!(A a, B b, C c);
tuple!(A a, B b, C c, D d);
tuple!(A a, B b, C c, D d, E e);
tuple!(A a, B b, C c, D d, E e, F f);
tuple!(A a, B b, C c, D d, E e, F f, G g);
tuple!(A a, B b, C c, D d, E e, F f, G g, H h);
