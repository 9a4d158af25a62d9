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
    /// Whether people watch: then every line is shown at once.
    by_line: bool,
}

impl PythonConsole {
    pub(crate) fn new(endpoints: Arc<Endpoints>) -> Self {
        let by_line = endpoints.line_buffered || (endpoints.write.is_none() && io::stdout().is_terminal());
        Self { endpoints, pending: String::new(), by_line }
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
        if self.pending.len() >= PIECE || (self.by_line && text.contains('\n')) {
            self.flush()?;
        }
        Ok(())
    }

    fn read_line(&mut self) -> io::Result<Option<String>> {
        self.flush()?;
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
        self.flush()?;
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
        Box::new(Self { endpoints: self.endpoints.clone(), pending: String::new(), by_line: self.by_line })
    }

    /// Hands over what was collected.
    fn flush(&mut self) -> io::Result<()> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let piece = std::mem::take(&mut self.pending);
        match &self.endpoints.write {
            None => {
                let mut output = io::stdout().lock();
                output.write_all(piece.as_bytes()).and_then(|()| output.flush())
            }
            Some(write) => {
                Python::attach(|py| write.call1(py, (piece,)).map(drop).map_err(|error| failed(py, error)))
            }
        }
    }
}
