//! From written types to resolved ones.
//!
//! A plain name means a type of the language, else one of the module's own, else one of an imported module.
//! Where two imports define different types of one name, using it is an error; `module.Type` says which is
//! meant.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alas_syntax::{Code, Definition, Module, NodeId, TypeExpression, TypeName};

use crate::modules::STANDARD;
use crate::{Interface, Interfaces, NamedType, Type, suggest};
use alas_syntax::{Explanation, Findings, clip};

/// How deep `array<…>` and `map<…>` may nest once aliases are expanded: types are compared recursively.
const DEEPEST: usize = 64;

/// The most types of a cycle that a message names.
const CYCLE_SHOWN: usize = 8;

/// The types that need no definition.
const LANGUAGE: &[&str] = &["int", "float", "string", "bool", "array", "map", "void", "any", "task"];

/// Resolves the types of one module.
pub(crate) struct Resolver<'m> {
    module: &'m Module,
    imports: Vec<&'m Arc<Interface>>,
    /// The module's own names; those of aliases only after [`Self::resolve_aliases`].
    own: HashMap<Arc<str>, Type>,
    findings: &'m mut Findings,
    /// Whether a name may be that of a type which is not known because of a finding elsewhere.
    has_gaps: bool,
}

impl<'m> Resolver<'m> {
    /// A resolver that knows the module's structs and enums.
    pub(crate) fn new(module: &'m Module, interfaces: &'m Interfaces, findings: &'m mut Findings) -> Self {
        let imports: Vec<_> =
            module.imports.iter().filter_map(|import| interfaces.get(&import.text)).collect();
        let missing = module
            .imports
            .iter()
            .any(|import| !import.text.starts_with(STANDARD) && !interfaces.contains_key(&import.text));
        let has_gaps = !module.types.complete
            || !module.imports.complete
            || missing
            || imports.iter().any(|import| import.gaps.types);
        let mut own = HashMap::with_capacity(module.types.len());
        let mut seen = HashSet::with_capacity(module.types.len());
        for definition in module.types.iter().filter(|definition| !definition.name.is_unknown()) {
            let name = &definition.name.text;
            let is_repeated = !seen.insert(name);
            let named = NamedType { module: Arc::clone(&module.name.text), name: Arc::clone(name) };
            let kind = match &definition.definition {
                // What is not known for certain is dynamic.
                _ if is_repeated => Type::Any,
                Definition::Struct(structure) if structure.fields.complete => Type::Struct(named),
                Definition::Enum(enumeration) if enumeration.values.complete => Type::Enum(named),
                Definition::Struct(_) | Definition::Enum(_) | Definition::Invalid => Type::Any,
                Definition::Alias(_) => continue,
            };
            own.insert(Arc::clone(name), kind);
        }
        Self { module, imports, own, findings, has_gaps }
    }

    /// What a name of the module itself stands for.
    pub(crate) fn own(&self, name: &str) -> Option<&Type> {
        self.own.get(name)
    }

    /// What the module's own names stand for.
    pub(crate) fn into_own_types(self) -> HashMap<Arc<str>, Type> {
        self.own
    }

    /// Expands the module's aliases. Works without recursion: chains of aliases can be as long as a module is
    /// large.
    pub(crate) fn resolve_aliases(&mut self) {
        let module = self.module;
        let mut aliases: HashMap<&str, &TypeExpression> = HashMap::new();
        for definition in module.types.iter().filter(|definition| !definition.name.is_unknown()) {
            if let Definition::Alias(target) = &definition.definition {
                aliases.entry(&definition.name.text).or_insert(target);
            }
        }
        for definition in &module.types {
            if aliases.contains_key(&*definition.name.text) {
                self.resolve_alias(&definition.name.text, &aliases);
            }
        }
    }

    /// Follows one alias until its base is no unresolved alias, then resolves the followed ones from there
    /// back.
    fn resolve_alias(&mut self, name: &'m Arc<str>, aliases: &HashMap<&str, &'m TypeExpression>) {
        let mut path: Vec<(&'m Arc<str>, &'m TypeExpression)> = Vec::new();
        let mut positions: HashMap<&str, usize> = HashMap::new();
        let mut next = name;
        while !self.own.contains_key(next)
            && let Some(target) = aliases.get(&**next)
        {
            if let Some(start) = positions.get(&**next) {
                self.alias_cycle(&path[*start..]);
                for (name, _) in path {
                    self.own.insert(Arc::clone(name), Type::Any);
                }
                return;
            }
            positions.insert(next, path.len());
            path.push((next, target));
            match base(&target.kind) {
                Some(base) => next = base,
                None => break,
            }
        }
        for (name, target) in path.into_iter().rev() {
            let kind = self.resolve(target);
            self.own.insert(Arc::clone(name), kind);
        }
    }

    fn alias_cycle(&mut self, cycle: &[(&'m Arc<str>, &'m TypeExpression)]) {
        let Some((first, target)) = cycle.first() else { return };
        self.findings.report(Code::UnknownType, target.node, || {
            let names = cycle.iter().map(|(name, _)| &***name);
            let message = format!("the alias `{first}` stands for itself: {}", cycle_text(names));
            Explanation::new(message).help("let one of them stand for another type")
        });
    }

    /// The type that is written; `any` where that is none, so that one mistake is reported once.
    pub(crate) fn resolve(&mut self, written: &TypeExpression) -> Type {
        let kind = self.resolve_name(&written.kind, written.node);
        if nesting(&kind) > DEEPEST {
            self.findings.report(Code::UnknownType, written.node, || {
                let message =
                    format!("the type nests more than {DEEPEST} arrays and maps once aliases are expanded");
                Explanation::new(message).help("use a struct type for a part of it")
            });
            return Type::Any;
        }
        kind
    }

    fn resolve_name(&mut self, written: &TypeName, node: NodeId) -> Type {
        match written {
            TypeName::Array(element) => Type::array(self.resolve_name(element, node)),
            TypeName::Map(value) => Type::map(self.resolve_name(value, node)),
            TypeName::Invalid => Type::Any,
            TypeName::Named(name) => match language_type(name) {
                Some(kind) => kind,
                None => match self.own.get(name) {
                    Some(kind) => kind.clone(),
                    None => self.imported(name, node),
                },
            },
        }
    }

    /// A name that is neither of the language nor of the module.
    fn imported(&mut self, name: &str, node: NodeId) -> Type {
        let (module, plain) = match name.rsplit_once('.') {
            Some((module, plain)) => (Some(module), plain),
            None => (None, name),
        };
        let mut found: Option<(&Arc<Interface>, &Type)> = None;
        for interface in
            self.imports.iter().filter(|import| module.is_none_or(|module| *import.name == *module))
        {
            let Some(kind) = interface.types.get(plain) else { continue };
            match found {
                Some((first, other)) if other != kind => {
                    self.findings.report(Code::UnknownType, node, || {
                        let message = format!(
                            "the name `{name}` is ambiguous: the imported modules `{}` and `{}` both define a type of this name",
                            first.name, interface.name
                        );
                        let help = format!("write `{}.{name}` or `{}.{name}`", first.name, interface.name);
                        Explanation::new(message).help(help)
                    });
                    return Type::Any;
                }
                _ => found = Some((interface, kind)),
            }
        }
        match found {
            Some((_, kind)) => kind.clone(),
            None => self.unknown(name, node),
        }
    }

    fn unknown(&mut self, name: &str, node: NodeId) -> Type {
        if self.has_gaps {
            return Type::Any;
        }
        let Self { module, imports, findings, .. } = self;
        findings.report(Code::UnknownType, node, || {
            let own = module.types.iter().map(|definition| &*definition.name.text);
            let imported = imports.iter().flat_map(|import| import.types.keys()).map(|name| &**name);
            let candidates = LANGUAGE.iter().copied().chain(own).chain(imported);
            let help = match synonym(name).or_else(|| suggest::nearest(name, candidates)) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!(
                    "define it under `types`, import the module that does, or use one of {}",
                    suggest::list(LANGUAGE.iter().copied())
                ),
            };
            Explanation::new(format!("there is no type `{}`", clip(name))).help(help)
        });
        Type::Any
    }
}

/// `A → B → A`, shortened where it is long.
pub(crate) fn cycle_text<'n>(names: impl Iterator<Item = &'n str> + Clone) -> String {
    let total = names.clone().count();
    let mut shown: Vec<String> =
        names.clone().take(CYCLE_SHOWN).map(|name| format!("`{}`", clip(name))).collect();
    if total > CYCLE_SHOWN {
        shown.push(format!("{} more", total - CYCLE_SHOWN));
    }
    shown.extend(names.take(1).map(|name| format!("`{}`", clip(name))));
    shown.join(" → ")
}

/// The name inside all constructors.
fn base(written: &TypeName) -> Option<&Arc<str>> {
    match written {
        TypeName::Named(name) => Some(name),
        TypeName::Array(inner) | TypeName::Map(inner) => base(inner),
        TypeName::Invalid => None,
    }
}

fn language_type(name: &str) -> Option<Type> {
    Some(match name {
        "int" => Type::Int,
        "float" => Type::Float,
        "string" => Type::String,
        "bool" => Type::Bool,
        "array" => Type::array(Type::Any),
        "map" => Type::map(Type::Any),
        "void" => Type::Void,
        "any" => Type::Any,
        "task" => Type::Task,
        _ => return None,
    })
}

/// Words that other languages use.
fn synonym(name: &str) -> Option<&'static str> {
    Some(match name {
        "integer" | "Integer" | "long" | "i64" | "int64" => "int",
        "double" | "number" | "Number" | "f64" | "float64" => "float",
        "str" | "text" | "String" => "string",
        "boolean" | "Boolean" => "bool",
        "list" | "List" => "array",
        "dict" | "object" | "Object" => "map",
        "null" | "None" | "nil" | "unit" => "void",
        _ => return None,
    })
}

/// How many arrays and maps stand around the innermost type.
pub(crate) fn nesting(kind: &Type) -> usize {
    let (mut depth, mut kind) = (0, kind);
    while let Type::Array(inner) | Type::Map(inner) = kind {
        depth += 1;
        kind = inner;
    }
    depth
}
