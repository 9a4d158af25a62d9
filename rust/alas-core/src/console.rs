//! The console of a program: Python callables, or the process's own input and output.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use alas_engine::Console;
use alas_engine::pieces;
use pyo3::exceptions::{PyException, PyMemoryError};
use pyo3::prelude::*;

use crate::output::OutputTurn;

/// Output is handed over in pieces of this size.
const PIECE: usize = 1 << 16;

/// Where output goes and input comes from.
#[derive(Debug, Default)]
pub(crate) struct Endpoints {
    /// Takes a piece of output; without it the process's output does.
    pub(crate) write: Option<Py<PyAny>>,
    /// Takes as much of a piece as it can within so many seconds, and gives how many characters; without it `write` takes all.
    pub(crate) write_within: Option<Py<PyAny>>,
    /// Gives a line of input; without it the process's input does.
    pub(crate) read_line: Option<Py<PyAny>>,
    /// Waits for so many seconds for a line of so many bytes; without it `read_line` waits.
    pub(crate) await_line: Option<Py<PyAny>>,
    /// Whether `write` gets every line at once.
    pub(crate) line_buffered: bool,
    /// Whose turn it is to write.
    pub(crate) turn: OutputTurn,
}

/// A console that collects output and hands it over piece by piece.
pub(crate) struct PythonConsole {
    endpoints: Arc<Endpoints>,
    pending: String,
    /// How much of that was handed over.
    handed_over: usize,
    /// Whether there is the end of a line.
    has_line: bool,
    /// Whether it has the turn at the output.
    has_turn: bool,
    /// Whether people watch: then every line is shown at once.
    by_line: bool,
}

impl PythonConsole {
    pub(crate) fn new(endpoints: Arc<Endpoints>) -> Self {
        let by_line = endpoints.line_buffered || (endpoints.write.is_none() && io::stdout().is_terminal());
        Self { endpoints, pending: String::new(), handed_over: 0, has_line: false, has_turn: false, by_line }
    }
}

/// What a callable raised, as a failure of the console. What is no error of the callable's stops the program.
fn failed(py: Python<'_>, error: PyErr) -> io::Error {
    if error.is_instance_of::<PyException>(py) {
        io::Error::other(error)
    } else {
        io::Error::new(io::ErrorKind::Interrupted, error)
    }
}

impl Console for PythonConsole {
    fn write(&mut self, text: &str) -> io::Result<()> {
        self.pending.push_str(text);
        self.has_line |= self.by_line && text.contains('\n');
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.pending.len() >= PIECE || self.has_line
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        match &self.endpoints.read_line {
            None => {
                let mut line = String::new();
                let count = io::stdin().lock().read_line(&mut line)?;
                if line.ends_with('\n') {
                    line.pop();
                    if line.ends_with('\r') {
                        line.pop();
                    }
                }
                Ok((count > 0).then_some(line))
            }
            Some(read_line) => Python::attach(|py| {
                let line = read_line.call0(py).and_then(|line| line.extract(py));
                line.map_err(|error| failed(py, error))
            }),
        }
    }

    fn await_line(&mut self, patience: Duration, most: usize) -> io::Result<bool> {
        let Some(await_line) = &self.endpoints.await_line else { return Ok(true) };
        Python::attach(|py| {
            let is_there = await_line.call1(py, (patience.as_secs_f64(), most));
            is_there.and_then(|is_there| is_there.extract(py)).map_err(|error| {
                if error.is_instance_of::<PyMemoryError>(py) {
                    io::Error::new(io::ErrorKind::OutOfMemory, error)
                } else {
                    failed(py, error)
                }
            })
        })
    }

    fn fork(&self) -> Box<dyn Console + Send> {
        Box::new(Self::new(self.endpoints.clone()))
    }

    /// Hands over what was collected. What cannot be written is lost.
    fn flush(&mut self, patience: Duration) -> io::Result<bool> {
        if self.pending.is_empty() {
            return Ok(true);
        }
        let until = Instant::now() + patience;
        if !self.has_turn {
            let Some(is_taken) = self.endpoints.turn.take(until) else { return Ok(false) };
            self.has_turn = is_taken;
        }
        let outcome = self.hand_over(until);
        if !matches!(outcome, Ok(false)) {
            self.discard();
        }
        outcome
    }

    fn discard(&mut self) {
        self.pending = String::new();
        self.handed_over = 0;
        self.has_line = false;
        if std::mem::take(&mut self.has_turn) {
            self.endpoints.turn.give_back();
        }
    }
}

impl Drop for PythonConsole {
    fn drop(&mut self) {
        self.discard();
    }
}

impl PythonConsole {
    /// Hands over as much as is taken until a moment; tells whether that is all.
    fn hand_over(&mut self, until: Instant) -> io::Result<bool> {
        let Endpoints { write, write_within, .. } = &*self.endpoints;
        let Some(write) = write else {
            let mut output = io::stdout().lock();
            output.write_all(self.pending.as_bytes()).and_then(|()| output.flush())?;
            return Ok(true);
        };
        let Some(write_within) = write_within else {
            let written = Python::attach(|py| {
                write.call1(py, (&self.pending,)).map(drop).map_err(|error| failed(py, error))
            });
            return written.map(|()| true);
        };
        let mut hand_over = |py: Python<'_>| {
            while let Some(piece) = pieces(&self.pending[self.handed_over..], PIECE).next() {
                let left = until.saturating_duration_since(Instant::now());
                let count: usize = write_within.call1(py, (piece, left.as_secs_f64()))?.extract(py)?;
                if count == 0 {
                    return Ok(false);
                }
                let rest = piece.char_indices().nth(count);
                self.handed_over += rest.map_or(piece.len(), |(offset, _)| offset);
            }
            Ok(true)
        };
        Python::attach(|py| hand_over(py).map_err(|error| failed(py, error)))
    }
}
