//! The names of a program, of which what is grown for it is made.

use fastrand::Rng;
use serde_json::Value;

use super::choose;

/// The names. Now and then one is chosen that may be none of the program's.
pub struct Vocabulary {
    variables: Vec<String>,
    /// With the number of their parameters.
    functions: Vec<(String, usize)>,
    types: Vec<String>,
    fields: Vec<String>,
    /// Whether the program imports the module that all may import.
    pub imports_helper: bool,
}

/// How rarely a name is chosen that may be none of the program's.
const RARELY: u8 = 40;

impl Vocabulary {
    /// The names of a program.
    pub fn of(program: &Value) -> Self {
        let types = ["int", "int", "float", "string", "bool", "array", "map", "any", "void"];
        let imports = program.get("imports").and_then(Value::as_array);
        let mut vocabulary = Self {
            variables: Vec::new(),
            functions: Vec::new(),
            types: types.map(str::to_owned).to_vec(),
            fields: ["x", "ok", "value"].map(str::to_owned).to_vec(),
            imports_helper: imports.is_some_and(|imports| imports.contains(&"helper".into())),
        };
        vocabulary.collect(program);
        vocabulary
    }

    fn collect(&mut self, value: &Value) {
        match value {
            Value::Array(elements) => elements.iter().for_each(|element| self.collect(element)),
            Value::Object(object) => {
                let text = |key: &str| object.get(key).and_then(Value::as_str).map(str::to_owned);
                self.variables.extend(text("target"));
                self.fields.extend(text("field"));
                if object.contains_key("body") {
                    let parameters = object.get("params").and_then(Value::as_array);
                    let count = parameters.map_or(0, Vec::len);
                    self.functions.extend(text("name").map(|name| (name, count)));
                }
                if object.contains_key("definition") {
                    self.types.extend(text("name"));
                }
                if text("type").as_deref() == Some("variable") {
                    self.variables.extend(text("name"));
                }
                object.values().for_each(|inner| self.collect(inner));
            }
            _ => {}
        }
    }

    /// The name of a variable.
    pub fn variable(&self, random: &mut Rng) -> String {
        if self.variables.is_empty() || random.u8(..RARELY) == 0 {
            return choose(random, &["a", "b", "i"]).to_owned();
        }
        choose(random, &self.variables)
    }

    /// The name of a function, and how many parameters it has.
    pub fn function(&self, random: &mut Rng) -> (String, usize) {
        if self.functions.is_empty() || random.u8(..RARELY) == 0 {
            return (choose(random, &["main", "f", "same"]).to_owned(), random.usize(..3));
        }
        choose(random, &self.functions)
    }

    /// The name of a field.
    pub fn field(&self, random: &mut Rng) -> String {
        choose(random, &self.fields)
    }

    /// A type, as a program writes it.
    pub fn kind(&self, random: &mut Rng) -> String {
        let name = choose(random, &self.types);
        match random.u8(..10) {
            0 => format!("array<{}>", self.kind(random)),
            1 => format!("map<{}>", self.kind(random)),
            2 if self.imports_helper => "Point".to_owned(),
            _ => name,
        }
    }
}
