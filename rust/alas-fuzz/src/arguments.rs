//! Arguments that fit the parameters of a function.

use alas_check::{Definitions, Shape, Type};
use alas_engine::value::{Array, Key, Map, Text, Value};

/// How deep values are nested whose types contain themselves.
const DEEPEST: usize = 6;

/// Makes values of types. The same types give the same values.
pub struct Maker<'d> {
    definitions: &'d Definitions,
    random: fastrand::Rng,
}

impl<'d> Maker<'d> {
    /// A maker for the types of a module.
    pub fn new(definitions: &'d Definitions, seed: u64) -> Self {
        Self { definitions, random: fastrand::Rng::with_seed(seed) }
    }

    /// A value of a type.
    pub fn make(&mut self, kind: &Type) -> Value {
        self.make_within(kind, DEEPEST)
    }

    fn make_within(&mut self, kind: &Type, depth: usize) -> Value {
        const TEXTS: [&str; 4] = ["", "ab", "12", "é😀"];
        match kind {
            Type::Never | Type::Void | Type::Task => Value::Void,
            Type::Bool => Value::Bool(self.random.bool()),
            Type::Int => Value::Int(self.choose(&[0, 1, 3, 7, -2, i64::MAX, i64::MIN])),
            Type::Float => Value::Float(self.choose(&[0.0, 1.0, -0.5, 1e300, f64::NAN, f64::INFINITY])),
            Type::String => text(self.choose(&TEXTS)),
            Type::Array(_) if depth == 0 => Value::Array(Array::empty()),
            Type::Array(element) => {
                let length = self.random.usize(..4);
                let values = (0..length).map(|_| self.make_within(element, depth - 1)).collect();
                Value::Array(Array::from_values(values))
            }
            Type::Map(_) if depth == 0 => Value::Map(Map::new()),
            Type::Map(value) => {
                let names = &["a", "b", "0"][..self.random.usize(..4)];
                self.map(names.iter().map(|name| (*name, &**value)), depth)
            }
            Type::Struct(name) | Type::Enum(name) => match self.definitions.get(name) {
                Some(Shape::Struct(fields)) if depth > 0 => {
                    self.map(fields.iter().map(|(name, kind)| (&**name, kind)), depth)
                }
                Some(Shape::Enum(values)) if !values.is_empty() => {
                    let chosen = self.random.usize(..values.len());
                    text(&values[chosen])
                }
                _ => Value::Void,
            },
            Type::Any => {
                let kinds = [Type::Int, Type::Float, Type::String, Type::Bool, Type::Void];
                let of_any = [Type::array(Type::Any), Type::map(Type::Any), Type::array(Type::Int)];
                let chosen = self.random.usize(..if depth > 4 { 8 } else { 5 });
                let kind = kinds.iter().chain(&of_any).nth(chosen).unwrap_or(&Type::Int);
                self.make_within(kind, depth.saturating_sub(1))
            }
        }
    }

    fn choose<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.random.usize(..choices.len())]
    }

    fn map<'t>(&mut self, entries: impl Iterator<Item = (&'t str, &'t Type)>, depth: usize) -> Value {
        let mut map = Map::new();
        for (name, kind) in entries {
            let value = self.make_within(kind, depth - 1);
            map.put(Key::from_text(Text::new(name)), value);
        }
        Value::Map(map)
    }
}

fn text(text: &str) -> Value {
    Value::Text(Text::new(text))
}
