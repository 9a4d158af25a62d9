//! Reading what a module declares: its types, and the signatures of its functions.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use alas_syntax::{Code, Definition, Function, Module, Structure, Syntax, TypeDefinition};

use crate::interface::Gaps;
use crate::resolve::Resolver;
use crate::{
    Declared, Definitions, FunctionInterface, Interface, Interfaces, ParameterInterface, Shape, Type,
    containment, suggest,
};
use alas_syntax::{Explanation, Findings, clip};

impl Interface {
    /// Reads the declarations of a module, without looking at the body of any function.
    ///
    /// The interfaces of the modules that it imports have to be there, because their types may be used by
    /// name. Those of imports that could not be loaded may be missing; what depends on them is `any`.
    #[must_use]
    pub fn of(syntax: &Syntax, interfaces: &Interfaces) -> Declared {
        let module = &syntax.module;
        let mut findings = Findings::default();
        let mut resolver = Resolver::new(module, interfaces, &mut findings);
        resolver.resolve_aliases();
        let mut definitions = imported_definitions(module, interfaces);
        define_types(module, &mut resolver, &mut definitions);
        let exports: HashSet<&str> = module.exports.iter().map(|export| &*export.text).collect();
        let mut functions = Vec::with_capacity(module.functions.len());
        let mut by_name = HashMap::with_capacity(module.functions.len());
        let mut gaps = Gaps {
            functions: !module.functions.complete,
            types: !module.types.complete,
            exports: !module.exports.complete,
            ..Gaps::default()
        };
        for (index, function) in module.functions.iter().enumerate() {
            let name = &function.name.text;
            if !function.name.is_unknown() && by_name.insert(Arc::clone(name), index as u32).is_some() {
                gaps.ambiguous.insert(Arc::clone(name));
            }
            functions.push(signature(function, exports.contains(&*function.name.text), &mut resolver));
        }
        let types = resolver.into_own_types();
        if module.functions.complete {
            unknown_exports(module, &by_name, &mut findings);
        }
        containment::report(module, &definitions, &mut findings);
        let interface = Interface {
            name: Arc::clone(&module.name.text),
            functions,
            by_name,
            definitions: Arc::new(definitions),
            types,
            gaps,
        };
        Declared { interface: Arc::new(interface), findings }
    }
}

/// The types that the imported modules can meet, because values of these types can come from there.
fn imported_definitions(module: &Module, interfaces: &Interfaces) -> Definitions {
    let mut definitions = Definitions::new();
    for import in &module.imports {
        if let Some(interface) = interfaces.get(&import.text) {
            definitions
                .extend(interface.definitions.iter().map(|(named, shape)| (named.clone(), shape.clone())));
        }
    }
    definitions
}

/// Adds the module's own struct and enum types.
fn define_types(module: &Module, resolver: &mut Resolver<'_>, definitions: &mut Definitions) {
    for definition in &module.types {
        let shape = shape(definition, resolver);
        if let (Some(shape), Some(Type::Struct(named) | Type::Enum(named))) =
            (shape, resolver.own(&definition.name.text))
        {
            definitions.insert(named.clone(), shape);
        }
    }
}

fn shape(definition: &TypeDefinition, resolver: &mut Resolver<'_>) -> Option<Shape> {
    match &definition.definition {
        Definition::Struct(structure) => Some(Shape::Struct(fields(structure, resolver))),
        Definition::Enum(enumeration) => {
            Some(Shape::Enum(enumeration.values.iter().map(|value| Arc::clone(&value.text)).collect()))
        }
        Definition::Alias(target) => {
            // It was resolved before, unless another type bears its name.
            resolver.resolve(target);
            None
        }
        Definition::Invalid => None,
    }
}

/// The fields of a struct. One that is written twice may have either type.
fn fields(structure: &Structure, resolver: &mut Resolver<'_>) -> Vec<(Arc<str>, Type)> {
    let mut fields: Vec<(Arc<str>, Type)> = Vec::with_capacity(structure.fields.len());
    let mut positions = HashMap::with_capacity(structure.fields.len());
    for field in &structure.fields {
        let kind = resolver.resolve(&field.declared);
        let position = *positions.entry(&field.name.text).or_insert(fields.len());
        match fields.get_mut(position) {
            Some((_, first)) => *first = first.join(&kind),
            None => fields.push((Arc::clone(&field.name.text), kind)),
        }
    }
    fields
}

fn signature(function: &Function, exported: bool, resolver: &mut Resolver<'_>) -> FunctionInterface {
    let parameters = function
        .parameters
        .iter()
        .map(|parameter| ParameterInterface {
            name: Arc::clone(&parameter.name.text),
            kind: resolver.resolve(&parameter.declared),
        })
        .collect();
    let returns = function.returns.as_ref().map_or(Type::Any, |declared| resolver.resolve(declared));
    let name = if function.name.is_unknown() { "?".into() } else { Arc::clone(&function.name.text) };
    FunctionInterface {
        name,
        parameters,
        returns,
        exported,
        is_async: false,
        has_all_parameters: function.parameters.complete,
    }
}

fn unknown_exports(module: &Module, by_name: &HashMap<Arc<str>, u32>, findings: &mut Findings) {
    for export in module.exports.iter().filter(|export| !by_name.contains_key(&export.text)) {
        findings.report(Code::UnknownExport, export.node, || {
            let names = module.functions.iter().map(|function| &*function.name.text);
            let message =
                format!("`{}` is exported, but the module has no function of this name", clip(&export.text));
            Explanation::new(message).help(suggest::help(&export.text, "functions", names))
        });
    }
}
