//! Why something outside could not be reached.

use std::error::Error;
use std::{fmt, io};

/// What code does to the world outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// Reads files and folders.
    Read,
    /// Makes, changes and removes files and folders.
    Write,
    /// Runs a command.
    Run,
    /// Connects to hosts.
    Network,
}

impl Access {
    /// The word for it: `read`, `write`, `run` or `net`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Run => "run",
            Self::Network => "net",
        }
    }
}

/// An attempt at what was not granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denial {
    /// What was tried.
    pub access: Access,
    /// The absolute path; the command; of a connection the host or address, and the port.
    pub target: String,
    /// What is behind it, where the target alone does not say.
    pub reason: Option<Reason>,
}

/// Why something is denied although it may look granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// A link on the way leads out of what was granted.
    LeadsOut,
    /// What is moved may be read where it comes, so that it has to be granted to be read.
    Moves,
    /// The system shows processes there, which is granted only by its name.
    Processes,
    /// The address is of a network that is not public, which a name does not grant.
    Internal,
}

impl Reason {
    const fn as_str(self) -> &'static str {
        match self {
            Self::LeadsOut => "a link on the way leads to what is not granted",
            Self::Moves => "it might be read where it is moved to",
            Self::Processes => "it tells of processes, which is granted only by a path below /proc",
            Self::Internal => "it is no public address, which is granted only by itself",
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.access {
            Access::Read => "read",
            Access::Write => "write to",
            Access::Run => "run",
            Access::Network => "connect to",
        };
        write!(formatter, "{verb} {:?}", self.target)?;
        self.reason.map_or(Ok(()), |reason| write!(formatter, ": {}", reason.as_str()))
    }
}

impl Error for Denial {}

/// Why something was not done.
#[derive(Debug)]
pub enum Failure {
    /// It was not granted.
    Denied(Denial),
    /// What was asked for cannot exist, such as a path with a NUL.
    Impossible(String),
    /// The system refused, or there is something else than what was expected.
    System(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(denial) => write!(formatter, "it is not granted to {denial}"),
            Self::Impossible(message) => formatter.write_str(message),
            Self::System(error) => error.fmt(formatter),
        }
    }
}

impl Error for Failure {}
