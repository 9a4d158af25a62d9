//! Reading a document: nodes, and what stands in them.

use std::borrow::Cow;

use super::strings;
use super::tape::{Content, Tag};
use crate::{NodeId, parse_float};

/// The kinds of JSON values, numbers told apart as the language does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool,
    /// A number without fraction and exponent; it fits 64 bits.
    Int,
    /// Any other number; it is finite.
    Float,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl Kind {
    /// The kind with its article, for messages: `an object`.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "a boolean",
            Self::Int | Self::Float => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        }
    }
}

/// A node of a document: a value, or the key of an object's member.
#[derive(Clone, Copy)]
pub struct Node<'d> {
    content: &'d Content,
    index: u32,
}

impl<'d> Node<'d> {
    pub(super) const fn new(content: &'d Content, index: u32) -> Self {
        Self { content, index }
    }

    /// The node's name, by which [`Locations`](crate::Locations) finds its place.
    #[must_use]
    pub const fn id(self) -> NodeId {
        NodeId(self.index)
    }

    /// What kind of value it is; a key is a string.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self.tag() {
            Tag::Null => Kind::Null,
            Tag::False | Tag::True => Kind::Bool,
            Tag::Int => Kind::Int,
            Tag::Float => Kind::Float,
            Tag::String | Tag::EscapedString => Kind::String,
            Tag::Array => Kind::Array,
            Tag::Object => Kind::Object,
        }
    }

    /// The offset in bytes of the node's first character.
    #[must_use]
    pub fn offset(self) -> usize {
        self.content.entry(self.index).start()
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(self) -> Option<bool> {
        match self.tag() {
            Tag::True => Some(true),
            Tag::False => Some(false),
            _ => None,
        }
    }

    /// The value of a number without fraction and exponent. `-0` is 0.
    #[must_use]
    pub fn as_int(self) -> Option<i64> {
        // The reader has checked that the number fits.
        (self.tag() == Tag::Int).then(|| self.digits().parse().unwrap_or_default())
    }

    /// The value of a number with fraction or exponent, rounded to the nearest double.
    #[must_use]
    pub fn as_float(self) -> Option<f64> {
        (self.tag() == Tag::Float).then(|| parse_float(self.digits()).unwrap_or_default())
    }

    /// The value of a string, borrowed from the text unless it has escapes.
    #[must_use]
    pub fn as_str(self) -> Option<Cow<'d, str>> {
        match self.tag() {
            Tag::String => Some(Cow::Borrowed(self.between_quotes())),
            Tag::EscapedString => Some(Cow::Owned(strings::decode(self.between_quotes()))),
            _ => None,
        }
    }

    /// The elements of an array in order; nothing for other kinds.
    #[must_use]
    pub fn elements(self) -> Elements<'d> {
        let (next, end) = self.inside(Tag::Array);
        Elements { content: self.content, next, end }
    }

    /// The members of an object in order; nothing for other kinds.
    #[must_use]
    pub fn members(self) -> Members<'d> {
        let (next, end) = self.inside(Tag::Object);
        Members { content: self.content, next, end }
    }

    /// A value as it is written, unless it is an array or object.
    pub(crate) fn source_text(self) -> Option<&'d str> {
        match self.tag() {
            Tag::Null | Tag::False | Tag::True | Tag::Int | Tag::Float => Some(self.digits()),
            Tag::String | Tag::EscapedString => {
                let entry = self.content.entry(self.index);
                Some(&self.content.text[entry.start()..entry.start() + entry.extent() as usize + 2])
            }
            Tag::Array | Tag::Object => None,
        }
    }

    /// Whether a node, given by its id, is this one or stands inside it.
    pub(crate) fn holds(self, id: NodeId) -> bool {
        self.index <= id.0 && id.0 < self.content.behind(self.index)
    }

    /// The id that follows this node and all that stands inside it.
    pub(crate) fn id_behind(self) -> NodeId {
        NodeId(self.content.behind(self.index))
    }

    /// Another node of the same document.
    pub(crate) fn sibling(self, id: NodeId) -> Option<Self> {
        ((id.0 as usize) < self.content.entries.len()).then(|| Self::new(self.content, id.0))
    }

    fn tag(self) -> Tag {
        self.content.entry(self.index).tag()
    }

    /// The range of entries inside a container with this tag; empty when the node is something else.
    fn inside(self, tag: Tag) -> (u32, u32) {
        let first = self.index + 1;
        if self.tag() == tag { (first, self.content.entry(self.index).extent()) } else { (first, first) }
    }

    fn digits(self) -> &'d str {
        let entry = self.content.entry(self.index);
        &self.content.text[entry.start()..entry.start() + entry.extent() as usize]
    }

    fn between_quotes(self) -> &'d str {
        let entry = self.content.entry(self.index);
        let start = entry.start() + 1;
        &self.content.text[start..start + entry.extent() as usize]
    }
}

/// The elements of an array.
#[derive(Clone)]
pub struct Elements<'d> {
    content: &'d Content,
    next: u32,
    end: u32,
}

impl<'d> Iterator for Elements<'d> {
    type Item = Node<'d>;

    fn next(&mut self) -> Option<Node<'d>> {
        if self.next >= self.end {
            return None;
        }
        let node = Node::new(self.content, self.next);
        self.next = self.content.behind(self.next);
        Some(node)
    }
}

/// A member of an object.
#[derive(Clone, Copy)]
pub struct Member<'d> {
    /// The key: a string node, with a place of its own.
    pub key: Node<'d>,
    /// The value.
    pub value: Node<'d>,
}

/// The members of an object.
#[derive(Clone)]
pub struct Members<'d> {
    content: &'d Content,
    next: u32,
    end: u32,
}

impl<'d> Iterator for Members<'d> {
    type Item = Member<'d>;

    fn next(&mut self) -> Option<Member<'d>> {
        // A document that was cut short by a mistake can end with a key.
        if self.next + 1 >= self.end {
            return None;
        }
        let key = Node::new(self.content, self.next);
        let value = Node::new(self.content, self.next + 1);
        self.next = self.content.behind(self.next + 1);
        Some(Member { key, value })
    }
}
