//! Conversions of structs with named fields, which are maps, and of enums without fields, which are texts.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, GenericParam, Ident, Lifetime, Result};

/// The fields of a struct, or the variants of an enum.
enum Shape<'i> {
    Struct(Vec<(&'i Ident, &'i syn::Type)>),
    Enum(Vec<&'i Ident>),
}

fn shape(item: &DeriveInput) -> Result<Shape<'_>> {
    let refuse = |what| Err(Error::new_spanned(&item.ident, format!("{what}: implement the trait by hand")));
    match &item.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(Shape::Struct(
                fields.named.iter().filter_map(|field| Some((field.ident.as_ref()?, &field.ty))).collect(),
            )),
            _ => refuse("fields without names have no keys in a map"),
        },
        Data::Enum(data) => match data.variants.iter().find(|variant| !variant.fields.is_empty()) {
            Some(variant) => Err(Error::new_spanned(
                variant,
                "a variant with fields is no word: implement the trait by hand",
            )),
            None => Ok(Shape::Enum(data.variants.iter().map(|variant| &variant.ident).collect())),
        },
        Data::Union(_) => refuse("a union cannot be looked at"),
    }
}

/// The one lifetime that a type may have, for what it borrows of the call.
fn lifetime(item: &DeriveInput) -> Result<Option<&Lifetime>> {
    let mut found = None;
    for generic in &item.generics.params {
        match generic {
            GenericParam::Lifetime(lifetime) if found.is_none() => found = Some(&lifetime.lifetime),
            other => {
                let message = "only one lifetime is supported here, for what is borrowed of the call";
                return Err(Error::new_spanned(other, message));
            }
        }
    }
    Ok(found)
}

fn word(name: &Ident) -> String {
    name.unraw().to_string()
}

pub(crate) fn from_value(item: &DeriveInput) -> Result<TokenStream> {
    let name = &item.ident;
    let lifetime = lifetime(item)?;
    let call = Lifetime::new("'call", proc_macro2::Span::mixed_site());
    let call = lifetime.unwrap_or(&call);
    let arguments = lifetime.map(|lifetime| quote!(<#lifetime>));
    let body = match shape(item)? {
        Shape::Struct(fields) => {
            let fields = fields.iter().map(|(field, kind)| {
                let key = word(field);
                quote::quote_spanned!(kind.span()=> #field: map.field(#key)?)
            });
            quote! {
                let map: ::alas_plugin::Map<#call> = value.to()?;
                ::core::result::Result::Ok(Self { #(#fields),* })
            }
        }
        Shape::Enum(variants) => {
            let words: Vec<_> = variants.iter().map(|variant| word(variant)).collect();
            let expected = words.join("`, `");
            quote! {
                match value.to::<&str>()? {
                    #(#words => ::core::result::Result::Ok(Self::#variants),)*
                    other => ::core::result::Result::Err(::alas_plugin::Error::new(
                        "unknown_word",
                        ::std::format!("expected one of `{}`, found `{other}`", #expected),
                    )),
                }
            }
        }
    };
    // What borrows nothing needs no handles once it is made.
    let from_array = lifetime.is_none().then(|| {
        quote! {
            fn from_array(
                array: ::alas_plugin::Array<#call>,
            ) -> ::alas_plugin::Result<::std::vec::Vec<Self>> {
                ::alas_plugin::private::vector(array)
            }
        }
    });
    Ok(quote! {
        #[automatically_derived]
        impl<#call> ::alas_plugin::FromValue<#call> for #name #arguments {
            fn from_value(value: ::alas_plugin::Value<#call>) -> ::alas_plugin::Result<Self> {
                #body
            }

            #from_array
        }
    })
}

pub(crate) fn into_value(item: &DeriveInput) -> Result<TokenStream> {
    let name = &item.ident;
    let arguments = lifetime(item)?.map(|_| quote!(<'_>));
    let body = match shape(item)? {
        Shape::Struct(fields) => {
            let count = fields.len();
            let puts = fields.iter().map(|(field, kind)| {
                let key = word(field);
                quote::quote_spanned!(kind.span()=> map.put(#key, self.#field)?;)
            });
            quote! {
                #[allow(unused_mut)]
                let mut map = context.new_map(#count)?;
                #(#puts)*
                map.into_value(context)
            }
        }
        Shape::Enum(variants) => {
            let words = variants.iter().map(|variant| word(variant));
            quote! {
                context.value(match self {
                    #(Self::#variants => #words,)*
                })
            }
        }
    };
    Ok(quote! {
        #[automatically_derived]
        impl ::alas_plugin::IntoValue for #name #arguments {
            fn into_value(
                self,
                context: &::alas_plugin::Context,
            ) -> ::alas_plugin::Result<::alas_plugin::Value<'_>> {
                #body
            }
        }
    })
}
