//! Modules, their functions and their type definitions.

use super::names::{Grammar, is_plain};
use super::shapes::{self, Shape};
use super::{Dialect, Parser};
use super::{object, suggest, types};
use crate::findings::{Explanation, clip};
use crate::json::{Kind, Node};
use crate::{
    Code, Definition, Enumeration, Function, List, Module, Name, Parameter, Structure, TypeDefinition,
};

impl Parser<'_> {
    /// The module that an object is.
    pub(super) fn module(&mut self, root: Node<'_>) -> Module {
        let [node_type, name, functions, exports, imports, types] = match self.dialect {
            Dialect::Program => {
                let [slots @ .., _] = self.keys(root, &shapes::MODULE);
                slots
            }
            Dialect::HostModule => {
                let [node_type, name, functions, imports, types, _] = self.keys(root, &shapes::HOST_MODULE);
                [node_type, name, functions, None, imports, types]
            }
        };
        self.fixed_type(node_type, "module", "a module");
        let name = self.name_of(root, name, Grammar::Module, "a module");
        let mut exports = self.name_list(exports, Grammar::Plain, "an exported function");
        self.unique(&exports, |export| export, "export");
        let imports = self.name_list(imports, Grammar::Module, "an imported module");
        self.unique(&imports, |import| import, "import");
        let mut types = self.list(types, |parser, node| {
            let node = parser.element(node, Kind::Object, "a type definition")?;
            Some(parser.type_definition(node))
        });
        types.complete &= types.iter().all(|definition| !definition.name.is_unknown());
        self.unique(&types, |definition| &definition.name, "type");
        let is_missing = functions.is_none();
        let mut functions = self.list(functions, |parser, node| {
            let node = parser.element(node, Kind::Object, "a function")?;
            Some(parser.function(node))
        });
        functions.complete &= !is_missing && functions.iter().all(|function| !function.name.is_unknown());
        self.unique(&functions, |function| &function.name, "function");
        if self.dialect == Dialect::HostModule {
            let names = functions.iter().map(|function| function.name.clone()).collect();
            exports = List { items: names, complete: functions.complete };
        }
        Module { node: root.id(), name, exports, imports, types, functions }
    }

    fn function(&mut self, node: Node<'_>) -> Function {
        let [node_type, name, parameters, returns, body] = match self.dialect {
            Dialect::Program => {
                let [slots @ .., _] = self.keys(node, &shapes::FUNCTION);
                slots
            }
            Dialect::HostModule => {
                let [node_type, name, parameters, returns, _] = self.keys(node, &shapes::HOST_FUNCTION);
                [node_type, name, parameters, returns, None]
            }
        };
        self.fixed_type(node_type, "function", "a function");
        let name = self.name_of(node, name, Grammar::Plain, "a function");
        let parameters = self.parameters(parameters, &shapes::PARAMETER);
        self.unique(&parameters, |parameter| &parameter.name, "parameter");
        let returns = returns.map(|returns| self.type_expression(Some(returns), node));
        let body = (self.dialect == Dialect::Program).then(|| self.body(body, node));
        Function { node: node.id(), name, parameters, returns, body }
    }

    /// The parameters of a function or the fields of a struct.
    fn parameters(&mut self, slot: Option<Node<'_>>, shape: &'static Shape<2>) -> List<Parameter> {
        let mut parameters = self.list(slot, |parser, node| parser.parameter(node, shape));
        parameters.complete &= parameters.iter().all(|parameter| !parameter.name.is_unknown());
        parameters
    }

    fn parameter(&mut self, node: Node<'_>, shape: &'static Shape<2>) -> Option<Parameter> {
        if self.element(node, Kind::Object, shape.what).is_some() {
            let [name, declared] = self.keys(node, shape);
            let name = self.name_of(node, name, Grammar::Plain, shape.what);
            return Some(Parameter { node: node.id(), name, declared: self.type_expression(declared, node) });
        }
        // A string in its place is probably its name.
        let name = node.as_str().filter(|text| is_plain(text))?;
        let name = Name { node: node.id(), text: self.names.intern(&name) };
        Some(Parameter { node: node.id(), name, declared: self.type_expression(None, node) })
    }

    fn type_definition(&mut self, node: Node<'_>) -> TypeDefinition {
        let [name_slot, definition] = self.keys(node, &shapes::TYPE_DEFINITION);
        let name = self.name_of(node, name_slot, Grammar::Plain, "a type");
        if let Some(name_node) = name_slot.filter(|_| types::BUILTIN_TYPES.contains(&&*name.text)) {
            self.report(Code::DuplicateName, name_node, || {
                Explanation::new(format!("`{}` is a type of the language", name.text))
                    .help("give the type another name")
            });
        }
        TypeDefinition { node: node.id(), name, definition: self.definition(definition, node) }
    }

    /// What a type name stands for; the object's `kind` decides on its other keys.
    fn definition(&mut self, slot: Option<Node<'_>>, owner: Node<'_>) -> Definition {
        let Some(node) = slot.filter(|node| node.kind() == Kind::Object) else { return Definition::Invalid };
        let kind = object::member(node, "kind");
        match kind.and_then(Node::as_str).as_deref() {
            Some("struct") => {
                let [_, slot] = self.keys(node, &shapes::STRUCT);
                let mut fields = self.parameters(slot, &shapes::FIELD_DEFINITION);
                fields.complete &= slot.is_some();
                self.unique(&fields, |field| &field.name, "field");
                Definition::Struct(Structure { fields })
            }
            Some("enum") => {
                let [_, slot] = self.keys(node, &shapes::ENUM);
                let mut values = self.name_list(slot, Grammar::Free, "an enum value");
                values.complete &= slot.is_some();
                self.unique(&values, |value| value, "value of the enum");
                Definition::Enum(Enumeration { values })
            }
            Some("alias") => {
                let [_, target] = self.keys(node, &shapes::ALIAS);
                Definition::Alias(self.type_expression(target, owner))
            }
            _ => {
                self.wrong_definition(node, kind);
                Definition::Invalid
            }
        }
    }

    /// The `kind` of a definition is missing, no string, or none of the known ones.
    fn wrong_definition(&mut self, node: Node<'_>, kind: Option<Node<'_>>) {
        let choice =
            || format!("the kinds of definitions are {}", suggest::list(shapes::DEFINITIONS.iter().copied()));
        match kind.map(|kind| (kind, kind.as_str())) {
            None => self.report(Code::MissingKey, node, || {
                Explanation::new("a definition needs the key `kind`").help(choice())
            }),
            Some((kind, None)) => self.report(Code::WrongKind, kind, || {
                Explanation::new(format!("the key `kind` holds a string, found {}", kind.kind().describe()))
                    .help(choice())
            }),
            Some((kind, Some(text))) => self.report(Code::UnknownNode, kind, || {
                Explanation::new(format!("there is no definition of kind `{}`", clip(&text))).help(
                    suggest::help(&text, "the kinds of definitions", shapes::DEFINITIONS.iter().copied()),
                )
            }),
        }
    }

    /// The names in an array of strings.
    fn name_list(&mut self, slot: Option<Node<'_>>, grammar: Grammar, what: &'static str) -> List<Name> {
        self.list(slot, |parser, node| {
            let node = parser.element(node, Kind::String, what)?;
            parser.name(Some(node), grammar, what)
        })
    }

    /// Modules and functions have one possible `type`.
    fn fixed_type(&mut self, slot: Option<Node<'_>>, expected: &str, what: &str) {
        let Some((node, text)) = slot.and_then(|node| Some((node, node.as_str()?))) else { return };
        if text != expected {
            self.report(Code::UnknownNode, node, || {
                Explanation::new(format!("the `type` of {what} is `{expected}`, found `{}`", clip(&text)))
                    .help(format!("write `\"type\": \"{expected}\"`"))
            });
        }
    }
}
