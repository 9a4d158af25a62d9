//! Arrays and maps that a function is making, in the memory of the host.

use std::fmt;
use std::ops::{Deref, DerefMut};

use crate::error::Result;
use crate::host::{Context, Element, Handle};
use crate::into_value::IntoValue;
use crate::value::{AT_ONCE, Array, Map, Value};

/// An array of `i64`, `f64` or `bool` that a function fills and returns: a mutable slice of the host's memory.
///
/// [`Context::new_ints`], [`Context::new_floats`] and [`Context::new_bools`] make one.
///
/// ```
/// use alas_plugin::{Context, Floats, Result};
///
/// #[alas_plugin::function]
/// fn zeros(context: &Context, count: i64) -> Result<Floats<'_>> {
///     context.new_floats(usize::try_from(count)?)
/// }
/// # fn main() {}
/// ```
pub struct Packed<'call, T: Element> {
    handle: Handle<'call>,
    items: &'call mut [T],
}

/// An array of ints that a function fills; see [`Packed`].
///
/// ```
/// # use alas_plugin::{Context, Ints, Result};
/// # #[allow(dead_code)]
/// fn counts(context: &Context) -> Result<Ints<'_>> {
///     context.new_ints(26)
/// }
/// ```
pub type Ints<'call> = Packed<'call, i64>;

/// An array of floats that a function fills; see [`Packed`].
///
/// ```
/// # use alas_plugin::{Context, Floats, Result};
/// # #[allow(dead_code)]
/// fn weights(context: &Context) -> Result<Floats<'_>> {
///     context.new_floats(26)
/// }
/// ```
pub type Floats<'call> = Packed<'call, f64>;

/// An array of bools that a function fills; see [`Packed`].
///
/// ```
/// # use alas_plugin::{Bools, Context, Result};
/// # #[allow(dead_code)]
/// fn marks(context: &Context) -> Result<Bools<'_>> {
///     context.new_bools(26)
/// }
/// ```
pub type Bools<'call> = Packed<'call, bool>;

impl<'call, T: Element> Packed<'call, T> {
    pub(crate) fn new(context: &'call Context, length: usize) -> Result<Self> {
        let (handle, items) = context.make_packed(length)?;
        Ok(Self { handle, items })
    }

    /// Ends filling.
    ///
    /// ```
    /// # use alas_plugin::{Array, Context, Result};
    /// # #[allow(dead_code)]
    /// fn three_zeros(context: &Context) -> Result<Array<'_>> {
    ///     Ok(context.new_ints(3)?.finish())
    /// }
    /// ```
    #[must_use]
    pub fn finish(self) -> Array<'call> {
        Array { handle: self.handle }
    }

    /// Ends filling, with only so many of the first elements, where not all that were asked for are needed.
    ///
    /// # Errors
    ///
    /// There are not as many.
    ///
    /// ```
    /// # use alas_plugin::{Array, Context, Result};
    /// # #[allow(dead_code)]
    /// fn even<'call>(context: &'call Context, numbers: &[i64]) -> Result<Array<'call>> {
    ///     let mut even = context.new_ints(numbers.len())?;
    ///     let mut count = 0;
    ///     for number in numbers.iter().filter(|number| *number % 2 == 0) {
    ///         even[count] = *number;
    ///         count += 1;
    ///     }
    ///     even.finish_with(count)
    /// }
    /// ```
    pub fn finish_with(self, length: usize) -> Result<Array<'call>> {
        let handle = self.handle;
        if length != self.items.len() {
            handle.truncate(length)?;
        }
        Ok(Array { handle })
    }
}

impl<T: Element> Deref for Packed<'_, T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.items
    }
}

impl<T: Element> DerefMut for Packed<'_, T> {
    fn deref_mut(&mut self) -> &mut [T] {
        self.items
    }
}

impl<T: Element + fmt::Debug> fmt::Debug for Packed<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.items.fmt(formatter)
    }
}

impl<T: Element> IntoValue for Packed<'_, T> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        self.finish().into_value(context)
    }
}

/// An array of anything that a function is making.
///
/// ```
/// use alas_plugin::{ArrayBuilder, Context, Result};
///
/// #[alas_plugin::function]
/// fn words<'call>(context: &'call Context, text: &str) -> Result<ArrayBuilder<'call>> {
///     let mut words = context.new_array(0)?;
///     for word in text.split_whitespace() {
///         words.push(word)?;
///     }
///     Ok(words)
/// }
/// # fn main() {}
/// ```
pub struct ArrayBuilder<'call> {
    handle: Handle<'call>,
}

impl<'call> ArrayBuilder<'call> {
    pub(crate) fn new(context: &'call Context, capacity: usize) -> Result<Self> {
        Ok(Self { handle: context.make_array(capacity)? })
    }

    /// Appends an element.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{ArrayBuilder, Result};
    /// # #[allow(dead_code)]
    /// fn add_total(numbers: &mut ArrayBuilder, total: f64) -> Result<()> {
    ///     numbers.push(total)
    /// }
    /// ```
    pub fn push(&mut self, item: impl IntoValue) -> Result<()> {
        self.handle.push(item.into_value(self.handle.context())?.handle)
    }

    /// Appends many elements. The handles that this takes are given back on the way.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{ArrayBuilder, Result};
    /// # #[allow(dead_code)]
    /// fn add_words(words: &mut ArrayBuilder, text: &str) -> Result<()> {
    ///     words.extend(text.split_whitespace())
    /// }
    /// ```
    pub fn extend<T: IntoValue>(&mut self, items: impl IntoIterator<Item = T>) -> Result<()> {
        let mut items = items.into_iter().peekable();
        while items.peek().is_some() {
            self.handle.context().scope(|inner| {
                for item in items.by_ref().take(AT_ONCE) {
                    self.handle.push(item.into_value(inner)?.handle)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Ends making it.
    ///
    /// ```
    /// # use alas_plugin::{Array, Context, Result};
    /// # #[allow(dead_code)]
    /// fn nothing(context: &Context) -> Result<Array<'_>> {
    ///     Ok(context.new_array(0)?.finish())
    /// }
    /// ```
    #[must_use]
    pub fn finish(self) -> Array<'call> {
        Array { handle: self.handle }
    }
}

impl IntoValue for ArrayBuilder<'_> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        self.finish().into_value(context)
    }
}

/// A map that a function is making. It keeps the order in which entries are put.
///
/// ```
/// use alas_plugin::{Context, MapBuilder, Result};
///
/// #[alas_plugin::function]
/// fn lengths<'call>(context: &'call Context, text: &str) -> Result<MapBuilder<'call>> {
///     let mut lengths = context.new_map(0)?;
///     for word in text.split_whitespace() {
///         lengths.put(word, i64::try_from(word.len())?)?;
///     }
///     Ok(lengths)
/// }
/// # fn main() {}
/// ```
pub struct MapBuilder<'call> {
    handle: Handle<'call>,
}

impl<'call> MapBuilder<'call> {
    pub(crate) fn new(context: &'call Context, capacity: usize) -> Result<Self> {
        Ok(Self { handle: context.make_map(capacity)? })
    }

    /// Stores a value, in the key's old place or at the end.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{MapBuilder, Result};
    /// # #[allow(dead_code)]
    /// fn add_name(book: &mut MapBuilder, title: &str) -> Result<()> {
    ///     book.put("title", title)
    /// }
    /// ```
    pub fn put(&mut self, key: &str, item: impl IntoValue) -> Result<()> {
        self.handle.put(key, item.into_value(self.handle.context())?.handle)
    }

    /// Stores many values. The handles that this takes are given back on the way.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{MapBuilder, Result};
    /// # #[allow(dead_code)]
    /// fn add_lengths(lengths: &mut MapBuilder, words: &[&str]) -> Result<()> {
    ///     lengths.extend(words.iter().map(|word| (*word, word.len() as f64)))
    /// }
    /// ```
    pub fn extend<K: AsRef<str>, T: IntoValue>(
        &mut self,
        entries: impl IntoIterator<Item = (K, T)>,
    ) -> Result<()> {
        let mut entries = entries.into_iter().peekable();
        while entries.peek().is_some() {
            self.handle.context().scope(|inner| {
                for (key, item) in entries.by_ref().take(AT_ONCE) {
                    self.handle.put(key.as_ref(), item.into_value(inner)?.handle)?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }

    /// Ends making it.
    ///
    /// ```
    /// # use alas_plugin::{Context, Map, Result};
    /// # #[allow(dead_code)]
    /// fn nothing(context: &Context) -> Result<Map<'_>> {
    ///     Ok(context.new_map(0)?.finish())
    /// }
    /// ```
    #[must_use]
    pub fn finish(self) -> Map<'call> {
        Map { handle: self.handle }
    }
}

impl IntoValue for MapBuilder<'_> {
    fn into_value(self, context: &Context) -> Result<Value<'_>> {
        self.finish().into_value(context)
    }
}
