//! Plugins for ALaS in Rust: ordinary functions with ordinary types.
//!
//! ```standalone_crate
//! use alas_plugin::{Error, Result, plugin};
//!
//! /// The sum of the products of the elements at the same places.
//! #[alas_plugin::function]
//! fn dot(a: &[f64], b: &[f64]) -> Result<f64> {
//!     if a.len() != b.len() {
//!         let message = format!("the two have {} and {} elements", a.len(), b.len());
//!         return Err(Error::new("length_mismatch", message));
//!     }
//!     Ok(a.iter().zip(b).map(|(a, b)| a * b).sum())
//! }
//!
//! plugin! { module: "vectors", functions: [dot] }
//!
//! # fn main() {
//! // The function is still one, so that tests call it as any other.
//! assert_eq!(dot(&[1.0, 2.0], &[3.0, 4.0]).unwrap(), 11.0);
//! # }
//! ```
//!
//! [`macro@function`] makes functions ready for the host, and [`plugin!`] exports them. [`FromValue`] lists the types that
//! parameters have, [`IntoValue`] those of results. A function whose first parameter is a [`Context`] can do more: read
//! settings, write to the log, call other functions, and build arrays in the memory of the host.
//!
//! A function fails with an [`Error`], or by panicking, which is kept inside the plugin and becomes an error with the code
//! `panic`. Whatever borrows from the host does so for the duration of the call, which the compiler checks.

mod builders;
mod context;
mod entry;
mod error;
mod from_value;
mod host;
mod into_value;
mod owned;
mod panics;
mod scopes;
mod value;

// So that the macros find this crate in its own tests, too.
extern crate self as alas_plugin;

/// Makes a function ready to be listed in [`plugin!`]. It stays the function that it is.
///
/// Its parameters are of types that implement [`FromValue`], its result of one that implements [`IntoValue`]. The first
/// parameter may be `&Context`, which programs do not pass.
///
/// ```
/// use alas_plugin::Result;
///
/// #[alas_plugin::function]
/// fn repeat(text: &str, times: i64) -> Result<String> {
///     Ok(text.repeat(usize::try_from(times)?))
/// }
///
/// # fn main() {
/// assert_eq!(repeat("na", 3).unwrap(), "nanana");
/// assert!(repeat("na", -1).is_err());
/// # }
/// ```
///
/// Generic functions, async and unsafe ones, and methods are refused:
///
/// ```compile_fail
/// #[alas_plugin::function]
/// fn largest<T: Ord>(items: Vec<T>) {}
/// # fn main() {}
/// ```
///
/// ```compile_fail
/// #[alas_plugin::function]
/// async fn fetch(address: String) {}
/// # fn main() {}
/// ```
///
/// ```compile_fail
/// #[alas_plugin::function]
/// fn late(number: i64, context: &alas_plugin::Context) {}
/// # fn main() {}
/// ```
pub use alas_plugin_macros::function;

/// Exports a plugin: the name of its module and its functions; `init`, which is called first, and `shutdown`, which is
/// called last, may be left out. A library holds one plugin.
///
/// `init` is a `fn(&Context) -> Result<()>`, or returns nothing; `shutdown` is a `fn()`.
///
/// ```standalone_crate
/// use alas_plugin::{Context, Level, Result, plugin};
///
/// mod search {
///     #[alas_plugin::function]
///     pub fn find(text: &str, part: &str) -> bool {
///         text.contains(part)
///     }
/// }
///
/// fn start(context: &Context) -> Result<()> {
///     context.log(Level::Info, "ready");
///     Ok(())
/// }
///
/// fn stop() {}
///
/// plugin! { module: "texts", functions: [search::find], init: start, shutdown: stop }
/// # fn main() {}
/// ```
///
/// A function without the attribute is refused:
///
/// ```compile_fail
/// fn find(text: &str, part: &str) -> bool {
///     text.contains(part)
/// }
///
/// alas_plugin::plugin! { module: "texts", functions: [find] }
/// # fn main() {}
/// ```
pub use alas_plugin_macros::plugin;

/// Lets a type be a parameter: a struct with named fields from a map with these keys, an enum without fields from the name
/// of one of its variants. A field that is an `Option` may be missing in the map.
///
/// ```
/// use alas_plugin::FromValue;
///
/// #[derive(FromValue)]
/// struct Book<'call> {
///     title: &'call str,
///     pages: Option<i64>,
/// }
///
/// #[alas_plugin::function]
/// fn is_long(book: Book) -> bool {
///     book.pages.is_some_and(|pages| pages > 400) || book.title.len() > 100
/// }
/// # fn main() {}
/// ```
pub use alas_plugin_macros::FromValue;

/// Lets a type be a result: a struct with named fields becomes a map, an enum without fields the name of its variant.
///
/// ```
/// use alas_plugin::IntoValue;
///
/// #[derive(IntoValue)]
/// enum Sign {
///     Negative,
///     Zero,
///     Positive,
/// }
///
/// #[alas_plugin::function]
/// fn sign(number: i64) -> Sign {
///     match number {
///         ..0 => Sign::Negative,
///         0 => Sign::Zero,
///         1.. => Sign::Positive,
///     }
/// }
/// # fn main() {}
/// ```
pub use alas_plugin_macros::IntoValue;

pub use builders::{ArrayBuilder, Bools, Floats, Ints, MapBuilder, Packed};
pub use context::Level;
pub use error::{Error, Result};
pub use from_value::FromValue;
pub use host::{Context, Element};
pub use into_value::{IntoArguments, IntoValue};
pub use owned::OwnedValue;
pub use value::{Array, Kind, Map, Value};

/// What the macros write. It may change in every version.
#[doc(hidden)]
pub mod private {
    pub use alas_plugin_abi::{Descriptor, Host};

    pub use crate::entry::{
        Arguments, InitOutcome, Plugin, PluginFunction, PluginInit, PluginShutdown, Row, enter,
    };
    pub use crate::from_value::vector;
}

/// The examples of the guide for authors.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Guide;
