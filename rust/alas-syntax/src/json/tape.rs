//! The tape: every node of a document in the order of the text, eight bytes each.

use std::fmt;
use std::sync::Arc;

use super::node::Node;
use crate::{NodeId, pieces};

/// What stands at a node, as the tape tells it apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Tag {
    Null,
    False,
    True,
    Int,
    Float,
    /// A string whose bytes in the text are its value.
    String,
    /// A string with at least one escape.
    EscapedString,
    Array,
    Object,
}

impl Tag {
    /// By number, so that a tag is found again from its bits.
    const ALL: [Self; 9] = [
        Self::Null,
        Self::False,
        Self::True,
        Self::Int,
        Self::Float,
        Self::String,
        Self::EscapedString,
        Self::Array,
        Self::Object,
    ];

    /// Whether nodes stand inside.
    pub(super) const fn is_container(self) -> bool {
        matches!(self, Self::Array | Self::Object)
    }
}

/// One node. An object's members follow it as key, value, key, value.
#[derive(Clone, Copy)]
pub(super) struct Entry {
    /// The offset of the node's first byte in the low 27 bits, the tag above: texts have at most 2^26 bytes.
    start_and_tag: u32,
    /// For an array or object the index of the entry behind its last one; for a string the bytes between
    /// its quotes; for all others the bytes of the node.
    extent: u32,
}

const OFFSET_BITS: u32 = 27;
const OFFSET_MASK: u32 = (1 << OFFSET_BITS) - 1;

impl Entry {
    pub(super) const fn new(tag: Tag, start: usize, extent: usize) -> Self {
        Self { start_and_tag: (start as u32) | ((tag as u32) << OFFSET_BITS), extent: extent as u32 }
    }

    pub(super) const fn tag(self) -> Tag {
        Tag::ALL[(self.start_and_tag >> OFFSET_BITS) as usize]
    }

    pub(super) const fn start(self) -> usize {
        (self.start_and_tag & OFFSET_MASK) as usize
    }

    pub(super) const fn extent(self) -> u32 {
        self.extent
    }

    /// Sets where an array or object ends.
    pub(super) const fn close(&mut self, end: usize) {
        self.extent = end as u32;
    }
}

/// What the reader hands over: the entries, and how far it came.
pub(super) struct Tape {
    /// At least one entry when the reading succeeded.
    pub(super) entries: Vec<Entry>,
    /// The objects that may name a key twice.
    pub(super) suspects: Vec<NodeId>,
    /// The innermost array, object or key that was being read when the reading ended.
    pub(super) innermost: NodeId,
    /// Whether the whole text was read.
    pub(super) complete: bool,
}

/// The bytes that a document takes, of this text and with so many nodes.
pub(super) const fn size(text: &str, nodes: usize) -> usize {
    text.len() + nodes * size_of::<Entry>()
}

/// The bytes of text that are copied in one go.
const PIECE: usize = 1 << 20;

/// A JSON document: its text and the tape of its nodes. Cloning shares both.
#[derive(Clone)]
pub struct Document {
    pub(super) content: Arc<Content>,
}

/// What the clones of a document share.
pub(super) struct Content {
    pub(super) text: Box<str>,
    pub(super) entries: Vec<Entry>,
}

impl Content {
    pub(super) fn entry(&self, index: u32) -> Entry {
        self.entries[index as usize]
    }

    /// The index of the entry behind a node and all that stands inside it.
    pub(super) fn behind(&self, index: u32) -> u32 {
        let entry = self.entry(index);
        if entry.tag().is_container() { entry.extent() } else { index + 1 }
    }
}

impl Document {
    pub(super) fn new(text: &str, entries: Vec<Entry>) -> Self {
        Self::of(text.into(), entries)
    }

    fn of(text: Box<str>, entries: Vec<Entry>) -> Self {
        Self { content: Arc::new(Content { text, entries }) }
    }

    /// The same, and asks between pieces of a long text whether to go on; `None` when it is told not to.
    pub(super) fn new_while(
        text: &str,
        entries: Vec<Entry>,
        go_on: &mut dyn FnMut(usize) -> bool,
    ) -> Option<Self> {
        let size = size(text, entries.len());
        let mut copy = String::with_capacity(text.len());
        for piece in pieces(text, PIECE) {
            copy.push_str(piece);
            if !go_on(size) {
                return None;
            }
        }
        Some(Self::of(copy.into(), entries))
    }

    /// The outermost value.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node::new(&self.content, 0)
    }

    /// The node with this id; `None` when the id belongs to another document and is too large for this one.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        ((id.0 as usize) < self.content.entries.len()).then(|| Node::new(&self.content, id.0))
    }

    /// The text that was read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.content.text
    }

    /// About the bytes of memory that it takes.
    #[must_use]
    pub fn size(&self) -> usize {
        size(&self.content.text, self.content.entries.len())
    }

    /// How many nodes there are, keys included.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.content.entries.len()
    }
}

impl fmt::Debug for Document {
    /// Sizes only: a document can be megabytes long.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Document")
            .field("bytes", &self.content.text.len())
            .field("nodes", &self.content.entries.len())
            .finish()
    }
}
