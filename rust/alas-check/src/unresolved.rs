//! Says why a call names no function, and what it probably meant.

use alas_library::Builtin;
use alas_syntax::Code;

use crate::call::Call;
use crate::modules::{STANDARD, Scope, Unresolved};
use crate::suggest;
use alas_syntax::{Explanation, Findings, clip};

/// Reports a call that names no function.
pub(crate) fn report(call: &Call<'_>, reason: Unresolved<'_>, scope: &Scope<'_>, findings: &mut Findings) {
    let name = call.name;
    let unknown = if call.builtin { Code::UnknownBuiltin } else { Code::UnknownFunction };
    let function = name.text.rsplit('.').next().unwrap_or_default();
    match reason {
        Unresolved::Reported => {}
        Unresolved::NotImported => not_imported(call, scope, findings),
        Unresolved::Function(interface) => findings.report(unknown, name.node, || {
            let own = interface.name == scope.interface.name;
            let exported = interface.exported();
            let all = interface.functions.iter().map(|function| &*function.name);
            let message = format!("the module `{}` has no function `{}`", interface.name, clip(function));
            let help = if own && !call.builtin {
                own_help(function, all)
            } else {
                suggest::help(function, "functions that it exports", exported)
            };
            Explanation::new(message).help(help)
        }),
        Unresolved::NotExported(interface) => findings.report(Code::NotExported, name.node, || {
            let message =
                format!("the module `{}` does not export its function `{}`", interface.name, clip(function));
            let help = format!(
                "add \"{}\" to its `exports`; the functions that it exports are {}",
                clip(function),
                suggest::list(interface.exported())
            );
            Explanation::new(message).help(help)
        }),
        Unresolved::Standard(namespace) => findings.report(unknown, name.node, || {
            let message = format!("the standard library has no function `{namespace}.{}`", clip(function));
            Explanation::new(message).help(standard_help(namespace, function, call.builtin))
        }),
        Unresolved::Namespace => findings.report(Code::UnknownBuiltin, name.node, || {
            Explanation::new(format!("there is no builtin `{}`", call.shown()))
                .help(builtin_help(&name.text, scope))
        }),
    }
}

fn not_imported(call: &Call<'_>, scope: &Scope<'_>, findings: &mut Findings) {
    let Some(module) = call.module else { return };
    findings.report(Code::UnknownModule, module.node, || {
        let name = &*module.text;
        let message = format!("the module `{}` is not imported", clip(name));
        let standard = name.strip_prefix(STANDARD).unwrap_or(name);
        let help = if *name == *scope.interface.name {
            format!(
                "this is the module itself: call `{}` with an expression of type `call`",
                clip(&call.name.text)
            )
        } else if scope.interfaces.contains_key(name) {
            format!("add \"{name}\" to the module's `imports`")
        } else if alas_library::is_namespace(standard) {
            format!("add \"{STANDARD}{standard}\" to the module's `imports`")
        } else {
            suggest::help(name, "imported modules", scope.imported())
        };
        Explanation::new(message).help(help)
    });
}

/// A function of the module itself; the author may have meant a standard one.
fn own_help<'n>(function: &str, own: impl Iterator<Item = &'n str> + Clone) -> String {
    let standard = || Builtin::ALL.iter().map(|builtin| builtin.row().name);
    let same = standard().find(|full| full.rsplit('.').next() == Some(function));
    match (suggest::nearest(function, own.clone()), same) {
        (None, Some(full)) => format!(
            "did you mean the standard function `{full}`? Call it with an expression of type `builtin`"
        ),
        _ => suggest::help(function, "functions of this module", own),
    }
}

fn standard_help(namespace: &str, function: &str, with_namespace: bool) -> String {
    let offered = Builtin::ALL.iter().filter(|builtin| builtin.namespace() == namespace);
    let names = offered.map(|builtin| builtin.row().name.rsplit('.').next().unwrap_or_default());
    let mut elsewhere = Builtin::ALL
        .iter()
        .map(|builtin| builtin.row().name)
        .filter(|full| full.rsplit('.').next() == Some(function));
    // A name that several namespaces have says nothing about what was meant.
    let elsewhere = elsewhere.next().filter(|_| elsewhere.next().is_none());
    match (suggest::nearest(function, names.clone()), elsewhere) {
        (Some(near), _) if with_namespace => format!("did you mean `{namespace}.{near}`?"),
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, Some(full)) => format!("did you mean `{full}`?"),
        (None, None) => format!("the functions of `{namespace}` are {}", suggest::list(names)),
    }
}

fn builtin_help(full: &str, scope: &Scope<'_>) -> String {
    if let Some(short) = full.strip_prefix(STANDARD)
        && Builtin::find(short).is_some()
    {
        return format!("write `{short}`: builtin names have no `std.`");
    }
    let own = scope.interface.name.as_ref();
    let standard = Builtin::ALL.iter().map(|builtin| builtin.row().name);
    if let Some(near) = suggest::nearest(full, standard) {
        return format!("did you mean `{near}`?");
    }
    let owner = full.rsplit_once('.').map_or(full, |(owner, _)| owner);
    let namespaces = Builtin::ALL.iter().map(|builtin| builtin.namespace());
    let modules = scope.interfaces.keys().map(|name| &**name).filter(|name| *name != own);
    match suggest::nearest(owner, namespaces.chain(modules)) {
        Some(near) => format!("there is no module `{}`; did you mean `{near}`?", clip(owner)),
        None => format!("there is no standard namespace and no plugin module `{}`", clip(owner)),
    }
}
