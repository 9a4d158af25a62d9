//! Lines and columns of offsets, in constant time each.

/// How far apart the notes stand.
const STRIDE: usize = 4096;

/// The line and column at every 4096th byte, so that finding a place never means reading a long line, or
/// the whole text, again.
#[derive(Debug)]
pub(crate) struct Lines {
    notes: Vec<(u32, u32)>,
}

impl Lines {
    /// Reads the text once.
    pub(crate) fn new(text: &str) -> Self {
        let mut place = (1, 1);
        let mut notes = Vec::with_capacity(text.len() / STRIDE + 1);
        for chunk in text.as_bytes().chunks(STRIDE) {
            notes.push(place);
            place = advance(place, chunk);
        }
        Self { notes }
    }

    /// Line and column, both from one, of the character at the offset.
    pub(crate) fn locate(&self, text: &str, offset: usize) -> (u32, u32) {
        let offset = offset.min(text.len());
        // An offset at the very end may stand behind the last note's chunk.
        let chunk = (offset / STRIDE).min(self.notes.len().saturating_sub(1));
        let place = self.notes.get(chunk).copied().unwrap_or((1, 1));
        advance(place, &text.as_bytes()[chunk * STRIDE..offset])
    }
}

/// The place behind the bytes, which may end in the middle of a character: each character is counted by its
/// first byte.
fn advance((line, column): (u32, u32), bytes: &[u8]) -> (u32, u32) {
    match bytes.iter().rposition(|byte| *byte == b'\n') {
        Some(end) => (line + count(bytes, |byte| byte == b'\n'), 1 + characters(&bytes[end + 1..])),
        None => (line, column + characters(bytes)),
    }
}

fn characters(bytes: &[u8]) -> u32 {
    count(bytes, |byte| byte & 0xC0 != 0x80)
}

/// How many bytes are of a kind, many at a time.
fn count(bytes: &[u8], counts: impl Fn(u8) -> bool) -> u32 {
    bytes.iter().map(|byte| u32::from(counts(*byte))).sum()
}
