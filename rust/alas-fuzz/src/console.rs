//! A console that tells outputs apart without keeping them, and gives a few lines to read.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use alas_engine::Console;

/// What a program has written: how much, and a number that tells outputs apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    length: usize,
    hash: u64,
}

/// How much of the output is told apart.
const HASHED: usize = 10_000;

/// The console. Clones share what is written.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    written: Arc<Mutex<Written>>,
    lines: usize,
}

impl Recorder {
    /// What was written so far.
    pub fn written(&self) -> Written {
        *self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Console for Recorder {
    fn write(&mut self, text: &str) -> io::Result<()> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        // Byte by byte: in which pieces it comes means nothing.
        for byte in text.bytes().take(HASHED.saturating_sub(written.length)) {
            let mut hasher = DefaultHasher::new();
            (written.hash, byte).hash(&mut hasher);
            written.hash = hasher.finish();
        }
        written.length += text.len();
        Ok(())
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        const LINES: [&str; 3] = ["12", "", "é [1, {\"a\": null}] 1e3"];
        self.lines += 1;
        Ok(LINES.get(self.lines - 1).map(|line| (*line).to_owned()))
    }

    fn fork(&self) -> Box<dyn Console + Send> {
        Box::new(self.clone())
    }
}
