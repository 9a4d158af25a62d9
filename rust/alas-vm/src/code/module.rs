//! A module, linked with the modules that it calls.

use std::collections::HashMap;
use std::fmt;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use alas_check::{Definitions, FunctionReference, Interface, Type};
use alas_ir::{Class, ConstantId, Function, Ir};
use alas_syntax::{Locations, NodeId};
use alas_value::account::{self, AccountId};
use alas_value::{Key, Kind, Text};

use super::encode::{Links, encode};
use super::{CallCounts, Code};
use crate::{HostFunction, HostFunctions, ModuleContext};

/// A function that a module calls, in whichever module it lives.
pub(crate) type Callee = NonNull<Code>;

/// A linked module. It owns its code and keeps the modules alive that it calls.
#[derive(Debug)]
pub struct Module {
    functions: Box<[Code]>,
    shared: Box<Shared>,
    imports: Vec<Arc<Module>>,
}

// SAFETY: a module never changes after `link`. Nobody clones its keys, so that their counts stay as they are, and their
// hashes are known, so that nothing is written to them; everything else in it is plain data, or a pointer into data
// that it keeps alive. Dropping it drops the keys in whichever thread that happens, when no other can reach them.
unsafe impl Send for Module {}
// SAFETY: as above.
unsafe impl Sync for Module {}

/// What the functions of a module share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) interface: Arc<Interface>,
    pub(crate) context: ModuleContext,
    pub(crate) locations: Arc<Locations>,
    pub(crate) definitions: Arc<Definitions>,
    /// Tells this module from all others, living or gone.
    pub(crate) serial: u64,
    /// A small number that no other living module has.
    pub(crate) place: Place,
    /// The text constants, of which each thread makes values of its own.
    pub(crate) texts: Box<[Arc<str>]>,
    /// The names of fields, as keys to look up; never stored in a map.
    pub(crate) keys: Box<[Key]>,
    pub(crate) types: Box<[(Type, Class)]>,
    pub(crate) callees: Box<[Callee]>,
    /// The module's own functions, for calls by name.
    pub(crate) functions: Box<[Callee]>,
    /// What the host implements.
    pub(crate) hosts: Box<[HostCallee]>,
}

/// A function of a module that the host implements.
pub(crate) struct HostCallee {
    pub(crate) function: Arc<dyn HostFunction>,
    /// Where it stands in the module's interface.
    pub(crate) number: u32,
    /// The kind of a result that fits the declared type as it is, if there is one.
    pub(crate) exact: Option<Kind>,
    /// Of what kinds result and parameters are, where all are numbers, and there are few of them.
    pub(crate) numbers: Option<Numbers>,
}

/// How many numbers are passed in the short way.
pub(crate) const FEW_NUMBERS: usize = 8;

/// The signature of a function of numbers, as the tags of [`Value`](alas_value::Value)s.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Numbers {
    pub(crate) parameters: [u64; FEW_NUMBERS],
    pub(crate) result: u64,
}

impl Numbers {
    fn new(parameters: &[Class], result: Option<Kind>) -> Option<Self> {
        let result = result.filter(|kind| matches!(kind, Kind::Int | Kind::Float))? as u64;
        let mut tags = [0; FEW_NUMBERS];
        if parameters.len() > FEW_NUMBERS {
            return None;
        }
        for (tag, class) in tags.iter_mut().zip(parameters) {
            *tag = match class {
                Class::Int => Kind::Int,
                Class::Float => Kind::Float,
                _ => return None,
            } as u64;
        }
        Some(Self { parameters: tags, result })
    }
}

impl fmt::Debug for HostCallee {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("HostCallee").field("number", &self.number).finish_non_exhaustive()
    }
}

static NEXT_SERIAL: AtomicU64 = AtomicU64::new(1);

/// The places that modules which are gone have left, and how many there ever were.
static PLACES: Mutex<(Vec<u32>, u32)> = Mutex::new((Vec::new(), 0));

/// A small number, given back when the module is dropped.
#[derive(Debug)]
pub(crate) struct Place(u32);

impl Place {
    fn take() -> Self {
        let mut places = PLACES.lock().unwrap_or_else(PoisonError::into_inner);
        Self(places.0.pop().unwrap_or_else(|| {
            places.1 += 1;
            places.1 - 1
        }))
    }

    pub(crate) fn index(&self) -> usize {
        self.0 as usize
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        PLACES.lock().unwrap_or_else(PoisonError::into_inner).0.push(self.0);
    }
}

/// A function that cannot be linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkError {
    /// The function's name.
    pub function: Arc<str>,
    /// Its object.
    pub node: NodeId,
    /// What is in the way.
    pub problem: LinkProblem,
}

/// Why a function cannot be linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkProblem {
    /// It needs more registers, constants or code than an op can address.
    TooLarge,
    /// With it, the module reads fields of more different names than an op can address.
    TooManyFields,
    /// The host should implement it, and does not.
    NotImplemented,
}

impl LinkError {
    fn new(function: &Function, problem: LinkProblem) -> Self {
        Self { function: function.name.clone(), node: function.node, problem }
    }
}

impl fmt::Display for LinkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.function;
        match self.problem {
            LinkProblem::TooLarge => {
                write!(formatter, "the function `{name}` is too large: split it into several")
            }
            LinkProblem::TooManyFields => write!(
                formatter,
                "the module reads fields of more than {MOST_FIELDS} different names, which `{name}` exceeds"
            ),
            LinkProblem::NotImplemented => write!(formatter, "the host does not implement `{name}`"),
        }
    }
}

impl std::error::Error for LinkError {}

/// Encodes the functions of a module and connects them with those that they call.
///
/// `imports` are the modules that [`Ir::modules`] lists, in that order; `host` implements the functions that have no body.
/// With `counts`, the functions count their calls there.
///
/// # Errors
///
/// [`LinkError`] for the first function that needs more registers, constants or code than an op can address, that reads
/// one field too many, or that nobody implements.
pub fn link(
    ir: &Ir,
    context: ModuleContext,
    imports: Vec<Arc<Module>>,
    host: &HostFunctions,
    counts: Option<&CallCounts>,
) -> Result<Arc<Module>, LinkError> {
    let mut numbers: HashMap<FunctionReference, u32> = HashMap::new();
    let mut references: Vec<FunctionReference> = Vec::new();
    for function in &ir.functions {
        for block in &function.blocks {
            for (_, instruction) in &block.instructions {
                if let alas_ir::Instruction::Call { target: alas_ir::Target::Function(reference), .. } =
                    instruction
                    && !numbers.contains_key(reference)
                {
                    numbers.insert(*reference, references.len() as u32);
                    references.push(*reference);
                }
            }
        }
    }
    let hosts = host_callees(ir, host)?;
    let fields = Fields::of(ir)?;
    let links = Links {
        callees: &|reference| numbers.get(&reference).copied().unwrap_or_default(),
        is_host: &|reference| match reference.module {
            None => ir.functions[reference.function as usize].is_host,
            Some(module) => imports[module as usize].functions[reference.function as usize].host.is_some(),
        },
        hosts: &|number| hosts.partition_point(|callee| callee.number < number) as u32,
        fields: &|constant| fields.numbers.get(&constant).copied().unwrap_or_default(),
    };
    let mut functions = Vec::with_capacity(ir.functions.len());
    for (number, function) in ir.functions.iter().enumerate() {
        let calls = counts.map(|counts| counts.counter(&ir.interface.name, &function.name));
        let code = encode(function, links, calls);
        let mut code = code.ok_or_else(|| LinkError::new(function, LinkProblem::TooLarge))?;
        code.host = function.is_host.then(|| (links.hosts)(number as u32));
        functions.push(code);
    }
    let functions: Box<[Code]> = functions.into();
    let own: Box<[Callee]> = functions.iter().map(NonNull::from).collect();
    let callees = references.iter().map(|reference| match reference.module {
        None => own[reference.function as usize],
        Some(module) => imports[module as usize].shared.functions[reference.function as usize],
    });
    let key = |text: &Arc<str>| {
        let text = Text::new(text);
        // Computed now: later several threads read the text at once.
        let _ = text.hash();
        Key::from_text(text)
    };
    let keys = account::paid_by(AccountId::PROGRAMS, || {
        fields.names.iter().map(|constant| key(&ir.constants[constant.0 as usize])).collect()
    });
    let shared = Box::new(Shared {
        interface: ir.interface.clone(),
        context,
        locations: ir.locations.clone(),
        definitions: ir.definitions.clone(),
        serial: NEXT_SERIAL.fetch_add(1, Ordering::Relaxed),
        place: Place::take(),
        texts: ir.constants.iter().cloned().collect(),
        keys,
        types: ir.types.iter().map(|kind| (kind.clone(), Class::of(kind))).collect(),
        callees: callees.collect(),
        functions: own.clone(),
        hosts,
    });
    for code in &functions {
        code.shared.set(NonNull::from(&*shared));
        if let Some(number) = code.host {
            code.outside.set(&raw const shared.hosts[number as usize]);
        }
    }
    let module = Arc::new(Module { functions, shared, imports });
    let _ = module.shared.context.itself.set(Arc::downgrade(&module));
    Ok(module)
}

/// How many names the fields may have that a module reads: their numbers are operands of sixteen bits.
const MOST_FIELDS: usize = 1 << 16;

/// The names of the fields that a module reads, numbered.
#[derive(Default)]
struct Fields {
    names: Vec<ConstantId>,
    numbers: HashMap<ConstantId, u16>,
}

impl Fields {
    fn of(ir: &Ir) -> Result<Self, LinkError> {
        let mut fields = Self::default();
        for function in &ir.functions {
            for (_, instruction) in function.blocks.iter().flat_map(|block| &block.instructions) {
                if let alas_ir::Instruction::Field { field, .. } = instruction
                    && !fields.numbers.contains_key(field)
                {
                    let Ok(number) = u16::try_from(fields.names.len()) else {
                        return Err(LinkError::new(function, LinkProblem::TooManyFields));
                    };
                    fields.numbers.insert(*field, number);
                    fields.names.push(*field);
                }
            }
        }
        Ok(fields)
    }
}

/// What the host implements of a module, in the order of its functions.
fn host_callees(ir: &Ir, host: &HostFunctions) -> Result<Box<[HostCallee]>, LinkError> {
    let functions = ir.functions.iter().enumerate().filter(|(_, function)| function.is_host);
    functions
        .map(|(number, declared)| match host.get(&declared.name) {
            Some(function) => {
                let exact = match ir.interface.functions[number].returns {
                    Type::Int => Some(Kind::Int),
                    Type::Float => Some(Kind::Float),
                    Type::Bool => Some(Kind::Bool),
                    Type::String => Some(Kind::Text),
                    Type::Void => Some(Kind::Void),
                    _ => None,
                };
                let numbers = Numbers::new(&declared.registers[..declared.parameters], exact);
                Ok(HostCallee { function: function.clone(), number: number as u32, exact, numbers })
            }
            None => Err(LinkError::new(declared, LinkProblem::NotImplemented)),
        })
        .collect()
}

impl Module {
    /// What the module declares.
    #[must_use]
    pub fn interface(&self) -> &Arc<Interface> {
        &self.shared.interface
    }

    /// The name of the plugin that it belongs to, if any.
    #[must_use]
    pub fn plugin_name(&self) -> Option<&str> {
        self.shared.context.plugin.as_ref().map(|plugin| &*plugin.name)
    }

    /// The modules that it calls.
    #[must_use]
    pub fn imports(&self) -> &[Arc<Module>] {
        &self.imports
    }

    /// Turns the module's nodes into places.
    #[must_use]
    pub fn locations(&self) -> &Arc<Locations> {
        &self.shared.locations
    }

    /// The code of a function, by its number in the interface.
    pub(crate) fn code(&self, function: u32) -> Option<&Code> {
        self.functions.get(function as usize)
    }
}
