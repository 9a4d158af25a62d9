//! What a function can ask of the host.

use alas_plugin_abi::level;

use crate::builders::{ArrayBuilder, Bools, Floats, Ints, MapBuilder, Packed};
use crate::error::Result;
use crate::from_value::FromValue;
use crate::host::{Context, Handle};
use crate::into_value::{IntoArguments, IntoValue};
use crate::value::Value;

/// How important a line of the log is.
///
/// ```
/// # use alas_plugin::{Context, Level};
/// # #[allow(dead_code)]
/// fn skipped(context: &Context, line: i64) {
///     context.log(Level::Warning, format!("line {line} was skipped"));
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For whoever looks for a mistake.
    Debug,
    /// What happens.
    Info,
    /// What may be wrong.
    Warning,
    /// What is wrong.
    Error,
}

impl Context {
    /// Writes a line to the log of plugins.
    ///
    /// ```
    /// # use alas_plugin::{Context, Level};
    /// # #[allow(dead_code)]
    /// fn started(context: &Context) {
    ///     context.log(Level::Info, "ready");
    /// }
    /// ```
    pub fn log(&self, level: Level, message: impl AsRef<str>) {
        let level = match level {
            Level::Debug => level::DEBUG,
            Level::Info => level::INFO,
            Level::Warning => level::WARNING,
            Level::Error => level::ERROR,
        };
        self.write_log(level, message.as_ref());
    }

    /// Gets a setting of the manifest's `implementation.config`, which is a text; `None` when there is no such setting.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{Context, Result};
    /// # #[allow(dead_code)]
    /// fn width(context: &Context) -> Result<i64> {
    ///     Ok(context.config("width")?.unwrap_or("80").parse()?)
    /// }
    /// ```
    pub fn config(&self, key: &str) -> Result<Option<&str>> {
        self.setting(key)?.map(Handle::text).transpose()
    }

    /// Calls a function by name: one of the plugin's own module by its name alone, one of a module that the plugin depends
    /// on as `module.function`.
    ///
    /// # Errors
    ///
    /// The function has failed, or it cannot be called, or its result is no `T`. Where `?` hands on that it has failed, the
    /// program sees the very error of that function.
    ///
    /// ```
    /// # use alas_plugin::{Context, Result};
    /// # #[allow(dead_code)]
    /// fn hypotenuse(context: &Context, a: f64, b: f64) -> Result<f64> {
    ///     context.invoke("math_utils.root", (a * a + b * b,))
    /// }
    /// ```
    pub fn invoke<'call, T: FromValue<'call>>(
        &'call self,
        name: &str,
        arguments: impl IntoArguments,
    ) -> Result<T> {
        let arguments: Vec<_> =
            arguments.into_arguments(self)?.into_iter().map(|value| value.handle).collect();
        let result = Value { handle: self.call_by_name(name, &arguments)? };
        T::from_value(result).map_err(|error| error.at(format_args!("the result of `{name}`")))
    }

    /// Says whether the call has to end, because it was cancelled or has used its time. Long work asks now and then, and
    /// returns; what it returns then does not matter.
    ///
    /// ```
    /// # use alas_plugin::{Context, Error, Result};
    /// # #[allow(dead_code)]
    /// fn search(context: &Context, numbers: &[i64], number: i64) -> Result<bool> {
    ///     for part in numbers.chunks(65_536) {
    ///         if context.should_stop() {
    ///             return Err(Error::new("stopped", "the search was stopped"));
    ///         }
    ///         if part.contains(&number) {
    ///             return Ok(true);
    ///         }
    ///     }
    ///     Ok(false)
    /// }
    /// ```
    #[must_use]
    pub fn should_stop(&self) -> bool {
        self.is_to_stop()
    }

    /// Does some work in a scope: the host takes back the handles that are made in it.
    ///
    /// Loops that make or look at very many texts, arrays and maps need less memory so. What was put into an array or map
    /// of outside stays there. Values of outside can be used inside; values of inside cannot leave.
    ///
    /// Elements that are taken from a value of outside are values of outside as well, which keeps the scope from being
    /// closed early; [`Value::within`](crate::Value::within) makes them values of inside.
    ///
    /// # Errors
    ///
    /// The error of the work, or of the host.
    ///
    /// ```
    /// use alas_plugin::{Context, Map, Result};
    ///
    /// #[alas_plugin::function]
    /// fn newest(context: &Context, count: i64) -> Result<i64> {
    ///     let mut newest = 0;
    ///     for number in 0..count {
    ///         let year = context.scope(|inner| {
    ///             let book: Map = inner.invoke("library.book", (number,))?;
    ///             book.field::<i64>("year")
    ///         })?;
    ///         newest = newest.max(year);
    ///     }
    ///     Ok(newest)
    /// }
    /// # fn main() {}
    /// ```
    ///
    /// ```compile_fail
    /// # use alas_plugin::{Context, Result};
    /// # #[allow(dead_code)]
    /// fn leave(context: &Context) -> Result<String> {
    ///     let text = context.scope(|inner| inner.value("text"))?;
    ///     text.to()
    /// }
    /// ```
    pub fn scope<R>(&self, work: impl FnOnce(&Context) -> Result<R>) -> Result<R> {
        self.in_scope(work)
    }

    /// Makes a value of the host.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{Context, Result, Value};
    /// # #[allow(dead_code)]
    /// fn number_or_text(context: &Context, is_number: bool) -> Result<Value<'_>> {
    ///     if is_number { context.value(5) } else { context.value("five") }
    /// }
    /// ```
    pub fn value(&self, of: impl IntoValue) -> Result<Value<'_>> {
        of.into_value(self)
    }

    /// Makes an array of zeros in the host's memory, to be filled and returned without a copy.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{Context, Ints, Result};
    /// # #[allow(dead_code)]
    /// fn squares(context: &Context, count: i64) -> Result<Ints<'_>> {
    ///     let mut squares = context.new_ints(usize::try_from(count)?)?;
    ///     for (place, number) in squares.iter_mut().zip(0..) {
    ///         *place = number * number;
    ///     }
    ///     Ok(squares)
    /// }
    /// ```
    pub fn new_ints(&self, length: usize) -> Result<Ints<'_>> {
        Packed::new(self, length)
    }

    /// Makes an array of zeros in the host's memory, to be filled and returned without a copy.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{Context, Floats, Result};
    /// # #[allow(dead_code)]
    /// fn scale<'call>(context: &'call Context, numbers: &[f64], by: f64) -> Result<Floats<'call>> {
    ///     let mut scaled = context.new_floats(numbers.len())?;
    ///     for (place, number) in scaled.iter_mut().zip(numbers) {
    ///         *place = number * by;
    ///     }
    ///     Ok(scaled)
    /// }
    /// ```
    pub fn new_floats(&self, length: usize) -> Result<Floats<'_>> {
        Packed::new(self, length)
    }

    /// Makes an array of `false` in the host's memory, to be filled and returned without a copy.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{Bools, Context, Result};
    /// # #[allow(dead_code)]
    /// fn positive<'call>(context: &'call Context, numbers: &[i64]) -> Result<Bools<'call>> {
    ///     let mut positive = context.new_bools(numbers.len())?;
    ///     for (place, number) in positive.iter_mut().zip(numbers) {
    ///         *place = *number > 0;
    ///     }
    ///     Ok(positive)
    /// }
    /// ```
    pub fn new_bools(&self, length: usize) -> Result<Bools<'_>> {
        Packed::new(self, length)
    }

    /// Begins an array of anything, with room for so many elements.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{ArrayBuilder, Context, Result};
    /// # #[allow(dead_code)]
    /// fn mixed(context: &Context) -> Result<ArrayBuilder<'_>> {
    ///     let mut mixed = context.new_array(2)?;
    ///     mixed.push(1)?;
    ///     mixed.push("one")?;
    ///     Ok(mixed)
    /// }
    /// ```
    pub fn new_array(&self, capacity: usize) -> Result<ArrayBuilder<'_>> {
        ArrayBuilder::new(self, capacity)
    }

    /// Begins a map, with room for so many entries. It keeps the order in which they are put.
    ///
    /// # Errors
    ///
    /// The host refuses, as it does once the memory of the plugin is used up.
    ///
    /// ```
    /// # use alas_plugin::{Context, MapBuilder, Result};
    /// # #[allow(dead_code)]
    /// fn point(context: &Context, x: f64, y: f64) -> Result<MapBuilder<'_>> {
    ///     let mut point = context.new_map(2)?;
    ///     point.put("x", x)?;
    ///     point.put("y", y)?;
    ///     Ok(point)
    /// }
    /// ```
    pub fn new_map(&self, capacity: usize) -> Result<MapBuilder<'_>> {
        MapBuilder::new(self, capacity)
    }
}
