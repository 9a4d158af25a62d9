//! Makes a dynamic value fit a declared type.
//!
//! A value that fits already stays the same object. An int becomes a float where a float is declared, inside arrays,
//! maps and structs as well; an array that is declared to hold ints, floats or bools comes out packed. Anything else
//! is an error that says where.
//!
//! Values nest as deep as memory allows where a struct type contains itself, so the walk keeps a list instead of
//! recursing; and a value may hold another many times, so what several holders share is converted once.

use std::collections::HashMap;
use std::sync::Arc;

use alas_check::{Definitions, EnumValues, NamedType, Shape, Type};
use alas_value::{Array, Elements, Key, Map, Number, Value};

use crate::words::quote;
use crate::{ErrorCode, Fault, Host, changing, copying, size};

/// Makes a value fit a type.
///
/// # Errors
///
/// `type_error` when it does not, with the expected type, what was found, and the place inside the value; and what the host
/// stops the program with meanwhile.
#[inline]
pub fn convert(value: Value, to: &Type, definitions: &Definitions, host: &Host) -> Result<Value, Fault> {
    match step(&value, to, definitions, host) {
        Ok(Step::Same) => Ok(value),
        Ok(Step::Changed(changed)) => Ok(changed),
        Ok(Step::Descend) => {
            let changed = Conversion { definitions, host, frames: Vec::new(), known: HashMap::new() }
                .run(&value, to)?;
            Ok(changed.unwrap_or(value))
        }
        Err(mismatch) => Err(mismatch.into_fault(&[], &value, to)),
    }
}

/// What one look at a value decides.
enum Step {
    /// It fits as it is.
    Same,
    /// This fits in its place.
    Changed(Value),
    /// What it holds decides.
    Descend,
}

/// Why a value does not fit.
struct Mismatch {
    expected: String,
    found: String,
    /// The position of the element or entry that does not fit; `None` for the value itself.
    position: Option<usize>,
    /// The place inside that element or entry.
    inner: Option<String>,
    /// What keeps a value from being converted that would fit.
    refused: Option<Fault>,
}

/// Looks at a value without entering what it holds, but for packed arrays.
fn step(value: &Value, to: &Type, definitions: &Definitions, host: &Host) -> Result<Step, Mismatch> {
    match (to, value) {
        (Type::Any, _)
        | (Type::Void, Value::Void)
        | (Type::Bool, Value::Bool(_))
        | (Type::Int, Value::Int(_))
        | (Type::Float, Value::Float(_))
        | (Type::String, Value::Text(_))
        | (Type::Task, Value::Task(_)) => Ok(Step::Same),
        (Type::Float, Value::Int(value)) => Ok(Step::Changed(Value::Float(Number::Int(*value).as_float()))),
        (Type::Array(element), Value::Array(array)) => step_array(array, element, host),
        (Type::Map(element), Value::Map(map)) => {
            Ok(if **element == Type::Any || map.is_empty() { Step::Same } else { Step::Descend })
        }
        (Type::Struct(_), Value::Map(_)) => Ok(Step::Descend),
        (Type::Enum(name), Value::Text(text)) => {
            let values = values_of(name, definitions);
            if values.contains(text.as_str()) {
                Ok(Step::Same)
            } else {
                let found = quote(text.as_str());
                Err(Mismatch {
                    expected: one_of(name, values),
                    found,
                    position: None,
                    inner: None,
                    refused: None,
                })
            }
        }
        (to, value) => Err(Mismatch::of(to, value)),
    }
}

fn step_array(array: &Array, element: &Type, host: &Host) -> Result<Step, Mismatch> {
    if array.is_empty() {
        return Ok(Step::Same);
    }
    match (array.elements(), element) {
        (_, Type::Any)
        | (Elements::Int(_), Type::Int)
        | (Elements::Float(_), Type::Float)
        | (Elements::Bool(_), Type::Bool) => Ok(Step::Same),
        (Elements::Int(items), Type::Float) => {
            check_room(items.len())?;
            let mut floats: Vec<f64> = Vec::with_capacity(items.len());
            for piece in items.chunks(PIECE) {
                host.poll().map_err(Mismatch::refused)?;
                floats.extend(piece.iter().map(|item| Number::Int(*item).as_float()));
            }
            Ok(Step::Changed(Value::Array(Array::from(floats))))
        }
        (Elements::Any(items), Type::Int | Type::Float | Type::Bool) => {
            check_room(items.len())?;
            Ok(Step::Changed(Value::Array(Array::new(pack(items, element, host)?))))
        }
        (Elements::Any(_), _) => Ok(Step::Descend),
        (packed, element) => {
            let first = packed.get(0).unwrap_or_default();
            Err(Mismatch { position: Some(0), ..Mismatch::of(element, &first) })
        }
    }
}

/// Checks that there is room for so many elements that are packed.
fn check_room(count: usize) -> Result<(), Mismatch> {
    size::check_room(count * size_of::<i64>()).map_err(Mismatch::refused)
}

/// Packs elements that turn out to be of one kind.
fn pack(items: &[Value], element: &Type, host: &Host) -> Result<Elements, Mismatch> {
    Ok(match element {
        Type::Int => Elements::Int(packed(items, (element, host), |item| match item {
            Value::Int(item) => Some(*item),
            _ => None,
        })?),
        Type::Float => {
            Elements::Float(packed(items, (element, host), |item| item.as_number().map(Number::as_float))?)
        }
        _ => Elements::Bool(packed(items, (element, host), |item| match item {
            Value::Bool(item) => Some(*item),
            _ => None,
        })?),
    })
}

fn packed<T>(
    items: &[Value],
    (element, host): (&Type, &Host),
    unwrap: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, Mismatch> {
    let unwrapped = items.iter().enumerate().map(|(position, item)| {
        look(host, position)?;
        unwrap(item).ok_or_else(|| Mismatch { position: Some(position), ..Mismatch::of(element, item) })
    });
    unwrapped.collect()
}

/// How many elements are looked at between two looks at whether to go on.
const PIECE: usize = 1 << 14;

/// Looks whether to go on at some of the positions.
#[inline]
fn look(host: &Host, position: usize) -> Result<(), Mismatch> {
    if position % PIECE == PIECE - 1 { host.poll().map_err(Mismatch::refused) } else { Ok(()) }
}

/// The conversion of a value that holds others.
struct Conversion<'a> {
    definitions: &'a Definitions,
    host: &'a Host,
    /// From the outermost container that is being converted to the innermost.
    frames: Vec<Frame<'a>>,
    /// What became of containers with several holders, by the addresses of container and type.
    known: HashMap<(usize, usize), Option<Value>>,
}

/// A container that is being converted.
struct Frame<'a> {
    container: &'a Value,
    to: &'a Type,
    /// Where it stands in the container around it.
    position: usize,
    rest: Rest<'a>,
    /// The elements or entries that changed, by position.
    changes: Vec<(usize, Value)>,
}

/// What a frame still has to look into.
enum Rest<'a> {
    Items { items: &'a [Value], element: &'a Type, next: usize },
    Entries(std::vec::IntoIter<Child<'a>>),
}

/// A container inside another: its position there, itself, its type.
type Child<'a> = (usize, &'a Value, &'a Type);

impl<'a> Conversion<'a> {
    /// Converts a container; `None` when it fits as it is.
    fn run(mut self, value: &'a Value, to: &'a Type) -> Result<Option<Value>, Fault> {
        self.open((0, value, to))?;
        loop {
            let Some(frame) = self.frames.last_mut() else {
                unreachable!("the outermost frame returns when it is done")
            };
            match frame.next(self.definitions, self.host) {
                Err(mismatch) => return Err(self.fail(mismatch)),
                Ok(Some(child)) => {
                    let known = memory_key(child.1, child.2).and_then(|key| self.known.get(&key)).cloned();
                    match known {
                        None => self.open(child)?,
                        Some(None) => {}
                        Some(Some(changed)) => frame.changes.push((child.0, changed)),
                    }
                }
                Ok(None) => {
                    let Some(frame) = self.frames.pop() else { continue };
                    let (position, container, to) = (frame.position, frame.container, frame.to);
                    if !frame.changes.is_empty() {
                        size::check_room(frame.size())?;
                    }
                    let changed = frame.finish(self.host)?;
                    let Some(parent) = self.frames.last_mut() else { return Ok(changed) };
                    if let Some(key) = memory_key(container, to) {
                        self.known.insert(key, changed.clone());
                    }
                    parent.changes.extend(changed.map(|changed| (position, changed)));
                }
            }
        }
    }

    /// Starts converting a container.
    fn open(&mut self, (position, container, to): Child<'a>) -> Result<(), Fault> {
        let mut frame = Frame {
            container,
            to,
            position,
            rest: Rest::Entries(Vec::new().into_iter()),
            changes: Vec::new(),
        };
        let opened = match (to, container) {
            (Type::Array(element), Value::Array(array)) => {
                if let Elements::Any(items) = array.elements() {
                    frame.rest = Rest::Items { items, element, next: 0 };
                }
                Ok(())
            }
            (Type::Map(element), Value::Map(map)) => {
                let entries = map.iter().map(|(_, value)| (value, &**element));
                frame.look_at(entries, self.definitions, self.host)
            }
            (Type::Struct(name), Value::Map(map)) => {
                let fields = fields_of(name, self.definitions);
                match_fields(map, name, fields).and_then(|types| {
                    let entries = map.iter().zip(types).map(|((_, value), kind)| (value, kind));
                    frame.look_at(entries, self.definitions, self.host)
                })
            }
            (to, value) => Err(Mismatch::of(to, value)),
        };
        self.frames.push(frame);
        opened.map_err(|mismatch| self.fail(mismatch))
    }

    /// The error of a mismatch in the innermost frame.
    fn fail(&self, mismatch: Mismatch) -> Fault {
        let mut path = Vec::new();
        for (depth, pair) in self.frames.windows(2).enumerate() {
            if depth < LISTED || depth + LISTED >= self.frames.len() {
                path.push(place(pair[0].container, pair[0].to, pair[1].position));
            } else if depth == LISTED {
                path.push("…".to_owned());
            }
        }
        match self.frames.last() {
            Some(frame) => mismatch.into_fault(&path, frame.container, frame.to),
            None => unreachable!("a mismatch is found inside a frame"),
        }
    }
}

impl<'a> Frame<'a> {
    /// Looks at every entry of a map once and keeps those that hold others for later.
    fn look_at(
        &mut self,
        entries: impl Iterator<Item = (&'a Value, &'a Type)>,
        definitions: &Definitions,
        host: &Host,
    ) -> Result<(), Mismatch> {
        let mut children = Vec::new();
        for (position, (value, to)) in entries.enumerate() {
            look(host, position)?;
            match step(value, to, definitions, host)
                .map_err(|mismatch| mismatch.inside(position, value, to))?
            {
                Step::Same => {}
                Step::Changed(changed) => self.changes.push((position, changed)),
                Step::Descend => children.push((position, value, to)),
            }
        }
        self.rest = Rest::Entries(children.into_iter());
        Ok(())
    }

    /// The next container inside this one; `None` after the last.
    fn next(&mut self, definitions: &Definitions, host: &Host) -> Result<Option<Child<'a>>, Mismatch> {
        match &mut self.rest {
            Rest::Entries(children) => Ok(children.next()),
            Rest::Items { items, element, next } => {
                while let Some(item) = items.get(*next) {
                    let position = *next;
                    *next += 1;
                    look(host, position)?;
                    match step(item, element, definitions, host)
                        .map_err(|mismatch| mismatch.inside(position, item, element))?
                    {
                        Step::Same => {}
                        Step::Changed(changed) => self.changes.push((position, changed)),
                        Step::Descend => return Ok(Some((position, item, element))),
                    }
                }
                Ok(None)
            }
        }
    }

    /// The container with its changes; `None` when there are none.
    fn size(&self) -> usize {
        match self.container {
            Value::Map(map) => map.size(),
            Value::Array(array) => array.size(),
            _ => 0,
        }
    }

    fn finish(mut self, host: &Host) -> Result<Option<Value>, Fault> {
        if self.changes.is_empty() {
            return Ok(None);
        }
        self.changes.sort_unstable_by_key(|(position, _)| *position);
        let mut remaining = self.changes.into_iter().peekable();
        let mut changed = |position: usize, old: &Value| {
            remaining.next_if(|(at, _)| *at == position).map_or_else(|| old.clone(), |(_, new)| new)
        };
        match self.container {
            Value::Map(map) => {
                let mut copy = Map::with_capacity(map.len());
                for (position, (key, old)) in map.iter().enumerate() {
                    if position % PIECE == PIECE - 1 {
                        host.poll()?;
                    }
                    changing::put(&mut copy, key.clone(), changed(position, old), host)?;
                }
                Ok(Some(Value::Map(copy)))
            }
            Value::Array(array) => match array.elements() {
                Elements::Any(items) => {
                    let mut copy = Vec::with_capacity(items.len());
                    for (position, old) in items.iter().enumerate() {
                        if position % PIECE == PIECE - 1 {
                            host.poll()?;
                        }
                        copy.push(changed(position, old));
                    }
                    Ok(Some(Value::Array(copying::packed(copy, host)?)))
                }
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }
}

/// By what a container with several holders is remembered; one with a single holder is met once.
fn memory_key(container: &Value, to: &Type) -> Option<(usize, usize)> {
    let header = match container {
        Value::Array(array) => array.header(),
        Value::Map(map) => map.header(),
        _ => return None,
    };
    (!header.is_unique()).then(|| (std::ptr::from_ref(header).addr(), std::ptr::from_ref(to).addr()))
}

/// The type of each entry of a map that is a struct, in the order of the map.
fn match_fields<'a>(
    map: &Map,
    name: &NamedType,
    fields: &'a [(Arc<str>, Type)],
) -> Result<Vec<&'a Type>, Mismatch> {
    let matches = |key: &Key, field: &str| matches!(key, Key::Text(text) if text.as_str() == field);
    let expected = || format!("`{}`", name.name);
    let mut types = Vec::with_capacity(fields.len());
    for (position, (key, _)) in map.iter().enumerate() {
        // Most maps are built in the order of the declaration.
        let guess = fields.get(position).filter(|(field, _)| matches(key, field));
        let Some((_, kind)) = guess.or_else(|| fields.iter().find(|(field, _)| matches(key, field))) else {
            let found = format!("a map with the undeclared field {}", quote(key.to_text().as_str()));
            return Err(Mismatch { expected: expected(), found, position: None, inner: None, refused: None });
        };
        types.push(kind);
    }
    if types.len() < fields.len() {
        let has = |field: &str| map.iter().any(|(key, _)| matches(key, field));
        let missing = fields.iter().find(|(field, _)| !has(field)).map_or("", |(field, _)| &**field);
        let found = format!("a map without the field `{missing}`");
        return Err(Mismatch { expected: expected(), found, position: None, inner: None, refused: None });
    }
    Ok(types)
}

fn fields_of<'a>(name: &NamedType, definitions: &'a Definitions) -> &'a [(Arc<str>, Type)] {
    match definitions.get(name) {
        Some(Shape::Struct(fields)) => fields,
        _ => unreachable!("the definitions hold every struct type that a module can meet"),
    }
}

fn values_of<'a>(name: &NamedType, definitions: &'a Definitions) -> &'a EnumValues {
    match definitions.get(name) {
        Some(Shape::Enum(values)) => values,
        _ => unreachable!("the definitions hold every enum type that a module can meet"),
    }
}

/// How many values of an enum a message lists, and how many places of a path on either end.
const LISTED: usize = 6;

fn one_of(name: &NamedType, values: &[Arc<str>]) -> String {
    let mut list: Vec<String> = values.iter().take(LISTED).map(|value| quote(value)).collect();
    if values.len() > LISTED {
        list.push("…".to_owned());
    }
    format!("a value of `{}` ({})", name.name, list.join(", "))
}

/// Where an element or entry stands in its container.
fn place(container: &Value, to: &Type, position: usize) -> String {
    match container {
        Value::Map(map) => {
            let key =
                map.iter().nth(position).map(|(key, _)| quote(key.to_text().as_str())).unwrap_or_default();
            let word = if matches!(to, Type::Struct(_)) { "field" } else { "entry" };
            format!("{word} {key}")
        }
        _ => format!("element {position}"),
    }
}

impl Mismatch {
    #[cold]
    fn of(to: &Type, value: &Value) -> Self {
        Self {
            expected: format!("`{to}`"),
            found: value.kind().describe().to_owned(),
            position: None,
            inner: None,
            refused: None,
        }
    }

    #[cold]
    fn refused(fault: Fault) -> Self {
        Self { refused: Some(fault), ..Self::of(&Type::Any, &Value::Void) }
    }

    /// The same mismatch as seen from the container around it.
    fn inside(mut self, position: usize, value: &Value, to: &Type) -> Self {
        if let Some(inner) = self.position {
            self.inner = Some(place(value, to, inner));
        }
        self.position = Some(position);
        self
    }

    #[cold]
    fn into_fault(self, path: &[String], container: &Value, to: &Type) -> Fault {
        if let Some(fault) = self.refused {
            return fault;
        }
        let mut places = path.to_vec();
        places.extend(self.position.map(|position| place(container, to, position)));
        places.extend(self.inner);
        let prefix = if places.is_empty() { String::new() } else { format!("{}: ", places.join(", ")) };
        Fault::new(ErrorCode::TypeError, format!("{prefix}expected {}, found {}", self.expected, self.found))
    }
}

#[cfg(test)]
mod tests;
