//! Reading an object by the table of its keys.

use super::shapes::{Holds, Key, Shape};
use super::{Parser, suggest};
use crate::findings::{Explanation, Place, clip};
use crate::json::{Kind, Member, Node};
use crate::{Code, List};

/// How many members of an object are looked at for one that was misspelt.
const SEARCHED: usize = 32;

impl Parser<'_> {
    /// Adds a finding about a node.
    pub(super) fn report(&mut self, code: Code, node: Node<'_>, explain: impl FnOnce() -> Explanation) {
        if code == Code::WrongKind {
            // Where no number belongs, it does not matter that it is too large as well.
            self.findings.take_back(Code::NumberOutOfRange, node.id());
        }
        self.findings.add(code, Place::of(node), explain);
    }

    /// The values of an object's keys, in the order of the table. What the table asks for has been reported where a
    /// slot is empty or its value is of the wrong kind.
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
            self.check_kind(member.value, &keys[slot]);
            slots[slot].get_or_insert(member.value);
        }
        for (slot, key) in keys.iter().enumerate() {
            if key.required && present & (1 << slot) == 0 {
                self.report(Code::MissingKey, object, || {
                    Explanation::new(format!("{what} needs the key `{}`", key.name))
                        .help(missing_key_help(key))
                });
                slots[slot] = misspelt(object, key, keys);
            }
        }
    }

    /// Reports a value that is of the wrong kind.
    fn check_kind(&mut self, value: Node<'_>, key: &Key) {
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
        }
    }

    /// What `read` makes of the elements of an array.
    pub(super) fn list<'n, T>(
        &mut self,
        array: Option<Node<'n>>,
        mut read: impl FnMut(&mut Self, Node<'n>) -> Option<T>,
    ) -> List<T> {
        let mut list =
            List { items: Vec::new(), complete: array.is_none_or(|array| array.kind() == Kind::Array) };
        for element in array.into_iter().flat_map(Node::elements) {
            match read(self, element) {
                Some(item) => list.items.push(item),
                None => list.complete = false,
            }
        }
        list
    }

    /// The element, if it is what the array holds; reported if not.
    pub(super) fn element<'n>(&mut self, element: Node<'n>, kind: Kind, what: &str) -> Option<Node<'n>> {
        if element.kind() == kind {
            return Some(element);
        }
        self.wrong_element(element, kind, what);
        None
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
}

/// The value of an unknown key that was probably meant to be this one, which is missing.
fn misspelt<'n>(object: Node<'n>, meant: &'static Key, keys: &'static [Key]) -> Option<Node<'n>> {
    let was_meant = |member: &Member<'_>| {
        let name = member.key.as_str().unwrap_or_default();
        let names = keys.iter().map(|key| key.name);
        !names.clone().any(|known| known == name) && suggest::nearest(&name, names) == Some(meant.name)
    };
    object.members().take(SEARCHED).find(was_meant).map(|member| member.value)
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
