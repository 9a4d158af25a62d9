//! Modules whose functions the host implements.

use std::fmt;
use std::ptr;
use std::sync::Arc;

use alas_syntax::Source;
use alas_value::{Array, Key, Map, Text, Value, write_json};
use alas_vm::{HostFunction, HostFunctions, Turn};

use crate::load::{Found, Plugin};

/// A module whose functions the host implements. Programs import and call it like any other module.
///
/// What it declares is checked when it is loaded, like that of a module in the language: a name that no function can
/// have, or a type that does not exist, is a finding.
///
/// ```
/// use std::convert::Infallible;
///
/// use alas_engine::value::Value;
/// use alas_engine::{Context, Engine, Fault, HostModule};
///
/// let add = |_: &mut Context<'_>, arguments: &mut [Value]| match arguments {
///     [Value::Int(left), Value::Int(right)] => Ok::<_, Fault>(Value::Int(*left + *right)),
///     _ => unreachable!("the machine passes what is declared"),
/// };
/// let module = HostModule::new("sums").function("add", &[("left", "int"), ("right", "int")], "int", add);
/// let engine = Engine::new();
/// engine.load(module.into(), |_, _| Ok::<_, Infallible>(None)).unwrap();
/// assert!(engine.function("sums.add").is_ok());
/// ```
#[derive(Clone)]
pub struct HostModule {
    name: String,
    declarations: Vec<String>,
    functions: HostFunctions,
    types: String,
    file: Option<String>,
    plugin: Option<Plugin>,
    turn: Option<Arc<Turn>>,
}

impl HostModule {
    /// A module without functions.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            declarations: Vec::new(),
            functions: HostFunctions::new(),
            types: "[]".to_owned(),
            file: None,
            plugin: None,
            turn: None,
        }
    }

    /// The module with another function: its name, the names and types of its parameters, the type of its result, and
    /// what implements it.
    #[must_use]
    pub fn function(
        self,
        name: &str,
        parameters: &[(&str, &str)],
        returns: &str,
        function: impl HostFunction + 'static,
    ) -> Self {
        self.shared_function(name, parameters, returns, Arc::new(function))
    }

    /// The module with another function, which others may hold too.
    #[must_use]
    pub fn shared_function(
        mut self,
        name: &str,
        parameters: &[(&str, &str)],
        returns: &str,
        function: Arc<dyn HostFunction>,
    ) -> Self {
        let parameter = |(name, kind): &(&str, &str)| object(&[("name", *name), ("type", *kind)]);
        let parameters: Vec<Value> = parameters.iter().map(|one| Value::Map(parameter(one))).collect();
        let mut declaration = object(&[("name", name), ("returns", returns)]);
        declaration.put(key("params"), Value::Array(Array::from_values(parameters)));
        self.declarations.push(json(&Value::Map(declaration)));
        self.functions.insert(name.into(), function);
        self
    }

    /// The module with these type definitions: the JSON array that stands under `types` in a module.
    #[must_use]
    pub fn types(self, json: impl Into<String>) -> Self {
        Self { types: json.into(), ..self }
    }

    /// The module with the file that it comes from, for people and for whoever lists modules.
    #[must_use]
    pub fn file(self, file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..self }
    }

    /// The module as part of a plugin.
    #[must_use]
    pub fn plugin(self, plugin: Plugin) -> Self {
        Self { plugin: Some(plugin), ..self }
    }

    /// The module with a turn, which each call of its functions takes: they run one at a time, in whichever thread. Several
    /// modules may have the same turn.
    #[must_use]
    pub fn turn(self, turn: Arc<Turn>) -> Self {
        Self { turn: Some(turn), ..self }
    }
}

impl From<HostModule> for Found {
    fn from(module: HostModule) -> Self {
        let HostModule { name, declarations, functions, types, file, plugin, turn } = module;
        let text = format!(
            "{{\"type\": \"module\", \"name\": {},\n\"types\": {types},\n\"functions\": [\n{}\n]}}",
            json(&Value::text(&name)),
            declarations.join(",\n")
        );
        let place = format!("<host module {}>", alas_syntax::clip(&name));
        let source = Source { file: Some(place), text: text.into_bytes() };
        let host = Implementation { functions: functions.into(), file, declarations: None, turn };
        Self { source, plugin, host: Some(host) }
    }
}

impl HostModule {
    /// Makes the functions a part of a module in the language, which implements the others of its functions itself. The
    /// module's text comes instead of the host module's file, and belongs to the host module's plugin.
    #[must_use]
    pub fn within(self, source: Source) -> Found {
        let Found { source: declarations, plugin, host } = self.into();
        let host = host.map(|host| Implementation { declarations: Some(Arc::new(declarations)), ..host });
        Found { source, plugin, host }
    }
}

/// What implements the functions of a host module, or those of a module in the language that the host implements.
#[derive(Clone)]
pub struct Implementation {
    pub(crate) functions: Arc<HostFunctions>,
    /// The file that the module comes from.
    pub(crate) file: Option<String>,
    /// Declares the functions, where they are only some of the module's.
    pub(crate) declarations: Option<Arc<Source>>,
    /// What calls of the functions wait for.
    pub(crate) turn: Option<Arc<Turn>>,
}

impl PartialEq for Implementation {
    /// Whether both have the very same functions.
    fn eq(&self, other: &Self) -> bool {
        let same = |(name, function): (&Arc<str>, &Arc<dyn HostFunction>)| {
            other
                .functions
                .get(name)
                .is_some_and(|other| ptr::addr_eq(Arc::as_ptr(function), Arc::as_ptr(other)))
        };
        let text = |one: &Self| one.declarations.as_ref().map(|declarations| declarations.text.clone());
        self.file == other.file
            && text(self) == text(other)
            && self.functions.len() == other.functions.len()
            && self.functions.iter().all(same)
    }
}

impl fmt::Debug for Implementation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.functions.keys()).finish()
    }
}

fn object(entries: &[(&str, &str)]) -> Map {
    entries.iter().map(|(name, text)| (key(name), Value::text(text))).collect()
}

fn key(name: &str) -> Key {
    Key::from_text(Text::new(name))
}

fn json(value: &Value) -> String {
    let mut text = String::new();
    // Texts and what holds them can always be written.
    let written = write_json(value, None, &mut text);
    debug_assert!(written.is_ok());
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use alas_vm::{Context, Fault};

    #[test]
    fn the_declarations_are_a_module() {
        let nothing = |_: &mut Context<'_>, _: &mut [Value]| Ok::<_, Fault>(Value::Void);
        let module = HostModule::new("a\"b")
            .function("f", &[("x", "int"), ("y", "array<Point>")], "void", nothing)
            .function("g", &[], "any", nothing)
            .types(r#"[{"name": "Point"}]"#);
        let found = Found::from(module);
        let text = String::from_utf8(found.source.text).unwrap();
        let expected = r#"{"type": "module", "name": "a\"b",
"types": [{"name": "Point"}],
"functions": [
{"name":"f","returns":"void","params":[{"name":"x","type":"int"},{"name":"y","type":"array<Point>"}]},
{"name":"g","returns":"any","params":[]}
]}"#;
        assert_eq!(text, expected);
    }
}
