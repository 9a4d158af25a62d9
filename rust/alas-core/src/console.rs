//! The console of a program: Python callables, or the process's own input and output.

use std::io::{self, BufRead, IsTerminal, Write};
use std::sync::Arc;
use std::time::Duration;

use alas_engine::Console;
use pyo3::exceptions::{PyException, PyMemoryError};
use pyo3::prelude::*;

/// Output is handed over in pieces of this size.
const PIECE: usize = 1 << 16;

/// Where output goes and input comes from.
#[derive(Debug, Default)]
pub(crate) struct Endpoints {
    /// Takes a piece of output; without it the process's output does.
    pub(crate) write: Option<Py<PyAny>>,
    /// Waits for so many seconds until `write` takes something at once, and gives how many bytes of it; without it `write` waits.
    pub(crate) await_room: Option<Py<PyAny>>,
    /// Gives a line of input; without it the process's input does.
    pub(crate) read_line: Option<Py<PyAny>>,
    /// Waits for so many seconds for a line of so many bytes; without it `read_line` waits.
    pub(crate) await_line: Option<Py<PyAny>>,
    /// Whether `write` gets every line at once.
    pub(crate) line_buffered: bool,
}

/// A console that collects output and hands it over piece by piece.
pub(crate) struct PythonConsole {
    endpoints: Arc<Endpoints>,
    pending: String,
    /// How much of that was handed over.
    handed_over: usize,
    /// Whether people watch: then every line is shown at once.
    by_line: bool,
}

impl PythonConsole {
    pub(crate) fn new(endpoints: Arc<Endpoints>) -> Self {
        let by_line = endpoints.line_buffered || (endpoints.write.is_none() && io::stdout().is_terminal());
        Self { endpoints, pending: String::new(), handed_over: 0, by_line }
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
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.pending.len() >= PIECE || (self.by_line && self.pending.contains('\n'))
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
        let outcome = self.hand_over(patience);
        if !matches!(outcome, Ok(false)) {
            self.pending = String::new();
            self.handed_over = 0;
        }
        outcome
    }
}

impl PythonConsole {
    fn hand_over(&mut self, patience: Duration) -> io::Result<bool> {
        let Endpoints { write, await_room, .. } = &*self.endpoints;
        let Some(write) = write else {
            let mut output = io::stdout().lock();
            output.write_all(self.pending.as_bytes()).and_then(|()| output.flush())?;
            return Ok(true);
        };
        let mut hand_over = |py: Python<'_>| {
            while self.handed_over < self.pending.len() {
                let rest = &self.pending[self.handed_over..];
                let room = match await_room {
                    Some(await_room) => await_room.call1(py, (patience.as_secs_f64(),))?.extract(py)?,
                    None => rest.len(),
                };
                let end = (1..=room.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end));
                let Some(end) = end else { return Ok(false) };
                let piece = &rest[..end];
                write.call1(py, (piece,))?;
                self.handed_over += piece.len();
            }
            Ok(true)
        };
        Python::attach(|py| hand_over(py).map_err(|error| failed(py, error)))
    }
}
