//! The macros of `alas-plugin`: depend on that crate, which describes them, and not on this one.
#![forbid(unsafe_code)]

mod derive;
mod function;
mod plugin;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// The attribute `alas_plugin::function`.
#[proc_macro_attribute]
pub fn function(options: TokenStream, item: TokenStream) -> TokenStream {
    let function = parse_macro_input!(item as syn::ItemFn);
    function::expand(&options.into(), &function)
        .unwrap_or_else(|error| function::with_error(&function, &error))
        .into()
}

/// The macro `alas_plugin::plugin!`.
#[proc_macro]
pub fn plugin(input: TokenStream) -> TokenStream {
    let plugin = parse_macro_input!(input as plugin::Plugin);
    plugin.expand().into()
}

/// The derivation of `alas_plugin::FromValue`.
#[proc_macro_derive(FromValue)]
pub fn from_value(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    derive::from_value(&item).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// The derivation of `alas_plugin::IntoValue`.
#[proc_macro_derive(IntoValue)]
pub fn into_value(item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item as syn::DeriveInput);
    derive::into_value(&item).unwrap_or_else(syn::Error::into_compile_error).into()
}
