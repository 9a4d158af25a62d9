//! Written types: `int`, `Point`, `array<map<int>>`.

use super::Parser;
use super::names::{LONGEST, is_module};
use crate::findings::{Explanation, clip};
use crate::json::Node;
use crate::{Code, TypeExpression, TypeName};

/// How deep `array<…>` and `map<…>` may nest. Types are compared and dropped recursively.
const DEEPEST: usize = 64;

/// The types of the language that need no definition.
pub(super) const BUILTIN_TYPES: &[&str] =
    &["int", "float", "string", "bool", "array", "map", "void", "any", "task"];

impl Parser<'_> {
    /// The type that a string holds.
    pub(super) fn type_expression(&mut self, slot: Option<Node<'_>>, owner: Node<'_>) -> TypeExpression {
        let Some((node, text)) = slot.and_then(|node| Some((node, node.as_str()?))) else {
            return TypeExpression { node: owner.id(), kind: TypeName::Invalid };
        };
        let kind = self.type_name(&text).unwrap_or_else(|help| {
            self.report(Code::UnknownType, node, || {
                Explanation::new(format!("`{}` is not a type", clip(&text))).help(help)
            });
            TypeName::Invalid
        });
        TypeExpression { node: node.id(), kind }
    }

    /// Reads `array<` and `map<` from the left, the same number of `>` from the right, and the name between
    /// them.
    ///
    /// # Errors
    ///
    /// What to write instead.
    fn type_name(&mut self, text: &str) -> Result<TypeName, String> {
        if text.len() > LONGEST {
            return Err("the type's name is too long; choose a shorter one".to_owned());
        }
        let mut rest = text.trim_ascii();
        let mut constructors: Vec<fn(Box<TypeName>) -> TypeName> = Vec::new();
        while let Some((outer, inner)) = rest.split_once('<') {
            let constructor = match outer.trim_ascii_end() {
                "array" => TypeName::Array,
                "map" => TypeName::Map,
                other => return Err(not_generic(other)),
            };
            let Some(inner) = inner.strip_suffix('>') else {
                return Err("each `<` needs a `>` at the end, as in `array<map<int>>`".to_owned());
            };
            if constructors.len() == DEEPEST {
                return Err(format!(
                    "types nest at most {DEEPEST} deep; define a named type for the inner part"
                ));
            }
            constructors.push(constructor);
            rest = inner.trim_ascii();
        }
        if !is_module(rest) {
            return Err(malformed(rest, constructors.is_empty()));
        }
        let innermost = TypeName::Named(self.names.intern(rest));
        Ok(constructors.into_iter().rev().fold(innermost, |inner, constructor| constructor(Box::new(inner))))
    }
}

fn not_generic(outer: &str) -> String {
    match outer {
        "list" | "List" | "vec" | "Vec" | "Array" | "set" | "tuple" => {
            "write `array<T>` for an array".to_owned()
        }
        "dict" | "Dict" | "Map" | "HashMap" | "Record" | "object" => {
            "write `map<T>`; keys are strings".to_owned()
        }
        _ => "only `array` and `map` take the type of their elements: `array<int>`, `map<string>`".to_owned(),
    }
}

fn malformed(rest: &str, outermost: bool) -> String {
    if rest.is_empty() {
        let write = if outermost { "write the name of a type" } else { "write a type between `<` and `>`" };
        format!("{write}, such as `int`, `string` or `array<int>`")
    } else if let Some(element) = rest.strip_suffix("[]") {
        format!("write `array<{}>` for an array", clip(element))
    } else if rest.contains(',') {
        "`array` and `map` take one type, that of their elements; keys are strings".to_owned()
    } else if rest.ends_with('?') || rest.contains('|') {
        "write `any` for a value of several types".to_owned()
    } else {
        "types are names, `array<T>` or `map<T>`".to_owned()
    }
}
