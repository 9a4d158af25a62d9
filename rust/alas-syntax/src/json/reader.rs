//! The reader: text → tape, in one loop without recursion.

use super::Limits;
use super::duplicates;
use super::explain::{self, Expected};
use super::tape::{self, Entry, Tag, Tape};
use super::{numbers, strings};
use crate::findings::{Explanation, Findings, Place};
use crate::{Code, LONGEST_NUMBER, NodeId};

/// How much text is read between two questions whether to go on.
const STRIDE: usize = 1 << 16;

/// Reads the text as far as it is JSON. When it is not, the findings have an error and the tape ends early; `None` when `go_on`
/// says no.
pub(super) fn read(
    text: &str,
    limits: Limits,
    findings: &mut Findings,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Option<Tape> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        position: 0,
        entries: Vec::with_capacity(text.len() / 8 + 1),
        open: Vec::with_capacity(16),
        key: None,
        suspects: Vec::new(),
        limits,
        findings,
        go_on,
        ask_at: STRIDE,
        stopped: false,
    };
    let outcome = reader.document();
    if reader.stopped {
        return None;
    }
    let complete = outcome.is_ok();
    if let Err(stop) = outcome {
        reader.report(*stop);
    }
    Some(reader.finish(complete))
}

/// An array or object that has not ended yet.
struct Open {
    /// Its entry.
    index: u32,
    /// The bits of its keys so far, see [`duplicates`].
    keys: u64,
    is_object: bool,
    /// Whether two keys share a bit.
    suspect: bool,
}

/// Why the reading ends early.
struct Stop {
    code: Code,
    offset: usize,
    message: String,
    help: Option<String>,
}

/// Boxed, so that the success of the reader's small steps costs a register and not a copy of a message.
type Step = Result<(), Box<Stop>>;

struct Reader<'t, 'f> {
    text: &'t str,
    bytes: &'t [u8],
    position: usize,
    entries: Vec<Entry>,
    open: Vec<Open>,
    /// The key whose value is being read; only looked at when the reading fails.
    key: Option<NodeId>,
    /// The objects that may name a key twice.
    suspects: Vec<NodeId>,
    limits: Limits,
    findings: &'f mut Findings,
    go_on: &'f mut dyn FnMut(usize) -> bool,
    /// The position at which it is asked again.
    ask_at: usize,
    /// Whether it said no.
    stopped: bool,
}

impl Reader<'_, '_> {
    /// One value with white space around it.
    fn document(&mut self) -> Step {
        if self.text.starts_with('\u{FEFF}') {
            return syntax_error(0, explain::byte_order_mark());
        }
        let mut expected = Expected::Value;
        loop {
            if self.position >= self.ask_at {
                self.ask()?;
            }
            self.skip_white_space();
            match self.peek() {
                Some(b'"') => self.string()?,
                Some(b'{') => {
                    self.open(Tag::Object)?;
                    self.skip_white_space();
                    if self.peek() == Some(b'}') {
                        self.close();
                    } else {
                        self.key(Expected::KeyOrEnd)?;
                        expected = Expected::Value;
                        continue;
                    }
                }
                Some(b'[') => {
                    self.open(Tag::Array)?;
                    self.skip_white_space();
                    if self.peek() == Some(b']') {
                        self.close();
                    } else {
                        expected = Expected::ElementOrEnd;
                        continue;
                    }
                }
                Some(b'-' | b'0'..=b'9') => self.number()?,
                Some(b't') if self.at_word(b"true") => self.word(Tag::True, 4),
                Some(b'f') if self.at_word(b"false") => self.word(Tag::False, 5),
                Some(b'n') if self.at_word(b"null") => self.word(Tag::Null, 4),
                _ => return self.unexpected(expected),
            }
            if self.value_end()? {
                return Ok(());
            }
            expected = Expected::Element;
            if self.key.is_some() {
                expected = Expected::Value;
            }
        }
    }

    /// Asks whether to go on.
    #[cold]
    fn ask(&mut self) -> Step {
        self.ask_at = self.position + STRIDE;
        self.stopped = !(self.go_on)(tape::size(self.text, self.entries.len()));
        if self.stopped { syntax_error(self.position, (String::new(), None)) } else { Ok(()) }
    }

    /// Closes what ends here and steps over the comma to the next value. True at the end of the document.
    fn value_end(&mut self) -> Result<bool, Box<Stop>> {
        loop {
            self.key = None;
            self.skip_white_space();
            let Some(innermost) = self.open.last() else {
                if self.position < self.bytes.len() {
                    return self.unexpected(Expected::EndOfText);
                }
                return Ok(true);
            };
            match (innermost.is_object, self.peek()) {
                (false, Some(b',')) => {
                    self.position += 1;
                    return Ok(false);
                }
                (true, Some(b',')) => {
                    self.position += 1;
                    self.skip_white_space();
                    self.key(Expected::Key)?;
                    return Ok(false);
                }
                (false, Some(b']')) | (true, Some(b'}')) => self.close(),
                (false, _) => return self.unexpected(Expected::CommaOrBracket),
                (true, _) => return self.unexpected(Expected::CommaOrBrace),
            }
        }
    }

    fn open(&mut self, tag: Tag) -> Step {
        if self.open.len() >= self.limits.depth {
            return Err(Box::new(Stop {
                code: Code::JsonTooDeep,
                offset: self.position,
                message: format!("arrays and objects nest more than {} deep", self.limits.depth),
                help: Some(
                    "split the value: a function for a deep expression, a named type for deep data"
                        .to_owned(),
                ),
            }));
        }
        let index = self.entries.len() as u32;
        self.entries.push(Entry::new(tag, self.position, 0));
        self.open.push(Open { index, keys: 0, is_object: tag == Tag::Object, suspect: false });
        self.key = None;
        self.position += 1;
        Ok(())
    }

    /// Ends the innermost array or object at its bracket.
    fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            let end = self.entries.len();
            self.entries[open.index as usize].close(end);
            if open.suspect {
                self.suspects.push(NodeId(open.index));
            }
        }
        self.position += 1;
    }

    /// A key and the colon behind it.
    fn key(&mut self, expected: Expected) -> Step {
        if self.peek() != Some(b'"') {
            return self.unexpected(expected);
        }
        let node = NodeId(self.entries.len() as u32);
        let start = self.position + 1;
        self.string()?;
        let bit = duplicates::bit(&self.bytes[start..self.position - 1]);
        let escaped = self.entries[node.0 as usize].tag() == Tag::EscapedString;
        if let Some(object) = self.open.last_mut() {
            // The bit of an escaped key is not that of its decoded text.
            object.suspect |= escaped || object.keys & bit != 0;
            object.keys |= bit;
        }
        self.key = Some(node);
        self.skip_white_space();
        if self.peek() != Some(b':') {
            return self.unexpected(Expected::Colon);
        }
        self.position += 1;
        Ok(())
    }

    fn string(&mut self) -> Step {
        let start = self.position;
        match strings::scan(self.bytes, start + 1) {
            Ok(scanned) => {
                let tag = if scanned.escaped { Tag::EscapedString } else { Tag::String };
                self.entries.push(Entry::new(tag, start, scanned.end - start - 1));
                self.position = scanned.end + 1;
                Ok(())
            }
            Err((error, offset)) => syntax_error(offset, explain::string(self.text, error, start, offset)),
        }
    }

    fn number(&mut self) -> Step {
        let start = self.position;
        let scanned = match numbers::scan(self.text, start) {
            Ok(scanned) => scanned,
            Err((error, offset)) => return syntax_error(offset, explain::number(self.text, error, offset)),
        };
        if scanned.end - start > LONGEST_NUMBER {
            return syntax_error(start, explain::long_number(scanned.end - start));
        }
        let node = NodeId(self.entries.len() as u32);
        let tag = if scanned.is_float { Tag::Float } else { Tag::Int };
        self.entries.push(Entry::new(tag, start, scanned.end - start));
        self.position = scanned.end;
        if !scanned.fits {
            let digits = &self.text[start..scanned.end];
            self.findings.add(Code::NumberOutOfRange, Place { node, offset: Some(start) }, || {
                explain::number_out_of_range(digits, scanned.is_float)
            });
        }
        Ok(())
    }

    /// Whether the word stands here, and does not go on.
    fn at_word(&self, word: &[u8]) -> bool {
        self.bytes[self.position..].strip_prefix(word).is_some_and(|rest| {
            !rest
                .first()
                .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || !byte.is_ascii())
        })
    }

    fn word(&mut self, tag: Tag, length: usize) {
        self.entries.push(Entry::new(tag, self.position, length));
        self.position += length;
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn skip_white_space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' => self.skip_spaces(),
                b'\n' | b'\r' | b'\t' => self.position += 1,
                _ => return,
            }
        }
    }

    /// Indentation is what a printed program has most of.
    fn skip_spaces(&mut self) {
        while self.bytes.get(self.position..).and_then(<[u8]>::first_chunk::<8>) == Some(b"        ") {
            self.position += 8;
        }
        while self.peek() == Some(b' ') {
            self.position += 1;
        }
    }

    fn unexpected<T>(&self, expected: Expected) -> Result<T, Box<Stop>> {
        let opened = self.open.last().map(|open| self.entries[open.index as usize].start());
        syntax_error(self.position, explain::unexpected(self.text, self.position, expected, opened))
    }

    fn report(&mut self, stop: Stop) {
        let place = Place { node: self.innermost(), offset: Some(stop.offset) };
        self.findings.add(stop.code, place, || {
            let explanation = Explanation::new(stop.message);
            if let Some(help) = stop.help { explanation.help(help) } else { explanation }
        });
    }

    /// The key whose value is missing, else the array or object that is not complete, else the root.
    fn innermost(&self) -> NodeId {
        self.key.or_else(|| self.open.last().map(|open| NodeId(open.index))).unwrap_or(NodeId::ROOT)
    }

    /// Gives every array and object an end, even if the text has none, so that places can be computed.
    fn finish(mut self, complete: bool) -> Tape {
        let innermost = self.innermost();
        let end = self.entries.len();
        for open in &self.open {
            self.entries[open.index as usize].close(end);
        }
        if self.entries.is_empty() {
            self.entries.push(Entry::new(Tag::Null, 0, 0));
        }
        Tape { entries: self.entries, suspects: self.suspects, innermost, complete }
    }
}

fn syntax_error<T>(offset: usize, (message, help): (String, Option<String>)) -> Result<T, Box<Stop>> {
    Err(Box::new(Stop { code: Code::JsonSyntax, offset, message, help }))
}
