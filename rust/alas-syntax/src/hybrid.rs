//! Modules in the language of which some functions are implemented by the host.
//!
//! What the host implements is declared beside the module's text, in a text of its own; here the two become one tree.
//! Places can only be those of one text, so what was declared beside it stands where the module itself stands.

use std::sync::Arc;

use crate::findings::Explanation;
use crate::{
    Code, Definition, Function, Name, NodeId, Parameter, Syntax, TypeDefinition, TypeExpression, clip,
};

impl Syntax {
    /// The module with the functions and types that a host module declares.
    ///
    /// The functions join those of the module, and are exported. A function that the module itself has as well is a
    /// finding there. A type that both define is the module's: whether the two agree is for the manifest to say. An
    /// export of the module that names such a function is no other export.
    ///
    /// ```
    /// use alas_syntax::{Source, parse, parse_host_module};
    ///
    /// let module = br#"{"type": "module", "name": "m", "exports": ["f"], "functions": [{"name": "f", "body": []}]}"#;
    /// let half = br#"{"type": "module", "name": "m", "functions": [{"name": "g", "returns": "int"}]}"#;
    /// let source = |text: &[u8]| Source { file: None, text: text.to_vec() };
    /// let host = parse_host_module(&source(half)).unwrap();
    /// let syntax = parse(&source(module)).unwrap().with_host_functions(&host);
    /// let names: Vec<&str> = syntax.module.exports.iter().map(|name| &*name.text).collect();
    /// assert_eq!(names, ["f", "g"]);
    /// assert!(syntax.findings.is_empty());
    /// ```
    #[must_use]
    pub fn with_host_functions(mut self, host: &Self) -> Self {
        let root = self.module.node;
        for definition in &host.module.types {
            if !self.module.types.iter().any(|known| known.name.text == definition.name.text) {
                self.module.types.items.push(placed_type(definition, root));
            }
        }
        for function in &host.module.functions {
            let name = &function.name.text;
            if let Some(own) = self.module.functions.iter().find(|known| known.name.text == *name) {
                self.findings.report(Code::DuplicateName, own.name.node, || {
                    Explanation::new(format!("native code implements `{}` as well", clip(name))).help(
                        "remove the function here, or do not mark it as native in the plugin's manifest",
                    )
                });
                continue;
            }
            if !self.module.exports.iter().any(|export| export.text == *name) {
                self.module.exports.items.push(placed_name(&function.name, root));
            }
            self.module.functions.items.push(placed_function(function, root));
        }
        self
    }
}

fn placed_name(name: &Name, node: NodeId) -> Name {
    Name { node, text: Arc::clone(&name.text) }
}

fn placed_expression(expression: &TypeExpression, node: NodeId) -> TypeExpression {
    TypeExpression { node, kind: expression.kind.clone() }
}

fn placed_parameter(parameter: &Parameter, node: NodeId) -> Parameter {
    Parameter {
        node,
        name: placed_name(&parameter.name, node),
        declared: placed_expression(&parameter.declared, node),
    }
}

fn placed_function(function: &Function, node: NodeId) -> Function {
    let mut placed = function.clone();
    placed.node = node;
    placed.name.node = node;
    placed.returns = function.returns.as_ref().map(|returns| placed_expression(returns, node));
    placed.parameters.items = function.parameters.iter().map(|one| placed_parameter(one, node)).collect();
    placed
}

fn placed_type(definition: &TypeDefinition, node: NodeId) -> TypeDefinition {
    let mut placed = definition.clone();
    placed.node = node;
    placed.name.node = node;
    match &mut placed.definition {
        Definition::Struct(structure) => {
            structure.fields.items = structure.fields.iter().map(|one| placed_parameter(one, node)).collect();
        }
        Definition::Enum(enumeration) => {
            enumeration.values.items = enumeration.values.iter().map(|one| placed_name(one, node)).collect();
        }
        Definition::Alias(target) => target.node = node,
        Definition::Invalid => {}
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, parse, parse_host_module};

    fn merged(module: &str, host: &str) -> Syntax {
        let source = |text: &str| Source { file: None, text: text.as_bytes().to_vec() };
        let text = |body: &str| format!(r#"{{"type": "module", "name": "m", {body}}}"#);
        let host = parse_host_module(&source(&text(host))).unwrap();
        parse(&source(&text(module))).unwrap().with_host_functions(&host)
    }

    #[test]
    fn functions_and_types_are_added() {
        let syntax = merged(
            r#""exports": ["fast"], "types": [{"name": "A", "definition": {"kind": "alias", "type": "int"}}],
               "functions": []"#,
            r#""types": [{"name": "A", "definition": {"kind": "alias", "type": "string"}},
                         {"name": "P", "definition": {"kind": "struct", "fields": [{"name": "x", "type": "A"}]}}],
               "functions": [{"name": "fast", "params": [{"name": "p", "type": "P"}], "returns": "A"}]"#,
        );
        let module = &syntax.module;
        assert!(syntax.findings.is_empty());
        let types: Vec<&str> = module.types.iter().map(|one| &*one.name.text).collect();
        assert_eq!(types, ["A", "P"]);
        assert_eq!(module.exports.len(), 1);
        let function = &module.functions[0];
        assert!(function.body.is_none());
        assert_eq!((function.node, function.parameters[0].node), (module.node, module.node));
    }

    #[test]
    fn a_function_is_implemented_once() {
        let syntax =
            merged(r#""functions": [{"name": "fast", "body": []}]"#, r#""functions": [{"name": "fast"}]"#);
        let found = syntax.diagnostics();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].code, &*found[0].location.pointer), (Code::DuplicateName, "/functions/0/name"));
        assert_eq!(syntax.module.functions.len(), 1);
    }
}
