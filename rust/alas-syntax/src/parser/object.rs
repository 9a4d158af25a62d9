//! Reading an object by the table of its keys.

use super::shapes::{Holds, Key, Shape};
use super::{Parser, suggest};
use crate::Code;
use crate::findings::{Explanation, Place, clip};
use crate::json::{Kind, Node};

/// How many members of an object are looked at for one that was misspelt.
const SEARCHED: usize = 32;

impl Parser<'_> {
    /// Adds a finding about a node.
    pub(super) fn report(&mut self, code: Code, node: Node<'_>, explain: impl FnOnce() -> Explanation) {
        self.findings.report(code, Place::of(node), explain);
    }

    /// The values of an object's keys, in the order of the table. A slot is empty when the key is absent or
    /// its value is of the wrong kind; what the table asks for has then been reported.
    pub(super) fn keys<'n, const N: usize>(
        &mut self,
        object: Node<'n>,
        shape: &'static Shape<N>,
    ) -> [Option<Node<'n>>; N] {
        let mut slots = [None; N];
        self.fill(object, shape.what, &shape.keys, &mut slots);
        slots
    }

    /// As [`Self::keys`], for tables of any length.
    fn fill<'n>(
        &mut self,
        object: Node<'n>,
        what: &'static str,
        keys: &'static [Key],
        slots: &mut [Option<Node<'n>>],
    ) {
        // Keys that are there with a wrong value are not missing.
        let mut present = 0_u32;
        for member in object.members() {
            let name = member.key.as_str().unwrap_or_default();
            let Some(slot) = keys.iter().position(|key| key.name == name) else {
                self.report(Code::UnknownKey, member.key, || unknown_key(&name, what, keys));
                continue;
            };
            present |= 1 << slot;
            if self.holds(member.value, &keys[slot]) {
                slots[slot] = Some(member.value);
            }
        }
        for (slot, key) in keys.iter().enumerate() {
            if key.required && present & (1 << slot) == 0 {
                self.report(Code::MissingKey, object, || {
                    Explanation::new(format!("{what} needs the key `{}`", key.name))
                        .help(missing_key_help(key))
                });
                self.visit_misspelt(object, key, keys);
            }
        }
    }

    /// Visits the value of an unknown key that was probably meant to be this one, which is missing.
    fn visit_misspelt(&mut self, object: Node<'_>, meant: &'static Key, keys: &'static [Key]) {
        for member in object.members().take(SEARCHED) {
            let name = member.key.as_str().unwrap_or_default();
            let names = keys.iter().map(|key| key.name);
            if !names.clone().any(|known| known == name) && suggest::nearest(&name, names) == Some(meant.name)
            {
                self.visit(member.value, meant.holds);
            }
        }
    }

    /// Visits a value as what a key holds, if it can be that.
    fn visit(&mut self, value: Node<'_>, holds: Holds) {
        match (holds, value.kind()) {
            (Holds::Statements | Holds::Statement, Kind::Object) => drop(self.statement(value)),
            (Holds::Statements | Holds::Statement, Kind::Array) => drop(self.statements(Some(value))),
            (Holds::Expressions | Holds::Expression, Kind::Object) => drop(self.expression(value)),
            (Holds::Expressions | Holds::Expression, Kind::Array) => drop(self.expressions(Some(value))),
            _ => {}
        }
    }

    /// Whether the value is of the kind; reported if not, and visited as far as it can be.
    fn holds(&mut self, value: Node<'_>, key: &Key) -> bool {
        let kind = value.kind();
        let Key { name, holds, required } = *key;
        let fits = match holds {
            Holds::Text => kind == Kind::String,
            Holds::Texts | Holds::Objects | Holds::Expressions | Holds::Statements => kind == Kind::Array,
            Holds::Object | Holds::Expression | Holds::Statement => kind == Kind::Object,
            Holds::Scalar => !matches!(kind, Kind::Array | Kind::Object),
            Holds::Anything => true,
        };
        if !fits {
            self.report(Code::WrongKind, value, || {
                let expected = expected(holds);
                Explanation::new(format!("the key `{name}` holds {expected}, found {}", kind.describe()))
                    .maybe_help(match kind {
                        Kind::Null if !required => Some("leave the key out when it has no value".to_owned()),
                        _ => kind_help(holds, value),
                    })
            });
            self.visit(value, holds);
        }
        fits
    }

    /// The elements of an array that are of this kind; the others are reported.
    pub(super) fn elements<'n>(&mut self, array: Option<Node<'n>>, kind: Kind, what: &str) -> Vec<Node<'n>> {
        let mut elements = Vec::new();
        for element in array.into_iter().flat_map(Node::elements) {
            if element.kind() == kind {
                elements.push(element);
            } else {
                self.wrong_element(element, kind, what);
            }
        }
        elements
    }

    /// An element of an array is not what the array holds.
    pub(super) fn wrong_element(&mut self, element: Node<'_>, kind: Kind, what: &str) {
        self.report(Code::WrongKind, element, || {
            let found = element.kind().describe();
            let holds = if what == "an expression" { Holds::Expression } else { Holds::Anything };
            Explanation::new(format!("{what} is {}, found {found}", kind.describe()))
                .maybe_help(kind_help(holds, element))
        });
    }

    /// Visits the parts of an object whose own meaning is not known, so that what is wrong inside it is
    /// found as well.
    pub(super) fn visit_parts(&mut self, object: Node<'_>) {
        for member in object.members() {
            let name = member.key.as_str().unwrap_or_default();
            match (&*name, member.value.kind()) {
                ("body" | "then" | "else", Kind::Array) => drop(self.statements(Some(member.value))),
                ("args" | "elements", Kind::Array) => drop(self.expressions(Some(member.value))),
                ("pairs", Kind::Array) => drop(self.pairs(Some(member.value))),
                ("init" | "update", Kind::Object) => drop(self.statement(member.value)),
                (
                    "cond" | "value" | "left" | "right" | "operand" | "object" | "index" | "key",
                    Kind::Object,
                ) => {
                    drop(self.expression(member.value));
                }
                _ => {}
            }
        }
    }
}

/// The value of an object's key, whatever it is.
pub(super) fn member<'d>(object: Node<'d>, name: &str) -> Option<Node<'d>> {
    object.members().find(|member| member.key.as_str().as_deref() == Some(name)).map(|member| member.value)
}

fn unknown_key(name: &str, what: &str, keys: &'static [Key]) -> Explanation {
    let names = keys.iter().map(|key| key.name);
    let mut help = suggest::help(name, &format!("the keys of {what}"), names.clone());
    if names.clone().any(|name| name == "meta") && suggest::nearest(name, names).is_none() {
        help.push_str("; remarks of your own belong under `meta`");
    }
    Explanation::new(format!("{what} has no key `{}`", clip(name))).help(help)
}

fn missing_key_help(key: &Key) -> String {
    let example = match key.holds {
        Holds::Text => "\"…\"",
        Holds::Texts | Holds::Objects | Holds::Expressions | Holds::Statements => "[…]",
        Holds::Object | Holds::Expression | Holds::Statement => "{…}",
        Holds::Scalar | Holds::Anything => "…",
    };
    format!("add `\"{}\": {example}`", key.name)
}

const fn expected(holds: Holds) -> &'static str {
    match holds {
        Holds::Text => "a string",
        Holds::Texts => "an array of strings",
        Holds::Object => "an object",
        Holds::Objects => "an array of objects",
        Holds::Expression => "an expression (an object)",
        Holds::Expressions => "an array of expressions",
        Holds::Statement => "a statement (an object)",
        Holds::Statements => "an array of statements",
        Holds::Scalar => "a string, a number, a boolean or null",
        Holds::Anything => "any value",
    }
}

/// What to write instead.
fn kind_help(holds: Holds, value: Node<'_>) -> Option<String> {
    let help = match (holds, value.kind()) {
        (Holds::Expression, Kind::Array) => {
            "write `{\"type\": \"array_literal\", \"elements\": […]}` for an array".to_owned()
        }
        (Holds::Expression, _) => {
            let text = value.source_text().map_or_else(|| "…".to_owned(), clip);
            format!("write `{{\"type\": \"literal\", \"value\": {text}}}` for a constant")
        }
        (Holds::Scalar, Kind::Array) => "an array is an expression of type `array_literal`".to_owned(),
        (Holds::Scalar, _) => "a map is an expression of type `map_literal`".to_owned(),
        (
            Holds::Texts | Holds::Objects | Holds::Expressions | Holds::Statements,
            Kind::Object | Kind::String,
        ) => "put it into an array: `[…]`".to_owned(),
        _ => return None,
    };
    Some(help)
}
