//! What functions do to the world outside, with all that they call.
//!
//! A plugin must not do through another one what its manifest does not declare: what a dependency needs counts as one's own. Each
//! function therefore has a list of the effects that it reaches, each with the first step of a way there, so that a finding
//! can show the whole way. Modules come in the order of their dependencies; within one, effects are carried back along
//! the calls, breadth first, so that the ways are short.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use alas_check::{Builtin, Callee, Expression, ExpressionKind, Permissions, Statement, StatementKind, Typed};
use alas_syntax::{Code, Diagnostic, NodeId};

/// The capabilities of a manifest that say what code does to the world outside.
const EFFECTS: [&str; 4] = ["io", "network", "filesystem", "process"];

/// How many steps of a way are shown.
const STEPS_SHOWN: usize = 12;

/// Something that a function does to the world outside, itself or by what it calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The function of the module that was asked about.
    pub function: Arc<str>,
    /// The function of the standard library that does it; `None` when the host or native code does, of which only the
    /// declared capability is known.
    pub builtin: Option<Builtin>,
    /// The capabilities that it takes; none for a variable of the environment.
    pub capabilities: Vec<&'static str>,
    /// A way there: functions with their modules, and last the standard function or the plugin that declares the capability.
    pub way: Vec<String>,
}

/// What code does to the world outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Effect {
    /// What this function of the standard library does.
    Library(Builtin),
    /// What the host or native code does under this capability.
    Declared(&'static str),
}

impl Effect {
    /// What a function of the standard library does outside, if anything.
    fn of(builtin: Builtin) -> Option<Self> {
        let reaches_out = !builtin.row().capabilities.is_empty() || builtin == Builtin::EnvGet;
        reaches_out.then_some(Self::Library(builtin))
    }

    fn capabilities(self) -> Vec<&'static str> {
        match self {
            Self::Library(builtin) => builtin.row().capabilities.iter().map(|one| one.as_str()).collect(),
            Self::Declared(capability) => vec![capability],
        }
    }
}

/// What the functions of a module do outside, by their numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Needs(Vec<BTreeMap<Effect, Step>>);

/// The first step from a function to where something is done outside.
#[derive(Debug, Clone)]
enum Step {
    /// It calls the function of the standard library.
    Library,
    /// It calls another function of its module.
    Here(u32),
    /// It calls a function of another module, with what that one does.
    There(Arc<str>, u32),
    /// The host implements it, and its plugin declares the capability.
    Plugin(String),
}

/// What is known of the needs of modules, by their names.
pub(crate) type Known = HashMap<Arc<str>, Arc<Needs>>;

/// What one function calls.
enum Target {
    Library(Builtin),
    Here(u32),
    /// Any function of its own module: the name is computed.
    Anything,
    There(u32, u32),
}

impl Needs {
    /// Finds what the functions of a module need. `plugin` is the plugin that it belongs to, and what its manifest declares.
    pub(crate) fn of(typed: &Typed, plugin: Option<(&str, &Permissions)>, known: &Known) -> Self {
        let count = typed.functions.len();
        let mut needs = Self(vec![BTreeMap::new(); count]);
        let mut callers: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut pending: VecDeque<(u32, Effect)> = VecDeque::new();
        let mut anything: Vec<u32> = Vec::new();
        for (number, function) in typed.functions.iter().enumerate() {
            let number = number as u32;
            let Some(body) = &function.body else {
                let declared =
                    plugin.and_then(|(name, permissions)| Some((name, permissions.capabilities.as_ref()?)));
                for capability in EFFECTS {
                    if let Some((name, _)) = declared.filter(|(_, held)| held.contains(capability)) {
                        let step = Step::Plugin(name.to_owned());
                        needs.note(number, Effect::Declared(capability), step, &mut pending);
                    }
                }
                continue;
            };
            each_target(body, &mut |_, target| match target {
                Target::Library(builtin) => {
                    if let Some(effect) = Effect::of(builtin) {
                        needs.note(number, effect, Step::Library, &mut pending);
                    }
                }
                Target::Here(callee) => callers[callee as usize].push(number),
                Target::Anything => anything.push(number),
                Target::There(module, callee) => {
                    let module = &typed.modules[module as usize].name;
                    for effect in known.get(module).into_iter().flat_map(|needs| needs.of_function(callee)) {
                        needs.note(number, effect, Step::There(module.clone(), callee), &mut pending);
                    }
                }
            });
        }
        while let Some((callee, effect)) = pending.pop_front() {
            for caller in callers[callee as usize].iter().chain(&anything) {
                needs.note(*caller, effect, Step::Here(callee), &mut pending);
            }
        }
        needs
    }

    fn note(&mut self, function: u32, effect: Effect, step: Step, pending: &mut VecDeque<(u32, Effect)>) {
        if let Entry::Vacant(place) = self.0[function as usize].entry(effect) {
            place.insert(step);
            pending.push_back((function, effect));
        }
    }

    fn of_function(&self, function: u32) -> impl Iterator<Item = Effect> {
        self.0.get(function as usize).into_iter().flat_map(|needs| needs.keys().copied())
    }
}

/// What the functions of a module do outside, in their order.
pub(crate) fn listed(module: &Arc<str>, count: u32, names: &Names<'_>) -> Vec<Need> {
    let mut found = Vec::new();
    let Some(needs) = names.known.get(module) else { return found };
    for number in 0..count {
        for effect in needs.of_function(number) {
            found.push(Need {
                function: (names.functions)(module, number).unwrap_or_default(),
                builtin: match effect {
                    Effect::Library(builtin) => Some(builtin),
                    Effect::Declared(_) => None,
                },
                capabilities: effect.capabilities(),
                way: names.way(module, number, effect),
            });
        }
    }
    found
}

/// The calls of other modules' functions that need what the caller's plugin does not declare.
pub(crate) fn undeclared(typed: &Typed, permissions: &Permissions, names: &Names<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some(capabilities) = &permissions.capabilities else { return found };
    for function in &typed.functions {
        let Some(body) = &function.body else { continue };
        each_target(body, &mut |node, target| {
            let Target::There(module, callee) = target else { return };
            let module = &typed.modules[module as usize].name;
            let Some(needs) = names.known.get(module) else { return };
            // Of all that takes the same capability, what is reached first.
            let mut ways: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
            for effect in needs.of_function(callee) {
                let missing = effect.capabilities().into_iter().filter(|one| !capabilities.contains(*one));
                for capability in missing {
                    let way = names.way(module, callee, effect);
                    if ways.get(capability).is_none_or(|known| way.len() < known.len()) {
                        ways.insert(capability, way);
                    }
                }
            }
            for (capability, way) in ways {
                let message = format!(
                    "the capability `{capability}` is needed and not declared: {}.{} → {}",
                    typed.interface.name,
                    function.name,
                    way.join(" → "),
                );
                let help =
                    format!("add \"{capability}\" to the manifest's `capabilities`, or do without the call");
                found.push(typed.locations.diagnostic(Code::CapabilityMissing, node, message, Some(help)));
            }
        });
    }
    found
}

/// What functions are called, and what they need.
pub(crate) struct Names<'n> {
    pub(crate) known: &'n Known,
    /// The names of the functions of a module, by number.
    pub(crate) functions: &'n dyn Fn(&str, u32) -> Option<Arc<str>>,
}

impl Names<'_> {
    /// The way from a function to where something is done outside.
    fn way(&self, module: &Arc<str>, function: u32, effect: Effect) -> Vec<String> {
        let (mut module, mut function) = (module.clone(), function);
        let mut way = Vec::new();
        loop {
            if way.len() == STEPS_SHOWN {
                way.push("…".to_owned());
                return way;
            }
            let name = (self.functions)(&module, function).unwrap_or_default();
            way.push(format!("{module}.{name}"));
            let step = self.known.get(&module).and_then(|needs| needs.0.get(function as usize)?.get(&effect));
            match step {
                Some(Step::Here(callee)) => function = *callee,
                Some(Step::There(other, callee)) => (module, function) = (other.clone(), *callee),
                Some(Step::Library) => {
                    if let Effect::Library(builtin) = effect {
                        way.push(builtin.row().name.to_owned());
                    }
                    return way;
                }
                Some(Step::Plugin(name)) => {
                    way.push(format!("the plugin {name}, which declares it"));
                    return way;
                }
                None => return way,
            }
        }
    }
}

/// Visits what statements call, with the place of each call. The recursion is bounded by the depth of programs.
fn each_target(statements: &[Statement], visit: &mut dyn FnMut(NodeId, Target)) {
    for statement in statements {
        match &statement.kind {
            StatementKind::Assign(_, value)
            | StatementKind::Discard(value)
            | StatementKind::Return(Some(value)) => {
                each_in(value, visit);
            }
            StatementKind::Return(None) => {}
            StatementKind::If(condition, then, otherwise) => {
                each_in(condition, visit);
                each_target(then, visit);
                each_target(otherwise, visit);
            }
            StatementKind::Loop { init, condition, update, body } => {
                for step in init.iter().chain(update) {
                    each_target(std::slice::from_ref(step), visit);
                }
                each_in(condition, visit);
                each_target(body, visit);
            }
        }
    }
}

fn each_in(expression: &Expression, visit: &mut dyn FnMut(NodeId, Target)) {
    let reference = |reference: &alas_check::FunctionReference| match reference.module {
        None => Target::Here(reference.function),
        Some(module) => Target::There(module, reference.function),
    };
    match &expression.value {
        ExpressionKind::Literal(_) | ExpressionKind::Variable(_) => {}
        ExpressionKind::Binary(_, left, right) | ExpressionKind::Index(left, right) => {
            each_in(left, visit);
            each_in(right, visit);
        }
        ExpressionKind::Unary(_, inner)
        | ExpressionKind::Field(inner, _)
        | ExpressionKind::Convert(inner) => {
            each_in(inner, visit);
        }
        ExpressionKind::Call(callee, arguments) => {
            visit(expression.node, reference(callee));
            each_of(arguments, visit);
        }
        ExpressionKind::Builtin(builtin, callees, arguments) => {
            visit(expression.node, Target::Library(*builtin));
            for callee in callees {
                let target = match callee {
                    Callee::Known(callee) => reference(callee),
                    Callee::Dynamic => Target::Anything,
                };
                visit(expression.node, target);
            }
            each_of(arguments, visit);
        }
        ExpressionKind::Array(elements) => each_of(elements, visit),
        ExpressionKind::Map(pairs) => {
            for (key, value) in pairs {
                each_in(key, visit);
                each_in(value, visit);
            }
        }
    }
}

fn each_of(expressions: &[Expression], visit: &mut dyn FnMut(NodeId, Target)) {
    for expression in expressions {
        each_in(expression, visit);
    }
}
