//! Modules, their functions and their type definitions.

use super::Parser;
use super::names::Grammar;
use super::shapes::{self, Shape};
use super::{object, suggest, types};
use crate::findings::{Explanation, clip};
use crate::json::{Kind, Node};
use crate::{Code, Definition, Enumeration, Function, Module, Name, Parameter, Structure, TypeDefinition};

impl Parser<'_> {
    /// The module that the document is.
    pub(super) fn module(&mut self, root: Node<'_>) -> Module {
        if root.kind() != Kind::Object {
            self.report(Code::WrongKind, root, || {
                Explanation::new(format!("a module is an object, found {}", root.kind().describe()))
                    .help("write `{\"type\": \"module\", \"name\": \"…\", \"functions\": […]}`")
            });
        }
        let slots = if root.kind() == Kind::Object { self.keys(root, &shapes::MODULE) } else { [None; 7] };
        let [node_type, name, functions, exports, imports, types, _] = slots;
        self.fixed_type(node_type, "module", "a module");
        let name = self.name(name, Grammar::Module, "a module");
        let exports = self.name_list(exports, Grammar::Plain, "an exported function");
        self.unique(&exports, |export| export, "export");
        let imports = self.name_list(imports, Grammar::Module, "an imported module");
        self.unique(&imports, |import| import, "import");
        let types = self.elements(types, Kind::Object, "a type definition");
        let types: Vec<_> = types.into_iter().map(|node| self.type_definition(node)).collect();
        self.unique(&types, |definition| &definition.name, "type");
        let functions = self.elements(functions, Kind::Object, "a function");
        let functions: Vec<_> = functions.into_iter().map(|node| self.function(node)).collect();
        self.unique(&functions, |function| &function.name, "function");
        Module { node: root.id(), name, exports, imports, types, functions }
    }

    fn function(&mut self, node: Node<'_>) -> Function {
        let [node_type, name, parameters, returns, body, _] = self.keys(node, &shapes::FUNCTION);
        self.fixed_type(node_type, "function", "a function");
        let name = self.name(name, Grammar::Plain, "a function");
        let parameters = self.parameters(parameters, &shapes::PARAMETER);
        self.unique(&parameters, |parameter| &parameter.name, "parameter");
        let returns = returns.map(|returns| self.type_expression(Some(returns), node));
        let body = self.statements(body);
        Function { node: node.id(), name, parameters, returns, body }
    }

    /// The parameters of a function or the fields of a struct.
    fn parameters(&mut self, slot: Option<Node<'_>>, shape: &'static Shape<2>) -> Vec<Parameter> {
        let nodes = self.elements(slot, Kind::Object, shape.what);
        let parameter = |node: Node<'_>| {
            let [name, declared] = self.keys(node, shape);
            let name = self.name(name, Grammar::Plain, shape.what);
            Parameter { node: node.id(), name, declared: self.type_expression(declared, node) }
        };
        nodes.into_iter().map(parameter).collect()
    }

    fn type_definition(&mut self, node: Node<'_>) -> TypeDefinition {
        let [name_slot, definition] = self.keys(node, &shapes::TYPE_DEFINITION);
        let name = self.name(name_slot, Grammar::Plain, "a type");
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
        let placeholder = Definition::Enum(Enumeration { values: Vec::new() });
        let Some(node) = slot else { return placeholder };
        let kind = object::member(node, "kind");
        match kind.and_then(Node::as_str).as_deref() {
            Some("struct") => {
                let [_, fields] = self.keys(node, &shapes::STRUCT);
                let fields = self.parameters(fields, &shapes::FIELD_DEFINITION);
                self.unique(&fields, |field| &field.name, "field");
                Definition::Struct(Structure { fields })
            }
            Some("enum") => {
                let [_, values] = self.keys(node, &shapes::ENUM);
                let values = self.name_list(values, Grammar::Free, "an enum value");
                self.unique(&values, |value| value, "value of the enum");
                Definition::Enum(Enumeration { values })
            }
            Some("alias") => {
                let [_, target] = self.keys(node, &shapes::ALIAS);
                Definition::Alias(self.type_expression(target, owner))
            }
            _ => {
                self.wrong_definition(node, kind);
                placeholder
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
    fn name_list(&mut self, slot: Option<Node<'_>>, grammar: Grammar, what: &'static str) -> Vec<Name> {
        let nodes = self.elements(slot, Kind::String, what);
        nodes.into_iter().map(|node| self.name(Some(node), grammar, what)).collect()
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
