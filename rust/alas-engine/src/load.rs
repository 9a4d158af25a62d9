//! Loading a module and all modules that it reaches.
//!
//! 1. Collect: parse the module, find and parse what it reaches, and so on.
//! 2. Order: each module behind those that it reaches; a circle is an error.
//! 3. Declare every module in this order, then check every module against the interfaces of all, so that the findings
//!    of all are reported together. A module whose text could not be read has an interface that fits every use, so that
//!    those who use it are checked without repeating what is wrong with it.
//! 4. Lower and link. Nothing can be seen from outside before this has succeeded for all.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use alas_check::{Declared, Interface, Interfaces, Permissions, Reached, Typed, reached_modules};
use alas_syntax::{Code, Diagnostic, Diagnostics, Explanation, Source, Syntax, clip};
use alas_vm::{CallCounts, Guard, HostFunctions, LinkProblem, Module, ModuleContext, PluginContext};

use crate::engine::Loaded;
use crate::graph::sort;
use crate::host_module::Implementation;
use crate::needs::{Known, Names, Needs, undeclared};
use crate::pipeline;
use crate::report::Report;

/// The most modules of a circle that a message names.
const CIRCLE_SHOWN: usize = 8;

/// The text of a module, and the plugin that it belongs to. A [`HostModule`](crate::HostModule) becomes one, too.
#[derive(Debug, Clone)]
pub struct Found {
    /// The text; that of a host module only declares its functions.
    pub source: Source,
    /// The plugin, if the module is part of one.
    pub plugin: Option<Plugin>,
    /// What implements the functions of a host module, or some of a module in the language; `None` when the module itself
    /// implements all.
    pub host: Option<Implementation>,
}

impl From<Source> for Found {
    /// A module in the language that is not part of a plugin.
    fn from(source: Source) -> Self {
        Self { source, plugin: None, host: None }
    }
}

/// What loading needs to know of a plugin.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plugin {
    /// What the plugin's code can read of its manifest.
    pub context: PluginContext,
    /// What its manifest declares to use.
    pub permissions: Permissions,
    /// What holds its code to its limits; shared by all of its modules.
    pub guard: Option<Arc<Guard>>,
    /// The functions that start tasks when other modules call them.
    pub async_functions: BTreeSet<String>,
}

/// Why a module was not loaded.
#[derive(Debug)]
pub enum LoadError<E> {
    /// The findings about it and the modules that it reaches.
    Program(Diagnostics),
    /// What finding a module failed with.
    Find(E),
}

/// Returns what is found for the name of a module; it also gets the file of the module that names it.
type Find<'f, E> = dyn FnMut(&str, Option<&str>) -> Result<Option<Found>, E> + 'f;

/// A module that was parsed.
struct Candidate {
    /// The name under which others reach it; empty for the requested module when it has none.
    name: Arc<str>,
    file: Option<String>,
    plugin: Option<Plugin>,
    host: Option<Implementation>,
    syntax: Syntax,
    reached: Vec<Reached>,
}

/// The modules that are being loaded, the requested one first.
#[derive(Default)]
struct Candidates {
    modules: Vec<Candidate>,
    by_name: HashMap<Arc<str>, usize>,
    /// Names under which something was found that is of no use; a finding says why.
    unusable: HashSet<Arc<str>>,
    /// What is wrong with texts that could not be parsed.
    findings: Vec<Diagnostic>,
}

/// Loads a module and all modules that it reaches; those that have not changed since they were loaded are used as they
/// are. The requested module comes last. With `counts`, the functions of plugins count their calls there.
pub(crate) fn load<E>(
    root: Found,
    loaded: &HashMap<Arc<str>, Arc<Loaded>>,
    counts: Option<&CallCounts>,
    find: &mut Find<'_, E>,
) -> Result<Vec<Arc<Loaded>>, LoadError<E>> {
    let mut candidates = collect(root, find).map_err(LoadError::Find)?;
    let order = order(&mut candidates);
    let unchanged = unchanged(&candidates, &order, loaded);
    let checked = check(&mut candidates, &order, loaded, &unchanged).map_err(LoadError::Program)?;
    link(&candidates.modules, checked, loaded, &unchanged, counts).map_err(LoadError::Program)
}

fn collect<E>(root: Found, find: &mut Find<'_, E>) -> Result<Candidates, E> {
    let mut candidates = Candidates::default();
    candidates.add(None, root);
    let mut next = 0;
    while let Some(candidate) = candidates.modules.get(next) {
        let importer = candidate.file.clone();
        let wanted: Vec<Reached> = candidate.reached.clone();
        for reached in wanted {
            if candidates.unusable.contains(&reached.name) {
                continue;
            }
            // Each importer is asked for: two of them may mean different modules by one name.
            if let Some(found) = find(&reached.name, importer.as_deref())? {
                match candidates.by_name.get(&reached.name).copied() {
                    Some(known) => candidates.compare(&reached, next, known, &found.source),
                    None => candidates.add(Some((&reached, next)), found),
                }
            }
        }
        next += 1;
    }
    Ok(candidates)
}

/// The modules that are loaded already, from the same text and with the same modules behind them.
fn unchanged(
    candidates: &Candidates,
    order: &[usize],
    loaded: &HashMap<Arc<str>, Arc<Loaded>>,
) -> HashMap<usize, Arc<Loaded>> {
    let mut unchanged: HashMap<usize, Arc<Loaded>> = HashMap::new();
    // The requested module, which comes first, is always loaded anew.
    for number in order.iter().filter(|number| **number != 0) {
        let candidate = &candidates.modules[*number];
        let Some(previous) = loaded.get(&candidate.name) else { continue };
        let same = previous.file == candidate.file
            && previous.plugin == candidate.plugin
            && previous.host == candidate.host
            && previous.module.locations().document().text() == candidate.syntax.locations.document().text();
        let current = |reached: &Reached| match candidates.by_name.get(&reached.name) {
            Some(number) => unchanged.get(number),
            None => loaded.get(&reached.name),
        };
        let linked_alike = candidate.reached.iter().all(|reached| {
            let linked =
                previous.module.imports().iter().find(|module| module.interface().name == reached.name);
            match (linked, current(reached)) {
                (Some(linked), Some(current)) => Arc::ptr_eq(linked, &current.module),
                (Some(_), None) => false,
                // It is imported and not called; what it declares may still matter.
                (None, current) => current.is_some() || !candidates.by_name.contains_key(&reached.name),
            }
        });
        if same && linked_alike {
            unchanged.insert(*number, previous.clone());
        }
    }
    unchanged
}

impl Candidates {
    /// Reports, where a module is named, that another module of this name was found before.
    fn compare(&mut self, reached: &Reached, importer: usize, known: usize, found: &Source) {
        let locations = &self.modules[known].syntax.locations;
        let (Some(first), Some(second)) = (locations.file(), &found.file) else { return };
        if first == second || locations.document().text().as_bytes() == found.text {
            return;
        }
        let (first, second) = (first.to_owned(), second.clone());
        let findings = &mut self.modules[importer].syntax.findings;
        findings.report(Code::DuplicateName, reached.node, || {
            let name = clip(&reached.name);
            Explanation::new(format!("`{name}` names two different modules: {first} and {second}"))
                .help("give one of them another name: a name means one module in the whole program")
        });
    }

    /// Parses a text that was found for a name, which `wanted` says together with who wants it.
    fn add(&mut self, wanted: Option<(&Reached, usize)>, found: Found) {
        let Found { source, plugin, host } = found;
        let parsed = match &host {
            None => pipeline::parse(&source),
            Some(host) => match &host.declarations {
                None => pipeline::parse_host_module(&source),
                Some(declarations) => pipeline::parse_hybrid_module(&source, declarations),
            },
        };
        let syntax = match parsed {
            Ok(syntax) => syntax,
            Err(diagnostics) => {
                self.findings.extend(diagnostics.0);
                self.unusable.extend(wanted.map(|(reached, _)| reached.name.clone()));
                return;
            }
        };
        let mut name = syntax.module.name.text.clone();
        if let Some((reached, importer)) = wanted {
            if syntax.module.name.is_unknown() {
                // What is wrong with its name is among its findings.
                name = reached.name.clone();
            } else if reached.name != name {
                self.wrong_name(reached, importer, &name, source.file.as_deref());
                return;
            }
        }
        let reached = reached_modules(&syntax);
        if !name.is_empty() {
            self.by_name.insert(name.clone(), self.modules.len());
        }
        let is_host_module = host.as_ref().is_some_and(|host| host.declarations.is_none());
        let file =
            if is_host_module { host.as_ref().and_then(|host| host.file.clone()) } else { source.file };
        self.modules.push(Candidate { name, file, plugin, host, syntax, reached });
    }

    /// Reports, where a module is named, that what was found for the name is another one.
    fn wrong_name(&mut self, reached: &Reached, importer: usize, found: &str, file: Option<&str>) {
        let findings = &mut self.modules[importer].syntax.findings;
        findings.report(Code::UnknownModule, reached.node, || {
            let (wanted, found) = (clip(&reached.name), clip(found));
            let place = file.unwrap_or("the text that was found");
            let message = format!("`{wanted}` should be a module of this name, but {place} holds `{found}`");
            let help = format!("give the module the name `{wanted}`, or import it by its own name");
            Explanation::new(message).help(help)
        });
        self.unusable.insert(reached.name.clone());
    }
}

/// The order in which to declare and link: each module behind those that it reaches. Circles become findings.
fn order(candidates: &mut Candidates) -> Vec<usize> {
    let number = |reached: &Reached| candidates.by_name.get(&reached.name).copied();
    let dependencies: Vec<Vec<usize>> =
        candidates.modules.iter().map(|module| module.reached.iter().filter_map(number).collect()).collect();
    let order = sort(&dependencies);
    for circle in &order.circles {
        report_circle(&mut candidates.modules, circle);
    }
    order.sorted
}

/// Explains a circle at the place that closes it.
fn report_circle(modules: &mut [Candidate], circle: &[usize]) {
    let (Some(first), Some(last)) = (circle.first(), circle.last()) else { return };
    let name = |number: &usize| clip(&modules[*number].name);
    let mut names: Vec<String> = circle.iter().take(CIRCLE_SHOWN).map(name).collect();
    if circle.len() > CIRCLE_SHOWN {
        names.push(format!("{} more", circle.len() - CIRCLE_SHOWN));
    }
    names.push(name(first));
    let first = modules[*first].name.clone();
    let Candidate { syntax, reached, .. } = &mut modules[*last];
    let closing = reached.iter().find(|reached| reached.name == first);
    let node = closing.map_or(syntax.module.node, |reached| reached.node);
    syntax.findings.report(Code::ImportCycle, node, || {
        Explanation::new(format!("modules import each other in a circle: {}", names.join(" → ")))
            .help("move what the modules share to a module of its own, which all of them import")
    });
}

/// Declares and checks all modules, and gives those of them that can be linked, in this order.
fn check(
    candidates: &mut Candidates,
    order: &[usize],
    loaded: &HashMap<Arc<str>, Arc<Loaded>>,
    unchanged: &HashMap<usize, Arc<Loaded>>,
) -> Result<Vec<(usize, Typed, Arc<Needs>)>, Diagnostics> {
    let mut report = Report::default();
    report.add(std::mem::take(&mut candidates.findings));
    let mut interfaces: Interfaces =
        loaded.iter().map(|(name, module)| (name.clone(), module.module.interface().clone())).collect();
    for name in candidates.by_name.keys().chain(&candidates.unusable) {
        interfaces.insert(name.clone(), Arc::new(Interface::unknown(name.clone())));
    }
    let mut declared: Vec<Option<Declared>> = Vec::new();
    declared.resize_with(candidates.modules.len(), || None);
    for number in order {
        let candidate = &candidates.modules[*number];
        if let Some(previous) = unchanged.get(number) {
            interfaces.insert(candidate.name.clone(), previous.interface().clone());
            continue;
        }
        let mut declaration = pipeline::declare(&candidate.syntax, &reachable(candidate, &interfaces));
        if let Some(plugin) = candidate.plugin.as_ref().filter(|plugin| !plugin.async_functions.is_empty()) {
            let interface = Arc::make_mut(&mut declaration.interface);
            interface.start_tasks(plugin.async_functions.iter().map(String::as_str));
        }
        if !candidate.name.is_empty() {
            interfaces.insert(candidate.name.clone(), declaration.interface.clone());
        }
        declared[*number] = Some(declaration);
    }
    let unrestricted = Permissions::default();
    let mut checked: HashMap<usize, Typed> = HashMap::new();
    for (number, (candidate, declared)) in candidates.modules.iter().zip(declared).enumerate() {
        let Some(declared) = declared else { continue };
        let reachable = reachable(candidate, &interfaces);
        let permissions = candidate.plugin.as_ref().map_or(&unrestricted, |plugin| &plugin.permissions);
        match pipeline::check(&candidate.syntax, declared, &reachable, permissions) {
            Ok(typed) => {
                report.add(typed.warnings.clone());
                checked.insert(number, typed);
            }
            Err(diagnostics) => report.add(diagnostics.0),
        }
    }
    let mut known: Known = loaded.iter().map(|(name, module)| (name.clone(), module.needs.clone())).collect();
    let function_name = |module: &str, function: u32| {
        Some(interfaces.get(module)?.functions.get(function as usize)?.name.clone())
    };
    let mut all = Vec::with_capacity(checked.len());
    for number in order {
        let candidate = &candidates.modules[*number];
        let Some(typed) = checked.remove(number) else {
            if !unchanged.contains_key(number) {
                // It has errors, or is a part of a circle; what it needs is not known.
                known.remove(&candidate.name);
            }
            continue;
        };
        let plugin = candidate.plugin.as_ref();
        let described = plugin.map(|plugin| (&*plugin.context.name, &plugin.permissions));
        let needs = Arc::new(Needs::of(&typed, described, &known));
        if let Some(plugin) = plugin {
            let names = Names { known: &known, functions: &function_name };
            report.add(undeclared(&typed, &plugin.permissions, &names));
        }
        known.insert(candidate.name.clone(), needs.clone());
        all.push((*number, typed, needs));
    }
    report.into_result()?;
    Ok(all)
}

/// The interfaces of the modules that a module reaches.
fn reachable(candidate: &Candidate, interfaces: &Interfaces) -> Interfaces {
    let find = |reached: &Reached| Some((reached.name.clone(), interfaces.get(&reached.name)?.clone()));
    candidate.reached.iter().filter_map(find).collect()
}

fn link(
    candidates: &[Candidate],
    checked: Vec<(usize, Typed, Arc<Needs>)>,
    loaded: &HashMap<Arc<str>, Arc<Loaded>>,
    unchanged: &HashMap<usize, Arc<Loaded>>,
    counts: Option<&CallCounts>,
) -> Result<Vec<Arc<Loaded>>, Diagnostics> {
    // The requested module answers for all that it brings along.
    let mut warnings: Vec<(usize, Vec<Diagnostic>)> =
        unchanged.iter().map(|(number, previous)| (*number, previous.own_warnings.clone())).collect();
    warnings.extend(checked.iter().map(|(number, typed, _)| (*number, typed.warnings.clone())));
    warnings.sort_by_key(|(number, _)| *number);
    let warnings: Vec<Diagnostic> = warnings.into_iter().flat_map(|(_, warnings)| warnings).collect();
    let mut linked: HashMap<Arc<str>, Arc<Module>> = HashMap::new();
    let mut all = Vec::with_capacity(checked.len());
    for (number, typed, needs) in checked {
        let candidate = &candidates[number];
        let ir = pipeline::lower(&typed);
        let imports = ir.modules.iter().filter_map(|interface| {
            let here = linked.get(&interface.name).cloned();
            here.or_else(|| loaded.get(&interface.name).map(|module| module.module.clone()))
        });
        let plugin = candidate.plugin.as_ref().map(|plugin| plugin.context.clone());
        let guard = candidate.plugin.as_ref().and_then(|plugin| plugin.guard.clone());
        let turn = candidate.host.as_ref().and_then(|host| host.turn.clone());
        let context = ModuleContext { plugin, turn, guard, ..ModuleContext::new(candidate.name.clone()) };
        let nothing = HostFunctions::new();
        let host = candidate.host.as_ref().map_or(&nothing, |host| &*host.functions);
        let counts = counts.filter(|_| candidate.plugin.is_some());
        let module = pipeline::link(&ir, context, imports.collect(), host, counts).map_err(|error| {
            let (code, help) = match error.problem {
                LinkProblem::TooLarge => (Code::TooComplex, "split the function into several"),
                LinkProblem::TooManyFields => {
                    (Code::TooComplex, "split the module into several, or read entries of maps by `index`")
                }
                LinkProblem::NotImplemented => (Code::UnknownFunction, "implement it, or do not declare it"),
            };
            let locations = &candidate.syntax.locations;
            let help = Some(help.to_owned());
            Diagnostics(vec![locations.diagnostic(code, error.node, error.to_string(), help)])
        })?;
        linked.insert(candidate.name.clone(), module.clone());
        all.push(Arc::new(Loaded {
            module,
            file: candidate.file.clone(),
            plugin: candidate.plugin.clone(),
            host: candidate.host.clone(),
            needs,
            own_warnings: typed.warnings.clone(),
            warnings: if number == 0 { warnings.clone() } else { typed.warnings },
        }));
    }
    Ok(all)
}
