//! Struct types that contain themselves without an array or a map between: they have no value, since none can
//! be finite.

use std::collections::HashMap;

use alas_syntax::{Code, Definition, Module, NodeId, Structure};

use crate::resolve::cycle_text;
use crate::{Definitions, NamedType, Shape, Type};
use alas_syntax::{Explanation, Findings};

/// A field whose type is a struct of the same module.
struct Edge {
    node: NodeId,
    target: usize,
}

/// How far the search has come with a struct.
#[derive(Clone, Copy, PartialEq)]
enum State {
    New,
    Open,
    Done,
}

/// Reports each field that closes a cycle. Imports have no cycles, so that only structs of one module can be
/// in one.
///
/// Works without recursion: chains of structs can be as long as a module is large.
pub(crate) fn report(module: &Module, definitions: &Definitions, findings: &mut Findings) {
    let structures: Vec<(&str, &Structure)> = module
        .types
        .iter()
        .filter_map(|definition| match &definition.definition {
            Definition::Struct(structure) => Some((&*definition.name.text, structure)),
            Definition::Enum(_) | Definition::Alias(_) | Definition::Invalid => None,
        })
        .collect();
    let edges = edges(module, &structures, definitions);
    let mut states = vec![State::New; structures.len()];
    for start in 0..structures.len() {
        if states[start] != State::New {
            continue;
        }
        states[start] = State::Open;
        let mut path = vec![(start, 0)];
        while let Some((current, next)) = path.last_mut() {
            let Some(edge) = edges[*current].get(*next) else {
                states[*current] = State::Done;
                path.pop();
                continue;
            };
            *next += 1;
            match states[edge.target] {
                State::Done => {}
                State::New => {
                    states[edge.target] = State::Open;
                    path.push((edge.target, 0));
                }
                State::Open => {
                    let first = path.iter().position(|(index, _)| *index == edge.target).unwrap_or_default();
                    let names = path[first..].iter().map(|(index, _)| structures[*index].0);
                    findings.report(Code::UnknownType, edge.node, || {
                        let name = structures[edge.target].0;
                        let message = format!(
                            "the struct `{name}` contains itself, so that it has no value: {}",
                            cycle_text(names)
                        );
                        Explanation::new(message)
                            .help(format!("put an array or a map between, for example `array<{name}>`"))
                    });
                }
            }
        }
    }
}

/// The fields of each struct that hold a struct of the module directly.
fn edges(module: &Module, structures: &[(&str, &Structure)], definitions: &Definitions) -> Vec<Vec<Edge>> {
    let indices: HashMap<&str, usize> =
        structures.iter().enumerate().map(|(index, (name, _))| (*name, index)).collect();
    let edges_of = |(name, structure): &(&str, &Structure)| {
        let named = NamedType { module: module.name.text.clone(), name: (*name).into() };
        let Some(Shape::Struct(fields)) = definitions.get(&named) else { return Vec::new() };
        // A field that is written twice has been reported, and stands once among the fields.
        if fields.len() != structure.fields.len() {
            return Vec::new();
        }
        let edge = |((_, kind), field): (&(_, Type), &alas_syntax::Parameter)| match kind {
            Type::Struct(target) if target.module == module.name.text => {
                Some(Edge { node: field.declared.node, target: *indices.get(&*target.name)? })
            }
            _ => None,
        };
        fields.iter().zip(&structure.fields).filter_map(edge).collect()
    };
    structures.iter().map(edges_of).collect()
}
