//! The macro `plugin!`.

use std::collections::HashSet;
use std::ffi::CString;

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Error, Ident, LitCStr, LitStr, Path, Result, Token, bracketed};

/// What stands in the macro.
pub(crate) struct Plugin {
    module: LitCStr,
    functions: Vec<Path>,
    init: Option<Path>,
    shutdown: Option<Path>,
}

impl Parse for Plugin {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let (mut module, mut functions, mut init, mut shutdown) = (None, None, None, None);
        while !input.is_empty() {
            let field: Ident = input.parse()?;
            input.parse::<Token![:]>()?;
            let is_new = match &*field.to_string() {
                "module" => module.replace(module_name(&input.parse()?)?).is_none(),
                "functions" => functions.replace(paths(input)?).is_none(),
                "init" => init.replace(input.parse()?).is_none(),
                "shutdown" => shutdown.replace(input.parse()?).is_none(),
                _ => {
                    let message = "expected `module`, `functions`, `init` or `shutdown`";
                    return Err(Error::new_spanned(field, message));
                }
            };
            if !is_new {
                return Err(Error::new_spanned(&field, format!("`{field}` is there twice")));
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let missing = |field| input.error(format!("`{field}` is missing"));
        Ok(Self {
            module: module.ok_or_else(|| missing("module"))?,
            functions: functions.ok_or_else(|| missing("functions"))?,
            init,
            shutdown,
        })
    }
}

fn module_name(name: &LitStr) -> Result<LitCStr> {
    match CString::new(name.value()) {
        Ok(text) if !text.is_empty() => Ok(LitCStr::new(&text, name.span())),
        _ => Err(Error::new_spanned(name, "expected the name of the module, as in the manifest")),
    }
}

fn paths(input: ParseStream<'_>) -> Result<Vec<Path>> {
    let content;
    bracketed!(content in input);
    let paths = Punctuated::<Path, Token![,]>::parse_terminated(&content)?;
    let mut names = HashSet::new();
    for path in &paths {
        let name = path.segments.last().map(|segment| segment.ident.to_string());
        if !names.insert(name) {
            return Err(Error::new_spanned(path, "there is a function of this name already"));
        }
    }
    Ok(paths.into_iter().collect())
}

impl Plugin {
    /// The table, and the function that the host looks for.
    pub(crate) fn expand(&self) -> TokenStream {
        let Self { module, functions, .. } = self;
        let count = functions.len();
        let rows = functions
            .iter()
            .map(|path| quote_spanned!(path.span()=> ::alas_plugin::private::Row::of::<#path>()));
        let init = self.init.as_ref().map(|path| {
            let call =
                quote_spanned!(path.span()=> ::alas_plugin::private::InitOutcome::outcome(#path(context)));
            quote! {
                enum Init {}
                impl ::alas_plugin::private::PluginInit for Init {
                    fn run(context: &::alas_plugin::Context) -> ::alas_plugin::Result<()> {
                        #call
                    }
                }
            }
        });
        let shutdown = self.shutdown.as_ref().map(|path| {
            quote! {
                enum Shutdown {}
                impl ::alas_plugin::private::PluginShutdown for Shutdown {
                    fn run() {
                        #path();
                    }
                }
            }
        });
        let with_init = init.as_ref().map(|_| quote!(.with_init::<Init>()));
        let with_shutdown = shutdown.as_ref().map(|_| quote!(.with_shutdown::<Shutdown>()));
        quote! {
            const _: () = {
                #init
                #shutdown
                static ROWS: [::alas_plugin::private::Row; #count] = [#(#rows),*];
                static PLUGIN: ::alas_plugin::private::Plugin =
                    ::alas_plugin::private::Plugin::new(#module, &ROWS) #with_init #with_shutdown;

                #[unsafe(no_mangle)]
                unsafe extern "C-unwind" fn alas_plugin_entry(
                    host: *const ::alas_plugin::private::Host,
                ) -> *const ::alas_plugin::private::Descriptor {
                    // SAFETY: the host passes its table.
                    unsafe { ::alas_plugin::private::enter(host, &PLUGIN) }
                }
            };
        }
    }
}
