//! One module: its imports, then its functions one by one.

use std::sync::Arc;

use alas_library::Builtin;
use alas_syntax::{Code, Diagnostics, Module, Syntax};

use crate::function::{FunctionChecker, Results, Surroundings};
use crate::modules::{STANDARD, Scope, reached_modules};
use crate::shapes::Shapes;
use crate::{Declared, Definitions, Function, Interface, Interfaces, Permissions, Typed, suggest};
use alas_syntax::{Explanation, Findings, clip};

/// Checks a module whose declarations have been read by [`Interface::of`], and builds its typed tree.
///
/// The interfaces are those of the modules that [`reached_modules`] lists; more do no harm, and a missing one
/// is a finding where it is named.
///
/// # Errors
///
/// All findings about the module, those of the parser included, by position.
///
/// ```
/// use alas_check::{Interface, Interfaces, Permissions, check};
/// use alas_syntax::{Source, parse};
///
/// let text = br#"{"type": "module", "name": "hello", "functions": [
///     {"name": "main", "body": [{"type": "return", "value": {"type": "literal", "value": 1}}]}]}"#;
/// let syntax = parse(&Source { file: None, text: text.to_vec() }).unwrap();
/// let interfaces = Interfaces::new();
/// let declared = Interface::of(&syntax, &interfaces);
/// let typed = check(&syntax, declared, &interfaces, &Permissions::default()).unwrap();
/// assert_eq!(typed.functions.len(), 1);
/// ```
pub fn check(
    syntax: &Syntax,
    declared: Declared,
    interfaces: &Interfaces,
    permissions: &Permissions,
) -> Result<Typed, Diagnostics> {
    let Declared { interface, findings } = declared;
    let definitions = definitions(syntax, &interface, interfaces);
    let mut results = Results { findings: syntax.findings.clone(), ..Results::default() };
    results.findings.extend(findings);
    let functions = {
        let scope = Scope::new(&syntax.module, &interface, interfaces);
        let surroundings = Surroundings { scope, shapes: Shapes::new(&definitions), permissions };
        missing_imports(&syntax.module, &surroundings.scope, &mut results.findings);
        functions(&syntax.module, &surroundings, &mut results)
    };
    let failed = results.findings.has_errors();
    let diagnostics = results.findings.into_diagnostics(&syntax.locations);
    if failed {
        return Err(Diagnostics(diagnostics));
    }
    Ok(Typed {
        interface,
        modules: results.called.into_modules(),
        functions,
        definitions,
        locations: Arc::clone(&syntax.locations),
        warnings: diagnostics,
    })
}

fn functions<'m>(
    module: &'m Module,
    surroundings: &'m Surroundings<'m>,
    results: &mut Results,
) -> Vec<Function> {
    let declared = &surroundings.scope.interface.functions;
    let pairs = module.functions.iter().zip(declared);
    pairs
        .map(|(function, declared)| {
            FunctionChecker::new(function, declared, surroundings, results).check(function)
        })
        .collect()
}

/// The types that the module can meet: those of its interface, and those of the modules that it reaches
/// without import.
fn definitions(syntax: &Syntax, interface: &Arc<Interface>, interfaces: &Interfaces) -> Arc<Definitions> {
    let reached = reached_modules(syntax);
    let others = || reached.iter().filter_map(|reached| interfaces.get(&reached.name));
    let new = |other: &&Arc<Interface>| {
        other.definitions.keys().any(|named| !interface.definitions.contains_key(named))
    };
    if !others().any(|other| new(&other)) {
        return Arc::clone(&interface.definitions);
    }
    let mut definitions = Definitions::clone(&interface.definitions);
    for other in others().filter(new) {
        definitions.extend(other.definitions.iter().map(|(named, shape)| (named.clone(), shape.clone())));
    }
    Arc::new(definitions)
}

/// Reports each import that names no module.
fn missing_imports(module: &Module, scope: &Scope<'_>, findings: &mut Findings) {
    for import in module.imports.iter().filter(|import| !scope.is_available(&import.text)) {
        findings.report(Code::UnknownModule, import.node, || {
            let name = &*import.text;
            let standard = Builtin::ALL.iter().map(|builtin| builtin.namespace());
            let help = match name.strip_prefix(STANDARD) {
                Some(namespace) => suggest::nearest(namespace, standard)
                    .map_or("the standard modules are listed in the language reference".to_owned(), |near| {
                        format!("did you mean `{STANDARD}{near}`?")
                    }),
                None if alas_library::is_namespace(name) => {
                    format!("standard modules are imported as \"{STANDARD}{name}\"")
                }
                None => match suggest::nearest(name, scope.interfaces.keys().map(|name| &**name)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!(
                        "no plugin provides it and no file `{}.alas.json` is on the module path",
                        clip(name)
                    ),
                },
            };
            Explanation::new(format!("there is no module `{}` to import", clip(name))).help(help)
        });
    }
}
