//! Where a node stands: computed from the text when asked, so that nodes cost four bytes in the tree.

use std::fmt;
use std::sync::OnceLock;

use crate::json::{Document, Kind, Node};
use crate::lines::Lines;
use crate::{Code, Diagnostic};

/// Names a node of one module's JSON document: its index on the document's tape.
///
/// The key of an object's member has an id of its own. Its pointer is that of the member, its line and
/// column are those of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The document's root.
    pub const ROOT: Self = Self(0);
}

/// A place in a module, as people and tools read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// RFC 6901 pointer to the node.
    pub pointer: String,
    /// Line of the node's first character, counted from one.
    pub line: u32,
    /// Column of that character, counted from one, in characters.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.line, self.column)
    }
}

/// Turns the node ids of one document into places.
///
/// A line ends with a line feed; a carriage return before it belongs to the end of the line. Nothing is
/// computed before the first question. The line and column of a node then take constant time, its pointer
/// takes time in proportion to the siblings that stand before the node and before those around it.
#[derive(Debug)]
pub struct Locations {
    file: Option<String>,
    document: Document,
    lines: OnceLock<Lines>,
}

impl Locations {
    /// The places of a document that was read from this file, if from any.
    #[must_use]
    pub const fn new(file: Option<String>, document: Document) -> Self {
        Self { file, document, lines: OnceLock::new() }
    }

    /// The file, when the text came from one.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.file.as_deref()
    }

    /// The document whose nodes are located.
    #[must_use]
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// Where a node stands. The id of another document's node gives some place of this one.
    #[must_use]
    pub fn locate(&self, node: NodeId) -> Location {
        self.locate_offset(node, self.offset(node))
    }

    /// The offset in bytes of a node's first character.
    #[must_use]
    pub fn offset(&self, node: NodeId) -> usize {
        self.document.node(node).map_or(0, Node::offset)
    }

    /// A finding about a node.
    #[must_use]
    pub fn diagnostic(
        &self,
        code: Code,
        node: NodeId,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Diagnostic {
        Diagnostic {
            code,
            message: message.into(),
            file: self.file.clone(),
            location: self.locate(node),
            help,
        }
    }

    /// The line and column, both from one, of the character at an offset in bytes.
    #[must_use]
    pub fn line_and_column(&self, offset: usize) -> (u32, u32) {
        let text = self.document.text();
        self.lines.get_or_init(|| Lines::new(text)).locate(text, offset)
    }

    /// The pointer of a node with the line and column of an offset, for what stands inside or behind the
    /// node.
    pub(crate) fn locate_offset(&self, node: NodeId, offset: usize) -> Location {
        let (line, column) = self.line_and_column(offset);
        Location { pointer: self.pointer(node), line, column }
    }

    /// Descends from the root: each level is one step of the pointer.
    fn pointer(&self, target: NodeId) -> String {
        let mut pointer = String::new();
        let mut node = self.document.root();
        while node.id() != target {
            let step = match node.kind() {
                Kind::Object => member_with(node, target, &mut pointer),
                Kind::Array => element_with(node, target, &mut pointer),
                _ => None,
            };
            match step {
                Some(inner) => node = inner,
                None => break,
            }
        }
        pointer
    }
}

/// Adds the step to the member that the target is, or is in, and returns its value unless the target is its
/// key.
fn member_with<'d>(object: Node<'d>, target: NodeId, pointer: &mut String) -> Option<Node<'d>> {
    let mut last_key = None;
    for member in object.members() {
        if member.key.id() == target || member.value.holds(target) {
            push_key(pointer, member.key);
            return member.value.holds(target).then_some(member.value);
        }
        last_key = Some(member);
    }
    // A key without a value ends a document that was cut short.
    let dangling = last_key.map_or(NodeId(object.id().0 + 1), |member| member.value.id_behind());
    if dangling == target
        && let Some(key) = object.sibling(dangling)
    {
        push_key(pointer, key);
    }
    None
}

fn push_key(pointer: &mut String, key: Node<'_>) {
    pointer.push('/');
    for character in key.as_str().unwrap_or_default().chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}

/// Adds the step to the element that the target is, or is in.
fn element_with<'d>(array: Node<'d>, target: NodeId, pointer: &mut String) -> Option<Node<'d>> {
    let (index, element) = array.elements().enumerate().find(|(_, element)| element.holds(target))?;
    pointer.push('/');
    pointer.push_str(&index.to_string());
    Some(element)
}
