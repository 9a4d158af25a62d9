//! Names: their grammar, one copy of each, and no two alike.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Parser;
use crate::findings::{Explanation, Place, clip};
use crate::json::{Kind, Node};
use crate::{Code, Name};

/// The names of one module, each stored once. The hash is seeded, so that hostile names are as fast as
/// others.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<Arc<str>>);

impl Names {
    /// The one copy of a name.
    pub(super) fn intern(&mut self, text: &str) -> Arc<str> {
        if let Some(name) = self.0.get(text) {
            return Arc::clone(name);
        }
        let name: Arc<str> = text.into();
        self.0.insert(Arc::clone(&name));
        name
    }
}

/// What bears a name, where the help depends on it.
pub(super) const FUNCTION: &str = "a function";
pub(super) const VARIABLE: &str = "a variable";

/// The longest name. Messages repeat names: without a limit, a few megabytes of text would make gigabytes of messages.
pub(super) const LONGEST: usize = 65_535;

/// The most names that are compared pairwise.
const FEW: usize = 16;

/// Which grammar a name follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grammar {
    /// `[A-Za-z_][A-Za-z0-9_]*`
    Plain,
    /// Segments with dashes between dots: `std.io`, `my-plugin`.
    Module,
    /// A module name, a dot, a plain name: `io.println`.
    Builtin,
    /// Any text.
    Free,
}

/// Whether the text is a plain name.
pub(super) fn is_plain(text: &str) -> bool {
    text.as_bytes().split_first().is_some_and(|(first, rest)| {
        (first.is_ascii_alphabetic() || *first == b'_')
            && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
    })
}

/// Whether the text is a module name: segments between dots, which start like names and may hold dashes.
pub(super) fn is_module(text: &str) -> bool {
    text.split('.').all(|segment| {
        segment.as_bytes().split_first().is_some_and(|(first, rest)| {
            (first.is_ascii_alphabetic() || *first == b'_')
                && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        })
    })
}

impl Parser<'_> {
    /// The name that a string holds, or one that is not known, at the object that should have it.
    pub(super) fn name_of(
        &mut self,
        owner: Node<'_>,
        slot: Option<Node<'_>>,
        grammar: Grammar,
        what: &'static str,
    ) -> Name {
        let name = self.name(slot, grammar, what);
        name.unwrap_or_else(|| Name { node: owner.id(), text: self.names.intern("") })
    }

    /// The name that a string holds, if it is one. `what` says with its article what bears the name.
    pub(super) fn name(
        &mut self,
        slot: Option<Node<'_>>,
        grammar: Grammar,
        what: &'static str,
    ) -> Option<Name> {
        let (node, text) = slot.and_then(|node| Some((node, node.as_str()?)))?;
        if text.len() > LONGEST && grammar != Grammar::Free {
            self.report(Code::InvalidName, node, || {
                Explanation::new(format!("the name of {what} is longer than {LONGEST} characters"))
                    .help("choose a shorter name")
            });
            return None;
        }
        let valid = match grammar {
            Grammar::Plain => is_plain(&text),
            Grammar::Module => is_module(&text),
            Grammar::Builtin => {
                text.rsplit_once('.').is_some_and(|(module, name)| is_module(module) && is_plain(name))
            }
            Grammar::Free => true,
        };
        if valid {
            return Some(Name { node: node.id(), text: self.names.intern(&text) });
        }
        if grammar == Grammar::Builtin && is_plain(&text) {
            self.report(Code::UnknownBuiltin, node, || {
                Explanation::new(format!("there is no builtin `{}`", clip(&text)))
                    .help("builtin names are `namespace.function`, such as `io.println`")
            });
        } else {
            self.report(Code::InvalidName, node, || {
                Explanation::new(format!("`{}` cannot be the name of {what}", clip(&text)))
                    .help(invalid_name_help(&text, grammar, what))
            });
        }
        None
    }

    /// Adds all plain names that stand in a part that was not understood.
    pub(super) fn names_in(&mut self, node: Node<'_>, found: &mut Vec<Arc<str>>) {
        if let Some(text) = node.as_str().filter(|text| is_plain(text)) {
            found.push(self.names.intern(&text));
        }
        for element in node.elements() {
            self.names_in(element, found);
        }
        for member in node.members() {
            self.names_in(member.value, found);
        }
    }

    /// Reports each thing whose name another one before it in the list bears.
    pub(super) fn unique<T>(&mut self, things: &[T], name: impl Fn(&T) -> &Name, what: &'static str) {
        if things.len() <= FEW {
            for (count, second) in things.iter().map(&name).enumerate() {
                // Each name is stored once, so that equal names have equal addresses.
                let first =
                    things[..count].iter().map(&name).find(|first| Arc::ptr_eq(&first.text, &second.text));
                if let Some(first) = first {
                    self.duplicate(first, second, what);
                }
            }
            return;
        }
        let mut seen: HashMap<&str, &Name> = HashMap::with_capacity(things.len());
        for second in things.iter().map(name) {
            let first = *seen.entry(&second.text).or_insert(second);
            if first.node != second.node {
                self.duplicate(first, second, what);
            }
        }
    }

    fn duplicate(&mut self, first: &Name, second: &Name, what: &'static str) {
        // Names that are not known are equal, too; they stand at an object.
        if self.document.node(second.node).is_none_or(|node| node.kind() != Kind::String) {
            return;
        }
        self.findings.add(Code::DuplicateName, Place::at(second.node), || {
            Explanation::new(format!("another {what} is called `{}`", clip(&second.text)))
                .help(format!("give this {what} a name of its own, or remove it"))
                .first(first.node)
        });
    }
}

fn invalid_name_help(text: &str, grammar: Grammar, what: &str) -> String {
    let rule = match grammar {
        Grammar::Plain | Grammar::Free => {
            "names are made of letters a–z, digits and `_`, and do not start with a digit"
        }
        Grammar::Module => {
            "module names are names with dots and dashes inside, such as `std.io` or `my-plugin`"
        }
        Grammar::Builtin => "builtin names are `namespace.function`, such as `io.println`",
    };
    if grammar == Grammar::Plain && what == FUNCTION && is_module(text) && text.contains('.') {
        return format!("{rule}; functions of other modules are called by `module_call` or `builtin`");
    }
    if what == VARIABLE && text.contains(['.', '[']) {
        return format!("{rule}; parts of a value are read by `field` and `index` expressions");
    }
    rule.to_owned()
}
