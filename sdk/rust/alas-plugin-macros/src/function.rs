//! The attribute `function`.
//!
//! Beside the function it makes a type of the same name, which functions do not have: what imports the function imports
//! the type, so that `plugin!` finds it wherever the function is.

use std::ffi::CString;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, FnArg, GenericParam, ItemFn, LitCStr, Pat, Result, Signature, Type};

/// The function, and what the table needs.
pub(crate) fn expand(options: &TokenStream, function: &ItemFn) -> Result<TokenStream> {
    if !options.is_empty() {
        return Err(Error::new_spanned(options, "the attribute takes no options"));
    }
    let signature = &function.sig;
    check(signature)?;
    let parameters = signature.inputs.iter().map(parameter).collect::<Result<Vec<_>>>()?;
    let takes_context = parameters.first().is_some_and(|(_, kind)| is_context(kind));
    let others = &parameters[usize::from(takes_context)..];
    if let Some((_, kind)) = others.iter().find(|(_, kind)| is_context(kind)) {
        return Err(Error::new_spanned(
            kind,
            "`&Context` is the first parameter of a function, if it has one",
        ));
    }
    let name = &signature.ident;
    let text = name.unraw().to_string();
    let c_name = LitCStr::new(&CString::new(text.as_str()).unwrap_or_default(), name.span());
    let count = u32::try_from(others.len())
        .map_err(|_| Error::new_spanned(&signature.inputs, "there are too many parameters"))?;
    // A name that nothing in the author's code can have, because it is one of this macro.
    let arguments = Ident::new("arguments", Span::mixed_site());
    let context = takes_context.then(|| quote!(#arguments.context(),));
    let values = others.iter().enumerate().map(|(position, (name, kind))| {
        // A type that is not supported is pointed at.
        quote_spanned!(kind.span()=> #arguments.get(#position, #name)?)
    });
    // So is the type of the result.
    let result = match &signature.output {
        syn::ReturnType::Default => name.span(),
        syn::ReturnType::Type(_, kind) => kind.span(),
    };
    let call = quote!(#name(#context #(#values),*));
    let give = quote_spanned!(result=> #arguments.give(#call));
    let visibility = &function.vis;
    let marker = format_ident!("{name}", span = name.span());
    let conditions: Vec<_> =
        function.attrs.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect();
    Ok(quote! {
        #[allow(clippy::needless_pass_by_value)]
        #function

        #(#conditions)*
        #[doc(hidden)]
        #[allow(non_camel_case_types, dead_code)]
        #visibility enum #marker {}

        #(#conditions)*
        #[allow(deprecated, clippy::unit_arg)]
        impl ::alas_plugin::private::PluginFunction for #marker {
            const NAME: &'static ::core::ffi::CStr = #c_name;
            const PARAMETER_COUNT: u32 = #count;

            fn run(
                #arguments: ::alas_plugin::private::Arguments<'_>,
            ) -> ::alas_plugin::Result<::alas_plugin::Value<'_>> {
                #give
            }
        }
    })
}

/// The function as it is, and an error beside it, so that uses of the function are not errors as well.
pub(crate) fn with_error(function: &ItemFn, error: &Error) -> TokenStream {
    let error = error.to_compile_error();
    quote!(#function #error)
}

fn check(signature: &Signature) -> Result<()> {
    let refuse = |what: &dyn ToTokens, why: &str| Err(Error::new_spanned(what, why));
    if let Some(asyncness) = &signature.asyncness {
        return refuse(asyncness, "functions of plugins are not async: the host waits for the result");
    }
    if let Some(unsafety) = &signature.unsafety {
        return refuse(unsafety, "functions of plugins are not unsafe: programs cannot promise anything");
    }
    if let Some(variadic) = &signature.variadic {
        return refuse(variadic, "functions of plugins have as many parameters as the manifest says");
    }
    match signature.generics.params.iter().find(|one| !matches!(one, GenericParam::Lifetime(_))) {
        Some(generic) => {
            refuse(generic, "functions of plugins are not generic: the types are those of the manifest")
        }
        None => Ok(()),
    }
}

/// The name of a parameter, for messages, and its type.
fn parameter(input: &FnArg) -> Result<(String, &Type)> {
    match input {
        FnArg::Receiver(receiver) => {
            Err(Error::new_spanned(receiver, "functions of plugins are no methods: take the receiver out"))
        }
        FnArg::Typed(typed) => {
            if let Type::ImplTrait(kind) = &*typed.ty {
                return Err(Error::new_spanned(kind, "name the type: the attribute has to know it"));
            }
            let name = match &*typed.pat {
                Pat::Ident(name) => name.ident.unraw().to_string(),
                other => other.to_token_stream().to_string(),
            };
            Ok((name, &typed.ty))
        }
    }
}

fn is_context(kind: &Type) -> bool {
    let Type::Reference(reference) = kind else { return false };
    let Type::Path(path) = &*reference.elem else { return false };
    path.path.segments.last().is_some_and(|segment| segment.ident == "Context")
}
