//! Loading a module and all modules that it reaches.
//!
//! 1. Collect: parse the module, find and parse what it reaches, and so on.
//! 2. Order: each module behind those that it reaches; a circle is an error.
//! 3. Check every module, so that the findings of all are reported together.
//! 4. Lower and link. Nothing can be seen from outside before this has succeeded for all.

use std::collections::HashMap;
use std::sync::Arc;

use alas_check::{Interface, Interfaces, Permissions, Reached, Typed, reached_modules};
use alas_syntax::{Code, Diagnostic, Diagnostics, Source, Syntax};
use alas_vm::{Module, ModuleContext, PluginContext};

use crate::engine::Loaded;
use crate::graph::{Order, sort};
use crate::pipeline;

/// The text of a module, and the plugin that it belongs to.
#[derive(Debug, Clone)]
pub struct Found {
    /// The text.
    pub source: Source,
    /// The plugin, if the module is part of one.
    pub plugin: Option<Plugin>,
}

/// What loading needs to know of a plugin.
#[derive(Debug, Clone, Default)]
pub struct Plugin {
    /// What the plugin's code can read of its manifest.
    pub context: PluginContext,
    /// What its manifest declares to use.
    pub permissions: Permissions,
}

/// Why a module was not loaded.
#[derive(Debug)]
pub enum LoadError<E> {
    /// The findings about it and the modules that it reaches.
    Program(Diagnostics),
    /// What finding a module failed with.
    Find(E),
}

/// A module that was parsed.
struct Candidate {
    name: Arc<str>,
    file: Option<String>,
    plugin: Option<Plugin>,
    syntax: Syntax,
    reached: Vec<Reached>,
}

/// The modules that are being loaded, the requested one first.
#[derive(Default)]
struct Candidates {
    modules: Vec<Candidate>,
    by_name: HashMap<Arc<str>, usize>,
    /// Names whose text was found but could not be parsed.
    broken: Vec<Arc<str>>,
    findings: Vec<Diagnostic>,
}

/// Loads a module and all modules that it reaches and that are not loaded yet. The requested module comes last.
pub(crate) fn load<E>(
    root: Found,
    loaded: &HashMap<Arc<str>, Arc<Loaded>>,
    find: &mut dyn FnMut(&str, Option<&str>) -> Result<Option<Found>, E>,
) -> Result<Vec<Arc<Loaded>>, LoadError<E>> {
    let candidates = collect(root, loaded, find).map_err(LoadError::Find)?;
    let order = order(&candidates).map_err(LoadError::Program)?;
    build(candidates, &order, loaded).map_err(LoadError::Program)
}

fn collect<E>(
    root: Found,
    loaded: &HashMap<Arc<str>, Arc<Loaded>>,
    find: &mut dyn FnMut(&str, Option<&str>) -> Result<Option<Found>, E>,
) -> Result<Candidates, E> {
    let mut candidates = Candidates::default();
    candidates.add(None, root);
    let mut next = 0;
    while let Some(candidate) = candidates.modules.get(next) {
        let importer = candidate.file.clone();
        let wanted: Vec<Reached> = candidate.reached.clone();
        next += 1;
        for reached in wanted {
            let known = loaded.contains_key(&reached.name)
                || candidates.by_name.contains_key(&reached.name)
                || candidates.broken.contains(&reached.name);
            if known {
                continue;
            }
            if let Some(found) = find(&reached.name, importer.as_deref())? {
                candidates.add(Some((&reached, next - 1)), found);
            }
        }
    }
    Ok(candidates)
}

impl Candidates {
    /// Parses a text that was found for a name, which `wanted` says together with who wants it.
    fn add(&mut self, wanted: Option<(&Reached, usize)>, found: Found) {
        let Found { source, plugin } = found;
        let syntax = match pipeline::parse(&source) {
            Ok(syntax) => syntax,
            Err(diagnostics) => {
                self.findings.extend(diagnostics.0);
                self.broken.extend(wanted.map(|(reached, _)| reached.name.clone()));
                return;
            }
        };
        let name = syntax.module.name.text.clone();
        if let Some((reached, importer)) = wanted
            && reached.name != name
        {
            let place = source.file.as_deref().unwrap_or("the text that was found");
            let message = format!("`{}` should be a module of this name, but {place} holds `{name}`", reached.name);
            let help = Some(format!("Give the module the name `{}`, or import it by its own name.", reached.name));
            let locations = &self.modules[importer].syntax.locations;
            self.findings.push(locations.diagnostic(Code::UnknownModule, reached.node, message, help));
            self.broken.push(reached.name.clone());
            return;
        }
        let reached = reached_modules(&syntax);
        self.by_name.insert(name.clone(), self.modules.len());
        self.modules.push(Candidate { name, file: source.file, plugin, syntax, reached });
    }
}

/// The order in which to check and link: each module behind those that it reaches.
fn order(candidates: &Candidates) -> Result<Vec<usize>, Diagnostics> {
    let number = |reached: &Reached| candidates.by_name.get(&reached.name).copied();
    let dependencies: Vec<Vec<usize>> =
        candidates.modules.iter().map(|module| module.reached.iter().filter_map(number).collect()).collect();
    match sort(&dependencies) {
        Order::Sorted(order) => Ok(order),
        Order::Cycle(circle) => {
            let mut findings = candidates.findings.clone();
            findings.push(cycle(candidates, &circle));
            Err(Diagnostics(findings))
        }
    }
}

/// Explains a circle at the place that closes it.
fn cycle(candidates: &Candidates, circle: &[usize]) -> Diagnostic {
    let modules: Vec<&Candidate> = circle.iter().map(|number| &candidates.modules[*number]).collect();
    let (first, last) = (modules[0], modules[modules.len() - 1]);
    let names: Vec<&str> = modules.iter().chain([&first]).map(|module| &*module.name).collect();
    let message = format!("modules import each other in a circle: {}", names.join(" → "));
    let help = Some("Move what the modules share to a module of its own, which all of them import.".to_owned());
    let closing = last.reached.iter().find(|reached| reached.name == first.name);
    let node = closing.map_or(last.syntax.module.node, |reached| reached.node);
    last.syntax.locations.diagnostic(Code::ImportCycle, node, message, help)
}

fn build(
    candidates: Candidates,
    order: &[usize],
    loaded: &HashMap<Arc<str>, Arc<Loaded>>,
) -> Result<Vec<Arc<Loaded>>, Diagnostics> {
    let mut findings = candidates.findings;
    let mut interfaces: Interfaces =
        loaded.iter().map(|(name, module)| (name.clone(), module.module.interface().clone())).collect();
    let mut unchecked = candidates.broken;
    let mut checked: Vec<(usize, Typed)> = Vec::with_capacity(order.len());
    for number in order {
        let candidate = &candidates.modules[*number];
        if candidate.reached.iter().any(|reached| unchecked.contains(&reached.name)) {
            // What it says about broken modules would only repeat their findings.
            unchecked.push(candidate.name.clone());
            continue;
        }
        let own: Interfaces = candidate
            .reached
            .iter()
            .filter_map(|reached| Some((reached.name.clone(), interfaces.get(&reached.name)?.clone())))
            .collect();
        let declared = pipeline::declare(&candidate.syntax, &own);
        let interface: Arc<Interface> = declared.interface.clone();
        let unrestricted = Permissions::default();
        let permissions = candidate.plugin.as_ref().map_or(&unrestricted, |plugin| &plugin.permissions);
        match pipeline::check(&candidate.syntax, declared, &own, permissions) {
            Ok(typed) => checked.push((*number, typed)),
            Err(diagnostics) => findings.extend(diagnostics.0),
        }
        interfaces.insert(candidate.name.clone(), interface);
    }
    if !findings.is_empty() {
        return Err(Diagnostics(findings));
    }
    link(&candidates.modules, checked, loaded)
}

fn link(
    candidates: &[Candidate],
    checked: Vec<(usize, Typed)>,
    loaded: &HashMap<Arc<str>, Arc<Loaded>>,
) -> Result<Vec<Arc<Loaded>>, Diagnostics> {
    let mut linked: HashMap<Arc<str>, Arc<Module>> = HashMap::new();
    let mut all = Vec::with_capacity(checked.len());
    for (number, typed) in checked {
        let candidate = &candidates[number];
        let ir = pipeline::lower(&typed);
        let imports = ir.modules.iter().filter_map(|interface| {
            let here = linked.get(&interface.name).cloned();
            here.or_else(|| loaded.get(&interface.name).map(|module| module.module.clone()))
        });
        let plugin = candidate.plugin.as_ref().map(|plugin| plugin.context.clone());
        let context = ModuleContext { name: candidate.name.clone(), plugin };
        let module = pipeline::link(&ir, context, imports.collect()).map_err(|error| {
            let help = Some("Split the function into several.".to_owned());
            let locations = &candidate.syntax.locations;
            Diagnostics(vec![locations.diagnostic(Code::TooComplex, error.node, error.to_string(), help)])
        })?;
        let module = Arc::new(module);
        linked.insert(candidate.name.clone(), module.clone());
        all.push(Arc::new(Loaded { module, file: candidate.file.clone(), warnings: typed.warnings }));
    }
    Ok(all)
}
