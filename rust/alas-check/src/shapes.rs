//! What struct and enum types consist of, with indices for the large ones: a hostile module has types of a hundred
//! thousand fields and as many expressions that ask for one.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::convert::Fit;
use crate::{Definitions, EnumValues, NamedType, Shape, Type, rules};

/// The most names that are compared one by one.
const FEW: usize = 16;

/// What looking for a field of a struct type gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found<'d> {
    /// The field's type.
    Field(&'d Type),
    /// There is no such field.
    Nothing,
    /// The type's definition is not known.
    Undefined,
}

/// A field of a struct type.
type Field = (Arc<str>, Type);

/// The struct and enum types that a module can meet, and what was found out about them.
pub(crate) struct Shapes<'d> {
    definitions: &'d Definitions,
    /// Where the names of large types stand.
    positions: RefCell<HashMap<NamedType, HashMap<Arc<str>, usize>>>,
    /// What the fields of large types have in common.
    joined: RefCell<HashMap<NamedType, Type>>,
    /// How types fit that take time to compare.
    fits: RefCell<HashMap<(Type, Type), Fit>>,
}

impl<'d> Shapes<'d> {
    /// The types of these definitions.
    pub(crate) fn new(definitions: &'d Definitions) -> Self {
        Self {
            definitions,
            positions: RefCell::default(),
            joined: RefCell::default(),
            fits: RefCell::default(),
        }
    }

    /// The fields of a struct type whose definition is known.
    pub(crate) fn fields(&self, kind: &Type) -> Option<&'d [Field]> {
        self.structure(kind).map(|(_, fields)| fields)
    }

    /// The values of an enum type whose definition is known.
    pub(crate) fn values(&self, kind: &Type) -> Option<&'d [Arc<str>]> {
        self.enumeration(kind).map(|values| &**values)
    }

    /// The type of a struct's field of this name.
    pub(crate) fn field(&self, kind: &Type, name: &str) -> Found<'d> {
        let Some((named, fields)) = self.structure(kind) else { return Found::Undefined };
        let position = if fields.len() <= FEW {
            fields.iter().position(|(field, _)| **field == *name)
        } else {
            self.position(named, name, fields.iter().map(|(field, _)| field))
        };
        position.map_or(Found::Nothing, |position| Found::Field(&fields[position].1))
    }

    /// Whether an enum has this value; nothing when the definition is not known.
    pub(crate) fn has_value(&self, kind: &Type, text: &str) -> Option<bool> {
        self.enumeration(kind).map(|values| values.contains(text))
    }

    /// What all entries of a map or struct have in common; nothing for what has no entries.
    pub(crate) fn entries(&self, kind: &Type) -> Option<Type> {
        match kind {
            Type::Map(value) => Some((**value).clone()),
            Type::Struct(_) => {
                let Some((named, fields)) = self.structure(kind) else { return Some(Type::Any) };
                let join = || rules::join_all(fields.iter().map(|(_, kind)| kind));
                if fields.len() <= FEW {
                    return Some(join());
                }
                if let Some(known) = self.joined.borrow().get(named) {
                    return Some(known.clone());
                }
                let joined = join();
                self.joined.borrow_mut().insert(named.clone(), joined.clone());
                Some(joined)
            }
            _ => None,
        }
    }

    /// How one type fits another: computed when asked for the first time.
    pub(crate) fn fit(&self, from: &Type, to: &Type, compute: impl FnOnce() -> Fit) -> Fit {
        let key = (from.clone(), to.clone());
        if let Some(fit) = self.fits.borrow().get(&key) {
            return *fit;
        }
        let fit = compute();
        self.fits.borrow_mut().insert(key, fit);
        fit
    }

    fn structure(&self, kind: &Type) -> Option<(&'d NamedType, &'d [Field])> {
        let Type::Struct(named) = kind else { return None };
        match self.definitions.get_key_value(named)? {
            (named, Shape::Struct(fields)) => Some((named, fields)),
            (_, Shape::Enum(_)) => None,
        }
    }

    fn enumeration(&self, kind: &Type) -> Option<&'d EnumValues> {
        let Type::Enum(named) = kind else { return None };
        match self.definitions.get(named)? {
            Shape::Enum(values) => Some(values),
            Shape::Struct(_) => None,
        }
    }

    /// Where a name stands among all of a type.
    fn position<'n>(
        &self,
        kind: &NamedType,
        name: &str,
        all: impl Iterator<Item = &'n Arc<str>>,
    ) -> Option<usize> {
        let mut positions = self.positions.borrow_mut();
        if let Some(known) = positions.get(kind) {
            return known.get(name).copied();
        }
        let index = all.enumerate().map(|(position, name)| (Arc::clone(name), position)).collect();
        positions.entry(kind.clone()).or_insert(index).get(name).copied()
    }
}
